//! One sensor's connection: many lines may be in flight, answers keep their order.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use shared::wire::limits::LINE_BYTES;
use shared::wire::sensor::{Answer, Refusal, SensorEvent};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _};
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::gate::{Gate, overloaded};
use super::lines::{Lines, Piece};
use crate::hub::Hub;
use crate::monitor::OpenSensor;
use crate::monitor::traffic::{Peer, TrafficDirection};
use crate::store::StoreError;

/// Lines saved in one piece of work.
const BATCH: usize = 512;
/// Batches that wait while one is being saved; beyond that the sensor waits.
const WAITING: usize = 2;
/// A sensor may be silent for a day; one that does not take its answers is gone sooner.
const SILENCE: Duration = Duration::from_secs(24 * 60 * 60);
const WRITE: Duration = Duration::from_secs(10);

/// Serves a sensor until it closes, breaks a limit, or the hub stops.
///
/// Reading goes on while a batch is saved; batches are saved one after the other, because what a
/// sensor says first (critical) must not overtake what it says next (resolved).
pub(super) async fn serve<R, W>(hub: Arc<Hub>, reader: R, writer: W, gate: Gate)
where
    R: AsyncRead + Unpin,
    W: AsyncWrite + Unpin + Send + 'static,
{
    let _open = OpenSensor::new(&hub);
    let (batches, waiting) = mpsc::channel(WAITING);
    hub.tasks.spawn("sensor-batches", Box::pin(save_all(Arc::clone(&hub), gate, waiting, writer)));
    let mut lines = Lines::new(reader);
    loop {
        let read = tokio::select! {
            () = hub.tasks.stop().cancelled() => return,
            () = batches.closed() => return,
            read = tokio::time::timeout(SILENCE, lines.next(BATCH)) => read,
        };
        let Ok(Ok(pieces)) = read else { return };
        if pieces.is_empty() || batches.send(pieces).await.is_err() {
            return;
        }
    }
}

/// Saves each batch, then answers it. What was read is saved even if the sensor has gone.
async fn save_all<W: AsyncWrite + Unpin>(hub: Arc<Hub>, mut gate: Gate, mut waiting: mpsc::Receiver<Vec<Piece>>, mut writer: W) {
    while !gate.is_shut()
        && let Some(pieces) = next(&mut waiting, gate.deadline()).await
    {
        hub.monitor.heard(pieces.len());
        let text = save(&hub, &mut gate, pieces).await;
        if !matches!(tokio::time::timeout(WRITE, write(&mut writer, &text)).await, Ok(Ok(()))) {
            return;
        }
    }
    // The sensor may be gone already, or take nothing any more.
    let _ = tokio::time::timeout(WRITE, writer.shutdown()).await;
}

async fn next(waiting: &mut mpsc::Receiver<Vec<Piece>>, deadline: Option<Instant>) -> Option<Vec<Piece>> {
    match deadline {
        Some(deadline) => tokio::time::timeout_at(deadline, waiting.recv()).await.ok().flatten(),
        None => waiting.recv().await,
    }
}

async fn write<W: AsyncWrite + Unpin>(writer: &mut W, text: &str) -> std::io::Result<()> {
    writer.write_all(text.as_bytes()).await?;
    // TLS keeps what the socket did not take at once.
    writer.flush().await
}

/// The answers to some lines, in their order, once everything good in them is on disk. Lines after the gate has
/// shut are not looked at.
async fn save(hub: &Hub, gate: &mut Gate, pieces: Vec<Piece>) -> String {
    let mut incoming = Vec::with_capacity(pieces.len());
    let mut answers: VecDeque<Option<Answer>> = VecDeque::with_capacity(pieces.len());
    for piece in pieces {
        if hub.monitor.tap.is_watched() {
            hub.monitor.tap.line(hub.clock.now(), Peer::sensor(gate.speaker()), piece.bytes());
        }
        let admitted = match parse(&piece) {
            Ok(event) => gate.admit(hub, event).await,
            Err(answer) => Err(answer),
        };
        match admitted {
            Ok(event) => {
                incoming.push(event);
                answers.push_back(None);
            }
            Err(answer) => answers.push_back(Some(answer)),
        }
        if gate.is_shut() {
            break;
        }
    }
    let mut saved = if incoming.is_empty() { Ok(Vec::new()) } else { hub.publisher.events(incoming).await }.map(VecDeque::from);
    let answers = answers.into_iter().map(|refused| refused.unwrap_or_else(|| saved_answer(&mut saved)));
    answers.inspect(|answer| note(hub, gate, answer)).map(|answer| answer.encode()).collect()
}

/// For whoever looks at the traffic.
fn note(hub: &Hub, gate: &Gate, answer: &Answer) {
    if let Answer::Refused { error, .. } = answer {
        hub.monitor.tap.error(hub.clock.now(), Peer::sensor(gate.speaker()), TrafficDirection::In, "event", error.as_str());
    }
}

fn parse(piece: &Piece) -> Result<SensorEvent, Answer> {
    match piece {
        Piece::Line(line) => SensorEvent::parse(line).map_err(Answer::from),
        Piece::TooLong => Err(Answer::Refused {
            error: Refusal::LineTooLong,
            detail: Some(format!("at most {LINE_BYTES} bytes a line; the connection is closed")),
        }),
    }
}

fn saved_answer(saved: &mut Result<VecDeque<i64>, StoreError>) -> Answer {
    match saved {
        // Invariant: the store answers every event of a batch.
        Ok(ids) => Answer::Ok { event_id: ids.pop_front().unwrap_or_default() },
        Err(err) => overloaded(err),
    }
}

/// Says that there is no room, without waiting for the sensor.
pub(super) async fn refuse(mut stream: impl AsyncWrite + Unpin) {
    let answer = Answer::Refused { error: Refusal::Overloaded, detail: Some("too many sensors are connected".into()) }.encode();
    let said = async {
        write(&mut stream, &answer).await?;
        stream.shutdown().await
    };
    let _ = tokio::time::timeout(Duration::from_millis(100), said).await;
}
