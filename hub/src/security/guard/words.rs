//! What a mail about the guard is called.

use std::net::IpAddr;

use hub_core::guard::{Kind, Level};

/// `HIGH: inyección SQL desde 203.0.113.9`.
pub(super) fn subject(language: &str, level: Level, kind: Kind, address: IpAddr) -> String {
    let level = level.as_str().to_uppercase();
    match language {
        "en" => format!("{level}: {} from {address}", english(kind)),
        _ => format!("{level}: {} desde {address}", spanish(kind)),
    }
}

fn spanish(kind: Kind) -> &'static str {
    match kind {
        Kind::SqlInjection => "inyección SQL",
        Kind::ScriptInjection => "inyección de código",
        Kind::PathTraversal => "salto de carpeta",
        Kind::Scanner => "escáner",
        Kind::Login => "inicios de sesión fallidos",
        Kind::WrongKey => "clave de equipo errónea",
        Kind::WrongCode => "código de alta erróneo",
        Kind::WrongToken => "token erróneo",
        Kind::Malformed => "conexiones mal formadas",
        Kind::Flood => "avalancha de peticiones",
        Kind::Slow => "conexiones que nunca acaban",
        Kind::Ban => "dirección bloqueada, ataques",
    }
}

fn english(kind: Kind) -> &'static str {
    match kind {
        Kind::SqlInjection => "SQL injection",
        Kind::ScriptInjection => "script injection",
        Kind::PathTraversal => "path traversal",
        Kind::Scanner => "a scanner",
        Kind::Login => "failed log-ins",
        Kind::WrongKey => "a wrong key of a PC",
        Kind::WrongCode => "a wrong enrolment code",
        Kind::WrongToken => "a wrong token",
        Kind::Malformed => "malformed connections",
        Kind::Flood => "a flood of requests",
        Kind::Slow => "connections that never end what they begin",
        Kind::Ban => "an address was banned, attacks",
    }
}
