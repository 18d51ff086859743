//! Whether an API token is good now, at whichever door it is shown.

use shared::Timestamp;

use crate::store::{ApiToken, Store, StoreError};

/// A use of a token is noted at most this often.
const NOTE_EVERY_MS: i64 = 60_000;

/// The token of this hash, if it was made and not revoked. Its use is noted.
pub async fn of_program(store: &Store, now: Timestamp, token_hash: [u8; 32]) -> Result<Option<ApiToken>, StoreError> {
    let Some(token) = store.token(token_hash).await? else { return Ok(None) };
    let is_due = token.last_used_at.is_none_or(|used| now.millis_since(used).abs() > NOTE_EVERY_MS);
    if is_due && let Err(err) = store.touch_token(now, token.id).await {
        // What the token is used for will say why nothing can be saved.
        tracing::debug!(%err, "could not note that a token was used");
    }
    Ok(Some(token))
}
