//! `pregon-tray write`: a message to the technicians. It goes into the outbox; the agent takes it from there.

use std::io::Read as _;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use shared::MessageId;

use crate::cli;
use crate::command::{complain, not_enrolled_words, say};
use crate::compose;
use crate::folder::Folder;
use crate::identity::{Identity, IdentityError};
use crate::language::Language;
use crate::outbox::Text;
use crate::outbox::disk::Drawer;
use crate::platform;
use crate::status::Status;

/// A connected agent has a message confirmed within this time, or it is said to be queued.
const CONFIRMED: Duration = Duration::from_secs(5);
const LOOK: Duration = Duration::from_millis(50);
/// More than any message has; what is beyond is not read.
const INPUT_BYTES: u64 = 64 * 1024;

/// Exit code 0 once the message is kept, whether it was sent yet or not.
pub fn run(folder: &Folder, arguments: cli::Write) -> ExitCode {
    let language = Language::of_system();
    match Identity::load(folder) {
        Ok(_) => {}
        Err(IdentityError::Missing) => {
            complain(&not_enrolled_words(folder, language));
            return ExitCode::from(1);
        }
        Err(broken) => {
            complain(&broken.to_string());
            return ExitCode::from(1);
        }
    }
    let written = match source(&arguments) {
        Source::Window => return compose::run(folder, language),
        Source::Nothing => Err(nothing_words(language).to_owned()),
        Source::Argument => Ok(arguments.text.join(" ")),
        Source::Input => read_input(language),
    };
    match written.and_then(|written| Text::parse(&written).map_err(|err| err.in_words(language))) {
        Ok(text) => put(folder, &text, arguments.json, language),
        Err(reason) => {
            complain(&reason);
            ExitCode::from(2)
        }
    }
}

/// Where the message comes from.
enum Source {
    Argument,
    Input,
    Window,
    Nothing,
}

fn source(arguments: &cli::Write) -> Source {
    match arguments.text.as_slice() {
        _ if arguments.window => Source::Window,
        [dash] if dash == "-" => Source::Input,
        [] if platform::stdin_is_fed() => Source::Input,
        [] if platform::has_desktop() => Source::Window,
        [] => Source::Nothing,
        _ => Source::Argument,
    }
}

fn read_input(language: Language) -> Result<String, String> {
    let mut bytes = Vec::new();
    let read = std::io::stdin().lock().take(INPUT_BYTES).read_to_end(&mut bytes);
    read.map_err(|err| format!("{}: {err}", language.pick("no se puede leer la entrada", "standard input cannot be read")))?;
    String::from_utf8(bytes).map_err(|_| language.pick("la entrada no es texto UTF-8", "standard input is no UTF-8 text").to_owned())
}

fn put(folder: &Folder, text: &Text, is_json: bool, language: Language) -> ExitCode {
    let drawer = Drawer::of(folder);
    let id = match drawer.put(text, platform::now().wall) {
        Ok(id) => id,
        Err(err) => {
            complain(&err.in_words(language));
            return ExitCode::from(1);
        }
    };
    let outcome = follow(folder, &drawer, id);
    let words = outcome.in_words(folder, language);
    if is_json {
        let state = if matches!(outcome, Outcome::Sent) { "sent" } else { "queued" };
        say(&serde_json::json!({"id": id.to_string(), "state": state, "detail": words}).to_string());
    } else {
        say(&words);
    }
    ExitCode::SUCCESS
}

/// How far the message came while somebody waited.
enum Outcome {
    Sent,
    /// The agent runs, and says why it was not sent.
    Waits(String),
    NoAgent,
}

/// Waits for the hub's confirmation, if an agent is connected.
fn follow(folder: &Folder, drawer: &Drawer, id: MessageId) -> Outcome {
    let until = Instant::now() + CONFIRMED;
    loop {
        if !drawer.holds(id) {
            return Outcome::Sent;
        }
        let running = if folder.is_held() { Status::read(folder) } else { None };
        match running {
            None => return Outcome::NoAgent,
            Some(status) if !status.connected || Instant::now() >= until => return Outcome::Waits(status.detail),
            Some(_) => std::thread::sleep(LOOK),
        }
    }
}

impl Outcome {
    fn in_words(&self, folder: &Folder, language: Language) -> String {
        let queued = language.pick("en cola, se enviará cuando haya conexión", "queued, will be sent when connected");
        let path = folder.path().display();
        match (self, language) {
            (Self::Sent, _) => language.pick("enviado", "sent").to_owned(),
            (Self::Waits(detail), _) => format!("{queued} ({detail})"),
            (Self::NoAgent, Language::Spanish) => {
                format!("{queued} (no hay ningún agente en marcha; arránquelo con: pregon-tray --data {path})")
            }
            (Self::NoAgent, Language::English) => format!("{queued} (no agent runs; start it with: pregon-tray --data {path})"),
        }
    }
}

fn nothing_words(language: Language) -> &'static str {
    language.pick(
        "no hay nada que enviar: escriba el texto detrás de «write», o páselo por la entrada",
        "nothing to send: give the text after `write`, or on standard input",
    )
}
