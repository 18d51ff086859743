//! Trouble that stood as an event when the hub ended: once it is gone, its event is ended like any other.

use std::time::{Duration, Instant};

use serde_json::Value;
use shared::Severity;

use super::trouble::Trouble;
use crate::hub::Hub;
use crate::notice::Notice;
use crate::store::StoreError;

/// Whoever has just started has not looked at everything yet.
const SETTLED: Duration = Duration::from_secs(5);
/// What keys of events about trouble begin with.
pub const PREFIX: &str = "trouble:";

/// What was left by the hub that ran before.
pub struct Leftovers {
    began: Instant,
    /// `None`: it could not be read yet.
    found: Option<Vec<Leftover>>,
}

#[derive(Debug)]
struct Leftover {
    key: String,
    message: String,
    said: Value,
}

impl Leftovers {
    pub fn new() -> Self {
        Self { began: Instant::now(), found: None }
    }

    /// The keys of those that stand again; from here on they are as if this hub had told them.
    pub fn standing(&mut self, keys: &[String]) -> Vec<String> {
        let found = self.found.iter_mut().flat_map(|found| found.extract_if(.., |left| keys.contains(&left.key)));
        found.map(|left| left.key).collect()
    }

    /// Ends the events of what is gone.
    pub async fn end_what_is_gone(&mut self, hub: &Hub) -> Result<(), StoreError> {
        let found = match &mut self.found {
            Some(found) => found,
            None => self.found.insert(read(hub).await?),
        };
        if self.began.elapsed() < SETTLED {
            return Ok(());
        }
        while let Some(left) = found.last() {
            hub.publisher.notice(over(left)).await?;
            found.pop();
        }
        Ok(())
    }
}

async fn read(hub: &Hub) -> Result<Vec<Leftover>, StoreError> {
    let stands = hub.store.standing_notices(PREFIX).await?;
    Ok(stands.iter().filter_map(|raw| parse(raw)).collect())
}

fn parse(raw: &str) -> Option<Leftover> {
    let said: Value = serde_json::from_str(raw).ok()?;
    let text = |name: &str| said.get(name)?.as_str().map(str::to_owned);
    let (key, message) = (text("dedup_key")?, text("message")?);
    Some(Leftover { key, message, said })
}

fn over(left: &Leftover) -> Notice {
    let name = left.said.pointer("/labels/trouble").and_then(Value::as_str).unwrap_or_default();
    let notice = Notice::new(Severity::Info, format!("over: {}", left.message)).about(left.key.clone()).label("trouble", name).resolved();
    let values = ["count", "about"].map(|name| (name, left.said.pointer(&format!("/values/{name}")).cloned()));
    values.into_iter().fold(notice.code("trouble_over"), |notice, (name, value)| match value {
        Some(value) => notice.value(name, value),
        None => notice,
    })
}

/// The key of the events about a trouble, and the word for it.
pub fn key(trouble: &Trouble) -> Option<(String, String)> {
    let name = serde_json::to_value(trouble.code).ok()?.as_str()?.to_owned();
    let key = trouble.about.map_or_else(|| format!("{PREFIX}{name}"), |about| format!("{PREFIX}{name}:{about}"));
    Some((key, name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_event_of_ours_is_left_alone() {
        for raw in ["", "[]", "{}", r#"{"dedup_key":7,"message":"m"}"#, r#"{"dedup_key":"trouble:x"}"#] {
            assert!(parse(raw).is_none(), "{raw}");
        }
    }

    #[test]
    fn what_stands_again_is_taken_and_the_rest_stays() {
        let left = |key: &str| Leftover { key: key.into(), message: String::new(), said: Value::Null };
        let mut leftovers = Leftovers { began: Instant::now(), found: Some(vec![left("trouble:a"), left("trouble:b")]) };
        assert_eq!(leftovers.standing(&["trouble:b".into(), "trouble:c".into()]), ["trouble:b"]);
        assert_eq!(leftovers.found.map(|found| found.len()), Some(1));
    }
}
