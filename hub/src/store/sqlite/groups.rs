//! Groups of clients: whom an alert to a group reaches.

use rusqlite::{Connection, OptionalExtension as _, params};
use shared::{Name, Timestamp, text};

use super::{Store, actions, clients, row};
use crate::store::{Actor, ClientId, Group, GroupSummary, Member, NewGroup, Page, StoreError};

const COUNT: &str = "select count(*) from client_groups where ?1 is null or instr(folded, ?1) > 0";
const LIST: &str = "with online (id) as materialized (select value from json_each(?2))
    select g.name, g.sort_key, (select count(*) from client_group_members m where m.group_id = g.id),
        (select count(*) from client_group_members m join clients c on c.name_key = m.name_key and c.revoked_at is null
            join online on online.id = c.id where m.group_id = g.id)
    from client_groups g where (?1 is null or instr(g.folded, ?1) > 0) and (?3 is null or g.sort_key > ?3)
    order by g.sort_key limit ?4";
const FIND: &str = "select id, name from client_groups where name_key = ?1";
const MEMBERS: &str = "select coalesce(c.name, m.name), c.id from client_group_members m
    left join clients c on c.name_key = m.name_key and c.revoked_at is null where m.group_id = ?1 order by m.sort_key";
const OF_MEMBER: &str = "select g.name from client_group_members m join client_groups g on g.id = m.group_id
    where m.name_key = ?1 order by g.sort_key limit 2000";
const INSERT: &str = "insert into client_groups (name, name_key, folded, sort_key, created_at) values (?1, ?2, ?3, ?4, ?5)
    on conflict (name_key) do nothing returning id";
const RENAME: &str = "update client_groups set name = ?2, name_key = ?3, folded = ?4, sort_key = ?5 where id = ?1";
const DELETE: &str = "delete from client_groups where name_key = ?1 returning name";
const CLEAR: &str = "delete from client_group_members where group_id = ?1";
const ADD: &str = "insert into client_group_members (group_id, name, name_key, sort_key) values (?1, ?2, ?3, ?4)";
const ALL: &str = "select g.name, coalesce(c.name, m.name) from client_groups g join client_group_members m on m.group_id = g.id
    left join clients c on c.name_key = m.name_key and c.revoked_at is null order by g.sort_key, m.sort_key limit 1000000";
const JOIN: &str = "insert into client_group_members (group_id, name, name_key, sort_key) values (?1, ?2, ?3, ?4)
    on conflict do nothing";
const SIZE: &str = "select count(*) from client_group_members where group_id = ?1";
/// Most members of a group.
const MOST_MEMBERS: i64 = 20_000;
/// Groups that a hub keeps.
const MOST: i64 = 2_000;

impl Store {
    /// Groups in the order of the eye, each with how many of its members are among `online`.
    pub async fn groups(
        &self,
        search: Option<String>,
        online: Vec<ClientId>,
        after: Option<String>,
        limit: u32,
    ) -> Result<Page<GroupSummary>, StoreError> {
        self.read(move |tx| {
            let search = search.as_deref().map(text::folded);
            let total: i64 = tx.prepare_cached(COUNT)?.query_row([&search], |row| row.get(0))?;
            let mut statement = tx.prepare_cached(LIST)?;
            let rows = statement.query_map(params![search, clients::json_ids(&online), after, limit + 1], summary)?;
            let mut found = rows.collect::<Result<Vec<_>, _>>()?;
            let next = row::cut_page(&mut found, limit, |(_, key)| key.clone());
            Ok(Page { items: found.into_iter().map(|(group, _)| group).collect(), next, total: total.max(0).cast_unsigned() })
        })
        .await
    }

    pub async fn group(&self, name: &Name) -> Result<Group, StoreError> {
        let key = name.key().to_owned();
        self.read(move |tx| {
            let (id, name) = find(tx, &key)?.ok_or(StoreError::Missing("the group"))?;
            Ok(Group { name, members: members(tx, id)? })
        })
        .await
    }

    /// Every group with the names of its members, as a file of groups holds them.
    pub async fn all_groups(&self) -> Result<Vec<(String, Vec<String>)>, StoreError> {
        self.read(all).await
    }

    pub async fn add_group(&self, now: Timestamp, actor: &Actor, new: NewGroup) -> Result<(), StoreError> {
        let actor = actor.clone();
        self.write(move |tx| {
            insert(tx, now, &new)?;
            actions::append(tx, now, &actor, "group.create", &format!("created group {} with {} members", new.name, new.members.len()))
        })
        .await
    }

    /// Gives a group its name and members anew.
    pub async fn change_group(&self, now: Timestamp, actor: &Actor, name: &Name, new: NewGroup) -> Result<(), StoreError> {
        let (actor, name) = (actor.clone(), name.clone());
        self.write(move |tx| {
            let (id, _) = find(tx, name.key())?.ok_or(StoreError::Missing("the group"))?;
            if find(tx, new.name.key())?.is_some_and(|(other, _)| other != id) {
                return Err(StoreError::Exists("a group of this name"));
            }
            tx.prepare_cached(RENAME)?.execute(params![
                id,
                new.name.as_str(),
                new.name.key(),
                text::folded(new.name.as_str()),
                new.name.sort_key()
            ])?;
            set_members(tx, id, &new.members)?;
            let detail = format!("changed group {name}: now {} with {} members", new.name, new.members.len());
            actions::append(tx, now, &actor, "group.change", &detail)
        })
        .await
    }

    pub async fn remove_group(&self, now: Timestamp, actor: &Actor, name: &Name) -> Result<(), StoreError> {
        let (actor, key) = (actor.clone(), name.key().to_owned());
        self.write(move |tx| {
            let removed: Option<String> = tx.prepare_cached(DELETE)?.query_row([key], |row| row.get(0)).optional()?;
            let name = removed.ok_or(StoreError::Missing("the group"))?;
            actions::append(tx, now, &actor, "group.delete", &format!("deleted group {name}"))
        })
        .await
    }

    /// Those of these names that a group has already, by their place.
    pub async fn taken_groups(&self, names: Vec<Name>) -> Result<Vec<usize>, StoreError> {
        self.read(move |tx| {
            let mut taken = Vec::new();
            for (place, name) in names.iter().enumerate() {
                if find(tx, name.key())?.is_some() {
                    taken.push(place);
                }
            }
            Ok(taken)
        })
        .await
    }

    /// Adds all of these groups or, when one of them exists, none.
    pub async fn import_groups(&self, now: Timestamp, actor: &Actor, file: &str, groups: Vec<NewGroup>) -> Result<(), StoreError> {
        let (actor, file) = (actor.clone(), file.to_owned());
        self.write(move |tx| {
            groups.iter().try_for_each(|group| insert(tx, now, group))?;
            actions::append(tx, now, &actor, "group.import", &format!("imported groups from CSV: {file}"))
        })
        .await
    }
}

pub(super) fn all(tx: &Connection) -> Result<Vec<(String, Vec<String>)>, StoreError> {
    let mut groups: Vec<(String, Vec<String>)> = Vec::new();
    let mut statement = tx.prepare_cached(ALL)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (group, member): (String, String) = (row.get(0)?, row.get(1)?);
        match groups.last_mut() {
            Some((name, members)) if *name == group => members.push(member),
            _ => groups.push((group, vec![member])),
        }
    }
    Ok(groups)
}

pub(super) fn insert(tx: &Connection, now: Timestamp, new: &NewGroup) -> Result<(), StoreError> {
    let count: i64 = tx.prepare_cached("select count(*) from client_groups")?.query_row([], |row| row.get(0))?;
    if count >= MOST {
        return Err(StoreError::Full("groups", MOST));
    }
    let name = &new.name;
    let values = params![name.as_str(), name.key(), text::folded(name.as_str()), name.sort_key(), now.as_millis()];
    let id: Option<i64> = tx.prepare_cached(INSERT)?.query_row(values, |row| row.get(0)).optional()?;
    add_members(tx, id.ok_or(StoreError::Exists("a group of this name"))?, &new.members)
}

pub(super) fn set_members(tx: &Connection, group: i64, members: &[Name]) -> Result<(), StoreError> {
    tx.prepare_cached(CLEAR)?.execute([group])?;
    add_members(tx, group, members)
}

fn add_members(tx: &Connection, group: i64, members: &[Name]) -> Result<(), StoreError> {
    let mut statement = tx.prepare_cached(ADD)?;
    for member in members {
        statement.execute(params![group, member.as_str(), member.key(), member.sort_key()])?;
    }
    Ok(())
}

/// Adds those who are no members yet.
pub(super) fn join(tx: &Connection, group: i64, members: &[Name]) -> Result<(), StoreError> {
    let mut statement = tx.prepare_cached(JOIN)?;
    for member in members {
        statement.execute(params![group, member.as_str(), member.key(), member.sort_key()])?;
    }
    let size: i64 = tx.prepare_cached(SIZE)?.query_row([group], |row| row.get(0))?;
    if size > MOST_MEMBERS { Err(StoreError::Full("members of a group", MOST_MEMBERS)) } else { Ok(()) }
}

pub(super) fn find(tx: &Connection, key: &str) -> Result<Option<(i64, String)>, StoreError> {
    Ok(tx.prepare_cached(FIND)?.query_row([key], |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
}

pub(super) fn members(tx: &Connection, group: i64) -> Result<Vec<Member>, StoreError> {
    let mut statement = tx.prepare_cached(MEMBERS)?;
    let rows = statement.query_map([group], |row| Ok(Member { name: row.get(0)?, client: row.get::<_, Option<i64>>(1)?.map(ClientId) }))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The groups that a name is a member of.
pub(super) fn of_member(tx: &Connection, key: &str) -> Result<Vec<String>, StoreError> {
    let mut statement = tx.prepare_cached(OF_MEMBER)?;
    let rows = statement.query_map([key], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn summary(row: &rusqlite::Row<'_>) -> rusqlite::Result<(GroupSummary, String)> {
    let count = |column| row.get::<_, i64>(column).map(|count| count.max(0).cast_unsigned());
    Ok((GroupSummary { name: row.get(0)?, members: count(2)?, online: count(3)? }, row.get(1)?))
}
