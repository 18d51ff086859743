//! Cuts a stream of bytes into lines, with a cap on each.

use shared::wire::limits::LINE_BYTES;
use tokio::io::{AsyncRead, AsyncReadExt as _};

/// One piece of what a sensor sent.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece {
    Line(Vec<u8>),
    /// A line beyond the cap: what follows cannot be trusted to begin a line.
    TooLong,
}

impl Piece {
    /// How long it is; of a line that is too long as much as may be.
    pub(super) fn bytes(&self) -> usize {
        match self {
            Self::Line(line) => line.len(),
            Self::TooLong => LINE_BYTES,
        }
    }
}

/// Reads lines; never holds more than one read and one capped line.
pub(super) struct Lines<R> {
    reader: R,
    buffer: Vec<u8>,
    ended: bool,
}

const READ_BYTES: usize = 32 * 1024;

impl<R: AsyncRead + Unpin> Lines<R> {
    pub(super) fn new(reader: R) -> Self {
        Self { reader, buffer: Vec::new(), ended: false }
    }

    /// At least one piece, up to `most`; empty once the sensor has closed. Cancel-safe: what was
    /// read stays in the buffer.
    pub(super) async fn next(&mut self, most: usize) -> std::io::Result<Vec<Piece>> {
        loop {
            let pieces = self.cut(most);
            if !pieces.is_empty() || self.ended {
                return Ok(pieces);
            }
            self.buffer.reserve(READ_BYTES.min(LINE_BYTES + 1));
            if self.reader.read_buf(&mut self.buffer).await? == 0 {
                self.ended = true;
                return Ok(self.rest());
            }
        }
    }

    fn cut(&mut self, most: usize) -> Vec<Piece> {
        let mut pieces = Vec::new();
        let mut start = 0;
        while pieces.len() < most {
            let rest = self.buffer.get(start..).unwrap_or_default();
            let Some(length) = rest.iter().position(|byte| *byte == b'\n') else { break };
            let line = rest.get(..length).unwrap_or_default();
            start += length + 1;
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            if line.len() > LINE_BYTES {
                self.give_up(&mut pieces);
                return pieces;
            }
            if !line.trim_ascii().is_empty() {
                pieces.push(Piece::Line(line.to_vec()));
            }
        }
        self.buffer.drain(..start);
        if pieces.len() < most && !self.ended && self.buffer.len() > LINE_BYTES + 1 && !self.buffer.contains(&b'\n') {
            self.give_up(&mut pieces);
        }
        pieces
    }

    /// What follows a line that is too long is not read.
    fn give_up(&mut self, pieces: &mut Vec<Piece>) {
        self.buffer = Vec::new();
        self.ended = true;
        pieces.push(Piece::TooLong);
    }

    /// A last line that the sensor did not end before it closed.
    fn rest(&mut self) -> Vec<Piece> {
        let line = std::mem::take(&mut self.buffer);
        if line.trim_ascii().is_empty() { Vec::new() } else { vec![Piece::Line(line)] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn pieces(input: &[u8]) -> Vec<Piece> {
        let mut lines = Lines::new(input);
        let mut all = Vec::new();
        loop {
            let next = lines.next(2).await.expect("memory does not fail");
            if next.is_empty() {
                return all;
            }
            all.extend(next);
        }
    }

    fn line(text: &str) -> Piece {
        Piece::Line(text.as_bytes().to_vec())
    }

    #[tokio::test]
    async fn lines_end_with_either_end_or_the_stream() {
        assert_eq!(pieces(b"a\r\nb\n\n \nc").await, [line("a"), line("b"), line("c")]);
        assert_eq!(pieces(b"").await, []);
    }

    #[tokio::test]
    async fn a_line_at_the_cap_passes_and_one_beyond_ends_the_stream() {
        let longest = "x".repeat(LINE_BYTES);
        assert_eq!(pieces(format!("{longest}\nb\n").as_bytes()).await, [line(&longest), line("b")]);
        assert_eq!(pieces(format!("a\n{longest}x\nb\n").as_bytes()).await, [line("a"), Piece::TooLong]);
        assert_eq!(pieces(format!("{longest}{longest}{longest}").as_bytes()).await, [Piece::TooLong]);
    }
}
