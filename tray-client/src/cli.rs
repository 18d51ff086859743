//! The command line of `pregon-tray`.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// The agent of Pregón: shows the alerts of a hub until a person dismisses them.
#[derive(Debug, Parser)]
#[command(name = "pregon-tray", version, after_long_help = AFTER_HELP)]
pub struct Cli {
    /// Folder with everything that the agent keeps [default: the user's own place for program data]
    #[arg(long, value_name = "DIR", global = true)]
    pub data: Option<PathBuf>,
    /// No icon and no window: alerts as JSON lines on standard output, receipts from standard input
    #[arg(long)]
    pub headless: bool,
    #[command(subcommand)]
    pub command: Option<Command>,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Introduce this PC to a hub, with a code from `pregon-hub client enrol`
    Enrol(Enrol),
    /// Say whether the running agent is connected: exit code 0 if so, 1 if not
    Status(Status),
    /// Write to the technicians: TEXT, or standard input, or in a window
    Write(Write),
    /// The window itself, started and fed by the agent
    #[command(hide = true)]
    Popup,
}

#[derive(Debug, Args)]
pub struct Enrol {
    /// Address of the hub; the port is 8443 unless said
    #[arg(long, value_name = "HOST[:PORT]")]
    pub hub: String,
    /// Name of this PC, as technicians will see it
    #[arg(long)]
    pub name: String,
    /// The one-time code
    #[arg(long)]
    pub code: String,
    /// The hub's CA certificate, the file DATA/tls/ca.pem of the hub
    #[arg(long, value_name = "FILE")]
    pub ca: Option<PathBuf>,
    /// SHA-256 of the hub's CA certificate: 64 hexadecimal digits, colons allowed
    #[arg(long, value_name = "SHA256", conflicts_with = "ca")]
    pub ca_fingerprint: Option<String>,
}

#[derive(Debug, Args)]
pub struct Status {
    /// Machine-readable
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct Write {
    /// The message; `-` reads it from standard input. Without it, and without input, a window opens
    #[arg(value_name = "TEXT")]
    pub text: Vec<String>,
    /// Machine-readable: {"id":ID,"state":"sent"|"queued","detail":TEXT}
    #[arg(long)]
    pub json: bool,
    /// The window, started by the agent
    #[arg(long, hide = true, conflicts_with = "text")]
    pub window: bool,
}

const AFTER_HELP: &str = r#"Headless, standard output, one JSON object a line:
  {"type":"alert","id":ID,"severity":S,"title":TEXT,"text":TEXT,…}   the fields of the hub's alert
  {"type":"withdraw","id":ID}                                         take it off, or never show it
  {"type":"status","connected":true|false,"detail":TEXT}
  {"type":"message","id":ID,"state":"queued"|"sent"}                  a message of the branch is kept; the hub has it
  {"type":"error","detail":TEXT}                                      a line of standard input was no use
Headless, standard input, one JSON object a line:
  {"id":ID,"state":"displayed"|"dismissed","reply"?:TEXT,"user"?:TEXT}
  {"message":TEXT}                                                    to the technicians
An alert that was never said to be displayed is printed again by the next start.

Files in the data folder: ip.txt (one host[:port] a line, tried in order, read before every attempt; # starts a
comment), agent.json and key (who this PC is), ca.pem (the hub's CA), inbox.journal, outbox (messages that the hub does
not have yet), status.json, agent.log.
Exit codes: 0 fine, 1 failed, 2 bad arguments, 3 another agent runs on this data folder."#;
