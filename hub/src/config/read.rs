//! Finds what the file and the environment set, and where; what nobody knows is a mistake with a suggestion.

use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::{ConfigError, Origin};
use super::keys::{KEYS, Key, Kind};

/// Larger settings are surely not a settings file.
const FILE_BYTES: u64 = 1024 * 1024;

const PREFIX: &str = "PREGON_";

/// Variables under our prefix that are no settings of the hub.
const OTHER_VARIABLES: [&str; 4] = ["PREGON_ADMIN_PASSWORD", "PREGON_PANEL_", "PREGON_TRAY_", "PREGON_TEST_"];

/// Names that mail settings have in other programs, too; ours win.
const MAIL_VARIABLES: [&str; 6] = ["SMTP_HOST", "SMTP_PORT", "SMTP_USER", "SMTP_PASS", "SMTP_FROM", "SMTP_TO"];

/// What was set, in the order in which later ones win, and what was wrong on the way.
#[derive(Debug, Default)]
pub struct Found {
    pub settings: Vec<Setting>,
    pub errors: Vec<ConfigError>,
}

/// One value, not yet checked.
#[derive(Debug)]
pub struct Setting {
    pub key: &'static Key,
    pub value: Value,
    pub origin: Origin,
}

/// A value as it was written.
#[derive(Debug)]
pub enum Value {
    Text(String),
    Integer(i64),
    List(Vec<String>),
    /// Some other type, by its name.
    Other(&'static str),
}

/// Reads a TOML file; a syntax error does not hide the mistakes in the rest of it.
pub fn file(path: &Path, found: &mut Found) {
    let place = |line| Origin::File { path: path.to_owned(), line };
    let text = match read_text(path) {
        Ok(text) => text,
        Err(reason) => return found.errors.push(ConfigError::new(place(1), "", reason)),
    };
    let line_of = |span: std::ops::Range<usize>| place(line(&text, span.start));
    let (document, syntax) = DeTable::parse_recoverable(&text);
    let wrong: Vec<ConfigError> =
        syntax.iter().map(|error| ConfigError::new(line_of(error.span().unwrap_or_default()), "", error.message())).collect();
    let mut inside = Found::default();
    for (section, content) in document.get_ref() {
        read_section(section, content, &line_of, &mut inside);
    }
    // What the parser guessed on a line it could not read would only be complained about twice.
    let is_readable = |origin: &Origin| wrong.iter().all(|error| error.origin() != origin);
    found.settings.extend(inside.settings.into_iter().filter(|setting| is_readable(&setting.origin)));
    found.errors.extend(inside.errors.into_iter().filter(|error| is_readable(error.origin())));
    found.errors.extend(wrong);
}

fn read_text(path: &Path) -> Result<String, String> {
    let length = std::fs::metadata(path).map_err(|err| format!("cannot be read: {err}"))?.len();
    if length > FILE_BYTES {
        return Err(format!("has {length} bytes, a settings file has at most {FILE_BYTES}"));
    }
    std::fs::read_to_string(path).map_err(|err| format!("cannot be read: {err}"))
}

fn line(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}

fn read_section(
    section: &Spanned<std::borrow::Cow<'_, str>>,
    content: &Spanned<DeValue<'_>>,
    line_of: &impl Fn(std::ops::Range<usize>) -> Origin,
    found: &mut Found,
) {
    let name = section.get_ref().as_ref();
    let origin = line_of(section.span());
    let known = KEYS.iter().any(|key| key.section == name);
    match content.get_ref() {
        DeValue::Table(table) if known => {
            for (key, value) in table {
                read_key(name, key.get_ref(), value.get_ref(), line_of(key.span()), found);
            }
        }
        DeValue::Table(_) => {
            let sections = KEYS.iter().map(|key| key.section.to_owned());
            found.errors.push(ConfigError::new(origin, format!("[{name}]"), unknown("section", compared(name, sections))));
        }
        _ if known => found.errors.push(ConfigError::new(origin, name, format!("is a section, write [{name}] and its keys below"))),
        _ => {
            let paths = KEYS.iter().filter(|key| key.name == name).map(Key::path).collect::<Vec<_>>();
            let advice = match paths.as_slice() {
                [] => unknown("key", compared(name, KEYS.iter().map(|key| key.name.to_owned()))),
                paths => format!("stands outside of a section; did you mean {}?", paths.join(" or ")),
            };
            found.errors.push(ConfigError::new(origin, name, advice));
        }
    }
}

fn read_key(section: &str, name: &str, value: &DeValue<'_>, origin: Origin, found: &mut Found) {
    let path = format!("{section}.{name}");
    match KEYS.iter().find(|key| key.section == section && key.name == name) {
        Some(key) => found.settings.push(Setting { key, value: Value::of_toml(value), origin }),
        None => {
            // By the name alone: the section they share says nothing about what was meant. The same section wins a draw.
            let likeness = |key: &Key| strsim::jaro_winkler(name, key.name) + if key.section == section { 0.01 } else { 0.0 };
            let reason = unknown("key", KEYS.iter().map(|key| (likeness(key), key.path())));
            found.errors.push(ConfigError::new(origin, path, reason));
        }
    }
}

/// Reads the variables `PREGON_SECTION_KEY`. Lists are separated by commas.
pub fn environment(variables: impl Iterator<Item = (String, String)>, found: &mut Found) {
    let (known, others): (Vec<_>, Vec<_>) = variables.partition(|(name, _)| MAIL_VARIABLES.contains(&name.as_str()));
    let ours =
        others.into_iter().filter(|(name, _)| name.starts_with(PREFIX) && !OTHER_VARIABLES.iter().any(|other| name.starts_with(other)));
    for (variable, text) in known.into_iter().chain(ours) {
        let origin = Origin::Environment { variable: variable.clone() };
        let full = if variable.starts_with(PREFIX) { variable.clone() } else { format!("{PREFIX}{variable}") };
        match KEYS.iter().find(|key| key.variable() == full) {
            Some(key) => found.settings.push(Setting { key, value: Value::of_variable(&key.kind, text), origin }),
            None => {
                let given = variable.trim_start_matches(PREFIX);
                let known = KEYS.iter().map(|key| (strsim::jaro_winkler(given, key.variable().trim_start_matches(PREFIX)), key.variable()));
                found.errors.push(ConfigError::new(origin, "", unknown("variable", known)));
            }
        }
    }
}

/// "unknown …", with the nearest of the known ones if it is near enough to be meant.
fn unknown(what: &str, known: impl Iterator<Item = (f64, String)>) -> String {
    match known.max_by(|left, right| left.0.total_cmp(&right.0)) {
        Some((likeness, name)) if likeness > 0.8 => format!("unknown {what}; did you mean {name}?"),
        _ => format!("unknown {what}"),
    }
}

/// Each known name with how much it is like the given one.
fn compared(given: &str, known: impl Iterator<Item = String>) -> impl Iterator<Item = (f64, String)> {
    known.map(move |name| (strsim::jaro_winkler(given, &name), name))
}

impl Value {
    fn of_toml(value: &DeValue<'_>) -> Self {
        match value {
            DeValue::String(text) => Self::Text(text.clone().into_owned()),
            DeValue::Integer(number) => {
                i64::from_str_radix(number.as_str(), number.radix()).map_or(Self::Other("a number that is too large"), Self::Integer)
            }
            DeValue::Array(items) => items
                .iter()
                .map(|item| item.get_ref().as_str().map(str::to_owned))
                .collect::<Option<_>>()
                .map_or(Self::Other("a list with something else than text in it"), Self::List),
            DeValue::Float(_) => Self::Other("a number with a fraction"),
            DeValue::Boolean(_) => Self::Other("true or false"),
            DeValue::Datetime(_) => Self::Other("a date"),
            DeValue::Table(_) => Self::Other("a section"),
        }
    }

    fn of_variable(kind: &Kind, text: String) -> Self {
        match kind {
            Kind::Names(_) | Kind::Networks(_) | Kind::Words(..) | Kind::Mailboxes(_) => {
                Self::List(text.split(',').map(str::trim).filter(|item| !item.is_empty()).map(str::to_owned).collect())
            }
            Kind::Count(..) | Kind::Seconds(..) => text.trim().parse().map_or(Self::Text(text), Self::Integer),
            Kind::Secret(_) => Self::Text(text),
            Kind::Address(_)
            | Kind::MaybeAddress(_)
            | Kind::File(_)
            | Kind::Span(..)
            | Kind::Word(..)
            | Kind::Host(_)
            | Kind::Text(_)
            | Kind::Mailbox(_) => Self::Text(text.trim().to_owned()),
        }
    }
}
