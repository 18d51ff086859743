//! People, their roles and their limits, without passwords: who is new here cannot log in until the administrator gives them one.

use std::collections::{BTreeMap, BTreeSet};

use hub_core::access::Role;
use hub_core::limits::Limits;
use rusqlite::{Connection, OptionalExtension as _, params};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use shared::{Name, Severity, Timestamp};

use super::{Aftermath, Notes, Plan, Section};
use crate::security::password::NOBODY;
use crate::store::sqlite::{groups, limits};
use crate::store::{Actor, SectionChange, StoreError};

pub(super) struct Users;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    username: String,
    role: String,
    /// Absent: they stay as they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    limits: Option<Words>,
}

/// Absent or null is no limit, an empty list allows nothing.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    #[serde(default)]
    groups: Option<Vec<String>>,
    #[serde(default)]
    severities: Option<Vec<Severity>>,
}

const ALL: &str = "select name, role, limited_groups, limited_severities from users where role <> 'admin' order by name_key limit 20000";
const FIND: &str = "select id, role, limited_groups, limited_severities from users where name_key = ?1";
const IS_TOKEN: &str = "select 1 from api_tokens where name_key = ?1 and revoked_at is null";
const INSERT: &str = "insert into users (name, name_key, role, password_hash, created_at) values (?1, ?2, ?3, ?4, ?5)";
const SET_ROLE: &str = "update users set role = ?2 where id = ?1";
const END_SESSIONS: &str = "delete from panel_sessions where user_id = ?1";
/// As many groups as a technician may be limited to anywhere.
const GROUPS: usize = 200;

/// What is done with one of them.
struct Step {
    name: Name,
    role: Role,
    what: What,
    /// Written anew.
    limits: Option<Limits>,
}

enum What {
    Add,
    SetRole(i64),
    Keep,
}

impl Section for Users {
    fn name(&self) -> &'static str {
        "users"
    }

    fn export(&self, tx: &Connection, _: Timestamp) -> Result<Value, StoreError> {
        let mut statement = tx.prepare_cached(ALL)?;
        let rows = statement.query_map([], |row| {
            let Limits { groups, severities } = limits::read(row, 2)?;
            Ok(json!(Entry { username: row.get(0)?, role: row.get(1)?, limits: Some(Words { groups, severities }) }))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn plan(&self, tx: &Connection, found: Value, notes: &mut Notes) -> Result<Plan, StoreError> {
        let mut change = SectionChange { section: self.name().to_owned(), ..SectionChange::default() };
        let mut steps = Vec::new();
        let mut keys = BTreeSet::new();
        for (place, entry) in notes.list::<Entry>(found) {
            let limits = entry.limits.as_ref().map(|words| known(tx, place, words, notes)).transpose()?;
            let Some((name, role)) = read(place, &entry, notes) else { continue };
            if !keys.insert(name.key().to_owned()) {
                notes.fault(&format!("[{place}].username"), "stands twice");
                continue;
            }
            steps.extend(step(tx, place, (name, role, limits), notes, &mut change)?);
        }
        let write = move |tx: &Connection, now: Timestamp, actor: &Actor, after: &mut Aftermath| {
            steps.into_iter().try_for_each(|step| step.write(tx, now, actor, after))
        };
        Ok(Plan { change, write: Box::new(write) })
    }
}

fn read(place: usize, entry: &Entry, notes: &mut Notes) -> Option<(Name, Role)> {
    let name = Name::parse(&entry.username).map_err(|reason| notes.fault(&format!("[{place}].username"), reason.to_string())).ok();
    let role = Role::parse(&entry.role).filter(|role| *role != Role::Admin);
    if role.is_none() {
        notes.fault(&format!("[{place}].role"), "must be technician or viewer");
    }
    name.zip(role)
}

/// Limits with the groups as they are called here, or will be once the document is read.
fn known(tx: &Connection, place: usize, words: &Words, notes: &mut Notes) -> Result<Limits, StoreError> {
    let severities = words.severities.clone().map(|mut severities| {
        severities.sort_unstable();
        severities.dedup();
        severities
    });
    let Some(names) = &words.groups else { return Ok(Limits { groups: None, severities }) };
    if names.len() > GROUPS {
        notes.fault(&format!("[{place}].limits.groups"), format!("has more than {GROUPS} names"));
        return Ok(Limits::default());
    }
    let mut known = BTreeMap::new();
    for (at, text) in names.iter().enumerate() {
        let path = format!("[{place}].limits.groups[{at}]");
        match Name::parse(text) {
            Err(reason) => notes.fault(&path, reason.to_string()),
            Ok(name) => match group(tx, &name, notes)? {
                Some(called) => drop(known.insert(name.key().to_owned(), called)),
                None => notes.fault(&path, format!("no group is called {name}")),
            },
        }
    }
    Ok(Limits { groups: Some(known.into_values().collect()), severities })
}

fn group(tx: &Connection, name: &Name, notes: &Notes) -> Result<Option<String>, StoreError> {
    let known = groups::find(tx, name.key())?.map(|(_, called)| called);
    Ok(known.or_else(|| notes.groups.get(name.key()).cloned()))
}

fn step(
    tx: &Connection,
    place: usize,
    (name, role, wanted): (Name, Role, Option<Limits>),
    notes: &mut Notes,
    change: &mut SectionChange,
) -> Result<Option<Step>, StoreError> {
    let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, limits::read(row, 2)?));
    let found: Option<(i64, String, Limits)> = tx.prepare_cached(FIND)?.query_row([name.key()], read).optional()?;
    let Some((id, now, limited)) = found else {
        if tx.prepare_cached(IS_TOKEN)?.exists([name.key()])? {
            notes.fault(&format!("[{place}].username"), "is the name of a token");
            return Ok(None);
        }
        change.add(name.as_str());
        return Ok(Some(Step { name, role, what: What::Add, limits: wanted.filter(|limits| !limits.is_unlimited()) }));
    };
    if now == Role::Admin.as_str() {
        notes.fault(&format!("[{place}].username"), "is the administrator");
        return Ok(None);
    }
    let limits = wanted.filter(|limits| *limits != limited);
    if now == role.as_str() && limits.is_none() {
        change.unchanged += 1;
        return Ok(None);
    }
    change.change(name.as_str());
    let what = if now == role.as_str() { What::Keep } else { What::SetRole(id) };
    Ok(Some(Step { name, role, what, limits }))
}

impl Step {
    fn write(self, tx: &Connection, now: Timestamp, actor: &Actor, after: &mut Aftermath) -> Result<(), StoreError> {
        let Self { name, role, what, limits } = self;
        match what {
            What::Keep => {}
            What::Add => {
                tx.prepare_cached(INSERT)?.execute(params![name.as_str(), name.key(), role.as_str(), NOBODY, now.as_millis()])?;
            }
            What::SetRole(id) => {
                tx.prepare_cached(SET_ROLE)?.execute(params![id, role.as_str()])?;
                tx.prepare_cached(END_SESSIONS)?.execute([id])?;
                after.users.push(id);
            }
        }
        match limits {
            Some(limits) => limits::set(tx, now, actor, name.key(), &limits),
            None => Ok(()),
        }
    }
}
