//! The link to the hub: one task that dials, says who it is, carries frames both ways, and comes back whenever it ends.
//!
//! It decides nothing about alerts; what it hears goes to the agent, what the agent orders goes out.

pub mod address;
pub mod backoff;
pub mod socket;
pub mod trouble;
pub mod trust;

use std::sync::Arc;
use std::time::Duration;

use rustls::ClientConfig;
use shared::Name;
use shared::wire::to_agent::{Connected, Rejected, Rejection, ToAgent};
use shared::wire::to_hub::{Connect, KeyState, NewKey, ToHub};
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, timeout_at};

use crate::folder::Folder;
use crate::keys::Keys;
use crate::platform;
use address::Address;
use backoff::{Backoff, Pace};
use socket::{Heard, Socket};
use trouble::{Failure, Trouble};

/// A hub that says nothing for this long is gone, unless it beats slower than the usual 20 s.
const SILENCE: Duration = Duration::from_secs(60);
/// How often a waiting link looks whether the addresses have changed.
const LOOK: Duration = Duration::from_secs(2);
/// A link that lived this long was a good one: the next attempt comes at once.
const GOOD: Duration = Duration::from_secs(30);

/// What the agent hears from the link.
#[derive(Debug)]
pub enum Event {
    /// The hub let the agent in.
    Up {
        address: Address,
        connected: Connected,
    },
    Frame(ToAgent),
    /// No link; the next attempt comes after `retry_in`.
    Down {
        failures: Vec<Failure>,
        retry_in: Duration,
    },
}

/// Everything that a link needs.
#[derive(Debug)]
pub struct Link {
    pub folder: Folder,
    pub name: Name,
    pub keys: Keys,
    pub tls: Arc<ClientConfig>,
    /// The epoch of the hub's database that the agent knows now.
    pub epoch: watch::Receiver<Option<String>>,
    /// A full queue makes the link wait: the hub then waits for us, nobody else does.
    pub events: mpsc::Sender<Event>,
    /// Closed when the agent ends.
    pub orders: mpsc::Receiver<ToHub>,
}

/// How an attempt on one address ended.
enum End {
    /// The hub was not reached, or it is not ours: the next address may do.
    Unreached(Trouble),
    /// The hub answered; `lasted` is how long the link stood.
    Ended { trouble: Trouble, lasted: Duration },
    /// The agent ends.
    Told,
}

impl Link {
    /// Keeps the link up until the agent ends.
    pub async fn run(mut self) {
        let mut backoff = Backoff::default();
        loop {
            let Some((failures, pace)) = Box::pin(self.attempt(&mut backoff)).await else { return };
            let retry_in = backoff.next(pace, random());
            for Failure { address, trouble } in &failures {
                let address = address.as_ref().map(ToString::to_string).unwrap_or_default();
                tracing::warn!("no link {address}: {trouble}; next attempt in {:.1} s", retry_in.as_secs_f64());
            }
            if self.events.send(Event::Down { failures, retry_in }).await.is_err() || self.rest(retry_in).await.is_err() {
                return;
            }
        }
    }

    /// Waits, less long if somebody changes the addresses meanwhile; fails when the agent ends.
    async fn rest(&mut self, wait: Duration) -> Result<(), ()> {
        let (until, addresses) = (Instant::now() + wait, self.read_addresses());
        loop {
            match timeout_at(until.min(Instant::now() + LOOK), self.orders.recv()).await {
                Err(_) if Instant::now() >= until || self.read_addresses() != addresses => return Ok(()),
                Err(_) => {}
                Ok(None) => return Err(()),
                // Without a link there is nobody to tell; what matters is owed and said again.
                Ok(Some(_)) => {}
            }
        }
    }

    /// Tries the addresses in order. `None` when the agent ends.
    async fn attempt(&mut self, backoff: &mut Backoff) -> Option<(Vec<Failure>, Pace)> {
        let mut failures = Vec::new();
        for address in self.addresses() {
            match self.try_address(&address).await {
                End::Told => return None,
                End::Unreached(trouble) => failures.push(Failure { address: Some(address), trouble }),
                End::Ended { trouble, lasted } => {
                    if lasted >= GOOD {
                        backoff.reset();
                    }
                    let pace = trouble.pace();
                    return Some((vec![Failure { address: Some(address), trouble }], pace));
                }
            }
        }
        if failures.is_empty() {
            failures.push(Failure { address: None, trouble: Trouble::NoAddress });
        }
        Some((failures, Pace::Growing))
    }

    fn addresses(&self) -> Vec<Address> {
        let text = self.read_addresses().unwrap_or_else(|err| {
            tracing::warn!("ip.txt cannot be read: {err}");
            String::new()
        });
        let (addresses, broken) = address::parse_lines(&text);
        for line in broken {
            tracing::warn!("ip.txt line {}: {}; skipped", line.number, line.reason);
        }
        addresses
    }

    fn read_addresses(&self) -> Result<String, std::io::ErrorKind> {
        let bytes = std::fs::read(self.folder.file("ip.txt")).map_err(|err| err.kind())?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    async fn try_address(&mut self, address: &Address) -> End {
        let (socket, connected) = match self.open(address).await {
            Ok(open) => open,
            Err(trouble @ Trouble::Rejected(Rejected { reason: Rejection::WrongKey, .. })) => {
                self.keys.refused();
                return End::Ended { trouble, lasted: Duration::ZERO };
            }
            Err(trouble @ Trouble::Rejected(_)) => return End::Ended { trouble, lasted: Duration::ZERO },
            Err(trouble @ Trouble::Drained(_)) => return End::Ended { trouble, lasted: GOOD },
            Err(trouble) => return End::Unreached(trouble),
        };
        if let Err(err) = self.keys.accepted() {
            tracing::warn!("the key that the hub knows could not be put in use: {err}");
        }
        // Orders of an earlier link: what matters in them is owed and said again.
        while self.orders.try_recv().is_ok() {}
        tracing::info!("connected to {address} as {}", connected.username);
        let silence = SILENCE.max(Duration::from_secs(connected.heartbeat_s.min(600)) * 3);
        if self.events.send(Event::Up { address: address.clone(), connected }).await.is_err() {
            return End::Told;
        }
        let since = Instant::now();
        match self.carry(socket, silence).await {
            Some(trouble) => End::Ended { trouble, lasted: since.elapsed() },
            None => End::Told,
        }
    }

    async fn open(&self, address: &Address) -> Result<(Socket, Connected), Trouble> {
        let mut socket = Socket::open(address, &self.tls).await?;
        let connect = Connect {
            username: self.name.to_string(),
            clave: self.keys.clave().map_err(|err| Trouble::Broken(format!("the key cannot be read: {err}")))?,
            version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            os: Some(platform::os_label()),
            // An agent that knows nothing says so: the hub then sends all that is active, what a lost disk held too.
            epoch: Some(self.epoch.borrow().clone().unwrap_or_default()),
        };
        let connected = introduce(&mut socket, connect).await?;
        Ok((socket, connected))
    }

    /// Carries frames until the link ends (with the reason) or the agent does (`None`).
    async fn carry(&mut self, mut socket: Socket, silence: Duration) -> Option<Trouble> {
        let mut heard_at = Instant::now();
        loop {
            tokio::select! {
                heard = timeout_at(heard_at + silence, socket.next()) => match heard {
                    Err(_) => return Some(Trouble::Silent),
                    Ok(Err(trouble)) => return Some(trouble),
                    Ok(Ok(heard)) => {
                        heard_at = Instant::now();
                        if let Some(trouble) = self.pass_on(&mut socket, heard).await? {
                            return Some(trouble);
                        }
                    }
                },
                order = self.orders.recv() => match order {
                    None => {
                        socket.close().await;
                        return None;
                    }
                    Some(frame) => if let Err(trouble) = socket.send(&frame).await {
                        return Some(trouble);
                    },
                },
            }
        }
    }

    /// Hands a frame to the agent. The outer `None` when the agent is gone, the inner trouble when the hub ends the link.
    async fn pass_on(&mut self, socket: &mut Socket, heard: Heard) -> Option<Option<Trouble>> {
        match heard {
            Heard::Life(None) => {}
            Heard::Life(Some(unreadable)) => tracing::warn!("frame of the hub skipped: {unreadable}"),
            Heard::Frame(ToAgent::Drain(drain)) => return Some(Some(Trouble::Drained(Duration::from_secs(drain.retry_after_s)))),
            Heard::Frame(ToAgent::Rejected(rejected)) => return Some(Some(Trouble::Rejected(rejected))),
            Heard::Frame(ToAgent::Rotate(_)) => return Some(self.say_key(socket, KeyState::Offered).await.err()),
            Heard::Frame(ToAgent::NewKeyOk(ok)) => match ok.state {
                KeyState::Offered => return Some(self.say_key(socket, KeyState::InUse).await.err()),
                KeyState::InUse => {
                    self.keys.confirmed();
                    tracing::info!("the new key is in use");
                }
            },
            Heard::Frame(frame) => self.events.send(Event::Frame(frame)).await.ok()?,
        }
        Some(None)
    }

    /// Takes the next step to a new key and says so. A disk that refuses leaves everything as it is: the hub asks again.
    async fn say_key(&mut self, socket: &mut Socket, state: KeyState) -> Result<(), Trouble> {
        let step = match state {
            KeyState::Offered => self.keys.offer(),
            KeyState::InUse => self.keys.switch(),
        };
        match step {
            Ok(Some(clave)) => socket.send(&ToHub::NewKey(NewKey { clave, state })).await,
            Ok(None) => Ok(()),
            Err(err) => {
                tracing::warn!("no step to a new key: {err}");
                Ok(())
            }
        }
    }
}

/// Says who the agent is and waits to be let in.
pub async fn introduce(socket: &mut Socket, connect: Connect) -> Result<Connected, Trouble> {
    socket.send(&ToHub::Connect(connect)).await?;
    match socket.next_frame().await? {
        ToAgent::Connected(connected) => Ok(connected),
        ToAgent::Rejected(rejected) => Err(Trouble::Rejected(rejected)),
        ToAgent::Drain(drain) => Err(Trouble::Drained(Duration::from_secs(drain.retry_after_s))),
        _ => Err(Trouble::NoHub("it did not answer `connect`".into())),
    }
}

fn random() -> u32 {
    // Without randomness the wait is the longest one, which is safe.
    getrandom::u32().unwrap_or(u32::MAX)
}
