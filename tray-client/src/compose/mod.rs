//! The window “Write to head office”, a process of its own: it puts a message into the outbox and shows what becomes of it.
//!
//! It needs no running agent, and outlives the one that opened it: nobody's words are lost with a process.

mod app;
mod draft;
mod view;
mod words;

use std::process::ExitCode;

use crate::command::complain;
use crate::folder::Folder;
use crate::language::Language;
use crate::outbox::disk::Drawer;

/// Opens the window; returns when a person has closed it.
pub fn run(folder: &Folder, language: Language) -> ExitCode {
    match app::run(folder.clone(), Drawer::of(folder), language) {
        Ok(()) => ExitCode::SUCCESS,
        Err(err) => {
            complain(&format!("{}: {err}", language.pick("no se puede abrir una ventana", "no window can be opened")));
            ExitCode::from(1)
        }
    }
}
