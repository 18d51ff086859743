//! The words of the window, in Spanish and English.

use chrono::{DateTime, Datelike as _, Local, TimeZone as _};
use shared::{Audience, Severity, Timestamp};

use crate::language::Language;

pub fn severity(severity: Severity, language: Language) -> &'static str {
    match severity {
        Severity::Info => language.pick("Información", "Information"),
        Severity::Warning => language.pick("Aviso", "Warning"),
        Severity::Error => language.pick("Error", "Error"),
        Severity::Critical => language.pick("Crítico", "Critical"),
    }
}

pub fn understood(language: Language) -> &'static str {
    language.pick("Entendido", "Understood")
}

pub fn drill(language: Language) -> &'static str {
    language.pick("Simulacro: es un ejercicio", "Drill: this is an exercise")
}

pub fn corrected(language: Language) -> &'static str {
    language.pick("Corregido: sustituye al aviso anterior", "Corrected: it replaces the alert before")
}

pub fn reply(language: Language) -> &'static str {
    language.pick("Responder", "Reply")
}

pub fn reply_hint(language: Language) -> &'static str {
    language.pick("Escribe una respuesta", "Write a reply")
}

pub fn counter(place: usize, total: usize, language: Language) -> String {
    format!("{place} {} {total}", language.pick("de", "of"))
}

pub fn waiting(total: usize, language: Language) -> String {
    format!("{total} {}", language.pick("avisos pendientes", "alerts waiting"))
}

pub fn window_title(language: Language) -> &'static str {
    language.pick("Pregón: aviso", "Pregón: alert")
}

pub fn audience(audience: &Audience, language: Language) -> String {
    match audience {
        Audience::Global => language.pick("para todos", "for everybody").to_owned(),
        Audience::Group { name } => format!("{} {name}", language.pick("para el grupo", "for the group")),
        Audience::Private { name } => format!("{} {name}", language.pick("solo para", "only for")),
    }
}

pub fn from(from: &str, language: Language) -> String {
    format!("{} {from}", language.pick("De", "From"))
}

/// Local time of the PC, with the date unless it is today's.
pub fn time(at: Timestamp, now: Timestamp, language: Language) -> String {
    let (Some(at), Some(now)) = (local(at), local(now)) else { return String::new() };
    let clock = at.format("%H:%M");
    if at.date_naive() == now.date_naive() {
        return format!("{} {clock}", language.pick("hoy", "today"));
    }
    match language {
        Language::Spanish => format!("{}/{}/{} {clock}", at.day(), at.month(), at.year()),
        Language::English => format!("{} {clock}", at.format("%Y-%m-%d")),
    }
}

fn local(at: Timestamp) -> Option<DateTime<Local>> {
    Local.timestamp_millis_opt(at.as_millis()).earliest()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_of_today_goes_without_its_date() {
        let now = Timestamp::from_millis(1_790_000_000_000);
        assert!(time(now, now, Language::Spanish).starts_with("hoy "));
        assert!(time(now, now.plus_millis(3 * 24 * 3_600_000), Language::English).starts_with("2026-09-2"));
        assert_eq!(counter(2, 5, Language::English), "2 of 5");
    }
}
