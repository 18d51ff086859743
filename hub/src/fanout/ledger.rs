//! Notes which alerts were written to a connection. `sent` proves nothing, so nobody waits for it,
//! and a note that finds the ledger full is dropped.

use std::time::Duration;

use shared::Timestamp;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::store::{ClientId, Store};

const QUEUE: usize = 32_768;
const BATCH: usize = 4_096;
/// Notes gather so long before they are saved together.
const GATHER: Duration = Duration::from_millis(200);

type Note = (u64, ClientId, Timestamp);

/// The end that sessions write to.
#[derive(Debug, Clone)]
pub struct Ledger(mpsc::Sender<Note>);

impl Ledger {
    /// The ledger and the work that saves what is noted; the work ends at `stop`.
    pub fn new(store: Store, stop: CancellationToken) -> (Self, impl Future<Output = ()> + Send + 'static) {
        let (notes, written) = mpsc::channel(QUEUE);
        (Self(notes), save(store, written, stop))
    }

    pub fn sent(&self, seq: u64, client: ClientId, at: Timestamp) {
        // A full ledger drops the note: the delivery stays `queued` until its receipt.
        let _ = self.0.try_send((seq, client, at));
    }
}

async fn save(store: Store, mut written: mpsc::Receiver<Note>, stop: CancellationToken) {
    let mut batch = Vec::with_capacity(64);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            received = written.recv_many(&mut batch, BATCH) => if received == 0 { return },
        }
        if let Err(err) = store.mark_sent(std::mem::take(&mut batch)).await {
            tracing::warn!(%err, "could not note what was sent");
        }
        tokio::time::sleep(GATHER).await;
    }
}
