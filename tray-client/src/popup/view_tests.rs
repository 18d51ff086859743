//! The window's face without a window: what it says, and what a person can do to it.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

use std::cell::RefCell;
use std::rc::Rc;

use eframe::egui::accesskit::Role;
use eframe::egui::{Key, Vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use shared::{Audience, Severity};

use super::*;

/// A window with its board, and everything that a person answered.
struct Desk {
    harness: Harness<'static>,
    answers: Rc<RefCell<Vec<Answer>>>,
    board: Rc<RefCell<Board>>,
}

impl Desk {
    fn with(language: Language, alerts: Vec<Alert>) -> Self {
        let board = Rc::new(RefCell::new(Board::default()));
        alerts.into_iter().for_each(|alert| board.borrow_mut().add(alert, false));
        let answers = Rc::new(RefCell::new(Vec::new()));
        let (drawn, answered) = (board.clone(), answers.clone());
        let setting = Setting { language, now: Timestamp::from_millis(1_790_000_000_000) };
        let mut styled = false;
        let harness = Harness::builder().with_size(Vec2::new(960.0, 620.0)).with_step_dt(0.1).build_ui(move |ui| {
            if !std::mem::replace(&mut styled, true) {
                theme::apply(ui.ctx());
            }
            let answer = show(ui, &mut drawn.borrow_mut(), setting);
            if let Some(answer) = answer {
                drawn.borrow_mut().remove(answer.id);
                answered.borrow_mut().push(answer);
            }
        });
        Self { harness, answers, board }
    }

    fn wait(&mut self, seconds: u32) {
        (0..seconds * 10).for_each(|_| self.harness.step());
    }

    fn press(&mut self, key: Key) {
        self.harness.key_press(key);
        self.harness.step();
        self.harness.step();
    }

    fn click(&mut self, label: &str) {
        self.harness.get_by_label(label).click();
        self.harness.step();
        self.harness.step();
    }

    fn says(&self, label: &str) -> bool {
        self.harness.query_by_label_contains(label).is_some()
    }

    fn answers(&self) -> Vec<(String, Option<String>)> {
        self.answers.borrow().iter().map(|answer| (answer.id.to_string(), answer.reply.clone())).collect()
    }
}

fn alert(number: u128, severity: Severity) -> Alert {
    Alert {
        id: AlertId::from_parts(Timestamp::from_millis(1), number),
        seq: 1,
        severity,
        title: format!("Title {number}"),
        text: format!("Text {number}"),
        from: "ana".into(),
        audience: Audience::Global,
        sent_at: Timestamp::from_millis(1_790_000_000_000),
        expires_at: None,
        expires_in_s: None,
        replies: Vec::new(),
        free_reply: false,
        drill: false,
        replaces: None,
        signature: String::new(),
    }
}

fn id(number: u128) -> String {
    alert(number, Severity::Info).id.to_string()
}

#[test]
fn an_alert_says_all_that_it_is_in_both_languages() {
    let shown = || vec![Alert { drill: true, ..alert(1, Severity::Critical) }];
    let desk = Desk::with(Language::Spanish, shown());
    for words in ["Crítico", "Title 1", "Text 1", "De ana", "para todos", "hoy ", "Simulacro", "Entendido"] {
        assert!(desk.says(words), "{words}");
    }
    let desk = Desk::with(Language::English, shown());
    for words in ["Critical", "From ana", "for everybody", "today ", "Drill", "Understood"] {
        assert!(desk.says(words), "{words}");
    }
}

#[test]
fn the_button_dismisses_and_the_next_alert_comes_in_front() {
    let mut desk = Desk::with(Language::English, vec![alert(1, Severity::Info), alert(2, Severity::Critical)]);
    desk.wait(1);
    assert!(desk.says("1 of 2") && desk.says("Text 2"));
    desk.click("Understood");
    assert_eq!(desk.answers(), [(id(2), None)]);
    assert!(desk.says("Text 1") && !desk.says("1 of 2"));
}

#[test]
fn the_second_half_of_a_double_click_does_not_dismiss_the_next_alert() {
    let mut desk = Desk::with(Language::English, vec![alert(1, Severity::Info), alert(2, Severity::Critical)]);
    desk.wait(1);
    desk.click("Understood");
    desk.click("Understood");
    assert_eq!(desk.answers(), [(id(2), None)]);
}

#[test]
fn a_stray_key_does_not_dismiss_but_tab_and_enter_do() {
    let mut desk = Desk::with(Language::English, vec![alert(1, Severity::Error)]);
    desk.press(Key::Tab);
    desk.press(Key::Enter);
    desk.press(Key::Space);
    assert_eq!(desk.answers(), []);
    desk.wait(1);
    desk.press(Key::Enter);
    assert_eq!(desk.answers(), [(id(1), None)]);
}

#[test]
fn enter_alone_dismisses_nothing_and_escape_neither() {
    let mut desk = Desk::with(Language::English, vec![alert(1, Severity::Error)]);
    desk.wait(2);
    desk.press(Key::Enter);
    desk.press(Key::Space);
    desk.press(Key::Escape);
    assert_eq!(desk.answers(), []);
}

#[test]
fn a_quick_reply_dismisses_with_its_text() {
    let replies = vec!["On my way".to_owned(), "Not possible".to_owned()];
    let mut desk = Desk::with(Language::English, vec![Alert { replies, ..alert(1, Severity::Warning) }]);
    desk.wait(1);
    desk.click("Not possible");
    assert_eq!(desk.answers(), [(id(1), Some("Not possible".into()))]);
}

#[test]
fn the_list_brings_another_alert_in_front() {
    let mut desk = Desk::with(Language::English, vec![alert(1, Severity::Info), alert(2, Severity::Critical)]);
    desk.wait(1);
    desk.click("Information: Title 1");
    assert!(desk.says("Text 1") && desk.says("2 of 2"));
    desk.wait(1);
    desk.click("Understood");
    assert_eq!(desk.answers(), [(id(1), None)]);
}

#[test]
fn rows_beyond_the_window_do_not_count_as_shown() {
    let mut desk = Desk::with(Language::English, (0..40).map(|number| alert(number, Severity::Warning)).collect());
    desk.wait(1);
    let shown = desk.board.borrow_mut().newly_shown().len();
    assert!((3..20).contains(&shown), "{shown}");
}

#[test]
fn a_person_answers_in_their_own_words() {
    let mut desk = Desk::with(Language::English, vec![Alert { free_reply: true, ..alert(1, Severity::Warning) }]);
    desk.wait(2);
    desk.click("Reply");
    assert_eq!(desk.answers(), [], "nothing was written");
    desk.harness.get_by_role(Role::TextInput).focus();
    desk.harness.step();
    desk.harness.get_by_role(Role::TextInput).type_text("  Two boxes left ");
    desk.wait(1);
    desk.click("Reply");
    assert_eq!(desk.answers(), [(id(1), Some("Two boxes left".into()))]);
}

#[test]
fn enter_in_the_field_sends_what_was_written_and_nothing_longer_than_allowed() {
    let mut desk = Desk::with(Language::Spanish, vec![Alert { free_reply: true, ..alert(1, Severity::Info) }]);
    desk.wait(2);
    assert!(desk.says("Responder"));
    desk.harness.get_by_role(Role::TextInput).focus();
    desk.harness.step();
    desk.harness.get_by_role(Role::TextInput).type_text(&"ñ".repeat(300));
    desk.wait(1);
    desk.press(Key::Enter);
    assert_eq!(desk.answers(), [(id(1), Some("ñ".repeat(200)))]);
}

#[test]
fn an_alert_without_a_free_reply_has_no_field() {
    let desk = Desk::with(Language::English, vec![alert(1, Severity::Info)]);
    assert!(desk.harness.query_by_role(Role::TextInput).is_none());
}

#[test]
fn a_corrected_alert_says_so_and_takes_the_place_of_the_old_one() {
    let mut desk = Desk::with(Language::English, vec![alert(1, Severity::Warning), alert(2, Severity::Warning)]);
    desk.wait(1);
    assert!(desk.says("Text 1") && !desk.says("Corrected"));
    let old = alert(1, Severity::Warning).id;
    desk.board.borrow_mut().add(Alert { replaces: Some(old), ..alert(3, Severity::Info) }, false);
    desk.wait(1);
    assert!(desk.says("Text 3") && desk.says("Corrected") && desk.says("2 of 2") && !desk.says("Text 1"));
}
