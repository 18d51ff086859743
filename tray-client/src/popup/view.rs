//! The window's face, apart from the window: draws the board, returns what the person did. Tested without a display.

use eframe::egui::{
    Align, Button, CentralPanel, Frame, Key, Layout, Margin, Modifiers, Panel, RichText, ScrollArea, Sense, Ui, Vec2, vec2,
};
use shared::wire::to_agent::Alert;
use shared::{AlertId, Timestamp};

use super::board::Board;
use super::theme::{self, Palette};
use super::{icon, list, reply, words};
use crate::language::Language;

/// A key pressed sooner than this was meant for something else, seconds.
const KEY_GRACE: f64 = 1.0;
/// So was a click, perhaps the second half of a double one, seconds.
const CLICK_GRACE: f64 = 0.4;

/// Size of the button that dismisses.
pub(super) const BUTTON: Vec2 = vec2(240.0, 56.0);

/// What stays the same while the window stands.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    pub language: Language,
    pub now: Timestamp,
}

/// A person dismissed an alert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub id: AlertId,
    pub reply: Option<String>,
}

/// Draws all; the order in which things are made is the order of the Tab key: buttons first.
pub fn show(ui: &mut Ui, board: &mut Board, setting: Setting) -> Option<Answer> {
    let Some(alert) = board.front().cloned() else {
        CentralPanel::no_frame().show(ui, |_| {});
        return None;
    };
    let age = board.age_of_front(ui.input(|input| input.time));
    if age < KEY_GRACE {
        swallow_keys(ui);
    }
    band(ui, &alert, board, setting);
    let chosen = buttons(ui, &alert, setting);
    if board.len() > 1
        && let Some(id) = list::show(ui, board, &alert, setting)
    {
        board.bring(id);
    }
    body(ui, &alert, setting);
    board.drawn(alert.id);
    chosen.filter(|_| age >= CLICK_GRACE)
}

fn swallow_keys(ui: &Ui) {
    ui.input_mut(|input| while input.consume_key(Modifiers::NONE, Key::Enter) || input.consume_key(Modifiers::NONE, Key::Space) {});
}

/// The coloured strip: sign, word, and how many there are.
fn band(ui: &mut Ui, alert: &Alert, board: &Board, setting: Setting) {
    let (paper, ink) = (theme::band(alert.severity), theme::ink(alert.severity));
    let frame = Frame::new().fill(paper).inner_margin(Margin::symmetric(28, 18));
    Panel::top("band").frame(frame).show_separator_line(false).resizable(false).show(ui, |ui| {
        ui.horizontal(|ui| {
            let (square, _) = ui.allocate_exact_size(vec2(40.0, 40.0), Sense::hover());
            icon::paint(ui.painter(), square, alert.severity, ink, paper);
            ui.add_space(4.0);
            let word = words::severity(alert.severity, setting.language);
            ui.label(RichText::new(word).size(theme::BAND).color(ink));
            if board.len() > 1 {
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    let counter = words::counter(board.place(), board.len(), setting.language);
                    ui.label(RichText::new(counter).size(theme::TEXT).color(ink));
                });
            }
        });
    });
}

/// Quick replies at the left, the one button that is always there at the right.
fn buttons(ui: &mut Ui, alert: &Alert, setting: Setting) -> Option<Answer> {
    let palette = Palette::of(ui);
    let frame = Frame::new().fill(palette.page).inner_margin(Margin::symmetric(28, 18));
    let panel = Panel::bottom("buttons").frame(frame).resizable(false).show_separator_line(true);
    let row = |ui: &mut Ui| {
        let understood = understood(ui, alert, setting);
        let answers = |ui: &mut Ui| replies(ui, alert).or(reply::show(ui, alert, setting));
        ui.with_layout(Layout::top_down(Align::Min), answers).inner.or(understood)
    };
    let size = |ui: &Ui| vec2(ui.available_width(), BUTTON.y);
    panel
        .show(ui, |ui| ui.push_id(alert.id, |ui| ui.allocate_ui_with_layout(size(ui), Layout::right_to_left(Align::Min), row).inner).inner)
        .inner
}

fn understood(ui: &mut Ui, alert: &Alert, setting: Setting) -> Option<Answer> {
    let (paper, ink) = (theme::band(alert.severity), theme::ink(alert.severity));
    let text = RichText::new(words::understood(setting.language)).size(theme::BAND).color(ink);
    let button = ui.add_sized(BUTTON, Button::new(text).fill(paper));
    button.clicked().then_some(Answer { id: alert.id, reply: None })
}

/// Short replies stand side by side, long ones below each other.
fn replies(ui: &mut Ui, alert: &Alert) -> Option<Answer> {
    let is_short = alert.replies.iter().all(|reply| reply.chars().count() <= 40);
    let one = |ui: &mut Ui, reply: &String| {
        let button = Button::new(RichText::new(reply).size(theme::TEXT)).min_size(vec2(120.0, BUTTON.y));
        let button = if is_short { button } else { button.wrap() };
        ui.add(button).clicked().then(|| Answer { id: alert.id, reply: Some(reply.clone()) })
    };
    let all = |ui: &mut Ui| alert.replies.iter().filter_map(|reply| one(ui, reply)).last();
    if alert.replies.is_empty() {
        return None;
    }
    let area = ScrollArea::vertical().max_height(190.0).min_scrolled_height(190.0).auto_shrink([false, true]);
    area.show(ui, |ui| if is_short { ui.horizontal_wrapped(all).inner } else { all(ui) }).inner
}

/// Title, where it comes from, and the text, which scrolls when it is long.
fn body(ui: &mut Ui, alert: &Alert, setting: Setting) {
    let palette = Palette::of(ui);
    let frame = Frame::new().fill(palette.page).inner_margin(Margin { left: 28, right: 12, top: 22, bottom: 12 });
    CentralPanel::default().frame(frame).show(ui, |ui| {
        // A scroll position of its own for each alert: the next one starts at its top.
        ScrollArea::vertical().id_salt(alert.id).auto_shrink([false, false]).show(ui, |ui| {
            ui.set_max_width(ui.available_width() - 16.0);
            if alert.drill {
                mark(ui, words::drill(setting.language));
            }
            if alert.replaces.is_some() {
                mark(ui, words::corrected(setting.language));
            }
            if !alert.title.is_empty() {
                ui.label(RichText::new(&alert.title).size(theme::TITLE).color(palette.text));
            }
            let origin = [
                words::from(&alert.from, setting.language),
                words::audience(&alert.audience, setting.language),
                words::time(alert.sent_at, setting.now, setting.language),
            ];
            ui.label(RichText::new(origin.join("  ·  ")).size(theme::SMALL).color(palette.muted));
            ui.add_space(8.0);
            ui.label(RichText::new(&alert.text).size(theme::TEXT).color(palette.text).line_height(Some(theme::TEXT * 1.45)));
        });
    });
}

/// What is special about the alert, before anything else.
fn mark(ui: &mut Ui, words: &str) {
    let palette = Palette::of(ui);
    let frame = Frame::new().fill(palette.text).corner_radius(6).inner_margin(Margin::symmetric(14, 6));
    frame.show(ui, |ui| ui.label(RichText::new(words).size(theme::TEXT).color(palette.page)));
}

#[cfg(test)]
#[path = "view_tests.rs"]
mod tests;
