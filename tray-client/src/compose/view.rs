//! The face of the window to write in, apart from the window: draws the draft, returns what the person wants.

use eframe::egui::{
    Align, Button, CentralPanel, Color32, CornerRadius, Frame, Id, Key, Layout, Margin, Modifiers, Panel, Response, RichText, ScrollArea,
    Stroke, TextEdit, Ui, Vec2, vec2,
};
use shared::Severity;
use shared::wire::limits;

use super::draft::{Draft, Stage};
use super::words;
use crate::language::Language;
use crate::outbox::Text;
use crate::popup::theme::{self, Palette};

const BUTTON: Vec2 = vec2(170.0, 52.0);
const FIELD: &str = "message";
/// Characters that the field takes at most: more can be pasted and cut down than can be sent.
const ROOM: usize = limits::BRANCH_MESSAGE_CHARS * 10;

/// What stays the same while a frame is drawn.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    pub language: Language,
    pub way: Way,
}

/// Whether a message would go out now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    Open,
    Offline,
    NoAgent,
}

/// What the person wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wish {
    Send(Text),
    Close,
}

/// Draws all.
pub fn show(ui: &mut Ui, draft: &mut Draft, setting: Setting) -> Option<Wish> {
    let by_key = keys(ui, draft);
    let by_click = match draft.stage() {
        Stage::Writing => writing(ui, draft, setting),
        Stage::Leaving => leaving(ui, draft, setting),
        Stage::Queued(_) => {
            let words = [words::queued(setting.language), words::queued_detail(setting.language)];
            done(ui, draft, setting, words, theme::band(Severity::Warning))
        }
        Stage::Sent => done(ui, draft, setting, [words::sent(setting.language), words::sent_detail(setting.language)], theme::GOOD),
    };
    by_key.or(by_click)
}

/// Before the field sees them: it would take Enter for a line break.
fn keys(ui: &Ui, draft: &mut Draft) -> Option<Wish> {
    let pressed = |modifiers, key| ui.input_mut(|input| input.consume_key(modifiers, key));
    if pressed(Modifiers::COMMAND, Key::Enter) {
        return draft.ready().map(Wish::Send);
    }
    if !pressed(Modifiers::NONE, Key::Escape) {
        return None;
    }
    if draft.stage() == Stage::Leaving {
        draft.keep_writing();
        ui.memory_mut(|memory| memory.request_focus(Id::unique(FIELD)));
        return None;
    }
    draft.leave().then_some(Wish::Close)
}

fn writing(ui: &mut Ui, draft: &mut Draft, setting: Setting) -> Option<Wish> {
    let is_sent = foot(ui, |ui| {
        let button = primary(ui, words::send(setting.language), draft.ready().is_some());
        let shortcut = RichText::new(words::shortcut(setting.language)).size(theme::SMALL).color(Palette::of(ui).muted);
        ui.label(shortcut);
        ui.with_layout(Layout::top_down(Align::Min), |ui| state(ui, draft, setting));
        button.clicked()
    });
    sheet(ui, draft, setting, true);
    is_sent.then(|| draft.ready().map(Wish::Send)).flatten()
}

/// The question takes the place of the button; what is written stays in sight.
fn leaving(ui: &mut Ui, draft: &mut Draft, setting: Setting) -> Option<Wish> {
    let (is_kept, is_discarded) = foot(ui, |ui| {
        let kept = primary(ui, words::keep_writing(setting.language), true);
        if ui.memory(|memory| memory.focused().is_none()) {
            kept.request_focus();
        }
        let discarded = plain(ui, words::discard(setting.language));
        let question = RichText::new(words::discard_question(setting.language)).color(Palette::of(ui).text);
        // Downwards, so that it wraps beside the buttons instead of lying over them.
        ui.with_layout(Layout::top_down(Align::Min), |ui| ui.label(question.size(theme::SMALL)));
        (kept.clicked(), discarded.clicked())
    });
    sheet(ui, draft, setting, false);
    if is_kept {
        draft.keep_writing();
        ui.memory_mut(|memory| memory.request_focus(Id::unique(FIELD)));
    }
    is_discarded.then_some(Wish::Close)
}

/// What became of the message, above its words.
fn done(ui: &mut Ui, draft: &mut Draft, setting: Setting, [heading, detail]: [&str; 2], band: Color32) -> Option<Wish> {
    let (is_closed, is_again) = foot(ui, |ui| {
        let close = primary(ui, words::close(setting.language), true);
        if ui.memory(|memory| memory.focused().is_none()) {
            close.request_focus();
        }
        (close.clicked(), plain(ui, words::another(setting.language)).clicked())
    });
    page(ui, |ui| {
        mark(ui, heading, band);
        ui.label(RichText::new(detail).color(Palette::of(ui).text));
        ui.add_space(10.0);
        ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
            ui.label(RichText::new(draft.text.trim()).color(Palette::of(ui).muted));
        });
    });
    if is_again {
        draft.again();
    }
    is_closed.then_some(Wish::Close)
}

/// Counter, and what is special about now.
fn state(ui: &mut Ui, draft: &Draft, setting: Setting) {
    let muted = Palette::of(ui).muted;
    ui.label(RichText::new(words::counter(draft.count())).size(theme::SMALL).color(muted));
    let (excess, language) = (draft.excess(), setting.language);
    if let Some(trouble) = draft.trouble() {
        mark(ui, trouble, theme::band(Severity::Error));
    } else if excess > 0 {
        mark(ui, &words::excess(excess, language), theme::band(Severity::Error));
    } else {
        let note = match setting.way {
            Way::Open => return,
            Way::Offline => words::offline(language),
            Way::NoAgent => words::no_agent(language),
        };
        ui.label(RichText::new(note).size(theme::SMALL).color(muted));
    }
}

fn sheet(ui: &mut Ui, draft: &mut Draft, setting: Setting, is_open: bool) {
    page(ui, |ui| {
        let palette = Palette::of(ui);
        let heading = ui.label(RichText::new(words::title(setting.language)).size(theme::TITLE).color(palette.text));
        ui.label(RichText::new(words::what_happens(setting.language)).size(theme::SMALL).color(palette.muted));
        ui.add_space(6.0);
        let edit = TextEdit::multiline(&mut draft.text)
            .id(Id::unique(FIELD))
            .char_limit(ROOM)
            .interactive(is_open)
            .hint_text(words::hint(setting.language))
            .frame(Frame::new())
            .desired_width(f32::INFINITY)
            .min_size(vec2(0.0, (ui.available_height() - 32.0).max(40.0)));
        let has_focus = ui.memory(|memory| memory.has_focus(Id::unique(FIELD)));
        let line = if has_focus { ui.visuals().selection.stroke } else { Stroke::new(1.0, palette.muted) };
        let frame = Frame::new().stroke(line).corner_radius(8).inner_margin(Margin::same(12));
        frame.show(ui, |ui| {
            ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
                let field = ui.add(edit).labelled_by(heading.id);
                if is_open && ui.memory(|memory| memory.focused().is_none()) {
                    field.request_focus();
                }
            });
        });
    });
}

fn page(ui: &mut Ui, content: impl FnOnce(&mut Ui)) {
    let frame = Frame::new().fill(Palette::of(ui).page).inner_margin(Margin::symmetric(24, 20));
    CentralPanel::default().frame(frame).show(ui, content);
}

/// The row of buttons, from the right.
fn foot<R>(ui: &mut Ui, content: impl FnOnce(&mut Ui) -> R) -> R {
    let frame = Frame::new().fill(Palette::of(ui).page).inner_margin(Margin::symmetric(24, 14));
    let panel = Panel::bottom("foot").frame(frame).resizable(false).show_separator_line(true);
    let size = |ui: &Ui| vec2(ui.available_width(), BUTTON.y);
    panel.show(ui, |ui| ui.allocate_ui_with_layout(size(ui), Layout::right_to_left(Align::Center), content).inner).inner
}

fn primary(ui: &mut Ui, words: &str, is_enabled: bool) -> Response {
    let (paper, ink) = (theme::band(Severity::Info), theme::ink(Severity::Info));
    let text = RichText::new(words).size(theme::TEXT);
    let button = if is_enabled { Button::new(text.color(ink)).fill(paper) } else { Button::new(text) };
    ui.add_enabled(is_enabled, button.min_size(BUTTON))
}

fn plain(ui: &mut Ui, words: &str) -> Response {
    ui.add(Button::new(RichText::new(words).size(theme::TEXT)).min_size(vec2(130.0, BUTTON.y)))
}

/// Words on a band of colour.
fn mark(ui: &mut Ui, words: &str, band: Color32) {
    let ink = if band == theme::band(Severity::Warning) { theme::ink(Severity::Warning) } else { Color32::WHITE };
    let frame = Frame::new().fill(band).corner_radius(CornerRadius::same(6)).inner_margin(Margin::symmetric(12, 4));
    frame.show(ui, |ui| ui.label(RichText::new(words).size(theme::SMALL).color(ink)));
}

#[cfg(test)]
#[path = "view_tests.rs"]
mod tests;
