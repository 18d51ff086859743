//! The window around the draft: keeps what is to be sent, looks what became of it, closes when nothing would be lost.

use std::io::BufRead as _;
use std::time::{Duration, Instant};

use eframe::egui::{Context, IconData, Ui, ViewportBuilder, ViewportCommand, vec2};
use eframe::{App, Frame, NativeOptions};

use super::draft::{Draft, Stage};
use super::view::{self, Setting, Way, Wish};
use super::words;
use crate::folder::Folder;
use crate::language::Language;
use crate::outbox::Text;
use crate::outbox::disk::Drawer;
use crate::platform;
use crate::popup::look::Look;
use crate::status::Status;

/// How often the window looks whether there is a connection, and whether its message has gone.
const LOOK: Duration = Duration::from_millis(300);

struct Compose {
    draft: Draft,
    folder: Folder,
    drawer: Drawer,
    language: Language,
    way: Way,
    looked_at: Option<Instant>,
    /// The person has said that the window may go.
    may_close: bool,
}

pub fn run(folder: Folder, drawer: Drawer, language: Language) -> eframe::Result {
    let look = Look::ask();
    let viewport = ViewportBuilder::default()
        .with_title(words::title(language))
        .with_app_id("pregon-tray")
        // None of its own: the desktop shows the one that is installed for the id above.
        .with_icon(IconData::default())
        .with_inner_size(vec2(640.0, 460.0))
        .with_min_inner_size(vec2(520.0, 340.0))
        .with_active(true);
    let options = NativeOptions { viewport, centered: true, ..NativeOptions::default() };
    eframe::run_native(
        "pregon-tray",
        options,
        Box::new(move |creation| {
            look.apply(&creation.egui_ctx);
            listen(creation.egui_ctx.clone())?;
            let draft = Draft::default();
            Ok(Box::new(Compose { draft, folder, drawer, language, way: Way::Open, looked_at: None, may_close: false }))
        }),
    )
}

/// A line of the agent says that somebody asked for this window again; the end of its input means nothing.
fn listen(ctx: Context) -> std::io::Result<()> {
    let reader = std::thread::Builder::new().name("front".into()).spawn(move || {
        for _ in std::io::stdin().lock().lines().map_while(Result::ok) {
            ctx.send_viewport_cmd(ViewportCommand::Minimized(false));
            ctx.send_viewport_cmd(ViewportCommand::Focus);
            ctx.request_repaint();
        }
    });
    reader.map(drop)
}

impl App for Compose {
    fn logic(&mut self, ctx: &Context, _frame: &mut Frame) {
        if self.looked_at.is_none_or(|at| at.elapsed() >= LOOK) {
            self.looked_at = Some(Instant::now());
            self.look();
        }
        ctx.request_repaint_after(LOOK);
        let wants_close = ctx.input(|input| input.viewport().close_requested());
        if wants_close && !self.may_close && !self.draft.leave() {
            ctx.send_viewport_cmd(ViewportCommand::CancelClose);
            ctx.send_viewport_cmd(ViewportCommand::Focus);
        }
    }

    fn ui(&mut self, ui: &mut Ui, _frame: &mut Frame) {
        match view::show(ui, &mut self.draft, Setting { language: self.language, way: self.way }) {
            None => {}
            Some(Wish::Send(text)) => {
                self.keep(&text);
                ui.ctx().request_repaint();
            }
            Some(Wish::Close) => {
                self.may_close = true;
                ui.ctx().send_viewport_cmd(ViewportCommand::Close);
            }
        }
    }
}

impl Compose {
    fn keep(&mut self, text: &Text) {
        match self.drawer.put(text, platform::now().wall) {
            Ok(id) => self.draft.kept(id),
            Err(err) => self.draft.failed(err.in_words(self.language)),
        }
    }

    fn look(&mut self) {
        let running = if self.folder.is_held() { Status::read(&self.folder) } else { None };
        self.way = match running {
            None => Way::NoAgent,
            Some(status) if status.connected => Way::Open,
            Some(_) => Way::Offline,
        };
        if let Stage::Queued(id) = self.draft.stage()
            && !self.drawer.holds(id)
        {
            self.draft.arrived();
        }
    }
}
