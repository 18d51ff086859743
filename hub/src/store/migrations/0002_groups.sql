-- Groups of clients. A member is a name: it may be enrolled later, or again.
create table client_groups (
    id integer primary key,
    name text not null,
    name_key text not null unique,
    folded text not null,
    sort_key text not null unique,
    created_at bigint not null
);

create table client_group_members (
    group_id bigint not null references client_groups (id) on delete cascade,
    name text not null,
    name_key text not null,
    sort_key text not null,
    primary key (group_id, name_key)
) without rowid;
