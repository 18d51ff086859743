-- Since when a client is away, by a time that the clock's jumps do not touch (Clock::lived): since it left, or was enrolled.
alter table clients add column absent_since bigint;
update clients set absent_since = coalesce(
    (select k.disconnected_at from connections k where k.client_id = clients.id order by k.id desc limit 1), last_seen_at, created_at);
