//! What the hub keeps: methods in domain words, each one transaction. Only this folder knows SQL.

mod error;
mod model;
mod sqlite;

pub use error::StoreError;
pub use model::*;
pub use sqlite::{BATCH, CUT, KeptSetting, Old, Store, Verification, adopt, diagnose, snapshot, verify_actions};
