//! The window to write in without a window: what it says, and what a person can do in it.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::cell::RefCell;
use std::rc::Rc;

use eframe::egui::accesskit::Role;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use shared::{MessageId, Timestamp};

use super::*;

/// The window with its draft, and everything that a person wished.
struct Desk {
    harness: Harness<'static>,
    wishes: Rc<RefCell<Vec<Wish>>>,
    draft: Rc<RefCell<Draft>>,
}

impl Desk {
    fn with(language: Language, way: Way) -> Self {
        let draft = Rc::new(RefCell::new(Draft::default()));
        let wishes = Rc::new(RefCell::new(Vec::new()));
        let (drawn, wished) = (draft.clone(), wishes.clone());
        let mut styled = false;
        let harness = Harness::builder().with_size(vec2(640.0, 460.0)).build_ui(move |ui| {
            if !std::mem::replace(&mut styled, true) {
                theme::apply(ui.ctx());
            }
            wished.borrow_mut().extend(show(ui, &mut drawn.borrow_mut(), Setting { language, way }));
        });
        let mut desk = Self { harness, wishes, draft };
        desk.step();
        desk
    }

    fn open() -> Self {
        Self::with(Language::English, Way::Open)
    }

    fn step(&mut self) {
        (0..3).for_each(|_| self.harness.step());
    }

    fn write(&mut self, text: &str) {
        self.harness.get_by_role(Role::MultilineTextInput).type_text(text);
        self.step();
    }

    fn press(&mut self, modifiers: Modifiers, key: Key) {
        self.harness.key_press_modifiers(modifiers, key);
        self.step();
    }

    fn click(&mut self, label: &str) {
        self.harness.get_by_label(label).click();
        self.step();
    }

    fn says(&self, label: &str) -> bool {
        self.harness.query_by_label_contains(label).is_some()
    }

    fn wishes(&self) -> Vec<Wish> {
        self.wishes.borrow().clone()
    }
}

fn send(text: &str) -> Wish {
    Wish::Send(Text::parse(text).unwrap())
}

#[test]
fn it_can_be_written_at_once_and_control_enter_sends() {
    let mut desk = Desk::open();
    assert!(desk.says("0 / 1000"));
    desk.write("The till is on fire");
    assert!(desk.says("19 / 1000"));
    desk.press(Modifiers::NONE, Key::Enter);
    assert_eq!(desk.wishes(), [], "a line break");
    desk.press(Modifiers::COMMAND, Key::Enter);
    assert_eq!(desk.wishes(), [send("The till is on fire")]);
}

#[test]
fn the_button_sends_and_nothing_can_be_sent_that_is_empty_or_too_long() {
    let mut desk = Desk::open();
    desk.click("Send");
    desk.press(Modifiers::COMMAND, Key::Enter);
    assert_eq!(desk.wishes(), []);
    desk.write(&"ñ".repeat(1_002));
    assert!(desk.says("1002 / 1000") && desk.says("2 characters too many"));
    desk.click("Send");
    assert_eq!(desk.wishes(), []);
    desk.draft.borrow_mut().text = "help".into();
    desk.step();
    desk.click("Send");
    assert_eq!(desk.wishes(), [send("help")]);
}

#[test]
fn escape_closes_an_empty_sheet_and_asks_about_a_written_one() {
    let mut desk = Desk::open();
    desk.press(Modifiers::NONE, Key::Escape);
    assert_eq!(desk.wishes(), [Wish::Close]);

    let mut desk = Desk::open();
    desk.write("half");
    desk.press(Modifiers::NONE, Key::Escape);
    assert!(desk.says("Close without sending?") && desk.wishes().is_empty());
    desk.press(Modifiers::NONE, Key::Escape);
    assert!(!desk.says("Close without sending?"));
    desk.write(" a thought");
    desk.press(Modifiers::NONE, Key::Escape);
    desk.click("Keep writing");
    assert!(desk.wishes().is_empty());
    desk.press(Modifiers::COMMAND, Key::Enter);
    assert_eq!(desk.wishes(), [send("half a thought")]);
    desk.press(Modifiers::NONE, Key::Escape);
    desk.click("Discard");
    assert_eq!(desk.wishes().last(), Some(&Wish::Close));
}

#[test]
fn enter_on_the_question_keeps_what_is_written() {
    let mut desk = Desk::open();
    desk.write("half");
    desk.press(Modifiers::NONE, Key::Escape);
    desk.press(Modifiers::NONE, Key::Enter);
    assert!(!desk.says("Close without sending?") && desk.wishes().is_empty());
    assert_eq!(desk.draft.borrow().text, "half");
}

#[test]
fn what_became_of_the_message_is_said_and_another_can_be_written() {
    let mut desk = Desk::open();
    desk.write("help");
    desk.draft.borrow_mut().kept(MessageId::from_parts(Timestamp::from_millis(1), 1));
    desk.step();
    assert!(desk.says("Queued") && desk.says("will be sent as soon as") && desk.says("help"));
    desk.draft.borrow_mut().arrived();
    desk.step();
    assert!(desk.says("Sent") && desk.says("The head office has it."));
    desk.click("Write another");
    assert!(desk.says("0 / 1000"));
    desk.write("more");
    desk.press(Modifiers::COMMAND, Key::Enter);
    assert_eq!(desk.wishes(), [send("more")]);
}

#[test]
fn a_sent_message_closes_with_escape_or_the_button() {
    for closing in [|desk: &mut Desk| desk.press(Modifiers::NONE, Key::Escape), |desk: &mut Desk| desk.click("Close")] {
        let mut desk = Desk::open();
        desk.draft.borrow_mut().arrived();
        desk.step();
        closing(&mut desk);
        assert_eq!(desk.wishes(), [Wish::Close]);
    }
}

#[test]
fn without_a_way_to_the_hub_it_says_so_in_both_languages() {
    assert!(Desk::with(Language::English, Way::Offline).says("No connection: it will be sent"));
    assert!(Desk::with(Language::Spanish, Way::Offline).says("Sin conexión: se enviará"));
    assert!(Desk::with(Language::English, Way::NoAgent).says("The agent is stopped"));
    let desk = Desk::with(Language::Spanish, Way::Open);
    for words in ["Escribir a la central", "Enviar", "Ctrl+Intro", "0 / 1000"] {
        assert!(desk.says(words), "{words}");
    }
}

#[test]
fn what_could_not_be_kept_stays_written_with_the_reason() {
    let mut desk = Desk::open();
    desk.write("help");
    desk.draft.borrow_mut().failed("the message cannot be kept: disk full".into());
    desk.step();
    assert!(desk.says("disk full"));
    desk.press(Modifiers::COMMAND, Key::Enter);
    assert_eq!(desk.wishes(), [send("help")]);
}
