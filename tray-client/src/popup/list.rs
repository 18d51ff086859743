//! The list at the side when several alerts wait: severest first, each a row that brings its alert in front.

use eframe::egui::{
    Frame, Margin, Panel, Rect, RichText, Role, ScrollArea, Sense, StrokeKind, TextStyle, TextWrapMode, Ui, WidgetInfo, WidgetText, pos2,
    vec2,
};
use shared::AlertId;
use shared::wire::to_agent::Alert;

use super::board::Board;
use super::theme::{self, Palette};
use super::view::Setting;
use super::{icon, words};

const ROW: f32 = 68.0;

/// Draws the list; returns the alert that the person chose.
pub fn show(ui: &mut Ui, board: &mut Board, front: &Alert, setting: Setting) -> Option<AlertId> {
    let palette = Palette::of(ui);
    let frame = Frame::new().fill(palette.side).inner_margin(Margin { left: 12, right: 6, top: 16, bottom: 8 });
    let panel = Panel::left("list").frame(frame).resizable(false).exact_size(330.0).show_separator_line(true);
    panel.show(ui, |ui| rows(ui, board, front, setting)).inner
}

fn rows(ui: &mut Ui, board: &mut Board, front: &Alert, setting: Setting) -> Option<AlertId> {
    let palette = Palette::of(ui);
    ui.label(RichText::new(words::waiting(board.len(), setting.language)).size(theme::SMALL).color(palette.muted));
    ui.spacing_mut().item_spacing.y = 4.0;
    let mut chosen = None;
    let mut drawn = Vec::new();
    ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
        for alert in board.alerts() {
            let is_front = alert.id == front.id;
            let (is_visible, clicked) = row(ui, alert, is_front, setting);
            // The one in front is drawn whole, and counted there.
            if is_visible && !is_front {
                drawn.push(alert.id);
            }
            if clicked {
                chosen = Some(alert.id);
            }
        }
    });
    drawn.into_iter().for_each(|id| board.drawn(id));
    chosen
}

/// A row; whether it lay within the window, and whether it was clicked.
fn row(ui: &mut Ui, alert: &Alert, is_front: bool, setting: Setting) -> (bool, bool) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width() - 10.0, ROW), Sense::click());
    let word = words::severity(alert.severity, setting.language);
    response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, is_front, format!("{word}: {}", heading(alert))));
    if !ui.is_rect_visible(rect) {
        return (false, response.clicked());
    }
    let palette = Palette::of(ui);
    if is_front || response.hovered() {
        ui.painter().rect_filled(rect, 8.0, palette.chosen);
    }
    if response.has_focus() {
        ui.painter().rect_stroke(rect, 8.0, ui.visuals().selection.stroke, StrokeKind::Inside);
    }
    let square = Rect::from_center_size(pos2(rect.left() + 28.0, rect.center().y), vec2(28.0, 28.0));
    icon::paint(ui.painter(), square, alert.severity, theme::band(alert.severity), theme::ink(alert.severity));
    let time = words::time(alert.sent_at, setting.now, setting.language);
    line(ui, rect, 11.0, heading(alert), palette, true);
    line(ui, rect, 37.0, &format!("{word} · {time}"), palette, false);
    (true, response.clicked())
}

fn line(ui: &Ui, rect: Rect, top: f32, text: &str, palette: Palette, is_strong: bool) {
    let colour = if is_strong { palette.text } else { palette.muted };
    let size = if is_strong { 18.0 } else { theme::SMALL };
    let left = rect.left() + 54.0;
    let text = WidgetText::from(RichText::new(text).size(size).color(colour));
    let galley = text.into_galley(ui, Some(TextWrapMode::Truncate), rect.right() - left - 8.0, TextStyle::Body);
    ui.painter().galley(pos2(left, rect.top() + top), galley, colour);
}

/// The title, or the first line of an alert that has none.
fn heading(alert: &Alert) -> &str {
    if alert.title.is_empty() { alert.text.lines().next().unwrap_or_default() } else { &alert.title }
}
