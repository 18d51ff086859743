//! `/ws/panel`: pushes news to an open panel. It asks for nothing and changes nothing.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use shared::Timestamp;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{Instant, MissedTickBehavior};
use tokio_tungstenite::tungstenite::Utf8Bytes;

use super::auth::{self, Caller};
use super::health;
use super::sessions::RoleWord;
use crate::fanout::panels::{News, frame};
use crate::hub::Hub;
use crate::monitor::traffic::{Peer, TrafficDirection};
use crate::monitor::watch::TroubleNews;

const FIRST_FRAME: Duration = Duration::from_secs(10);
const WRITE: Duration = Duration::from_secs(10);
const FRAME_BYTES: usize = 4 * 1024;
const PING: Duration = Duration::from_secs(20);
const SILENCE: Duration = Duration::from_secs(45);
/// A log-in that has run out is noticed within this.
const CHECK: Duration = Duration::from_secs(30);
/// A panel that fell behind is told to fetch anew at most this often.
const RESYNC: Duration = Duration::from_secs(1);

const UNAUTHORIZED: u16 = 4401;
const FORBIDDEN: u16 = 4403;
const BAD_REQUEST: u16 = 4400;
const GOING_AWAY: u16 = 1001;

/// The first frame of every socket, and said again when the hub had to leave news out: fetch anew.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Hello {
    pub version: &'static str,
    /// Changes with every build of the panel.
    pub build: &'static str,
    pub server_time: Timestamp,
    pub username: String,
    pub role: RoleWord,
    pub online: u64,
    pub clients: u64,
}

#[derive(Deserialize)]
#[serde(tag = "action", rename_all = "lowercase")]
enum FromPanel {
    Auth { token: String },
    Ping,
}

#[derive(Serialize)]
struct Pong {
    r#type: &'static str,
    ts: Timestamp,
}

/// Who follows, and the token that must stay valid.
type Entered = (Caller, String);

/// Why a socket is closed by the hub.
struct Closing(u16, &'static str);

pub async fn open(State(hub): State<Arc<Hub>>, upgrade: WebSocketUpgrade) -> Response {
    upgrade
        .max_message_size(FRAME_BYTES)
        .max_frame_size(FRAME_BYTES)
        .read_buffer_size(4 * 1024)
        .write_buffer_size(16 * 1024)
        .on_upgrade(move |socket| Box::pin(serve(hub, socket)))
}

async fn serve(hub: Arc<Hub>, mut socket: WebSocket) {
    let closing = match enter(&hub, &mut socket).await {
        Ok(entered) => Box::pin(follow(&hub, &mut socket, &entered)).await,
        Err(closing) => {
            let refused = closing.as_ref().and_then(Closing::error);
            refused.into_iter().for_each(|error| fault(&hub, "", TrafficDirection::In, "auth", error));
            closing
        }
    };
    if let Some(Closing(code, reason)) = closing {
        let farewell = Message::Close(Some(CloseFrame { code, reason: reason.into() }));
        // The panel may be gone.
        let _ = tokio::time::timeout(WRITE, socket.send(farewell)).await;
    }
}

impl Closing {
    /// What was wrong with the first frame; none of it if the hub itself could not tell.
    fn error(&self) -> Option<&'static str> {
        match self.0 {
            UNAUTHORIZED => Some("unauthorized"),
            FORBIDDEN => Some("forbidden"),
            BAD_REQUEST => Some("bad_request"),
            _ => None,
        }
    }
}

/// The first frame proves who it is.
async fn enter(hub: &Hub, socket: &mut WebSocket) -> Result<Entered, Option<Closing>> {
    let first = tokio::time::timeout(FIRST_FRAME, socket.recv()).await;
    let text = match first {
        Ok(Some(Ok(Message::Text(text)))) => text,
        Ok(_) => return Err(None),
        Err(_) => return Err(Some(Closing(BAD_REQUEST, "no `auth` within 10 seconds"))),
    };
    let Ok(FromPanel::Auth { token }) = serde_json::from_str(&text) else {
        return Err(Some(Closing(BAD_REQUEST, "the first frame must be `auth`")));
    };
    match auth::caller(hub, &token).await {
        Ok(Some(caller)) if caller.owes_totp(hub) => Err(Some(Closing(FORBIDDEN, "set up a second factor first"))),
        Ok(Some(caller)) => Ok((caller, token)),
        Ok(None) => Err(Some(Closing(UNAUTHORIZED, "the token is unknown or has run out"))),
        Err(_) => Err(Some(Closing(GOING_AWAY, "the hub cannot read its database now"))),
    }
}

/// Pushes news until the panel goes or its log-in ends.
async fn follow(hub: &Arc<Hub>, socket: &mut WebSocket, (caller, token): &Entered) -> Option<Closing> {
    let mut news = hub.panels.subscribe();
    greet(hub, socket, caller).await.ok()?;
    let mut heard = Instant::now();
    let mut pings = tokio::time::interval(PING);
    let mut checks = tokio::time::interval_at(Instant::now() + CHECK, CHECK);
    pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
    checks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = hub.tasks.stop().cancelled() => return Some(Closing(GOING_AWAY, "the hub stops")),
            said = news.recv() => match said {
                Ok(News::Frame(frame)) => send(hub, caller, socket, frame).await.ok()?,
                Ok(ended) if concerns(&ended, caller) => return Some(Closing(UNAUTHORIZED, "logged out")),
                Ok(_) => {}
                Err(RecvError::Lagged(missed)) => {
                    tracing::debug!(missed, "a panel fell behind and fetches anew");
                    tokio::time::sleep(RESYNC).await;
                    news = hub.panels.subscribe();
                    greet(hub, socket, caller).await.ok()?;
                }
                Err(RecvError::Closed) => return None,
            },
            message = socket.recv() => {
                heard = Instant::now();
                match message {
                    Some(Ok(Message::Text(text))) => obey(hub, caller, socket, &text).await.ok()?,
                    Some(Ok(Message::Close(_)) | Err(_)) | None => return None,
                    Some(Ok(_)) => {}
                }
            }
            _ = pings.tick() => {
                if heard.elapsed() > SILENCE {
                    fault(hub, &caller.name, TrafficDirection::Out, "end", "silent");
                    return None;
                }
                write(hub, caller, socket, Message::Ping(bytes::Bytes::new())).await.ok()?;
            }
            _ = checks.tick() => {
                // Only a clear "no" ends the socket: a store that cannot answer is no log-out.
                if matches!(auth::caller(hub, token).await, Ok(None)) {
                    return Some(Closing(UNAUTHORIZED, "the log-in has run out"));
                }
            }
        }
    }
}

/// Begins anew: a panel that was told of trouble before forgets it with the `hello`.
async fn greet(hub: &Hub, socket: &mut WebSocket, caller: &Caller) -> Result<(), axum::Error> {
    send(hub, caller, socket, frame("hello", &hello(hub, caller).await)).await?;
    let problems = health::troubles(hub);
    match problems.is_empty() {
        true => Ok(()),
        false => send(hub, caller, socket, frame("trouble", &TroubleNews { problems })).await,
    }
}

fn concerns(ended: &News, caller: &Caller) -> bool {
    let Some(login) = &caller.login else { return false };
    match ended {
        News::UserEnded(user) => login.user == *user,
        News::SessionEnded(token_hash) => login.token_hash == *token_hash,
        News::Frame(_) => false,
    }
}

async fn hello(hub: &Hub, caller: &Caller) -> Hello {
    Hello {
        version: env!("CARGO_PKG_VERSION"),
        build: admin_web::BUILD_ID,
        server_time: hub.clock.now(),
        username: caller.name.clone(),
        role: caller.role.into(),
        online: hub.registry.online() as u64,
        // The panel fetches the exact number; this one may be missing while the store cannot be read.
        clients: hub.store.count_clients().await.unwrap_or_default(),
    }
}

async fn obey(hub: &Hub, caller: &Caller, socket: &mut WebSocket, text: &str) -> Result<(), axum::Error> {
    hub.monitor.tap.frame(hub.clock.now(), Peer::panel(&caller.name), TrafficDirection::In, text);
    match serde_json::from_str(text) {
        Ok(FromPanel::Ping) => {
            let pong = serde_json::to_string(&Pong { r#type: "pong", ts: hub.clock.now() }).unwrap_or_default();
            send(hub, caller, socket, pong.into()).await
        }
        _ => {
            fault(hub, &caller.name, TrafficDirection::In, "error", "unknown_action");
            Ok(())
        }
    }
}

async fn send(hub: &Hub, caller: &Caller, socket: &mut WebSocket, frame: Utf8Bytes) -> Result<(), axum::Error> {
    hub.monitor.tap.frame(hub.clock.now(), Peer::panel(&caller.name), TrafficDirection::Out, &frame);
    write(hub, caller, socket, Message::Text(frame.as_str().into())).await
}

async fn write(hub: &Hub, caller: &Caller, socket: &mut WebSocket, message: Message) -> Result<(), axum::Error> {
    match tokio::time::timeout(WRITE, socket.send(message)).await {
        Ok(sent) => sent,
        Err(slow) => {
            fault(hub, &caller.name, TrafficDirection::Out, "end", "slow");
            Err(axum::Error::new(slow))
        }
    }
}

/// For whoever looks at the traffic; `name` is empty as long as nobody knows who it is.
fn fault(hub: &Hub, name: &str, direction: TrafficDirection, action: &str, error: &str) {
    hub.monitor.tap.error(hub.clock.now(), Peer::panel(name), direction, action, error);
}
