//! The hub of Pregón. `main.rs` is the program; this library lets tests and tools start the real thing.

pub mod app;
pub mod backup;
pub mod chores;
pub mod cli;
pub mod clock;
pub mod config;
pub mod courier;
pub mod fanout;
pub mod http;
pub mod hub;
pub mod ingest;
pub mod logs;
pub mod monitor;
pub mod notice;
pub mod publish;
pub mod rules;
pub mod security;
pub mod serve;
pub mod session;
pub mod store;
pub mod tasks;
