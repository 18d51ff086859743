-- Times are integer milliseconds since 1970 UTC. Portable: the same statements run in PostgreSQL.
create table meta (key text primary key, value text not null);

-- Rises inside the writing transaction: a sequence would lose rows to a reader that follows it.
create table counters (name text primary key, value bigint not null);
insert into counters (name, value) values ('alert_seq', 0);

create table clients (
    id integer primary key,
    name text not null,
    name_key text not null unique,
    -- for the eye: without case and accents; and in its order, numbers by their value
    folded text not null,
    sort_key text not null unique,
    salt blob not null,
    mac blob not null,
    created_at bigint not null,
    revoked_at bigint,
    last_seen_at bigint,
    version text,
    os text,
    address text
);

create table connections (
    id integer primary key,
    client_id bigint not null references clients (id),
    connected_at bigint not null,
    disconnected_at bigint,
    address text not null,
    version text,
    os text,
    reason text
);
create index connections_by_client on connections (client_id, id);
create index connections_open on connections (id) where disconnected_at is null;

create table enrolments (
    id integer primary key,
    code_hash blob not null unique,
    name text,
    name_key text,
    uses bigint not null,
    used bigint not null default 0,
    failed bigint not null default 0,
    created_at bigint not null,
    created_by text not null,
    expires_at bigint not null
);

create table users (
    id integer primary key,
    name text not null,
    name_key text not null unique,
    role text not null,
    password_hash text not null,
    theme text,
    language text,
    created_at bigint not null
);

create table panel_sessions (
    token_hash blob primary key,
    user_id bigint not null references users (id) on delete cascade,
    created_at bigint not null,
    used_at bigint not null,
    ends_at bigint not null
);

create table events (
    id integer primary key autoincrement,
    created_at bigint not null,
    source text not null,
    severity text not null,
    message text not null,
    channel text not null,
    raw_payload text not null,
    dedup_key text,
    alert_seq bigint
);

-- A retry with the same id gets the first answer for 24 hours.
create table event_ids (
    source text not null,
    id text not null,
    event_id bigint not null,
    created_at bigint not null,
    primary key (source, id)
);
create index event_ids_by_age on event_ids (created_at);

create table alerts (
    seq integer primary key,
    id text not null unique,
    severity integer not null,
    title text not null,
    text text not null,
    sender text not null,
    sent_at bigint not null,
    expires_at bigint,
    withdrawn_at bigint,
    withdraw_reason text,
    drill integer not null,
    replies text not null,
    dedup_key text
);
create index alerts_by_incident on alerts (dedup_key, seq) where dedup_key is not null and withdrawn_at is null;
create index alerts_by_expiry on alerts (expires_at) where expires_at is not null;

create table alert_audiences (
    alert_seq bigint not null references alerts (seq),
    position integer not null,
    kind text not null,
    name text not null,
    primary key (alert_seq, position)
);

create table deliveries (
    alert_seq bigint not null references alerts (seq),
    client_id bigint not null references clients (id),
    -- which entry of alert_audiences made this client a recipient
    audience integer not null,
    state integer not null,
    queued_at bigint not null,
    sent_at bigint,
    delivered_at bigint,
    displayed_at bigint,
    dismissed_at bigint,
    withdrawal_confirmed_at bigint,
    reply text,
    replied_by text,
    primary key (alert_seq, client_id)
) without rowid;
-- What a client still has to get: not final, or withdrawn and not confirmed.
create index deliveries_open on deliveries (client_id, alert_seq) where state < 4 or (state = 6 and withdrawal_confirmed_at is null);

create table idempotency (
    scope text not null,
    key text not null,
    alert_id text not null,
    created_at bigint not null,
    primary key (scope, key)
);
create index idempotency_by_age on idempotency (created_at);

create table branch_messages (
    id integer primary key,
    client_id bigint not null references clients (id),
    created_at bigint not null,
    text text not null
);

-- Hash chain: each row holds the hash of the row before it and of itself.
create table action_log (
    seq integer primary key,
    at bigint not null,
    actor text not null,
    action text not null,
    detail text not null,
    previous_hash blob not null,
    hash blob not null
);
