//! The front door: accepts, shakes hands within a deadline, serves HTTP/1.1, and hands `/ws/client` to a session.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use hub_core::guard::Kind;
use hyper::body::Incoming;
use hyper::{Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::hearing::Hearing;
use super::{doorman, upgrade};
use crate::hub::Hub;
use crate::monitor::refusals::Refused;
use crate::security::addresses::{Addresses, Place};
use crate::security::guard;

const HANDSHAKE: Duration = Duration::from_secs(10);
/// Also how long an idle connection may wait for its next request.
const HEADERS: Duration = Duration::from_secs(10);
const SHUTDOWN: Duration = Duration::from_secs(3);
/// hyper's own minimum.
const BUFFER_BYTES: usize = 16 * 1024;
/// After a failed accept (no file handles left), so that the loop does not spin.
const PAUSE: Duration = Duration::from_millis(100);

/// What a connection holds as long as it is open or unproved.
#[derive(Debug)]
pub(super) struct Admission {
    _connection: OwnedSemaphorePermit,
    /// Given back once an agent has proved who it is.
    place: Option<Place>,
}

impl Admission {
    /// The agent has proved who it is: from here on it does not count against its address.
    pub(super) fn prove(&mut self) {
        self.place = None;
    }
}

/// Serves a listener until the hub stops.
pub async fn serve(hub: Arc<Hub>, listener: TcpListener, router: Router) {
    let connections = Arc::new(Semaphore::new(hub.config.limits.connections));
    let handshakes = Arc::new(Semaphore::new(hub.config.limits.handshakes));
    let acceptor = TlsAcceptor::from(hub.tls.server_config());
    let watched = hub.monitor.doors.open("https.listen");
    let addresses = Addresses::default();
    loop {
        // Beyond these limits peers wait in the kernel's backlog, where they cost nothing.
        let permits = async { (Arc::clone(&connections).acquire_owned().await, Arc::clone(&handshakes).acquire_owned().await) };
        let (Ok(connection), Ok(handshake)) = (tokio::select! {
            () = hub.tasks.stop().cancelled() => return,
            permits = permits => permits,
        }) else {
            return;
        };
        let (stream, peer) = tokio::select! {
            () = hub.tasks.stop().cancelled() => return,
            accepted = listener.accept() => match accepted {
                Ok(accepted) => {
                    watched.accepted();
                    accepted
                }
                Err(err) => {
                    watched.failed(&err);
                    tokio::time::sleep(PAUSE).await;
                    continue;
                }
            },
        };
        // Behind a banned address may be agents with their right keys: a few a second may try, all else is dropped.
        if hub.guard.is_banned(peer.ip()) && !hub.guard.may_try(peer.ip()) {
            hub.monitor.refusals.count(Refused::Banned);
            continue;
        }
        let Some(place) = addresses.take(peer.ip(), hub.config.limits.per_address) else {
            hub.monitor.refusals.count(Refused::TooMany);
            continue;
        };
        let admission = Admission { _connection: connection, place: Some(place) };
        let door = Door { hub: Arc::clone(&hub), router: router.clone(), acceptor: acceptor.clone(), peer };
        hub.tasks.spawn("connection", door.open(stream, admission, handshake));
    }
}

struct Door {
    hub: Arc<Hub>,
    router: Router,
    acceptor: TlsAcceptor,
    peer: SocketAddr,
}

impl Door {
    async fn open(self, stream: TcpStream, admission: Admission, handshake: OwnedSemaphorePermit) {
        // Small frames must not wait for each other; a socket that refuses this still works.
        let _ = stream.set_nodelay(true);
        let shaken = tokio::time::timeout(HANDSHAKE, self.acceptor.accept(stream)).await;
        drop(handshake);
        match shaken {
            Ok(Ok(stream)) => Box::pin(self.serve(stream, admission)).await,
            Ok(Err(err)) => {
                tracing::debug!(peer = %self.peer, %err, "TLS handshake failed");
                if guard::is_garbage(&err) {
                    self.hub.monitor.refusals.count(Refused::NoTls);
                    self.hub.guard.strike(self.peer.ip(), Kind::Malformed, None, "no TLS where TLS is due");
                }
            }
            Err(_) => {
                tracing::debug!(peer = %self.peer, "TLS handshake took too long");
                self.hub.monitor.refusals.count(Refused::TooSlow);
                self.hub.guard.slow(self.peer.ip(), "TLS handshakes without an end");
            }
        }
    }

    async fn serve(self, stream: TlsStream<TcpStream>, admission: Admission) {
        let Self { hub, router, peer, .. } = self;
        let watching = Arc::clone(&hub);
        let stop = hub.tasks.stop().clone();
        let admission = Arc::new(std::sync::Mutex::new(Some(admission)));
        let service = hyper::service::service_fn(move |request| {
            let (hub, router, admission) = (Arc::clone(&hub), router.clone(), Arc::clone(&admission));
            async move { Ok::<_, std::convert::Infallible>(answer(hub, router, request, peer, &admission).await) }
        });
        let (stream, unanswered) = Hearing::new(stream);
        let connection = hyper::server::conn::http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEADERS)
            .max_buf_size(BUFFER_BYTES)
            .max_headers(64)
            .serve_connection(TokioIo::new(stream), service)
            .with_upgrades();
        let mut connection = std::pin::pin!(connection);
        let ended = tokio::select! {
            ended = connection.as_mut() => ended,
            () = stop.cancelled() => {
                connection.as_mut().graceful_shutdown();
                // Whoever has not finished by then is cut off.
                match tokio::time::timeout(SHUTDOWN, connection).await {
                    Ok(ended) => ended,
                    Err(_) => return,
                }
            }
        };
        if let Err(err) = ended {
            tracing::debug!(%peer, %err, "connection ended");
            if err.is_parse() {
                watching.guard.strike(peer.ip(), Kind::Malformed, None, "no HTTP where HTTP is due");
            }
            // Browsers keep idle connections, and open some that they never use.
            if err.is_timeout() && unanswered.is_something() {
                watching.monitor.refusals.count(Refused::TooSlow);
                watching.guard.slow(peer.ip(), "requests without an end");
            }
        }
    }
}

type Admitted = std::sync::Mutex<Option<Admission>>;

async fn answer(hub: Arc<Hub>, router: Router, request: Request<Incoming>, peer: SocketAddr, admission: &Admitted) -> Response<Body> {
    let address = doorman::address(&hub, request.headers(), peer);
    if let Some(refusal) = doorman::refusal(&hub, &request, address).await {
        return refusal;
    }
    if request.uri().path() == "/ws/client" {
        let admission = admission.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take();
        return upgrade::agent(hub, request, address, admission);
    }
    doorman::answer(hub, router, request, peer, address).await
}
