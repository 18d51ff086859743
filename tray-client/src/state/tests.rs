//! The agent's decisions, as tables: what happens, and what is done about it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may panic")]

use ed25519_dalek::SigningKey;
use shared::{Audience, Timestamp};

use super::*;

fn hub() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

fn at(millis: u64) -> Moment {
    Moment { wall: Timestamp::from_millis(1_790_000_000_000 + i64::try_from(millis).unwrap()), boot: "b".into(), uptime_ms: millis }
}

fn id(number: u128) -> AlertId {
    AlertId::from_parts(Timestamp::from_millis(1_790_000_000_000), number)
}

fn alert(number: u128) -> Box<Alert> {
    let mut alert = Alert {
        id: id(number),
        seq: 1,
        severity: Severity::Critical,
        title: "Recall".into(),
        text: "Lot 42".into(),
        from: "ana".into(),
        audience: Audience::Global,
        sent_at: Timestamp::from_millis(1_790_000_000_000),
        expires_at: None,
        expires_in_s: None,
        replies: Vec::new(),
        free_reply: false,
        drill: false,
        replaces: None,
        signature: String::new(),
    };
    alert.signature = signature::sign(&alert, &hub());
    Box::new(alert)
}

fn lasting(number: u128, seconds: u64) -> Box<Alert> {
    Box::new(Alert { expires_in_s: Some(seconds), ..*alert(number) })
}

fn up(epoch: &str) -> Input {
    Input::Up(Connected {
        username: "Sol".into(),
        server_time: Timestamp::from_millis(0),
        heartbeat_s: 20,
        epoch: epoch.into(),
        signing_key: signature::public_key(&hub()),
    })
}

fn displayed(number: u128) -> Input {
    Input::Displayed { id: id(number), user: None }
}

fn dismissed(number: u128) -> Input {
    Input::Dismissed { id: id(number), reply: Some("ok".into()), user: None }
}

fn withdraw(number: u128) -> Input {
    Input::Withdraw(Withdraw { id: id(number), reason: None })
}

fn linked() -> State {
    let mut state = State::new(Inbox::default(), None, at(0));
    state.apply(up("e"), &at(0));
    state
}

/// The effects in short: `store`, `show 1`, `hide 1`, `said 1 delivered`…
fn words(effects: &[Effect]) -> Vec<String> {
    let number = |searched: AlertId| (0..200).find(|number| id(*number) == searched).unwrap();
    let one = |effect: &Effect| match effect {
        Effect::Store(_) => vec!["store".to_owned()],
        Effect::Pin(_) => vec!["pin".into()],
        Effect::Show(alert) => vec![format!("show {}", number(alert.id))],
        Effect::Raise(id) => vec![format!("raise {}", number(*id))],
        Effect::Hide(id) => vec![format!("hide {}", number(*id))],
        Effect::Sound => vec!["sound".into()],
        Effect::Warn(_) => vec!["warn".into()],
        Effect::Send(ToHub::Receipts(receipts)) => {
            receipts.items.iter().map(|item| format!("say {} {}", number(item.id), item.state.as_str())).collect()
        }
        Effect::Send(_) => vec!["send".into()],
    };
    effects.iter().flat_map(one).collect()
}

fn play(state: &mut State, table: Vec<(u64, Input, &[&str])>) {
    for (row, (millis, input, expected)) in table.into_iter().enumerate() {
        let shown = format!("row {row}: {input:?}");
        assert_eq!(words(&state.apply(input, &at(millis))), expected, "{shown}");
    }
}

#[test]
fn an_alert_is_stored_then_shown_then_reported_step_by_step() {
    play(
        &mut State::new(Inbox::default(), None, at(0)),
        vec![
            (0, up("e"), &["pin", "store"]),
            (1, Input::Alert(alert(1)), &["store", "show 1", "say 1 delivered"]),
            (2, displayed(1), &["store", "sound", "say 1 displayed"]),
            (3, displayed(1), &[]),
            (4, dismissed(1), &["store", "say 1 dismissed"]),
            (5, dismissed(1), &[]),
        ],
    );
}

#[test]
fn an_alert_that_comes_again_is_reported_again_and_shown_once() {
    let mut state = linked();
    let again: &[&str] = &["say 1 delivered", "say 1 displayed", "say 1 dismissed"];
    play(
        &mut state,
        vec![
            (1, Input::Alert(alert(1)), &["store", "show 1", "say 1 delivered"]),
            (2, Input::Alert(alert(1)), &["say 1 delivered"]),
            (3, displayed(1), &["store", "sound", "say 1 displayed"]),
            (4, dismissed(1), &["store", "say 1 dismissed"]),
            (5, Input::Alert(alert(1)), again),
        ],
    );
}

#[test]
fn what_does_not_verify_is_neither_shown_nor_reported() {
    let mut other_text = alert(1);
    other_text.text = "Lot 43".into();
    let mut other_key = alert(1);
    other_key.signature = signature::sign(&other_key, &SigningKey::from_bytes(&[8; 32]));
    let mut none = alert(1);
    none.signature = String::new();
    for forged in [other_text, other_key, none] {
        play(&mut linked(), vec![(1, Input::Alert(forged), &["warn"]), (2, displayed(1), &[])]);
    }
    let unpinned = &mut State::new(Inbox::default(), None, at(0));
    play(unpinned, vec![(1, Input::Alert(alert(1)), &["warn"])]);
}

#[test]
fn another_signing_key_than_the_pinned_one_does_not_replace_it() {
    let mut state = State::new(Inbox::default(), Some(signature::public_key(&SigningKey::from_bytes(&[8; 32]))), at(0));
    play(&mut state, vec![(0, up("e"), &["warn", "store"]), (1, Input::Alert(alert(1)), &["warn"])]);
}

#[test]
fn a_withdrawal_takes_off_suppresses_and_is_remembered() {
    play(
        &mut linked(),
        vec![
            (1, Input::Alert(alert(1)), &["store", "show 1", "say 1 delivered"]),
            (2, withdraw(1), &["store", "hide 1", "say 1 withdrawn"]),
            (3, withdraw(1), &["say 1 delivered", "say 1 withdrawn"]),
            (4, displayed(1), &[]),
            (5, withdraw(2), &["store", "hide 2", "say 2 withdrawn"]),
            (6, Input::Alert(alert(2)), &["say 2 withdrawn"]),
        ],
    );
}

#[test]
fn what_expires_unseen_is_never_shown_and_what_is_on_screen_stays() {
    let mut state = linked();
    play(
        &mut state,
        vec![
            (0, Input::Alert(lasting(1, 10)), &["store", "show 1", "say 1 delivered"]),
            (0, Input::Alert(lasting(2, 10)), &["store", "show 2", "say 2 delivered"]),
            (1, displayed(1), &["store", "sound", "say 1 displayed"]),
            (9_999, Input::Tick, &[]),
            (10_000, Input::Tick, &["store", "hide 2"]),
            (10_001, displayed(2), &[]),
            (10_002, Input::Alert(lasting(3, 0)), &["store", "say 3 delivered"]),
        ],
    );
    assert_eq!(state.inbox().pending().map(|(alert, seen)| (alert.id, seen)).collect::<Vec<_>>(), [(id(1), true)]);
}

#[test]
fn receipts_are_said_again_until_the_hub_has_them() {
    let confirm = |state| Input::ReceiptsOk(ReceiptsOk { items: vec![ReceiptOk { id: id(1), state }] });
    play(
        &mut linked(),
        vec![
            (0, Input::Alert(alert(1)), &["store", "show 1", "say 1 delivered"]),
            (1_000, Input::Tick, &[]),
            (30_000, Input::Tick, &["say 1 delivered"]),
            (31_000, Input::Down, &[]),
            (32_000, displayed(1), &["store", "sound"]),
            (33_000, up("e"), &["say 1 delivered", "say 1 displayed"]),
            (34_000, confirm(ReceiptState::Delivered), &["store"]),
            (34_001, confirm(ReceiptState::Delivered), &[]),
            (35_000, Input::Down, &[]),
            (36_000, up("e"), &["say 1 displayed"]),
        ],
    );
}

#[test]
fn what_the_link_did_not_take_is_said_with_the_next_chance() {
    let mut state = linked();
    let effects = state.apply(Input::Alert(alert(1)), &at(1));
    let Some(Effect::Send(ToHub::Receipts(receipts))) = effects.last() else { panic!("{effects:?}") };
    state.unsaid(receipts);
    play(&mut state, vec![(2, Input::Tick, &["say 1 delivered"]), (3, Input::Tick, &[])]);
}

#[test]
fn nothing_is_said_while_the_disk_fails() {
    play(
        &mut linked(),
        vec![
            (1, Input::DiskFailed, &[]),
            (2, Input::Alert(alert(1)), &["store", "show 1"]),
            (3, Input::Tick, &[]),
            (4, Input::DiskHealed, &["say 1 delivered"]),
        ],
    );
}

#[test]
fn a_restored_hub_hears_again_what_it_lacks_and_nothing_is_shown_twice() {
    play(
        &mut linked(),
        vec![
            (1, Input::Alert(alert(1)), &["store", "show 1", "say 1 delivered"]),
            (2, Input::Alert(alert(2)), &["store", "show 2", "say 2 delivered"]),
            (3, dismissed(1), &["store", "say 1 dismissed"]),
            (4, Input::Down, &[]),
            (5, up("other"), &["store", "say 1 delivered", "say 1 dismissed", "say 2 delivered"]),
            (6, Input::Alert(alert(1)), &["say 1 delivered", "say 1 dismissed"]),
            (7, Input::Alert(alert(2)), &["say 2 delivered"]),
        ],
    );
}

#[test]
fn receipts_go_in_batches_of_a_hundred() {
    let mut state = linked();
    state.apply(Input::Down, &at(0));
    (1..=150).for_each(|number| drop(state.apply(Input::Alert(alert(number)), &at(1))));
    let sizes: Vec<usize> = state
        .apply(up("e"), &at(2))
        .iter()
        .map(|effect| match effect {
            Effect::Send(ToHub::Receipts(receipts)) => receipts.items.len(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(sizes, [100, 50]);
}

fn corrected(number: u128, old: u128) -> Input {
    Input::Alert(Box::new(Alert { replaces: Some(id(old)), ..*alert(number) }))
}

#[test]
fn a_corrected_alert_comes_before_the_old_one_goes() {
    play(
        &mut linked(),
        vec![
            (1, Input::Alert(alert(1)), &["store", "show 1", "say 1 delivered"]),
            (2, displayed(1), &["store", "sound", "say 1 displayed"]),
            (3, corrected(2, 1), &["store", "show 2", "store", "hide 1", "say 1 withdrawn", "say 2 delivered"]),
            (4, withdraw(1), &["say 1 delivered", "say 1 displayed", "say 1 withdrawn"]),
            (5, dismissed(1), &[]),
        ],
    );
}

#[test]
fn who_never_saw_the_old_alert_never_does_and_who_closed_it_sees_the_new_one() {
    play(
        &mut linked(),
        vec![
            (1, corrected(2, 1), &["store", "show 2", "store", "hide 1", "say 1 withdrawn", "say 2 delivered"]),
            (2, Input::Alert(alert(1)), &["say 1 withdrawn"]),
            (3, Input::Alert(alert(3)), &["store", "show 3", "say 3 delivered"]),
            (4, dismissed(3), &["store", "say 3 dismissed"]),
            (5, corrected(4, 3), &["store", "show 4", "say 4 delivered"]),
        ],
    );
}

#[test]
fn a_reminder_raises_what_waits_and_tells_what_the_hub_has_missed() {
    let remind = |number| Input::Remind(Remind { id: id(number) });
    play(
        &mut linked(),
        vec![
            (1, remind(1), &[]),
            (2, Input::Alert(alert(1)), &["store", "show 1", "say 1 delivered"]),
            (3, remind(1), &["raise 1", "sound"]),
            (4, dismissed(1), &["store", "say 1 dismissed"]),
            (5, remind(1), &["say 1 delivered", "say 1 dismissed"]),
        ],
    );
}
