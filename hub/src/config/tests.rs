//! Settings as an operator would write them, right and wrong.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a failed test may panic")]

use std::path::PathBuf;

use super::*;

fn load(toml: &str, env: &[(&str, &str)]) -> Result<Config, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pregon.toml");
    std::fs::write(&path, toml).unwrap();
    let env = env.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let place = format!("{}:", path.display());
    Config::load(Some(&path), env).map_err(|errors| errors.to_string().replace(&place, "pregon.toml:"))
}

#[test]
fn nothing_set_means_the_defaults() {
    let config = Config::load(None, std::iter::empty()).unwrap();
    assert_eq!(config, Config::default());
    assert_eq!(config.https.listen.to_string(), "0.0.0.0:8443");
    assert_eq!(config.events.listen.to_string(), "127.0.0.1:5090");
    assert_eq!(config.events.tls_listen.unwrap().to_string(), "0.0.0.0:5091");
    assert_eq!(load("", &[]).unwrap(), Config::default());
}

#[test]
fn the_tls_door_of_sensors_can_stay_shut() {
    assert_eq!(load("[events]\ntls_listen = \"\"\n", &[]).unwrap().events.tls_listen, None);
    assert_eq!(load("", &[("PREGON_EVENTS_TLS_LISTEN", "")]).unwrap().events.tls_listen, None);
    let errors = load("[events]\ntls_listen = \"5091\"\n", &[]).unwrap_err();
    assert!(errors.starts_with("pregon.toml:2: events.tls_listen: \"5091\" is no address"), "{errors}");
    let errors = load("", &[("PREGON_EVENTS_TLS_LISTEN", "0.0.0.0:8443")]).unwrap_err();
    assert!(errors.contains("https.listen and events.tls_listen are the same"), "{errors}");
}

#[test]
fn the_environment_wins_over_the_file() {
    let toml = r#"
        [https]
        listen = "127.0.0.1:0"
        names = ["hub.example.org", "10.0.0.5", "*.example.org"]
        [events]
        listen = "0.0.0.0:5090"
        allow = ["10.0.0.0/8", "192.0.2.7"]
        [agents]
        heartbeat_s = 5
        [auth]
        idle = "10m"
        [limits]
        connections = 0x100
    "#;
    let env = [("PREGON_HTTPS_LISTEN", "[::1]:9443"), ("PREGON_AGENTS_HEARTBEAT_S", "7"), ("PREGON_LOG_LEVEL", "DEBUG"), ("HOME", "/")];
    let config = load(toml, &env).unwrap();
    assert_eq!(config.https.listen.to_string(), "[::1]:9443");
    assert_eq!(config.https.names.len(), 3);
    assert_eq!(config.events.allow.iter().map(ToString::to_string).collect::<Vec<_>>(), ["10.0.0.0/8", "192.0.2.7/32"]);
    assert_eq!(config.agents.heartbeat, Duration::from_secs(7));
    assert_eq!(config.auth.idle, Duration::from_secs(600));
    assert_eq!(config.limits.connections, 256);
    assert_eq!(config.log.level, "debug");

    let lists = [("PREGON_EVENTS_ALLOW", "10.0.0.0/8, fd00::/8,"), ("PREGON_HTTPS_NAMES", "a.example,b.example")];
    let config = load("", &lists).unwrap();
    assert_eq!((config.events.allow.len(), config.https.names.len()), (2, 2));
}

#[test]
fn every_mistake_is_told_at_once_with_its_place() {
    let toml = "[https]\nlisten = \"here\"\nnames = [\"-x-\"]\nlisen = \"127.0.0.1:1\"\n\n[limits]\nconnections = 3\nhandshakes = \"many\"\n\
                [htps]\nx = 1\n[auth]\nidle = 30\nlongest = \"100d\"\n[events]\nallow = [\"10.0.0.0/99\"]\n[log]\nlevel = \"loud\"\n";
    let env = [("PREGON_AGENTS_HEARTBEAT_S", "0"), ("PREGON_HTTP_LISTEN", "x"), ("PREGON_ADMIN_PASSWORD", "x"), ("PREGON_PANEL_SKIP", "1")];
    let errors = load(toml, &env).unwrap_err();
    let expected = [
        "pregon.toml:2: https.listen: \"here\" is no address; allowed: ADDRESS:PORT, like 0.0.0.0:8443",
        "pregon.toml:3: https.names: \"-x-\" is no host name or address; allowed: a list of host names",
        "pregon.toml:4: https.lisen: unknown key; did you mean https.listen?",
        "pregon.toml:7: limits.connections: 3 is out of range; allowed: a whole number from 16 to",
        "pregon.toml:8: limits.handshakes: \"many\" is no whole number; allowed: a whole number",
        "pregon.toml:9: [htps]: unknown section; did you mean https?",
        "pregon.toml:12: auth.idle: 30 is no text; allowed: a span from 1m to 1d",
        "pregon.toml:13: auth.longest: \"100d\" is out of range",
        "pregon.toml:15: events.allow: \"10.0.0.0/99\" is no network",
        "pregon.toml:17: log.level: \"loud\" is none of them; allowed: one of error, warn",
        "environment:PREGON_AGENTS_HEARTBEAT_S: agents.heartbeat_s: 0 is out of range",
        "environment:PREGON_HTTP_LISTEN: unknown variable; did you mean PREGON_HTTPS_LISTEN?",
    ];
    let lines: Vec<&str> = errors.lines().collect();
    assert_eq!(lines.len(), expected.len(), "{errors}");
    for (line, start) in lines.iter().zip(expected) {
        assert!(line.starts_with(start), "{line}\nshould start with\n{start}");
    }
}

#[test]
fn a_syntax_error_hides_no_other_mistake() {
    let errors = load("[https]\nlisten = \n[log]\nlevel = \"loud\"\nlevel = \"info\"\nlisten = 1\n", &[]).unwrap_err();
    for place in ["pregon.toml:2: ", "pregon.toml:4: log.level", "pregon.toml:5: duplicate", "pregon.toml:6: log.listen: unknown key"] {
        assert!(errors.contains(place), "no {place} in\n{errors}");
    }
    assert_eq!(errors.lines().count(), 4, "{errors}");
}

#[test]
fn only_what_is_near_is_suggested() {
    let env = [("PREGON_WHAT_EVER", "x"), ("PREGON_LOGLEVEL", "x")];
    let errors = load("[https]\nfoo = 1\nalow = []\nlisten_on = 1\n[nonsense]\n", &env).unwrap_err();
    let expected = [
        "pregon.toml:2: https.foo: unknown key",
        "pregon.toml:3: https.alow: unknown key; did you mean events.allow?",
        "pregon.toml:4: https.listen_on: unknown key; did you mean https.listen?",
        "pregon.toml:5: [nonsense]: unknown section",
        "environment:PREGON_LOGLEVEL: unknown variable; did you mean PREGON_LOG_LEVEL?",
        "environment:PREGON_WHAT_EVER: unknown variable",
    ];
    assert_eq!(errors.lines().collect::<Vec<_>>(), expected);
}

#[test]
fn keys_outside_of_a_section_are_explained() {
    let errors = load("listen = \"x\"\nhttps = 3\nwhatever = 1\n", &[]).unwrap_err();
    assert!(errors.contains("pregon.toml:1: listen: stands outside of a section; did you mean https.listen or events.listen?"), "{errors}");
    assert!(errors.contains("pregon.toml:2: https: is a section"), "{errors}");
    assert!(errors.contains("pregon.toml:3: whatever: unknown key"), "{errors}");
}

#[test]
fn sensors_in_the_clear_need_an_allow_list_beyond_loopback() {
    let errors = load("[events]\nlisten = \"0.0.0.0:5090\"\n", &[]).unwrap_err();
    assert!(errors.starts_with("pregon.toml:2: events.listen: is open to other machines"), "{errors}");
    assert!(errors.contains("events.allow"), "{errors}");
    assert!(load("[events]\nlisten = \"0.0.0.0:5090\"\nallow = [\"10.0.0.0/8\"]\n", &[]).is_ok());
    assert!(load("[events]\nlisten = \"[::ffff:127.0.0.1]:5090\"\n", &[]).is_ok());
    let errors = load("", &[("PREGON_EVENTS_LISTEN", "192.0.2.1:5090")]).unwrap_err();
    assert!(errors.starts_with("environment:PREGON_EVENTS_LISTEN: events.listen: is open"), "{errors}");
}

#[test]
fn settings_that_contradict_each_other_are_told() {
    let errors = load("[https]\ncert = \"pregon.toml\"\n[auth]\nlongest = \"20m\"\n[events]\nlisten=\"127.0.0.1:1\"\n", &[]).unwrap_err();
    assert!(errors.contains("https.cert: needs its private key"), "{errors}");
    assert!(errors.contains("auth.longest: auth.idle is longer"), "{errors}");
    // A key that cannot be read is one mistake, not two.
    let errors = load("[https]\ncert = \"pregon.toml\"\nkey = \"missing.pem\"\n", &[]).unwrap_err();
    assert_eq!(errors.lines().count(), 1, "{errors}");
    let errors = load("", &[("PREGON_HTTPS_LISTEN", "127.0.0.1:7"), ("PREGON_EVENTS_LISTEN", "127.0.0.1:7")]).unwrap_err();
    assert!(errors.contains("each door needs its own port"), "{errors}");
}

#[test]
fn paths_are_meant_from_the_folder_of_the_file() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["cert.pem", "key.pem"] {
        std::fs::write(folder.path().join(name), "").unwrap();
    }
    let path = folder.path().join("pregon.toml");
    std::fs::write(&path, "[https]\ncert = \"cert.pem\"\nkey = \"key.pem\"\n").unwrap();
    let config = Config::load(Some(&path), std::iter::empty()).unwrap();
    assert_eq!(config.https.cert, Some(folder.path().join("cert.pem")));
}

#[test]
fn a_file_that_cannot_be_read_is_an_error() {
    let errors = Config::load(Some(&PathBuf::from("/nonexistent/pregon.toml")), std::iter::empty()).unwrap_err();
    assert!(errors.to_string().contains("cannot be read"), "{errors}");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pregon.toml");
    std::fs::write(&path, [0xff, 0xfe, b'\n']).unwrap();
    assert!(Config::load(Some(&path), std::iter::empty()).is_err());
}

#[test]
fn the_reference_in_the_documentation_is_the_one_of_this_build() {
    assert_eq!(include_str!("../../../docs/pregon.toml"), keys::reference());
}

#[test]
fn every_key_has_a_variable_of_its_own_and_stands_in_the_reference() {
    let reference = keys::reference();
    let mut variables: Vec<String> = keys::KEYS.iter().map(keys::Key::variable).collect();
    variables.sort();
    variables.dedup();
    assert_eq!(variables.len(), keys::KEYS.len());
    for key in keys::KEYS {
        assert!(reference.contains(&format!("# {} = ", key.name)), "{}", key.path());
    }
    // With its comment signs taken from the keys, the reference is a valid file that changes nothing.
    let uncommented: String = reference
        .lines()
        .map(|line| line.strip_prefix("# ").filter(|rest| rest.contains(" = ") && !rest.contains('(')).unwrap_or(line))
        .filter(|line| !line.ends_with("= \"\""))
        .map(|line| format!("{line}\n"))
        .collect();
    assert_eq!(load(&uncommented, &[]).unwrap(), Config::default());
}

#[test]
fn mail_is_set_under_the_names_that_other_programs_use_too() {
    let env = [
        ("SMTP_HOST", "mail.example.org"),
        ("SMTP_PORT", "2525"),
        ("SMTP_USER", "pregon"),
        ("SMTP_PASS", " s3cret "),
        ("SMTP_FROM", "Pregón <pregon@example.org>"),
        ("SMTP_TO", "it@example.org, night@example.org"),
        ("PREGON_SMTP_PORT", "465"),
        ("PREGON_SMTP_SECURITY", "TLS"),
        ("SMTP_OTHER", "x"),
    ];
    let smtp = load("[smtp]\nhost = \"other\"\n", &env).unwrap().smtp;
    assert_eq!((smtp.host.as_str(), smtp.port, smtp.security.as_str()), ("mail.example.org", 465, "tls"));
    assert_eq!(smtp.pass.expose(), " s3cret ");
    assert_eq!(smtp.operators().unwrap(), "it@example.org\nnight@example.org");
    assert!(!format!("{smtp:?}").contains("s3cret"));
}

#[test]
fn mail_settings_that_cannot_be_are_refused_and_no_password_is_shown() {
    let table = [
        ("[smtp]\nhost = \"a b\"\n", "smtp.host: \"a b\" is no host name"),
        ("[smtp]\nfrom = \"nobody\"\n", "smtp.from: \"nobody\" is no address"),
        ("[smtp]\nto = [\"a@b\\r\\nBcc: c@d\"]\n", "smtp.to: "),
        ("[smtp]\nsecurity = \"ssl\"\n", "smtp.security: \"ssl\" is none of them"),
        ("[smtp]\nuser = \"u\"\npass = 12345\n", "smtp.pass: is no text on one line"),
        ("[smtp]\nuser = \"u\"\npass = \"12345\\n\"\n", "smtp.pass: is no text on one line"),
        ("[smtp]\npass = \"12345\"\n", "smtp.pass: needs the user"),
    ];
    for (toml, expected) in table {
        let errors = load(toml, &[]).unwrap_err();
        assert!(errors.contains(expected) && !errors.contains("12345"), "{toml}: {errors}");
    }
}
