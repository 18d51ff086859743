//! Accepts sensors from addresses that are allowed.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::Semaphore;

use super::connection;
use crate::hub::Hub;

/// After a failed accept (no file handles left), so that the loop does not spin.
const PAUSE: Duration = Duration::from_millis(100);

/// Serves a plain listener until the hub stops.
pub async fn serve(hub: Arc<Hub>, listener: TcpListener) {
    let places = Arc::new(Semaphore::new(hub.config.limits.sensor_connections));
    loop {
        let accepted = tokio::select! {
            () = hub.tasks.stop().cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(err) => {
                tracing::warn!(%err, "could not accept a sensor");
                tokio::time::sleep(PAUSE).await;
                continue;
            }
        };
        let address = peer.ip().to_canonical();
        if !is_allowed(&hub, address) {
            tracing::info!(%address, "a sensor was refused: its address is not in events.allow");
            continue;
        }
        let Ok(place) = Arc::clone(&places).try_acquire_owned() else {
            connection::refuse(stream).await;
            continue;
        };
        let serving = Arc::clone(&hub);
        hub.tasks.spawn("sensor", async move {
            let _place = place;
            Box::pin(connection::serve(serving, stream, address.to_string())).await;
        });
    }
}

fn is_allowed(hub: &Hub, address: IpAddr) -> bool {
    address.is_loopback() || hub.config.events.allow.iter().any(|network| network.contains(&address))
}
