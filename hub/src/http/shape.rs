//! Shapes that several resources share.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use shared::Timestamp;

use super::problem::Problem;

/// Longer words are cut: nobody searches for them.
const WORDS_CHARS: usize = 200;

/// How much of a list, and from where.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// Entries of the page, 1 to 500; 50 if absent.
    pub limit: Option<u32>,
    /// `next_cursor` of the page before.
    pub cursor: Option<String>,
}

impl PageQuery {
    pub fn limit(&self) -> u32 {
        limit(self.limit)
    }

    /// A cursor that is a number, as most are.
    pub fn number<T: std::str::FromStr>(&self) -> Result<Option<T>, Problem> {
        number(self.cursor.as_deref())
    }
}

/// A cursor that is a number, as most are.
pub fn number<T: std::str::FromStr>(cursor: Option<&str>) -> Result<Option<T>, Problem> {
    let parse = |text: &str| text.parse().map_err(|_| Problem::field("cursor", "is not a `next_cursor` of this list"));
    cursor.map(parse).transpose()
}

/// Entries of a page within what is allowed.
pub fn limit(asked: Option<u32>) -> u32 {
    asked.unwrap_or(50).clamp(1, 500)
}

/// The cursor is a name's place in the order, made fit for an address.
pub fn read_cursor(cursor: &str) -> Result<String, Problem> {
    let key = URL_SAFE_NO_PAD.decode(cursor).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    key.ok_or_else(|| Problem::field("cursor", "is not a `next_cursor` of this list"))
}

/// Words to search for; none if there are none.
pub fn words(text: Option<String>) -> Option<String> {
    text.map(|text| text.trim().chars().take(WORDS_CHARS).collect::<String>()).filter(|text| !text.is_empty())
}

/// A moment, or the edge of a day.
pub fn moment(field: &str, text: Option<&str>, edge: fn(&str) -> Option<Timestamp>) -> Result<Option<Timestamp>, Problem> {
    let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(None) };
    let found = Timestamp::parse(text).ok().or_else(|| edge(text));
    found.map(Some).ok_or_else(|| Problem::field(field, "is neither RFC 3339 nor a day like 2026-11-21"))
}
