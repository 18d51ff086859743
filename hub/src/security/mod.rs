//! Secrets and proofs: passwords, tokens, agents' keys, the hub's own secrets and its certificates.

pub mod addresses;
pub mod attempts;
mod common;
pub mod files;
pub mod guard;
pub mod password;
pub mod proof;
pub mod rates;
pub mod requests;
pub mod seal;
pub mod second_factor;
pub mod secrets;
pub mod tls;
pub mod token;
