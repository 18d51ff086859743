//! The journal survives being cut anywhere, and a compaction changes nothing.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

use shared::wire::to_agent::{Alert, ReceiptOk};
use shared::wire::to_hub::{Receipt, ReceiptState};
use shared::{AlertId, Audience, Severity};

use super::*;
use crate::platform::Moment;

fn now() -> Timestamp {
    Timestamp::from_millis(1_790_000_000_000)
}

fn alert(number: u128) -> Alert {
    Alert {
        id: AlertId::from_parts(now(), number),
        seq: 1,
        severity: Severity::Error,
        title: "title".into(),
        text: "text\nof two lines".into(),
        from: "ana".into(),
        audience: Audience::Global,
        sent_at: now(),
        expires_at: None,
        expires_in_s: None,
        replies: vec!["Sí".into()],
        free_reply: false,
        drill: false,
        replaces: None,
        signature: "s".into(),
    }
}

fn records() -> Vec<Record> {
    let receipt = |number, state| Receipt { id: alert(number).id, state, at: now(), reply: None, user: None };
    let moment = Moment { wall: now(), boot: "b".into(), uptime_ms: 5 };
    vec![
        Record::Epoch { epoch: "e".into() },
        Record::Arrived { alert: Box::new(alert(1)), at: moment.clone() },
        Record::Happened { receipt: receipt(1, ReceiptState::Displayed) },
        Record::Confirmed { items: vec![ReceiptOk { id: alert(1).id, state: ReceiptState::Delivered }] },
        Record::Arrived { alert: Box::new(alert(2)), at: moment },
        Record::Happened { receipt: receipt(1, ReceiptState::Dismissed) },
        Record::Happened { receipt: receipt(3, ReceiptState::Withdrawn) },
        Record::Expired { id: alert(2).id, at: now() },
    ]
}

fn inbox_of(records: &[Record]) -> Inbox {
    let mut inbox = Inbox::default();
    records.iter().for_each(|record| inbox.apply(record));
    inbox
}

fn temporary() -> (tempfile::TempDir, Folder) {
    let directory = tempfile::tempdir().unwrap();
    let folder = Folder::choose(Some(directory.path().into())).unwrap();
    (directory, folder)
}

#[test]
fn a_journal_cut_anywhere_gives_back_every_whole_record() {
    let (_directory, folder) = temporary();
    let records = records();
    let text = encode(&records).unwrap();
    // Each cut costs two syncs, so not every one is tried.
    for length in (0..=text.len()).step_by(17) {
        std::fs::write(folder.file(FILE), &text[..length]).unwrap();
        let whole = text[..length].iter().filter(|byte| **byte == b'\n').count();
        let (_journal, inbox) = Journal::open(&folder, now()).unwrap();
        assert_eq!(inbox, inbox_of(&records[..whole]), "cut at {length}");
    }
}

#[test]
fn what_is_appended_is_read_back_after_each_restart() {
    let (_directory, folder) = temporary();
    for record in records() {
        let (mut journal, _) = Journal::open(&folder, now()).unwrap();
        journal.append(&[record]).unwrap();
    }
    assert_eq!(Journal::open(&folder, now()).unwrap().1, inbox_of(&records()));
}

#[test]
fn what_is_over_and_confirmed_is_forgotten_after_thirty_days() {
    let (_directory, folder) = temporary();
    let mut records = records();
    let over = [ReceiptState::Delivered, ReceiptState::Displayed, ReceiptState::Dismissed];
    let items = over.map(|state| ReceiptOk { id: alert(1).id, state }).to_vec();
    records.push(Record::Confirmed { items });
    std::fs::write(folder.file(FILE), encode(&records).unwrap()).unwrap();
    let day = 24 * 3600 * 1000;
    let (_, inbox) = Journal::open(&folder, now().plus_millis(29 * day)).unwrap();
    assert!(inbox.entry(alert(1).id).is_some());
    let (_, inbox) = Journal::open(&folder, now().plus_millis(31 * day)).unwrap();
    assert!(inbox.entry(alert(1).id).is_none());
    assert!(inbox.entry(alert(3).id).is_some(), "its receipt is still owed");
}

#[test]
fn a_long_journal_is_written_anew() {
    let (_directory, folder) = temporary();
    let (mut journal, _) = Journal::open(&folder, now()).unwrap();
    while !journal.is_long() {
        journal.append(&records()).unwrap();
    }
    journal.compact(&inbox_of(&records()), now()).unwrap();
    assert!(!journal.is_long() && std::fs::metadata(folder.file(FILE)).unwrap().len() < 10_000);
    assert_eq!(Journal::open(&folder, now()).unwrap().1, inbox_of(&records()));
}
