//! The outbox on disk: `outbox/ID.json`, a file a message, written whole and synced before anybody is told that it waits.
//!
//! The agent, its window to write in and `pregon-tray write` share it without talking to each other: whoever writes
//! holds `outbox/lock` for a moment, and only the agent removes what the hub has confirmed.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Read as _};

use serde::{Deserialize, Serialize};
use shared::{MessageId, Timestamp};

use super::Text;
use crate::folder::Folder;
use crate::language::Language;
use crate::platform;

/// Most messages that may wait; with the size of each, the folder stays under 2 MB.
pub const MESSAGES: usize = 200;
/// A larger file is none of ours.
const FILE_BYTES: u64 = 16 * 1024;
const LOCK: &str = "lock";
const FRESH: &str = ".new";

/// The folder with the messages.
#[derive(Debug, Clone)]
pub struct Drawer {
    folder: Folder,
}

/// Why a message was not kept.
#[derive(Debug, thiserror::Error)]
pub enum PutError {
    #[error("{MESSAGES} messages wait already")]
    Full,
    #[error("{0}")]
    Io(#[from] io::Error),
}

#[derive(Serialize, Deserialize)]
struct Letter {
    text: String,
}

impl Drawer {
    pub fn of(folder: &Folder) -> Self {
        Self { folder: folder.inside("outbox") }
    }

    /// Keeps a message; when this returns well it survives a power cut.
    pub fn put(&self, text: &Text, now: Timestamp) -> Result<MessageId, PutError> {
        if !self.folder.path().exists() {
            self.folder.create()?;
            platform::sync_dir(self.folder.path().parent().unwrap_or(self.folder.path()))?;
        }
        let _lock = self.lock()?;
        self.sweep();
        let waiting = self.waiting()?;
        if waiting.len() >= MESSAGES {
            return Err(PutError::Full);
        }
        let mut random = [0; 16];
        getrandom::fill(&mut random).map_err(|err| io::Error::other(err.to_string()))?;
        let id = MessageId::following(waiting.last().copied(), now, u128::from_ne_bytes(random));
        let letter = Letter { text: text.as_str().to_owned() };
        self.folder.replace(&file_name(id), &serde_json::to_vec(&letter).map_err(io::Error::from)?)?;
        Ok(id)
    }

    /// The messages that wait.
    pub fn waiting(&self) -> io::Result<BTreeSet<MessageId>> {
        let entries = match std::fs::read_dir(self.folder.path()) {
            Ok(entries) => entries,
            Err(err) if err.kind() == io::ErrorKind::NotFound => return Ok(BTreeSet::new()),
            Err(err) => return Err(err),
        };
        let names = entries.map_while(Result::ok).filter_map(|entry| entry.file_name().into_string().ok());
        Ok(names.filter_map(|name| MessageId::parse(name.strip_suffix(".json")?).ok()).collect())
    }

    pub fn holds(&self, id: MessageId) -> bool {
        self.folder.file(&file_name(id)).exists()
    }

    /// The text of a message, as the hub takes it.
    pub fn read(&self, id: MessageId) -> io::Result<Text> {
        let mut bytes = Vec::new();
        File::open(self.folder.file(&file_name(id)))?.take(FILE_BYTES).read_to_end(&mut bytes)?;
        let letter: Letter = serde_json::from_slice(&bytes)?;
        Text::parse(&letter.text).map_err(|err| io::Error::other(err.in_words(Language::English)))
    }

    /// Forgets a message. One that a power cut brings back is only said once more.
    pub fn remove(&self, id: MessageId) -> io::Result<()> {
        std::fs::remove_file(self.folder.file(&file_name(id)))
    }

    /// Forgets all: they were for another hub, or from another branch.
    pub fn clear(&self) -> io::Result<()> {
        match std::fs::remove_dir_all(self.folder.path()) {
            Err(err) if err.kind() != io::ErrorKind::NotFound => Err(err),
            _ => Ok(()),
        }
    }

    /// Nobody holds it for longer than a write takes.
    fn lock(&self) -> io::Result<File> {
        let file = platform::private_file().create(true).truncate(false).write(true).open(self.folder.file(LOCK))?;
        file.lock()?;
        Ok(file)
    }

    /// Half-written files of a crash; the lock is held, so nobody writes one now.
    fn sweep(&self) {
        let entries = std::fs::read_dir(self.folder.path()).into_iter().flatten().map_while(Result::ok);
        for entry in entries.filter(|entry| entry.file_name().to_string_lossy().ends_with(FRESH)) {
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

impl PutError {
    pub fn in_words(&self, language: Language) -> String {
        match (self, language) {
            (Self::Full, Language::Spanish) => format!("ya esperan {MESSAGES} mensajes: espere a que haya conexión"),
            (Self::Full, Language::English) => format!("{MESSAGES} messages wait already: wait for the connection"),
            (Self::Io(err), Language::Spanish) => format!("el mensaje no se puede guardar: {err}"),
            (Self::Io(err), Language::English) => format!("the message cannot be kept: {err}"),
        }
    }
}

fn file_name(id: MessageId) -> String {
    format!("{id}.json")
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        Timestamp::from_millis(1_790_000_000_000)
    }

    fn drawer() -> (tempfile::TempDir, Drawer) {
        let temporary = tempfile::tempdir().unwrap();
        let folder = Folder::choose(Some(temporary.path().into())).unwrap();
        (temporary, Drawer::of(&folder))
    }

    fn text(written: &str) -> Text {
        Text::parse(written).unwrap()
    }

    #[test]
    fn messages_are_read_back_in_their_order_until_they_are_removed() {
        let (_temporary, drawer) = drawer();
        assert_eq!(drawer.waiting().unwrap().len(), 0, "no folder yet");
        let ids: Vec<_> = ["uno", "dos", "tres"].iter().map(|written| drawer.put(&text(written), now()).unwrap()).collect();
        assert_eq!(drawer.waiting().unwrap().into_iter().collect::<Vec<_>>(), ids);
        assert_eq!(ids.iter().map(|id| drawer.read(*id).unwrap().as_str().to_owned()).collect::<Vec<_>>(), ["uno", "dos", "tres"]);
        drawer.remove(ids[0]).unwrap();
        assert!(!drawer.holds(ids[0]) && drawer.holds(ids[1]));
        drawer.clear().unwrap();
        drawer.clear().unwrap();
        assert_eq!(drawer.waiting().unwrap().len(), 0);
    }

    #[test]
    fn only_the_owner_can_read_them() {
        use std::os::unix::fs::PermissionsExt as _;
        let (_temporary, drawer) = drawer();
        let id = drawer.put(&text("x"), now()).unwrap();
        let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(drawer.folder.path()), mode(&drawer.folder.file(&file_name(id)))), (0o700, 0o600));
    }

    #[test]
    fn a_full_outbox_takes_no_more_and_says_so() {
        let (_temporary, drawer) = drawer();
        drawer.put(&text("first"), now()).unwrap();
        for number in 1..MESSAGES {
            let id = MessageId::from_parts(now(), u128::try_from(number).unwrap());
            std::fs::write(drawer.folder.file(&file_name(id)), "{}").unwrap();
        }
        assert!(matches!(drawer.put(&text("one more"), now()), Err(PutError::Full)));
    }

    #[test]
    fn what_is_no_message_is_left_out_or_refused() {
        let (_temporary, drawer) = drawer();
        let id = drawer.put(&text("x"), now()).unwrap();
        for name in ["notes.txt", "x.json", "01M7Y04S25G50A36SWNMY7QTA2.json.new"] {
            std::fs::write(drawer.folder.file(name), "{").unwrap();
        }
        assert_eq!(drawer.waiting().unwrap(), [id].into());
        for content in ["", "{\"text\":", "{\"text\":\" \"}", &format!("{{\"text\":\"{}\"}}", "x".repeat(20_000))] {
            std::fs::write(drawer.folder.file(&file_name(id)), content).unwrap();
            assert!(drawer.read(id).is_err(), "{content:.40}");
        }
        drawer.put(&text("y"), now()).unwrap();
        assert!(!drawer.folder.file("01M7Y04S25G50A36SWNMY7QTA2.json.new").exists(), "a left-over of a crash");
    }

    #[test]
    fn many_writers_at_once_lose_nothing() {
        let (_temporary, drawer) = drawer();
        std::thread::scope(|scope| {
            for writer in 0..4 {
                let drawer = drawer.clone();
                scope.spawn(move || (0..10).for_each(|number| _ = drawer.put(&text(&format!("{writer}/{number}")), now()).unwrap()));
            }
        });
        assert_eq!(drawer.waiting().unwrap().len(), 40);
    }
}
