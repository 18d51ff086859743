//! Whatever happens in whatever order: what the agent promises holds, and its journal gives back what it knew.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeSet;

use ed25519_dalek::SigningKey;
use proptest::prelude::*;
use shared::{Audience, Timestamp};

use super::*;

fn hub() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

fn id(number: u8) -> AlertId {
    AlertId::from_parts(Timestamp::from_millis(1_790_000_000_000), number.into())
}

fn alert(number: u8, expires_in_s: Option<u64>) -> Box<Alert> {
    let mut alert = Alert {
        id: id(number),
        seq: 1,
        severity: Severity::Info,
        title: String::new(),
        text: "text".into(),
        from: "ana".into(),
        audience: Audience::Global,
        sent_at: Timestamp::from_millis(0),
        expires_at: None,
        expires_in_s,
        replies: Vec::new(),
        free_reply: false,
        drill: false,
        replaces: None,
        signature: String::new(),
    };
    alert.signature = signature::sign(&alert, &hub());
    Box::new(alert)
}

fn up() -> Input {
    Input::Up(Connected {
        username: "Sol".into(),
        server_time: Timestamp::from_millis(0),
        heartbeat_s: 20,
        epoch: "e".into(),
        signing_key: signature::public_key(&hub()),
    })
}

/// Anything that can happen to one of four alerts, to the link or to the disk.
fn input() -> impl Strategy<Value = Input> {
    let state = prop_oneof![Just(ReceiptState::Delivered), Just(ReceiptState::Displayed), Just(ReceiptState::Dismissed)];
    prop_oneof![
        3 => (0..4_u8, prop::option::of(0..40_u64)).prop_map(|(number, seconds)| Input::Alert(alert(number, seconds))),
        1 => (0..4_u8).prop_map(|number| Input::Withdraw(Withdraw { id: id(number), reason: None })),
        2 => (0..4_u8).prop_map(|number| Input::Displayed { id: id(number), user: None }),
        2 => (0..4_u8).prop_map(|number| Input::Dismissed { id: id(number), reply: None, user: None }),
        2 => (0..4_u8, state).prop_map(|(number, state)| Input::ReceiptsOk(ReceiptsOk { items: vec![ReceiptOk { id: id(number), state }] })),
        1 => Just(up()),
        1 => Just(Input::Down),
        1 => Just(Input::DiskFailed),
        1 => Just(Input::DiskHealed),
        1 => Just(Input::Tick),
    ]
}

proptest! {
    #[test]
    fn shown_once_never_after_a_withdrawal_told_only_what_is_stored(inputs in prop::collection::vec((input(), 0..20_000_u64), 1..60)) {
        let mut now = Moment { wall: Timestamp::from_millis(0), boot: "b".into(), uptime_ms: 0 };
        let mut state = State::new(Inbox::default(), None, now.clone());
        let mut replayed = Inbox::default();
        let (mut shown, mut withdrawn, mut disk_works, mut linked) = (BTreeSet::new(), BTreeSet::new(), true, false);
        state.apply(up(), &now).into_iter().for_each(|effect| if let Effect::Store(records) = effect {
            records.iter().for_each(|record| replayed.apply(record));
        });
        state.apply(Input::Down, &now);
        for (input, pause) in inputs {
            now.uptime_ms += pause;
            match &input {
                Input::Withdraw(withdraw) => drop(withdrawn.insert(withdraw.id)),
                Input::DiskFailed => disk_works = false,
                Input::DiskHealed => disk_works = true,
                Input::Up(_) => linked = true,
                Input::Down => linked = false,
                _ => {}
            }
            for effect in state.apply(input, &now) {
                match effect {
                    Effect::Store(records) => records.iter().for_each(|record| replayed.apply(record)),
                    Effect::Show(alert) => {
                        prop_assert!(!withdrawn.contains(&alert.id), "shown after its withdrawal");
                        prop_assert!(shown.insert(alert.id), "shown twice");
                    }
                    Effect::Send(ToHub::Receipts(receipts)) => {
                        prop_assert!(disk_works && linked);
                        for receipt in receipts.items {
                            let stored = replayed.entry(receipt.id).unwrap();
                            prop_assert!(stored.told.iter().any(|told| told.receipt == receipt), "told before it was stored");
                        }
                    }
                    _ => {}
                }
            }
            // A crash here would give back the same alerts, as far along.
            let stages = |inbox: &Inbox| (0..4).map(|number| inbox.entry(id(number)).map(|entry| entry.stage.clone())).collect::<Vec<_>>();
            prop_assert_eq!(stages(&replayed), stages(state.inbox()));
        }
    }
}
