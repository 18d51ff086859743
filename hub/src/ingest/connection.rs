//! One sensor's connection: many lines may be in flight, answers keep their order.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use shared::wire::limits::LINE_BYTES;
use shared::wire::sensor::{Answer, Refusal, SensorEvent};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::net::tcp::OwnedWriteHalf;
use tokio::sync::mpsc;

use super::lines::{Lines, Piece};
use crate::hub::Hub;
use crate::publish::Incoming;
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
pub(super) async fn serve(hub: Arc<Hub>, stream: TcpStream, peer: String) {
    // Answers are small and awaited one by one; a socket that refuses this still works.
    let _ = stream.set_nodelay(true);
    let (reader, writer) = stream.into_split();
    let (batches, waiting) = mpsc::channel(WAITING);
    hub.tasks.spawn("sensor-batches", Box::pin(save_all(Arc::clone(&hub), peer, waiting, writer)));
    let mut lines = Lines::new(reader);
    loop {
        let read = tokio::select! {
            () = hub.tasks.stop().cancelled() => return,
            read = tokio::time::timeout(SILENCE, lines.next(BATCH)) => read,
        };
        let Ok(Ok(pieces)) = read else { return };
        if pieces.is_empty() || batches.send(pieces).await.is_err() {
            return;
        }
    }
}

/// Saves each batch, then answers it. What was read is saved even if the sensor has gone.
async fn save_all(hub: Arc<Hub>, peer: String, mut waiting: mpsc::Receiver<Vec<Piece>>, mut writer: OwnedWriteHalf) {
    while let Some(pieces) = waiting.recv().await {
        let text = save(&hub, &peer, pieces).await;
        if !matches!(tokio::time::timeout(WRITE, writer.write_all(text.as_bytes())).await, Ok(Ok(()))) {
            return;
        }
    }
    // The sensor may be gone already.
    let _ = writer.shutdown().await;
}

/// The answers to some lines, in their order, once everything good in them is on disk.
async fn save(hub: &Hub, peer: &str, pieces: Vec<Piece>) -> String {
    let mut incoming = Vec::with_capacity(pieces.len());
    let mut answers: VecDeque<Option<Answer>> = VecDeque::with_capacity(pieces.len());
    for piece in pieces {
        match parse(&piece) {
            Ok(event) => {
                incoming.push(Incoming { event, peer: peer.to_owned(), channel: "tcp_socket" });
                answers.push_back(None);
            }
            Err(answer) => answers.push_back(Some(answer)),
        }
    }
    let mut saved = if incoming.is_empty() { Ok(Vec::new()) } else { hub.publisher.events(incoming).await }.map(VecDeque::from);
    answers.into_iter().map(|refused| refused.unwrap_or_else(|| saved_answer(&mut saved)).encode()).collect()
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
        Err(err) => Answer::Refused { error: Refusal::Overloaded, detail: Some(err.to_string()) },
    }
}

/// Says that there is no room, without waiting for the sensor.
pub(super) async fn refuse(mut stream: TcpStream) {
    let answer = Answer::Refused { error: Refusal::Overloaded, detail: Some("too many sensors are connected".into()) }.encode();
    let _ = tokio::time::timeout(Duration::from_millis(100), stream.write_all(answer.as_bytes())).await;
}
