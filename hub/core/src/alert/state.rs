//! The state of a delivery; it only moves forward.

use shared::wire::to_hub::ReceiptState;

/// How far an alert came on its way to one client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// Saved, not yet written to a connection.
    Queued,
    /// Written to a connection; proves nothing.
    Sent,
    /// On the agent's disk.
    Delivered,
    /// Drawn on the screen.
    Displayed,
    /// Closed by a person.
    Dismissed,
    /// Its time ran out before it was displayed.
    Expired,
    /// Taken back by its sender.
    Withdrawn,
    /// The client was revoked before it got it.
    Undeliverable,
}

impl State {
    pub const ALL: [State; 8] =
        [Self::Queued, Self::Sent, Self::Delivered, Self::Displayed, Self::Dismissed, Self::Expired, Self::Withdrawn, Self::Undeliverable];

    /// Number for storage; the first five are in the order of the way.
    pub fn rank(self) -> u8 {
        self as u8
    }

    pub fn from_rank(rank: u8) -> Option<Self> {
        Self::ALL.get(usize::from(rank)).copied()
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Displayed => "displayed",
            Self::Dismissed => "dismissed",
            Self::Expired => "expired",
            Self::Withdrawn => "withdrawn",
            Self::Undeliverable => "undeliverable",
        }
    }

    /// No further delivery is attempted.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Dismissed | Self::Expired | Self::Withdrawn | Self::Undeliverable)
    }

    /// The state after a receipt; `None` when the receipt says nothing new.
    ///
    /// What was displayed before it expired may be told afterwards: then it had not expired unseen. A branch may have seen
    /// an alert before it heard of its withdrawal: the state stays, and only the times of the receipt are kept.
    pub fn after(self, receipt: ReceiptState) -> Option<Self> {
        let next = match receipt {
            ReceiptState::Delivered => Self::Delivered,
            ReceiptState::Displayed => Self::Displayed,
            ReceiptState::Dismissed => Self::Dismissed,
            ReceiptState::Withdrawn => return None,
        };
        if self == Self::Expired {
            return (next != Self::Delivered).then_some(next);
        }
        (!self.is_final() && next.rank() > self.rank()).then_some(next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_only_move_forward() {
        use ReceiptState as R;
        let table = [
            (State::Queued, R::Delivered, Some(State::Delivered)),
            (State::Queued, R::Dismissed, Some(State::Dismissed)),
            (State::Sent, R::Displayed, Some(State::Displayed)),
            (State::Displayed, R::Delivered, None),
            (State::Displayed, R::Displayed, None),
            (State::Dismissed, R::Displayed, None),
            (State::Withdrawn, R::Dismissed, None),
            (State::Expired, R::Delivered, None),
            (State::Expired, R::Displayed, Some(State::Displayed)),
            (State::Expired, R::Dismissed, Some(State::Dismissed)),
            (State::Queued, R::Withdrawn, None),
        ];
        for (state, receipt, expected) in table {
            assert_eq!(state.after(receipt), expected, "{state:?} {receipt:?}");
        }
    }

    #[test]
    fn ranks_round_trip() {
        for state in State::ALL {
            assert_eq!(State::from_rank(state.rank()), Some(state));
        }
        assert_eq!(State::from_rank(8), None);
    }
}
