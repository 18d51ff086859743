-- What the hub itself noticed, by what it is about: at its start it looks which of it still stands.
create index events_of_hub on events (dedup_key, id) where channel = 'hub' and dedup_key is not null;
