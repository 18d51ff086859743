-- Alerts over their life: corrected by a successor, reminded of, planned for later.
alter table alerts add column free_reply integer not null default 0;
-- Ids: which alert this one corrects, and which one corrects it.
alter table alerts add column replaces text;
alter table alerts add column replaced_by text;

-- What happened to an alert as a whole, in its order; that it was sent stands in its own row.
create table alert_timeline (
    id integer primary key,
    alert_seq bigint not null references alerts (seq) on delete cascade,
    at bigint not null,
    kind text not null,
    actor text not null,
    reason text,
    -- id of another alert that it has to do with
    other text,
    -- how many clients it concerned, and how many of those were away
    clients bigint,
    away bigint
);
create index alert_timeline_by_alert on alert_timeline (alert_seq, id);
insert into alert_timeline (alert_seq, at, kind, actor, reason)
    select seq, withdrawn_at, 'withdrawn', '', withdraw_reason from alerts where withdrawn_at is not null;

-- Alerts that are to be sent later, once or again and again.
create table scheduled_alerts (
    id text primary key,
    -- JSON as the sender wrote it, checked; it is checked again when it is sent
    draft text not null,
    sender text not null,
    -- user, token or cli: who must still be there when it is sent
    sender_kind text not null,
    created_at bigint not null,
    -- the first time that was asked for; its time of day counts for all that follow
    starts_at bigint not null,
    next_at bigint not null,
    every text,
    until bigint,
    time_zone text,
    -- sent for the last time, or called off
    ended_at bigint,
    failed_at bigint,
    failure text
);
create index scheduled_alerts_due on scheduled_alerts (next_at, id) where ended_at is null;
