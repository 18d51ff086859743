//! A crowd of sensors: random events, several lines in flight, every answer looked at.

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::PATIENCE;
use crate::sensor::{Answers, Lines, Sensor};
use crate::tls::Endpoint;
use anyhow::{Context as _, Result, ensure};
use shared::Severity;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// Of a hundred events, so many of each severity.
const WEIGHTS: [(Severity, u64); 4] = [(Severity::Info, 50), (Severity::Warning, 28), (Severity::Error, 16), (Severity::Critical, 6)];

/// What to send.
#[derive(Debug, Clone, Copy)]
pub struct Load {
    pub connections: u64,
    /// Lines in flight on each connection.
    pub depth: u32,
    /// Events over all connections.
    pub count: u64,
    /// Events a second over all connections.
    pub rate: Option<f64>,
    /// No critical events, so that nothing but intake is measured: a critical one raises an alert.
    pub is_calm: bool,
}

/// What became of it.
#[derive(Debug, Clone, Copy)]
pub struct Outcome {
    pub durable: u64,
    pub refused: u64,
    pub took: Duration,
}

impl Outcome {
    pub fn rate(self) -> f64 {
        self.durable as f64 / self.took.as_secs_f64()
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { durable, refused, took } = self;
        write!(formatter, "{durable} events durable, {refused} refused, in {:.2} s: {:.0} a second", took.as_secs_f64(), self.rate())
    }
}

/// By which door the sensors enter.
#[derive(Debug, Clone)]
pub enum Door {
    Plain(SocketAddr),
    /// Each connection says the token in its first line.
    Tls(Endpoint, String),
}

impl From<SocketAddr> for Door {
    fn from(events: SocketAddr) -> Self {
        Self::Plain(events)
    }
}

impl Door {
    async fn enter(&self) -> Result<(Sensor, Option<String>)> {
        match self {
            Self::Plain(address) => Ok((Sensor::connect(*address).await?, None)),
            Self::Tls(endpoint, token) => Ok((Sensor::connect_tls(endpoint).await?, Some(token.clone()))),
        }
    }
}

/// Hears each event and its answer, both without the line's end.
pub type Listener = Arc<dyn Fn(&str, &str) + Send + Sync>;

/// Sends everything and waits for every answer.
pub async fn run(door: impl Into<Door>, load: Load) -> Result<Outcome> {
    run_telling(door, load, None).await
}

/// The same; `listener` hears of each answer as it comes.
pub async fn run_telling(door: impl Into<Door>, load: Load, listener: Option<Listener>) -> Result<Outcome> {
    let door = door.into();
    let begin = Instant::now();
    let mut sensors = JoinSet::new();
    for number in 0..load.connections {
        let share = load.count / load.connections + u64::from(number < load.count % load.connections);
        let pause = load.rate.map(|rate| Duration::from_secs_f64(load.connections as f64 / rate));
        let (sensor, token) = door.enter().await?;
        sensors.spawn(talk(
            sensor,
            Share { number, count: share, depth: load.depth, pause, is_calm: load.is_calm, token, listener: listener.clone() },
        ));
    }
    let mut outcome = Outcome { durable: 0, refused: 0, took: Duration::ZERO };
    while let Some(talked) = sensors.join_next().await {
        let (durable, refused) = talked??;
        outcome.durable += durable;
        outcome.refused += refused;
    }
    Ok(Outcome { took: begin.elapsed(), ..outcome })
}

/// One connection's part.
struct Share {
    number: u64,
    count: u64,
    depth: u32,
    pause: Option<Duration>,
    is_calm: bool,
    token: Option<String>,
    listener: Option<Listener>,
}

async fn talk(sensor: Sensor, share: Share) -> Result<(u64, u64)> {
    let (reader, writer) = sensor.into_split();
    let room = Arc::new(Semaphore::new(share.depth as usize));
    let count = share.count;
    // The same dice roll the same events: whoever hears an answer can say what it answers.
    let echo =
        share.listener.clone().map(|listener| Echo { dice: Dice(share.number), number: share.number, is_calm: share.is_calm, listener });
    let writing = tokio::spawn(write(writer, share, room.clone()));
    let answers = read(reader, count, &room, echo).await?;
    // Kept until here: dropping it would tell the hub that the sensor has gone.
    let _writer = writing.await??;
    Ok(answers)
}

/// Writes as many lines at once as there is room in flight.
async fn write(mut writer: Lines, mut share: Share, room: Arc<Semaphore>) -> Result<Lines> {
    let mut dice = Dice(share.number);
    let mut ticks = share.pause.map(tokio::time::interval);
    let mut lines = Vec::new();
    let mut left = share.count;
    while left > 0 {
        if let Some(ticks) = &mut ticks {
            ticks.tick().await;
        }
        room.acquire().await?.forget();
        let most = if ticks.is_some() { 0 } else { left - 1 };
        let more = (0..most).take_while(|_| room.try_acquire().map(|permit| permit.forget()).is_ok()).count() as u64;
        lines.clear();
        (0..=more).for_each(|_| dice.push_event(&mut lines, share.number, share.is_calm, share.token.take()));
        left -= more + 1;
        writer.write_all(&lines).await.context("sending events")?;
        writer.flush().await.context("sending events")?;
    }
    Ok(writer)
}

struct Echo {
    dice: Dice,
    number: u64,
    is_calm: bool,
    listener: Listener,
}

impl Echo {
    fn tell(&mut self, answer: &[u8]) {
        let mut line = Vec::new();
        self.dice.push_event(&mut line, self.number, self.is_calm, None);
        (self.listener)(String::from_utf8_lossy(&line).trim_end(), String::from_utf8_lossy(answer).trim_end());
    }
}

async fn read(mut reader: Answers, count: u64, room: &Semaphore, mut echo: Option<Echo>) -> Result<(u64, u64)> {
    let (mut durable, mut line) = (0, Vec::new());
    for _ in 0..count {
        line.clear();
        let length = tokio::time::timeout(PATIENCE, reader.read_until(b'\n', &mut line)).await.context("no answer from the hub")??;
        ensure!(length > 0, "the hub closed the connection");
        durable += u64::from(line.starts_with(br#"{"ok":true"#));
        room.add_permits(1);
        if let Some(echo) = &mut echo {
            echo.tell(&line);
        }
    }
    Ok((durable, count - durable))
}

/// SplitMix64: the same events in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn severity(&mut self, is_calm: bool) -> Severity {
        let weights = WEIGHTS.iter().filter(|(severity, _)| !is_calm || *severity != Severity::Critical);
        let mut left = self.roll() % weights.clone().map(|(_, weight)| weight).sum::<u64>();
        for (severity, weight) in weights {
            if left < *weight {
                return *severity;
            }
            left -= weight;
        }
        Severity::Info
    }

    fn push_event(&mut self, lines: &mut Vec<u8>, sensor: u64, is_calm: bool, token: Option<String>) {
        let severity = self.severity(is_calm);
        let value = self.roll() % 1_000;
        let token = token.map(|token| format!("\"token\":\"{token}\",")).unwrap_or_default();
        let line = format!(
            "{{{token}\"source\":\"sensor-{sensor}\",\"severity\":\"{severity}\",\"message\":\"latency of eth0 is {value} ms\"}}\n"
        );
        lines.extend_from_slice(line.as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn severities_come_in_their_weights() {
        const EVENTS: u64 = 100_000;
        // Per cent of all events, with and without critical ones; half a per cent is chance.
        let table = [
            (Severity::Info, 50.0, 50.0 / 0.94),
            (Severity::Warning, 28.0, 28.0 / 0.94),
            (Severity::Error, 16.0, 16.0 / 0.94),
            (Severity::Critical, 6.0, 0.0),
        ];
        let count = |is_calm: bool| {
            let (mut dice, mut seen) = (Dice(1), [0_u64; 4]);
            (0..EVENTS).for_each(|_| seen[usize::from(dice.severity(is_calm).rank())] += 1);
            seen
        };
        let (mixed, calm) = (count(false), count(true));
        for (severity, of_mixed, of_calm) in table {
            let share = |seen: [u64; 4]| seen[usize::from(severity.rank())] as f64 * 100.0 / EVENTS as f64;
            assert!((share(mixed) - of_mixed).abs() < 0.5, "{severity}: {} % instead of {of_mixed}", share(mixed));
            assert!((share(calm) - of_calm).abs() < 0.5, "{severity} when calm: {} % instead of {of_calm}", share(calm));
        }
    }
}
