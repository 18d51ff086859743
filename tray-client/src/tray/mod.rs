//! The tray icon: green when connected, red when not, with a tooltip that says why. There is no entry to quit.
//!
//! It lives on a thread of its own, since the desktop's bus may be slow or absent; the agent never waits for it.

mod icon;

use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use tokio::sync::mpsc;
use tray_icon::menu::{Menu, MenuEvent, MenuItem, PredefinedMenuItem};
use tray_icon::{TrayIcon, TrayIconBuilder, TrayIconEvent};

use crate::language::Language;
use crate::screen::Report;
use crate::status::Status;
use icon::Colour;

/// Without a desktop bus, the next try comes after this time.
const RETRY: Duration = Duration::from_secs(30);

/// The menu's entry that opens the window to write in.
const WRITE: &str = "write";

/// The agent's end of the icon's thread.
#[derive(Debug)]
pub struct Tray {
    views: Sender<View>,
}

/// What the icon shows.
#[derive(Debug, Clone, PartialEq, Eq)]
struct View {
    connected: bool,
    text: String,
    has_alerts: bool,
}

impl Tray {
    pub fn start(language: Language, reports: mpsc::Sender<Report>) -> std::io::Result<Self> {
        // Unbounded, but written only when the status changes, and the thread keeps the newest alone.
        let (views, incoming) = channel();
        let on_menu = reports.clone();
        MenuEvent::set_event_handler(Some(move |event: MenuEvent| {
            let report = if event.id() == WRITE { Report::Write } else { Report::ShowAgain };
            let _ = on_menu.try_send(report);
        }));
        TrayIconEvent::set_event_handler(Some(move |event| {
            if matches!(event, TrayIconEvent::Click { .. } | TrayIconEvent::DoubleClick { .. }) {
                let _ = reports.try_send(Report::ShowAgain);
            }
        }));
        std::thread::Builder::new().name("tray".into()).spawn(move || serve(&incoming, language))?;
        Ok(Self { views })
    }

    pub fn publish(&self, status: &Status) {
        let text = format!("Pregón: {}", status.detail);
        // Without its thread there is no icon, which was logged.
        let _ = self.views.send(View { connected: status.connected, text, has_alerts: status.pending > 0 });
    }
}

/// Shows the newest view until the agent ends.
fn serve(views: &Receiver<View>, language: Language) {
    let mut shown: Option<Shown> = None;
    let mut tried: Option<Instant> = None;
    let mut wanted: Option<View> = None;
    loop {
        // Without an icon, wake up now and then to try again.
        let next = if shown.is_none() && wanted.is_some() {
            match views.recv_timeout(RETRY) {
                Ok(view) => Some(view),
                Err(std::sync::mpsc::RecvTimeoutError::Timeout) => None,
                Err(std::sync::mpsc::RecvTimeoutError::Disconnected) => return,
            }
        } else {
            match views.recv() {
                Ok(view) => Some(view),
                Err(_) => return,
            }
        };
        wanted = views.try_iter().last().or(next).or(wanted);
        let Some(view) = &wanted else { continue };
        match &mut shown {
            Some(shown) => shown.update(view),
            None if tried.is_none_or(|at| at.elapsed() >= RETRY) => {
                shown = Shown::build(view, language).inspect_err(|err| log_first(tried, err)).ok();
                tried = Some(Instant::now());
            }
            None => {}
        }
    }
}

fn log_first(tried: Option<Instant>, err: &tray_icon::Error) {
    if tried.is_none() {
        tracing::warn!("no tray icon: {err}; the agent goes on without");
    }
}

/// The icon on the desktop.
struct Shown {
    icon: TrayIcon,
    status: MenuItem,
    again: MenuItem,
    view: View,
}

impl Shown {
    fn build(view: &View, language: Language) -> tray_icon::Result<Self> {
        let status = MenuItem::new(&view.text, false, None);
        let again = MenuItem::new(language.pick("Mostrar los avisos", "Show alerts again"), view.has_alerts, None);
        let write = MenuItem::with_id(WRITE, language.pick("Escribir a la central", "Write to head office"), true, None);
        let menu = Menu::new();
        if let Err(err) = menu.append_items(&[&status, &PredefinedMenuItem::separator(), &again, &write]) {
            tracing::warn!("the tray icon has no menu: {err}");
        }
        let builder = TrayIconBuilder::new().with_id("pregon-tray").with_title("Pregón").with_tooltip(&view.text).with_menu(Box::new(menu));
        let icon = builder.with_icon(icon::draw(colour(view))?).build()?;
        Ok(Self { icon, status, again, view: view.clone() })
    }

    fn update(&mut self, view: &View) {
        if *view == self.view {
            return;
        }
        if view.connected != self.view.connected
            && let Ok(icon) = icon::draw(colour(view))
            && let Err(err) = self.icon.set_icon(Some(icon))
        {
            tracing::warn!("the tray icon cannot change: {err}");
        }
        let _ = self.icon.set_tooltip(Some(&view.text));
        self.status.set_text(&view.text);
        self.again.set_enabled(view.has_alerts);
        self.view = view.clone();
    }
}

fn colour(view: &View) -> Colour {
    if view.connected { Colour::Green } else { Colour::Red }
}
