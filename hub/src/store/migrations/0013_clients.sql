-- How clients are looked through: by version, by silence, by what matters; and who tried a name that was in use.
-- A version as text that sorts (hub_core::version); the hub fills it in for what was there before.
alter table clients add column version_key text;
-- Technicians are told when this client is gone longer than so many seconds; and since when they know that it is.
alter table clients add column important_after_s bigint;
alter table clients add column gone_noticed_at bigint;
create index clients_by_seen on clients (coalesce(last_seen_at, created_at), id) where revoked_at is null;
create index clients_by_creation on clients (created_at, id) where revoked_at is null;
create index clients_by_version on clients (coalesce(version_key, ''), id) where revoked_at is null;
create index clients_important on clients (id) where important_after_s is not null or gone_noticed_at is not null;
create index client_group_members_by_name on client_group_members (name_key);

create table name_conflicts (
    client_id bigint not null references clients (id),
    address text not null,
    first_at bigint not null,
    last_at bigint not null,
    times bigint not null,
    primary key (client_id, address)
) without rowid;
create index name_conflicts_by_time on name_conflicts (last_at);
