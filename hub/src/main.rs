//! The hub as a program; everything else is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    pregon_hub::cli::run()
}
