//! One mail to one mailbox: built, handed to the mail server, and what the server answered.
//!
//! A reason never holds the password: it is taken out of whatever a server echoes.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::response::Response;
use lettre::{Address, Message};
use sha2::{Digest as _, Sha256};
use shared::{Severity, Timestamp, text};
use tokio::net::TcpStream;

use super::metered::Metered;
use super::words::Language;
use super::{letter, machine_name};
use crate::config::Smtp;
use crate::store::{Letter, Occasion};

const DETAIL_CHARS: usize = 500;

/// Why a mail was not taken, in words for an administrator.
type Reason = String;

/// Sends mail as the settings say.
pub struct Mailer<'a> {
    settings: &'a Smtp,
}

impl<'a> Mailer<'a> {
    pub fn new(settings: &'a Smtp) -> Self {
        Self { settings }
    }

    /// Mails letters to one mailbox as one mail: what the server answered. The same `epoch` and `key` make the same
    /// Message-ID, however often it is tried.
    pub async fn send(&self, epoch: &str, recipient: &str, key: &str, letters: &[Letter]) -> Result<String, Reason> {
        if !self.settings.is_configured() {
            return Err("mail is not configured: set smtp.host".into());
        }
        let message = self.message(recipient, &message_id(epoch, key), letters)?;
        let limit = self.settings.timeout;
        let handed_over = tokio::time::timeout(limit, Box::pin(self.hand_over(&message))).await;
        match handed_over {
            Ok(Ok(response)) => Ok(self.clean(&words(&response))),
            Ok(Err(reason)) => Err(self.clean(&reason)),
            Err(_) => Err(format!("{} did not answer within {} s", self.server(), limit.as_secs())),
        }
    }

    fn server(&self) -> String {
        format!("{}:{}", self.settings.host, self.settings.port)
    }

    fn message(&self, recipient: &str, id: &str, letters: &[Letter]) -> Result<Message, Reason> {
        let to: Mailbox = recipient.parse().map_err(|_| "the recipient is no address".to_owned())?;
        let written = letter::write(letters, &self.settings.language);
        let at = letters.first().map_or(UNIX_EPOCH, |letter| system_time(letter.at));
        Message::builder()
            .from(self.sender())
            .to(to)
            .subject(written.subject)
            .message_id(Some(id.to_owned()))
            .date(at)
            // Asks out-of-office programs not to answer (RFC 3834).
            .raw_header(HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned()))
            .multipart(MultiPart::alternative_plain_html(written.text, written.html))
            .map_err(|err| err.to_string())
    }

    fn sender(&self) -> Mailbox {
        let named = self.settings.from.clone();
        let user = || self.settings.user.parse::<Address>().ok().map(|address| Mailbox::new(Some("Pregón".into()), address));
        let made_up = || Address::new("pregon", machine_name()).ok().map(|address| Mailbox::new(Some("Pregón".into()), address));
        // Invariant: the last one is an address.
        named.or_else(user).or_else(made_up).unwrap_or_else(|| Mailbox::new(None, Address::new_dangerous("pregon", "localhost")))
    }

    async fn hand_over(&self, message: &Message) -> Result<Response, Reason> {
        let mut connection = self.connect().await?;
        let settings = self.settings;
        if !settings.user.is_empty() {
            let credentials = Credentials::new(settings.user.clone(), settings.pass.expose().to_owned());
            connection.auth(DEFAULT_MECHANISMS, &credentials).await.map_err(|err| format!("the log-in was refused: {err}"))?;
        }
        let response = connection.send(message.envelope(), &message.formatted()).await.map_err(|err| err.to_string())?;
        // The mail is taken: what the server says to the farewell changes nothing.
        let _ = connection.quit().await;
        Ok(response)
    }

    /// A connection that is as safe as the settings demand, or none.
    async fn connect(&self) -> Result<AsyncSmtpConnection, Reason> {
        let hello = ClientId::Domain(machine_name());
        let settings = self.settings;
        let failed = |err: lettre::transport::smtp::Error| format!("{}: {err}", self.server());
        let address = (settings.host.as_str(), u16::try_from(settings.port).unwrap_or(587));
        if settings.security == "tls" {
            let connecting = AsyncSmtpConnection::connect_tokio1(address, None, &hello, Some(self.tls()?), None);
            return connecting.await.map_err(failed);
        }
        let stream = TcpStream::connect(address).await.map_err(|err| format!("{}: {err}", self.server()))?;
        let mut connection = AsyncSmtpConnection::connect_with_transport(Box::new(Metered::new(stream)), &hello).await.map_err(failed)?;
        if settings.security != "none" {
            if !connection.can_starttls() {
                connection.abort().await;
                return Err(format!("{} offers no STARTTLS; nothing is sent in the clear unless smtp.security says none", self.server()));
            }
            connection.starttls(self.tls()?, &hello).await.map_err(failed)?;
        }
        Ok(connection)
    }

    fn tls(&self) -> Result<TlsParameters, Reason> {
        let mut builder = TlsParameters::builder(self.settings.host.clone());
        if let Some(path) = &self.settings.ca {
            let pem = std::fs::read(path).map_err(|err| format!("smtp.ca cannot be read: {err}"))?;
            builder = builder.add_root_certificate(Certificate::from_pem(&pem).map_err(|err| format!("smtp.ca: {err}"))?);
        }
        builder.build_rustls().map_err(|err| err.to_string())
    }

    /// One line without the password, however the server wrote it.
    fn clean(&self, answer: &str) -> String {
        let pass = self.settings.pass.expose();
        let mut line = text::one_line(answer);
        if !pass.is_empty() {
            let plain = STANDARD.encode(format!("\u{0}{}\u{0}{pass}", self.settings.user));
            for secret in [pass, &STANDARD.encode(pass), &plain] {
                line = line.replace(secret, "…");
            }
        }
        text::cut(&line, DETAIL_CHARS).to_owned()
    }
}

/// An address alone, without a name.
pub fn mailbox(text: &str) -> Result<String, Reason> {
    let address: Address = text.trim().parse().map_err(|_| "is no address, like it@example.org".to_owned())?;
    Ok(address.to_string())
}

/// What an administrator mails to see whether mail works.
pub fn test_letter(now: Timestamp, language: &str) -> Letter {
    let language = Language::of(language);
    let text = language.occasion(Occasion::Test).to_owned();
    Letter {
        occasion: Occasion::Test,
        severity: Severity::Info,
        subject: language.test_subject().to_owned(),
        text,
        facts: Vec::new(),
        at: now,
    }
}

fn words(response: &Response) -> String {
    format!("{} {}", response.code(), response.message().collect::<Vec<_>>().join(" "))
}

/// The same for the same parcel of the same database.
fn message_id(epoch: &str, key: &str) -> String {
    let hash = Sha256::digest(format!("{epoch}\n{key}"));
    let id: String = hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("<{id}@{}>", machine_name())
}

fn system_time(at: Timestamp) -> SystemTime {
    UNIX_EPOCH + Duration::from_millis(at.as_millis().max(0).cast_unsigned())
}
