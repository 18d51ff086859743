//! The real hub on free ports with a temporary database: real TLS, real WebSockets, real sensors.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod absence;
mod am_silences;
mod clients;
mod delivery;
mod dialects;
mod door;
mod durability;
mod event_history;
mod faults;
mod groups;
mod guard;
mod handshake;
mod harness;
mod history;
mod http;
mod intake;
mod life;
mod logs;
mod mail;
mod monitor;
mod openapi;
mod ownership;
mod panel;
mod people;
mod post;
mod retention;
mod roles;
mod rotation;
mod rules;
mod rules_time;
mod scheduled;
mod sensors;
mod statistics;
mod transfer;
mod webhooks;
