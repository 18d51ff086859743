//! One action on many clients at once: all of them or, when they are not as many as somebody thought, none.

use rusqlite::{Connection, OptionalExtension as _, params};
use shared::{Name, Timestamp};

use super::{Store, actions, clients, directory, groups};
use crate::store::{ActedOn, Actor, ChosenClients, ClientAction, ClientId, NewGroup, StoreError};

const FIND: &str = "select id, name from clients where name_key = ?1 and revoked_at is null";
const WATCH: &str = "update clients set important_after_s = ?2 where id = ?1";
const REVOKE: &str = "update clients set revoked_at = ?2 where id = ?1";
/// Names that one row of the action log holds.
const NAMES_A_ROW: usize = 50;

impl Store {
    /// `expected`: how many clients somebody believes it to be.
    pub async fn act_on_clients(
        &self,
        now: Timestamp,
        actor: &Actor,
        action: ClientAction,
        chosen: ChosenClients,
        expected: Option<usize>,
    ) -> Result<ActedOn, StoreError> {
        let actor = actor.clone();
        self.write(move |tx| {
            let (targets, missing) = find(tx, chosen)?;
            if expected.is_some_and(|count| count != targets.len()) {
                return Err(StoreError::Refused("there are more or fewer of these clients by now; nothing was done".into()));
            }
            act(tx, now, &action, &targets)?;
            note(tx, now, &actor, &action, &targets)?;
            Ok(ActedOn { clients: targets.into_iter().map(|(id, _)| id).collect(), missing })
        })
        .await
    }
}

type Target = (ClientId, String);

fn find(tx: &Connection, chosen: ChosenClients) -> Result<(Vec<Target>, Vec<String>), StoreError> {
    let names = match chosen {
        ChosenClients::Matching(filter) => return Ok((directory::select(tx, &filter)?, Vec::new())),
        ChosenClients::Names(names) => names,
    };
    let (mut targets, mut missing) = (Vec::new(), Vec::new());
    let mut statement = tx.prepare_cached(FIND)?;
    for name in names {
        match statement.query_row([name.key()], |row| Ok((ClientId(row.get(0)?), row.get(1)?))).optional()? {
            Some(target) => targets.push(target),
            None => missing.push(name.to_string()),
        }
    }
    // Two spellings of one name are one client.
    targets.sort_by_key(|(id, _): &Target| *id);
    targets.dedup_by_key(|(id, _)| *id);
    Ok((targets, missing))
}

fn act(tx: &Connection, now: Timestamp, action: &ClientAction, targets: &[Target]) -> Result<(), StoreError> {
    match action {
        ClientAction::Important(after_s) => {
            let mut watch = tx.prepare_cached(WATCH)?;
            targets.iter().try_for_each(|(id, _)| watch.execute(params![id.0, after_s]).map(drop))?;
        }
        ClientAction::Revoke => {
            let mut revoke = tx.prepare_cached(REVOKE)?;
            for (id, _) in targets {
                revoke.execute(params![id.0, now.as_millis()])?;
                clients::give_up(tx, *id)?;
            }
        }
        ClientAction::AddToGroup(group) => join(tx, now, group, targets)?,
    }
    Ok(())
}

/// Makes the group if there is none of this name.
fn join(tx: &Connection, now: Timestamp, group: &Name, targets: &[Target]) -> Result<(), StoreError> {
    let damaged = |_| StoreError::Database("a client's name is damaged".into());
    let members = targets.iter().map(|(_, name)| Name::parse(name).map_err(damaged)).collect::<Result<Vec<_>, _>>()?;
    match groups::find(tx, group.key())? {
        Some((id, _)) => groups::join(tx, id, &members),
        None if members.is_empty() => Ok(()),
        None => groups::insert(tx, now, &NewGroup { name: group.clone(), members }),
    }
}

fn note(tx: &Connection, now: Timestamp, actor: &Actor, action: &ClientAction, targets: &[Target]) -> Result<(), StoreError> {
    let (word, what) = match action {
        ClientAction::Important(Some(after_s)) => ("client.important", format!("is told when these are gone for {after_s} s")),
        ClientAction::Important(None) => ("client.important", "is no longer told when these are gone".to_owned()),
        ClientAction::AddToGroup(group) => ("group.change", format!("added to group {group}")),
        ClientAction::Revoke => ("client.revoke", "revoked".to_owned()),
    };
    for some in targets.chunks(NAMES_A_ROW) {
        let names: Vec<&str> = some.iter().map(|(_, name)| name.as_str()).collect();
        actions::append(tx, now, actor, word, &format!("{what}: {}", names.join(", ")))?;
    }
    Ok(())
}
