//! A connected agent: let in by `handshake`, served by one `actor`; `accept` is the front door of every HTTPS connection.

pub mod accept;
mod actor;
mod doorman;
mod handshake;
mod hearing;
pub mod rotation;
mod socket;
mod upgrade;
