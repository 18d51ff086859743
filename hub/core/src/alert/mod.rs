//! An alert: what may be sent, and how its deliveries move on.

mod draft;
mod state;

pub use draft::{Draft, DraftInput, default_expiry};
pub use state::State;
