//! What differs between operating systems; nothing outside this folder may depend on one of them.

mod moment;

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "linux")]
pub use linux::*;

pub use moment::Moment;
