//! What the branch wrote to the technicians and the hub does not have yet. Pure: which message is said when.
//!
//! One at a time, oldest first, so that they arrive in their order and the hub is never flooded. Each is said again
//! under its own id on every link until the hub confirms it; the hub keeps it once.

pub mod disk;

use std::collections::BTreeSet;

use shared::MessageId;
use shared::text;
use shared::wire::limits;
use shared::wire::to_agent::Error;

use crate::language::Language;
use crate::platform::Moment;

/// What was said and not confirmed is said again after this time, milliseconds.
const REPEAT_MS: u64 = 30_000;
/// The hub takes one message in 3 s from who has written many.
const WHEN_RATED_MS: u64 = 3_500;
/// The hub's disk is full or gone for now.
const WHEN_NOT_SAVED_MS: u64 = 15_000;

/// A message as the hub takes it: cleaned, not empty, not too long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text(String);

/// Why something is no message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextError {
    Empty,
    TooLong(usize),
}

impl Text {
    /// Characters of a message as the hub counts them.
    pub fn count(written: &str) -> usize {
        text::lines(written).chars().count()
    }

    pub fn parse(written: &str) -> Result<Self, TextError> {
        let text = text::lines(written);
        match text.chars().count() {
            0 => Err(TextError::Empty),
            count if count > limits::BRANCH_MESSAGE_CHARS => Err(TextError::TooLong(count)),
            _ => Ok(Self(text)),
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TextError {
    pub fn in_words(self, language: Language) -> String {
        let most = limits::BRANCH_MESSAGE_CHARS;
        match (self, language) {
            (Self::Empty, Language::Spanish) => "el mensaje está vacío".into(),
            (Self::Empty, Language::English) => "the message is empty".into(),
            (Self::TooLong(count), Language::Spanish) => format!("el mensaje tiene {count} caracteres; caben {most}"),
            (Self::TooLong(count), Language::English) => format!("the message has {count} characters; at most {most} are allowed"),
        }
    }
}

/// The ids of all messages that wait, and which of them is on its way.
#[derive(Debug, Default)]
pub struct Outbox {
    waiting: BTreeSet<MessageId>,
    /// The hub refused these on this link, or they cannot be read: the others go first.
    set_aside: BTreeSet<MessageId>,
    linked: bool,
    said: Option<(MessageId, Moment)>,
    /// Nothing is said for so many milliseconds from then.
    pause: Option<(Moment, u64)>,
}

impl Outbox {
    /// What lies on the disk now.
    pub fn set(&mut self, waiting: BTreeSet<MessageId>) {
        self.set_aside.retain(|id| waiting.contains(id));
        self.said = self.said.take().filter(|(id, _)| waiting.contains(id));
        self.waiting = waiting;
    }

    pub fn len(&self) -> usize {
        self.waiting.len()
    }

    pub fn up(&mut self) {
        *self = Self { waiting: std::mem::take(&mut self.waiting), linked: true, ..Self::default() };
    }

    pub fn down(&mut self) {
        self.linked = false;
        self.said = None;
    }

    /// The message to be said now, if any; it counts as said.
    pub fn next(&mut self, now: &Moment) -> Option<MessageId> {
        let is_waited_for = self.said.as_ref().is_some_and(|(_, at)| now.millis_since(at) < REPEAT_MS);
        let is_paused = self.pause.as_ref().is_some_and(|(from, wait)| now.millis_since(from) < *wait);
        if !self.linked || is_waited_for || is_paused {
            return None;
        }
        let next = self.waiting.difference(&self.set_aside).next().copied();
        self.said = next.map(|id| (id, now.clone()));
        next
    }

    /// The link took no more: it is said with the next tick.
    pub fn unsaid(&mut self) {
        self.said = None;
    }

    /// The hub has it; whether it was still waiting.
    pub fn confirmed(&mut self, id: MessageId) -> bool {
        self.said.take_if(|(said, _)| *said == id);
        self.waiting.remove(&id)
    }

    /// This one cannot be said: the others must not wait for it.
    pub fn set_aside(&mut self, id: MessageId) {
        self.said.take_if(|(said, _)| *said == id);
        self.set_aside.insert(id);
    }

    /// The hub did not take a frame. Says which message it refused, if it was one.
    pub fn refused(&mut self, error: &Error, now: &Moment) -> Option<MessageId> {
        let wait = match error.code.as_str() {
            "rate_limited" => WHEN_RATED_MS,
            "not_saved" => WHEN_NOT_SAVED_MS,
            "invalid_frame" if is_about_message(error) => {
                let (id, _) = self.said.take()?;
                self.set_aside.insert(id);
                return Some(id);
            }
            _ => return None,
        };
        self.said = None;
        self.pause = Some((now.clone(), wait));
        None
    }
}

/// The hub names the frame or its field first.
fn is_about_message(error: &Error) -> bool {
    error.detail.as_deref().is_some_and(|detail| ["`message`", "`text`"].iter().any(|start| detail.starts_with(start)))
}

#[cfg(test)]
mod tests {
    use shared::Timestamp;

    use super::*;

    fn id(number: i64) -> MessageId {
        MessageId::from_parts(Timestamp::from_millis(number), 0)
    }

    fn at(seconds: u64) -> Moment {
        Moment { wall: Timestamp::from_millis(0), boot: "b".into(), uptime_ms: seconds * 1_000 }
    }

    fn with(ids: &[i64]) -> Outbox {
        let mut outbox = Outbox::default();
        outbox.set(ids.iter().map(|number| id(*number)).collect());
        outbox
    }

    fn error(code: &str, detail: &str) -> Error {
        Error { code: code.into(), detail: Some(detail.into()) }
    }

    #[test]
    fn messages_go_one_at_a_time_oldest_first_once_there_is_a_link() {
        let mut outbox = with(&[2, 1, 3]);
        assert_eq!(outbox.next(&at(0)), None, "no link");
        outbox.up();
        assert_eq!(outbox.next(&at(0)), Some(id(1)));
        assert_eq!(outbox.next(&at(1)), None, "the first is not confirmed yet");
        assert!(outbox.confirmed(id(1)) && !outbox.confirmed(id(1)));
        assert_eq!((outbox.next(&at(1)), outbox.len()), (Some(id(2)), 2));
    }

    #[test]
    fn what_is_not_confirmed_is_said_again_on_the_next_link_and_after_a_while() {
        let mut outbox = with(&[1]);
        outbox.up();
        assert_eq!(outbox.next(&at(0)), Some(id(1)));
        outbox.down();
        assert_eq!(outbox.next(&at(1)), None);
        outbox.up();
        assert_eq!(outbox.next(&at(2)), Some(id(1)));
        assert_eq!(outbox.next(&at(31)), None);
        assert_eq!(outbox.next(&at(32)), Some(id(1)));
        outbox.unsaid();
        assert_eq!(outbox.next(&at(33)), Some(id(1)));
    }

    #[test]
    fn a_hub_that_cannot_take_it_now_is_given_time() {
        for (code, wait) in [("rate_limited", 4), ("not_saved", 15)] {
            let mut outbox = with(&[1]);
            outbox.up();
            outbox.next(&at(0));
            assert_eq!(outbox.refused(&error(code, "later"), &at(1)), None);
            assert_eq!(outbox.next(&at(wait)), None, "{code}");
            assert_eq!(outbox.next(&at(wait + 1)), Some(id(1)), "{code}");
        }
    }

    #[test]
    fn a_message_that_the_hub_refuses_holds_up_no_other() {
        let mut outbox = with(&[1, 2]);
        outbox.up();
        outbox.next(&at(0));
        assert_eq!(outbox.refused(&error("invalid_frame", "`receipts`: no"), &at(0)), None);
        assert_eq!(outbox.refused(&error("invalid_frame", "`message`: `text` has more than 500 characters"), &at(0)), Some(id(1)));
        assert_eq!(outbox.next(&at(0)), Some(id(2)));
        assert!(outbox.confirmed(id(2)));
        assert_eq!((outbox.next(&at(1)), outbox.len()), (None, 1));
        outbox.up();
        assert_eq!(outbox.next(&at(2)), Some(id(1)), "a newer hub may take it");
    }

    #[test]
    fn a_message_that_has_gone_from_the_disk_is_waited_for_no_longer() {
        let mut outbox = with(&[1]);
        outbox.up();
        outbox.next(&at(0));
        outbox.set([id(2)].into());
        assert_eq!(outbox.next(&at(0)), Some(id(2)));
    }

    #[test]
    fn a_text_is_cleaned_counted_and_never_cut() {
        assert_eq!(Text::parse(" a\r\nb\u{7} ").map(|text| text.0), Ok("a\nb".to_owned()));
        assert_eq!(Text::parse(" \u{7}\n"), Err(TextError::Empty));
        assert_eq!(Text::parse(&"ñ".repeat(1_001)), Err(TextError::TooLong(1_001)));
        assert!(Text::parse(&"ñ".repeat(1_000)).is_ok());
        assert_eq!(Text::count("  👩‍⚕️ "), 4);
    }
}
