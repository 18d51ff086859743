//! `ban`: who is kept out, and for how long.

use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};

use super::args::BanCommand;
use super::ask::{Ask, segment};
use super::backend::Backend;
use super::commands::{all_pages, done, text, time, with_hub};
use super::output::{Failure, Report, table};

const MINUTE_S: u64 = 60;

pub async fn run(data: &Path, config: Option<&Path>, command: BanCommand) -> Result<Report, Failure> {
    with_hub(data, config, async |hub, _| run_at(hub, command).await).await
}

async fn run_at(hub: &Backend, command: BanCommand) -> Result<Report, Failure> {
    match command {
        BanCommand::List => {
            let bans = all_pages(hub, "security/bans", "bans").await?;
            let rows: Vec<_> = bans.iter().map(row).collect();
            Ok(Report::new(json!({ "bans": bans }), table(["ADDRESS", "PC", "SINCE", "UNTIL", "REASON", "BY"], &rows)))
        }
        BanCommand::Add { ip, lasts, reason } => {
            let body = json!({ "ip": ip, "minutes": minutes(lasts), "reason": reason });
            let made = hub.ask(Ask::post("/api/security/bans", body)).await?;
            let report = format!("{} is kept out until {}.", text(&made, "ip"), time(&made, "until"));
            Ok(Report::new(made, report))
        }
        BanCommand::Remove { ip } => {
            let lifted = hub.ask(Ask::delete(format!("/api/security/bans/{}", segment(&ip.to_string())))).await?;
            Ok(Report::new(done(lifted), format!("{ip} may come in again.")))
        }
    }
}

fn row(ban: &Value) -> [String; 6] {
    [text(ban, "ip"), text(ban, "client"), time(ban, "since"), time(ban, "until"), text(ban, "reason"), text(ban, "banned_by")]
}

/// Whole minutes, rather too long than too short.
fn minutes(lasts: Duration) -> u64 {
    lasts.as_secs().div_ceil(MINUTE_S)
}
