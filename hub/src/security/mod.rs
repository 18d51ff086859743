//! Secrets and proofs: passwords, tokens, agents' keys, the hub's own secrets and its certificates.

pub mod addresses;
pub mod files;
pub mod password;
pub mod proof;
pub mod rates;
pub mod secrets;
pub mod tls;
pub mod token;
