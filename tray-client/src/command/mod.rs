//! The subcommands that do one thing and end.

pub mod enrol;
pub mod status;
pub mod write;

use std::io::Write as _;

use crate::folder::Folder;
use crate::language::Language;

/// A sentence for the person at the terminal. A closed terminal is no failure.
pub fn say(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}

/// The same on standard error.
pub fn complain(text: &str) {
    let _ = writeln!(std::io::stderr(), "pregon-tray: {text}");
}

pub fn not_enrolled_words(folder: &Folder, language: Language) -> String {
    let path = folder.path().display();
    match language {
        Language::Spanish => format!("este equipo no está dado de alta en {path}; hágalo con: pregon-tray enrol --hub … --name … --code …"),
        Language::English => format!("this PC is not enrolled in {path}; do so with: pregon-tray enrol --hub … --name … --code …"),
    }
}
