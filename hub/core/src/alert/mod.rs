//! An alert: what may be sent, and how its deliveries move on.

mod draft;
mod plan;
mod state;

pub use draft::{Draft, DraftInput, expiry_of};
pub use plan::{Every, Plan, PlanInput, Repeat};
pub use state::State;
