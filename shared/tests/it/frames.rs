//! One sample of every frame, beside the golden file that holds its text.

use std::collections::BTreeMap;

use shared::secret::Clave;
use shared::wire::sensor::{Answer, Refusal, SensorEvent};
use shared::wire::to_agent::{
    Alert, Connected, Drain, Enrolled, Error, MessageOk, NewKeyOk, ReceiptOk, ReceiptsOk, Rejected, Rejection, Remind, Rotate, ToAgent,
    Withdraw,
};
use shared::wire::to_hub::{Connect, Enrol, KeyState, Message, NewKey, Receipt, ReceiptState, Receipts, ToHub};
use shared::{AlertId, Audience, Severity, Timestamp};

/// 2026-09-21T14:13:20.000Z.
const MOMENT: i64 = 1_790_000_000_000;

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(MOMENT + millis)
}

fn id(random: u128) -> AlertId {
    AlertId::from_parts(at(0), random)
}

pub fn to_hub() -> Vec<(&'static str, ToHub)> {
    let short = Connect { username: "Farmacia Sol".into(), clave: Clave::of_key("abc"), version: None, os: None, epoch: None };
    let full = Connect { version: Some("0.1.0".into()), os: Some("Debian 12".into()), epoch: Some("e1".into()), ..short.clone() };
    vec![
        ("to_hub.connect", ToHub::Connect(full)),
        ("to_hub.connect_short", ToHub::Connect(short)),
        ("to_hub.enrol", ToHub::Enrol(Enrol { username: "Farmacia Sol".into(), code: "ABCD-EFGH-JKLM-NPQR".into() })),
        ("to_hub.receipts", ToHub::Receipts(receipts())),
        ("to_hub.message", ToHub::Message(Message { text: "La impresora no responde".into(), id: Some("m-17".into()) })),
        ("to_hub.message_short", ToHub::Message(Message { text: "La impresora no responde".into(), id: None })),
        ("to_hub.new_key", ToHub::NewKey(NewKey { clave: Clave::of_key("abc"), state: KeyState::Offered })),
        ("to_hub.new_key_in_use", ToHub::NewKey(NewKey { clave: Clave::of_key("abc"), state: KeyState::InUse })),
    ]
}

fn receipts() -> Receipts {
    let receipt = |random, state, millis| Receipt { id: id(random), state, at: at(millis), reply: None, user: None };
    let dismissed = receipt(7, ReceiptState::Dismissed, 11_004);
    Receipts {
        items: vec![
            receipt(7, ReceiptState::Delivered, 0),
            receipt(7, ReceiptState::Displayed, 285),
            Receipt { reply: Some("Voy".into()), user: Some("lucía".into()), ..dismissed },
            receipt(8, ReceiptState::Withdrawn, 12_000),
        ],
    }
}

pub fn to_agent() -> Vec<(&'static str, ToAgent)> {
    let rejected = |reason| Rejected { reason, retry_after_s: None, detail: None };
    let busy = rejected(Rejection::NameInUse);
    let code = || "unknown_action".into();
    vec![
        ("to_agent.connected", ToAgent::Connected(connected())),
        ("to_agent.enrolled", ToAgent::Enrolled(Enrolled { username: "Farmacia Sol".into(), key: "k3y".into() })),
        (
            "to_agent.rejected",
            ToAgent::Rejected(Rejected { retry_after_s: Some(30), detail: Some("another PC uses this name".into()), ..busy }),
        ),
        ("to_agent.rejected_short", ToAgent::Rejected(rejected(Rejection::WrongKey))),
        ("to_agent.receipts_ok", ToAgent::ReceiptsOk(ReceiptsOk { items: vec![ReceiptOk { id: id(7), state: ReceiptState::Dismissed }] })),
        ("to_agent.alert", ToAgent::Alert(Box::new(full_alert()))),
        ("to_agent.alert_short", ToAgent::Alert(Box::new(short_alert()))),
        ("to_agent.alert_corrected", ToAgent::Alert(Box::new(corrected_alert()))),
        ("to_agent.remind", ToAgent::Remind(Remind { id: id(7) })),
        ("to_agent.rotate", ToAgent::Rotate(Rotate {})),
        ("to_agent.new_key_ok", ToAgent::NewKeyOk(NewKeyOk { state: KeyState::Offered })),
        ("to_agent.new_key_ok_in_use", ToAgent::NewKeyOk(NewKeyOk { state: KeyState::InUse })),
        ("to_agent.message_ok", ToAgent::MessageOk(MessageOk { id: "m-17".into() })),
        ("to_agent.withdraw", ToAgent::Withdraw(Withdraw { id: id(7), reason: Some("falsa alarma".into()) })),
        ("to_agent.withdraw_short", ToAgent::Withdraw(Withdraw { id: id(7), reason: None })),
        ("to_agent.drain", ToAgent::Drain(Drain { retry_after_s: 5 })),
        ("to_agent.error", ToAgent::Error(Error { code: code(), detail: Some("unknown action `dance`".into()) })),
        ("to_agent.error_short", ToAgent::Error(Error { code: code(), detail: None })),
    ]
}

fn connected() -> Connected {
    Connected {
        username: "Farmacia Sol".into(),
        server_time: at(0),
        heartbeat_s: 20,
        epoch: "e1".into(),
        signing_key: "6kpsY+KcUgq+9VB7Ey7F+ZVHdq6+vnuSQh7qaRRG0iw=".into(),
    }
}

fn short_alert() -> Alert {
    Alert {
        id: id(7),
        seq: 1,
        severity: Severity::Info,
        title: String::new(),
        text: "Lote 42".into(),
        from: "ana".into(),
        audience: Audience::Global,
        sent_at: at(0),
        expires_at: None,
        expires_in_s: None,
        replies: vec![],
        free_reply: false,
        drill: false,
        replaces: None,
        signature: "c2lnbmF0dXJl".into(),
    }
}

fn full_alert() -> Alert {
    Alert {
        severity: Severity::Critical,
        title: "Retirada".into(),
        text: "Lote 42:\nretirar ya".into(),
        audience: Audience::Private { name: "Farmacia Sol".into() },
        expires_at: Some(at(3_600_000)),
        expires_in_s: Some(3_600),
        replies: vec!["Hecho".into(), "No lo tenemos".into()],
        drill: true,
        ..short_alert()
    }
}

fn corrected_alert() -> Alert {
    Alert { id: id(9), seq: 3, text: "Lote 43, no 42".into(), free_reply: true, replaces: Some(id(7)), ..short_alert() }
}

pub fn events() -> Vec<(&'static str, SensorEvent)> {
    let event = SensorEvent {
        source: Some("router-core".into()),
        severity: Severity::Warning,
        message: "Latencia elevada en eth0".into(),
        title: None,
        body: None,
        labels: BTreeMap::new(),
        token: None,
        id: Some("17".into()),
        dedup_key: Some("eth0".into()),
        resolved: true,
        raw: String::new(),
    };
    let with_token = SensorEvent { token: Some("secreto".into()), dedup_key: None, resolved: false, ..event.clone() };
    let labelled = SensorEvent {
        title: Some("Router 7".into()),
        body: Some("Latencia elevada en eth0 desde las 10:02".into()),
        labels: BTreeMap::from([("team".into(), "red".into())]),
        ..event.clone()
    };
    vec![("sensor.event", event), ("sensor.event_labels", labelled), ("sensor.event_token", with_token)]
}

pub fn answers() -> Vec<(&'static str, Answer)> {
    let refused = |error, detail| Answer::Refused { error, detail };
    vec![
        ("sensor.ok", Answer::Ok { event_id: 42 }),
        ("sensor.refused", refused(Refusal::InvalidEvent, Some("`message` must be a text".into()))),
        ("sensor.refused_short", refused(Refusal::LineTooLong, None)),
    ]
}
