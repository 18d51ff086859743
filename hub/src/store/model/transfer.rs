//! What a hub knows, as one JSON document, and what becomes of one that is read.

use std::collections::BTreeMap;

use hub_core::problem::FieldProblem;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use shared::Timestamp;

/// What a document says of itself in `format`.
pub const FORMAT: &str = "pregon-export";
/// The only version that this hub writes and reads.
pub const VERSION: u32 = 1;

#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Export {
    pub format: String,
    pub version: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub made_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hub_version: Option<String>,
    /// By name; each has a shape of its own.
    #[schema(value_type = Object)]
    pub sections: BTreeMap<String, Value>,
}

/// What an import changes in one section.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct SectionChange {
    pub section: String,
    pub added: u64,
    pub changed: u64,
    pub unchanged: u64,
    /// Only written, never read back: kept out.
    pub ignored: u64,
    /// Some of what is added or changed, by name.
    pub names: Vec<String>,
}

/// Names that a change lists at most.
const NAMES: usize = 20;

impl SectionChange {
    pub fn add(&mut self, name: impl Into<String>) {
        self.added += 1;
        self.list(name.into());
    }

    pub fn change(&mut self, name: impl Into<String>) {
        self.changed += 1;
        self.list(name.into());
    }

    fn list(&mut self, name: String) {
        if self.names.len() < NAMES {
            self.names.push(name);
        }
    }
}

/// What came of an import, or would.
#[derive(Debug, Clone)]
pub enum Imported {
    /// Nothing was written: every fault with its path.
    Faulty(Vec<FieldProblem>),
    Fine {
        changes: Vec<SectionChange>,
        users: Vec<i64>,
    },
}
