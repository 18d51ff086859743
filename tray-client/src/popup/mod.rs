//! The window's process: draws the alerts that the agent feeds it, and says what was seen and dismissed.

use std::process::ExitCode;

use crate::language::Language;

pub fn run(_language: Language) -> ExitCode {
    ExitCode::from(crate::screen::window::NO_WINDOW)
}
