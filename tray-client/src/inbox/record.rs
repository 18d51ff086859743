//! What is written to disk about alerts: one record for each thing that happened.

use serde::{Deserialize, Serialize};
use shared::wire::to_agent::{Alert, ReceiptOk};
use shared::wire::to_hub::Receipt;
use shared::{AlertId, Timestamp};

use super::Entry;
use crate::platform::Moment;

/// One thing that happened, or (after a compaction) all that is known of one alert.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "record", rename_all = "lowercase")]
pub enum Record {
    /// The hub's database; another one than before makes the agent forget what is over.
    Epoch {
        epoch: String,
    },
    Arrived {
        alert: Box<Alert>,
        at: Moment,
    },
    /// A receipt that the hub is owed; its state says what happened.
    Happened {
        receipt: Receipt,
    },
    /// Its time ran out before anybody saw it.
    Expired {
        id: AlertId,
        at: Timestamp,
    },
    /// The hub has these receipts.
    Confirmed {
        items: Vec<ReceiptOk>,
    },
    Entry {
        id: AlertId,
        entry: Entry,
    },
}

impl Record {
    /// Whether the record must be on disk before the agent acts on it. A lost confirmation is only asked for again.
    pub fn must_be_durable(&self) -> bool {
        !matches!(self, Self::Confirmed { .. })
    }
}
