-- What leaves the hub: mail and calls of webhooks. A row is one recipient's.
create table outgoing (
    id integer primary key autoincrement,
    kind text not null,
    stable_key text not null unique,
    -- rows of one bundle and recipient leave as one mail
    bundle text,
    event_id bigint,
    alert_id text,
    recipient text not null,
    subject text not null,
    payload text not null,
    state text not null,
    attempts bigint not null default 0,
    created_at bigint not null,
    due_at bigint not null,
    leased_until bigint
);
create index outgoing_due on outgoing (due_at) where state = 'waiting';
create index outgoing_by_event on outgoing (event_id) where event_id is not null;

-- How many notices of one kind went out lately: beyond that they are bundled.
create table outgoing_pace (
    name text primary key,
    began_at bigint not null,
    count bigint not null
);

-- Every attempt to mail, and what came of it.
create table email_alerts (
    id integer primary key autoincrement,
    event_id bigint,
    created_at bigint not null,
    recipient text not null,
    status text not null,
    detail text not null,
    subject text not null default '',
    alert_id text
);
create index email_alerts_by_event on email_alerts (event_id) where event_id is not null;
create index email_alerts_by_status on email_alerts (status, id);
