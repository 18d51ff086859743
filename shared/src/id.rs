//! Ids of alerts and of a branch's messages: ULIDs, so that ids sort by the time they were made.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use ulid::Ulid;

use crate::Timestamp;

/// Id of an alert: 26 characters of Crockford's base 32 on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AlertId(Ulid);

/// Not 26 characters of Crockford's base 32.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an id: expected 26 letters and digits")]
pub struct InvalidId;

impl AlertId {
    /// An id of that moment; `random` supplies 80 bits, the rest is ignored.
    pub fn from_parts(at: Timestamp, random: u128) -> Self {
        Self(Ulid::from_parts(at.as_millis().max(0).cast_unsigned(), random))
    }

    /// Reads 26 characters of Crockford's base 32, whatever their case.
    pub fn parse(text: &str) -> Result<Self, InvalidId> {
        Ulid::from_string(text).map(Self).map_err(|_| InvalidId)
    }
}

impl std::fmt::Display for AlertId {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(formatter)
    }
}

impl Serialize for AlertId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for AlertId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// Id that an agent gives to a message of its branch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageId(Ulid);

impl MessageId {
    /// An id of that moment; `random` supplies 80 bits, the rest is ignored.
    pub fn from_parts(at: Timestamp, random: u128) -> Self {
        Self(Ulid::from_parts(at.as_millis().max(0).cast_unsigned(), random))
    }

    /// The same, but never before `last`, whatever the clock says: messages keep their order.
    pub fn following(last: Option<Self>, at: Timestamp, random: u128) -> Self {
        let earliest = last.map_or(0, |last| last.0.timestamp_ms() + 1);
        Self(Ulid::from_parts(at.as_millis().max(0).cast_unsigned().max(earliest), random))
    }

    /// Reads 26 characters of Crockford's base 32, whatever their case.
    pub fn parse(text: &str) -> Result<Self, InvalidId> {
        Ulid::from_string(text).map(Self).map_err(|_| InvalidId)
    }
}

impl std::fmt::Display for MessageId {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(formatter)
    }
}

#[cfg(feature = "openapi")]
impl utoipa::PartialSchema for AlertId {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .description(Some("ULID: 26 characters, sorting by time"))
            .into()
    }
}

#[cfg(feature = "openapi")]
impl utoipa::ToSchema for AlertId {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_sort_by_time_and_round_trip() {
        let early = AlertId::from_parts(Timestamp::from_millis(1_000), u128::MAX);
        let late = AlertId::from_parts(Timestamp::from_millis(2_000), 0);
        assert!(early < late && early.to_string() < late.to_string());
        assert_eq!(AlertId::parse(&late.to_string()), Ok(late));
        assert_eq!(AlertId::parse("nonsense"), Err(InvalidId));
    }

    #[test]
    fn messages_keep_their_order_when_the_clock_stands_or_goes_back() {
        let first = MessageId::following(None, Timestamp::from_millis(5_000), u128::MAX);
        let second = MessageId::following(Some(first), Timestamp::from_millis(5_000), 0);
        let third = MessageId::following(Some(second), Timestamp::from_millis(1_000), 0);
        assert!(first < second && second < third);
        assert_eq!(MessageId::parse(&third.to_string().to_lowercase()), Ok(third));
        assert_eq!(MessageId::parse("../../etc/passwd"), Err(InvalidId));
    }
}
