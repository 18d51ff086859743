//! How a tool proves who it is: each shows its token where its own server would look for it.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hub_core::access::Permission;

use super::fields::Fields;
use crate::http::problem::Problem;
use crate::hub::Hub;
use crate::security::proof;
use crate::security::token::token_hash;
use crate::store::ApiToken;

/// The token that a request shows: as Bearer, as the password of Basic, in Gotify's header, or in the address.
pub fn shown(headers: &HeaderMap, query: &Fields) -> Option<String> {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    header(AUTHORIZATION.as_str())
        .and_then(of_authorization)
        .or_else(|| header("x-gotify-key").map(str::to_owned))
        .or_else(|| query.first(&["token"]).map(str::to_owned))
        // ntfy's web programs put the whole header into the address, in base 64.
        .or_else(|| query.first(&["auth", "authorization"]).and_then(decoded).as_deref().and_then(of_authorization))
        .filter(|token| !token.is_empty())
}

fn of_authorization(value: &str) -> Option<String> {
    let (scheme, rest) = value.split_once(' ')?;
    if scheme.eq_ignore_ascii_case("bearer") {
        return Some(rest.trim().to_owned());
    }
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let pair = decoded(rest.trim())?;
    let (user, password) = pair.split_once(':')?;
    // Some tools have one field only, and send it as the user.
    Some(if password.is_empty() { user } else { password }.to_owned())
}

fn decoded(text: &str) -> Option<String> {
    let text = text.trim_end_matches('=');
    let bytes = URL_SAFE_NO_PAD.decode(text.replace('+', "-").replace('/', "_")).or_else(|_| STANDARD.decode(text)).ok()?;
    String::from_utf8(bytes).ok()
}

/// The program that shows this token, if it may do this.
pub async fn program(hub: &Hub, token: Option<String>, permission: Permission) -> Result<ApiToken, Problem> {
    any_of(hub, token, [permission; 1]).await
}

async fn any_of<const N: usize>(hub: &Hub, token: Option<String>, permissions: [Permission; N]) -> Result<ApiToken, Problem> {
    let token = token.ok_or_else(Problem::unauthorized)?;
    let program = proof::of_program(&hub.store, hub.clock.now(), token_hash(&token)).await?.ok_or_else(Problem::unauthorized)?;
    if permissions.into_iter().any(|permission| program.scope.may(permission)) {
        return Ok(program);
    }
    Err(Problem::forbidden("this token is for something else; make one whose scope fits with `pregon-hub token create`"))
}

/// A program that reports or sends: it may look at what stands, and silence what is its own, or all if it may send.
pub async fn either(hub: &Hub, token: Option<String>) -> Result<ApiToken, Problem> {
    any_of(hub, token, [Permission::Report, Permission::Alert]).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_found_wherever_a_tool_shows_it() {
        let basic = |pair: &str| format!("Basic {}", STANDARD.encode(pair));
        let in_address = URL_SAFE_NO_PAD.encode(basic(":secret"));
        let table = [
            (vec![("authorization", "Bearer secret".to_owned())], ""),
            (vec![("authorization", basic("anybody:secret"))], ""),
            (vec![("authorization", basic("secret:"))], ""),
            (vec![("x-gotify-key", "secret".to_owned())], ""),
            (vec![], "token=secret"),
            (vec![], &format!("auth={in_address}")),
        ];
        for (headers, query) in table {
            let headers: HeaderMap = headers.into_iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();
            assert_eq!(shown(&headers, &Fields::of_query(Some(query))).as_deref(), Some("secret"), "{headers:?} {query}");
        }
    }

    #[test]
    fn what_is_no_proof_is_none() {
        for value in ["", "Bearer", "Bearer ", "Basic !!", "Basic bm9jb2xvbg==", "Digest x"] {
            let headers = HeaderMap::from_iter([(AUTHORIZATION, value.parse().unwrap())]);
            assert_eq!(shown(&headers, &Fields::default()), None, "{value}");
        }
    }
}
