//! The window's process: draws the alerts that the agent feeds it, and says what was seen and dismissed.
//!
//! It knows nothing of hub and disk. It ends when its input does, and by nothing that a person does to the window.

mod app;
mod board;
mod curtain;
mod fonts;
mod icon;
mod list;
pub mod look;
mod reply;
pub mod theme;
mod view;
mod words;

use std::io::BufRead as _;
use std::process::ExitCode;
use std::sync::mpsc::{Receiver, Sender, channel};

use eframe::egui::Context;

use crate::command::complain;
use crate::language::Language;
use crate::screen::feed::ToWindow;
use crate::screen::window::NO_WINDOW;

/// Shows what comes on standard input until that ends.
pub fn run(language: Language) -> ExitCode {
    let (feed_tx, feed) = channel();
    let (context_tx, context) = channel();
    let reader = std::thread::Builder::new().name("feed".into()).spawn(move || read(&feed_tx, &context));
    let Ok(first) = reader.map_err(|_| ()).and_then(|_| feed.recv().map_err(|_| ())) else { return ExitCode::SUCCESS };
    match app::run(language, first, feed, context_tx) {
        Ok(()) => ExitCode::SUCCESS,
        Err(err) => {
            complain(&format!("no window: {err}"));
            ExitCode::from(NO_WINDOW)
        }
    }
}

/// Passes lines on and wakes the window for them; ends the process with the input, whatever the window is doing.
fn read(feed: &Sender<ToWindow>, contexts: &Receiver<Context>) {
    let mut context = None;
    for line in std::io::stdin().lock().lines().map_while(Result::ok) {
        match serde_json::from_str(&line) {
            Ok(message) => {
                if feed.send(message).is_err() {
                    break;
                }
            }
            Err(err) => complain(&format!("line skipped: {err}")),
        }
        context = context.or_else(|| contexts.try_recv().ok());
        if let Some(context) = &context {
            context.request_repaint();
        }
    }
    std::process::exit(0);
}
