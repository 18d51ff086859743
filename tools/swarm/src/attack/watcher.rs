//! A branch that has nothing to do with it: an agent that stays connected and confirms what it gets.

use std::time::Duration;

use anyhow::{Context as _, Result};
use shared::wire::to_agent::{Alert, ToAgent};
use shared::wire::to_hub::ReceiptState;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::agent::{Agent, Heard};
use crate::fleet::Member;
use crate::tls::Endpoint;

/// Alerts that nobody asked for yet.
const KEPT: usize = 64;

/// Connected until it is dropped.
#[derive(Debug)]
pub(super) struct Watcher {
    pub name: String,
    texts: mpsc::Receiver<String>,
    session: JoinHandle<()>,
}

impl Watcher {
    pub async fn connect(hub: &Endpoint, member: &Member) -> Result<Self> {
        let (agent, _) = Agent::connect(hub, &member.name, &member.key).await?;
        let (heard, texts) = mpsc::channel(KEPT);
        Ok(Self { name: member.name.clone(), texts, session: tokio::spawn(listen(agent, heard)) })
    }

    /// Whether its session never ended.
    pub fn is_connected(&self) -> bool {
        !self.session.is_finished()
    }

    /// Waits for the alert with this text; others before it are passed over.
    pub async fn hear(&mut self, text: &str, deadline: Duration) -> Result<()> {
        crate::within(deadline, "waiting for the alert", async {
            loop {
                if self.texts.recv().await.context("its session has ended")? == text {
                    return Ok(());
                }
            }
        })
        .await
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        self.session.abort();
    }
}

async fn listen(mut agent: Agent, texts: mpsc::Sender<String>) {
    loop {
        match agent.hear().await {
            Ok(Heard::Text(frame)) => {
                let Ok(ToAgent::Alert(alert)) = ToAgent::decode(&frame) else { continue };
                if confirm(&mut agent, &alert).await.is_err() {
                    return;
                }
                // With nobody who waits for it, the oldest are enough.
                let _ = texts.try_send(alert.text);
            }
            Ok(Heard::Pong(_)) => {}
            Ok(Heard::Closed(_)) | Err(_) => return,
        }
    }
}

async fn confirm(agent: &mut Agent, alert: &Alert) -> Result<()> {
    for state in [ReceiptState::Delivered, ReceiptState::Displayed, ReceiptState::Dismissed] {
        agent.receipt(alert.id, state).await?;
    }
    Ok(())
}
