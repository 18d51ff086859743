//! The hub's decisions: what an alert may be, how its deliveries move on, what an event causes, who may do what.
//!
//! No input or output and no clock: `now` is an argument.

pub mod absence;
pub mod access;
pub mod alert;
pub mod escalate;
pub mod limits;
pub mod notice;
pub mod phrase;
pub mod problem;
pub mod reach;
pub mod rule;
pub mod spread;
pub mod version;
