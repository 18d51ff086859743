//! Reads `server.log` and its older copies backwards, page by page, without ever holding a whole file.

use std::fmt;
use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use serde::Serialize;
use sha2::{Digest as _, Sha256};

const NAME: &str = "server.log";
const COPIES: u32 = 10;
const CHUNK: u64 = 64 * 1024;
/// Read at most for one page; a search goes on with the next.
const BUDGET: u64 = 4 * 1024 * 1024;
/// What a file is known by, wherever it was moved: its first bytes.
const MARK_BYTES: u64 = 120;

/// A line of the server's log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Line {
    /// As the file has it: local time of the hub's machine.
    pub at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
    pub text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    Trace,
    Debug,
    Info,
    Warn,
    Error,
}

/// Which lines are wanted.
#[derive(Debug, Default)]
pub struct Wanted {
    /// These and graver ones.
    pub least: Option<Level>,
    pub text: Option<String>,
    pub limit: usize,
}

#[derive(Debug)]
pub struct Page {
    /// Newest first.
    pub lines: Vec<Line>,
    pub next: Option<Cursor>,
}

/// A place in a file, before which to go on. The file is found again after it was moved aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    mark: String,
    offset: u64,
}

impl Level {
    pub fn parse(text: &str) -> Option<Self> {
        match text.to_ascii_lowercase().as_str() {
            "trace" => Some(Self::Trace),
            "debug" => Some(Self::Debug),
            "info" => Some(Self::Info),
            "warn" => Some(Self::Warn),
            "error" => Some(Self::Error),
            _ => None,
        }
    }
}

impl Cursor {
    pub fn parse(text: &str) -> Option<Self> {
        let (mark, offset) = text.split_once('-')?;
        Some(Self { mark: mark.to_owned(), offset: offset.parse().ok()? })
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}-{}", self.mark, self.offset)
    }
}

/// A page of the log in this folder, going on before `cursor`.
pub fn read(folder: &Path, cursor: Option<Cursor>, wanted: &Wanted) -> io::Result<Page> {
    let mut reading = Reading { lines: Vec::new(), budget: BUDGET, wanted };
    let files: Vec<PathBuf> = names(folder).filter(|path| path.exists()).collect();
    let mut from = cursor;
    for path in files {
        let Some((mut file, length, mark)) = open(&path)? else { continue };
        let end = match &from {
            // Newer than the place where the last page ended.
            Some(cursor) if cursor.mark != mark => continue,
            Some(cursor) => cursor.offset.min(length),
            None => length,
        };
        from = None;
        if let Some(offset) = reading.file(&mut file, end)? {
            return Ok(Page { lines: reading.lines, next: Some(Cursor { mark, offset }) });
        }
    }
    Ok(Page { lines: reading.lines, next: None })
}

/// Newest first.
fn names(folder: &Path) -> impl Iterator<Item = PathBuf> + '_ {
    let copies = (1..=COPIES).map(|number| format!("{NAME}.{number}"));
    std::iter::once(NAME.to_owned()).chain(copies).map(|name| folder.join(name))
}

/// The file, its length and what it is known by; none if it is empty or was moved away just now.
fn open(path: &Path) -> io::Result<Option<(File, u64, String)>> {
    let mut file = match File::open(path) {
        Err(err) if err.kind() == io::ErrorKind::NotFound => return Ok(None),
        other => other?,
    };
    let length = file.metadata()?.len();
    let mut first = Vec::new();
    (&mut file).take(MARK_BYTES).read_to_end(&mut first)?;
    // The first line alone: what follows it may still be growing.
    let line = first.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let mark = Sha256::digest(line).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    Ok((length > 0).then_some((file, length, mark)))
}

struct Reading<'a> {
    lines: Vec<Line>,
    budget: u64,
    wanted: &'a Wanted,
}

impl Reading<'_> {
    /// Takes the wanted lines that end before `end`, last first. The place to go on from, if not all of the file was read.
    fn file(&mut self, file: &mut File, end: u64) -> io::Result<Option<u64>> {
        let mut start = end;
        // Bytes from `start` that belong to a line whose beginning was not read yet.
        let mut rest: Vec<u8> = Vec::new();
        while start > 0 {
            let step = CHUNK.min(start);
            start -= step;
            self.budget = self.budget.saturating_sub(step);
            let mut chunk = read_at(file, start, step)?;
            chunk.append(&mut rest);
            // Where the last line that was not looked at ends.
            let mut open_end = chunk.len();
            while let Some(newline) =
                chunk.get(..open_end.saturating_sub(1)).and_then(|before| before.iter().rposition(|byte| *byte == b'\n'))
            {
                self.take(chunk.get(newline + 1..open_end).unwrap_or_default());
                open_end = newline + 1;
                if self.is_full() {
                    return Ok(Some(start + open_end as u64));
                }
            }
            chunk.truncate(open_end);
            if start == 0 {
                self.take(&chunk);
                return Ok(None);
            }
            if self.budget == 0 {
                let open = start + chunk.len() as u64;
                // A line longer than all that was read is none of ours: it is left out.
                return Ok(Some(if open < end { open } else { start }));
            }
            rest = chunk;
        }
        Ok(None)
    }

    fn is_full(&self) -> bool {
        self.lines.len() >= self.wanted.limit
    }

    fn take(&mut self, bytes: &[u8]) {
        let text = String::from_utf8_lossy(bytes);
        let text = text.trim_end_matches(['\n', '\r']);
        if text.is_empty() {
            return;
        }
        let line = parse(text);
        let is_grave = self.wanted.least.is_none_or(|least| line.level.is_some_and(|level| level >= least));
        let fits = self.wanted.text.as_ref().is_none_or(|wanted| text.to_lowercase().contains(&wanted.to_lowercase()));
        if is_grave && fits {
            self.lines.push(line);
        }
    }
}

fn read_at(file: &mut File, start: u64, length: u64) -> io::Result<Vec<u8>> {
    file.seek(SeekFrom::Start(start))?;
    let mut bytes = Vec::new();
    file.take(length).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// `2026-11-21 05:29:51.123  INFO what happened`; a line of another form is all text.
fn parse(line: &str) -> Line {
    let parts = || {
        let (at, rest) = (line.get(..23)?, line.get(23..)?.trim_start());
        let (level, text) = rest.split_once(' ')?;
        Some(Line { at: at.to_owned(), level: Some(Level::parse(level)?), text: text.to_owned() })
    };
    parts().unwrap_or_else(|| Line { at: String::new(), level: None, text: line.to_owned() })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed test may panic")]

    use std::fs;
    use std::io::Write as _;

    use super::*;

    fn line(number: usize) -> String {
        let level = if number.is_multiple_of(10) { " WARN" } else { " INFO" };
        format!("2026-11-21 05:29:51.{:03} {level} pregon: line {number}\n", number % 1_000)
    }

    fn all(folder: &Path, wanted: &Wanted) -> Vec<String> {
        let (mut texts, mut cursor) = (Vec::new(), None);
        for _ in 0..10_000 {
            let page = read(folder, cursor, wanted).unwrap();
            texts.extend(page.lines.into_iter().map(|line| line.text));
            match page.next {
                Some(next) => cursor = Some(Cursor::parse(&next.to_string()).unwrap()),
                None => return texts,
            }
        }
        panic!("it does not end");
    }

    #[test]
    fn pages_go_backwards_through_the_copies_and_miss_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let text = |range: std::ops::Range<usize>| range.map(line).collect::<String>();
        fs::write(folder.path().join("server.log.2"), text(0..2_500)).unwrap();
        fs::write(folder.path().join("server.log.1"), text(2_500..5_000)).unwrap();
        fs::write(folder.path().join("server.log"), text(5_000..5_003)).unwrap();
        let expected: Vec<String> = (0..5_003).rev().map(|number| format!("pregon: line {number}")).collect();
        for limit in [1, 7, 500] {
            assert_eq!(all(folder.path(), &Wanted { limit, ..Wanted::default() }), expected, "{limit}");
        }
        let warnings = all(folder.path(), &Wanted { least: Some(Level::Warn), limit: 50, ..Wanted::default() });
        assert_eq!(warnings.len(), 501);
        let found = all(folder.path(), &Wanted { text: Some("LINE 4999".into()), limit: 50, ..Wanted::default() });
        assert_eq!(found, ["pregon: line 4999"]);
    }

    #[test]
    fn a_cursor_holds_while_lines_are_added_and_files_are_moved_aside() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(NAME);
        fs::write(&path, (0..100).map(line).collect::<String>()).unwrap();
        let wanted = Wanted { limit: 10, ..Wanted::default() };
        let page = read(folder.path(), None, &wanted).unwrap();
        fs::OpenOptions::new().append(true).open(&path).unwrap().write_all(line(100).as_bytes()).unwrap();
        fs::rename(&path, folder.path().join("server.log.1")).unwrap();
        fs::write(&path, line(101)).unwrap();
        let next = read(folder.path(), page.next, &wanted).unwrap();
        assert_eq!((next.lines.len(), next.lines[0].text.as_str()), (10, "pregon: line 89"));
    }

    #[test]
    fn what_is_searched_in_vain_costs_a_bounded_reading_a_page() {
        let folder = tempfile::tempdir().unwrap();
        let long = format!("{}\n", "x".repeat(10_000));
        fs::write(folder.path().join(NAME), long.repeat(600)).unwrap();
        let wanted = Wanted { text: Some("nothing".into()), limit: 10, ..Wanted::default() };
        let page = read(folder.path(), None, &wanted).unwrap();
        assert!(page.lines.is_empty() && page.next.is_some());
        assert!(read(folder.path(), page.next, &wanted).unwrap().next.is_none());
    }

    #[test]
    fn no_file_and_strange_lines_are_no_error() {
        let folder = tempfile::tempdir().unwrap();
        let wanted = Wanted { limit: 10, ..Wanted::default() };
        assert!(read(folder.path(), None, &wanted).unwrap().lines.is_empty());
        fs::write(folder.path().join(NAME), b"(3 lines are missing here)\n\xff\xfe\nlast without an end").unwrap();
        let page = read(folder.path(), None, &wanted).unwrap();
        assert_eq!(page.lines.len(), 3);
        assert_eq!((page.lines[0].text.as_str(), page.lines[0].level), ("last without an end", None));
        assert_eq!((Cursor::parse("x"), Cursor::parse("a-b")), (None, None));
    }
}
