//! Addresses of hubs: `host[:port]`, one a line in `ip.txt`.

use std::fmt;
use std::net::Ipv6Addr;

/// The port of a hub that names none.
const DEFAULT_PORT: u16 = 8443;

/// Where a hub listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    pub host: String,
    pub port: u16,
}

/// Why a text is no address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidAddress {
    #[error("the host is missing or has characters that no host has")]
    Host,
    #[error("the port is no number from 1 to 65535")]
    Port,
}

/// A line of `ip.txt` that is no address; lines count from 1.
#[derive(Debug, PartialEq, Eq)]
pub struct BrokenLine {
    pub number: usize,
    pub reason: InvalidAddress,
}

impl Address {
    /// Reads `host`, `host:port`, `::1`, `[::1]` or `[::1]:port`.
    pub fn parse(text: &str) -> Result<Self, InvalidAddress> {
        let text = text.trim();
        if text.parse::<Ipv6Addr>().is_ok() {
            return Ok(Self { host: text.to_owned(), port: DEFAULT_PORT });
        }
        if let Some(rest) = text.strip_prefix('[') {
            let (host, rest) = rest.split_once(']').ok_or(InvalidAddress::Host)?;
            host.parse::<Ipv6Addr>().map_err(|_| InvalidAddress::Host)?;
            let port =
                rest.strip_prefix(':').map_or_else(|| if rest.is_empty() { Ok(DEFAULT_PORT) } else { Err(InvalidAddress::Port) }, port)?;
            return Ok(Self { host: host.to_owned(), port });
        }
        let (host, port) = match text.split_once(':') {
            Some((host, digits)) => (host, port(digits)?),
            None => (text, DEFAULT_PORT),
        };
        if host.is_empty() || host.len() > 253 || !host.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_')) {
            return Err(InvalidAddress::Host);
        }
        Ok(Self { host: host.to_owned(), port })
    }
}

fn port(digits: &str) -> Result<u16, InvalidAddress> {
    digits.parse().ok().filter(|port| *port > 0).ok_or(InvalidAddress::Port)
}

impl fmt::Display for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { host, port } = self;
        if host.contains(':') { write!(formatter, "[{host}]:{port}") } else { write!(formatter, "{host}:{port}") }
    }
}

/// The addresses of an `ip.txt`, in order, and the lines that are none.
pub fn parse_lines(text: &str) -> (Vec<Address>, Vec<BrokenLine>) {
    let mut addresses = Vec::new();
    let mut broken = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let line = line.split('#').next().unwrap_or_default().trim().trim_start_matches('\u{feff}');
        if line.is_empty() {
            continue;
        }
        match Address::parse(line) {
            Ok(address) => addresses.push(address),
            Err(reason) => broken.push(BrokenLine { number: index + 1, reason }),
        }
    }
    (addresses, broken)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_with_and_without_port() {
        let table = [
            ("10.0.0.5", Some("10.0.0.5:8443")),
            ("hub.example:9000", Some("hub.example:9000")),
            ("::1", Some("[::1]:8443")),
            ("[::1]", Some("[::1]:8443")),
            ("[fe80::2]:443", Some("[fe80::2]:443")),
            (" señal.local ", Some("señal.local:8443")),
            ("hub:", None),
            ("hub:0", None),
            ("hub:70000", None),
            (":8443", None),
            ("[::1", None),
            ("[::1]x", None),
            ("a b", None),
            ("https://hub", None),
        ];
        for (text, expected) in table {
            assert_eq!(Address::parse(text).ok().map(|address| address.to_string()).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn a_broken_line_is_named_and_the_others_count() {
        let (addresses, broken) = parse_lines("\u{feff}# hubs\n10.0.0.5 # main\n\nno good\nhub:9\r\n");
        assert_eq!(addresses.iter().map(ToString::to_string).collect::<Vec<_>>(), ["10.0.0.5:8443", "hub:9"]);
        assert_eq!(broken, [BrokenLine { number: 4, reason: InvalidAddress::Host }]);
    }
}
