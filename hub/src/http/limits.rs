//! What a technician, or a program by its token, is limited to, wherever an alert is sent or changed.

use std::collections::BTreeMap;

use hub_core::access::Role;
use hub_core::limits::{Beyond, Limits};
use serde::{Deserialize, Serialize};
use shared::{Audience, Name, Severity};

use super::auth::Author;
use super::extract;
use super::problem::Problem;
use crate::hub::Hub;

/// Absent or null: no limit.
#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
pub struct LimitWords {
    /// Alerts go to these groups and their members alone.
    #[serde(default)]
    pub groups: Option<Vec<String>>,
    #[serde(default)]
    pub severities: Option<Vec<Severity>>,
}

impl From<Limits> for LimitWords {
    fn from(Limits { groups, severities }: Limits) -> Self {
        Self { groups, severities }
    }
}

/// Most groups that a technician is limited to.
const GROUPS: usize = 200;

/// Limits as an admin sets them: groups must exist.
pub async fn checked(hub: &Hub, words: LimitWords) -> Result<Limits, Problem> {
    let groups = match words.groups {
        None => None,
        Some(names) if names.len() > GROUPS => return Err(Problem::field("limits.groups", format!("has more than {GROUPS} names"))),
        Some(names) => Some(known(hub, names).await?),
    };
    let severities = words.severities.map(|mut severities| {
        severities.sort_unstable();
        severities.dedup();
        severities
    });
    Ok(Limits { groups, severities })
}

async fn known(hub: &Hub, names: Vec<String>) -> Result<Vec<String>, Problem> {
    let mut known = BTreeMap::new();
    for (index, name) in names.into_iter().enumerate() {
        let name = extract::name(&format!("limits.groups[{index}]"), &name)?;
        let group = hub.store.group(&name).await;
        let group = group.map_err(|_| Problem::field(&format!("limits.groups[{index}]"), format!("no group is called {name}")))?;
        known.insert(name.key().to_owned(), group.name);
    }
    Ok(known.into_values().collect())
}

/// Refuses what is beyond the limits of whoever sends, withdraws or changes an alert.
pub async fn check(hub: &Hub, author: &Author, audience: &[Audience], severity: Severity) -> Result<(), Problem> {
    let limits = match author {
        Author::Person(caller) if caller.role == Role::Technician => hub.store.limits(&extract::name("username", &caller.name)?).await?,
        Author::Person(_) => return Ok(()),
        Author::Program(token) => Limits { groups: token.binding.group.clone().map(|group| vec![group]), severities: None },
    };
    if limits.is_unlimited() {
        return Ok(());
    }
    let groups = groups_of(hub, audience).await?;
    let within = limits.check(audience, severity, |client| groups.get(client.key()).cloned().unwrap_or_default());
    within.map_err(|beyond| match beyond {
        Beyond::Severity => Problem::beyond("severity", format!("you may not send alerts of the severity {severity}; ask admin")),
        Beyond::Audience(place) => Problem::beyond(&format!("audience[{place}]"), "is beyond the groups that you may write to; ask admin"),
    })
}

/// The groups of each single branch in an audience, by the key of its name.
async fn groups_of(hub: &Hub, audience: &[Audience]) -> Result<BTreeMap<String, Vec<String>>, Problem> {
    let mut groups = BTreeMap::new();
    for entry in audience {
        if let Audience::Private { name } = entry
            && let Ok(name) = Name::parse(name)
        {
            groups.insert(name.key().to_owned(), hub.store.groups_of(&name).await?);
        }
    }
    Ok(groups)
}
