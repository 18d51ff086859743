//! The plain door: accepts sensors from addresses that are allowed.

use std::net::IpAddr;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::sync::Semaphore;

use super::connection;
use super::gate::Gate;
use crate::hub::Hub;
use crate::monitor::refusals::Refused;

pub(super) async fn serve(hub: Arc<Hub>, listener: TcpListener, places: Arc<Semaphore>) {
    let door = hub.monitor.doors.open("events.listen");
    while let Some((stream, peer)) = super::accept(&hub, &listener, &door).await {
        let address = peer.ip().to_canonical();
        if hub.guard.is_banned(address) {
            super::turned_away(&hub, address, Refused::Banned);
            continue;
        }
        if !is_allowed(&hub, address) {
            super::turned_away(&hub, address, Refused::NotAllowed);
            tracing::info!(%address, "a sensor was refused: its address is not in events.allow");
            continue;
        }
        let Ok(place) = Arc::clone(&places).try_acquire_owned() else {
            super::turned_away(&hub, address, Refused::NoRoom);
            connection::refuse(stream).await;
            continue;
        };
        let (reader, writer) = stream.into_split();
        let gate = Gate::trusting(&hub, address);
        let serving = Arc::clone(&hub);
        hub.tasks.spawn("sensor", async move {
            let _place = place;
            Box::pin(connection::serve(serving, reader, writer, gate)).await;
        });
    }
}

fn is_allowed(hub: &Hub, address: IpAddr) -> bool {
    address.is_loopback() || hub.config.events.allow.iter().any(|network| network.contains(&address))
}
