//! News for every open panel. A panel that cannot keep up is told to fetch anew; nobody waits for it.

use std::time::Duration;

use serde::Serialize;
use shared::wire::to_hub::ReceiptState;
use shared::{AlertId, Timestamp};
use tokio::sync::{broadcast, mpsc};
use tokio_tungstenite::tungstenite::Utf8Bytes;
use tokio_util::sync::CancellationToken;

use crate::store::Event;

/// News that a panel may be behind.
const BEHIND: usize = 1_024;
const RECEIPTS: usize = 65_536;
/// Receipts gather so long, and in frames of so many.
const GATHER: Duration = Duration::from_millis(100);
const RECEIPTS_A_FRAME: usize = 500;

/// A client came or went.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Presence {
    pub client: String,
    pub online: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    pub online_total: u64,
}

/// A receipt that moved a delivery on.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct ReceiptNews {
    pub alert: AlertId,
    pub client: String,
    pub state: ReceiptState,
    pub at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply: Option<String>,
}

/// Receipts of the last moments.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct ReceiptsNews {
    pub items: Vec<ReceiptNews>,
}

/// Something a technician should know about a name or an address.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct SecurityNotice {
    /// `name_in_use`: a second PC tried to connect under a live name.
    pub kind: String,
    pub client: String,
    pub address: String,
    pub at: Timestamp,
}

/// A planned alert was made, changed, called off, sent, or could not be sent.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct ScheduledNews {
    pub id: AlertId,
}

/// The action log has grown: how far, and nothing of what it says.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct LogNews {
    pub newest: i64,
}

/// What goes to the panels.
#[derive(Debug, Clone)]
pub enum News {
    Frame(Utf8Bytes),
    /// The log-ins of this user are over.
    UserEnded(i64),
    /// The log-in with this token is over.
    SessionEnded([u8; 32]),
}

#[derive(Serialize)]
struct Frame<'a, T> {
    r#type: &'static str,
    data: &'a T,
}

/// A frame for panels.
pub fn frame<T: Serialize>(kind: &'static str, data: &T) -> Utf8Bytes {
    // Invariant: panel frames have text keys and no fallible serializer.
    serde_json::to_string(&Frame { r#type: kind, data }).unwrap_or_default().into()
}

/// Where news for panels is said.
#[derive(Debug, Clone)]
pub struct Panels {
    news: broadcast::Sender<News>,
    receipts: mpsc::Sender<ReceiptNews>,
}

impl Panels {
    /// The panels and the work that gathers receipts for them; the work ends at `stop`.
    pub fn new(stop: CancellationToken) -> (Self, impl Future<Output = ()> + Send + 'static) {
        let news = broadcast::Sender::new(BEHIND);
        let (receipts, gathered) = mpsc::channel(RECEIPTS);
        let panels = Self { news, receipts };
        (panels.clone(), gather(panels.news.clone(), gathered, stop))
    }

    pub fn subscribe(&self) -> broadcast::Receiver<News> {
        self.news.subscribe()
    }

    /// How many are open.
    pub fn open(&self) -> usize {
        self.news.receiver_count()
    }

    pub fn are_open(&self) -> bool {
        self.open() > 0
    }

    pub fn say<T: Serialize>(&self, kind: &'static str, data: &T) {
        if self.are_open() {
            // Nobody listening any more is no failure.
            let _ = self.news.send(News::Frame(frame(kind, data)));
        }
    }

    pub fn event(&self, event: &Event) {
        self.say("event", event);
    }

    /// Receipts are many: they are sent together a tenth of a second later.
    pub fn receipt(&self, news: ReceiptNews) {
        if self.are_open() {
            // Beyond the queue a panel sees the state at its next fetch.
            let _ = self.receipts.try_send(news);
        }
    }

    pub fn end_user(&self, user: i64) {
        let _ = self.news.send(News::UserEnded(user));
    }

    pub fn end_session(&self, token_hash: [u8; 32]) {
        let _ = self.news.send(News::SessionEnded(token_hash));
    }
}

async fn gather(news: broadcast::Sender<News>, mut receipts: mpsc::Receiver<ReceiptNews>, stop: CancellationToken) {
    let mut items = Vec::new();
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            received = receipts.recv_many(&mut items, RECEIPTS_A_FRAME) => if received == 0 { return },
        }
        let batch = ReceiptsNews { items: std::mem::take(&mut items) };
        let _ = news.send(News::Frame(frame("receipt", &batch)));
        if receipts.is_empty() {
            tokio::time::sleep(GATHER).await;
        }
    }
}
