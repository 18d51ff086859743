//! The command line: `serve` runs the hub; every other subcommand is one request to it and one printout.
//!
//! Exit codes: 0 fine, 1 failed while running, 2 bad arguments or settings.

mod args;
mod ask;
mod audit;
mod backend;
mod backup;
mod ban;
mod commands;
mod doctor;
mod output;
mod password;
#[cfg(test)]
mod tests;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser as _;

use crate::app::AppError;
use crate::config::{Config, ConfigErrors};
use crate::security::tls::TlsError;
use crate::serve::ServeError;
use args::{Arguments, AuditCommand, Command};
use output::{Failure, Report};

/// Runs what the process was started with.
pub fn run() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(err) => {
            // Help goes to standard output and ends with 0, mistakes to standard error and end with 2.
            let _ = err.print();
            return ExitCode::from(u8::try_from(err.exit_code()).unwrap_or(output::BAD_INPUT));
        }
    };
    let is_json = arguments.json;
    match execute(arguments) {
        Ok(report) => report.print(is_json),
        Err(failure) => failure.print(is_json),
    }
}

fn execute(arguments: Arguments) -> Result<Report, Failure> {
    let Arguments { data, config, command, .. } = arguments;
    close_to_others();
    match command.unwrap_or(Command::Serve) {
        Command::Serve => serve(data, config.as_deref()),
        Command::Openapi => Ok(Report::document(crate::http::openapi::document_json())),
        Command::Backup { file } => backup::make(&data, &file),
        Command::Restore { file } => backup::put_back(&data, &file),
        Command::Audit(AuditCommand::Verify) => audit::verify(&data),
        Command::Doctor => block_on(doctor::run(&data, config.as_deref())),
        Command::User(command) => block_on(commands::user(&data, config.as_deref(), command)),
        Command::Client(command) => block_on(commands::client(&data, config.as_deref(), command)),
        Command::Token(command) => block_on(commands::token(&data, config.as_deref(), command)),
        Command::Ban(command) => block_on(ban::run(&data, config.as_deref(), command)),
        Command::Send(alert) => block_on(commands::send(&data, config.as_deref(), alert)),
    }
}

fn serve(data: PathBuf, config: Option<&Path>) -> Result<Report, Failure> {
    let config = load_config(&data, config)?;
    raise_open_files();
    match crate::serve::run(&data, config) {
        Ok(()) => Ok(Report::silent()),
        Err(ServeError::App(err @ (AppError::AdminPassword(_) | AppError::Tls(TlsError::Own { .. })))) => {
            Err(Failure::bad_input("the settings are wrong", &[err.to_string()]))
        }
        Err(err) => Err(Failure::running(err.to_string())),
    }
}

/// Whatever this process makes is closed to other users of the machine; the group may read, for log shippers.
#[cfg(unix)]
fn close_to_others() {
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o027));
}

#[cfg(not(unix))]
fn close_to_others() {}

/// Takes as many open files as the machine allows: the usual first limit of 1,024 is for programs that use `select`.
#[cfg(unix)]
fn raise_open_files() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    // Where it is refused the hub still works, for fewer agents; `doctor` tells.
    let _ = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum });
}

#[cfg(not(unix))]
fn raise_open_files() {}

/// The settings from the named file, else from DATA/pregon.toml if there is one, and the environment.
fn load_config(data: &Path, named: Option<&Path>) -> Result<Config, ConfigErrors> {
    let usual = data.join("pregon.toml");
    let file = named.or_else(|| usual.exists().then_some(usual.as_path()));
    // A variable that is no text cannot be one of ours, their names and values are all plain.
    let variables = std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.to_string_lossy().into_owned())));
    Config::load(file, variables)
}

fn block_on(work: impl Future<Output = Result<Report, Failure>>) -> Result<Report, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|err| Failure::running(format!("no threads could be started: {err}")))?;
    runtime.block_on(work)
}

/// Writes to the terminal; a reader that has gone away is no failure of the command.
fn write_out(text: &str) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

impl From<ConfigErrors> for Failure {
    fn from(errors: ConfigErrors) -> Self {
        let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
        Self::bad_input("the settings are wrong", &lines)
    }
}
