//! The TLS door: open to every network, so strangers cost little and are gone soon.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hub_core::guard::Kind;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_rustls::TlsAcceptor;

use super::connection;
use super::gate::Gate;
use crate::hub::Hub;
use crate::monitor::refusals::Refused;
use crate::security::addresses::{Addresses, Place};
use crate::security::guard;

const HANDSHAKE: Duration = Duration::from_secs(10);

pub(super) async fn serve(hub: Arc<Hub>, listener: TcpListener, places: Arc<Semaphore>) {
    let handshakes = Arc::new(Semaphore::new(hub.config.limits.handshakes));
    let acceptor = TlsAcceptor::from(hub.tls.server_config());
    let door = hub.monitor.doors.open("events.tls_listen");
    let addresses = Addresses::default();
    // One address without a token must not take the places of all others.
    let most = hub.config.limits.per_address.min(hub.config.limits.sensor_connections.div_ceil(2));
    loop {
        // Beyond this limit peers wait in the kernel's backlog, where they cost nothing.
        let Ok(handshake) = (tokio::select! {
            () = hub.tasks.stop().cancelled() => return,
            permit = Arc::clone(&handshakes).acquire_owned() => permit,
        }) else {
            return;
        };
        let Some((stream, peer)) = super::accept(&hub, &listener, &door).await else { return };
        if hub.guard.is_banned(peer.ip()) {
            super::turned_away(&hub, peer.ip(), Refused::Banned);
            continue;
        }
        let Some(address) = addresses.take(peer.ip(), most) else {
            super::turned_away(&hub, peer.ip(), Refused::TooMany);
            continue;
        };
        let door = Door { hub: Arc::clone(&hub), acceptor: acceptor.clone(), places: Arc::clone(&places), peer };
        hub.tasks.spawn("sensor-tls", door.open(stream, address, handshake));
    }
}

struct Door {
    hub: Arc<Hub>,
    acceptor: TlsAcceptor,
    places: Arc<Semaphore>,
    peer: SocketAddr,
}

impl Door {
    async fn open(self, stream: TcpStream, address: Place, handshake: OwnedSemaphorePermit) {
        let shaken = tokio::select! {
            () = self.hub.tasks.stop().cancelled() => return,
            shaken = tokio::time::timeout(HANDSHAKE, self.acceptor.accept(stream)) => shaken,
        };
        drop(handshake);
        let stream = match shaken {
            Ok(Ok(stream)) => stream,
            Ok(Err(err)) => {
                if guard::is_garbage(&err) {
                    super::turned_away(&self.hub, self.peer.ip(), Refused::NoTls);
                    self.hub.guard.strike(self.peer.ip(), Kind::Malformed, None, "no TLS at the door of sensors");
                }
                return tracing::debug!(peer = %self.peer, %err, "TLS handshake of a sensor failed");
            }
            Err(_) => {
                super::turned_away(&self.hub, self.peer.ip(), Refused::TooSlow);
                self.hub.guard.slow(self.peer.ip(), "TLS handshakes without an end at the door of sensors");
                return tracing::debug!(peer = %self.peer, "TLS handshake of a sensor took too long");
            }
        };
        let Ok(_place) = self.places.try_acquire_owned() else {
            super::turned_away(&self.hub, self.peer.ip(), Refused::NoRoom);
            return connection::refuse(stream).await;
        };
        let (reader, writer) = tokio::io::split(stream);
        let gate = Gate::asking(self.peer.ip().to_canonical(), address);
        Box::pin(connection::serve(self.hub, reader, writer, gate)).await;
    }
}
