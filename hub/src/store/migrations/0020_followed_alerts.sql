-- The alert that an incident is about, of a rule that follows what people send; its first_event and last_event are 0.
-- Null: the incident is one of events.
alter table incidents add column alert_seq bigint references alerts (seq) on delete cascade;
create index incidents_by_subject on incidents (alert_seq) where alert_seq is not null;
