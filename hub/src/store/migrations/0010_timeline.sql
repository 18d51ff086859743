-- What happened to events, and how many there were over time.
create index events_raised on events (id) where alert_seq is not null;
create index events_by_time on events (created_at, severity);
create index alerts_resolved on alerts (withdrawn_at, seq) where withdraw_reason = 'resolved';
