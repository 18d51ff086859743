//! What the wire looks like, frame by frame, and what its decoders make of hostile bytes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod frames;
mod golden;
mod hostile;
mod round_trip;
