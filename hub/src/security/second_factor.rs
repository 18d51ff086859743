//! The second factor: time-based codes of an app (RFC 6238), and recovery codes for when the phone is gone.

use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};
use shared::Timestamp;
use totp_rs::{Builder, Secret, Totp};
use zeroize::Zeroizing;

use super::token::{code_hash, enrolment_code, random_bytes};

/// What apps show beside the code.
const ISSUER: &str = "Pregón";
const DIGITS: usize = 6;
const STEP_SECONDS: u64 = 30;
/// A phone's clock may be off by one step.
const SKEW: u16 = 1;
const RECOVERY_CODES: usize = 10;
/// The smallest side of the picture, in units of its own.
const QR_SIDE: u32 = 200;

/// 160 random bits that hub and app share.
pub type SharedSecret = Zeroizing<[u8; 20]>;

/// What an app needs to know; said while the factor is set up and never again.
pub struct Enrolment {
    /// The secret as base 32, for typing.
    pub secret: Zeroizing<String>,
    pub uri: Zeroizing<String>,
    /// The same as a picture, SVG.
    pub qr: Zeroizing<String>,
}

/// What somebody typed into the field for the code.
pub enum Typed {
    /// Six digits of an app.
    Code(Zeroizing<String>),
    /// The hash of a recovery code.
    Recovery([u8; 32]),
    Neither,
}

pub fn fresh_secret() -> SharedSecret {
    random_bytes::<20>()
}

/// Ten codes, each for one log-in.
pub fn fresh_recovery_codes() -> Vec<String> {
    std::iter::repeat_with(enrolment_code).take(RECOVERY_CODES).collect()
}

/// Tells the two kinds of codes apart, whatever spaces and dashes stand in them.
pub fn typed(text: &str) -> Typed {
    let digits: String = text.chars().take(64).filter(|c| !c.is_whitespace() && *c != '-').collect();
    if digits.len() == DIGITS && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Typed::Code(Zeroizing::new(digits));
    }
    code_hash(text).map_or(Typed::Neither, Typed::Recovery)
}

/// The step that this code belongs to, if it is one of now and later than the last that was used.
pub fn step_of(secret: &[u8; 20], code: &str, now: Timestamp, last_used: i64) -> Option<i64> {
    let seconds = u64::try_from(now.as_millis() / 1_000).ok()?;
    let step = totp(secret)?.check(code, seconds)?;
    i64::try_from(step).ok().filter(|step| *step > last_used)
}

/// How an app learns the secret.
pub fn enrolment(secret: &[u8; 20], user: &str) -> Option<Enrolment> {
    let text = Zeroizing::new(Secret::from(*secret).to_base32());
    let (issuer, user) = (escaped(ISSUER), escaped(user));
    let uri = Zeroizing::new(format!("otpauth://totp/{issuer}:{user}?secret={}&issuer={issuer}", *text));
    let picture = QrCode::with_error_correction_level(uri.as_bytes(), EcLevel::M).ok()?;
    let qr = Zeroizing::new(picture.render::<svg::Color<'_>>().min_dimensions(QR_SIDE, QR_SIDE).build());
    Some(Enrolment { secret: text, uri, qr })
}

fn totp(secret: &[u8; 20]) -> Option<Totp> {
    Builder::new().with_secret(*secret).with_skew(SKEW).with_step_duration(STEP_SECONDS).build().ok()
}

/// For a part of an address: everything but letters, digits and `-._~` as percent signs.
fn escaped(text: &str) -> String {
    let keep = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes().map(|byte| if keep(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed test may panic")]

    use super::*;

    /// The secret of RFC 6238, appendix B; its codes are the last six of the eight digits there.
    const RFC: &[u8; 20] = b"12345678901234567890";

    #[test]
    fn codes_are_those_of_the_rfc() {
        for (seconds, code) in [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (2_000_000_000, "279037")] {
            let now = Timestamp::from_millis(seconds * 1_000);
            assert_eq!(step_of(RFC, code, now, 0), Some(seconds / 30), "{seconds}");
        }
    }

    #[test]
    fn a_code_holds_a_step_before_and_after_its_time_and_once() {
        let at = |seconds: i64| Timestamp::from_millis(seconds * 1_000);
        let step = 1_234_567_890 / 30;
        let table = [(-30, Some(step)), (0, Some(step)), (30, Some(step)), (-61, None), (61, None)];
        for (shift, expected) in table {
            assert_eq!(step_of(RFC, "005924", at(1_234_567_890 + shift), 0), expected, "{shift}");
        }
        assert_eq!(step_of(RFC, "005924", at(1_234_567_890), step), None, "a replay");
        for wrong in ["005925", "5924", "+05924", "", "00592\u{664}"] {
            assert_eq!(step_of(RFC, wrong, at(1_234_567_890), 0), None, "{wrong}");
        }
    }

    #[test]
    fn what_was_typed_is_told_apart() {
        assert!(matches!(typed(" 005 924 "), Typed::Code(code) if *code == "005924"));
        let recovery = fresh_recovery_codes();
        assert_eq!(recovery.len(), 10);
        let first = recovery.first().unwrap();
        assert!(matches!(typed(&first.to_lowercase().replace('-', " ")), Typed::Recovery(hash) if code_hash(first) == Some(hash)));
        for neither in ["", "12345", "1234567", "no code at all", &"9".repeat(100_000)] {
            assert!(matches!(typed(neither), Typed::Neither));
        }
    }

    #[test]
    fn an_app_learns_the_secret_from_the_address() {
        let made = enrolment(RFC, "José: admin").unwrap();
        assert_eq!(*made.secret, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert_eq!(*made.uri, format!("otpauth://totp/Preg%C3%B3n:Jos%C3%A9%3A%20admin?secret={}&issuer=Preg%C3%B3n", *made.secret));
        assert!(made.qr.starts_with("<?xml") && made.qr.ends_with("</svg>"));
        assert_ne!(*fresh_secret(), *fresh_secret());
    }
}
