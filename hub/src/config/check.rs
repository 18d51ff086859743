//! Turns what was set into [`Config`]: each value by the kind of its key, then what two keys must agree on.

use std::collections::HashMap;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use ipnet::IpNet;
use lettre::message::Mailbox;

use super::error::{ConfigError, ConfigErrors, Origin};
use super::keys::Kind;
use super::read::{Found, Setting, Value};
use super::{Config, Secret, parse_span};

/// Most names that one certificate is made for.
const NAMES: usize = 64;

/// Where each key was set last.
type Places = HashMap<String, Origin>;

pub fn check(found: Found) -> Result<Config, ConfigErrors> {
    let mut config = Config::default();
    let mut errors = found.errors;
    let mut places = Places::new();
    let mut wrong = Vec::new();
    for setting in found.settings {
        let path = setting.key.path();
        match set(&mut config, &setting) {
            Ok(()) => drop(places.insert(path, setting.origin)),
            Err(problem) => {
                let reason = format!("{problem}; allowed: {}", setting.key.kind.allowed());
                errors.push(ConfigError::new(setting.origin, path.clone(), reason));
                wrong.push(path);
            }
        }
    }
    errors.extend(contradictions(&config, &places, &wrong));
    match ConfigErrors::of(errors) {
        Some(errors) => Err(errors),
        None => Ok(config),
    }
}

fn set(config: &mut Config, setting: &Setting) -> Result<(), String> {
    let value = &setting.value;
    match &setting.key.kind {
        Kind::Address(field) => *field(config) = text(value)?.parse().map_err(|_| format!("{} is no address", shown(value)))?,
        Kind::MaybeAddress(field) => {
            let text = text(value)?;
            let address = (!text.is_empty()).then(|| text.parse().map_err(|_| format!("{} is no address", shown(value))));
            *field(config) = address.transpose()?;
        }
        Kind::Names(field) => *field(config) = names(value)?,
        Kind::Networks(field) => *field(config) = list(value)?.iter().map(|item| network(item)).collect::<Result<_, _>>()?,
        Kind::File(field) => *field(config) = file(text(value)?, &setting.origin)?,
        Kind::Count(range, field) => {
            let count = usize::try_from(integer(value)?).ok().filter(|count| range.contains(count));
            *field(config) = count.ok_or_else(|| format!("{} is out of range", shown(value)))?;
        }
        Kind::Seconds(range, field) => {
            let seconds = u64::try_from(integer(value)?).ok().filter(|seconds| range.contains(seconds));
            *field(config) = seconds.map(Duration::from_secs).ok_or_else(|| format!("{} is out of range", shown(value)))?;
        }
        Kind::Span(range, field) => {
            let span = parse_span(text(value)?).map_err(|err| format!("{} is {err}", shown(value)))?;
            *field(config) =
                Some(span).filter(|span| range.contains(&span.as_secs())).ok_or_else(|| format!("{} is out of range", shown(value)))?;
        }
        Kind::Words(words, field) => *field(config) = some_of(words, value)?,
        Kind::Host(field) => {
            let host = text(value)?;
            if !host.is_empty() && (host.starts_with('*') || !is_host(host)) {
                return Err(format!("{} is no host name or address", shown(value)));
            }
            *field(config) = host.to_owned();
        }
        Kind::Text(field) => *field(config) = one_line(value).ok_or_else(|| format!("{} is no text on one line", shown(value)))?,
        Kind::Secret(field) => *field(config) = Secret::new(one_line(value).ok_or("is no text on one line")?),
        Kind::Mailbox(field) => {
            let text = text(value)?;
            *field(config) = if text.is_empty() { None } else { Some(mailbox(text)?) };
        }
        Kind::Mailboxes(field) => *field(config) = list(value)?.iter().map(|item| mailbox(item)).collect::<Result<_, _>>()?,
        Kind::Word(words, field) => {
            let word = text(value)?.to_lowercase();
            *field(config) =
                Some(word).filter(|word| words.contains(&word.as_str())).ok_or_else(|| format!("{} is none of them", shown(value)))?;
        }
    }
    Ok(())
}

fn shown(value: &Value) -> String {
    match value {
        Value::Text(text) => format!("{text:?}"),
        Value::Integer(number) => number.to_string(),
        Value::List(items) => format!("{items:?}"),
        Value::Other(what) => (*what).to_owned(),
    }
}

fn text(value: &Value) -> Result<&str, String> {
    match value {
        Value::Text(text) => Ok(text),
        _ => Err(format!("{} is no text", shown(value))),
    }
}

fn integer(value: &Value) -> Result<i64, String> {
    match value {
        Value::Integer(number) => Ok(*number),
        _ => Err(format!("{} is no whole number", shown(value))),
    }
}

fn list(value: &Value) -> Result<&[String], String> {
    match value {
        Value::List(items) => Ok(items),
        _ => Err(format!("{} is no list", shown(value))),
    }
}

fn one_line(value: &Value) -> Option<String> {
    text(value).ok().filter(|text| !text.contains(char::is_control)).map(str::to_owned)
}

fn mailbox(text: &str) -> Result<Mailbox, String> {
    text.parse().map_err(|_| format!("{text:?} is no address"))
}

fn names(value: &Value) -> Result<Vec<String>, String> {
    let items = list(value)?;
    if items.len() > NAMES {
        return Err(format!("has {} names, more than {NAMES}", items.len()));
    }
    match items.iter().find(|item| !is_host(item)) {
        Some(wrong) => Err(format!("{wrong:?} is no host name or address")),
        None => Ok(items.to_vec()),
    }
}

/// Words that are known, each once.
fn some_of(words: &[&str], value: &Value) -> Result<Vec<String>, String> {
    let mut items: Vec<String> = list(value)?.iter().map(|item| item.to_lowercase()).collect();
    items.sort();
    items.dedup();
    match items.iter().find(|item| !words.contains(&item.as_str())) {
        Some(wrong) => Err(format!("{wrong:?} is none of them")),
        None => Ok(items),
    }
}

/// An address, or a host name of RFC 1123, with `*` allowed as its first label.
fn is_host(text: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    text.parse::<IpAddr>().is_ok() || (text.len() <= 253 && text.strip_prefix("*.").unwrap_or(text).split('.').all(is_label))
}

/// A network, or an address alone.
fn network(text: &str) -> Result<IpNet, String> {
    text.parse::<IpNet>().or_else(|_| text.parse::<IpAddr>().map(IpNet::from)).map_err(|_| format!("{text:?} is no network"))
}

/// The path, from the folder of the settings file if that is where it was written.
fn file(text: &str, origin: &Origin) -> Result<Option<PathBuf>, String> {
    if text.is_empty() {
        return Err("is empty".to_owned());
    }
    let folder = match origin {
        Origin::File { path, .. } => path.parent().unwrap_or(Path::new("")),
        Origin::Environment { .. } => Path::new(""),
    };
    let path = folder.join(text);
    match std::fs::File::open(&path) {
        Ok(_) => Ok(Some(path)),
        Err(err) => Err(format!("{} cannot be read: {err}", path.display())),
    }
}

/// What settings must agree on. The mistake is told at the first of the keys that was set; none is told about a value
/// that is wrong in itself.
fn contradictions(config: &Config, places: &Places, wrong: &[String]) -> Vec<ConfigError> {
    let mut errors = Vec::new();
    let mut complain = |keys: &[&str], reason: &str| {
        if keys.iter().any(|key| wrong.iter().any(|path| path == key)) {
            return;
        }
        if let Some((key, origin)) = keys.iter().find_map(|key| places.get(*key).map(|origin| (*key, origin))) {
            errors.push(ConfigError::new(origin.clone(), key, reason));
        }
    };
    if !config.events.listen.ip().to_canonical().is_loopback() && config.events.allow.is_empty() {
        complain(
            &["events.listen", "events.allow"],
            "is open to other machines, where sensors speak in the clear and prove nothing; say who may with \
             events.allow = [\"10.0.0.0/8\"], or listen on 127.0.0.1",
        );
    }
    match (&config.https.cert, &config.https.key) {
        (Some(_), None) => complain(&["https.cert", "https.key"], "needs its private key in https.key"),
        (None, Some(_)) => complain(&["https.key", "https.cert"], "needs its certificate in https.cert"),
        _ => {}
    }
    let doors = [
        ("events.listen", Some(config.events.listen)),
        ("events.tls_listen", config.events.tls_listen),
        ("https.listen", Some(config.https.listen)),
    ];
    for (index, (key, address)) in doors.iter().enumerate() {
        let mut others = doors.iter().skip(index + 1);
        if let Some((other, _)) = others.find(|(_, other)| other == address && address.is_some_and(|address| address.port() != 0)) {
            complain(&[key, other], &format!("{other} and {key} are the same; each door needs its own port"));
        }
    }
    if config.smtp.user.is_empty() && !config.smtp.pass.is_empty() {
        complain(&["smtp.pass"], "needs the user that it belongs to, in smtp.user");
    }
    if config.auth.idle > config.auth.longest {
        complain(&["auth.idle", "auth.longest"], "auth.idle is longer than auth.longest");
    }
    if config.auth.admin_idle > config.auth.longest {
        complain(&["auth.admin_idle", "auth.longest"], "auth.admin_idle is longer than auth.longest");
    }
    errors
}
