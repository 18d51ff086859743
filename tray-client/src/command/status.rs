//! `pregon-tray status`: whether the running agent is connected.

use std::process::ExitCode;

use crate::cli;
use crate::command::{complain, say};
use crate::folder::Folder;
use crate::language::Language;
use crate::status::Status;

/// Exit code 0 when an agent runs on the folder and is connected.
pub fn run(folder: &Folder, arguments: &cli::Status) -> ExitCode {
    let language = Language::of_system();
    // What a dead agent left behind says nothing about now: only the lock does.
    let running = if folder.is_held() { Status::read(folder) } else { None };
    let connected = running.as_ref().is_some_and(|status| status.connected);
    if arguments.json {
        say(&json(running.as_ref()));
    } else {
        let words = running.as_ref().map_or_else(|| stopped_words(folder, language), |status| status.detail.clone());
        if connected { say(&format!("Pregón: {words}")) } else { complain(&words) }
    }
    if connected { ExitCode::SUCCESS } else { ExitCode::from(1) }
}

fn json(running: Option<&Status>) -> String {
    let mut object =
        running.and_then(|status| serde_json::to_value(status).ok()).unwrap_or_else(|| serde_json::json!({"connected": false}));
    if let Some(fields) = object.as_object_mut() {
        fields.insert("running".into(), running.is_some().into());
    }
    object.to_string()
}

fn stopped_words(folder: &Folder, language: Language) -> String {
    let path = folder.path().display();
    match language {
        Language::Spanish => format!("no hay ningún agente en marcha en {path}; arránquelo con: pregon-tray --data {path}"),
        Language::English => format!("no agent runs on {path}; start it with: pregon-tray --data {path}"),
    }
}
