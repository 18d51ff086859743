//! What one side writes, the other side reads as the same.

use proptest::prelude::*;
use shared::secret::Clave;
use shared::wire::limits;
use shared::wire::to_agent::{Alert, ReceiptOk, ReceiptsOk, Remind, ToAgent, Withdraw};
use shared::wire::to_hub::{Connect, Message, Receipt, ReceiptState, Receipts, ToHub};
use shared::{AlertId, Audience, Severity, Timestamp};

/// Text of at most so many characters.
fn text(limit: usize) -> impl Strategy<Value = String> {
    prop::collection::vec(any::<char>(), 0..=limit.min(40)).prop_map(String::from_iter)
}

fn label() -> impl Strategy<Value = Option<String>> {
    prop::option::of(text(limits::LABEL_CHARS))
}

fn moment() -> impl Strategy<Value = Timestamp> {
    any::<i64>().prop_map(Timestamp::from_millis)
}

fn id() -> impl Strategy<Value = AlertId> {
    (moment(), any::<u128>()).prop_map(|(at, random)| AlertId::from_parts(at, random))
}

fn state() -> impl Strategy<Value = ReceiptState> {
    use ReceiptState::{Delivered, Dismissed, Displayed, Withdrawn};
    prop::sample::select(vec![Delivered, Displayed, Dismissed, Withdrawn])
}

fn receipt() -> impl Strategy<Value = Receipt> {
    let reply = prop::option::of(text(limits::REPLY_CHARS));
    (id(), state(), moment(), reply, label()).prop_map(|(id, state, at, reply, user)| Receipt { id, state, at, reply, user })
}

fn connect() -> impl Strategy<Value = Connect> {
    (text(64), text(64), label(), label(), label()).prop_map(|(username, key, version, os, epoch)| Connect {
        username,
        clave: Clave::of_key(&key),
        version,
        os,
        epoch,
    })
}

fn to_hub() -> impl Strategy<Value = ToHub> {
    prop_oneof![
        connect().prop_map(ToHub::Connect),
        prop::collection::vec(receipt(), 0..=limits::RECEIPTS).prop_map(|items| ToHub::Receipts(Receipts { items })),
        text(limits::BRANCH_MESSAGE_CHARS).prop_map(|text| ToHub::Message(Message { text, id: None })),
    ]
}

fn audience() -> impl Strategy<Value = Audience> {
    prop_oneof![
        Just(Audience::Global),
        text(64).prop_map(|name| Audience::Group { name }),
        text(64).prop_map(|name| Audience::Private { name }),
    ]
}

fn alert() -> impl Strategy<Value = Alert> {
    let words = (text(limits::TITLE_CHARS), text(limits::TEXT_CHARS), text(64), audience(), prop::collection::vec(text(40), 0..8));
    let times = (moment(), prop::option::of(moment()), prop::option::of(any::<u64>()));
    let severity = prop::sample::select(Severity::ALL.as_slice());
    (id(), any::<u64>(), severity, words, times, any::<(bool, bool)>(), prop::option::of(id())).prop_map(
        |(id, seq, severity, words, times, (drill, free_reply), replaces)| {
            let (title, text, from, audience, replies) = words;
            let (sent_at, expires_at, expires_in_s) = times;
            let signature = String::from("c2lnbmF0dXJl");
            Alert {
                id,
                seq,
                severity,
                title,
                text,
                from,
                audience,
                sent_at,
                expires_at,
                expires_in_s,
                replies,
                free_reply,
                drill,
                replaces,
                signature,
            }
        },
    )
}

fn to_agent() -> impl Strategy<Value = ToAgent> {
    let item = (id(), state()).prop_map(|(id, state)| ReceiptOk { id, state });
    prop_oneof![
        alert().prop_map(|alert| ToAgent::Alert(Box::new(alert))),
        id().prop_map(|id| ToAgent::Remind(Remind { id })),
        (id(), label()).prop_map(|(id, reason)| ToAgent::Withdraw(Withdraw { id, reason })),
        prop::collection::vec(item, 0..100).prop_map(|items| ToAgent::ReceiptsOk(ReceiptsOk { items })),
    ]
}

proptest! {
    #[test]
    fn the_hub_reads_what_an_agent_writes(frame in to_hub()) {
        prop_assert_eq!(ToHub::decode(&frame.encode()), Ok(frame));
    }

    #[test]
    fn an_agent_reads_what_the_hub_writes(frame in to_agent()) {
        prop_assert_eq!(ToAgent::decode(&frame.encode()), Ok(frame));
    }

    #[test]
    fn moments_and_ids_survive_their_text(at in moment(), id in id()) {
        prop_assert_eq!(Timestamp::parse(&at.to_string()), Ok(at));
        prop_assert_eq!(AlertId::parse(&id.to_string()), Ok(id));
    }

    #[test]
    fn a_changed_alert_or_signature_never_verifies(alert in alert(), other in text(40), key in any::<[u8; 32]>()) {
        use shared::signature::{SignatureError, public_key, sign, verify};
        let key = ed25519_dalek::SigningKey::from_bytes(&key);
        let signed = Alert { signature: sign(&alert, &key), ..alert };
        prop_assert_eq!(verify(&signed, &public_key(&key)), Ok(()));
        let longer = Alert { text: format!("{}{other}!", signed.text), ..signed.clone() };
        prop_assert_eq!(verify(&longer, &public_key(&key)), Err(SignatureError::Mismatch));
        let forged = Alert { signature: other.clone(), ..signed };
        prop_assert!(verify(&forged, &other).is_err());
    }
}
