//! All that a person or another program sees of the agent: window or lines, tray icon, sound.

use std::collections::HashMap;
use std::time::Instant;

use shared::wire::to_agent::Alert;
use shared::{AlertId, MessageId};
use tokio::sync::mpsc;

use crate::folder::Folder;
use crate::inbox::Inbox;
use crate::language::Language;
use crate::screen::feed::ToWindow;
use crate::screen::headless::Headless;
use crate::screen::window::Window;
use crate::screen::writer::Writer;
use crate::screen::{Report, sound::Sound};
use crate::state::popup::{Popup, Step};
use crate::status::Status;
use crate::tray::Tray;

/// Window, tray and sound, or the pipes of `--headless`.
pub struct Display {
    face: Face,
    language: Language,
    /// When alerts came that nobody has seen yet, for the log.
    came: HashMap<AlertId, Instant>,
    published: Option<Status>,
}

enum Face {
    Headless(Headless),
    Desktop(Box<Desktop>),
}

struct Desktop {
    reports: mpsc::Sender<Report>,
    popup: Popup,
    window: Option<Window>,
    writer: Writer,
    /// Counts the windows, so that a late word of an old one is known as such.
    generation: u64,
    /// Why the window does not stand, if it should.
    problem: Option<&'static str>,
    tray: Tray,
    sound: Sound,
}

impl Display {
    pub fn start(headless: bool, language: Language, folder: &Folder, reports: mpsc::Sender<Report>) -> std::io::Result<Self> {
        let face = if headless {
            Face::Headless(Headless::start(reports)?)
        } else {
            let tray = Tray::start(language, reports.clone())?;
            let sound = Sound::new(folder.file("alert.wav"));
            let (popup, window) = (Popup::default(), None);
            Face::Desktop(Box::new(Desktop {
                reports,
                popup,
                window,
                writer: Writer::default(),
                generation: 0,
                problem: None,
                tray,
                sound,
            }))
        };
        Ok(Self { face, language, came: HashMap::new(), published: None })
    }

    /// Shows what the last agent left unseen; the window gets the rest as well when it starts.
    pub fn resume(&mut self, inbox: &Inbox) {
        if let Face::Headless(pipes) = &self.face {
            inbox.pending().filter(|(_, seen)| !seen).for_each(|(alert, _)| pipes.show(alert));
        }
        self.settle(inbox);
    }

    pub fn show(&mut self, alert: &Alert) {
        self.came.insert(alert.id, Instant::now());
        match &mut self.face {
            Face::Headless(pipes) => pipes.show(alert),
            Face::Desktop(desktop) => desktop.tell(&ToWindow::Alert { alert: Box::new(alert.clone()), seen: false }),
        }
    }

    pub fn hide(&mut self, id: AlertId) {
        self.came.remove(&id);
        match &mut self.face {
            Face::Headless(pipes) => pipes.hide(id),
            Face::Desktop(desktop) => desktop.tell(&ToWindow::Withdraw { id }),
        }
    }

    pub fn raise(&mut self, id: AlertId) {
        match &mut self.face {
            Face::Headless(pipes) => pipes.raise(id),
            Face::Desktop(desktop) => {
                desktop.popup.hurry();
                desktop.tell(&ToWindow::Remind { id });
            }
        }
    }

    pub fn displayed(&mut self, id: AlertId) {
        if let Some(came) = self.came.remove(&id) {
            tracing::info!("alert {id} was on the screen {} ms after it came", came.elapsed().as_millis());
        }
    }

    pub fn window_stands(&mut self) {
        if let Face::Desktop(desktop) = &mut self.face {
            desktop.popup.stands();
            desktop.problem = None;
        }
    }

    pub fn sound(&mut self) {
        if let Face::Desktop(desktop) = &mut self.face {
            desktop.sound.play();
        }
    }

    /// Says to the program that is the screen what became of its message.
    pub fn message(&self, id: MessageId, state: &'static str) {
        if let Face::Headless(pipes) = &self.face {
            pipes.message(id, state);
        }
    }

    /// Says to whoever spoke to the agent that it was no use.
    pub fn complain(&self, reason: &str) {
        tracing::warn!("{reason}");
        if let Face::Headless(pipes) = &self.face {
            pipes.error(reason);
        }
    }

    pub fn window_gone(&mut self, generation: u64, how: &str) {
        if let Face::Desktop(desktop) = &mut self.face
            && desktop.generation == generation
            && desktop.window.take().is_some()
        {
            desktop.failed(how, self.language);
        }
    }

    pub fn show_again(&mut self) {
        if let Face::Desktop(desktop) = &mut self.face {
            desktop.popup.hurry();
            desktop.tell(&ToWindow::Front);
        }
    }

    /// Opens the window in which a person writes to the technicians.
    pub fn write(&mut self, folder: &Folder) {
        if let Face::Desktop(desktop) = &mut self.face
            && let Err(err) = desktop.writer.open(folder)
        {
            tracing::warn!("the window to write in cannot be opened: {err}");
        }
    }

    /// Starts or ends the window as the alerts ask for.
    pub fn settle(&mut self, inbox: &Inbox) {
        let Face::Desktop(desktop) = &mut self.face else { return };
        let wanted = inbox.pending().next().is_some();
        match desktop.popup.step(wanted, Instant::now()) {
            None => {}
            Some(Step::Start) => desktop.open(inbox, self.language),
            Some(Step::Stop) => {
                desktop.problem = None;
                if let Some(window) = desktop.window.take() {
                    drop(window.stop());
                }
            }
            Some(Step::Kill) => {
                tracing::warn!("the window shows nothing and is started anew");
                if let Some(window) = desktop.window.take() {
                    window.kill();
                }
            }
        }
    }

    /// Why alerts do not stand on the screen, for people.
    pub fn problem(&self) -> Option<&'static str> {
        match &self.face {
            Face::Desktop(desktop) => desktop.problem,
            Face::Headless(_) => None,
        }
    }

    pub fn is_news(&self, status: &Status) -> bool {
        self.published.as_ref() != Some(status)
    }

    /// Tells tray or reader how the agent is.
    pub fn publish(&mut self, status: Status) {
        match &mut self.face {
            Face::Desktop(desktop) => desktop.tray.publish(&status),
            Face::Headless(pipes) => {
                let said = self.published.as_ref().map(|said| (said.connected, &said.detail));
                if said != Some((status.connected, &status.detail)) {
                    pipes.status(status.connected, &status.detail);
                }
            }
        }
        self.published = Some(status);
    }

    pub async fn end(self) {
        match self.face {
            Face::Headless(pipes) => pipes.end(),
            Face::Desktop(desktop) => {
                if let Some(window) = desktop.window {
                    let _ = window.stop().await;
                }
            }
        }
    }
}

impl Desktop {
    fn open(&mut self, inbox: &Inbox, language: Language) {
        let alerts = inbox.pending().map(|(alert, seen)| (alert.clone(), seen)).collect();
        self.generation += 1;
        match Window::start(alerts, self.generation, self.reports.clone()) {
            Ok(window) => self.window = Some(window),
            Err(err) => self.failed(&err.to_string(), language),
        }
    }

    fn tell(&mut self, message: &ToWindow) {
        if let Some(window) = &self.window
            && !window.tell(message)
        {
            // A window that takes nothing more is started anew with all that belongs on it.
            if let Some(window) = self.window.take() {
                window.kill();
            }
            self.popup.ended(Instant::now());
        }
    }

    fn failed(&mut self, how: &str, language: Language) {
        let pause = self.popup.ended(Instant::now());
        tracing::warn!("the window ended ({how}) though alerts wait; it comes back in {} s", pause.as_secs());
        if !pause.is_zero() {
            self.problem = Some(language.pick("no se puede abrir la ventana de avisos", "the window for alerts cannot be opened"));
        }
    }
}
