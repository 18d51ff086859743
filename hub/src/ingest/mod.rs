//! Sensors: JSON lines over plain TCP from networks that are trusted, and over TLS from whoever has a token.

mod connection;
mod gate;
mod lines;
mod plain;
mod tls;

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

use crate::hub::Hub;
use crate::monitor::doors::Door;
use crate::monitor::refusals::Refused;
use crate::monitor::traffic::{Peer, TrafficDirection};

/// After a failed accept (no file handles left), so that the loop does not spin.
const PAUSE: Duration = Duration::from_millis(100);

/// Serves the doors of sensors until the hub stops; they share the number of places.
pub fn start(hub: &Arc<Hub>, plain: TcpListener, tls: Option<TcpListener>) {
    let places = Arc::new(Semaphore::new(hub.config.limits.sensor_connections));
    hub.tasks.spawn("events", Box::pin(plain::serve(Arc::clone(hub), plain, Arc::clone(&places))));
    if let Some(tls) = tls {
        hub.tasks.spawn("events-tls", Box::pin(tls::serve(Arc::clone(hub), tls, places)));
    }
}

/// Counts a sensor that was refused before it said anything, and says so to whoever looks at the traffic.
fn turned_away(hub: &Hub, address: IpAddr, reason: Refused) {
    hub.monitor.refusals.count(reason);
    let name = address.to_canonical().to_string();
    hub.monitor.tap.error(hub.clock.now(), Peer::sensor(&name), TrafficDirection::In, "connect", reason.as_str());
}

/// The next peer; `None` once the hub stops.
async fn accept(hub: &Hub, listener: &TcpListener, door: &Door) -> Option<(TcpStream, SocketAddr)> {
    loop {
        let accepted = tokio::select! {
            () = hub.tasks.stop().cancelled() => return None,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => {
                door.accepted();
                // Answers are small and awaited one by one; a socket that refuses this still works.
                let _ = stream.set_nodelay(true);
                return Some((stream, peer));
            }
            Err(err) => {
                door.failed(&err);
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}
