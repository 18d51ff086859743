//! What a sensor must prove before a line of it counts.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use hub_core::access::Permission;
use hub_core::guard::Kind;
use shared::Timestamp;
use shared::wire::sensor::{Answer, Refusal, SensorEvent};
use tokio::time::Instant;

use crate::hub::Hub;
use crate::publish::Incoming;
use crate::security::addresses::Place;
use crate::security::proof;
use crate::security::rates::Exceeded;
use crate::security::token::token_hash;
use crate::store::{ApiToken, StoreError};

/// A token is looked up again after so long: a revoked one ends by then.
const FRESH_MS: i64 = 10_000;
/// Tokens that a connection remembers, good and bad, so that a line costs no look-up.
const KNOWN: usize = 8;
/// Lines without a good token in a row, after which a connection that needs one is closed.
const REFUSED: u32 = 5;
/// The first good token must come within.
const STRANGER: Duration = Duration::from_secs(60);

/// One connection's proof so far.
pub(super) struct Gate {
    channel: &'static str,
    /// Stands in for a missing source where no token does.
    address: String,
    needs_token: bool,
    /// What a line without a token of its own goes by: the last good one that was said.
    current: Option<[u8; 32]>,
    known: Vec<Known>,
    refused: u32,
    is_limited: bool,
    /// Until a token has proved who it is.
    stranger: Option<Stranger>,
}

struct Stranger {
    deadline: Instant,
    _place: Place,
}

/// What a look-up said.
struct Known {
    token_hash: [u8; 32],
    at: Timestamp,
    /// A token that may record events; `None` for any other.
    program: Option<Arc<ApiToken>>,
}

impl Gate {
    /// For networks that are trusted: a token is optional, but a wrong one is refused.
    pub(super) fn trusting(hub: &Hub, address: IpAddr) -> Self {
        let is_limited = !address.is_loopback() || hub.config.limits.is_loopback_limited();
        Self { is_limited, ..Self::new("tcp_socket", address, None) }
    }

    /// For everybody else. The place is given back with the first good token.
    pub(super) fn asking(address: IpAddr, place: Place) -> Self {
        Self::new("tcp_tls", address, Some(Stranger { deadline: Instant::now() + STRANGER, _place: place }))
    }

    fn new(channel: &'static str, address: IpAddr, stranger: Option<Stranger>) -> Self {
        let needs_token = stranger.is_some();
        Self {
            channel,
            address: address.to_string(),
            needs_token,
            current: None,
            known: Vec::new(),
            refused: 0,
            is_limited: true,
            stranger,
        }
    }

    /// Who speaks: the token that was good last, else the address.
    pub(super) fn speaker(&self) -> &str {
        let known = self.current.and_then(|hash| self.known.iter().find(|known| known.token_hash == hash));
        known.and_then(|known| known.program.as_ref()).map_or(&self.address, |token| &token.name)
    }

    /// When the connection ends unless a good token has come.
    pub(super) fn deadline(&self) -> Option<Instant> {
        self.stranger.as_ref().map(|stranger| stranger.deadline)
    }

    /// So many lines were refused that it is no mistake any more.
    pub(super) fn is_shut(&self) -> bool {
        self.needs_token && self.refused >= REFUSED
    }

    /// The event, if whoever said it may.
    pub(super) async fn admit(&mut self, hub: &Hub, mut event: SensorEvent) -> Result<Incoming, Answer> {
        let said = event.token.take().map(|token| token_hash(&token));
        let program = match said.or(self.current) {
            Some(token_hash) => self.program(hub, token_hash).await.map_err(|err| overloaded(&err))?,
            None => None,
        };
        if program.is_some() {
            self.current = said.or(self.current);
            self.stranger = None;
        } else if self.needs_token || said.is_some() {
            self.refused += 1;
            self.hold(hub, said.or(self.current));
            return Err(unauthorized(said.is_some() || self.current.is_some()));
        }
        self.refused = 0;
        let token = program.as_ref().map(|token| token.name.clone());
        let audience = program.as_ref().and_then(|token| token.binding.audience());
        let peer = program.map_or_else(|| self.address.clone(), |token| token.name.clone());
        if self.is_limited {
            hub.rates.take(&peer, event.source.as_deref().unwrap_or_default()).map_err(rate_limited)?;
        }
        Ok(Incoming { event, peer, channel: self.channel, audience, token })
    }

    /// A wrong token is a strike, the same one again is the same mistake; none at all is none.
    fn hold(&self, hub: &Hub, token_hash: Option<[u8; 32]>) {
        let Some(token_hash) = token_hash else { return };
        if let Ok(address) = self.address.parse() {
            let subject: String = token_hash.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
            hub.guard.strike(address, Kind::WrongToken, Some(&subject), "a sensor with a wrong token");
        }
    }

    /// The token, if it may record events, by a look-up that is fresh.
    async fn program(&mut self, hub: &Hub, token_hash: [u8; 32]) -> Result<Option<Arc<ApiToken>>, StoreError> {
        let now = hub.clock.now();
        // A clock that was put back must not keep a token alive.
        let is_fresh = |known: &&Known| known.token_hash == token_hash && now.millis_since(known.at).abs() < FRESH_MS;
        if let Some(known) = self.known.iter().find(is_fresh) {
            return Ok(known.program.clone());
        }
        let token = proof::of_program(&hub.store, now, token_hash).await?;
        let program = token.filter(|token| token.scope.may(Permission::Report)).map(Arc::new);
        self.known.retain(|known| known.token_hash != token_hash);
        if self.known.len() >= KNOWN {
            self.known.remove(0);
        }
        self.known.push(Known { token_hash, at: now, program: program.clone() });
        Ok(program)
    }
}

fn unauthorized(has_token: bool) -> Answer {
    let detail =
        if has_token { "the token is unknown, revoked, or not for events" } else { "a token is needed, in the first line or in each" };
    Answer::Refused { error: Refusal::Unauthorized, detail: Some(detail.into()) }
}

fn rate_limited(exceeded: Exceeded) -> Answer {
    Answer::Refused { error: Refusal::RateLimited, detail: Some(exceeded.to_string()) }
}

pub(super) fn overloaded(err: &StoreError) -> Answer {
    Answer::Refused { error: Refusal::Overloaded, detail: Some(err.to_string()) }
}
