//! Export and import as JSON. A section is one file here and one line in [`SECTIONS`].
//!
//! An import reads everything first and collects every fault; only a document without any is written, in one transaction.

mod clients;
mod emails;
mod events;
mod groups;
mod phrases;
mod retention;
mod rules;
mod statistics;
mod users;

use std::collections::BTreeMap;

use hub_core::problem::FieldProblem;
use rusqlite::Connection;
use serde::de::DeserializeOwned;
use serde_json::Value;
use shared::Timestamp;

use super::{Store, actions};
use crate::store::{Actor, Export, FORMAT, Imported, SectionChange, StoreError, VERSION};

/// In the order in which they are read and written: a section may refer to those before it.
const SECTIONS: &[&dyn Section] = &[
    &groups::Groups,
    &users::Users,
    &clients::Clients,
    &phrases::Phrases,
    &rules::Rules,
    &retention::Settings,
    &events::Events,
    &emails::Emails,
    &statistics::Figures,
];

/// Rows of one list at most.
const MOST_ROWS: usize = 20_000;
const MOST_FAULTS: usize = 100;

/// A part of what a hub knows.
trait Section: Sync {
    fn name(&self) -> &'static str;

    /// Whether it is in an export that names no sections.
    fn is_usual(&self) -> bool {
        true
    }

    fn export(&self, tx: &Connection, now: Timestamp) -> Result<Value, StoreError>;

    /// What reading it back would change. Notes faults, and writes nothing.
    fn plan(&self, tx: &Connection, found: Value, notes: &mut Notes) -> Result<Plan, StoreError>;
}

type Write = Box<dyn FnOnce(&Connection, Timestamp, &Actor, &mut Aftermath) -> Result<(), StoreError>>;

struct Plan {
    change: SectionChange,
    write: Write,
}

impl Plan {
    /// For what is only written: how many entries are passed over.
    fn ignored(section: &dyn Section, found: &Value) -> Self {
        let ignored = found.as_array().map_or(1, Vec::len) as u64;
        let change = SectionChange { section: section.name().to_owned(), ignored, ..SectionChange::default() };
        Self { change, write: Box::new(|_, _, _, _| Ok(())) }
    }
}

/// What writing brings about for others.
#[derive(Default)]
struct Aftermath {
    /// Numbers that events got here, by those in the document.
    events: BTreeMap<i64, i64>,
    /// People whose log-ins are over.
    users: Vec<i64>,
}

/// Collects faults while a section is read.
struct Notes {
    path: String,
    now: Timestamp,
    faults: Vec<FieldProblem>,
    /// Groups of the document by their key, for the sections after them.
    groups: BTreeMap<String, String>,
}

impl Notes {
    fn fault(&mut self, within: &str, reason: impl Into<String>) {
        if self.faults.len() < MOST_FAULTS {
            self.faults.push(FieldProblem::new(format!("{}{within}", self.path), reason));
        }
    }

    /// The entries of a list that can be read, each with its place.
    fn list<T: DeserializeOwned>(&mut self, found: Value) -> Vec<(usize, T)> {
        let Value::Array(entries) = found else {
            self.fault("", "must be a list");
            return Vec::new();
        };
        if entries.len() > MOST_ROWS {
            self.fault("", format!("has {} entries, at most {MOST_ROWS} are read", entries.len()));
            return Vec::new();
        }
        let mut good = Vec::with_capacity(entries.len());
        for (place, entry) in entries.into_iter().enumerate() {
            match serde_json::from_value(entry) {
                Ok(entry) => good.push((place, entry)),
                Err(err) => self.fault(&format!("[{place}]"), err.to_string()),
            }
        }
        good
    }
}

impl Store {
    /// Names of all sections, and whether each is in a usual export.
    pub fn sections() -> Vec<(&'static str, bool)> {
        SECTIONS.iter().map(|section| (section.name(), section.is_usual())).collect()
    }

    pub async fn export(&self, now: Timestamp, wanted: Vec<&'static str>) -> Result<BTreeMap<String, Value>, StoreError> {
        self.read(move |tx| {
            let sections = SECTIONS.iter().filter(|section| wanted.contains(&section.name()));
            sections.map(|section| Ok((section.name().to_owned(), section.export(tx, now)?))).collect()
        })
        .await
    }

    /// What an import would change.
    pub async fn try_import(&self, now: Timestamp, document: Export) -> Result<Imported, StoreError> {
        self.read(move |tx| {
            Ok(match plans(tx, now, document)? {
                Err(faults) => Imported::Faulty(faults),
                Ok(plans) => Imported::Fine { changes: plans.into_iter().map(|plan| plan.change).collect(), users: Vec::new() },
            })
        })
        .await
    }

    /// Reads a document whole or not at all.
    pub async fn import(&self, now: Timestamp, actor: &Actor, document: Export) -> Result<Imported, StoreError> {
        let actor = actor.clone();
        self.write(move |tx| {
            let plans = match plans(tx, now, document)? {
                Err(faults) => return Ok(Imported::Faulty(faults)),
                Ok(plans) => plans,
            };
            let (mut changes, mut after) = (Vec::new(), Aftermath::default());
            for Plan { change, write } in plans {
                write(tx, now, &actor, &mut after)?;
                changes.push(change);
            }
            actions::append(tx, now, &actor, "hub.import", &format!("imported JSON: {}", words(&changes)))?;
            Ok(Imported::Fine { changes, users: after.users })
        })
        .await
    }
}

fn plans(tx: &Connection, now: Timestamp, document: Export) -> Result<Result<Vec<Plan>, Vec<FieldProblem>>, StoreError> {
    let mut notes = Notes { path: String::new(), now, faults: Vec::new(), groups: BTreeMap::new() };
    if document.format != FORMAT {
        notes.fault("format", format!("is not {FORMAT}: this is no export of a hub"));
    } else if document.version != VERSION {
        notes.fault("version", format!("is {}, this hub reads {VERSION}", document.version));
    }
    if !notes.faults.is_empty() {
        return Ok(Err(notes.faults));
    }
    let mut found = document.sections;
    let mut plans = Vec::new();
    for section in SECTIONS {
        if let Some(value) = found.remove(section.name()) {
            notes.path = format!("sections.{}", section.name());
            plans.push(section.plan(tx, value, &mut notes)?);
        }
    }
    notes.path = "sections.".to_owned();
    for name in found.keys() {
        notes.fault(&shared::text::one_line(shared::text::cut(name, 60)), "is no section that this hub knows");
    }
    Ok(if notes.faults.is_empty() { Ok(plans) } else { Err(notes.faults) })
}

fn words(changes: &[SectionChange]) -> String {
    let one = |change: &SectionChange| format!("{} {} added, {} changed", change.section, change.added, change.changed);
    changes.iter().map(one).collect::<Vec<_>>().join("; ")
}
