//! An answer in a person's own words, for alerts that ask for one.

use eframe::egui::{Button, Id, Key, Margin, RichText, TextEdit, Ui, vec2};
use shared::wire::limits;
use shared::wire::to_agent::Alert;

use super::view::{Answer, BUTTON, Setting};
use super::{theme, words};

/// Width of the button that sends the answer.
const SEND: f32 = 150.0;

/// Draws the field and its button, if the alert wants an answer; what was typed stays with its alert.
pub fn show(ui: &mut Ui, alert: &Alert, setting: Setting) -> Option<Answer> {
    if !alert.free_reply {
        return None;
    }
    let place = Id::unique(("reply", alert.id));
    let mut typed: String = ui.data(|data| data.get_temp(place)).unwrap_or_default();
    let is_sent = ui.horizontal(|ui| field(ui, place, &mut typed, setting)).inner;
    let reply = typed.trim().to_owned();
    ui.data_mut(|data| data.insert_temp(place, typed));
    (is_sent && !reply.is_empty()).then_some(Answer { id: alert.id, reply: Some(reply) })
}

fn field(ui: &mut Ui, place: Id, typed: &mut String, setting: Setting) -> bool {
    let width = (ui.available_width() - SEND - 24.0).clamp(140.0, 420.0);
    let edit = TextEdit::singleline(typed)
        .id(place.with("field"))
        .char_limit(limits::REPLY_CHARS)
        .margin(Margin::symmetric(14, 15))
        .hint_text(words::reply_hint(setting.language))
        .desired_width(width - 28.0);
    let field = ui.add(edit);
    let entered = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
    let button = Button::new(RichText::new(words::reply(setting.language)).size(theme::TEXT)).min_size(vec2(SEND, BUTTON.y));
    ui.add_enabled(!typed.trim().is_empty(), button).clicked() || entered
}
