//! The branch's messages on their way: the outbox and its folder together.

use std::collections::BTreeSet;

use shared::wire::to_agent::Error;
use shared::wire::to_hub::Message;
use shared::{MessageId, Timestamp};

use crate::folder::Folder;
use crate::outbox::disk::{Drawer, PutError};
use crate::outbox::{Outbox, Text};
use crate::platform::Moment;

/// What waits, in memory and on the disk.
pub struct Post {
    drawer: Drawer,
    outbox: Outbox,
    /// With the hub, but the disk does not let them go: never said again by this agent.
    done: BTreeSet<MessageId>,
    is_readable: bool,
}

impl Post {
    pub fn open(folder: &Folder) -> Self {
        let mut post = Self { drawer: Drawer::of(folder), outbox: Outbox::default(), done: BTreeSet::new(), is_readable: true };
        post.look();
        post
    }

    pub fn len(&self) -> usize {
        self.outbox.len()
    }

    pub fn up(&mut self) {
        self.outbox.up();
    }

    pub fn down(&mut self) {
        self.outbox.down();
    }

    /// Keeps a message that came to the agent itself.
    pub fn put(&mut self, text: &Text, now: Timestamp) -> Result<MessageId, PutError> {
        let id = self.drawer.put(text, now)?;
        self.look();
        Ok(id)
    }

    /// Finds what the window to write in and `pregon-tray write` have put there.
    pub fn look(&mut self) {
        match self.drawer.waiting() {
            Ok(waiting) => {
                self.outbox.set(waiting.difference(&self.done).copied().collect());
                self.is_readable = true;
            }
            Err(err) if self.is_readable => {
                tracing::error!("the outbox cannot be read: {err}");
                self.is_readable = false;
            }
            Err(_) => {}
        }
    }

    /// The frame to be said now, if any; it counts as said.
    pub fn next(&mut self, now: &Moment) -> Option<Message> {
        let id = self.outbox.next(now)?;
        match self.drawer.read(id) {
            Ok(text) => Some(Message { text: text.as_str().to_owned(), id: Some(id.to_string()) }),
            Err(err) => {
                tracing::warn!("message {id} cannot be read and is left aside: {err}");
                self.outbox.set_aside(id);
                None
            }
        }
    }

    pub fn unsaid(&mut self) {
        self.outbox.unsaid();
    }

    /// The hub has it: it need not be kept any longer. `None` if it was not waiting.
    pub fn confirmed(&mut self, id: &str) -> Option<MessageId> {
        let id = MessageId::parse(id).ok().filter(|id| self.outbox.confirmed(*id))?;
        if let Err(err) = self.drawer.remove(id) {
            tracing::warn!("message {id} is with the hub but cannot be removed: {err}");
            self.done.insert(id);
        }
        Some(id)
    }

    pub fn refused(&mut self, error: &Error, now: &Moment) {
        if let Some(id) = self.outbox.refused(error, now) {
            tracing::warn!("the hub refuses message {id}; it is left aside until the next connection");
        }
    }
}
