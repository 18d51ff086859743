//! The subcommands that do one thing and end.

pub mod enrol;
pub mod status;

use std::io::Write as _;

/// A sentence for the person at the terminal. A closed terminal is no failure.
pub fn say(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}

/// The same on standard error.
pub fn complain(text: &str) {
    let _ = writeln!(std::io::stderr(), "pregon-tray: {text}");
}
