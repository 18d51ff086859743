//! Rules, who is on call, and sources that must report: each a document that is read back as a whole.

use hub_core::problem::FieldProblem;
use hub_core::rule::{OnCall, Rule, Watch, check_on_call, check_rules, check_watches};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use shared::Timestamp;

use super::{Notes, Plan, Section};
use crate::security::token::random_u128;
use crate::store::sqlite::rules::documents::{document, write};
use crate::store::{RuleDocument, SectionChange, StoreError};

pub(super) struct Rules;

#[derive(Default, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Documents {
    /// `None`: those that are built in.
    #[serde(default)]
    rules: Option<Vec<Rule>>,
    #[serde(default)]
    on_call: Vec<OnCall>,
    #[serde(default)]
    watches: Vec<Watch>,
}

impl Section for Rules {
    fn name(&self) -> &'static str {
        "rules"
    }

    fn export(&self, tx: &Connection, _: Timestamp) -> Result<Value, StoreError> {
        Ok(json!(kept(tx)?))
    }

    fn plan(&self, tx: &Connection, found: Value, notes: &mut Notes) -> Result<Plan, StoreError> {
        let now = kept(tx)?;
        let wanted = match serde_json::from_value::<Documents>(found) {
            Ok(wanted) => checked(wanted, notes),
            Err(err) => {
                notes.fault("", err.to_string());
                now.clone()
            }
        };
        let mut change = SectionChange { section: self.name().to_owned(), ..SectionChange::default() };
        let differs = [wanted.rules != now.rules, wanted.on_call != now.on_call, wanted.watches != now.watches];
        for (name, differs) in ["rules", "on_call", "watches"].into_iter().zip(differs) {
            if differs { change.change(name) } else { change.unchanged += 1 }
        }
        Ok(Plan {
            change,
            write: Box::new(move |tx, now, actor, _| {
                let [rules, on_call, watches] = differs;
                // Rules may name rotations, so these come first.
                if on_call {
                    write(tx, now, actor, RuleDocument::OnCall, Some(&wanted.on_call))?;
                }
                if rules {
                    write(tx, now, actor, RuleDocument::Rules, wanted.rules.as_ref())?;
                }
                if watches {
                    write(tx, now, actor, RuleDocument::Watches, Some(&wanted.watches))?;
                }
                Ok(())
            }),
        })
    }
}

fn kept(tx: &Connection) -> Result<Documents, StoreError> {
    Ok(Documents {
        rules: document(tx, RuleDocument::Rules)?,
        on_call: document(tx, RuleDocument::OnCall)?.unwrap_or_default(),
        watches: document(tx, RuleDocument::Watches)?.unwrap_or_default(),
    })
}

/// As if somebody had written them in the panel.
fn checked(found: Documents, notes: &mut Notes) -> Documents {
    let on_call = noted(check_on_call(found.on_call), notes);
    let mut rules = found.rules.map(|rules| noted(check_rules(rules, &on_call), notes));
    let mut watches = noted(check_watches(found.watches), notes);
    let ids = rules.iter_mut().flatten().map(|rule| &mut rule.id).chain(watches.iter_mut().map(|watch| &mut watch.id));
    for id in ids.filter(|id| id.is_empty()) {
        *id = format!("{:010x}", random_u128() >> 88);
    }
    Documents { rules, on_call, watches }
}

fn noted<T>(found: Result<Vec<T>, Vec<FieldProblem>>, notes: &mut Notes) -> Vec<T> {
    found.unwrap_or_else(|problems| {
        for problem in problems {
            notes.fault(&format!(".{}", problem.field), problem.reason);
        }
        Vec::new()
    })
}
