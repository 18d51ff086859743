//! The panel's pages and files, with a strict content security policy.

use axum::body::Body;
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH, REFERRER_POLICY, VARY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};

use super::problem::Problem;
use crate::security::token::Token;

/// Routes that the panel itself knows, the only ones that get its page.
const PAGES: &[&str] = &[
    "/",
    "/account",
    "/admin",
    "/admin/login",
    "/alerts",
    "/clients",
    "/events",
    "/groups",
    "/inbox",
    "/monitor",
    "/phrases",
    "/rules",
    "/scheduled",
    "/users",
    "/settings",
    "/statistics",
    "/webhooks",
];

pub async fn serve(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    if method != Method::GET && method != Method::HEAD {
        return super::problem::method_not_allowed().await.into_response();
    }
    let path = uri.path();
    if is_page(path) {
        return page();
    }
    match admin_web::asset(path) {
        Some(asset) => file(&asset, &headers),
        None => Problem::not_found("this page").into_response(),
    }
}

/// Whether the panel has a page at this path.
pub fn is_page(path: &str) -> bool {
    PAGES.contains(&path) || is_page_of_one(path)
}

/// The page of one alert or group.
fn is_page_of_one(path: &str) -> bool {
    let one = path.strip_prefix("/alerts/").or_else(|| path.strip_prefix("/groups/"));
    one.is_some_and(|id| !id.is_empty() && !id.contains('/'))
}

/// A fresh nonce for each answer, so it must not be stored.
fn page() -> Response {
    let nonce = Token::random();
    let html = admin_web::index_html().replace(admin_web::NONCE_PLACEHOLDER, nonce.as_str());
    let policy = format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; \
         font-src 'self'; connect-src 'self' wss:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        nonce = nonce.as_str()
    );
    let mut response = Response::new(Body::from(html));
    let headers = response.headers_mut();
    set(headers, CONTENT_TYPE, "text/html; charset=utf-8");
    set(headers, CACHE_CONTROL, "no-store");
    set(headers, REFERRER_POLICY, "no-referrer");
    set(headers, X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(headers, HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    if let Ok(policy) = HeaderValue::try_from(policy) {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    response
}

fn file(asset: &admin_web::Asset, asked: &HeaderMap) -> Response {
    let is_known = asked.get(IF_NONE_MATCH).is_some_and(|etag| etag == asset.etag);
    let (bytes, encoding) = encoded(asset, asked);
    let mut response = Response::new(if is_known { Body::empty() } else { Body::from(bytes) });
    if is_known {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    }
    let headers = response.headers_mut();
    set(headers, CONTENT_TYPE, asset.content_type);
    set(headers, CACHE_CONTROL, if asset.immutable { "public, max-age=31536000, immutable" } else { "no-cache" });
    set(headers, X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(headers, ETAG, asset.etag);
    set(headers, VARY, "accept-encoding");
    if let Some(encoding) = encoding {
        set(headers, CONTENT_ENCODING, encoding);
    }
    response
}

fn encoded(asset: &admin_web::Asset, asked: &HeaderMap) -> (&'static [u8], Option<&'static str>) {
    let accepted = asked.get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let accepts = |encoding: &str| accepted.split(',').any(|part| part.split(';').next().unwrap_or_default().trim() == encoding);
    match asset {
        admin_web::Asset { brotli: Some(bytes), .. } if accepts("br") => (bytes, Some("br")),
        admin_web::Asset { gzip: Some(bytes), .. } if accepts("gzip") => (bytes, Some("gzip")),
        _ => (asset.bytes, None),
    }
}

fn set(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    headers.insert(name, HeaderValue::from_static(value));
}
