//! Names, ids and wire frames that hub, agent and tools have in common.
//!
//! No runtime, no input or output, no clock: `now` is always an argument of the caller.

pub mod audience;
pub mod id;
pub mod name;
pub mod secret;
pub mod severity;
pub mod signature;
pub mod text;
pub mod time;
pub mod wire;

pub use audience::Audience;
pub use id::{AlertId, MessageId};
pub use name::Name;
pub use severity::Severity;
pub use time::Timestamp;
