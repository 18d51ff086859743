-- What a token is bound to: whose screens its escalated events reach, and what its tool's words of severity mean.
alter table api_tokens add column group_name text;
alter table api_tokens add column severities text not null default '{}';
