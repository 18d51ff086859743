//! What the hub keeps: methods in domain words, each one transaction. Only this folder knows SQL.

mod error;
mod model;
mod sqlite;

pub use error::StoreError;
pub use model::*;
pub use sqlite::{KeptSetting, Store, Verification, adopt, diagnose, snapshot, verify_actions};
