-- Tokens of programs: only the hash is kept. A revoked one stays, so that its name in old rows can be explained.
create table api_tokens (
    id integer primary key,
    token_hash blob not null unique,
    name text not null,
    name_key text not null,
    scope text not null,
    created_at bigint not null,
    created_by text not null,
    last_used_at bigint,
    revoked_at bigint
);
create unique index api_tokens_by_name on api_tokens (name_key) where revoked_at is null;
