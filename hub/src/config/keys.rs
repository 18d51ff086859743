//! The one table of what may be set: it drives the file, the environment, the suggestions and the reference text.

use std::net::SocketAddr;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::time::Duration;

use ipnet::IpNet;

use lettre::message::Mailbox;

use super::{Config, Secret, span};

/// One setting: `name` within `[section]` of the file, `PREGON_SECTION_NAME` in the environment.
#[derive(Debug)]
pub struct Key {
    pub section: &'static str,
    pub name: &'static str,
    pub kind: Kind,
    /// What it does, one sentence for the operator.
    pub about: &'static str,
}

/// What a value must look like, and the field it goes to.
#[derive(Debug)]
pub enum Kind {
    Address(fn(&mut Config) -> &mut SocketAddr),
    /// An address, or the empty text for a door that stays shut.
    MaybeAddress(fn(&mut Config) -> &mut Option<SocketAddr>),
    Names(fn(&mut Config) -> &mut Vec<String>),
    Networks(fn(&mut Config) -> &mut Vec<IpNet>),
    /// A path; one that is not absolute is meant from the folder of the file that says it.
    File(fn(&mut Config) -> &mut Option<PathBuf>),
    Count(RangeInclusive<usize>, fn(&mut Config) -> &mut usize),
    Seconds(RangeInclusive<u64>, fn(&mut Config) -> &mut Duration),
    /// `30m` and the like; bounds in seconds.
    Span(RangeInclusive<u64>, fn(&mut Config) -> &mut Duration),
    /// Some of these words.
    Words(&'static [&'static str], fn(&mut Config) -> &mut Vec<String>),
    Word(&'static [&'static str], fn(&mut Config) -> &mut String),
    /// The name or address of a machine; empty for none.
    Host(fn(&mut Config) -> &mut String),
    Text(fn(&mut Config) -> &mut String),
    /// Never shown, not even in a complaint.
    Secret(fn(&mut Config) -> &mut Secret),
    Mailbox(fn(&mut Config) -> &mut Option<Mailbox>),
    Mailboxes(fn(&mut Config) -> &mut Vec<Mailbox>),
}

const DAY: u64 = 86_400;

const fn key(section: &'static str, name: &'static str, kind: Kind, about: &'static str) -> Key {
    Key { section, name, kind, about }
}

/// Every setting, section by section.
pub static KEYS: &[Key] = &[
    key("https", "listen", Kind::Address(|c| &mut c.https.listen), "address and port of the panel, REST and agents"),
    key("https", "names", Kind::Names(|c| &mut c.https.names), "more names and addresses the certificate is made for"),
    key(
        "https",
        "trusted_proxies",
        Kind::Networks(|c| &mut c.https.trusted_proxies),
        "networks of proxies whose X-Forwarded-For is believed",
    ),
    key("https", "cert", Kind::File(|c| &mut c.https.cert), "an own certificate chain (PEM), shown to browsers"),
    key("https", "key", Kind::File(|c| &mut c.https.key), "the private key (PEM) of https.cert"),
    key("events", "listen", Kind::Address(|c| &mut c.events.listen), "address and port of the plain TCP door of sensors"),
    key(
        "events",
        "tls_listen",
        Kind::MaybeAddress(|c| &mut c.events.tls_listen),
        "address and port of the TLS door of sensors, which need a token",
    ),
    key("events", "allow", Kind::Networks(|c| &mut c.events.allow), "networks that may use events.listen; needed beyond loopback"),
    key("limits", "connections", Kind::Count(16..=1_000_000, |c| &mut c.limits.connections), "open connections at most"),
    key("limits", "handshakes", Kind::Count(1..=10_000, |c| &mut c.limits.handshakes), "TLS handshakes at once"),
    key(
        "limits",
        "per_address",
        Kind::Count(1..=1_000_000, |c| &mut c.limits.per_address),
        "connections of one address that have not logged in",
    ),
    key(
        "limits",
        "sensor_connections",
        Kind::Count(1..=100_000, |c| &mut c.limits.sensor_connections),
        "open connections of sensors at most",
    ),
    key(
        "limits",
        "requests_per_address",
        Kind::Count(0..=1_000_000, |c| &mut c.limits.requests_per_address),
        "requests a second of one address, ten times as many at once after a silence; 0 is no limit",
    ),
    key(
        "limits",
        "events_per_source",
        Kind::Count(0..=1_000_000, |c| &mut c.limits.events_per_source),
        "events a second of one source, ten times as many at once after a silence; 0 is no limit",
    ),
    key("limits", "events_total", Kind::Count(0..=10_000_000, |c| &mut c.limits.events_total), "the same for all sources together"),
    key(
        "limits",
        "events_on_loopback",
        Kind::Word(&["free", "limited"], |c| &mut c.limits.events_on_loopback),
        "whether these two hold for plain lines from this machine, too",
    ),
    key("agents", "heartbeat_s", Kind::Seconds(1..=3_600, |c| &mut c.agents.heartbeat), "seconds between two pings of an agent"),
    key(
        "agents",
        "rotate_keys_days",
        Kind::Count(0..=3_650, |c| &mut c.agents.rotate_keys_days),
        "agents are asked for a new key when theirs is older than so many days; 0 is never",
    ),
    key("auth", "idle", Kind::Span(60..=DAY, |c| &mut c.auth.idle), "a technician's log-in ends after so long without use"),
    key("auth", "admin_idle", Kind::Span(60..=DAY, |c| &mut c.auth.admin_idle), "the same for admin"),
    key("auth", "longest", Kind::Span(60..=30 * DAY, |c| &mut c.auth.longest), "a log-in ends after so long in any case"),
    key(
        "auth",
        "require_totp",
        Kind::Words(&["admin", "technician", "viewer"], |c| &mut c.auth.require_totp),
        "roles that must have a second factor; who has none may set one up and nothing else",
    ),
    key("guard", "trusted", Kind::Networks(|c| &mut c.guard.trusted), "networks whose strikes are written down and never ban"),
    key("guard", "strikes", Kind::Count(2..=1_000, |c| &mut c.guard.strikes), "strikes of one address that ban it"),
    key("guard", "window", Kind::Span(10..=DAY, |c| &mut c.guard.window), "a strike counts for so long"),
    key("guard", "ban", Kind::Span(10..=366 * DAY, |c| &mut c.guard.ban), "how long a ban holds"),
    key("smtp", "host", Kind::Host(|c| &mut c.smtp.host), "mail server; without it nothing is mailed"),
    key("smtp", "port", Kind::Count(1..=65_535, |c| &mut c.smtp.port), "its port"),
    key("smtp", "user", Kind::Text(|c| &mut c.smtp.user), "user of the mail server, if it wants one"),
    key("smtp", "pass", Kind::Secret(|c| &mut c.smtp.pass), "password of that user; better set as SMTP_PASS than in a file"),
    key("smtp", "from", Kind::Mailbox(|c| &mut c.smtp.from), "sender of all mail"),
    key("smtp", "to", Kind::Mailboxes(|c| &mut c.smtp.to), "who gets mail about events"),
    key(
        "smtp",
        "security",
        Kind::Word(&["starttls", "tls", "none"], |c| &mut c.smtp.security),
        "starttls and tls refuse to send in the clear, none never encrypts",
    ),
    key("smtp", "ca", Kind::File(|c| &mut c.smtp.ca), "certificate (PEM) of an authority to trust besides those of the system"),
    key("smtp", "language", Kind::Word(&["es", "en"], |c| &mut c.smtp.language), "language of mail"),
    key("smtp", "timeout_s", Kind::Seconds(1..=120, |c| &mut c.smtp.timeout), "seconds until an attempt to mail is given up"),
    key("webhooks", "ca", Kind::File(|c| &mut c.webhooks.ca), "certificate (PEM) of an authority to trust besides those of the system"),
    key("webhooks", "timeout_s", Kind::Seconds(1..=60, |c| &mut c.webhooks.timeout), "seconds until a call of a webhook is given up"),
    key(
        "log",
        "level",
        Kind::Word(&["error", "warn", "info", "debug", "trace"], |c| &mut c.log.level),
        "how much is written to server.log",
    ),
];

impl Key {
    /// `section.name`, as messages say it.
    pub fn path(&self) -> String {
        format!("{}.{}", self.section, self.name)
    }

    /// The variable that sets it.
    pub fn variable(&self) -> String {
        format!("PREGON_{}_{}", self.section, self.name).to_uppercase()
    }
}

impl Kind {
    /// What is allowed, to end a complaint with.
    pub fn allowed(&self) -> String {
        match self {
            Self::Address(_) => "ADDRESS:PORT, like 0.0.0.0:8443 or [::1]:8443; port 0 takes a free one".to_owned(),
            Self::MaybeAddress(_) => "ADDRESS:PORT, port 0 takes a free one; empty for no such door".to_owned(),
            Self::Names(_) => "a list of host names and addresses, like [\"hub.example.org\", \"10.0.0.5\"]".to_owned(),
            Self::Networks(_) => "a list of networks, like [\"10.0.0.0/8\", \"fd00::/8\"]".to_owned(),
            Self::File(_) => "the path of a file".to_owned(),
            Self::Count(range, _) => format!("a whole number from {} to {}", range.start(), range.end()),
            Self::Seconds(range, _) => format!("a whole number of seconds from {} to {}", range.start(), range.end()),
            Self::Span(range, _) => {
                let (least, most) = (Duration::from_secs(*range.start()), Duration::from_secs(*range.end()));
                format!("a span from {} to {}, written like 90s, 30m, 24h or 7d", span::show(least), span::show(most))
            }
            Self::Words(words, _) => format!("a list of some of {}", words.join(", ")),
            Self::Word(words, _) => format!("one of {}", words.join(", ")),
            Self::Host(_) => "a host name or an address; empty for none".to_owned(),
            Self::Text(_) | Self::Secret(_) => "a text on one line".to_owned(),
            Self::Mailbox(_) => "an address, like pregon@example.org or \"Pregón <pregon@example.org>\"".to_owned(),
            Self::Mailboxes(_) => "a list of addresses, like [\"it@example.org\"]".to_owned(),
        }
    }

    /// The value that stands in `config`, written as in the file.
    fn show(&self, config: &mut Config) -> String {
        let list = |items: Vec<String>| format!("[{}]", items.iter().map(|item| format!("{item:?}")).collect::<Vec<_>>().join(", "));
        match self {
            Self::Address(field) => format!("\"{}\"", field(config)),
            Self::MaybeAddress(field) => format!("\"{}\"", field(config).map(|address| address.to_string()).unwrap_or_default()),
            Self::Names(field) | Self::Words(_, field) => list(field(config).clone()),
            Self::Networks(field) => list(field(config).iter().map(ToString::to_string).collect()),
            Self::File(field) => field(config).as_ref().map_or_else(|| "\"\"".to_owned(), |path| format!("{path:?}")),
            Self::Count(_, field) => field(config).to_string(),
            Self::Seconds(_, field) => field(config).as_secs().to_string(),
            Self::Span(_, field) => format!("\"{}\"", span::show(*field(config))),
            Self::Word(_, field) | Self::Host(field) | Self::Text(field) => format!("{:?}", field(config)),
            Self::Secret(_) => "\"\"".to_owned(),
            Self::Mailbox(field) => format!("{:?}", field(config).as_ref().map(ToString::to_string).unwrap_or_default()),
            Self::Mailboxes(field) => list(field(config).iter().map(ToString::to_string).collect()),
        }
    }
}

/// Every setting with the value that stands in `config`, written as in the file, and whether it must not be told.
pub fn values(config: &Config) -> Vec<(String, String, bool)> {
    let mut config = config.clone();
    let mut value = |key: &Key| match &key.kind {
        Kind::Secret(field) => (key.path(), field(&mut config).expose().to_owned(), true),
        kind => (key.path(), kind.show(&mut config), false),
    };
    KEYS.iter().map(&mut value).collect()
}

/// The settings as a commented TOML file with every default, for documentation and for a first file.
pub fn reference() -> String {
    let mut config = Config::default();
    let mut text = String::from("# Settings of pregon-hub. Every key can also be set as PREGON_SECTION_KEY, which wins.\n");
    let mut section = "";
    for key in KEYS {
        if key.section != section {
            section = key.section;
            text.push_str(&format!("\n[{section}]\n"));
        }
        text.push_str(&format!("# {} ({})\n# {} = {}\n", key.about, key.kind.allowed(), key.name, key.kind.show(&mut config)));
    }
    text
}

/// A setting as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// `section.name`.
    pub key: String,
    /// As in the file; a secret is never shown.
    pub value: String,
    pub is_default: bool,
    pub about: &'static str,
}

/// Every setting of a hub, in the order of the table.
pub fn shown(config: &Config) -> Vec<Shown> {
    let (mut config, mut usual) = (config.clone(), Config::default());
    let show = |key: &Key| {
        let (value, otherwise) = (key.kind.show(&mut config), key.kind.show(&mut usual));
        let is_default = value == otherwise;
        let is_secret = ["pass", "password", "secret", "token"].contains(&key.name);
        Shown { key: key.path(), value: if is_secret && !is_default { "…".to_owned() } else { value }, is_default, about: key.about }
    };
    KEYS.iter().map(show).collect()
}
