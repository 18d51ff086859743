-- The silence that kept an alert of a monitoring tool from raising anything: when it is over and the alert still stands, it raises.
alter table reported_alerts add column silenced_by integer;
