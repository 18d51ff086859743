//! The window around the view: on top of all others, refusing to be closed, telling the agent what happened.

use std::io::Write as _;
use std::sync::mpsc::{Receiver, Sender};
use std::time::{Duration, Instant};

use eframe::egui::{Context, IconData, Ui, UserAttentionType, ViewportBuilder, ViewportCommand, WindowLevel, vec2};
use eframe::{App, Frame, NativeOptions};
use shared::Severity;
use shared::wire::to_agent::Alert;

use super::board::Board;
use super::curtain::Curtain;
use super::look::Look;
use super::view::{self, Setting};
use super::words;
use crate::language::Language;
use crate::platform;
use crate::screen::feed::{FromWindow, ToWindow, line};

/// How often the window is put on top again; each time costs a frame.
const ON_TOP: Duration = Duration::from_secs(1);

/// The frame in which the window is known to stand: the ones before were drawn while it was hidden.
const STANDS: u64 = 3;

struct Popup {
    board: Board,
    feed: Receiver<ToWindow>,
    language: Language,
    frames: u64,
    raised_at: Instant,
    is_hidden: bool,
    curtain: Curtain,
}

/// Opens the window; returns when it could not be, or never: the end of the input ends the process.
pub fn run(language: Language, first: ToWindow, feed: Receiver<ToWindow>, contexts: Sender<Context>) -> eframe::Result {
    let look = Look::ask();
    let viewport = ViewportBuilder::default()
        .with_title(words::window_title(language))
        .with_app_id("pregon-tray")
        // None of its own: the desktop shows the one that is installed for the id above.
        .with_icon(IconData::default())
        .with_inner_size(vec2(960.0, 620.0))
        .with_min_inner_size(vec2(640.0, 420.0))
        .with_minimize_button(false)
        .with_always_on_top()
        .with_active(true);
    let options = NativeOptions { viewport, centered: true, ..NativeOptions::default() };
    eframe::run_native(
        "pregon-tray",
        options,
        Box::new(move |creation| {
            let ctx = &creation.egui_ctx;
            look.apply(ctx);
            let curtain = Curtain::new(ctx)?;
            let mut popup =
                Popup { board: Board::default(), feed, language, frames: 0, raised_at: Instant::now(), is_hidden: false, curtain };
            popup.take(first, ctx);
            // Whatever came before the reader knew of the window is taken in by the first frame.
            let _ = contexts.send(ctx.clone());
            Ok(Box::new(popup))
        }),
    )
}

impl App for Popup {
    fn logic(&mut self, ctx: &Context, _frame: &mut Frame) {
        while let Ok(message) = self.feed.try_recv() {
            self.take(message, ctx);
        }
        if ctx.input(|input| input.viewport().close_requested()) {
            ctx.send_viewport_cmd(ViewportCommand::CancelClose);
        }
        if ctx.input(|input| input.viewport().minimized == Some(true)) {
            ctx.send_viewport_cmd(ViewportCommand::Minimized(false));
        }
        if self.board.has_news() && self.curtain.is_open() {
            self.board.newly_shown().into_iter().for_each(|id| tell(&FromWindow::Shown { id }));
        }
        if self.is_hidden != self.board.is_empty() {
            self.is_hidden = self.board.is_empty();
            ctx.send_viewport_cmd(ViewportCommand::Visible(!self.is_hidden));
        }
        self.stay_on_top(ctx);
    }

    fn ui(&mut self, ui: &mut Ui, _frame: &mut Frame) {
        self.frames += 1;
        if self.frames == STANDS {
            tell(&FromWindow::Drawn);
        }
        let setting = Setting { language: self.language, now: platform::now().wall };
        if let Some(answer) = view::show(ui, &mut self.board, setting) {
            self.board.remove(answer.id);
            tell(&FromWindow::Dismissed { id: answer.id, reply: answer.reply });
            ui.ctx().request_repaint();
        }
        if self.board.is_settling() || self.frames < STANDS {
            ui.ctx().request_repaint();
        }
    }
}

impl Popup {
    fn take(&mut self, message: ToWindow, ctx: &Context) {
        match message {
            ToWindow::Alert { alert, seen } => {
                self.attract(&alert, ctx);
                self.board.add(*alert, seen);
            }
            ToWindow::Withdraw { id } => self.board.remove(id),
            ToWindow::Remind { id } => {
                self.board.recall(id);
                ctx.send_viewport_cmd(ViewportCommand::RequestUserAttention(UserAttentionType::Critical));
                ctx.send_viewport_cmd(ViewportCommand::WindowLevel(WindowLevel::AlwaysOnTop));
                ctx.send_viewport_cmd(ViewportCommand::Focus);
            }
            ToWindow::Front => ctx.send_viewport_cmd(ViewportCommand::Focus),
        }
    }

    fn attract(&self, alert: &Alert, ctx: &Context) {
        let kind = if alert.severity >= Severity::Error { UserAttentionType::Critical } else { UserAttentionType::Informational };
        ctx.send_viewport_cmd(ViewportCommand::RequestUserAttention(kind));
        if self.board.is_empty() {
            ctx.send_viewport_cmd(ViewportCommand::Focus);
        }
    }

    /// X11 forgets the level of a window that has not been drawn yet, and others may climb over it later.
    fn stay_on_top(&mut self, ctx: &Context) {
        let is_due = self.raised_at.elapsed() >= ON_TOP || self.frames == STANDS;
        if self.frames >= STANDS && is_due && !self.is_hidden {
            self.raised_at = Instant::now();
            ctx.send_viewport_cmd(ViewportCommand::WindowLevel(WindowLevel::AlwaysOnTop));
        }
        ctx.request_repaint_after(ON_TOP);
    }
}

/// Without an agent to tell there is no reason to be.
fn tell(message: &FromWindow) {
    let mut out = std::io::stdout().lock();
    if out.write_all(line(message).as_bytes()).and_then(|()| out.flush()).is_err() {
        std::process::exit(0);
    }
}
