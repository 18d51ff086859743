//! What may be typed after `pregon-hub`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};
use hub_core::access::Scope;
use shared::Severity;

use crate::config::{InvalidSpan, parse_span};

#[derive(Debug, Parser)]
#[command(name = "pregon-hub", version, about = "The hub of Pregón: relays alerts to branch PCs and proves who saw them")]
pub struct Arguments {
    /// Folder that holds the database, certificates, secrets and logs
    #[arg(long, global = true, value_name = "DIR", default_value = "./data")]
    pub data: PathBuf,

    /// Settings file; DATA/pregon.toml when there is one
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// Answer in JSON
    #[arg(long, global = true)]
    pub json: bool,

    #[command(subcommand)]
    pub command: Option<Command>,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the hub (what happens without a subcommand)
    Serve,
    /// People who use the panel
    #[command(subcommand)]
    User(UserCommand),
    /// Branch PCs
    #[command(subcommand)]
    Client(ClientCommand),
    /// Tokens by which programs prove who they are
    #[command(subcommand)]
    Token(TokenCommand),
    /// Send an alert
    Send(Alert),
    /// Write everything of the hub into one file, while it runs or not
    Backup {
        /// Must not exist yet
        file: PathBuf,
    },
    /// Put a backup back; refuses while a hub runs
    Restore { file: PathBuf },
    /// The action log
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Print the OpenAPI document
    Openapi,
    /// Check settings, certificates, ports, disk and database, and say what to do
    Doctor,
}

#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// Check that no row of the action log was altered, removed or inserted; ends with 0 only then
    Verify,
}

#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Add a user; the password is asked for
    Add {
        name: String,
        #[arg(long, value_enum, default_value_t = Role::Technician)]
        role: Role,
        #[command(flatten)]
        password: PasswordSource,
    },
    /// Give a user, or admin, another password
    Passwd {
        name: String,
        #[command(flatten)]
        password: PasswordSource,
    },
    /// Take away the second factor of a user, or of admin, who lost it
    ResetTotp { name: String },
    /// Remove a user and end the sessions
    Remove { name: String },
    /// List the users
    List,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Role {
    Technician,
    Viewer,
}

#[derive(Debug, Args)]
pub struct PasswordSource {
    /// Read the password from the first line of standard input
    #[arg(long)]
    pub password_stdin: bool,
}

#[derive(Debug, Subcommand)]
pub enum ClientCommand {
    /// Print a code that lets a PC enrol itself
    Enrol {
        /// The only name the code is good for
        #[arg(long)]
        name: Option<String>,
        /// How many PCs may use it
        #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
        uses: u32,
        /// How long it holds, like 90m, 24h or 7d
        #[arg(long, value_name = "SPAN", default_value = "24h", value_parser = span)]
        expires: Duration,
    },
    /// Store what proves a key that somebody owns already
    SetKey {
        name: String,
        /// The key itself; the hub keeps only what its SHA-256 proves
        #[arg(long, value_name = "TEXT")]
        secret: String,
    },
    /// List the PCs
    List,
    /// Ask a PC for a new key; the old one is good until it uses the new one
    Rotate { name: String },
    /// Refuse a PC from now on, and end its session
    Revoke { name: String },
}

#[derive(Debug, Subcommand)]
pub enum TokenCommand {
    /// Make a token and print it, this once
    Create {
        /// Who will use it: stands as the source of its events and the sender of its alerts
        #[arg(long)]
        name: String,
        /// What it is good for: `events` (record events), `alerts` (send and withdraw alerts), `ntfy` (publish and subscribe
        /// as ntfy does), `gotify` (report as to a Gotify server), `metrics` (read /metrics)
        #[arg(long, value_parser = scope)]
        scope: Scope,
        /// Whose screens its escalated events reach; everybody's unless given
        #[arg(long)]
        group: Option<String>,
        /// What a word of its tool means, like `high=critical`; several times for several words
        #[arg(long = "severity", value_name = "WORD=SEVERITY", value_parser = meaning)]
        severities: Vec<(String, Severity)>,
    },
    /// List the tokens that are good
    List,
    /// Make a token useless
    Revoke { id: u32 },
}

#[derive(Debug, Args)]
pub struct Alert {
    #[command(flatten)]
    pub audience: Target,
    #[arg(long, default_value = "info", value_parser = severity)]
    pub severity: Severity,
    #[arg(long)]
    pub title: Option<String>,
    pub text: String,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct Target {
    /// Every PC
    #[arg(long)]
    pub all: bool,
    /// The PCs of a group
    #[arg(long)]
    pub group: Option<String>,
    /// One PC
    #[arg(long)]
    pub client: Option<String>,
}

impl Role {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Technician => "technician",
            Self::Viewer => "viewer",
        }
    }
}

fn span(text: &str) -> Result<Duration, InvalidSpan> {
    parse_span(text)
}

fn scope(text: &str) -> Result<Scope, String> {
    Scope::parse(text).ok_or_else(|| {
        "a token is for `events`, `alerts`, `ntfy`, `gotify` or `metrics`; `pregon-hub token create --help` explains them".to_owned()
    })
}

fn meaning(text: &str) -> Result<(String, Severity), String> {
    let (word, meaning) = text.split_once('=').ok_or_else(|| "say WORD=SEVERITY, like high=critical".to_owned())?;
    Ok((word.to_owned(), severity(meaning)?))
}

fn severity(text: &str) -> Result<Severity, String> {
    Severity::parse(text).ok_or_else(|| "one of info, warning, error, critical is wanted".to_owned())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed test may panic")]

    use clap::CommandFactory as _;

    use super::*;

    fn parse(line: &str) -> Result<Arguments, i32> {
        Arguments::try_parse_from(line.split(' ')).map_err(|err| err.exit_code())
    }

    #[test]
    fn the_definition_holds_together() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn what_the_contract_names_is_understood() {
        let lines = [
            "pregon-hub",
            "pregon-hub serve --data /tmp/x --config f.toml",
            "pregon-hub --data /tmp/x serve",
            "pregon-hub user add ana --role viewer --password-stdin",
            "pregon-hub user passwd ana",
            "pregon-hub user remove ana --json",
            "pregon-hub user list",
            "pregon-hub user reset-totp admin",
            "pregon-hub client enrol",
            "pregon-hub client enrol --name Sol --uses 3 --expires 24h --json",
            "pregon-hub client set-key Sol --secret abc",
            "pregon-hub client list",
            "pregon-hub client revoke Sol",
            "pregon-hub token create --name nagios --scope events --json",
            "pregon-hub token create --name rota --scope alerts",
            "pregon-hub token list",
            "pregon-hub token revoke 3",
            "pregon-hub send --all --severity critical --title T text",
            "pregon-hub send --group G text",
            "pregon-hub send --client C text",
            "pregon-hub openapi",
            "pregon-hub doctor --json",
        ];
        for line in lines {
            assert!(parse(line).is_ok(), "{line}");
        }
    }

    #[test]
    fn what_is_wrong_ends_with_2() {
        let lines = [
            "pregon-hub sing",
            "pregon-hub send text",
            "pregon-hub send --all --client C text",
            "pregon-hub send --all --severity loud text",
            "pregon-hub send --all",
            "pregon-hub client enrol --expires 24",
            "pregon-hub client enrol --uses 0",
            "pregon-hub client set-key Sol",
            "pregon-hub user add ana --role admin",
        ];
        for line in lines {
            assert_eq!(parse(line).unwrap_err(), 2, "{line}");
        }
    }
}
