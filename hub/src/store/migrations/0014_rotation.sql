-- New keys for agents: who was asked for one, and the proof of the one that waits beside the old.
alter table clients add column key_since bigint;
create table key_rotations (
    client_id bigint primary key references clients (id),
    asked_at bigint not null,
    -- All three from when the agent has said its new proof.
    offered_at bigint,
    salt blob,
    mac blob
) without rowid;
create index clients_by_key_age on clients (coalesce(key_since, created_at)) where revoked_at is null and version is not null;
