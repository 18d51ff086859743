//! Why there is no link, for the log in English and for people in their language.

use std::io;
use std::time::Duration;

use shared::wire::to_agent::{Rejected, Rejection};

use super::address::Address;
use super::backoff::Pace;
use crate::language::Language;

/// Why a link did not come up or ended.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    #[error("ip.txt names no hub")]
    NoAddress,
    #[error("{}", io_words(*.0, Language::English).unwrap_or(.1))]
    Unreachable(io::ErrorKind, String),
    #[error("no answer in time")]
    Slow,
    #[error("the hub's certificate is not the pinned one: {0}")]
    Certificate(String),
    /// More often than not it is the PC's clock that is wrong.
    #[error("the hub's certificate is out of date by this PC's clock")]
    OutOfDate,
    #[error("no hub of Pregón answers there: {0}")]
    NoHub(String),
    #[error("refused: {}{}", .0.reason.as_str(), .0.detail.as_ref().map(|detail| format!(" ({detail})")).unwrap_or_default())]
    Rejected(Rejected),
    #[error("the hub went silent")]
    Silent,
    #[error("the hub closed the link")]
    Closed,
    #[error("the hub is restarting")]
    Drained(Duration),
    #[error("the link broke: {0}")]
    Broken(String),
}

/// One address that was tried, and why it did not do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    pub address: Option<Address>,
    pub trouble: Trouble,
}

impl Trouble {
    pub fn pace(&self) -> Pace {
        match self {
            Self::Drained(wait) => Pace::After(*wait),
            Self::Rejected(Rejected { reason: Rejection::WrongKey | Rejection::UnknownClient | Rejection::Revoked, .. }) => Pace::Long,
            Self::Rejected(Rejected { retry_after_s: Some(seconds), .. }) => Pace::After(Duration::from_secs(*seconds)),
            _ => Pace::Growing,
        }
    }

    /// For the tooltip and the status line.
    pub fn in_words(&self, language: Language) -> String {
        if language == Language::English {
            return match self {
                Self::Rejected(rejected) => rejected_words(rejected.reason, language).to_owned(),
                other => other.to_string(),
            };
        }
        match self {
            Self::NoAddress => "ip.txt no nombra ningún servidor".into(),
            Self::Unreachable(kind, text) => io_words(*kind, language).unwrap_or(text).to_owned(),
            Self::Slow => "no responde a tiempo".into(),
            Self::Certificate(_) => "el certificado del servidor no es el fijado".into(),
            Self::OutOfDate => "el certificado del servidor está fuera de fecha según el reloj de este equipo".into(),
            Self::NoHub(_) => "ahí no responde un servidor de Pregón".into(),
            Self::Rejected(rejected) => rejected_words(rejected.reason, language).to_owned(),
            Self::Silent => "el servidor no da señales".into(),
            Self::Closed => "el servidor cerró la conexión".into(),
            Self::Drained(_) => "el servidor se está reiniciando".into(),
            Self::Broken(_) => "la conexión se cortó".into(),
        }
    }
}

fn rejected_words(reason: Rejection, language: Language) -> &'static str {
    let (spanish, english) = match reason {
        Rejection::WrongKey => {
            ("clave no aceptada: hay que volver a dar de alta este equipo", "key not accepted: this PC must be enrolled again")
        }
        Rejection::UnknownClient => ("equipo desconocido: hay que darlo de alta", "unknown client: this PC must be enrolled"),
        Rejection::Revoked => ("este equipo fue dado de baja", "this client was revoked"),
        Rejection::BadCode => ("el código de alta no vale", "the enrolment code is not valid"),
        Rejection::Banned => ("esta dirección está bloqueada", "this address is banned"),
        Rejection::NameInUse => ("otro equipo está conectado con este nombre", "another PC is connected under this name"),
        Rejection::BadRequest => ("el servidor no entendió la petición", "the hub did not understand the request"),
        Rejection::Timeout => ("el servidor se cansó de esperar", "the hub grew tired of waiting"),
        Rejection::Other => ("el servidor rechazó la conexión", "the hub refused the connection"),
    };
    language.pick(spanish, english)
}

fn io_words(kind: io::ErrorKind, language: Language) -> Option<&'static str> {
    let (spanish, english) = match kind {
        io::ErrorKind::ConnectionRefused => ("conexión rechazada", "connection refused"),
        io::ErrorKind::ConnectionReset => ("conexión cortada", "connection reset"),
        io::ErrorKind::HostUnreachable => ("no hay ruta hasta el equipo", "host unreachable"),
        io::ErrorKind::NetworkUnreachable => ("no hay red", "network unreachable"),
        io::ErrorKind::TimedOut => ("no responde a tiempo", "no answer in time"),
        io::ErrorKind::UnexpectedEof => ("cerró sin responder", "closed without an answer"),
        _ => return None,
    };
    Some(language.pick(spanish, english))
}
