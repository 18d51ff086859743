//! Who is kept out of this hub: counts strikes, bans, remembers both, and writes down what it noticed.
//!
//! It decides by address, never by what an alert or a sensor with a right to speak says. A ban never ends a session
//! that is open, and an agent with its right key gets in from anywhere.

mod notes;
mod patterns;
mod proved;
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{BuildHasher as _, RandomState};
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use hub_core::guard::{Allowance, Allowances, Bans, Key, Kind, Ledger, Level, Limits, Recent, Strike, Verdict};
use ipnet::IpNet;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

pub use self::patterns::{of_body, of_head};
pub use self::proved::{note as proved, watched};
use super::addresses::network;
use crate::clock::Clock;
use crate::config::Config;
use crate::fanout::Panels;
use crate::store::{Actor, Ban, NewSecurity, Store, StoreError};

/// Half of the addresses whose strikes are remembered.
const HALF: usize = 10_000;
const BANS: usize = 50_000;
/// Refused requests of an address: whoever hears 429 and goes on all the same.
const REFUSED: Allowance = Allowance { most: 1_000, a_second: 20, respite: 500 };
/// Handshakes of a banned address, so that the right agents behind it get in.
const AGENTS: Allowance = Allowance { most: 30, a_second: 2, respite: 0 };
/// Connections of an address that end nothing they begin. A branch whose line is bad has fifty agents that try again every
/// two minutes; whoever wants to take all places of the hub has hundreds every ten seconds.
const SLOW: Allowance = Allowance { most: 120, a_second: 1, respite: 60 };
const DETAIL_CHARS: usize = 200;

/// Whether a handshake failed because what came was no TLS, or broke its rules. A peer that does not like the hub's
/// certificate, or speaks too old a version, is no attacker.
pub fn is_garbage(err: &std::io::Error) -> bool {
    use rustls::Error::{InappropriateHandshakeMessage, InappropriateMessage, InvalidMessage, PeerMisbehaved};
    let cause = err.get_ref().and_then(|cause| cause.downcast_ref::<rustls::Error>());
    matches!(cause, Some(InvalidMessage(_) | InappropriateMessage { .. } | InappropriateHandshakeMessage { .. } | PeerMisbehaved(_)))
}

/// The guard of a hub.
pub struct Guard {
    store: Store,
    clock: Clock,
    trusted: Vec<IpNet>,
    ban_ms: i64,
    window_ms: i64,
    language: String,
    hasher: RandomState,
    notes: mpsc::Sender<NewSecurity>,
    strikes: [AtomicU64; Kind::ALL.len()],
    state: Mutex<State>,
}

struct State {
    ledger: Ledger,
    bans: Bans,
    refused: Allowances<IpAddr>,
    slow: Allowances<IpAddr>,
    agents: Allowances<IpAddr>,
    allowed: Vec<IpNet>,
    /// When a mail last said this level of this address.
    mailed: Recent<(IpAddr, Level), i64>,
}

impl Guard {
    /// The guard with what it kept from before, and the work that writes down what it notices.
    pub async fn open(
        config: &Config,
        store: Store,
        clock: Clock,
        panels: Panels,
        stop: CancellationToken,
    ) -> Result<(Self, impl Future<Output = ()> + Send + 'static), StoreError> {
        let settings = &config.guard;
        let window_ms = i64::try_from(settings.window.as_millis()).unwrap_or(i64::MAX);
        let (notes, noted) = mpsc::channel(notes::QUEUE);
        let mut state = State {
            ledger: Ledger::new(Limits { strikes: settings.strikes, window_ms }, HALF),
            bans: Bans::new(BANS),
            refused: Allowances::new(REFUSED, HALF),
            slow: Allowances::new(SLOW, HALF),
            agents: Allowances::new(AGENTS, HALF),
            allowed: store.allowed().await?.iter().filter_map(|allowed| allowed.network.parse().ok()).collect(),
            mailed: Recent::new(HALF),
        };
        let hasher = RandomState::new();
        for ban in store.bans_that_hold(clock.now(), BANS).await? {
            let Ok(address) = ban.ip.parse() else { continue };
            let key = ban.client.map_or(Key::Address(address), |client| Key::Client(address, hasher.hash_one(client)));
            state.bans.set(key, ban.until);
        }
        let writing = notes::write(store.clone(), panels, clock.clone(), noted, stop);
        let guard = Self {
            store,
            clock,
            // A proxy speaks for everybody behind it: whoever is meant is named in its requests.
            trusted: settings.trusted.iter().chain(&config.https.trusted_proxies).copied().collect(),
            ban_ms: i64::try_from(settings.ban.as_millis()).unwrap_or(i64::MAX),
            window_ms,
            language: config.smtp.language.clone(),
            hasher,
            notes,
            strikes: Default::default(),
            state: Mutex::new(state),
        };
        Ok((guard, writing))
    }

    /// Whether what comes from there is written down and never banned.
    pub fn is_trusted(&self, address: IpAddr) -> bool {
        self.trusts(&self.state(), address)
    }

    pub fn is_banned(&self, address: IpAddr) -> bool {
        let state = self.state();
        state.bans.until(Key::Address(network(address)), self.clock.now()).is_some() && !self.trusts(&state, address)
    }

    /// Whether this address, or this agent behind it, is kept out. A right key counts more: ask only without one.
    pub fn is_agent_banned(&self, address: IpAddr, name: &str) -> bool {
        let (state, now) = (self.state(), self.clock.now());
        if self.trusts(&state, address) {
            return false;
        }
        let address = network(address);
        let key = Key::Client(address, self.hasher.hash_one(name));
        state.bans.until(Key::Address(address), now).is_some() || state.bans.until(key, now).is_some()
    }

    /// Whether a banned address may still try to show an agent's key.
    pub fn may_try(&self, address: IpAddr) -> bool {
        self.state().agents.take(network(address), 1, self.clock.now())
    }

    /// Counts a request that was refused as too fast. Who stops then has done nothing; who never does has a strike.
    pub fn refused(&self, address: IpAddr) {
        let is_patient = self.state().refused.take(network(address), 1, self.clock.now());
        if !is_patient {
            self.strike(address, Kind::Flood, None, "far more requests than are answered");
        }
    }

    /// Counts a handshake or the head of a request that did not come to its end in time. Many of them are a strike.
    pub fn slow(&self, address: IpAddr, what: &str) {
        let is_bad_line = self.state().slow.take(network(address), 1, self.clock.now());
        if !is_bad_line {
            self.strike(address, Kind::Slow, None, what);
        }
    }

    /// Strikes since the hub started by their kind, those of trusted addresses included.
    pub fn strikes(&self) -> BTreeMap<&'static str, u64> {
        let kinds = Kind::ALL.into_iter().filter(|kind| *kind != Kind::Ban);
        kinds.zip(&self.strikes).map(|(kind, count)| (kind.as_str(), count.load(Ordering::Relaxed))).collect()
    }

    /// Bans that hold now, of addresses and of names behind them.
    pub fn bans_in_force(&self) -> usize {
        let (mut state, now) = (self.state(), self.clock.now());
        state.bans.expire(now);
        state.bans.len()
    }

    /// Holds something against an address; `subject` is the agent, account or token that it is about.
    pub fn strike(&self, address: IpAddr, kind: Kind, subject: Option<&str>, detail: &str) {
        if let Some(count) = Kind::ALL.iter().position(|one| *one == kind).and_then(|place| self.strikes.get(place)) {
            count.fetch_add(1, Ordering::Relaxed);
        }
        let mut state = self.state();
        // Trust is in an address itself; strikes and bans are of its network.
        if self.trusts(&state, address) {
            self.note(&mut state, address.to_canonical(), kind, Level::Low, subject, detail, None);
            return;
        }
        let (now, address) = (self.clock.now(), network(address));
        let hash = subject.map(|subject| self.hasher.hash_one(subject));
        self.note(&mut state, address, kind, Level::High, subject, detail, None);
        let strike = Strike { at: now, kind, subject: hash };
        if state.ledger.strike(Key::Address(address), strike) == Verdict::Banned {
            self.keep_out(&mut state, Key::Address(address), None, kind);
        }
        if let (Kind::WrongKey, Some(name), Some(hash)) = (kind, subject, hash)
            && state.ledger.strike(Key::Client(address, hash), strike) == Verdict::Banned
        {
            self.keep_out(&mut state, Key::Client(address, hash), Some(name), kind);
        }
    }

    /// Somebody there has shown to be no stranger: what was held against this name is forgotten, and mere clumsiness.
    pub fn forgive(&self, address: IpAddr, subject: &str) {
        let address = network(address);
        self.state().ledger.forgive(address, self.hasher.hash_one(subject));
    }

    /// The same for an agent with its right key; a ban of its name there ends.
    pub async fn welcome(&self, address: IpAddr, name: &str) {
        self.forgive(address, name);
        let address = network(address);
        if !self.state().bans.lift(Key::Client(address, self.hasher.hash_one(name))) {
            return;
        }
        if let Err(err) = self.store.lift_ban_of_client(self.clock.now(), address.to_string(), name.to_owned()).await {
            tracing::warn!(%err, client = name, "could not lift the ban of an agent that showed its right key");
        }
    }

    /// Keeps an address out by hand.
    pub async fn ban(&self, actor: &Actor, ban: Ban) -> Result<(), StoreError> {
        let (address, until) = (ban.address.parse::<IpAddr>(), ban.until);
        self.store.add_ban(self.clock.now(), actor, ban).await?;
        if let Ok(address) = address {
            self.state().bans.set(Key::Address(address), until);
        }
        Ok(())
    }

    /// Lets an address in again, and every name behind it.
    pub async fn lift(&self, actor: &Actor, address: IpAddr) -> Result<(), StoreError> {
        let address = network(address);
        let names = self.names_banned_at(address).await?;
        self.store.lift_bans(self.clock.now(), actor, address.to_string()).await?;
        self.clear(address, &names);
        Ok(())
    }

    /// Trusts a network from now on; the bans within it end.
    pub async fn allow(&self, actor: &Actor, network: IpNet, reason: String) -> Result<(), StoreError> {
        let now = self.clock.now();
        self.store.allow(now, actor, network.to_string(), reason).await?;
        self.state().allowed.push(network);
        let held = self.store.bans_that_hold(now, BANS).await?;
        let within: BTreeSet<IpAddr> =
            held.iter().filter_map(|ban| ban.ip.parse().ok()).filter(|address| network.contains(address)).collect();
        for address in within {
            match self.lift(actor, address).await {
                // It ended, or somebody else lifted it meanwhile.
                Ok(()) | Err(StoreError::Missing(_)) => {}
                Err(err) => return Err(err),
            }
        }
        Ok(())
    }

    pub async fn disallow(&self, actor: &Actor, network: IpNet) -> Result<(), StoreError> {
        self.store.disallow(self.clock.now(), actor, network.to_string()).await?;
        self.state().allowed.retain(|allowed| *allowed != network);
        Ok(())
    }

    /// Forgets in memory what has ended.
    pub fn expire(&self) {
        let now = self.clock.now();
        self.state().bans.expire(now);
    }

    async fn names_banned_at(&self, address: IpAddr) -> Result<Vec<String>, StoreError> {
        let held = self.store.bans_that_hold(self.clock.now(), BANS).await?;
        Ok(held.into_iter().filter(|ban| ban.ip == address.to_string()).filter_map(|ban| ban.client).collect())
    }

    fn clear(&self, address: IpAddr, names: &[String]) {
        let mut state = self.state();
        let keys = names.iter().map(|name| Key::Client(address, self.hasher.hash_one(name)));
        for key in keys.chain([Key::Address(address)]) {
            state.bans.lift(key);
            state.ledger.clear(key);
        }
    }

    fn trusts(&self, state: &State, address: IpAddr) -> bool {
        let address = address.to_canonical();
        // A network may be written as IPv4 mapped into IPv6.
        let mapped = match address {
            IpAddr::V4(v4) => IpAddr::V6(v4.to_ipv6_mapped()),
            v6 => v6,
        };
        self.trusted.iter().chain(&state.allowed).any(|network| network.contains(&address) || network.contains(&mapped))
    }

    fn keep_out(&self, state: &mut State, key: Key, client: Option<&str>, kind: Kind) {
        let (Key::Address(address) | Key::Client(address, _)) = key;
        let since = self.clock.now();
        let until = since.plus_millis(self.ban_ms);
        state.bans.set(key, until);
        tracing::warn!(%address, client, reason = kind.as_str(), "banned");
        let ban = Ban { address: address.to_string(), client: client.map(str::to_owned), since, until, reason: kind.as_str().to_owned() };
        let detail = format!("{} and other strikes; until {until}", kind.as_str());
        self.note(state, address, Kind::Ban, Level::Critical, client, &detail, Some(ban));
    }

    #[allow(clippy::too_many_arguments, reason = "each is a column of the row that it becomes")]
    fn note(&self, state: &mut State, address: IpAddr, kind: Kind, level: Level, client: Option<&str>, detail: &str, ban: Option<Ban>) {
        let now = self.clock.now();
        let mailed = state.mailed.entry((address, level));
        // One mail says that an address attacks; that it goes on is in the panel.
        let is_new = ban.is_some() || *mailed == 0 || (now.as_millis() - *mailed).abs() > self.window_ms;
        if is_new {
            *mailed = now.as_millis();
        }
        let new = NewSecurity {
            at: now,
            kind,
            level,
            address: address.to_string(),
            client: client.map(|client| shared::text::one_line(client).chars().take(80).collect()),
            detail: shared::text::one_line(detail).chars().take(DETAIL_CHARS).collect(),
            count: 1,
            ban,
            subject: is_new.then(|| words::subject(&self.language, level, kind, address)),
        };
        // A storm of notes leaves room for bans, which must be kept; what is dropped still counted as a strike.
        if new.ban.is_some() || self.notes.capacity() > notes::FOR_BANS {
            let _ = self.notes.try_send(new);
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
