//! Serves one known agent: one loop that writes what is queued, reads what the agent says, and pings.

use std::sync::Arc;
use std::time::Duration;

use shared::wire::to_agent::{self, Drain, MessageOk, ReceiptOk, ReceiptsOk, ToAgent};
use shared::wire::to_hub::{Receipts, ToHub};
use shared::wire::{DecodeError, to_hub};
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, MissedTickBehavior};
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{Message, Utf8Bytes};

use super::rotation;
use super::socket::{self, Lost, Stream};
use crate::fanout::envelope;
use crate::fanout::panels::Presence;
use crate::fanout::registry::{End, Handle, Inlet, Outgoing};
use crate::hub::Hub;
use crate::monitor::traffic::{Peer, TrafficDirection};
use crate::security::token::random_u128;
use crate::store::StoreError;

/// A branch may write so many messages at once, and one more after each of these.
const MESSAGES_AT_ONCE: u32 = 20;
const MESSAGE_EVERY: Duration = Duration::from_secs(3);
/// Come back after so many seconds when the hub stops; agents add jitter of their own.
const DRAIN_RETRY_S: u64 = 5;

/// An agent that has proved who it is and holds its name.
pub(super) struct Known {
    pub(super) handle: Arc<Handle>,
    pub(super) inlet: Inlet,
    /// The agent has lost what it knew: send it also what it once acknowledged.
    pub(super) everything: bool,
}

/// Why a session is over; stands in the history of connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Over {
    Left,
    Silent,
    Drained,
    Ended(End),
}

impl Over {
    fn as_str(self) -> &'static str {
        match self {
            Self::Left => "left",
            Self::Silent => "silent",
            Self::Drained => "hub_stopped",
            Self::Ended(End::Slow) => "slow",
            Self::Ended(End::Replaced) => "replaced",
            Self::Ended(End::Revoked) => "revoked",
        }
    }
}

impl From<Lost> for Over {
    fn from(_: Lost) -> Self {
        Self::Left
    }
}

pub(super) async fn run(hub: Arc<Hub>, stream: Stream, known: Known) {
    let Known { handle, inlet, everything } = known;
    let connection = hub.store.open_connection(handle.since, handle.client, handle.arrival.clone()).await;
    announce(&hub, &handle, true);
    let now = Instant::now();
    let mut session = Session {
        hub: &hub,
        handle: &handle,
        stream,
        heard: now,
        saved_up_to: 0,
        challenges: Vec::new(),
        messages_left: MESSAGES_AT_ONCE,
        messages_since: now,
    };
    let over = match &connection {
        Err(StoreError::Missing(_)) => Over::Ended(End::Revoked),
        _ => Box::pin(session.serve(inlet, everything)).await,
    };
    let is_last = hub.registry.leave(&handle);
    session.say_goodbye(over).await;
    if is_last {
        announce(&hub, &handle, false);
    }
    match connection {
        Ok(connection) => {
            if let Err(err) = hub.store.close_connection(hub.clock.now(), hub.clock.lived(), connection, over.as_str()).await {
                tracing::debug!(%err, client = %handle.name, "could not note the end of a connection");
            }
        }
        Err(err) => tracing::warn!(%err, client = %handle.name, "could not note a connection"),
    }
}

fn announce(hub: &Hub, handle: &Handle, online: bool) {
    hub.panels.say(
        "presence",
        &Presence {
            client: handle.name.to_string(),
            online,
            since: online.then_some(handle.since),
            address: Some(handle.arrival.address.clone()),
            version: handle.arrival.version.clone(),
            online_total: hub.registry.online() as u64,
        },
    );
}

struct Session<'a> {
    hub: &'a Arc<Hub>,
    handle: &'a Arc<Handle>,
    stream: Stream,
    /// When the agent last said anything.
    heard: Instant,
    /// Alerts up to this `seq` were in the backlog.
    saved_up_to: u64,
    /// Who waits to hear that the agent is alive.
    challenges: Vec<oneshot::Sender<()>>,
    messages_left: u32,
    messages_since: Instant,
}

impl Session<'_> {
    async fn serve(&mut self, inlet: Inlet, everything: bool) -> Over {
        let Inlet { mut queue, mut end } = inlet;
        if let Err(over) = self.send_backlog(everything).await {
            return over;
        }
        if let Err(over) = self.ask_for_new_key().await {
            return over;
        }
        let heartbeat = self.hub.config.agents.heartbeat;
        let mut pings = tokio::time::interval_at(Instant::now() + jittered(heartbeat), jittered(heartbeat));
        pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let silent_at = self.heard + silence(heartbeat);
            let step = tokio::select! {
                // In this order: an end is never delayed by traffic, what is owed to the agent goes before what it says.
                biased;
                reason = &mut end => return reason.map_or(Over::Left, Over::Ended),
                () = self.hub.tasks.stop().cancelled() => return Over::Drained,
                outgoing = queue.recv() => match outgoing {
                    Some(first) => self.write(first, &mut queue).await,
                    None => return Over::Left,
                },
                message = socket::next(&mut self.stream) => match message {
                    Some(message) => self.hear(message).await,
                    None => return Over::Left,
                },
                _ = pings.tick() => socket::ping(&mut self.stream).await.map_err(Over::from),
                () = tokio::time::sleep_until(silent_at) => return Over::Silent,
            };
            if let Err(over) = step {
                return over;
            }
        }
    }

    /// What waited for this agent: withdrawals first, so that nothing withdrawn is ever shown; then
    /// alerts, severest first.
    async fn send_backlog(&mut self, everything: bool) -> Result<(), Over> {
        let mut after = None;
        loop {
            let now = self.hub.clock.now();
            let backlog = match self.hub.store.backlog(now, self.handle.client, everything, after).await {
                Ok(backlog) => backlog,
                Err(err) => {
                    // Without its backlog the agent would miss alerts: it comes back for them.
                    tracing::warn!(%err, client = %self.handle.name, "could not read what waits for an agent");
                    return Err(Over::Drained);
                }
            };
            if after.is_none() {
                self.saved_up_to = backlog.up_to_seq;
            }
            let withdrawals = backlog.withdrawals.iter().map(|(id, reason)| envelope::withdraw(*id, reason.as_deref()));
            let alerts = backlog.alerts.iter().map(|(alert, audience)| self.hub.publisher.sealed(alert, audience));
            let frames: Vec<Utf8Bytes> = withdrawals.chain(alerts).collect();
            if !frames.is_empty() {
                self.wrote(&frames);
                socket::send_all(&mut self.stream, frames.into_iter()).await?;
            }
            for (alert, _) in &backlog.alerts {
                self.hub.ledger.sent(alert.seq, self.handle.client, now);
            }
            after = backlog.next;
            if after.is_none() {
                return Ok(());
            }
        }
    }

    /// Asked in the registry already: a request that comes meanwhile is queued for this session, and said twice at worst.
    async fn ask_for_new_key(&mut self) -> Result<(), Over> {
        match self.hub.store.is_new_key_wanted(self.handle.client).await {
            Ok(true) => self.send(&rotation::rotate()).await,
            Ok(false) => Ok(()),
            Err(err) => {
                // It can wait for the next connection; alerts cannot.
                tracing::warn!(%err, client = %self.handle.name, "could not look whether a new key is wanted");
                Ok(())
            }
        }
    }

    /// Writes what is queued, several frames in one go.
    async fn write(&mut self, first: Outgoing, queue: &mut mpsc::Receiver<Outgoing>) -> Result<(), Over> {
        let mut frames = Vec::new();
        let mut sent = Vec::new();
        let mut next = Some(first);
        while let Some(outgoing) = next {
            match outgoing {
                Outgoing::Challenge(answer) => {
                    self.challenges.push(answer);
                    socket::ping(&mut self.stream).await?;
                }
                Outgoing::Frame { frame, seq } => {
                    self.handle.taken(frame.len());
                    // What the backlog held need not be said twice.
                    if seq.is_none_or(|seq| seq > self.saved_up_to) {
                        frames.push(frame);
                        sent.extend(seq);
                    }
                }
            }
            next = queue.try_recv().ok();
        }
        if frames.is_empty() {
            return Ok(());
        }
        self.wrote(&frames);
        socket::send_all(&mut self.stream, frames.into_iter()).await?;
        let now = self.hub.clock.now();
        for seq in sent {
            self.hub.ledger.sent(seq, self.handle.client, now);
        }
        Ok(())
    }

    async fn hear(&mut self, message: Message) -> Result<(), Over> {
        self.heard = Instant::now();
        for answer in self.challenges.drain(..) {
            // Whoever asked may have given up.
            let _ = answer.send(());
        }
        match message {
            Message::Text(frame) => self.obey(&frame).await,
            Message::Binary(_) => self.complain("invalid_frame", "frames are JSON text".into()).await,
            _ => Ok(()),
        }
    }

    async fn obey(&mut self, frame: &str) -> Result<(), Over> {
        self.hub.monitor.heard(1);
        self.tap(TrafficDirection::In, frame);
        match ToHub::decode(frame) {
            Ok(ToHub::Receipts(receipts)) => self.keep_receipts(receipts).await,
            Ok(ToHub::Message(message)) => self.keep_message(message).await,
            Ok(ToHub::NewKey(said)) => match rotation::hear(self.hub, self.handle, said).await {
                Ok(answer) => self.send(&answer).await,
                Err((code, detail)) => self.complain(code, detail).await,
            },
            Ok(ToHub::Connect(_) | ToHub::Enrol(_)) => self.complain("already_connected", "this session is known".into()).await,
            Err(DecodeError::UnknownAction(action)) => self.complain("unknown_action", action).await,
            Err(err) => self.complain("invalid_frame", err.to_string()).await,
        }
    }

    async fn keep_receipts(&mut self, receipts: Receipts) -> Result<(), Over> {
        let said: Vec<ReceiptOk> = receipts.items.iter().map(|item| ReceiptOk { id: item.id, state: item.state }).collect();
        match self.hub.publisher.receipts(self.handle.client, &self.handle.name, receipts.items).await {
            Ok(()) => self.send(&ToAgent::ReceiptsOk(ReceiptsOk { items: said })).await,
            Err(err) => {
                tracing::warn!(%err, client = %self.handle.name, "could not keep receipts; the agent will repeat them");
                self.complain("not_saved", "the hub cannot save now; say it again later".into()).await
            }
        }
    }

    async fn keep_message(&mut self, message: to_hub::Message) -> Result<(), Over> {
        let text = shared::text::lines(&message.text);
        if text.is_empty() {
            return self.complain("invalid_frame", "`text` is empty".into()).await;
        }
        if !self.may_write() {
            return self.complain("rate_limited", "too many messages; wait a moment".into()).await;
        }
        match self.hub.publisher.branch_message(self.handle.client, message.id.clone(), text).await {
            Ok(()) => match message.id {
                Some(id) => self.send(&ToAgent::MessageOk(MessageOk { id })).await,
                None => Ok(()),
            },
            Err(err) => self.complain("not_saved", err.to_string()).await,
        }
    }

    fn may_write(&mut self) -> bool {
        let regained = u32::try_from(self.messages_since.elapsed().as_secs() / MESSAGE_EVERY.as_secs()).unwrap_or(u32::MAX);
        if regained > 0 {
            self.messages_left = self.messages_left.saturating_add(regained).min(MESSAGES_AT_ONCE);
            self.messages_since = Instant::now();
        }
        let may = self.messages_left > 0;
        self.messages_left = self.messages_left.saturating_sub(1);
        may
    }

    async fn complain(&mut self, code: &str, detail: String) -> Result<(), Over> {
        self.fault(TrafficDirection::In, "error", code);
        self.send(&ToAgent::Error(to_agent::Error { code: code.into(), detail: Some(detail) })).await
    }

    fn wrote(&self, frames: &[Utf8Bytes]) {
        self.hub.monitor.wrote(frames.len());
        if self.hub.monitor.tap.is_watched() {
            frames.iter().for_each(|frame| self.tap(TrafficDirection::Out, frame));
        }
    }

    fn tap(&self, direction: TrafficDirection, frame: &str) {
        if self.hub.monitor.tap.is_watched() {
            self.hub.monitor.tap.frame(self.hub.clock.now(), Peer::agent(self.handle.name.as_str()), direction, frame);
        }
    }

    fn fault(&self, direction: TrafficDirection, action: &str, error: &str) {
        self.hub.monitor.tap.error(self.hub.clock.now(), Peer::agent(self.handle.name.as_str()), direction, action, error);
    }

    async fn send(&mut self, frame: &ToAgent) -> Result<(), Over> {
        let frame: Utf8Bytes = frame.encode().into();
        self.wrote(std::slice::from_ref(&frame));
        Ok(socket::send(&mut self.stream, frame).await?)
    }

    async fn say_goodbye(&mut self, over: Over) {
        if matches!(over, Over::Silent | Over::Ended(End::Slow)) {
            self.fault(TrafficDirection::Out, "end", over.as_str());
        }
        match over {
            Over::Left | Over::Silent | Over::Ended(End::Slow) => {}
            Over::Drained => {
                let frame = ToAgent::Drain(Drain { retry_after_s: DRAIN_RETRY_S });
                if self.send(&frame).await.is_ok() {
                    socket::close(&mut self.stream, CloseCode::Restart, "the hub stops").await;
                }
            }
            Over::Ended(End::Replaced) => socket::close(&mut self.stream, CloseCode::from(4409), "replaced").await,
            Over::Ended(End::Revoked) => socket::reject(&mut self.stream, to_agent::Rejection::Revoked, None, None).await,
        }
    }
}

/// An agent silent for this long is offline: two heartbeats and a little for the way (45 s by default).
fn silence(heartbeat: Duration) -> Duration {
    heartbeat * 9 / 4
}

/// ±20 %, so that ten thousand agents that came at once are not pinged at once.
fn jittered(heartbeat: Duration) -> Duration {
    let percent = 80 + u32::try_from(random_u128() % 41).unwrap_or(20);
    heartbeat * percent / 100
}
