//! A connection to a program on another machine, to the very address that was checked.

use std::net::SocketAddr;

use hub_core::reach;
use tokio::net::TcpStream;

/// Connects to the first address of a host that may be called and answers.
pub async fn connect(host: &str, port: u16, allow_private: bool) -> Result<TcpStream, String> {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let found = tokio::net::lookup_host((bare, port)).await.map_err(|err| format!("{host} cannot be found: {err}"))?;
    let (allowed, refused): (Vec<SocketAddr>, Vec<SocketAddr>) = found.partition(|address| reach::may_call(address.ip(), allow_private));
    let mut reason = match refused.first() {
        Some(address) => format!("{host} is {}, an address of an inner network; the webhook does not allow that", address.ip()),
        None => format!("{host} has no address"),
    };
    for address in allowed {
        match TcpStream::connect(address).await {
            Ok(stream) => return Ok(stream),
            Err(err) => reason = format!("{address}: {err}"),
        }
    }
    Err(reason)
}
