//! Lets an agent in: `Fresh` (nobody yet) becomes `Known` (proved, and alone under its name), or is rejected.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use hub_core::guard::Kind;
use shared::secret::Clave;
use shared::wire::to_agent::{Connected, Enrolled, Rejection, ToAgent};
use shared::wire::to_hub::{Connect, Enrol, ToHub};
use shared::{Name, signature};
use tokio_tungstenite::tungstenite::Message;

use super::actor::Known;
use super::socket::{self, Stream};
use crate::fanout::panels::SecurityNotice;
use crate::fanout::registry::{End, Handle, Inlet};
use crate::hub::Hub;
use crate::monitor::traffic::{self, TrafficDirection};
use crate::security::token::{self, ClientProof};
use crate::store::{Arrival, EnrolOutcome, Identity, Rejected, StoreError};

/// For the first frame, and for the `connect` after an `enrolled`.
const FIRST_FRAME: Duration = Duration::from_secs(10);
/// How long the first session of a name may take to answer a ping before a second one replaces it.
const PROOF_OF_LIFE: Duration = Duration::from_secs(2);
/// Of a name that somebody says and that may be none.
const NAME_CHARS: usize = 80;
/// A PC that is kept out may have been given its right key meanwhile.
const BANNED_RETRY_S: u64 = 120;
/// The store could not be asked: come back a little later.
const RETRY_AFTER_S: u64 = 15;

/// Why an agent is not let in.
struct Refusal {
    reason: Rejection,
    detail: Option<String>,
    retry_after_s: Option<u64>,
}

impl Refusal {
    fn new(reason: Rejection) -> Self {
        Self { reason, detail: None, retry_after_s: None }
    }

    fn because(reason: Rejection, detail: impl std::fmt::Display) -> Self {
        Self { detail: Some(detail.to_string()), ..Self::new(reason) }
    }
}

impl From<StoreError> for Refusal {
    fn from(err: StoreError) -> Self {
        tracing::warn!(%err, "an agent cannot be let in");
        Self { retry_after_s: Some(RETRY_AFTER_S), ..Self::because(Rejection::Timeout, "the hub cannot read its database now") }
    }
}

/// Lets an agent in. `None`: it has left, or was told why not.
pub(super) async fn run(hub: &Arc<Hub>, stream: &mut Stream, address: IpAddr) -> Option<Known> {
    let mut said = String::new();
    match enter(hub, stream, address, &mut said).await {
        Ok(known) => known,
        Err(refusal) => {
            let refusal = held(hub, &said, address, refusal);
            note(hub, &said, address, &refusal);
            tracing::info!(%address, reason = refusal.reason.as_str(), "an agent was not let in");
            socket::reject(stream, refusal.reason, refusal.detail, refusal.retry_after_s).await;
            None
        }
    }
}

/// `None`: the peer left without a word.
async fn enter(hub: &Arc<Hub>, stream: &mut Stream, address: IpAddr, said: &mut String) -> Result<Option<Known>, Refusal> {
    let Some(first) = first_frame(hub, stream).await? else { return Ok(None) };
    let connect = match first {
        ToHub::Connect(connect) => connect,
        ToHub::Enrol(request) => {
            said.clone_from(&request.username);
            enrol(hub, stream, request).await?;
            match first_frame(hub, stream).await? {
                Some(ToHub::Connect(connect)) => connect,
                Some(_) => return Err(Refusal::because(Rejection::BadRequest, "expected `connect` after `enrolled`")),
                None => return Ok(None),
            }
        }
        _ => return Err(Refusal::because(Rejection::BadRequest, "the first frame must be `connect` or `enrol`")),
    };
    said.clone_from(&connect.username);
    connected(hub, stream, address, connect).await
}

/// Holds a refusal against whoever it was; who has too many hears no more than that.
fn held(hub: &Hub, said: &str, address: IpAddr, refusal: Refusal) -> Refusal {
    let kind = match refusal.reason {
        Rejection::WrongKey | Rejection::UnknownClient => Kind::WrongKey,
        Rejection::BadCode => Kind::WrongCode,
        Rejection::BadRequest => Kind::Malformed,
        _ => return refusal,
    };
    let name = Name::parse(said).map_or_else(|_| shared::text::cut(said, NAME_CHARS).to_owned(), |name| name.to_string());
    let was_banned = hub.guard.is_agent_banned(address, &name);
    hub.guard.strike(address, kind, (kind != Kind::Malformed && !name.is_empty()).then_some(name.as_str()), refusal.reason.as_str());
    match was_banned || hub.guard.is_agent_banned(address, &name) {
        true => Refusal { retry_after_s: Some(BANNED_RETRY_S), ..Refusal::new(Rejection::Banned) },
        false => refusal,
    }
}

/// For the log of connections; the name is what a stranger said.
fn note(hub: &Hub, said: &str, address: IpAddr, refusal: &Refusal) {
    let name = shared::text::cut(&shared::text::one_line(said), NAME_CHARS).to_owned();
    let reason = refusal.reason.as_str();
    hub.monitor.tap.error(hub.clock.now(), traffic::Peer::agent(&name), TrafficDirection::Out, "rejected", reason);
    hub.monitor.rejections.note(Rejected { name, address: address.to_canonical().to_string(), reason });
}

async fn first_frame(hub: &Hub, stream: &mut Stream) -> Result<Option<ToHub>, Refusal> {
    let waiting = async {
        loop {
            match socket::next(stream).await? {
                Message::Ping(_) | Message::Pong(_) => {}
                other => return Some(other),
            }
        }
    };
    let first = tokio::select! {
        first = tokio::time::timeout(FIRST_FRAME, waiting) => first,
        () = hub.tasks.stop().cancelled() => return Ok(None),
    };
    match first {
        Err(_) => Err(Refusal::because(Rejection::Timeout, "no `connect` or `enrol` within 10 seconds")),
        Ok(None) => Ok(None),
        Ok(Some(Message::Text(frame))) => ToHub::decode(&frame).map(Some).map_err(|err| Refusal::because(Rejection::BadRequest, err)),
        Ok(Some(_)) => Err(Refusal::because(Rejection::BadRequest, "frames are JSON text")),
    }
}

async fn enrol(hub: &Hub, stream: &mut Stream, request: Enrol) -> Result<(), Refusal> {
    let name = parse_name(&request.username)?;
    let hash = token::code_hash(&request.code).ok_or_else(|| Refusal::new(Rejection::BadCode))?;
    let key = token::agent_key();
    let clave = Clave::of_key(&key);
    match hub.store.enrol(hub.clock.now(), &name, hash, *hub.secrets.pepper(), clave).await? {
        EnrolOutcome::BadCode => Err(Refusal::new(Rejection::BadCode)),
        EnrolOutcome::NameInUse => {
            let detail = "another PC is enrolled under this name; ask for a code that is bound to it";
            Err(Refusal::because(Rejection::NameInUse, detail))
        }
        EnrolOutcome::Enrolled(client) => {
            // Whoever used the old key of this name is out.
            if let Some(old) = hub.registry.find(client) {
                old.end(End::Replaced);
            }
            let frame = ToAgent::Enrolled(Enrolled { username: name.to_string(), key: key.to_string() });
            socket::send(stream, frame.encode().into()).await.map_err(|_| Refusal::new(Rejection::Timeout))
        }
    }
}

async fn connected(hub: &Arc<Hub>, stream: &mut Stream, address: IpAddr, connect: Connect) -> Result<Option<Known>, Refusal> {
    let name = parse_name(&connect.username)?;
    let identity = identify(hub, &name, &connect.clave).await?;
    let arrival = Arrival { address: address.to_canonical().to_string(), version: connect.version, os: connect.os };
    hub.guard.welcome(address, &identity.name.to_string()).await;
    let (handle, inlet) = claim(hub, &identity, arrival).await?;
    let epoch = hub.store.epoch();
    let everything = connect.epoch.as_deref().is_some_and(|known| known != epoch);
    let frame = ToAgent::Connected(Connected {
        username: identity.name.to_string(),
        server_time: hub.clock.now(),
        heartbeat_s: hub.config.agents.heartbeat.as_secs(),
        epoch: epoch.to_owned(),
        signing_key: signature::public_key(hub.secrets.signing_key()),
    });
    if socket::send(stream, frame.encode().into()).await.is_err() {
        hub.registry.leave(&handle);
        return Ok(None);
    }
    Ok(Some(Known { handle, inlet, everything }))
}

fn parse_name(text: &str) -> Result<Name, Refusal> {
    Name::parse(text).map_err(|reason| Refusal::because(Rejection::BadRequest, format!("`username` {reason}")))
}

async fn identify(hub: &Hub, name: &Name, clave: &Clave) -> Result<Identity, Refusal> {
    let identity = hub.store.client_identity(name).await?.ok_or_else(|| Refusal::new(Rejection::UnknownClient))?;
    let is = |proof: &ClientProof| proof.verify(hub.secrets.pepper(), identity.id.0, clave);
    let (is_current, is_next) = (is(&identity.proof), identity.next_proof.as_ref().is_some_and(is));
    if !is_current && !is_next {
        return Err(Refusal::new(Rejection::WrongKey));
    }
    if identity.revoked {
        return Err(Refusal::new(Rejection::Revoked));
    }
    if !is_current {
        switch(hub, &identity, clave).await;
    }
    Ok(identity)
}

/// Whoever comes with the new key has switched to it: the old one is void. If that cannot be saved, both stay good until
/// the next connection.
async fn switch(hub: &Hub, identity: &Identity, clave: &Clave) {
    let pepper = *hub.secrets.pepper();
    if let Err(err) = hub.store.use_key(hub.clock.now(), identity.id, &identity.name, pepper, clave.clone()).await {
        tracing::warn!(%err, client = %identity.name, "could not make a client's old key void");
    }
}

/// A name has one session: the first stays if it answers a ping, else it is dead and replaced.
async fn claim(hub: &Hub, identity: &Identity, arrival: Arrival) -> Result<(Arc<Handle>, Inlet), Refusal> {
    let (handle, inlet) = Handle::new(identity.id, identity.name.clone(), hub.clock.now(), arrival);
    while let Err(first) = hub.registry.claim(&handle) {
        if is_alive(&first).await {
            tell_technicians(hub, identity, &handle).await;
            return Err(Refusal { retry_after_s: Some(60), ..Refusal::new(Rejection::NameInUse) });
        }
        first.end(End::Replaced);
        hub.registry.leave(&first);
    }
    Ok((handle, inlet))
}

async fn is_alive(first: &Handle) -> bool {
    let Some(answered) = first.challenge() else { return false };
    matches!(tokio::time::timeout(PROOF_OF_LIFE, answered).await, Ok(Ok(())))
}

async fn tell_technicians(hub: &Hub, identity: &Identity, second: &Handle) {
    tracing::warn!(client = %identity.name, address = second.arrival.address, "a second PC tried to connect under a live name");
    // Kept before it is told: whoever hears of it asks at once.
    let address = &second.arrival.address;
    if let Err(err) = hub.store.note_name_conflict(hub.clock.now(), identity.id, &identity.name, address).await {
        tracing::warn!(%err, client = %identity.name, "could not note who tried a name in use");
    }
    hub.panels.say(
        "security",
        &SecurityNotice {
            kind: "name_in_use".into(),
            client: identity.name.to_string(),
            address: second.arrival.address.clone(),
            at: hub.clock.now(),
        },
    );
}
