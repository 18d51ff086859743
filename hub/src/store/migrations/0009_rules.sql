-- What people wrote to decide about events: `rules`, `on_call`, `watches`, each as JSON. None: what is built in holds.
create table rule_documents (
    name text primary key,
    body text not null,
    version bigint not null,
    changed_at bigint not null,
    changed_by text not null
);

create table silences (
    id integer primary key autoincrement,
    body text not null,
    created_at bigint not null,
    created_by text not null,
    ends_at bigint,
    ended_at bigint,
    ended_by text
);
create index silences_open on silences (id) where ended_at is null;

-- Events of one rule that belong together, and what was done about them.
create table incidents (
    id integer primary key autoincrement,
    rule_id text not null,
    rule_name text not null,
    key text,
    source text not null,
    severity integer not null,
    title text not null,
    text text not null,
    -- the rule as it was: a change of rules leaves no step behind
    plan text not null,
    -- in place of everybody's screens, for what came by a token that is bound to a group
    bound_group text,
    first_event bigint not null,
    last_event bigint not null,
    opened_at bigint not null,
    last_at bigint not null,
    count bigint not null default 1,
    -- takes further events in until then; null: until it is closed
    until_at bigint,
    closed_at bigint,
    acted_at bigint,
    amended_at bigint,
    resolved_at bigint
);
create unique index incidents_open on incidents (rule_id, key) where closed_at is null and key is not null;
create index incidents_by_key on incidents (key) where closed_at is null and key is not null;
create index incidents_by_end on incidents (until_at) where closed_at is null and until_at is not null;
create index incidents_by_rule on incidents (rule_id, id);

create table incident_alerts (
    incident_id bigint not null references incidents (id) on delete cascade,
    alert_seq bigint not null references alerts (seq) on delete cascade,
    primary key (incident_id, alert_seq)
) without rowid;
create index incident_alerts_by_alert on incident_alerts (alert_seq);

-- What is due: written with what it follows, done in the transaction that says so, hence never lost and never done twice.
create table escalations (
    id integer primary key autoincrement,
    incident_id bigint not null references incidents (id) on delete cascade,
    kind text not null,
    number bigint not null,
    due_at bigint not null,
    state text not null default 'waiting',
    done_at bigint,
    outcome text not null default '',
    unique (incident_id, kind, number)
);
create index escalations_due on escalations (due_at) where state = 'waiting';

-- Sources that are silent at the moment.
create table silent_watches (
    id text primary key,
    since bigint not null
);

alter table events add column silence_id bigint;
