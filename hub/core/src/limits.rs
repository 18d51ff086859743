//! What a technician is limited to: some groups, some severities.

use std::fmt;

use shared::{Audience, Name, Severity};

/// `None` is no limit; an empty list allows nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Limits {
    pub groups: Option<Vec<String>>,
    pub severities: Option<Vec<Severity>>,
}

/// Why an alert is not for this technician.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Beyond {
    Severity,
    /// The entry of the audience that is out of reach.
    Audience(usize),
}

impl Limits {
    pub fn is_unlimited(&self) -> bool {
        self.groups.is_none() && self.severities.is_none()
    }

    /// Whether an alert stays within; `groups_of` says the groups of a client.
    pub fn check(&self, audience: &[Audience], severity: Severity, groups_of: impl Fn(&Name) -> Vec<String>) -> Result<(), Beyond> {
        if self.severities.as_ref().is_some_and(|allowed| !allowed.contains(&severity)) {
            return Err(Beyond::Severity);
        }
        let Some(allowed) = &self.groups else { return Ok(()) };
        let keys: Vec<String> = allowed.iter().filter_map(|name| key(name)).collect();
        let is_within = |entry: &Audience| match entry {
            Audience::Global => false,
            Audience::Group { name } => key(name).is_some_and(|key| keys.contains(&key)),
            Audience::Private { name } => {
                Name::parse(name).is_ok_and(|name| groups_of(&name).iter().any(|group| key(group).is_some_and(|key| keys.contains(&key))))
            }
        };
        match audience.iter().position(|entry| !is_within(entry)) {
            None => Ok(()),
            Some(place) => Err(Beyond::Audience(place)),
        }
    }
}

fn key(name: &str) -> Option<String> {
    Name::parse(name).ok().map(|name| name.key().to_owned())
}

/// For the action log.
impl fmt::Display for Limits {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.groups {
            None => formatter.write_str("all groups")?,
            Some(groups) => write!(formatter, "groups [{}]", groups.join(", "))?,
        }
        match &self.severities {
            None => formatter.write_str(", all severities"),
            Some(severities) => {
                let words: Vec<&str> = severities.iter().map(|severity| severity.as_str()).collect();
                write!(formatter, ", severities [{}]", words.join(", "))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(name: &str) -> Audience {
        Audience::Group { name: name.into() }
    }

    fn branch(name: &str) -> Audience {
        Audience::Private { name: name.into() }
    }

    #[test]
    fn limits_are_this_table() {
        let north = Limits { groups: Some(vec!["Norte".into()]), severities: Some(vec![Severity::Info, Severity::Warning]) };
        let groups_of = |name: &Name| if name.as_str() == "Sol" { vec!["Norte".to_owned()] } else { vec!["Sur".to_owned()] };
        let table = [
            (vec![group("norte")], Severity::Info, Ok(())),
            (vec![group("Norte"), branch("Sol")], Severity::Warning, Ok(())),
            (vec![group("Norte")], Severity::Critical, Err(Beyond::Severity)),
            (vec![group("Norte"), group("Sur")], Severity::Info, Err(Beyond::Audience(1))),
            (vec![branch("Luna")], Severity::Info, Err(Beyond::Audience(0))),
            (vec![Audience::Global], Severity::Info, Err(Beyond::Audience(0))),
        ];
        for (audience, severity, expected) in table {
            assert_eq!(north.check(&audience, severity, groups_of), expected, "{audience:?} {severity}");
        }
        assert_eq!(Limits::default().check(&[Audience::Global], Severity::Critical, groups_of), Ok(()));
        let nothing = Limits { groups: Some(Vec::new()), severities: None };
        assert_eq!(nothing.check(&[group("Norte")], Severity::Info, groups_of), Err(Beyond::Audience(0)));
    }
}
