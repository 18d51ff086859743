//! Sensors: JSON lines over TCP, one answer a line, in order.

mod connection;
mod lines;
pub mod listener;
