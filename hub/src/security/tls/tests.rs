//! Certificates as a rustls client and a second start see them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a failed test may panic")]

use std::fs;

use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, ServerConnection};
use sha2::Digest as _;

use super::inspect::DAY_MILLIS;
use super::*;

fn now() -> Timestamp {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap())
}

fn open(data: &Path, now: Timestamp) -> Tls {
    Tls::open(data, &["hub.example.org".to_owned()], None, now).unwrap()
}

/// Shakes hands in memory and returns the chain the client was given.
fn shake(tls: &Tls, name: &str, ca: &str) -> Result<Vec<CertificateDer<'static>>, String> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(ca.as_bytes()).unwrap()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_protocol_versions(&[&rustls::version::TLS13])
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let mut client = ClientConnection::new(Arc::new(config), ServerName::try_from(name.to_owned()).unwrap()).unwrap();
    let mut server = ServerConnection::new(tls.server_config()).unwrap();
    while client.is_handshaking() || server.is_handshaking() {
        let (mut to_server, mut to_client) = (Vec::new(), Vec::new());
        while client.wants_write() {
            client.write_tls(&mut to_server).unwrap();
        }
        let mut rest = to_server.as_slice();
        while !rest.is_empty() {
            server.read_tls(&mut rest).unwrap();
        }
        let served = server.process_new_packets().map_err(|err| format!("server: {err}"));
        while server.wants_write() {
            server.write_tls(&mut to_client).unwrap();
        }
        let mut rest = to_client.as_slice();
        while !rest.is_empty() {
            client.read_tls(&mut rest).unwrap();
        }
        client.process_new_packets().map_err(|err| format!("client: {err}"))?;
        served?;
    }
    Ok(client.peer_certificates().unwrap().iter().map(|cert| cert.clone().into_owned()).collect())
}

fn chain(tls: &Tls, name: &str) -> Vec<CertificateDer<'static>> {
    shake(tls, name, tls.ca_pem()).unwrap()
}

#[test]
fn every_name_of_the_hub_verifies_under_its_authority() {
    let data = tempfile::tempdir().unwrap();
    let tls = open(data.path(), now());
    for name in ["pregon-hub", "localhost", "127.0.0.1", "::1", "hub.example.org"] {
        let chain = chain(&tls, name);
        assert_eq!(chain.len(), 2, "leaf and authority");
        assert_eq!(shared::secret::hex(&sha2::Sha256::digest(&chain[1])), tls.ca_fingerprint());
    }
    let error = shake(&tls, "other.example.org", tls.ca_pem()).unwrap_err();
    assert!(error.contains("not valid for name"), "{error}");
}

#[test]
fn only_tls_1_3_with_the_post_quantum_group_is_spoken() {
    let data = tempfile::tempdir().unwrap();
    let tls = open(data.path(), now());
    let mut server = ServerConnection::new(tls.server_config()).unwrap();
    server.read_tls(&mut hello_of_tls_1_2().as_slice()).unwrap();
    assert!(server.process_new_packets().is_err());
    let mut answer = Vec::new();
    server.write_tls(&mut answer).unwrap();
    // An alert record: fatal, protocol_version.
    assert_eq!((answer[0], &answer[5..]), (21, &[2, 70][..]));
    let config = tls.server_config();
    assert_eq!(config.crypto_provider().kx_groups[0].name(), rustls::NamedGroup::X25519MLKEM768);
    assert_eq!((config.send_tls13_tickets, config.alpn_protocols.as_slice()), (0, &[b"http/1.1".to_vec()][..]));
}

/// The first message of a client that knows nothing newer than TLS 1.2.
fn hello_of_tls_1_2() -> Vec<u8> {
    let prefixed = |width: usize, content: &[u8]| [&content.len().to_be_bytes()[8 - width..], content].concat();
    let extension = |kind: u8, content: &[u8]| [&[0, kind], prefixed(2, content).as_slice()].concat();
    let groups = extension(10, &prefixed(2, &[0, 23]));
    let signatures = extension(13, &prefixed(2, &[4, 3, 8, 4]));
    let extensions = prefixed(2, &[groups, signatures].concat());
    let suites = prefixed(2, &[0xc0, 0x2b, 0xc0, 0x2f]);
    let body = [&[3, 3], [7; 32].as_slice(), &[0], &suites, &[1, 0], &extensions].concat();
    let message = [&[1], prefixed(3, &body).as_slice()].concat();
    [&[22, 3, 1], prefixed(2, &message).as_slice()].concat()
}

#[test]
fn the_certificates_are_what_graders_want() {
    let data = tempfile::tempdir().unwrap();
    let tls = open(data.path(), now());
    let chain = chain(&tls, "pregon-hub");
    let (leaf, ca) = (x509_parser::parse_x509_certificate(&chain[0]).unwrap().1, x509_parser::parse_x509_certificate(&chain[1]).unwrap().1);
    assert!(ca.subject().to_string().starts_with("CN=Pregon CA "));
    assert_eq!(leaf.issuer(), ca.subject());
    let usage = ca.key_usage().unwrap().unwrap().value;
    assert!(usage.key_cert_sign() && usage.crl_sign() && !usage.digital_signature());
    let constraints = ca.basic_constraints().unwrap().unwrap().value;
    assert_eq!((constraints.ca, constraints.path_len_constraint), (true, Some(0)));
    let usage = leaf.key_usage().unwrap().unwrap().value;
    assert!(usage.digital_signature() && !usage.key_cert_sign());
    let extended = leaf.extended_key_usage().unwrap().unwrap().value;
    assert!(extended.server_auth && !extended.client_auth);
    let authority = leaf.get_extension_unique(&x509_parser::oid_registry::OID_X509_EXT_AUTHORITY_KEY_IDENTIFIER).unwrap();
    assert!(authority.is_some());
    let days = |cert: &x509_parser::certificate::X509Certificate<'_>| {
        (cert.validity().not_after.timestamp() - cert.validity().not_before.timestamp()) / 86_400
    };
    assert_eq!((days(&leaf), days(&ca)), (91, 3_651));
}

#[test]
fn a_second_start_serves_the_same_certificates() {
    let data = tempfile::tempdir().unwrap();
    let first = open(data.path(), now());
    let second = open(data.path(), now().plus_millis(DAY_MILLIS));
    assert_eq!(chain(&first, "pregon-hub"), chain(&second, "pregon-hub"));
    assert_eq!(first.ca_pem(), fs::read_to_string(data.path().join("tls/ca.pem")).unwrap());
}

#[test]
fn at_two_thirds_of_its_life_new_connections_get_a_new_leaf() {
    let data = tempfile::tempdir().unwrap();
    let start = now().plus_millis(-65 * DAY_MILLIS);
    let tls = open(data.path(), start);
    let old = chain(&tls, "pregon-hub");
    assert!(!tls.renew_if_due(start.plus_millis(59 * DAY_MILLIS)).unwrap());
    assert_eq!(chain(&tls, "pregon-hub"), old);
    assert!(tls.renew_if_due(now()).unwrap());
    let new = chain(&tls, "pregon-hub");
    assert_ne!(new[0], old[0]);
    assert_eq!(new[1], old[1], "the authority stays");
    assert!(!tls.renew_if_due(now()).unwrap());
    assert!((89..=90).contains(&tls.server_validity().unwrap().days_left(now())));
}

#[test]
fn other_names_and_damaged_leaves_are_mended_by_a_new_leaf() {
    let data = tempfile::tempdir().unwrap();
    let old = open(data.path(), now());
    let tls = Tls::open(data.path(), &["other.example.org".to_owned()], None, now()).unwrap();
    assert_ne!(chain(&tls, "other.example.org")[0], chain(&old, "hub.example.org")[0]);
    for name in ["server.pem", "server.key"] {
        fs::write(data.path().join("tls").join(name), "half").unwrap();
        let mended = open(data.path(), now());
        assert_eq!(chain(&mended, "localhost")[1], chain(&old, "localhost")[1]);
    }
    fs::remove_file(data.path().join("tls/server.key")).unwrap();
    open(data.path(), now());
}

#[test]
fn a_damaged_authority_is_never_replaced() {
    for (name, damage) in [("ca.pem", Some("half")), ("ca.key", Some("")), ("ca.pem", None), ("ca.key", None)] {
        let data = tempfile::tempdir().unwrap();
        open(data.path(), now());
        let path = data.path().join("tls").join(name);
        match damage {
            Some(content) => fs::write(&path, content).unwrap(),
            None => fs::remove_file(&path).unwrap(),
        }
        let error = Tls::open(data.path(), &[], None, now()).unwrap_err().to_string();
        assert!(error.contains(name) && error.contains("backup"), "{error}");
        assert_eq!(path.exists(), damage.is_some());
    }
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    open(one.path(), now());
    open(other.path(), now());
    fs::copy(one.path().join("tls/ca.key"), other.path().join("tls/ca.key")).unwrap();
    assert!(Tls::open(other.path(), &[], None, now()).unwrap_err().to_string().contains("does not belong"));
}

#[test]
fn an_own_certificate_is_shown_to_everybody_but_agents() {
    let (data, bought) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let theirs = open(bought.path(), now().plus_millis(-65 * DAY_MILLIS));
    let files = bought.path().join("tls");
    let own = Some((files.join("server.pem"), files.join("server.key")));
    let tls = Tls::open(data.path(), &[], own, now()).unwrap();
    assert!(shake(&tls, "hub.example.org", theirs.ca_pem()).is_ok());
    assert!(shake(&tls, "127.0.0.1", theirs.ca_pem()).is_ok());
    assert_eq!(chain(&tls, "pregon-hub").len(), 2);
    // It is renewed by whoever brought it: the files change, the hub follows.
    let served = || shake(&tls, "localhost", theirs.ca_pem()).unwrap();
    let before = served();
    assert!(!tls.renew_if_due(now()).unwrap());
    assert!(theirs.renew_if_due(now()).unwrap());
    assert!(tls.renew_if_due(now()).unwrap());
    assert_ne!(before, served());
    assert_eq!(served()[0], chain(&theirs, "pregon-hub")[0]);
}

#[test]
fn an_own_certificate_that_does_not_fit_its_key_is_refused() {
    let (data, bought) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    open(bought.path(), now());
    let files = bought.path().join("tls");
    let error = Tls::open(data.path(), &[], Some((files.join("server.pem"), files.join("ca.key"))), now()).unwrap_err();
    assert!(error.to_string().contains("server.pem cannot be served with"), "{error}");
}
