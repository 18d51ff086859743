//! `/api/account/totp`: one's own second factor; and `/api/users/{name}/totp`, where admin takes away another's.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use shared::Timestamp;
use zeroize::Zeroizing;

use super::auth::{Administrator, Caller, Present};
use super::extract::{self, Body, Path};
use super::problem::Problem;
use crate::hub::Hub;
use crate::security::attempts::{CODES, Who};
use crate::security::seal;
use crate::security::second_factor::{self, SharedSecret, Typed};
use crate::security::token::code_hash;
use crate::store::SecondFactor;

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct TotpState {
    pub enabled: bool,
    /// The settings want it of this role.
    pub required: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
    pub recovery_codes_left: u32,
}

/// What an app needs; said this once.
#[derive(Serialize, utoipa::ToSchema)]
pub struct TotpEnrolment {
    /// Base 32, for typing.
    pub secret: String,
    /// `otpauth://…`
    pub uri: String,
    /// The same as a picture, SVG.
    pub qr: String,
}

#[derive(Deserialize, utoipa::ToSchema)]
pub struct TotpCode {
    /// Six digits that the app shows now.
    pub code: String,
}

/// One of the two proves that it is the owner who asks.
#[derive(Deserialize, utoipa::ToSchema)]
pub struct Reproof {
    /// A code of the app, or a recovery code.
    pub code: Option<String>,
    pub password: Option<String>,
}

/// Said once; each is good for one log-in.
#[derive(Serialize, utoipa::ToSchema)]
pub struct RecoveryCodes {
    pub recovery_codes: Vec<String>,
}

/// What a right code was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    OfApp,
    /// One of the recovery codes; so many are left.
    Recovery(u32),
}

/// One's own second factor.
#[utoipa::path(get, path = "/api/account/totp", tag = "account", responses((status = 200, body = TotpState)))]
pub async fn show(State(hub): State<Arc<Hub>>, Present(caller): Present) -> Result<Json<TotpState>, Problem> {
    let factor = hub.store.second_factor(caller.own_login()?.user).await?.filter(|factor| factor.confirmed_at.is_some());
    Ok(Json(TotpState {
        enabled: factor.is_some(),
        required: hub.config.auth.requires_totp(caller.role),
        since: factor.as_ref().and_then(|factor| factor.confirmed_at),
        recovery_codes_left: factor.map_or(0, |factor| factor.codes_left),
    }))
}

/// Begin to set up a second factor; it counts once a code of it was confirmed.
#[utoipa::path(post, path = "/api/account/totp", tag = "account",
    responses((status = 200, body = TotpEnrolment), (status = 409, body = Problem)))]
pub async fn begin(State(hub): State<Arc<Hub>>, Present(caller): Present) -> Result<Json<TotpEnrolment>, Problem> {
    let user = caller.own_login()?.user;
    let secret = second_factor::fresh_secret();
    let sealed = seal::seal(hub.secrets.pepper(), &place(user), secret.as_slice())?;
    hub.store.begin_second_factor(hub.clock.now(), &caller.actor(), user, sealed).await?;
    let made =
        second_factor::enrolment(&secret, &caller.name).ok_or_else(|| Problem::conflict("the user's name does not fit into a picture"))?;
    Ok(Json(TotpEnrolment { secret: made.secret.to_string(), uri: made.uri.to_string(), qr: made.qr.to_string() }))
}

/// A code of the app proves that it has the secret; from now on the log-in asks for one.
#[utoipa::path(post, path = "/api/account/totp/confirm", tag = "account", request_body = TotpCode,
    responses((status = 200, body = RecoveryCodes), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn confirm(
    State(hub): State<Arc<Hub>>,
    Present(caller): Present,
    Body(request): Body<TotpCode>,
) -> Result<Json<RecoveryCodes>, Problem> {
    let user = caller.own_login()?.user;
    let pending = hub.store.second_factor(user).await?.filter(|factor| factor.confirmed_at.is_none());
    let factor = pending.ok_or_else(|| Problem::conflict("no second factor is being set up"))?;
    let Typed::Code(code) = second_factor::typed(&request.code) else { return Err(wrong_code()) };
    let who = Who::Factor(user);
    hub.attempts.begin(who.clone(), &CODES, hub.clock.now())?;
    let step =
        second_factor::step_of(&*secret_of(&hub, user, &factor)?, &code, hub.clock.now(), factor.last_step).ok_or_else(wrong_code)?;
    hub.attempts.clear(&who);
    let (codes, hashes) = fresh_codes();
    hub.store.confirm_second_factor(hub.clock.now(), &caller.actor(), user, step, hashes).await?;
    Ok(Json(RecoveryCodes { recovery_codes: codes }))
}

/// Switch one's second factor off, with a code or the password.
#[utoipa::path(post, path = "/api/account/totp/disable", tag = "account", request_body = Reproof,
    responses((status = 204), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn disable(State(hub): State<Arc<Hub>>, Present(caller): Present, Body(reproof): Body<Reproof>) -> Result<StatusCode, Problem> {
    prove_again(&hub, &caller, reproof).await?;
    hub.store.remove_second_factor(hub.clock.now(), &caller.actor(), caller.own_login()?.user).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// New recovery codes instead of the old ones, with a code or the password.
#[utoipa::path(post, path = "/api/account/totp/recovery-codes", tag = "account", request_body = Reproof,
    responses((status = 200, body = RecoveryCodes), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn renew_codes(
    State(hub): State<Arc<Hub>>,
    Present(caller): Present,
    Body(reproof): Body<Reproof>,
) -> Result<Json<RecoveryCodes>, Problem> {
    prove_again(&hub, &caller, reproof).await?;
    let (codes, hashes) = fresh_codes();
    hub.store.replace_recovery_codes(hub.clock.now(), &caller.actor(), caller.own_login()?.user, hashes).await?;
    Ok(Json(RecoveryCodes { recovery_codes: codes }))
}

/// Take away the second factor of a user who lost it; their log-ins end.
#[utoipa::path(delete, path = "/api/users/{name}/totp", tag = "users", params(("name" = String, Path)),
    responses((status = 204), (status = 404, body = Problem)))]
pub async fn reset(
    State(hub): State<Arc<Hub>>,
    Administrator(caller): Administrator,
    Path(name): Path<String>,
) -> Result<StatusCode, Problem> {
    let name = extract::name("name", &name)?;
    // From a browser admin has a way of their own; on the hub's machine there is this one.
    if super::users::is_admin(&name) && caller.login.is_some() {
        return Err(Problem::forbidden(
            "use your own account for your own second factor, or `pregon-hub user reset-totp admin` on the hub's machine",
        ));
    }
    let user = hub.store.reset_second_factor(hub.clock.now(), &caller.actor(), &name).await?;
    hub.panels.end_user(user);
    Ok(StatusCode::NO_CONTENT)
}

/// Whether somebody typed a right code of this user's second factor, which is used up by that.
pub async fn prove(hub: &Hub, user: i64, text: &str) -> Result<Option<Proof>, Problem> {
    let Some(factor) = hub.store.second_factor(user).await?.filter(|factor| factor.confirmed_at.is_some()) else { return Ok(None) };
    let (who, now) = (Who::Factor(user), hub.clock.now());
    hub.attempts.begin(who.clone(), &CODES, now)?;
    let proof = match second_factor::typed(text) {
        Typed::Code(code) => match second_factor::step_of(&*secret_of(hub, user, &factor)?, &code, now, factor.last_step) {
            Some(step) if hub.store.spend_step(user, step).await? => Some(Proof::OfApp),
            _ => None,
        },
        Typed::Recovery(hash) if hub.store.spend_recovery_code(now, user, hash).await? => {
            Some(Proof::Recovery(factor.codes_left.saturating_sub(1)))
        }
        Typed::Recovery(_) | Typed::Neither => None,
    };
    if proof.is_some() {
        hub.attempts.clear(&who);
    }
    Ok(proof)
}

/// An unattended browser must not be enough to weaken an account.
async fn prove_again(hub: &Hub, caller: &Caller, reproof: Reproof) -> Result<(), Problem> {
    let login = caller.own_login()?;
    if !login.has_totp {
        return Err(Problem::not_found("the second factor"));
    }
    match reproof {
        Reproof { code: Some(code), .. } => match prove(hub, login.user, &code).await? {
            Some(_) => Ok(()),
            None => Err(wrong_code()),
        },
        Reproof { password: Some(password), .. } => super::account::check_own_password(hub, caller, password, "password").await,
        Reproof { code: None, password: None } => Err(Problem::field("code", "say a code or the password")),
    }
}

fn wrong_code() -> Problem {
    Problem::field("code", "is not the code of now, or was used already")
}

fn secret_of(hub: &Hub, user: i64, factor: &SecondFactor) -> Result<SharedSecret, Problem> {
    let opened = seal::open(hub.secrets.pepper(), &place(user), &factor.secret)?;
    Ok(Zeroizing::new(<[u8; 20]>::try_from(opened.as_slice()).map_err(|_| seal::Unreadable)?))
}

/// What a sealed secret belongs to.
fn place(user: i64) -> String {
    format!("totp {user}")
}

fn fresh_codes() -> (Vec<String>, Vec<[u8; 32]>) {
    let codes = second_factor::fresh_recovery_codes();
    let hashes = codes.iter().filter_map(|code| code_hash(code)).collect();
    (codes, hashes)
}
