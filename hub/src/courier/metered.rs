//! A connection that says only so much: a mail server that never ends its line must not fill our memory.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};

use lettre::transport::smtp::client::AsyncTokioStream;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// More than any dialogue of one mail needs, its TLS handshake included.
const BYTES: u64 = 256 * 1024;

/// A stream of which at most [`BYTES`] are read.
#[derive(Debug)]
pub struct Metered {
    stream: TcpStream,
    left: u64,
}

impl Metered {
    pub fn new(stream: TcpStream) -> Self {
        Self { stream, left: BYTES }
    }
}

impl AsyncTokioStream for Metered {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.stream.peer_addr()
    }
}

impl AsyncRead for Metered {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let metered = self.get_mut();
        if metered.left == 0 {
            return Poll::Ready(Err(io::Error::other("the server says more than a mail server has to say")));
        }
        let before = buffer.filled().len();
        let polled = Pin::new(&mut metered.stream).poll_read(context, buffer);
        metered.left = metered.left.saturating_sub((buffer.filled().len() - before) as u64);
        polled
    }
}

impl AsyncWrite for Metered {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().stream).poll_write(context, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(context)
    }
}
