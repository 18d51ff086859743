//! Groups as a CSV file: `group,member,member,…` a line. Reads what office programs write; writes what they open safely.

use std::collections::HashMap;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::header::CONTENT_TYPE;
use shared::{Name, text};

use super::csv_cell::{guarded, unguarded};
use super::groups::{MEMBERS, RESERVED};
use super::problem::{LineError, Problem};
use crate::hub::Hub;
use crate::store::NewGroup;

/// Largest file, bytes; and most lines in it.
pub const FILE_BYTES: usize = 4 * 1024 * 1024;
const LINES: usize = 50_000;
/// Faults that are said at once.
const FAULTS: usize = 200;
const FILE_NAME_CHARS: usize = 120;

/// A file that somebody sent, as the body or as the part `file` of a form.
pub struct Upload {
    pub bytes: Bytes,
    pub file_name: String,
}

/// What a good file holds, each group with its line.
#[derive(Debug)]
pub struct GroupFile {
    pub groups: Vec<(u64, NewGroup)>,
    pub encoding: &'static str,
}

impl FromRequest<Arc<Hub>> for Upload {
    type Rejection = Problem;

    async fn from_request(request: Request, hub: &Arc<Hub>) -> Result<Self, Problem> {
        let kind = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if kind.starts_with("multipart/form-data") {
            return from_form(request, hub).await;
        }
        let said = request.headers().get("x-file-name").and_then(|value| value.to_str().ok()).unwrap_or("upload.csv");
        let file_name = shown(&percent_decoded(said));
        let bytes = Bytes::from_request(request, hub).await.map_err(|err| Problem::unreadable(err.status(), err.body_text()))?;
        Ok(Self { bytes, file_name })
    }
}

async fn from_form(request: Request, hub: &Arc<Hub>) -> Result<Upload, Problem> {
    let mut form = Multipart::from_request(request, hub).await.map_err(|err| Problem::unreadable(err.status(), err.body_text()))?;
    while let Some(part) = form.next_field().await.map_err(|err| Problem::unreadable(err.status(), err.body_text()))? {
        if part.name() == Some("file") {
            let file_name = shown(part.file_name().unwrap_or("upload.csv"));
            let bytes = part.bytes().await.map_err(|err| Problem::unreadable(err.status(), err.body_text()))?;
            return Ok(Upload { bytes, file_name });
        }
    }
    Err(Problem::field("file", "is missing from the form"))
}

/// The name of a file, fit for one line of the log.
fn shown(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or(name);
    text::cut(&text::one_line(last), FILE_NAME_CHARS).to_owned()
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let digits = after.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) if *first == b'%' => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Reads a whole file: its good groups, and every faulty line with its number.
pub fn parse(bytes: &[u8]) -> (GroupFile, Vec<LineError>) {
    let (text, encoding) = decoded(bytes);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(&text))
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let (mut groups, mut faults): (Vec<(u64, NewGroup)>, Vec<LineError>) = (Vec::new(), Vec::new());
    let mut lines: HashMap<String, u64> = HashMap::new();
    for (count, record) in reader.records().enumerate() {
        if faults.len() >= FAULTS {
            break;
        }
        let record = match record {
            Ok(record) => record,
            Err(err) => {
                faults.push(LineError::new(err.position().map_or(0, csv::Position::line), "is no CSV line"));
                continue;
            }
        };
        let line = record.position().map_or(0, csv::Position::line);
        if count >= LINES {
            faults.push(LineError::new(line, format!("a file may have {LINES} lines")));
            break;
        }
        match group(&record) {
            Err(reasons) => faults.extend(reasons.into_iter().map(|reason| LineError::new(line, reason))),
            Ok(group) => match lines.insert(group.name.key().to_owned(), line) {
                Some(first) => faults.push(LineError::new(line, format!("group {} stands in line {first} already", group.name))),
                None => groups.push((line, group)),
            },
        }
    }
    if groups.is_empty() && faults.is_empty() {
        faults.push(LineError::new(1, "the file holds no group; each line is: group,member,member,…"));
    }
    (GroupFile { groups, encoding }, faults)
}

/// The fault of a group that is there already.
pub fn exists(line: u64, name: &Name) -> LineError {
    LineError::new(line, format!("group {name} exists already"))
}

/// UTF-8 with or without its mark; anything else is what older office programs write.
fn decoded(bytes: &[u8]) -> (String, &'static str) {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => (text.to_owned(), "utf-8"),
        Err(_) => (bytes.iter().map(|byte| char::from(*byte)).collect(), "latin-1"),
    }
}

/// Whichever of comma and semicolon the first line has more of.
fn delimiter(text: &str) -> u8 {
    let first = text.lines().next().unwrap_or_default();
    if first.matches(';').count() > first.matches(',').count() { b';' } else { b',' }
}

fn group(record: &csv::StringRecord) -> Result<NewGroup, Vec<String>> {
    let mut cells = record.iter().map(unguarded);
    let mut reasons = Vec::new();
    let name = Name::parse(cells.next().unwrap_or_default()).map_err(|reason| reasons.push(format!("the group's name {reason}")));
    if name.as_ref().is_ok_and(|name| RESERVED.contains(&name.as_str())) {
        reasons.push("the group's name is a word of the interface; choose another".into());
    }
    // Office programs fill short lines with empty cells.
    let mut cells: Vec<&str> = cells.collect();
    while cells.last().is_some_and(|cell| cell.is_empty()) {
        cells.pop();
    }
    if cells.is_empty() {
        reasons.push("the group has no members".into());
    }
    if cells.len() > MEMBERS {
        reasons.push(format!("the group has more than {MEMBERS} members"));
    }
    let mut members: Vec<Name> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for (place, cell) in cells.into_iter().take(MEMBERS).enumerate() {
        match Name::parse(cell) {
            Err(reason) => reasons.push(format!("member {} {reason}", place + 1)),
            Ok(member) if !seen.insert(member.key().to_owned()) => reasons.push(format!("member {member} stands twice")),
            Ok(member) => members.push(member),
        }
    }
    match name {
        Ok(name) if reasons.is_empty() => Ok(NewGroup { name, members }),
        _ => Err(reasons),
    }
}

/// The file of some groups. A cell that an office program would run as a formula begins with an apostrophe.
pub fn write(groups: &[(String, Vec<String>)]) -> String {
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    for (name, members) in groups {
        // Writing to memory cannot fail.
        let _ = writer.write_record(std::iter::once(name).chain(members).map(|cell| guarded(cell)));
    }
    writer.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &[u8]) -> Vec<(String, Vec<String>)> {
        let (file, faults) = parse(text);
        assert_eq!(faults, []);
        let shown = |(_, group): (u64, NewGroup)| (group.name.to_string(), group.members.iter().map(ToString::to_string).collect());
        file.groups.into_iter().map(shown).collect()
    }

    fn faults(text: &str) -> Vec<(u64, String)> {
        parse(text.as_bytes()).1.into_iter().map(|fault| (fault.line, fault.reason)).collect()
    }

    #[test]
    fn commas_semicolons_marks_quotes_and_latin_1_are_read() {
        let expected = vec![("Norte".to_owned(), vec!["Sol, S.L.".to_owned(), "Peña".to_owned()])];
        assert_eq!(names("\u{feff}Norte,\"Sol, S.L.\",Peña\r\n".as_bytes()), expected);
        assert_eq!(names("Norte;Sol, S.L.;Peña;;\n".as_bytes()), expected);
        assert_eq!(names(b"Norte;Sol, S.L.;Pe\xf1a"), expected);
        assert_eq!(parse(b"a,\xf1").0.encoding, "latin-1");
    }

    #[test]
    fn every_faulty_line_is_said_with_its_number() {
        let said = faults("Norte,Sol\nnorte ,Luna\n,x\nSur\nEste,a,A\nOeste,b,,c\n");
        let expected = [
            (2, "group norte stands in line 1 already"),
            (3, "the group's name is empty"),
            (4, "the group has no members"),
            (5, "member A stands twice"),
            (6, "member 2 is empty"),
        ];
        assert_eq!(said.iter().map(|(line, reason)| (*line, reason.as_str())).collect::<Vec<_>>(), expected);
        assert_eq!(faults("").len(), 1);
    }

    #[test]
    fn what_is_written_can_be_read_and_is_no_formula() {
        let groups = vec![("=1+1".to_owned(), vec!["@x".to_owned(), "a \"b\", c".to_owned()])];
        let text = write(&groups);
        assert!(text.starts_with("'=1+1,'@x,"), "{text}");
        assert_eq!(names(text.as_bytes()), groups);
    }

    #[test]
    fn a_files_name_is_one_short_line() {
        assert_eq!(shown(&percent_decoded("C:\\temp\\sucursales%20%C3%B1.csv%0Ax")), "sucursales ñ.csv x");
        assert_eq!(percent_decoded("100%"), "100%");
    }
}
