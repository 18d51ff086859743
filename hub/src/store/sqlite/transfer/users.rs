//! People and their roles, without passwords: who is new here cannot log in until the administrator gives them one.

use hub_core::access::Role;
use rusqlite::{Connection, OptionalExtension as _, params};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use shared::{Name, Timestamp};

use super::{Notes, Plan, Section};
use crate::security::password::NOBODY;
use crate::store::{SectionChange, StoreError};

pub(super) struct Users;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    username: String,
    role: String,
}

const ALL: &str = "select name, role from users where role <> 'admin' order by name_key limit 20000";
const FIND: &str = "select id, role from users where name_key = ?1";
const IS_TOKEN: &str = "select 1 from api_tokens where name_key = ?1 and revoked_at is null";
const INSERT: &str = "insert into users (name, name_key, role, password_hash, created_at) values (?1, ?2, ?3, ?4, ?5)";
const SET_ROLE: &str = "update users set role = ?2 where id = ?1";
const END_SESSIONS: &str = "delete from panel_sessions where user_id = ?1";

enum Step {
    Add(Name, Role),
    Change(i64, Role),
}

impl Section for Users {
    fn name(&self) -> &'static str {
        "users"
    }

    fn export(&self, tx: &Connection, _: Timestamp) -> Result<Value, StoreError> {
        let mut statement = tx.prepare_cached(ALL)?;
        let rows = statement.query_map([], |row| Ok(json!(Entry { username: row.get(0)?, role: row.get(1)? })))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn plan(&self, tx: &Connection, found: Value, notes: &mut Notes) -> Result<Plan, StoreError> {
        let mut change = SectionChange { section: self.name().to_owned(), ..SectionChange::default() };
        let mut steps = Vec::new();
        let mut keys = std::collections::BTreeSet::new();
        for (place, entry) in notes.list::<Entry>(found) {
            let Some((name, role)) = read(place, &entry, notes) else { continue };
            if !keys.insert(name.key().to_owned()) {
                notes.fault(&format!("[{place}].username"), "stands twice");
                continue;
            }
            let known: Option<(i64, String)> =
                tx.prepare_cached(FIND)?.query_row([name.key()], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
            match known {
                Some((_, now)) if now == Role::Admin.as_str() => notes.fault(&format!("[{place}].username"), "is the administrator"),
                Some((_, now)) if now == role.as_str() => change.unchanged += 1,
                Some((id, _)) => {
                    change.change(name.as_str());
                    steps.push(Step::Change(id, role));
                }
                None if tx.prepare_cached(IS_TOKEN)?.exists([name.key()])? => {
                    notes.fault(&format!("[{place}].username"), "is the name of a token");
                }
                None => {
                    change.add(name.as_str());
                    steps.push(Step::Add(name, role));
                }
            }
        }
        let write = move |tx: &Connection, now: Timestamp, _: &_, after: &mut super::Aftermath| {
            for step in steps {
                match step {
                    Step::Add(name, role) => {
                        tx.prepare_cached(INSERT)?.execute(params![name.as_str(), name.key(), role.as_str(), NOBODY, now.as_millis()])?;
                    }
                    Step::Change(id, role) => {
                        tx.prepare_cached(SET_ROLE)?.execute(params![id, role.as_str()])?;
                        tx.prepare_cached(END_SESSIONS)?.execute([id])?;
                        after.users.push(id);
                    }
                }
            }
            Ok(())
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
