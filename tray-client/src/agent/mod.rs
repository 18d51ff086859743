//! The running agent: one loop that hears link, screen, tray and clock, asks the state what to do, and does it.

mod display;
mod post;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use rustls::ClientConfig;
use shared::Timestamp;
use shared::wire::to_agent::ToAgent;
use shared::wire::to_hub::ToHub;
use tokio::sync::{mpsc, watch};
use tokio::time::{MissedTickBehavior, interval};

use crate::folder::Folder;
use crate::identity::Identity;
use crate::inbox::journal::Journal;
use crate::keys::Keys;
use crate::language::Language;
use crate::link::{Event, Link};
use crate::outbox::Text;
use crate::platform::{self, EndRequests};
use crate::screen::Report;
use crate::state::{Effect, Input, State};
use crate::status::{self, Status};
use display::Display;
use post::Post;

/// Frames that may wait in each direction of the link; a full queue makes the link wait.
const WAITING_FRAMES: usize = 64;
const WAITING_REPORTS: usize = 256;
const TICK: Duration = Duration::from_secs(1);

/// The agent with all that it drives.
struct Agent {
    folder: Folder,
    language: Language,
    identity: Identity,
    state: State,
    journal: Journal,
    post: Post,
    display: Display,
    status: Status,
    orders: mpsc::Sender<ToHub>,
    epoch: watch::Sender<Option<String>>,
}

/// Runs until the system or a person ends it. The folder must be held.
pub async fn run(folder: Folder, identity: Identity, tls: Arc<ClientConfig>, headless: bool) -> anyhow::Result<ExitCode> {
    let mut end = EndRequests::listen()?;
    let language = Language::of_system();
    let now = platform::now();
    let (journal, inbox) = Journal::open(&folder, now.wall)?;
    let (report_tx, mut reports) = mpsc::channel(WAITING_REPORTS);
    let (event_tx, mut events) = mpsc::channel(WAITING_FRAMES);
    let (orders, order_rx) = mpsc::channel(WAITING_FRAMES);
    let (epoch, epoch_rx) = watch::channel(inbox.epoch().map(str::to_owned));
    let (name, keys) = (identity.name.clone(), Keys::of(&folder));
    let link = Link { folder: folder.clone(), name, keys, tls, epoch: epoch_rx, events: event_tx, orders: order_rx };

    let display = Display::start(headless, language, &folder, report_tx)?;
    let post = Post::open(&folder);
    let status = Status::starting(identity.name.as_str(), language, now.wall);
    let state = State::new(inbox, identity.signing_key.clone(), now);
    let mut agent = Agent { folder, language, identity, state, journal, post, display, status, orders, epoch };
    agent.publish();
    agent.display.resume(agent.state.inbox());
    let link = tokio::spawn(link.run());

    let mut tick = interval(TICK);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let code = loop {
        tokio::select! {
            () = end.next() => break ExitCode::SUCCESS,
            Some(event) = events.recv() => agent.on_link(event),
            Some(report) = reports.recv() => if let Err(reason) = agent.on_report(report) {
                tracing::error!("{reason}");
                break ExitCode::FAILURE;
            },
            _ = tick.tick() => agent.on_tick(),
        }
        agent.send_message();
        agent.display.settle(agent.state.inbox());
        agent.publish();
    };
    agent.end(link).await;
    Ok(code)
}

impl Agent {
    fn on_link(&mut self, event: Event) {
        match event {
            Event::Up { address, connected } => {
                self.say(true, status::connected_words(&address, self.language), Some(address.to_string()));
                self.apply(Input::Up(connected));
                self.post.up();
                self.epoch.send_replace(self.state.inbox().epoch().map(str::to_owned));
            }
            Event::Down { failures, retry_in } => {
                self.say(false, status::failure_words(&failures, retry_in, self.language), None);
                self.apply(Input::Down);
                self.post.down();
            }
            Event::Frame(ToAgent::Alert(alert)) => self.apply(Input::Alert(alert)),
            Event::Frame(ToAgent::Withdraw(withdraw)) => self.apply(Input::Withdraw(withdraw)),
            Event::Frame(ToAgent::Remind(remind)) => self.apply(Input::Remind(remind)),
            Event::Frame(ToAgent::ReceiptsOk(confirmed)) => self.apply(Input::ReceiptsOk(confirmed)),
            Event::Frame(ToAgent::MessageOk(confirmed)) => {
                if let Some(id) = self.post.confirmed(&confirmed.id) {
                    self.display.message(id, "sent");
                }
            }
            Event::Frame(ToAgent::Error(error)) => {
                self.post.refused(&error, &platform::now());
                tracing::warn!("the hub did not understand a frame: {} {}", error.code, error.detail.unwrap_or_default());
            }
            Event::Frame(_) => tracing::warn!("a frame of the hub came out of order and was skipped"),
        }
    }

    fn on_report(&mut self, report: Report) -> Result<(), &'static str> {
        match report {
            Report::WindowStands => self.display.window_stands(),
            Report::Displayed { id, user } => {
                self.display.displayed(id);
                self.apply(Input::Displayed { id, user });
            }
            Report::Dismissed { id, reply, user } => {
                self.display.displayed(id);
                self.apply(Input::Dismissed { id, reply, user });
            }
            Report::Message(text) => self.message(&text),
            Report::WindowGone { generation, how } => self.display.window_gone(generation, &how),
            Report::Unreadable(reason) => self.display.complain(&reason),
            Report::ShowAgain => self.display.show_again(),
            Report::Write => self.display.write(&self.folder),
            Report::Deaf(reason) => return Err(reason),
        }
        Ok(())
    }

    fn on_tick(&mut self) {
        if self.journal.is_broken() && self.compact() {
            tracing::info!("the disk works again");
            self.apply(Input::DiskHealed);
        }
        self.apply(Input::Tick);
        self.post.look();
    }

    fn message(&mut self, text: &Text) {
        match self.post.put(text, platform::now().wall) {
            Ok(id) => self.display.message(id, "queued"),
            Err(err) => self.display.complain(&err.in_words(Language::English)),
        }
    }

    /// Says the next message of the branch, if it is time.
    fn send_message(&mut self) {
        if let Some(frame) = self.post.next(&platform::now())
            && self.orders.try_send(ToHub::Message(frame)).is_err()
        {
            self.post.unsaid();
        }
    }

    fn apply(&mut self, input: Input) {
        let now = platform::now();
        let effects = self.state.apply(input, &now);
        self.carry_out(effects, now.wall);
    }

    fn carry_out(&mut self, effects: Vec<Effect>, now: Timestamp) {
        for effect in effects {
            match effect {
                Effect::Store(records) => {
                    if let Err(err) = self.journal.append(&records) {
                        tracing::error!("alerts cannot be kept on disk: {err}");
                        self.state.apply(Input::DiskFailed, &platform::now());
                    }
                }
                // What is not on disk is shown all the same, but the hub is told nothing.
                Effect::Send(_) if self.journal.is_broken() => {}
                Effect::Send(frame) => {
                    if let Err(full) = self.orders.try_send(frame)
                        && let ToHub::Receipts(receipts) = full.into_inner()
                    {
                        self.state.unsaid(&receipts);
                    }
                }
                Effect::Pin(key) => self.pin(&key),
                Effect::Show(alert) => self.display.show(&alert),
                Effect::Hide(id) => self.display.hide(id),
                Effect::Raise(id) => self.display.raise(id),
                Effect::Sound => self.display.sound(),
                Effect::Warn(text) => tracing::warn!("{text}"),
            }
        }
        if self.journal.is_long() {
            self.state.forget(now);
            self.compact();
        }
    }

    fn pin(&self, key: &str) {
        if let Err(err) = Identity::pin(&self.folder, &self.identity.name, key) {
            tracing::error!("the hub's signing key cannot be kept: {err}");
        }
    }

    /// Writes the journal anew; false when the disk does not let it.
    fn compact(&mut self) -> bool {
        let done = self.journal.compact(self.state.inbox(), platform::now().wall);
        if let Err(err) = &done {
            tracing::error!("alerts cannot be kept on disk: {err}");
        }
        done.is_ok()
    }

    fn say(&mut self, connected: bool, detail: String, address: Option<String>) {
        if self.status.connected != connected {
            self.status.since = platform::now().wall;
        }
        self.status = Status { connected, detail, address, ..self.status.clone() };
    }

    /// Tells `status.json`, tray and standard output what has changed.
    fn publish(&mut self) {
        self.status.pending = self.state.inbox().pending().count();
        self.status.unsent = self.post.len();
        let mut status = self.status.clone();
        if !status.connected && status.unsent > 0 {
            status.detail.push_str("; ");
            status.detail.push_str(&status::unsent_words(status.unsent, self.language));
        }
        if self.journal.is_broken() {
            status.detail.push_str(self.language.pick("; no se puede guardar en el disco", "; the disk cannot be written"));
        }
        if let Some(problem) = self.display.problem() {
            status.detail.push_str("; ");
            status.detail.push_str(problem);
        }
        if !self.display.is_news(&status) {
            return;
        }
        // The file first: who reads the news elsewhere finds it there too.
        if let Err(err) = status.write(&self.folder) {
            tracing::warn!("status.json cannot be written: {err}");
        }
        self.display.publish(status);
    }

    /// Says goodbye to the hub, and to everybody that the agent is gone.
    async fn end(mut self, link: tokio::task::JoinHandle<()>) {
        tracing::info!("the agent ends");
        // The link ends when nobody can give it orders any more.
        self.orders = mpsc::channel(1).0;
        let _ = tokio::time::timeout(Duration::from_secs(2), link).await;
        self.say(false, self.language.pick("el agente está parado", "the agent is stopped").to_owned(), None);
        self.publish();
        self.display.end().await;
    }
}
