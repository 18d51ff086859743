//! What a sender wants to say, checked once: limits, defaults, all problems at once.

use shared::wire::limits;
use shared::{Audience, Name, Severity, Timestamp, text};

use crate::problem::FieldProblem;

/// An alert as its sender wrote it.
#[derive(Debug, Clone, Default)]
pub struct DraftInput {
    pub audience: Vec<Audience>,
    pub severity: Severity,
    pub title: String,
    pub text: String,
    pub expires_in_s: Option<u64>,
    pub replies: Vec<String>,
    /// A person may type an answer of their own.
    pub free_reply: bool,
    pub drill: bool,
}

/// An alert that may be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// At least one; everybody stands alone.
    pub audience: Vec<Audience>,
    pub severity: Severity,
    pub title: String,
    pub text: String,
    /// Milliseconds until it is no longer worth showing.
    pub expires_in_ms: Option<i64>,
    pub replies: Vec<String>,
    pub free_reply: bool,
    pub drill: bool,
}

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;
const LONGEST_EXPIRY_S: u64 = 366 * 24 * 60 * 60;
const MOST_AUDIENCES: usize = 1_000;

impl Draft {
    /// Checks what somebody wrote; all problems at once, in the order of the fields.
    pub fn check(input: DraftInput) -> Result<Self, Vec<FieldProblem>> {
        let mut problems = Vec::new();
        let audience = check_audience(input.audience, &mut problems);
        let title = check_text("title", &text::one_line(&input.title), limits::TITLE_CHARS, &mut problems);
        let body = check_text("text", &text::lines(&input.text), limits::TEXT_CHARS, &mut problems);
        if body.is_empty() && problems.iter().all(|problem| problem.field != "text") {
            problems.push(FieldProblem::new("text", "is empty: say what has happened"));
        }
        let expires_in_ms = check_expiry(input.expires_in_s, input.severity, &mut problems);
        let replies = check_replies(&input.replies, &mut problems);
        if !problems.is_empty() {
            return Err(problems);
        }
        let DraftInput { severity, free_reply, drill, .. } = input;
        Ok(Self { audience, severity, title, text: body, expires_in_ms, replies, free_reply, drill })
    }

    /// When it is no longer worth showing, if ever.
    pub fn expires_at(&self, now: Timestamp) -> Option<Timestamp> {
        self.expires_in_ms.map(|millis| now.plus_millis(millis))
    }
}

fn check_audience(audience: Vec<Audience>, problems: &mut Vec<FieldProblem>) -> Vec<Audience> {
    if audience.is_empty() {
        problems.push(FieldProblem::new("audience", "is empty: name everybody, a group or a branch"));
    }
    if audience.len() > MOST_AUDIENCES {
        problems.push(FieldProblem::new("audience", format!("has more than {MOST_AUDIENCES} entries")));
        return Vec::new();
    }
    if audience.contains(&Audience::Global) {
        return vec![Audience::Global];
    }
    for (index, entry) in audience.iter().enumerate() {
        if let Err(reason) = Name::parse(entry.name()) {
            problems.push(FieldProblem::new(format!("audience[{index}].name"), reason.to_string()));
        }
    }
    audience
}

fn check_text(field: &str, cleaned: &str, limit: usize, problems: &mut Vec<FieldProblem>) -> String {
    let length = cleaned.chars().count();
    if length > limit {
        problems.push(FieldProblem::new(field, format!("has {length} characters, at most {limit} are allowed")));
    }
    cleaned.to_owned()
}

fn check_expiry(expires_in_s: Option<u64>, severity: Severity, problems: &mut Vec<FieldProblem>) -> Option<i64> {
    match expires_in_s {
        Some(seconds) if (1..=LONGEST_EXPIRY_S).contains(&seconds) => i64::try_from(seconds * 1_000).ok(),
        Some(_) => {
            problems.push(FieldProblem::new("expires_in_s", format!("must be 1 to {LONGEST_EXPIRY_S} seconds")));
            None
        }
        None => expiry_of(severity),
    }
}

/// How long an alert is worth showing unless its sender says, milliseconds; `None` is for ever.
pub fn expiry_of(severity: Severity) -> Option<i64> {
    match severity {
        Severity::Critical => None,
        Severity::Error | Severity::Warning => Some(7 * DAY_MS),
        Severity::Info => Some(DAY_MS),
    }
}

fn check_replies(replies: &[String], problems: &mut Vec<FieldProblem>) -> Vec<String> {
    if replies.len() > limits::REPLIES {
        problems.push(FieldProblem::new("replies", format!("has {} entries, at most {} are allowed", replies.len(), limits::REPLIES)));
        return Vec::new();
    }
    let mut kept: Vec<String> = Vec::new();
    for (index, reply) in replies.iter().enumerate() {
        let reply = text::one_line(reply);
        if reply.chars().count() > limits::REPLY_CHARS {
            problems.push(FieldProblem::new(format!("replies[{index}]"), format!("has more than {} characters", limits::REPLY_CHARS)));
        } else if !reply.is_empty() && !kept.contains(&reply) {
            kept.push(reply);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input() -> DraftInput {
        DraftInput { audience: vec![Audience::Global], text: "Close the fridge".into(), ..DraftInput::default() }
    }

    #[test]
    fn expiry_depends_on_severity_unless_the_sender_says() {
        let expiry =
            |severity, expires_in_s| Draft::check(DraftInput { severity, expires_in_s, ..input() }).expect("a draft").expires_in_ms;
        assert_eq!(expiry(Severity::Critical, None), None);
        assert_eq!(expiry(Severity::Error, None), Some(7 * DAY_MS));
        assert_eq!(expiry(Severity::Info, None), Some(DAY_MS));
        assert_eq!(expiry(Severity::Critical, Some(60)), Some(60_000));
    }

    #[test]
    fn all_problems_are_said_at_once() {
        let bad = DraftInput {
            audience: vec![Audience::Private { name: " ".into() }],
            title: "x".repeat(121),
            text: "\u{7}".into(),
            expires_in_s: Some(0),
            replies: vec!["x".into(); 9],
            ..DraftInput::default()
        };
        let fields: Vec<String> = Draft::check(bad).expect_err("problems").into_iter().map(|problem| problem.field).collect();
        assert_eq!(fields, ["audience[0].name", "title", "text", "expires_in_s", "replies"]);
    }

    #[test]
    fn everybody_swallows_single_names_and_replies_are_unique() {
        let draft = Draft::check(DraftInput {
            audience: vec![Audience::Private { name: "Sol".into() }, Audience::Global],
            replies: vec!["Yes".into(), " Yes ".into(), String::new()],
            ..input()
        })
        .expect("a draft");
        assert_eq!(draft.audience, [Audience::Global]);
        assert_eq!(draft.replies, ["Yes"]);
    }
}
