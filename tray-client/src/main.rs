//! `pregon-tray`: the agent of Pregón on a branch PC. Reads the command line and chooses what to run.

mod agent;
mod cli;
mod command;
mod compose;
mod folder;
mod identity;
mod inbox;
mod keys;
mod language;
mod link;
mod log;
mod outbox;
mod platform;
mod popup;
mod screen;
mod state;
mod status;
mod tray;

use std::process::ExitCode;

use clap::Parser as _;

use cli::{Cli, Command};
use command::complain;
use folder::{Folder, LockError};
use identity::{Identity, IdentityError};
use language::Language;

fn main() -> ExitCode {
    let cli = Cli::parse();
    if matches!(cli.command, Some(Command::Popup)) {
        return popup::run(Language::of_system());
    }
    match start(cli) {
        Ok(code) => code,
        Err(err) => {
            complain(&format!("{err:#}"));
            ExitCode::from(1)
        }
    }
}

fn start(cli: Cli) -> anyhow::Result<ExitCode> {
    let folder = Folder::choose(cli.data)?;
    // One thread does it all: the agent waits nearly always, and memory is dear on a branch PC.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let code = match cli.command {
        Some(Command::Enrol(arguments)) => Ok(runtime.block_on(command::enrol::run(&folder, arguments))),
        Some(Command::Status(arguments)) => Ok(command::status::run(&folder, &arguments)),
        Some(Command::Write(arguments)) => Ok(command::write::run(&folder, arguments)),
        Some(Command::Popup) | None => run_agent(&runtime, folder, cli.headless),
    };
    // A name that is being looked up must not hold the end up.
    runtime.shutdown_background();
    code
}

fn run_agent(runtime: &tokio::runtime::Runtime, folder: Folder, headless: bool) -> anyhow::Result<ExitCode> {
    let language = Language::of_system();
    let identity = match Identity::load(&folder) {
        Ok(identity) => identity,
        Err(IdentityError::Missing) => {
            complain(&command::not_enrolled_words(&folder, language));
            return Ok(ExitCode::from(1));
        }
        Err(broken) => return Err(broken.into()),
    };
    let _lock = match folder.lock() {
        Ok(lock) => lock,
        Err(LockError::Taken(path)) => {
            complain(&taken_words(&path.display().to_string(), language));
            return Ok(ExitCode::from(3));
        }
        Err(err) => return Err(err.into()),
    };
    if headless {
        log::to_stderr()
    } else {
        log::to_file(&folder)
    }
    tracing::info!("agent {} starts as {}", env!("CARGO_PKG_VERSION"), identity.name);
    let tls = link::trust::pinned(&identity.ca)?;
    runtime.block_on(agent::run(folder, identity, tls, headless))
}

fn taken_words(path: &str, language: Language) -> String {
    match language {
        Language::Spanish => format!("ya hay otro agente en marcha en {path}"),
        Language::English => format!("another agent already runs on {path}"),
    }
}
