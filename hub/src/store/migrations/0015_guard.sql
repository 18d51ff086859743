-- What the guard noticed; `count` is how many of the same kind this row stands for.
create table security_events (
    id integer primary key autoincrement,
    created_at integer not null,
    kind text not null,
    level text not null,
    address text not null,
    client text,
    detail text not null,
    count integer not null
);
create index security_events_address on security_events (address, id);

-- Who is kept out. `client` is empty for an address as a whole, else the name of an agent behind it.
create table bans (
    address text not null,
    client text not null,
    since integer not null,
    until integer not null,
    reason text not null,
    banned_by text not null,
    primary key (address, client)
);
create index bans_until on bans (until);

-- Networks that are trusted besides those of the settings.
create table security_allowed (
    network text primary key,
    reason text not null,
    created_at integer not null,
    created_by text not null
);
