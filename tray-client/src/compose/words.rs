//! The words of the window to write in, in Spanish and English.

use shared::wire::limits;

use crate::language::Language;

pub fn title(language: Language) -> &'static str {
    language.pick("Escribir a la central", "Write to head office")
}

pub fn what_happens(language: Language) -> &'static str {
    language.pick(
        "Lo leen los técnicos. Si contestan, la respuesta sale en esta pantalla como un aviso.",
        "The technicians read it. If they answer, the answer comes to this screen as an alert.",
    )
}

pub fn hint(language: Language) -> &'static str {
    language.pick("¿Qué ocurre?", "What is the matter?")
}

pub fn send(language: Language) -> &'static str {
    language.pick("Enviar", "Send")
}

pub fn shortcut(language: Language) -> &'static str {
    language.pick("Ctrl+Intro", "Ctrl+Enter")
}

pub fn counter(count: usize) -> String {
    format!("{count} / {}", limits::BRANCH_MESSAGE_CHARS)
}

pub fn excess(count: usize, language: Language) -> String {
    match language {
        Language::Spanish if count == 1 => "Sobra 1 carácter".into(),
        Language::Spanish => format!("Sobran {count} caracteres"),
        Language::English if count == 1 => "1 character too many".into(),
        Language::English => format!("{count} characters too many"),
    }
}

pub fn offline(language: Language) -> &'static str {
    language.pick("Sin conexión: se enviará en cuanto la haya", "No connection: it will be sent as soon as there is one")
}

pub fn no_agent(language: Language) -> &'static str {
    language.pick("El agente está parado: se enviará cuando arranque", "The agent is stopped: it will be sent when it runs")
}

pub fn discard_question(language: Language) -> &'static str {
    language.pick("¿Cerrar sin enviar? Se pierde lo que has escrito.", "Close without sending? What you have written is lost.")
}

pub fn discard(language: Language) -> &'static str {
    language.pick("Descartar", "Discard")
}

pub fn keep_writing(language: Language) -> &'static str {
    language.pick("Seguir escribiendo", "Keep writing")
}

pub fn queued(language: Language) -> &'static str {
    language.pick("En cola", "Queued")
}

pub fn queued_detail(language: Language) -> &'static str {
    language.pick(
        "Está guardado en este equipo y se enviará en cuanto haya conexión. Puedes cerrar esta ventana.",
        "It is kept on this PC and will be sent as soon as there is a connection. You may close this window.",
    )
}

pub fn sent(language: Language) -> &'static str {
    language.pick("Enviado", "Sent")
}

pub fn sent_detail(language: Language) -> &'static str {
    language.pick("La central lo ha recibido.", "The head office has it.")
}

pub fn another(language: Language) -> &'static str {
    language.pick("Escribir otro", "Write another")
}

pub fn close(language: Language) -> &'static str {
    language.pick("Cerrar", "Close")
}
