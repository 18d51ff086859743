-- Quick texts, in the order in which they are offered.
create table phrases (position integer primary key, text text not null);

-- What a technician is limited to; null is no limit. JSON lists of names and of severities.
alter table users add column limited_groups text;
alter table users add column limited_severities text;

-- The words of alerts, for the search.
create virtual table alert_words using fts5 (title, text, sender, content='', tokenize='unicode61 remove_diacritics 2', contentless_delete=1);
insert into alert_words (rowid, title, text, sender) select seq, title, text, sender from alerts;
create trigger alert_words_of_new after insert on alerts begin
    insert into alert_words (rowid, title, text, sender) values (new.seq, new.title, new.text, new.sender);
end;
create trigger alert_words_of_deleted after delete on alerts begin
    delete from alert_words where rowid = old.seq;
end;
create index alerts_by_sender on alerts (sender, seq);
create index deliveries_by_alert_state on deliveries (alert_seq, state);
-- Groups and branches are found however their name was written; before this, as they were written then.
alter table alert_audiences add column name_key text;
update alert_audiences set name_key = lower(name);
create index alert_audiences_by_name on alert_audiences (name_key, kind, alert_seq);

-- What branches write, and who took care of it.
alter table branch_messages add column message_id text;
alter table branch_messages add column handled_at bigint;
alter table branch_messages add column handled_by text;
-- the alert that answered it
alter table branch_messages add column answer_id text;
create unique index branch_messages_once on branch_messages (client_id, message_id) where message_id is not null;
create index branch_messages_open on branch_messages (id) where handled_at is null;
create index branch_messages_by_client on branch_messages (client_id, id);
