//! Receiving: ntfy's phone app, or anything that follows a topic, gets the alerts to everybody and to the token's group.
//!
//! What a phone shows leaves no receipt: the screens of branches prove, a phone only hears.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use axum::RequestExt as _;
use axum::body::Body;
use axum::extract::Request;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use futures_util::stream;
use hub_core::access::Permission;
use shared::{AlertId, Timestamp, text};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::super::fields::Fields;
use super::super::proof;
use super::stream::Following;
use crate::config::parse_span;
use crate::http::problem::Problem;
use crate::hub::Hub;
use crate::store::{ApiToken, FeedStart};

/// Followers at once; beyond, a new one is asked to come back.
const FOLLOWERS: usize = 512;
const WRITE: Duration = Duration::from_secs(10);

static PLACES: LazyLock<Arc<Semaphore>> = LazyLock::new(|| Arc::new(Semaphore::new(FOLLOWERS)));

/// How what is new is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Json,
    Sse,
    Raw,
    WebSocket,
}

impl Form {
    pub fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "json" => Self::Json,
            "sse" => Self::Sse,
            "raw" => Self::Raw,
            "ws" => Self::WebSocket,
            _ => return None,
        })
    }

    fn content_type(self) -> &'static str {
        match self {
            Self::Json | Self::WebSocket => "application/x-ndjson; charset=utf-8",
            Self::Sse => "text/event-stream; charset=utf-8",
            Self::Raw => "text/plain; charset=utf-8",
        }
    }
}

pub async fn open(hub: Arc<Hub>, topics: Vec<String>, form: Form, mut request: Request) -> Result<Response, Problem> {
    let query = Fields::of_query(request.uri().query());
    let shown = proof::shown(request.headers(), &query);
    let token = proof::program(&hub, shown.clone(), Permission::Subscribe).await?;
    let topic = permitted(&token, topics)?;
    let polls = matches!(query.first(&["poll", "po"]), Some("1" | "true" | "yes"));
    let start = start(query.first(&["since", "si"]), polls, hub.clock.now())?;
    let place = Arc::clone(&PLACES).try_acquire_owned().map_err(|_| Problem::slow())?;
    let following = Following::open(hub, token, shown.unwrap_or_default(), topic, start, polls).await?;
    if form == Form::WebSocket {
        let upgrade: WebSocketUpgrade =
            request.extract_parts().await.map_err(|_| Problem::bad_request("this address is for a WebSocket; read …/json without one"))?;
        return Ok(upgrade.on_upgrade(move |socket| Box::pin(push(socket, following, place))));
    }
    let lines = stream::unfold((following, place), move |(mut following, place)| async move {
        let line = following.next().await?.written(form);
        Some((Ok::<_, std::convert::Infallible>(line), (following, place)))
    });
    let headers = [(CONTENT_TYPE, form.content_type()), (CACHE_CONTROL, "no-store")];
    Ok((headers, Body::from_stream(lines)).into_response())
}

/// The name of a token's topic: its group in letters that a topic may have, `all` without a group.
fn topic_of(token: &ApiToken) -> String {
    let Some(group) = &token.binding.group else { return "all".to_owned() };
    let letters = text::folded(group).chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect::<String>();
    letters.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
}

fn permitted(token: &ApiToken, topics: Vec<String>) -> Result<String, Problem> {
    let own = topic_of(token);
    if topics.iter().all(|topic| *topic == own) {
        return Ok(own);
    }
    Err(Problem::forbidden(&format!("this token may follow the topic {own}")))
}

/// From where: a moment, a span, a message, everything; only what is new unless it says.
fn start(since: Option<&str>, polls: bool, now: Timestamp) -> Result<FeedStart, Problem> {
    let wrong = || Problem::field("since", "must be `all`, a span like 10m, seconds since 1970, or the id of a message");
    match since.map(str::trim).filter(|since| !since.is_empty()) {
        None if polls => Ok(FeedStart::All),
        None | Some("none") => Ok(FeedStart::Now),
        Some("all") => Ok(FeedStart::All),
        Some("latest") => Ok(FeedStart::Latest),
        Some(id) if AlertId::parse(id).is_ok() => AlertId::parse(id).map(FeedStart::After).map_err(|_| wrong()),
        Some(seconds) if seconds.bytes().all(|byte| byte.is_ascii_digit()) => {
            let seconds: i64 = seconds.parse().map_err(|_| wrong())?;
            Ok(FeedStart::Since(Timestamp::from_millis(seconds.saturating_mul(1_000))))
        }
        Some(span) => {
            let span = parse_span(span).map_err(|_| wrong())?;
            Ok(FeedStart::Since(now.plus_millis(-i64::try_from(span.as_millis()).unwrap_or(i64::MAX))))
        }
    }
}

async fn push(mut socket: WebSocket, mut following: Following, _place: OwnedSemaphorePermit) {
    loop {
        let line = tokio::select! {
            line = following.next() => line,
            heard = socket.recv() => match heard {
                // Pings are answered by the socket itself; a follower has nothing to say.
                Some(Ok(_)) => continue,
                Some(Err(_)) | None => return,
            },
        };
        let Some(line) = line else { return };
        let message = Message::Text(line.json().to_string().into());
        if !matches!(tokio::time::timeout(WRITE, socket.send(message)).await, Ok(Ok(()))) {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn since_is_read_in_all_its_forms() {
        let now = Timestamp::from_millis(1_000_000_000);
        let id = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
        let table = [
            (None, false, FeedStart::Now),
            (None, true, FeedStart::All),
            (Some("all"), false, FeedStart::All),
            (Some("10m"), false, FeedStart::Since(now.plus_millis(-600_000))),
            (Some("1700000000"), false, FeedStart::Since(Timestamp::from_millis(1_700_000_000_000))),
            (Some(id), false, FeedStart::After(AlertId::parse(id).unwrap())),
        ];
        for (since, polls, expected) in table {
            assert_eq!(start(since, polls, now).unwrap(), expected, "{since:?}");
        }
        assert!(start(Some("yesterday"), false, now).is_err());
    }
}
