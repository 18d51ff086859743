//! From a saved alert to the sessions and panels that are connected here.

pub mod envelope;
pub mod ledger;
pub mod panels;
pub mod registry;
mod summary;

pub use ledger::Ledger;
pub use panels::Panels;
pub use registry::Registry;
pub use summary::AlertSummary;
