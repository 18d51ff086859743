//! The words of mail, in the languages that it is written in.

use shared::Severity;

use crate::store::Occasion;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    Spanish,
    English,
}

impl Language {
    pub fn of(word: &str) -> Self {
        if word == "en" { Self::English } else { Self::Spanish }
    }

    pub fn tag(self) -> &'static str {
        self.pick("es", "en")
    }

    fn pick(self, spanish: &'static str, english: &'static str) -> &'static str {
        match self {
            Self::Spanish => spanish,
            Self::English => english,
        }
    }

    pub fn severity(self, severity: Severity) -> &'static str {
        match severity {
            Severity::Info => self.pick("Información", "Information"),
            Severity::Warning => self.pick("Aviso", "Warning"),
            Severity::Error => self.pick("Error", "Error"),
            Severity::Critical => self.pick("Crítico", "Critical"),
        }
    }

    pub fn occasion(self, occasion: Occasion) -> &'static str {
        match occasion {
            Occasion::Event => self.pick("Ha llegado un evento a Pregón.", "An event has reached Pregón."),
            Occasion::Escalation => self.pick("Una alerta no se ha visto a tiempo.", "An alert was not seen in time."),
            Occasion::Security => self.pick("Pregón ha notado algo sospechoso.", "Pregón has noticed something suspicious."),
            Occasion::Test => self.pick("Este correo es una prueba; no ha pasado nada.", "This mail is a test; nothing has happened."),
        }
    }

    /// A fact by its word; what is no word of ours is a label of the sensor, and stays as it is.
    pub fn fact(self, word: &str) -> &str {
        match word {
            "event" => self.pick("Evento", "Event"),
            "alert" => self.pick("Alerta", "Alert"),
            "channel" => self.pick("Canal", "Channel"),
            "source" => self.pick("Origen", "Source"),
            "address" => self.pick("Dirección", "Address"),
            "reason" => self.pick("Motivo", "Reason"),
            "rule" => self.pick("Regla", "Rule"),
            "recipients" => self.pick("Destinatarios", "Recipients"),
            "sender" => self.pick("Remitente", "Sender"),
            "audience" => self.pick("Para", "To"),
            "seen" => self.pick("Visto por", "Seen by"),
            "dismissed" => self.pick("Cerrado por", "Dismissed by"),
            "unseen" => self.pick("Sin verlo", "Not seen by"),
            "count" => self.pick("Veces", "Times"),
            other => other,
        }
    }

    pub fn severity_label(self) -> &'static str {
        self.pick("Severidad", "Severity")
    }

    pub fn time_label(self) -> &'static str {
        self.pick("Hora", "Time")
    }

    pub fn many(self, count: u64) -> String {
        match self {
            Self::Spanish => format!("{count} avisos"),
            Self::English => format!("{count} notices"),
        }
    }

    pub fn gathered(self) -> &'static str {
        self.pick(
            "Llegaron muchos en poco tiempo y van juntos en un solo correo.",
            "Many came in a short time; they are gathered in one mail.",
        )
    }

    pub fn more(self, count: u64) -> String {
        match self {
            Self::Spanish => format!("… y {count} más; están en el panel."),
            Self::English => format!("… and {count} more; they are in the panel."),
        }
    }

    pub fn test_subject(self) -> &'static str {
        self.pick("Prueba de correo", "Test of mail")
    }

    pub fn footer(self) -> &'static str {
        self.pick("Enviado por Pregón. No hace falta responder.", "Sent by Pregón. No answer is needed.")
    }
}
