//! Stable codes for the reasons that the hub gives, so that a panel can say them in another language.
//!
//! Reasons are written where they arise, in English; here they are recognised, with the values in them.

use std::collections::BTreeMap;

use serde::Serialize;

/// What is wrong, for programs. New ones may come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReasonCode {
    Address,
    AudienceNotAllowed,
    ChangedMeanwhile,
    CodeOrPassword,
    ControlCharacters,
    CorrectedAlready,
    Count,
    CountChanged,
    CsvEmpty,
    CsvExists,
    CsvLine,
    CsvTwice,
    Cursor,
    Day,
    Days,
    DiskFull,
    Email,
    EmptyActions,
    EmptyStep,
    Everybody,
    Exists,
    Expired,
    Full,
    Id,
    IdempotencyKey,
    InFuture,
    KeyOffered,
    LabelTests,
    LengthBetween,
    LongSpan,
    MemberTwice,
    Moment,
    NameNotForPicture,
    NamesOrMatching,
    NeedsScreens,
    Network,
    NoChoice,
    NoExport,
    NoGroupForFigures,
    NoSetUp,
    Nobody,
    NoSilenceForPeople,
    NotConnected,
    NotFound,
    OneOfTwo,
    OneLine,
    OnlineLater,
    Order,
    PasswordCommon,
    PasswordIsName,
    Past,
    Percent,
    Range,
    RateLimited,
    Required,
    Reserved,
    RevokeCount,
    RotationInUse,
    RuleOfAlerts,
    RuleOfEvents,
    SavingStopped,
    Scope,
    Seconds,
    Secret,
    Sections,
    ServerLog,
    SeverityNotAllowed,
    StandsAlready,
    StandsTwice,
    Taken,
    TestRunning,
    TimeOfDay,
    TimeZone,
    TooFar,
    TooLong,
    TooMany,
    TooShort,
    Trusted,
    Twice,
    Unchanged,
    UnknownChoice,
    UnknownField,
    UnknownGroup,
    UnknownRotation,
    UnknownSection,
    UnknownSeverity,
    Url,
    UrlHost,
    UrlScheme,
    UrlUser,
    Version,
    Weekdays,
    Withdrawn,
    Words,
    WrongCode,
    WrongPassword,
    WrongType,
}

/// Reasons as they are written; `{name}` stands for a value. The first that fits counts.
const REASONS: &[(ReasonCode, &str)] = &[
    (ReasonCode::Unchanged, "is the same as before, and so are title and severity: there is nothing to correct"),
    (ReasonCode::EmptyActions, "is empty: nothing can be repeated or followed by a step"),
    (ReasonCode::EmptyStep, "is empty: say what the step does"),
    (ReasonCode::CsvExists, "group {name} exists already"),
    (ReasonCode::ChangedMeanwhile, "a newer edition, changed by somebody else meanwhile exists already"),
    (ReasonCode::Required, "is empty"),
    (ReasonCode::Required, "is empty: {hint}"),
    (ReasonCode::Required, "is missing"),
    (ReasonCode::Required, "is missing: {hint}"),
    (ReasonCode::Required, "is missing from the form"),
    (ReasonCode::Required, "missing field `{field}`{rest}"),
    (ReasonCode::Required, "must have at least one"),
    (ReasonCode::TooLong, "has more than {max} characters"),
    (ReasonCode::TooLong, "has {length} characters, at most {max} are allowed"),
    (ReasonCode::TooLong, "must have at most {max} characters"),
    (ReasonCode::TooLong, "has {length} bytes; an event has at most {max}"),
    (ReasonCode::TooShort, "needs at least {min} characters"),
    (ReasonCode::LengthBetween, "must have {min} to {max} characters"),
    (ReasonCode::TooMany, "has more than {max} entries"),
    (ReasonCode::TooMany, "has more than {max} names"),
    (ReasonCode::TooMany, "has {length} entries, at most {max} are allowed"),
    (ReasonCode::TooMany, "has {length} texts, at most {max} are allowed"),
    (ReasonCode::TooMany, "has {length} events; 1 to {max} are allowed at once"),
    (ReasonCode::TooMany, "has {length} events; at most {max} are imported at once"),
    (ReasonCode::TooMany, "a file may have {max} lines"),
    (ReasonCode::Seconds, "must be {min} to {max} seconds"),
    (ReasonCode::Range, "must be {min} to {max}, and 1 for a code that is bound to a name"),
    (ReasonCode::Days, "must be {min} to {max} days, or null for ever"),
    (ReasonCode::TooMany, "has {length} entries, at most {max} are read"),
    (ReasonCode::Count, "must have {min} to {max} names"),
    (ReasonCode::OneLine, "must be one line of {min} to {max} characters"),
    (ReasonCode::OneLine, "must be one line of at most {max} characters"),
    (ReasonCode::StandsTwice, "stands twice"),
    (ReasonCode::StandsAlready, "stands in [{place}] already"),
    (ReasonCode::NoChoice, "must be technician or viewer"),
    (ReasonCode::NoChoice, "must be sent, failed or skipped"),
    (ReasonCode::WrongType, "must be a list"),
    (ReasonCode::WrongType, "must be an object"),
    (ReasonCode::WrongType, "must be an object, and no larger than an event"),
    (ReasonCode::WrongType, "must be a positive number"),
    (ReasonCode::Reserved, "is the administrator"),
    (ReasonCode::Taken, "is the name of a token"),
    (ReasonCode::NoExport, "is not {format}: this is no export of a hub"),
    (ReasonCode::Version, "is {found}, this hub reads {known}"),
    (ReasonCode::UnknownSection, "is no section that this hub knows"),
    (ReasonCode::Percent, "must be 1 to 100 per cent"),
    (ReasonCode::Weekdays, "must be 1 to 7 days"),
    (ReasonCode::Range, "must be from {min} to {max}"),
    (ReasonCode::Range, "must be {min} to {max}"),
    (ReasonCode::ControlCharacters, "has control characters"),
    (ReasonCode::Taken, "is taken"),
    (ReasonCode::Exists, "{what} exists already"),
    (ReasonCode::Full, "there are {max} {what} already, the most that a hub keeps"),
    (ReasonCode::NotFound, "{what} does not exist"),
    (ReasonCode::PasswordIsName, "is the user's name"),
    (ReasonCode::PasswordCommon, "is one of the most common passwords"),
    (ReasonCode::WrongPassword, "is wrong"),
    (ReasonCode::WrongCode, "is not the code of now, or was used already"),
    (ReasonCode::CodeOrPassword, "say a code or the password"),
    (ReasonCode::UnknownGroup, "no group is called {name}"),
    (ReasonCode::UnknownRotation, "there is no rotation {name}"),
    (ReasonCode::RotationInUse, "rule {rule} names the rotation {name}"),
    (ReasonCode::UnknownSeverity, "`{word}` is no severity"),
    (ReasonCode::Email, "is no mail address, like ana@example.org"),
    (ReasonCode::TimeOfDay, "is no time of day, like 08:30"),
    (ReasonCode::TimeZone, "is no time zone, like Europe/Madrid"),
    (ReasonCode::TimeZone, "is neither a name like Europe/Madrid nor an offset like +02:00"),
    (ReasonCode::Day, "is no day, like 2026-01-31"),
    (ReasonCode::Day, "is no day like 2026-01-31"),
    (ReasonCode::Day, "is neither RFC 3339 nor a day like 2026-11-21"),
    (ReasonCode::Url, "is no URL, like https://example.org/hook"),
    (ReasonCode::UrlScheme, "must begin with https://"),
    (ReasonCode::UrlUser, "must not hold a user or password"),
    (ReasonCode::UrlHost, "has no host"),
    (ReasonCode::Secret, "must be `whsec_` and the base64 of 24 to 64 bytes"),
    (ReasonCode::Moment, "is not a time of RFC 3339{rest}"),
    (ReasonCode::Past, "lies in the past"),
    (ReasonCode::Past, "must lie ahead, and after the start"),
    (ReasonCode::TooFar, "is more than a year ahead"),
    (ReasonCode::TooFar, "is more than a year away"),
    (ReasonCode::Order, "is after `to`"),
    (ReasonCode::Order, "lies before the first time"),
    (ReasonCode::LongSpan, "lies more than {max} days before `to`"),
    (ReasonCode::Twice, "is the name of another one, too"),
    (ReasonCode::Twice, "is the id of another one, too"),
    (ReasonCode::MemberTwice, "{name} is a member twice"),
    (ReasonCode::Reserved, "is a word of the interface; choose another"),
    (ReasonCode::Id, "must have at most {max} letters and digits; leave it out for a new one"),
    (ReasonCode::Cursor, "is not a `next_cursor` of this list{rest}"),
    (ReasonCode::SeverityNotAllowed, "you may not send alerts of the severity {severity}; ask admin"),
    (ReasonCode::AudienceNotAllowed, "is beyond the groups that you may write to; ask admin"),
    (ReasonCode::OnlineLater, "cannot be promised for an alert that is sent later"),
    (ReasonCode::NotConnected, "not connected now: {names}; nothing was sent"),
    (ReasonCode::RateLimited, "your address asks faster than is answered; try again in {seconds} s"),
    (ReasonCode::DiskFull, "the hub cannot save now: the disk is full{rest}"),
    (ReasonCode::SavingStopped, "the hub has stopped saving: {rest}"),
    (ReasonCode::NeedsScreens, "wait for somebody to see an alert: the rule must go to screens"),
    (ReasonCode::Nobody, "nobody can be reached: name a screen or an address"),
    (ReasonCode::LabelTests, "must have at least one test that a missing label does not pass"),
    (ReasonCode::Scope, "must be `events`, `alerts`, `ntfy`, `gotify` or `metrics`"),
    (ReasonCode::NoGroupForFigures, "a token that reads figures is bound to no group"),
    (ReasonCode::Words, "explains at most {max} words of {length} characters each"),
    (ReasonCode::IdempotencyKey, "must have 1 to {max} visible ASCII characters"),
    (ReasonCode::Sections, "must be names of {names}, with commas between"),
    (ReasonCode::CsvLine, "is no CSV line"),
    (ReasonCode::CsvTwice, "group {name} stands in line {line} already"),
    (ReasonCode::CsvEmpty, "the file holds no group; each line is: group,member,member,…"),
    (ReasonCode::InFuture, "lies in the future"),
    (ReasonCode::RuleOfEvents, "is for rules about events; one about alerts has steps"),
    (ReasonCode::RuleOfAlerts, "is for rules about alerts"),
    (ReasonCode::NoSilenceForPeople, "is for rules: alerts that people send cannot be silenced"),
    (ReasonCode::OneOfTwo, "is one thing and `event` another: name one of them"),
    (ReasonCode::KeyOffered, "the agent has its new key already and may be using it"),
    (ReasonCode::CorrectedAlready, "this alert was corrected already; the one that stands is {id}"),
    (ReasonCode::Withdrawn, "this alert was withdrawn{rest}"),
    (ReasonCode::Expired, "this alert has expired{rest}"),
    (ReasonCode::ServerLog, "server.log cannot be read: {reason}"),
    (ReasonCode::TestRunning, "another test is running; wait for its answer"),
    (ReasonCode::NoSetUp, "no second factor is being set up"),
    (ReasonCode::NameNotForPicture, "the user's name does not fit into a picture"),
    (ReasonCode::WrongType, "invalid type: {rest}"),
    (ReasonCode::WrongType, "invalid value: {rest}"),
    (ReasonCode::UnknownChoice, "unknown variant `{word}`{rest}"),
    (ReasonCode::UnknownField, "unknown field `{word}`{rest}"),
    (ReasonCode::RevokeCount, "must say how many clients are to be revoked"),
    (ReasonCode::NamesOrMatching, "say either `names` or `matching`"),
    (ReasonCode::CountChanged, "there are more or fewer of these clients by now; nothing was done"),
    (ReasonCode::Trusted, "{address} is trusted and never banned; take it from the trusted networks first"),
    (ReasonCode::Network, "is no address and no network like 10.0.0.0/8"),
    (ReasonCode::Everybody, "is everybody: nobody would ever be banned"),
    (ReasonCode::Address, "is no IP address"),
];

/// The code of a reason, and its values by name.
pub fn recognised(reason: &str) -> Option<(ReasonCode, BTreeMap<&'static str, String>)> {
    REASONS.iter().find_map(|(code, template)| Some((*code, values(template, reason)?)))
}

/// What stands in a text for each `{name}` of its template.
fn values(template: &'static str, text: &str) -> Option<BTreeMap<&'static str, String>> {
    let mut found = BTreeMap::new();
    let (before, mut rest_of_template) = split(template);
    let mut rest = text.strip_prefix(before)?;
    while let Some((name, after)) = rest_of_template.and_then(|rest| rest.split_once('}')) {
        let (literal, next) = split(after);
        let value = match next {
            // The last part must end the text.
            None => rest.strip_suffix(literal)?,
            Some(_) => rest.split_once(literal)?.0,
        };
        rest = rest.get(value.len() + literal.len()..)?;
        found.insert(name, value.to_owned());
        rest_of_template = next;
    }
    found.remove("rest");
    rest.is_empty().then_some(found)
}

/// The words before the next value, and what follows its opening brace.
fn split(template: &'static str) -> (&'static str, Option<&'static str>) {
    template.split_once('{').map_or((template, None), |(before, after)| (before, Some(after)))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use regex::Regex;

    use super::*;

    #[test]
    fn a_reason_is_recognised_with_its_values() {
        let table = [
            ("must have 1 to 80 characters", Some((ReasonCode::LengthBetween, vec![("max", "80"), ("min", "1")]))),
            ("has 4001 characters, at most 4000 are allowed", Some((ReasonCode::TooLong, vec![("length", "4001"), ("max", "4000")]))),
            ("is empty", Some((ReasonCode::Required, vec![]))),
            ("is empty: say what the step does", Some((ReasonCode::EmptyStep, vec![]))),
            ("no group is called Ñu {x}", Some((ReasonCode::UnknownGroup, vec![("name", "Ñu {x}")]))),
            ("unknown variant `fatal`, expected one of `info`", Some((ReasonCode::UnknownChoice, vec![("word", "fatal")]))),
            ("is empty of meaning", None),
            ("", None),
        ];
        for (reason, expected) in table {
            let expected =
                expected.map(|(code, values)| (code, values.into_iter().map(|(name, value)| (name, value.to_owned())).collect()));
            assert_eq!(recognised(reason), expected, "{reason}");
        }
    }

    /// Said to programs or of the machine, in places where no form shows them.
    const FOR_PROGRAMS: [&str; 3] = ["dialects", "tls", "courier"];

    #[test]
    fn every_reason_that_the_sources_write_has_a_code() {
        let call = r#"(?:Problem::field|Problem::beyond|FieldProblem::new|problems\.add|notes\.fault|LineError::new|Problem::conflict|StoreError::Refused)"#;
        let written = Regex::new(&format!(r#"{call}\(.*"((?:[^"\\]|\\.)+)"[^"]*$"#)).expect("an expression");
        let value = Regex::new(r"\{[^}]*\}").expect("an expression");
        let mut seen = 0;
        for file in sources() {
            let text = std::fs::read_to_string(&file).expect("a source");
            for line in text.lines().take_while(|line| !line.starts_with("#[cfg(test)]")) {
                let Some(reason) = written.captures(line).and_then(|found| found.get(1)) else { continue };
                // A path, a field or a comma is no reason, and neither is what is put together from other errors.
                let is_reason = reason.as_str().contains(' ') && reason.as_str().contains(char::is_alphabetic);
                if !is_reason || reason.as_str() == "is {reason}" || line.contains(".replace(") {
                    continue;
                }
                let said = value.replace_all(reason.as_str(), "7").replace("\\\"", "\"");
                assert!(recognised(&said).is_some(), "{}: `{said}` needs a line in REASONS, and words in the panel", file.display());
                seen += 1;
            }
        }
        assert!(seen > 70, "only {seen} reasons were found: are they written in another way now?");
    }

    fn sources() -> Vec<std::path::PathBuf> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut folders = vec![root.join("src"), root.join("core/src")];
        let mut files = Vec::new();
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
                let path = entry.path();
                let name = entry.file_name().to_string_lossy().into_owned();
                if path.is_dir() && !FOR_PROGRAMS.contains(&name.as_str()) {
                    folders.push(path);
                } else if name.ends_with(".rs") && !name.contains("tests") && name != "reasons.rs" {
                    files.push(path);
                }
            }
        }
        files
    }
}
