-- The second factor of a user. The secret is sealed with a key that is not in the database.
create table second_factors (
    user_id bigint primary key references users (id) on delete cascade,
    secret blob not null,
    created_at bigint not null,
    -- null while it is being set up
    confirmed_at bigint,
    -- the last step whose code was used: none is taken twice
    last_step bigint not null default 0
);

create table recovery_codes (
    user_id bigint not null references users (id) on delete cascade,
    code_hash blob not null,
    used_at bigint,
    primary key (user_id, code_hash)
);

-- Where a log-in came from, for whoever looks through the list of them.
alter table panel_sessions add column address text not null default '';
alter table panel_sessions add column agent text not null default '';
create index panel_sessions_by_user on panel_sessions (user_id);

-- How far a user has read the action log.
alter table users add column actions_read_seq bigint not null default 0;
create index action_log_by_time on action_log (at);
