//! Silences of Alertmanager's interface, version 2, for amtool and others: translated to Pregón's and back.
//!
//! A token of scope `alerts` silences whatever its matchers say, one of scope `events` only what it reports itself.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use hub_core::access::Permission;
use hub_core::rule::{LabelMatch, Matcher, Silence, check_silence};
use serde::Deserialize;
use serde_json::{Value, json};
use shared::Timestamp;

use super::fields::Fields;
use super::matcher::Filter;
use super::proof;
use crate::http::problem::Problem;
use crate::http::{extract, silences};
use crate::hub::Hub;
use crate::store::{Actor, ApiToken, KeptSilence};

/// Stands for no end: the dialect has none.
const FOR_EVER: &str = "9999-12-31T23:59:59Z";

#[derive(Deserialize)]
struct Posted {
    /// Of the silence that this one replaces.
    #[serde(default)]
    id: Option<String>,
    matchers: Vec<PostedMatcher>,
    #[serde(rename = "startsAt")]
    starts_at: Timestamp,
    #[serde(rename = "endsAt")]
    ends_at: Timestamp,
    comment: String,
}

#[derive(Deserialize)]
struct PostedMatcher {
    name: String,
    value: String,
    #[serde(default, rename = "isRegex")]
    is_regex: bool,
    #[serde(default, rename = "isEqual")]
    is_equal: Option<bool>,
}

pub async fn list(State(hub): State<Arc<Hub>>, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    let answer = async {
        let query = Fields::of_query(query.as_deref());
        proof::either(&hub, proof::shown(&headers, &query)).await?;
        let filter = Filter::of(query.all("filter"))?;
        let now = hub.clock.now();
        let kept = hub.store.silences(silences::SHOWN).await?.into_iter().filter(|kept| filter.fits_matchers(&matchers(&kept.silence)));
        Ok(Value::Array(kept.map(|kept| shape(&kept, now)).collect()))
    };
    answered(answer.await)
}

pub async fn show(State(hub): State<Arc<Hub>>, Path(id): Path<String>, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    let answer = async {
        proof::either(&hub, proof::shown(&headers, &Fields::of_query(query.as_deref()))).await?;
        let kept = hub.store.silence(number(&id)?).await?;
        Ok(shape(&kept, hub.clock.now()))
    };
    answered(answer.await)
}

/// Makes a silence; one with an id takes the place of that one.
pub async fn create(State(hub): State<Arc<Hub>>, RawQuery(query): RawQuery, headers: HeaderMap, body: Bytes) -> Response {
    let answer = async {
        let token = proof::either(&hub, proof::shown(&headers, &Fields::of_query(query.as_deref()))).await?;
        let mut posted: Posted = extract::json(&body)?;
        if posted.matchers.is_empty() {
            return Err(Problem::field("matchers", "must have at least one"));
        }
        let replaced = posted.id.take().filter(|id| !id.is_empty());
        let silence = check_silence(translated(posted, &token, hub.clock.now()), hub.clock.now()).map_err(Problem::invalid)?;
        if let Some(id) = replaced {
            end_own(&hub, &token, &id).await?;
        }
        let kept = silences::begin(&hub, Actor::new(&token.name), silence).await?;
        Ok(json!({ "silenceID": uuid(kept.id) }))
    };
    answered(answer.await)
}

pub async fn end(State(hub): State<Arc<Hub>>, Path(id): Path<String>, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    let answer = async {
        let token = proof::either(&hub, proof::shown(&headers, &Fields::of_query(query.as_deref()))).await?;
        end_own(&hub, &token, &id).await
    };
    match answer.await {
        Ok(()) => StatusCode::OK.into_response(),
        Err(problem) => refused(&problem),
    }
}

async fn end_own(hub: &Arc<Hub>, token: &ApiToken, id: &str) -> Result<(), Problem> {
    let kept = hub.store.silence(number(id)?).await?;
    if !token.scope.may(Permission::Alert) && kept.silence.when.tokens != [token.name.clone()] {
        return Err(Problem::forbidden("this token ends only silences of its own; take one of scope `alerts`"));
    }
    Ok(silences::stop(hub, Actor::new(&token.name), kept.id).await?)
}

fn translated(posted: Posted, token: &ApiToken, now: Timestamp) -> Silence {
    let label_test = |matcher: PostedMatcher| LabelMatch {
        name: matcher.name,
        value: matcher.value,
        is_regex: matcher.is_regex,
        is_equal: matcher.is_equal.unwrap_or(true),
    };
    let tokens = if token.scope.may(Permission::Alert) { Vec::new() } else { vec![token.name.clone()] };
    Silence {
        when: Matcher { tokens, ..Matcher::default() },
        label_tests: posted.matchers.into_iter().map(label_test).collect(),
        reason: posted.comment,
        starts_at: Some(posted.starts_at).filter(|start| *start > now),
        ends_at: Some(posted.ends_at),
        weekly: None,
        // Whoever writes a silence in this dialect means every alert that fits.
        critical: true,
    }
}

fn shape(kept: &KeptSilence, now: Timestamp) -> Value {
    let silence = &kept.silence;
    let ends_at = kept.ended_at.or(silence.ends_at);
    let state = match () {
        () if ends_at.is_some_and(|end| end <= now) => "expired",
        () if silence.is_on(now) => "active",
        () => "pending",
    };
    let matchers = matchers(silence)
        .into_iter()
        .map(|matcher| json!({ "name": matcher.name, "value": matcher.value, "isRegex": matcher.is_regex, "isEqual": matcher.is_equal }));
    json!({
        "id": uuid(kept.id), "status": { "state": state }, "matchers": matchers.collect::<Vec<_>>(),
        "startsAt": silence.starts_at.unwrap_or(kept.created_at), "endsAt": ends_at.map_or_else(|| FOR_EVER.to_owned(), |end| end.to_string()),
        "updatedAt": kept.ended_at.unwrap_or(kept.created_at), "createdBy": kept.created_by, "comment": silence.reason,
    })
}

/// What a silence is about in the words of this dialect; source, severity and channel as if they were labels.
fn matchers(silence: &Silence) -> Vec<LabelMatch> {
    let Matcher { sources, severities, labels, channels, tokens, .. } = &silence.when;
    let any_of = |name: &str, patterns: Vec<String>| {
        (!patterns.is_empty()).then(|| LabelMatch { name: name.to_owned(), value: patterns.join("|"), is_regex: true, is_equal: true })
    };
    let expressions = |patterns: &[String]| patterns.iter().map(|pattern| expression(pattern)).collect();
    let words = severities.iter().map(|severity| severity.as_str().to_owned()).collect();
    let mut all = silence.label_tests.clone();
    all.extend(any_of("source", expressions(sources)));
    all.extend(any_of("severity", words));
    all.extend(labels.iter().filter_map(|(name, pattern)| any_of(name, vec![expression(pattern)])));
    all.extend(any_of("channel", expressions(channels)));
    all.extend(any_of("token", expressions(tokens)));
    if all.is_empty() {
        all.extend(any_of("source", vec![".*".to_owned()]));
    }
    all
}

/// A pattern with `*` as a regular expression.
fn expression(pattern: &str) -> String {
    pattern.split('*').map(regex::escape).collect::<Vec<_>>().join(".*")
}

/// Clients of this dialect want a UUID.
pub fn uuid(id: i64) -> String {
    format!("00000000-0000-4000-8000-{id:012x}")
}

fn number(uuid: &str) -> Result<i64, Problem> {
    let digits = uuid.strip_prefix("00000000-0000-4000-8000-").filter(|digits| digits.len() == 12);
    digits.and_then(|digits| i64::from_str_radix(digits, 16).ok()).ok_or_else(|| Problem::not_found("the silence"))
}

fn answered(answer: Result<Value, Problem>) -> Response {
    match answer {
        Ok(value) => Json(value).into_response(),
        Err(problem) => refused(&problem),
    }
}

/// As Alertmanager says it: a text, 400 for whatever cannot be read.
fn refused(problem: &Problem) -> Response {
    let said = problem.errors.iter().map(|error| format!("{}: {}", error.field.as_deref().unwrap_or("body"), error.reason));
    let words: Vec<String> = said.chain(problem.detail.clone()).collect();
    let status = match problem.status {
        422 => StatusCode::BAD_REQUEST,
        status => StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
    };
    (status, Json(Value::String(words.join("; ")))).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_a_uuid_and_back() {
        for id in [0, 1, 4_711, i64::from(u32::MAX) + 5] {
            assert_eq!(number(&uuid(id)).expect("a number"), id);
        }
        for wrong in ["", "7", "00000000-0000-4000-8000-", "00000000-0000-4000-8000-00000000000g", "f0000000-0000-4000-8000-000000000001"] {
            assert!(number(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_pattern_becomes_an_expression_that_means_the_same() {
        assert_eq!(expression("router-*.sol"), r"router\-.*\.sol");
    }
}
