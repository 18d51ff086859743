//! What a flood of 5,000 events a second does to everybody else: to an alert on its way, to a panel, to another sensor.
//!
//! The flood is not limited (it comes from this machine), so all of it is saved, and every panel hears of each event.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use pregon_swarm::PATIENCE;
use pregon_swarm::agent::Agent;
use pregon_swarm::crowd::{self, Load};
use pregon_swarm::fleet::{self, Answers, Fleet};
use pregon_swarm::http::Api;
use pregon_swarm::hub::Process;
use pregon_swarm::panel::Panel;
use pregon_swarm::sensor::Sensor;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::figures::{Figures, Promise, median};

const RATE: f64 = 5_000.0;
const SECONDS: u64 = 20;
const AGENTS: u32 = 100;
/// Rounds of each measurement; the flood lasts longer than they do.
const ROUNDS: usize = 80;
const PAUSE: Duration = Duration::from_millis(100);
/// A flood may double what others wait.
const TWICE: Promise = Promise::AtMost(2.0);

pub async fn measure(figures: &mut Figures) -> Result<()> {
    let hub = Process::start().await?;
    let admin = hub.admin().await?;
    let members = fleet::members("bench", "bench", AGENTS);
    fleet::register(&admin, &members).await?;
    fleet::register(&admin, &fleet::members("timed", "bench", 1)).await?;
    let _others = Fleet::connect(&hub.endpoint()?, &members, Answers::All).await?;
    let (agent, _) = Agent::connect(&hub.endpoint()?, "timed-1", "bench:timed-1").await?;
    let mut watch =
        Watch { alerts: listen(agent), panel: follow(&hub, &admin).await?, sensor: Sensor::connect(hub.events()).await?, admin };
    let quiet = watch.measure().await.context("without a flood")?;
    let load = Load { connections: 5, depth: 1_024, count: RATE as u64 * SECONDS, rate: Some(RATE), is_calm: true };
    let flood = tokio::spawn(crowd::run(hub.events(), load));
    tokio::time::sleep(Duration::from_secs(1)).await;
    let flooded = watch.measure().await.context("in a flood")?;
    ensure!(!flood.is_finished(), "the flood was over before the measurement");
    let outcome = flood.await??;
    ensure!(outcome.refused == 0, "{outcome}");
    figures.add("a flood beside others, events saved", outcome.rate(), "/s", Promise::None);
    for ((what, before), (_, after)) in quiet.into_iter().zip(flooded) {
        figures.add(format!("{what}, usually, median"), before, "ms", Promise::None);
        figures.add(format!("{what}, in the flood, median"), after, "ms", Promise::None);
        figures.add(format!("{what}, in the flood against usually"), after / before, "times", TWICE);
    }
    Ok(())
}

type Heard = mpsc::Receiver<(String, Instant)>;

struct Watch {
    alerts: Heard,
    panel: Heard,
    sensor: Sensor,
    admin: Api,
}

impl Watch {
    /// Medians in milliseconds.
    async fn measure(&mut self) -> Result<[(&'static str, f64); 4]> {
        let [mut screen, mut panel, mut list, mut event] = [(); 4].map(|()| Vec::with_capacity(ROUNDS));
        let body = json!({"audience": {"kind": "global"}, "severity": "info", "text": "how long does it take"});
        for _ in 0..ROUNDS {
            let begin = Instant::now();
            let sent = self.admin.post("/api/alerts", &body).await?.expect(201)?;
            let id = sent.get("id").and_then(Value::as_str).context("an id")?.to_owned();
            screen.push(until(&mut self.alerts, &id).await?.duration_since(begin));
            panel.push(until(&mut self.panel, &id).await?.duration_since(begin));
            let begin = Instant::now();
            self.admin.get("/api/alerts?limit=8").await?.expect(200)?;
            list.push(begin.elapsed());
            let begin = Instant::now();
            self.sensor.event(&json!({"source": "other", "message": "all is well"})).await?;
            event.push(begin.elapsed());
            tokio::time::sleep(PAUSE).await;
        }
        Ok([
            ("an alert, from the request to an agent", median_ms(screen)),
            ("an alert, from the request to an open panel", median_ms(panel)),
            ("the list of alerts", median_ms(list)),
            ("an event of another sensor, until it is answered", median_ms(event)),
        ])
    }
}

fn median_ms(times: Vec<Duration>) -> f64 {
    median(times.iter().map(|time| time.as_secs_f64() * 1_000.0).collect())
}

async fn until(heard: &mut Heard, id: &str) -> Result<Instant> {
    loop {
        let (said, at) =
            tokio::time::timeout(PATIENCE, heard.recv()).await.context("nothing heard of an alert")?.context("the socket ended")?;
        if said == id {
            return Ok(at);
        }
    }
}

/// Notes when alerts arrive at an agent.
fn listen(mut agent: Agent) -> Heard {
    let (tell, heard) = mpsc::channel(1_024);
    tokio::spawn(async move {
        while let Ok(alert) = agent.alert(Duration::from_secs(120)).await {
            if tell.send((alert.id.to_string(), Instant::now())).await.is_err() {
                return;
            }
        }
    });
    heard
}

/// Notes when a panel hears of alerts, among everything else that it hears.
async fn follow(hub: &Process, admin: &Api) -> Result<Heard> {
    let mut panel = Panel::open(&hub.endpoint()?, admin.token().context("a token")?).await?;
    panel.next_of("hello", PATIENCE).await?;
    let (tell, heard) = mpsc::channel(1_024);
    tokio::spawn(async move {
        while let Ok(push) = panel.recv(Duration::from_secs(120)).await {
            let is_alert = push.get("type").is_some_and(|kind| kind == "alert");
            let id = push.pointer("/data/id").and_then(Value::as_str).filter(|_| is_alert);
            if let Some(id) = id
                && tell.send((id.to_owned(), Instant::now())).await.is_err()
            {
                return;
            }
        }
    });
    Ok(heard)
}
