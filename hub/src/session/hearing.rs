//! A stream that knows whether its peer has begun to say something that was not answered yet.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Tells a peer that never ends its request from one that is merely idle.
#[derive(Debug, Clone, Default)]
pub(super) struct Unanswered(Arc<AtomicBool>);

impl Unanswered {
    pub(super) fn is_something(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

#[derive(Debug)]
pub(super) struct Hearing<S> {
    stream: S,
    unanswered: Unanswered,
}

impl<S> Hearing<S> {
    pub(super) fn new(stream: S) -> (Self, Unanswered) {
        let unanswered = Unanswered::default();
        (Self { stream, unanswered: unanswered.clone() }, unanswered)
    }

    pub(super) fn into_inner(self) -> S {
        self.stream
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Hearing<S> {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let polled = Pin::new(&mut self.stream).poll_read(context, buffer);
        if buffer.filled().len() > before {
            self.unanswered.0.store(true, Ordering::Relaxed);
        }
        polled
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Hearing<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.unanswered.0.store(false, Ordering::Relaxed);
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(mut self: Pin<&mut Self>, context: &mut Context<'_>, parts: &[io::IoSlice<'_>]) -> Poll<io::Result<usize>> {
        self.unanswered.0.store(false, Ordering::Relaxed);
        Pin::new(&mut self.stream).poll_write_vectored(context, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;

    #[tokio::test]
    async fn what_was_heard_is_unanswered_until_something_is_said() {
        let (mut peer, near) = tokio::io::duplex(64);
        let (mut stream, unanswered) = Hearing::new(near);
        assert!(!unanswered.is_something(), "a peer that never said anything is idle");
        peer.write_all(b"GET / HT").await.expect("said");
        stream.read_buf(&mut Vec::with_capacity(64)).await.expect("heard");
        assert!(unanswered.is_something());
        stream.write_all(b"HTTP/1.1 204\r\n\r\n").await.expect("answered");
        assert!(!unanswered.is_something(), "whoever was answered is idle");
        drop(peer);
        stream.read_buf(&mut Vec::with_capacity(64)).await.expect("the end");
        assert!(!unanswered.is_something(), "an end is nothing that was said");
    }
}
