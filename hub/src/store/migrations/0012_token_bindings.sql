-- What a token is bound to: whose screens its escalated events reach, and what its tool's words of severity mean.
alter table api_tokens add column group_name text;
alter table api_tokens add column severities text not null default '{}';

-- Followers look for what was withdrawn and sent after a moment.
create index alerts_by_withdrawal on alerts (withdrawn_at) where withdrawn_at is not null;
create index alerts_by_time on alerts (sent_at);

-- Alerts that Prometheus and its like repeat until they are solved: kept so that a repetition is no new event.
create table reported_alerts (
    token_id bigint not null references api_tokens (id),
    fingerprint text not null,
    alert text not null,
    starts_at bigint not null,
    ends_at bigint not null,
    updated_at bigint not null,
    primary key (token_id, fingerprint)
);
create index reported_alerts_by_end on reported_alerts (ends_at);
