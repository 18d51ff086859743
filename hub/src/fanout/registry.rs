//! Who is connected to this hub, and the bounded queue of each.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use shared::{Name, Timestamp};
use tokio::sync::{mpsc, oneshot};
use tokio_tungstenite::tungstenite::Utf8Bytes;

use crate::store::{Arrival, ClientId};

/// Frames that may wait for one agent, and their bytes; beyond either it is too slow and its session ends.
const QUEUE_FRAMES: usize = 64;
const QUEUE_BYTES: usize = 1024 * 1024;

/// What a session is to do.
#[derive(Debug)]
pub enum Outgoing {
    /// Write this frame; `seq` if it is an alert.
    Frame { frame: Utf8Bytes, seq: Option<u64> },
    /// Ping the agent and say when it has answered.
    Challenge(oneshot::Sender<()>),
}

/// Why a session is ended by the hub.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    Slow,
    Replaced,
    Revoked,
}

/// A live session as others see it.
#[derive(Debug)]
pub struct Handle {
    pub client: ClientId,
    pub name: Name,
    pub since: Timestamp,
    pub arrival: Arrival,
    queue: mpsc::Sender<Outgoing>,
    queued_bytes: AtomicUsize,
    end: Mutex<Option<oneshot::Sender<End>>>,
}

/// The session's own ends of its queue.
#[derive(Debug)]
pub struct Inlet {
    pub queue: mpsc::Receiver<Outgoing>,
    pub end: oneshot::Receiver<End>,
}

impl Handle {
    pub fn new(client: ClientId, name: Name, since: Timestamp, arrival: Arrival) -> (Arc<Self>, Inlet) {
        let (sender, queue) = mpsc::channel(QUEUE_FRAMES);
        let (end_sender, end) = oneshot::channel();
        let handle =
            Self { client, name, since, arrival, queue: sender, queued_bytes: AtomicUsize::new(0), end: Mutex::new(Some(end_sender)) };
        (Arc::new(handle), Inlet { queue, end })
    }

    /// Queues a frame without waiting; an agent whose queue is full is ended and catches up on its return.
    fn push(&self, frame: Utf8Bytes, seq: Option<u64>) {
        let bytes = frame.len();
        let queued = self.queued_bytes.fetch_add(bytes, Ordering::Relaxed);
        let fits = queued.saturating_add(bytes) <= QUEUE_BYTES;
        if !fits || self.queue.try_send(Outgoing::Frame { frame, seq }).is_err() {
            self.end(End::Slow);
        }
    }

    /// A frame has left the queue.
    pub fn taken(&self, bytes: usize) {
        self.queued_bytes.fetch_sub(bytes, Ordering::Relaxed);
    }

    pub fn end(&self, reason: End) {
        let sender = self.end.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(sender) = sender {
            // The session may have ended by itself.
            let _ = sender.send(reason);
        }
    }

    /// Answered once the agent has said something; `None` when the session is too busy to ask.
    pub fn challenge(&self) -> Option<oneshot::Receiver<()>> {
        let (answer, answered) = oneshot::channel();
        self.queue.try_send(Outgoing::Challenge(answer)).ok().map(|()| answered)
    }
}

/// All live sessions of this hub.
#[derive(Debug, Default)]
pub struct Registry {
    sessions: RwLock<HashMap<ClientId, Arc<Handle>>>,
}

impl Registry {
    /// Enters a session, or says which one has the name.
    pub fn claim(&self, handle: &Arc<Handle>) -> Result<(), Arc<Handle>> {
        let mut sessions = self.sessions.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(first) = sessions.get(&handle.client) {
            return Err(Arc::clone(first));
        }
        sessions.insert(handle.client, Arc::clone(handle));
        Ok(())
    }

    /// Takes a session out, unless another one has the name by now. Whether it was in.
    pub fn leave(&self, handle: &Arc<Handle>) -> bool {
        let mut sessions = self.sessions.write().unwrap_or_else(PoisonError::into_inner);
        let is_mine = sessions.get(&handle.client).is_some_and(|found| Arc::ptr_eq(found, handle));
        if is_mine {
            sessions.remove(&handle.client);
        }
        is_mine
    }

    pub fn find(&self, client: ClientId) -> Option<Arc<Handle>> {
        self.read().get(&client).cloned()
    }

    pub fn is_online(&self, client: ClientId) -> bool {
        self.read().contains_key(&client)
    }

    pub fn is_name_online(&self, name: &Name) -> bool {
        self.read().values().any(|handle| handle.name.key() == name.key())
    }

    pub fn online(&self) -> usize {
        self.read().len()
    }

    pub fn clients(&self) -> Vec<ClientId> {
        self.read().keys().copied().collect()
    }

    /// Queues a frame for each of these clients that is connected; nobody waits for anybody.
    pub fn send<'a>(&self, frames: impl Iterator<Item = (ClientId, &'a Utf8Bytes)>, seq: Option<u64>) {
        let sessions = self.read();
        for (client, frame) in frames {
            if let Some(handle) = sessions.get(&client) {
                handle.push(frame.clone(), seq);
            }
        }
    }

    fn read(&self) -> std::sync::RwLockReadGuard<'_, HashMap<ClientId, Arc<Handle>>> {
        self.sessions.read().unwrap_or_else(PoisonError::into_inner)
    }
}
