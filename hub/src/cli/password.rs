//! Takes a password from a person or a script, never from the command line, where other users could see it.

use std::io::{BufRead as _, IsTerminal as _, Read as _};

use zeroize::Zeroizing;

use super::args::PasswordSource;
use super::output::Failure;

/// More than any password has; a wrong file on standard input is not read to its end.
const LINE_BYTES: u64 = 4_096;

/// Asks twice at a terminal, or reads one line with `--password-stdin`.
pub fn take(source: &PasswordSource, user: &str) -> Result<Zeroizing<String>, Failure> {
    if source.password_stdin {
        return from_stdin();
    }
    if !std::io::stdin().is_terminal() {
        let advice = "there is no terminal to ask at: use --password-stdin".to_owned();
        return Err(Failure::bad_input("the password is missing", &[advice]));
    }
    let ask = |prompt: String| {
        rpassword::prompt_password(prompt)
            .map(Zeroizing::new)
            .map_err(|err| Failure::running(format!("the password could not be read: {err}")))
    };
    let first = ask(format!("Password for {user}: "))?;
    let again = ask("Again: ".to_owned())?;
    if *first != *again {
        return Err(Failure::bad_input("the password was not taken", &["the two are not the same".to_owned()]));
    }
    Ok(first)
}

fn from_stdin() -> Result<Zeroizing<String>, Failure> {
    let mut line = Zeroizing::new(String::new());
    let read = std::io::stdin().lock().take(LINE_BYTES).read_line(&mut line);
    read.map_err(|err| Failure::running(format!("standard input could not be read: {err}")))?;
    let password = Zeroizing::new(line.trim_end_matches(['\r', '\n']).to_owned());
    if password.is_empty() {
        return Err(Failure::bad_input("the password is missing", &["the first line of standard input is empty".to_owned()]));
    }
    Ok(password)
}
