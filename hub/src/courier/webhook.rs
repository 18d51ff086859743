//! A call of a webhook: signed as Standard Webhooks says, never redirected, over before its deadline.

use std::sync::{Arc, OnceLock};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use hmac::{Hmac, KeyInit as _, Mac as _};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::{Request, StatusCode, Uri, header};
use hyper_util::rt::TokioIo;
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, ServerName};
use serde_json::json;
use sha2::Sha256;
use shared::{Name, Timestamp, text};
use tokio_rustls::TlsConnector;

use super::reach;
use crate::config::Webhooks;
use crate::hub::Hub;
use crate::store::{Letter, Parcel, StoreError, Webhook};

/// What is read of an answer.
const ANSWER_BYTES: usize = 16 * 1024;
const ANSWER_CHARS: usize = 200;

/// What a secret begins with, as Standard Webhooks writes it.
pub const SECRET_PREFIX: &str = "whsec_";

/// The settings of TLS, read from the system once.
pub type Roots = OnceLock<Result<Arc<ClientConfig>, String>>;

/// What a program answered to a parcel.
pub async fn call(hub: &Hub, parcel: &Parcel) -> Result<String, String> {
    let name = Name::parse(&parcel.recipient).map_err(|err| err.to_string())?;
    let webhook = match hub.store.webhook(&name).await {
        Ok(webhook) => webhook,
        Err(StoreError::Missing(_)) => return Err("the webhook was removed".into()),
        Err(err) => return Err(err.to_string()),
    };
    let row = parcel.rows.first();
    let letter = parcel.letters.first().ok_or("an empty parcel")?;
    let about = (row.and_then(|row| row.event), row.and_then(|row| row.alert).map(|id| id.to_string()));
    tell(hub, &webhook, &parcel.key, letter, about).await
}

/// Tells one letter to one program; `id` is the same for every attempt.
pub async fn tell(
    hub: &Hub,
    webhook: &Webhook,
    id: &str,
    letter: &Letter,
    (event, alert): (Option<i64>, Option<String>),
) -> Result<String, String> {
    let facts: serde_json::Map<String, serde_json::Value> =
        letter.facts.iter().map(|(name, value)| (name.clone(), value.as_str().into())).collect();
    let body = json!({
        "type": letter.occasion, "severity": letter.severity, "subject": letter.subject, "text": letter.text,
        "facts": facts, "at": letter.at, "event_id": event, "alert_id": alert,
    });
    let limit = hub.config.webhooks.timeout;
    let roots = hub.courier.roots.get_or_init(|| trust(&hub.config.webhooks)).clone()?;
    let request = signed(webhook, id, hub.clock.now(), body.to_string())?;
    match tokio::time::timeout(limit, Box::pin(exchange(webhook, roots, request))).await {
        Ok(answered) => answered,
        Err(_) => Err(format!("no answer within {} s", limit.as_secs())),
    }
}

fn signed(webhook: &Webhook, id: &str, now: Timestamp, body: String) -> Result<Request<Full<Bytes>>, String> {
    let uri: Uri = webhook.url.parse().map_err(|_| "the URL is not right".to_owned())?;
    let authority = uri.authority().map(ToString::to_string).unwrap_or_default();
    let seconds = now.as_millis().div_euclid(1_000);
    let signature = signature(&webhook.secret, id, seconds, &body)?;
    Request::post(uri.path_and_query().map_or("/", |path| path.as_str()))
        .header(header::HOST, authority)
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::USER_AGENT, concat!("Pregon/", env!("CARGO_PKG_VERSION")))
        .header(header::CONNECTION, "close")
        .header("webhook-id", id)
        .header("webhook-timestamp", seconds)
        .header("webhook-signature", signature)
        .body(Full::new(Bytes::from(body)))
        .map_err(|err| err.to_string())
}

/// `v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body`.
pub fn signature(secret: &str, id: &str, seconds: i64, body: &str) -> Result<String, String> {
    let key = secret_bytes(secret).ok_or("the secret is damaged")?;
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).map_err(|err| err.to_string())?;
    mac.update(format!("{id}.{seconds}.{body}").as_bytes());
    Ok(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())))
}

/// The key that a secret stands for, if it is one.
pub fn secret_bytes(secret: &str) -> Option<Vec<u8>> {
    let key = STANDARD.decode(secret.strip_prefix(SECRET_PREFIX)?).ok()?;
    (24..=64).contains(&key.len()).then_some(key)
}

async fn exchange(webhook: &Webhook, roots: Arc<ClientConfig>, request: Request<Full<Bytes>>) -> Result<String, String> {
    let uri: Uri = webhook.url.parse().map_err(|_| "the URL is not right".to_owned())?;
    let host = uri.host().ok_or("the URL has no host")?;
    let stream = reach::connect(host, uri.port_u16().unwrap_or(443), webhook.allow_private).await?;
    let bare = host.trim_start_matches('[').trim_end_matches(']').to_owned();
    let name = ServerName::try_from(bare).map_err(|err| err.to_string())?;
    let stream = TlsConnector::from(roots).connect(name, stream).await.map_err(|err| format!("no TLS with {host}: {err}"))?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(|err| err.to_string())?;
    let answer = async move {
        let response = sender.send_request(request).await.map_err(|err| format!("no answer: {err}"))?;
        let status = response.status();
        let body = Limited::new(response.into_body(), ANSWER_BYTES).collect().await;
        let body = body.map(|body| String::from_utf8_lossy(&body.to_bytes()).into_owned()).unwrap_or_default();
        judged(status, &body)
    };
    // The connection is driven as long as the answer is awaited, and dropped with it.
    tokio::pin!(answer);
    tokio::select! {
        answered = &mut answer => answered,
        ended = connection => match ended {
            Ok(()) => answer.await,
            Err(err) => Err(format!("the connection broke: {err}")),
        },
    }
}

fn judged(status: StatusCode, body: &str) -> Result<String, String> {
    let words = text::one_line(text::cut(&format!("{status} {body}"), ANSWER_CHARS));
    if status.is_success() {
        return Ok(words);
    }
    let why = if status.is_redirection() { "redirects, which are not followed: " } else { "answered " };
    Err(format!("{why}{words}"))
}

/// The authorities of the system, and the one of the settings.
fn trust(settings: &Webhooks) -> Result<Arc<ClientConfig>, String> {
    let mut roots = RootCertStore::empty();
    let (_, unusable) = roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if let Some(path) = &settings.ca {
        let found = CertificateDer::pem_file_iter(path).map_err(|err| format!("webhooks.ca cannot be read: {err}"))?;
        roots.add_parsable_certificates(found.flatten());
    }
    tracing::debug!(authorities = roots.len(), unusable, "trusted for webhooks");
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().map_err(|err| err.to_string())?;
    Ok(Arc::new(builder.with_root_certificates(roots).with_no_client_auth()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_signed_as_the_standard_says() {
        // The example of the Standard Webhooks specification's reference libraries.
        let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        let signed = signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#);
        assert_eq!(signed.as_deref(), Ok("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="));
        for wrong in ["", "whsec_", "whsec_c2hvcnQ=", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_?"] {
            assert_eq!(secret_bytes(wrong), None, "{wrong}");
        }
    }
}
