//! What a person is writing, and how far it came. Pure: no window, no disk.

use shared::MessageId;
use shared::wire::limits;

use crate::outbox::Text;

/// The sheet of paper.
#[derive(Debug, Default)]
pub struct Draft {
    pub text: String,
    stage: Stage,
    /// Why the message could not be kept.
    trouble: Option<String>,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    #[default]
    Writing,
    /// Somebody wants to close the window, and what is written would be lost.
    Leaving,
    /// It is kept on this PC, the hub does not have it yet.
    Queued(MessageId),
    Sent,
}

impl Draft {
    pub fn stage(&self) -> Stage {
        self.stage
    }

    pub fn trouble(&self) -> Option<&str> {
        self.trouble.as_deref()
    }

    /// Characters written, as the hub counts them.
    pub fn count(&self) -> usize {
        Text::count(&self.text)
    }

    /// Characters beyond what a message may have.
    pub fn excess(&self) -> usize {
        self.count().saturating_sub(limits::BRANCH_MESSAGE_CHARS)
    }

    /// The message, if it can be sent as it is.
    pub fn ready(&self) -> Option<Text> {
        let is_open = matches!(self.stage, Stage::Writing | Stage::Leaving);
        Text::parse(&self.text).ok().filter(|_| is_open)
    }

    /// A person wants to close the window; true if it may close at once.
    pub fn leave(&mut self) -> bool {
        match self.stage {
            Stage::Writing if self.text.trim().is_empty() => true,
            Stage::Writing | Stage::Leaving => {
                self.stage = Stage::Leaving;
                false
            }
            Stage::Queued(_) | Stage::Sent => true,
        }
    }

    pub fn keep_writing(&mut self) {
        self.stage = Stage::Writing;
    }

    pub fn kept(&mut self, id: MessageId) {
        self.stage = Stage::Queued(id);
        self.trouble = None;
    }

    /// The text stays, so that it can be tried again.
    pub fn failed(&mut self, why: String) {
        self.stage = Stage::Writing;
        self.trouble = Some(why);
    }

    /// The hub has the message.
    pub fn arrived(&mut self) {
        self.stage = Stage::Sent;
    }

    /// An empty sheet for the next message.
    pub fn again(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use shared::Timestamp;

    use super::*;

    fn id() -> MessageId {
        MessageId::from_parts(Timestamp::from_millis(1), 1)
    }

    fn written(text: &str) -> Draft {
        Draft { text: text.into(), ..Draft::default() }
    }

    #[test]
    fn closing_asks_only_when_words_would_be_lost() {
        assert!(written("").leave() && written(" \n ").leave());
        let mut draft = written("help");
        assert!(!draft.leave() && !draft.leave());
        assert_eq!(draft.stage(), Stage::Leaving);
        draft.keep_writing();
        assert_eq!((draft.stage(), draft.text.as_str()), (Stage::Writing, "help"));
        draft.kept(id());
        assert!(draft.leave());
        draft.arrived();
        assert!(draft.leave());
    }

    #[test]
    fn only_a_message_that_the_hub_takes_can_be_sent_and_only_once() {
        assert!(written(" ").ready().is_none() && written("x").ready().is_some());
        let long = written(&"ñ".repeat(1_003));
        assert_eq!((long.ready(), long.count(), long.excess()), (None, 1_003, 3));
        let mut draft = written("x");
        draft.kept(id());
        assert!(draft.ready().is_none());
    }

    #[test]
    fn what_could_not_be_kept_stays_written_and_a_new_sheet_is_empty() {
        let mut draft = written("x");
        draft.failed("disk full".into());
        assert_eq!((draft.trouble(), draft.text.as_str(), draft.stage()), (Some("disk full"), "x", Stage::Writing));
        draft.kept(id());
        assert_eq!(draft.trouble(), None);
        draft.again();
        assert_eq!((draft.text.as_str(), draft.stage()), ("", Stage::Writing));
    }
}
