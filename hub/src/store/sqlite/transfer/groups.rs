//! Groups with their members. What is not in the document stays.

use std::collections::HashMap;

use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use shared::{Name, Timestamp};

use super::{Notes, Plan, Section};
use crate::store::sqlite::groups as table;
use crate::store::{NewGroup, SectionChange, StoreError};

pub(super) struct Groups;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    name: String,
    members: Vec<String>,
}

/// As many members as a group may have anywhere.
const MEMBERS: usize = 20_000;

impl Section for Groups {
    fn name(&self) -> &'static str {
        "groups"
    }

    fn export(&self, tx: &Connection, _: Timestamp) -> Result<Value, StoreError> {
        let groups = table::all(tx)?.into_iter();
        Ok(groups.map(|(name, members)| json!(Entry { name, members })).collect())
    }

    fn plan(&self, tx: &Connection, found: Value, notes: &mut Notes) -> Result<Plan, StoreError> {
        let mut change = SectionChange { section: self.name().to_owned(), ..SectionChange::default() };
        let mut wanted: Vec<(Option<i64>, NewGroup)> = Vec::new();
        let mut places = HashMap::new();
        for (place, entry) in notes.list::<Entry>(found) {
            let Some(group) = read(place, entry, notes) else { continue };
            if let Some(first) = places.insert(group.name.key().to_owned(), place) {
                notes.fault(&format!("[{place}].name"), format!("stands in [{first}] already"));
                continue;
            }
            notes.groups.insert(group.name.key().to_owned(), group.name.as_str().to_owned());
            match table::find(tx, group.name.key())? {
                None => change.add(group.name.as_str()),
                Some((id, _)) if has(tx, id, &group.members)? => {
                    change.unchanged += 1;
                    continue;
                }
                Some((id, _)) => {
                    change.change(group.name.as_str());
                    wanted.push((Some(id), group));
                    continue;
                }
            }
            wanted.push((None, group));
        }
        let write = move |tx: &Connection, now, _: &_, _: &mut _| {
            wanted.iter().try_for_each(|(id, group)| match id {
                None => table::insert(tx, now, group),
                Some(id) => table::set_members(tx, *id, &group.members),
            })
        };
        Ok(Plan { change, write: Box::new(write) })
    }
}

fn read(place: usize, entry: Entry, notes: &mut Notes) -> Option<NewGroup> {
    let before = notes.faults.len();
    let name = Name::parse(&entry.name).map_err(|reason| notes.fault(&format!("[{place}].name"), reason.to_string())).ok();
    if entry.members.is_empty() || entry.members.len() > MEMBERS {
        notes.fault(&format!("[{place}].members"), format!("must have 1 to {MEMBERS} names"));
    }
    let mut keys = HashMap::new();
    let mut members = Vec::with_capacity(entry.members.len());
    for (at, text) in entry.members.iter().enumerate() {
        match Name::parse(text) {
            Err(reason) => notes.fault(&format!("[{place}].members[{at}]"), reason.to_string()),
            Ok(member) => match keys.insert(member.key().to_owned(), at) {
                Some(_) => notes.fault(&format!("[{place}].members[{at}]"), "stands twice"),
                None => members.push(member),
            },
        }
    }
    name.filter(|_| notes.faults.len() == before).map(|name| NewGroup { name, members })
}

fn has(tx: &Connection, id: i64, wanted: &[Name]) -> Result<bool, StoreError> {
    let mut now: Vec<String> = Vec::new();
    for member in table::members(tx, id)? {
        now.extend(Name::parse(&member.name).map(|name| name.key().to_owned()));
    }
    let mut wanted: Vec<&str> = wanted.iter().map(Name::key).collect();
    now.sort_unstable();
    wanted.sort_unstable();
    Ok(now == wanted)
}
