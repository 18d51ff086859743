//! What is wrong with the settings, and where. All of it is said at once.

use std::path::PathBuf;

/// Where a setting was written. Ordered as it is reported: the file's lines, then the environment.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    File { path: PathBuf, line: usize },
    Environment { variable: String },
}

/// One mistake.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ConfigError {
    origin: Origin,
    /// `section.key`, a section, or empty when the place is all there is to say.
    subject: String,
    reason: String,
}

/// Every mistake of the file and of the environment; never empty.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
pub struct ConfigErrors(Vec<ConfigError>);

impl ConfigError {
    pub(super) fn new(origin: Origin, subject: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { origin, subject: subject.into(), reason: reason.into() }
    }

    pub(super) fn origin(&self) -> &Origin {
        &self.origin
    }
}

impl ConfigErrors {
    /// `None` when there is nothing to complain about.
    pub(super) fn of(mut errors: Vec<ConfigError>) -> Option<Self> {
        errors.sort();
        errors.dedup();
        (!errors.is_empty()).then_some(Self(errors))
    }

    pub fn iter(&self) -> impl Iterator<Item = &ConfigError> {
        self.0.iter()
    }
}

impl std::fmt::Display for Origin {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::File { path, line } => write!(formatter, "{}:{line}", path.display()),
            Self::Environment { variable } => write!(formatter, "environment:{variable}"),
        }
    }
}

impl std::fmt::Display for ConfigError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.subject.as_str() {
            "" => write!(formatter, "{}: {}", self.origin, self.reason),
            subject => write!(formatter, "{}: {subject}: {}", self.origin, self.reason),
        }
    }
}
