//! Thousands of agents in one process: a task each, one common tally.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::agent::{Agent, Heard, now};
use crate::http::Api;
use crate::tls::Endpoint;
use anyhow::{Context as _, Result};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use serde_json::json;
use shared::AlertId;
use shared::wire::to_agent::ToAgent;
use shared::wire::to_hub::{Receipt, ReceiptState, Receipts, ToHub};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// Handshakes at once: half of what a hub takes.
const AT_ONCE: usize = 128;
/// Registrations at once.
const REQUESTS: usize = 8;

/// An agent's name and key.
#[derive(Debug, Clone)]
pub struct Member {
    pub name: String,
    pub key: String,
}

/// Agents `PREFIX-1` to `PREFIX-COUNT` whose keys can be told from their names.
pub fn members(prefix: &str, keys_from: &str, count: u32) -> Vec<Member> {
    let names = (1..=count).map(|number| format!("{prefix}-{number}"));
    names.map(|name| Member { key: format!("{keys_from}:{name}"), name }).collect()
}

/// Makes the members known to the hub; those who are known already stay as they are.
pub async fn register(admin: &Api, members: &[Member]) -> Result<()> {
    let requests = members.iter().map(|member| async move {
        let reply = admin.post("/api/clients", &json!({"name": member.name, "secret": member.key})).await?;
        if reply.status != 409 {
            reply.expect(201).with_context(|| format!("registering {}", member.name))?;
        }
        Ok(())
    });
    stream::iter(requests).buffer_unordered(REQUESTS).try_collect::<()>().await
}

/// What agents answer to an alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answers {
    /// Nothing, like an agent of the old kind.
    None,
    /// That they have it.
    Delivered,
    /// That they have it, showed it, and that a person closed it.
    All,
}

impl Answers {
    fn states(self) -> &'static [ReceiptState] {
        match self {
            Self::None => &[],
            Self::Delivered => &[ReceiptState::Delivered],
            Self::All => &[ReceiptState::Delivered, ReceiptState::Displayed, ReceiptState::Dismissed],
        }
    }
}

/// What happened to all agents together.
#[derive(Debug, Default)]
pub struct Tally {
    alerts: AtomicU64,
    confirmed: AtomicU64,
    ended: AtomicU64,
}

impl Tally {
    /// Alerts received.
    pub fn alerts(&self) -> u64 {
        self.alerts.load(Ordering::Relaxed)
    }

    /// Receipts that the hub confirmed.
    pub fn confirmed(&self) -> u64 {
        self.confirmed.load(Ordering::Relaxed)
    }

    /// Sessions that ended.
    pub fn ended(&self) -> u64 {
        self.ended.load(Ordering::Relaxed)
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} alerts received, {} receipts confirmed, {} sessions ended", self.alerts(), self.confirmed(), self.ended())
    }
}

/// Agents that are connected until this value is dropped.
#[derive(Debug)]
pub struct Fleet {
    pub tally: Arc<Tally>,
    /// How long it took until all were in.
    pub connecting: Duration,
    answers: watch::Sender<Answers>,
    _sessions: JoinSet<()>,
}

impl Fleet {
    /// Connects all members; one that is not let in fails the whole.
    pub async fn connect(hub: &Endpoint, members: &[Member], answers: Answers) -> Result<Self> {
        let begin = Instant::now();
        let (answers, listen) = watch::channel(answers);
        let tally = Arc::new(Tally::default());
        let mut sessions = JoinSet::new();
        let agents = stream::iter(members).map(|member| Agent::connect(hub, &member.name, &member.key)).buffer_unordered(AT_ONCE);
        tokio::pin!(agents);
        while let Some((agent, _)) = agents.try_next().await? {
            sessions.spawn(serve(agent, tally.clone(), listen.clone()));
        }
        Ok(Self { tally, connecting: begin.elapsed(), answers, _sessions: sessions })
    }

    /// Changes what the agents answer from now on.
    pub fn answer(&self, answers: Answers) {
        self.answers.send_replace(answers);
    }
}

async fn serve(mut agent: Agent, tally: Arc<Tally>, answers: watch::Receiver<Answers>) {
    // Ends with the session, whoever ended it.
    while let Ok(heard) = agent.hear().await {
        let states = answers.borrow().states();
        let is_over = match heard {
            Heard::Text(text) => react(&mut agent, &text, &tally, states).await.is_err(),
            Heard::Pong(_) => false,
            Heard::Closed(_) => true,
        };
        if is_over {
            break;
        }
    }
    tally.ended.fetch_add(1, Ordering::Relaxed);
}

async fn react(agent: &mut Agent, text: &str, tally: &Tally, states: &[ReceiptState]) -> Result<()> {
    match ToAgent::decode(text)? {
        ToAgent::Alert(alert) => {
            tally.alerts.fetch_add(1, Ordering::Relaxed);
            if !states.is_empty() {
                agent.send(&receipts(alert.id, states)).await?;
            }
        }
        ToAgent::ReceiptsOk(ok) => drop(tally.confirmed.fetch_add(ok.items.len() as u64, Ordering::Relaxed)),
        _ => {}
    }
    Ok(())
}

fn receipts(id: AlertId, states: &[ReceiptState]) -> ToHub {
    let at = now();
    let items = states.iter().map(|state| Receipt { id, state: *state, at, reply: None, user: None }).collect();
    ToHub::Receipts(Receipts { items })
}
