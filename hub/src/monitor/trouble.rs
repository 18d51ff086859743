//! What keeps the hub from its promise, or soon will: each with a code, words, and what to do.
//!
//! Everybody may read this (`/readyz`): no names, no addresses of people.

use serde::Serialize;
use shared::{Severity, Timestamp};

use super::doors::Shut;
use super::room;
use crate::store::StoreError;

/// Which trouble; stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TroubleCode {
    /// A commit failed for good: nothing is saved until a restart.
    SavingStopped,
    DiskFull,
    /// The last commit failed for another reason.
    CannotSave,
    ShuttingDown,
    ListenerDead,
    CertificateEnded,
    CertificateEnds,
    DiskCritical,
    DiskLow,
    MailStuck,
}

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TroubleLevel {
    /// The promise does not hold: `/readyz` answers 503.
    Broken,
    /// It will break unless somebody does something.
    Warning,
}

/// Something that keeps the hub from its promise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Trouble {
    pub code: TroubleCode,
    pub level: TroubleLevel,
    /// What is wrong, for a person.
    pub detail: String,
    /// What to do about it.
    pub advice: &'static str,
    /// The number in it: MiB that are free, days that are left, mails that wait.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<i64>,
    /// The setting that it is about: which listener.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub about: Option<&'static str>,
    /// When it began.
    pub since: Timestamp,
}

impl Trouble {
    pub fn is_broken(&self) -> bool {
        self.level == TroubleLevel::Broken
    }

    /// Two of the same key are the same trouble, whatever their numbers.
    pub fn key(&self) -> (TroubleCode, Option<&'static str>) {
        (self.code, self.about)
    }

    /// How grave its event is.
    pub fn severity(&self) -> Severity {
        match self.code {
            TroubleCode::DiskLow | TroubleCode::MailStuck => Severity::Warning,
            _ => Severity::Error,
        }
    }
}

/// A server certificate with fewer days left was not renewed when it should have been.
const RENEWAL_DAYS: i64 = 21;
const MEBIBYTE: u64 = 1024 * 1024;

/// What is known about a hub at a moment.
#[derive(Debug, Default)]
pub struct Findings {
    pub halted: Option<String>,
    pub saving: Option<StoreError>,
    pub is_stopping: bool,
    pub shut: Vec<Shut>,
    pub days_left: Option<i64>,
    pub free: Option<u64>,
    pub stuck_mails: u32,
}

/// The troubles in it, the gravest first.
pub fn judge(found: &Findings, now: Timestamp) -> Vec<Trouble> {
    let mut troubles: Vec<Trouble> = found.shut.iter().filter(|_| !found.is_stopping).map(|shut| listener(shut, now)).collect();
    troubles.extend(saving(found, now));
    troubles.extend(found.is_stopping.then(|| stopping(now)));
    troubles.extend(found.days_left.and_then(|days| certificate(days, now)));
    troubles.extend(found.free.and_then(|free| disk(free, now)));
    troubles.extend((found.stuck_mails > 0).then(|| mail(found.stuck_mails, now)));
    troubles.sort_by_key(|trouble| (trouble.level, trouble.key()));
    troubles
}

fn trouble(code: TroubleCode, level: TroubleLevel, detail: String, advice: &'static str, since: Timestamp) -> Trouble {
    Trouble { code, level, detail, advice, value: None, about: None, since }
}

fn saving(found: &Findings, now: Timestamp) -> Option<Trouble> {
    if let Some(reason) = &found.halted {
        let advice = "look at the disk (dmesg), then restart the hub";
        return Some(trouble(TroubleCode::SavingStopped, TroubleLevel::Broken, format!("nothing can be saved: {reason}"), advice, now));
    }
    let err = found.saving.as_ref()?;
    let (code, advice) = match err.is_disk_full() {
        true => (
            TroubleCode::DiskFull,
            "make room where the data folder is, or raise the quota or the limit for files; the hub goes on by itself",
        ),
        false => (TroubleCode::CannotSave, "look into server.log and at the disk; the hub goes on by itself once a save succeeds"),
    };
    Some(trouble(code, TroubleLevel::Broken, err.to_string(), advice, now))
}

fn stopping(now: Timestamp) -> Trouble {
    trouble(TroubleCode::ShuttingDown, TroubleLevel::Broken, "the hub is shutting down".into(), "wait until it is back", now)
}

fn listener(shut: &Shut, now: Timestamp) -> Trouble {
    let advice = match shut.for_good {
        true => "restart the hub, and look into server.log",
        false => "allow the hub more open files (LimitNOFILE), or end what holds its connections",
    };
    let detail = format!("{} accepts nobody: {}", shut.name, shut.reason);
    Trouble { about: Some(shut.name), ..trouble(TroubleCode::ListenerDead, TroubleLevel::Broken, detail, advice, now) }
}

fn certificate(days: i64, now: Timestamp) -> Option<Trouble> {
    let (code, level, detail) = match days {
        ..0 => (TroubleCode::CertificateEnded, TroubleLevel::Broken, "the server certificate has ended: nobody new can connect".to_owned()),
        _ if days < RENEWAL_DAYS => {
            (TroubleCode::CertificateEnds, TroubleLevel::Warning, format!("the server certificate ends in {days} days"))
        }
        _ => return None,
    };
    let advice = "look into server.log why it was not renewed; is the clock right, can tls/ be written?";
    Some(Trouble { value: Some(days), ..trouble(code, level, detail, advice, now) })
}

fn disk(free: u64, now: Timestamp) -> Option<Trouble> {
    let code = match free {
        ..room::CRITICAL => TroubleCode::DiskCritical,
        room::CRITICAL..room::LOW => TroubleCode::DiskLow,
        _ => return None,
    };
    let free = free / MEBIBYTE;
    let advice = "make room where the data folder is: a hub that cannot save accepts no alerts";
    let value = i64::try_from(free).ok();
    Some(Trouble { value, ..trouble(code, TroubleLevel::Warning, format!("{free} MiB are free on the disk"), advice, now) })
}

fn mail(count: u32, now: Timestamp) -> Trouble {
    let detail = format!("{count} mails were tried again and again and still wait");
    let advice = "see what the mail server answers on the Mail tab, and send a test mail there";
    let value = Some(i64::from(count));
    Trouble { value, ..trouble(TroubleCode::MailStuck, TroubleLevel::Warning, detail, advice, now) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_found_is_trouble_by_this_table() {
        use TroubleCode as C;
        let full = || Some(StoreError::Overloaded("the disk is full".into()));
        let shut = || vec![Shut { name: "events.listen", reason: "too many open files".into(), for_good: false }];
        let table = [
            (Findings::default(), vec![]),
            (Findings { saving: full(), free: Some(0), ..Findings::default() }, vec![C::DiskFull, C::DiskCritical]),
            (Findings { saving: Some(StoreError::Overloaded("busy".into())), ..Findings::default() }, vec![C::CannotSave]),
            (Findings { halted: Some("sync".into()), saving: full(), ..Findings::default() }, vec![C::SavingStopped]),
            (Findings { shut: shut(), ..Findings::default() }, vec![C::ListenerDead]),
            (Findings { shut: shut(), is_stopping: true, ..Findings::default() }, vec![C::ShuttingDown]),
            (Findings { days_left: Some(21), free: Some(room::LOW), ..Findings::default() }, vec![]),
            (Findings { days_left: Some(20), free: Some(room::LOW - 1), ..Findings::default() }, vec![C::CertificateEnds, C::DiskLow]),
            (Findings { days_left: Some(-1), stuck_mails: 3, ..Findings::default() }, vec![C::CertificateEnded, C::MailStuck]),
        ];
        for (found, expected) in table {
            let troubles = judge(&found, Timestamp::from_millis(0));
            assert_eq!(troubles.iter().map(|trouble| trouble.code).collect::<Vec<_>>(), expected, "{found:?}");
            assert!(troubles.iter().all(|trouble| !trouble.detail.is_empty() && !trouble.advice.is_empty()));
        }
    }
}
