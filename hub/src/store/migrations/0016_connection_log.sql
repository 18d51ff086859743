-- Who was not let in and why: gathered for some seconds, so that a flood is a few rows.
create table rejections (
    id integer primary key autoincrement,
    at bigint not null,
    name text not null,
    address text not null,
    reason text not null,
    count bigint not null
);
create index rejections_by_time on rejections (at);
create index connections_by_start on connections (connected_at);
create index connections_by_end on connections (disconnected_at) where disconnected_at is not null;
