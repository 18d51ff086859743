-- Programs that want to be told. The secret signs what they are told, so it has to be kept as it is.
create table webhooks (
    id integer primary key,
    name text not null,
    name_key text not null unique,
    url text not null,
    secret text not null,
    allow_private integer not null default 0,
    -- rank of the least severe events that it hears of by itself; null: none
    from_severity integer,
    created_at bigint not null,
    created_by text not null
);

create table webhook_attempts (
    id integer primary key autoincrement,
    webhook text not null,
    event_id bigint,
    created_at bigint not null,
    status text not null,
    detail text not null
);
create index webhook_attempts_by_webhook on webhook_attempts (webhook, id);
