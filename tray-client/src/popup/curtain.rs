//! Whether the screen is locked: nobody sees what is drawn behind the lock, so it does not count as shown.
//!
//! Asking takes a moment, so a thread does it, and only while there is something to report.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::time::{Duration, Instant};

use eframe::egui::Context;

use crate::platform;

/// How long an answer holds.
const FRESH: Duration = Duration::from_secs(2);

/// The thread that asks, and its last answer.
pub struct Curtain {
    asks: SyncSender<()>,
    is_open: Arc<AtomicBool>,
    asked_at: Option<Instant>,
}

impl Curtain {
    pub fn new(ctx: &Context) -> std::io::Result<Self> {
        let (asks, asked) = sync_channel::<()>(1);
        let is_open = Arc::new(AtomicBool::new(false));
        let (answer, ctx) = (is_open.clone(), ctx.clone());
        std::thread::Builder::new().name("lock".into()).spawn(move || {
            while asked.recv().is_ok() {
                answer.store(!platform::screen_is_locked(), Ordering::Relaxed);
                ctx.request_repaint();
            }
        })?;
        Ok(Self { asks, is_open, asked_at: None })
    }

    /// Whether a person can see the window now; false until that is known.
    pub fn is_open(&mut self) -> bool {
        if self.asked_at.is_none_or(|at| at.elapsed() >= FRESH) {
            self.asked_at = Some(Instant::now());
            // What was known is too old to report by.
            self.is_open.store(false, Ordering::Relaxed);
            // Full when the thread still asks: its answer comes.
            let _ = self.asks.try_send(());
        }
        self.is_open.load(Ordering::Relaxed)
    }
}
