//! A real mail server for tests: speaks SMTP with STARTTLS and AUTH PLAIN, keeps what it is given, and can misbehave.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use rustls::ServerConfig;
use rustls_pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncWrite, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use crate::harness::{TestHub, until};

pub const USER: &str = "pregon";
pub const PASS: &str = "s3cret-of-the-mail-server";

/// What the server does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mood {
    Good,
    NoStarttls,
    /// Says this instead of `250` to RCPT.
    Recipient(&'static str),
    /// Takes the whole mail, then says this.
    AfterData(&'static str),
    /// Says this to a log-in, and repeats what it was sent.
    LogIn(&'static str),
    Garbage,
    /// A line that never ends.
    Endless,
    Silent,
    /// Takes the whole mail and never says so.
    Speechless,
}

/// A mail as it came, and how.
#[derive(Debug, Clone)]
pub struct Mail {
    pub to: String,
    pub is_encrypted: bool,
    pub is_logged_in: bool,
    pub text: String,
}

impl Mail {
    /// The lines of a header, folded ones joined.
    pub fn header(&self, name: &str) -> String {
        let head = self.text.split("\r\n\r\n").next().unwrap_or_default().replace("\r\n ", " ");
        let found = head.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")).map(str::to_owned));
        found.unwrap_or_else(|| panic!("no {name} in {head}"))
    }
}

pub struct PostOffice {
    pub address: SocketAddr,
    pub folder: TempDir,
    mails: Arc<Mutex<Vec<Mail>>>,
    mood: Arc<Mutex<Mood>>,
    tls: TlsAcceptor,
}

/// A certificate for `localhost`, which stands in `ca.pem` of the folder, and what serves it.
pub fn certified() -> (TempDir, TlsAcceptor) {
    let folder = TempDir::with_prefix("pregon-post-").unwrap();
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned(), "127.0.0.1".to_owned()]).unwrap();
    std::fs::write(folder.path().join("ca.pem"), made.cert.pem()).unwrap();
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    (folder, TlsAcceptor::from(Arc::new(config)))
}

impl PostOffice {
    pub async fn open() -> Arc<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (folder, tls) = certified();
        let mood = Arc::new(Mutex::new(Mood::Good));
        let office = Arc::new(Self { address: listener.local_addr().unwrap(), folder, mails: Arc::default(), mood, tls });
        let serving = Arc::clone(&office);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let office = Arc::clone(&serving);
                tokio::spawn(async move { office.serve(stream).await });
            }
        });
        office
    }

    /// What tells a hub to mail here.
    pub fn settings(&self) -> Vec<(&'static str, String)> {
        vec![
            ("SMTP_HOST", "localhost".into()),
            ("SMTP_PORT", self.address.port().to_string()),
            ("SMTP_FROM", "Pregón <pregon@example.org>".into()),
            ("SMTP_TO", "it@example.org".into()),
            ("SMTP_USER", USER.into()),
            ("SMTP_PASS", PASS.into()),
            ("PREGON_SMTP_CA", self.ca().to_str().unwrap().into()),
            ("PREGON_SMTP_TIMEOUT_S", "2".into()),
        ]
    }

    /// A hub that mails here, with settings on top.
    pub async fn hub(&self, settings: &[(&str, &str)]) -> TestHub {
        let own = self.settings();
        let mut all: Vec<(&str, &str)> = own.iter().map(|(name, value)| (*name, value.as_str())).collect();
        all.retain(|(name, _)| !settings.iter().any(|(other, _)| other == name));
        all.extend_from_slice(settings);
        TestHub::with(&all).await
    }

    pub fn ca(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    pub fn turn(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }

    pub fn mails(&self) -> Vec<Mail> {
        self.mails.lock().unwrap().clone()
    }

    /// Waits for so many mails.
    pub async fn until(&self, count: usize) -> Vec<Mail> {
        until(&format!("{count} mails"), async || self.mails().len() >= count).await;
        self.mails()
    }

    async fn serve(&self, mut stream: TcpStream) {
        let mood = self.mood.lock().unwrap().clone();
        // Whatever breaks on the way is the client's business.
        let _ = match mood {
            Mood::Silent => std::future::pending().await,
            Mood::Garbage => stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n<html>\x00\xff").await,
            Mood::Endless => endless(&mut stream).await,
            mood => self.converse(stream, &mood).await,
        };
    }

    async fn converse(&self, mut stream: TcpStream, mood: &Mood) -> io::Result<()> {
        stream.write_all(b"220 post.test ESMTP\r\n").await?;
        let mut dialogue = Dialogue { lines: BufReader::new(&mut stream), is_encrypted: false, is_logged_in: false };
        if !dialogue.run(self, mood).await? {
            return Ok(());
        }
        let encrypted = self.tls.accept(stream).await?;
        Dialogue { lines: BufReader::new(encrypted), is_encrypted: true, is_logged_in: false }.run(self, mood).await.map(drop)
    }
}

async fn endless(stream: &mut TcpStream) -> io::Result<()> {
    stream.write_all(b"220-").await?;
    loop {
        stream.write_all(&[b'x'; 8_192]).await?;
    }
}

struct Dialogue<S> {
    lines: BufReader<S>,
    is_encrypted: bool,
    is_logged_in: bool,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Dialogue<S> {
    async fn say(&mut self, line: &str) -> io::Result<()> {
        self.lines.get_mut().write_all(format!("{line}\r\n").as_bytes()).await?;
        self.lines.get_mut().flush().await
    }

    async fn line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        if self.lines.read_line(&mut line).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(line.trim_end().to_owned())
    }

    /// Until the client leaves, or wants to go on encrypted: then true.
    async fn run(&mut self, office: &PostOffice, mood: &Mood) -> io::Result<bool> {
        let mut to = String::new();
        loop {
            let line = self.line().await?;
            let verb = line.split(' ').next().unwrap_or_default().to_ascii_uppercase();
            match (verb.as_str(), mood) {
                ("EHLO", _) => self.greet(mood).await?,
                ("STARTTLS", _) => {
                    self.say("220 go on").await?;
                    return Ok(true);
                }
                ("AUTH", Mood::LogIn(answer)) => self.say(&format!("{answer} {line} {PASS}")).await?,
                ("AUTH", _) => {
                    self.is_logged_in = true;
                    self.say("235 welcome").await?;
                }
                ("RCPT", Mood::Recipient(answer)) => self.say(answer).await?,
                ("RCPT", _) => {
                    to = line.trim_start_matches("RCPT TO:<").trim_end_matches('>').to_owned();
                    self.say("250 ok").await?;
                }
                ("DATA", _) => {
                    self.say("354 go on").await?;
                    let text = self.text().await?;
                    match mood {
                        Mood::AfterData(answer) => self.say(answer).await?,
                        mood => {
                            let mail = Mail { to: to.clone(), is_encrypted: self.is_encrypted, is_logged_in: self.is_logged_in, text };
                            office.mails.lock().unwrap().push(mail);
                            if *mood == Mood::Speechless {
                                return std::future::pending().await;
                            }
                            self.say("250 2.0.0 queued as 4711").await?;
                        }
                    }
                }
                ("QUIT", _) => {
                    self.say("221 bye").await?;
                    return Ok(false);
                }
                _ => self.say("250 ok").await?,
            }
        }
    }

    async fn greet(&mut self, mood: &Mood) -> io::Result<()> {
        self.say("250-post.test").await?;
        if !self.is_encrypted && *mood != Mood::NoStarttls {
            self.say("250-STARTTLS").await?;
        }
        self.say("250-AUTH PLAIN").await?;
        self.say("250 8BITMIME").await
    }

    async fn text(&mut self) -> io::Result<String> {
        let mut text = String::new();
        loop {
            let line = self.line().await?;
            if line == "." {
                return Ok(text);
            }
            text.push_str(&line);
            text.push_str("\r\n");
        }
    }
}
