//! `pregon-tray enrol`: the first contact with a hub. Pins its CA and signing key, and keeps the key that the hub says once.

use std::process::ExitCode;
use std::sync::Arc;

use rustls::ClientConfig;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;
use shared::Name;
use shared::secret::Clave;
use shared::wire::to_agent::{Enrolled, Rejection, ToAgent};
use shared::wire::to_hub::{self, Connect, ToHub};

use crate::cli;
use crate::command::{complain, say};
use crate::folder::{Folder, Lock, LockError};
use crate::identity::{self, Identity};
use crate::inbox::journal::Journal;
use crate::language::Language;
use crate::link::address::Address;
use crate::link::introduce;
use crate::link::socket::Socket;
use crate::link::trouble::Trouble;
use crate::link::trust::{self, Fingerprint};
use crate::outbox::disk::Drawer;
use crate::platform;

/// What the arguments say, checked.
struct Wish {
    address: Address,
    name: Name,
    code: String,
    trust: Trust,
}

/// How the hub's CA is known beforehand.
enum Trust {
    Certificate(CertificateDer<'static>),
    Fingerprint(Fingerprint),
}

/// Why there was no enrolment, with what to do next.
enum Failure {
    Arguments(String),
    Other(String),
}

pub async fn run(folder: &Folder, arguments: cli::Enrol) -> ExitCode {
    let language = Language::of_system();
    // On the heap: it holds a TLS connection.
    match Box::pin(enrol(folder, arguments, language)).await {
        Ok(done) => {
            say(&done);
            ExitCode::SUCCESS
        }
        Err(Failure::Arguments(reason)) => {
            complain(&reason);
            ExitCode::from(2)
        }
        Err(Failure::Other(reason)) => {
            complain(&reason);
            ExitCode::from(1)
        }
    }
}

async fn enrol(folder: &Folder, arguments: cli::Enrol, language: Language) -> Result<String, Failure> {
    let wish = check(arguments, language).map_err(Failure::Arguments)?;
    let _lock = prepare(folder, language).map_err(Failure::Other)?;
    let failed = |trouble: Trouble| Failure::Other(advice(&wish.address, &trouble, language));
    let tls = wish.trust.settings().map_err(|err| Failure::Arguments(format!("--ca: {err}")))?;
    let mut socket = Socket::open(&wish.address, &tls).await.map_err(failed)?;
    let ca = wish.trust.certificate(&socket).ok_or_else(|| failed(Trouble::Certificate("the CA is missing".into())))?;
    let enrolled = ask(&mut socket, &wish).await.map_err(failed)?;
    let name = Name::parse(&enrolled.username).unwrap_or_else(|_| wish.name.clone());
    // Alerts, receipts and messages of another branch or hub are not this one's.
    let is_other = Identity::load(folder).is_ok_and(|old| old.name.key() != name.key() || old.ca != ca);
    let forgotten = if is_other { Journal::delete(folder).and_then(|()| Drawer::of(folder).clear()) } else { Ok(()) };
    let kept = forgotten
        .and_then(|()| identity::save_enrolment(folder, &name, &enrolled.key, &ca))
        .and_then(|()| folder.replace("ip.txt", format!("{}\n", wish.address).as_bytes()));
    kept.map_err(|err| Failure::Other(cannot_write(folder, &err, language)))?;
    // Enrolled from here on: if the rest fails, the first run of the agent pins the signing key.
    if let Err(trouble) = pin_signing_key(folder, socket, &name, &enrolled.key).await {
        complain(&advice(&wish.address, &trouble, language));
    }
    Ok(done_words(folder, &name, &wish.address, language))
}

fn check(arguments: cli::Enrol, language: Language) -> Result<Wish, String> {
    let address = Address::parse(&arguments.hub).map_err(|err| format!("--hub: {err}"))?;
    let name = Name::parse(&arguments.name).map_err(|err| format!("--name: {err}"))?;
    let code = arguments.code.trim().to_owned();
    if code.is_empty() || code.chars().count() > shared::wire::limits::LABEL_CHARS {
        return Err(language.pick("--code: no es un código de alta", "--code: not an enrolment code").into());
    }
    let trust = match (arguments.ca, arguments.ca_fingerprint) {
        (Some(file), _) => {
            let read = CertificateDer::from_pem_file(&file);
            Trust::Certificate(read.map_err(|err| format!("--ca {}: {err}", file.display()))?)
        }
        (None, Some(text)) => Trust::Fingerprint(Fingerprint::parse(&text).ok_or("--ca-fingerprint: expected 64 hexadecimal digits")?),
        (None, None) => return Err(no_trust_words(language)),
    };
    Ok(Wish { address, name, code, trust })
}

/// Everything that can fail here fails before the one-time code is spent.
fn prepare(folder: &Folder, language: Language) -> Result<Lock, String> {
    folder.create().map_err(|err| cannot_write(folder, &err, language))?;
    let lock = folder.lock().map_err(|err| match err {
        LockError::Taken(path) => match language {
            Language::Spanish => format!("hay un agente en marcha en {}: párelo antes de darlo de alta otra vez", path.display()),
            Language::English => format!("an agent runs on {}: stop it before enrolling again", path.display()),
        },
        other => other.to_string(),
    })?;
    folder.check_writable().map_err(|err| cannot_write(folder, &err, language))?;
    Ok(lock)
}

impl Trust {
    fn settings(&self) -> Result<Arc<ClientConfig>, rustls::Error> {
        match self {
            Self::Certificate(ca) => trust::pinned(ca),
            Self::Fingerprint(fingerprint) => trust::by_fingerprint(*fingerprint),
        }
    }

    fn certificate(&self, socket: &Socket) -> Option<CertificateDer<'static>> {
        match self {
            Self::Certificate(ca) => Some(ca.clone()),
            Self::Fingerprint(fingerprint) => trust::find(&socket.peer_chain(), *fingerprint),
        }
    }
}

async fn ask(socket: &mut Socket, wish: &Wish) -> Result<Enrolled, Trouble> {
    socket.send(&ToHub::Enrol(to_hub::Enrol { username: wish.name.to_string(), code: wish.code.clone() })).await?;
    match socket.next_frame().await? {
        ToAgent::Enrolled(enrolled) => Ok(enrolled),
        ToAgent::Rejected(rejected) => Err(Trouble::Rejected(rejected)),
        _ => Err(Trouble::NoHub("it did not answer `enrol`".into())),
    }
}

/// The hub waits on the same socket for the new agent to connect, and says its signing key then.
async fn pin_signing_key(folder: &Folder, mut socket: Socket, name: &Name, key: &str) -> Result<(), Trouble> {
    let connect = Connect {
        username: name.to_string(),
        clave: Clave::of_key(key),
        version: Some(env!("CARGO_PKG_VERSION").to_owned()),
        os: Some(platform::os_label()),
        epoch: None,
    };
    let connected = introduce(&mut socket, connect).await?;
    Identity::pin(folder, name, &connected.signing_key).map_err(|err| Trouble::Broken(err.to_string()))?;
    socket.close().await;
    Ok(())
}

fn done_words(folder: &Folder, name: &Name, address: &Address, language: Language) -> String {
    let path = folder.path().display();
    match language {
        Language::Spanish => format!("Dado de alta como «{name}» en {address}. Arranque el agente con: pregon-tray --data {path}"),
        Language::English => format!("Enrolled as “{name}” with {address}. Start the agent with: pregon-tray --data {path}"),
    }
}

fn no_trust_words(language: Language) -> String {
    language
        .pick(
            "hace falta saber quién es el servidor: --ca ARCHIVO (el tls/ca.pem de su carpeta de datos) o --ca-fingerprint SHA256 (lo dice «pregon-hub client enrol»)",
            "how is the hub known? Give --ca FILE (tls/ca.pem of its data folder) or --ca-fingerprint SHA256 (`pregon-hub client enrol` says it)",
        )
        .to_owned()
}

fn cannot_write(folder: &Folder, err: &std::io::Error, language: Language) -> String {
    let path = folder.path().display();
    match language {
        Language::Spanish => format!("no se puede escribir en {path}: {err}; elija otra carpeta con --data"),
        Language::English => format!("cannot write to {path}: {err}; choose another folder with --data"),
    }
}

/// What went wrong and what to do next.
fn advice(address: &Address, trouble: &Trouble, language: Language) -> String {
    let (spanish, english) = match trouble {
        Trouble::Certificate(_) => (
            "compruebe --ca o --ca-fingerprint: si son los de este servidor, algo se hace pasar por él",
            "check --ca or --ca-fingerprint: if they are this hub's, something pretends to be it",
        ),
        Trouble::OutOfDate => ("ponga en hora este equipo", "set the clock of this PC"),
        Trouble::Rejected(rejected) => match rejected.reason {
            Rejection::BadCode => ("pida un código nuevo: pregon-hub client enrol", "ask for a new code: pregon-hub client enrol"),
            Rejection::NameInUse => ("elija otro nombre o dé de baja el viejo", "choose another name or revoke the old one"),
            _ => ("pregunte a quien lleva el servidor", "ask whoever runs the hub"),
        },
        _ => ("compruebe la dirección y que el servidor está en marcha", "check the address and that the hub runs"),
    };
    format!("{address}: {}; {}", trouble.in_words(language), language.pick(spanish, english))
}
