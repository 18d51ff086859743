-- Statistics by day of the hub's own clock on the wall. Kept by triggers, so that they cost no scan of deliveries and
-- outlive the alerts that retention deletes. Drills do not count.
create table alert_days (
    day text not null,
    severity integer not null,
    sender text not null,
    alerts integer not null,
    primary key (day, severity, sender)
) without rowid;

-- Steps of the time from sending to seeing, in seconds: each reaches up to the next one.
create table seen_steps (from_s integer primary key);
insert into seen_steps (from_s) values (0), (1), (2), (3), (4), (5), (7), (10), (15), (20), (30), (45), (60), (90), (120), (180),
    (240), (300), (450), (600), (900), (1200), (1800), (2700), (3600), (5400), (7200), (10800), (14400), (21600), (28800), (43200),
    (64800), (86400), (172800), (259200), (604800), (1209600);

create table seen_days (
    day text not null,
    from_s integer not null,
    deliveries integer not null,
    primary key (day, from_s)
) without rowid;

-- By day (2026-01-31) and again by month (2026-01), so that a year need not read each of its days.
create table seen_branches (
    period text not null,
    client_id bigint not null,
    from_s integer not null,
    deliveries integer not null,
    primary key (period, client_id, from_s)
) without rowid;

-- What people did, by row of the action log.
create table action_days (
    day text not null,
    actor text not null,
    actions integer not null,
    primary key (day, actor)
) without rowid;

create trigger alert_counts after insert on alerts when new.drill = 0
begin
    insert into alert_days (day, severity, sender, alerts)
        values (strftime('%Y-%m-%d', new.sent_at / 1000, 'unixepoch', 'localtime'), new.severity, new.sender, 1)
        on conflict (day, severity, sender) do update set alerts = alerts + 1;
end;

create trigger seen_counts after update of displayed_at, dismissed_at on deliveries
when old.displayed_at is null and old.dismissed_at is null and (new.displayed_at is not null or new.dismissed_at is not null)
    and (select drill from alerts where seq = new.alert_seq) = 0
begin
    insert into seen_days (day, from_s, deliveries)
        select strftime('%Y-%m-%d', new.queued_at / 1000, 'unixepoch', 'localtime'), max(from_s), 1 from seen_steps
            where from_s <= max(0, (coalesce(new.displayed_at, new.dismissed_at) - new.queued_at) / 1000)
        on conflict (day, from_s) do update set deliveries = deliveries + 1;
    insert into seen_branches (period, client_id, from_s, deliveries)
        select strftime('%Y-%m-%d', new.queued_at / 1000, 'unixepoch', 'localtime'), new.client_id, max(from_s), 1 from seen_steps
            where from_s <= max(0, (coalesce(new.displayed_at, new.dismissed_at) - new.queued_at) / 1000)
        on conflict (period, client_id, from_s) do update set deliveries = deliveries + 1;
    insert into seen_branches (period, client_id, from_s, deliveries)
        select strftime('%Y-%m', new.queued_at / 1000, 'unixepoch', 'localtime'), new.client_id, max(from_s), 1 from seen_steps
            where from_s <= max(0, (coalesce(new.displayed_at, new.dismissed_at) - new.queued_at) / 1000)
        on conflict (period, client_id, from_s) do update set deliveries = deliveries + 1;
end;

create trigger action_counts after insert on action_log when exists (select 1 from users where name = new.actor)
begin
    insert into action_days (day, actor, actions)
        values (strftime('%Y-%m-%d', new.at / 1000, 'unixepoch', 'localtime'), new.actor, 1)
        on conflict (day, actor) do update set actions = actions + 1;
end;

-- What happened before there were statistics.
insert into alert_days (day, severity, sender, alerts)
    select strftime('%Y-%m-%d', sent_at / 1000, 'unixepoch', 'localtime'), severity, sender, count(*)
    from alerts where drill = 0 group by 1, 2, 3;
insert into seen_branches (period, client_id, from_s, deliveries)
    select day, client_id, (select max(from_s) from seen_steps where from_s <= max(0, took_s)), count(*) from (
        select strftime('%Y-%m-%d', d.queued_at / 1000, 'unixepoch', 'localtime') as day, d.client_id,
            (coalesce(d.displayed_at, d.dismissed_at) - d.queued_at) / 1000 as took_s
        from deliveries d join alerts a on a.seq = d.alert_seq and a.drill = 0
        where d.displayed_at is not null or d.dismissed_at is not null)
    group by 1, 2, 3;
insert into seen_days (day, from_s, deliveries) select period, from_s, sum(deliveries) from seen_branches group by 1, 2;
insert into seen_branches (period, client_id, from_s, deliveries)
    select substr(period, 1, 7), client_id, from_s, sum(deliveries) from seen_branches group by 1, 2, 3;
insert into action_days (day, actor, actions)
    select strftime('%Y-%m-%d', at / 1000, 'unixepoch', 'localtime'), actor, count(*) from action_log
    where actor in (select name from users) group by 1, 2;

-- What the administrator sets while the hub runs.
create table settings (
    name text primary key,
    value text not null
) without rowid;

-- The last row that was cut off the head of the action log: what the first one left refers to.
create table action_anchor (
    id integer primary key check (id = 1),
    seq bigint not null,
    hash blob not null
);
