-- What silences kept from raising anything, for the audit of events.
create index events_silenced on events (id) where silence_id is not null;
