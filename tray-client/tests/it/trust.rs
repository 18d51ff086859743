//! Whom the agent believes: the pinned CA, the fixed name, the pinned signing key; and how it behaves towards a hub that lies.

use serde_json::json;
use shared::signature;

use super::agent::Home;
use super::eventually;
use super::rogue::Rogue;

#[tokio::test]
async fn an_alert_that_does_not_verify_is_neither_shown_nor_reported() {
    let rogue = Rogue::listen("pregon-hub").await;
    let home = rogue.enrol().await;
    let agent = home.start_headless();
    let mut line = rogue.welcome("e").await;
    let mut changed = rogue.alert(1, "changed");
    changed.text = "pay here".into();
    let mut foreign = rogue.alert(2, "foreign");
    foreign.signature = signature::sign(&foreign, &ed25519_dalek::SigningKey::from_bytes(&[1; 32]));
    let mut bare = rogue.alert(3, "bare");
    bare.signature = String::new();
    for forged in [&changed, &foreign, &bare] {
        line.alert(forged).await;
    }
    line.say_text("{\"action\":\"dance\"}".into()).await;
    line.say_text("[not a frame".into()).await;
    let genuine = rogue.alert(4, "genuine");
    line.alert(&genuine).await;
    assert_eq!(line.receipts().await, [(genuine.id.to_string(), "delivered".into())]);
    assert_eq!(agent.texts_until_end().await, ["genuine"]);
    assert!(!home.read("inbox.journal").contains("pay here"));
}

#[tokio::test]
async fn a_hub_with_another_signing_key_convinces_nobody() {
    let mut rogue = Rogue::listen("pregon-hub").await;
    let home = rogue.enrol().await;
    rogue.key = ed25519_dalek::SigningKey::from_bytes(&[1; 32]);
    let agent = home.start_headless();
    let mut line = rogue.welcome("e").await;
    line.alert(&rogue.alert(1, "false")).await;
    line.say(json!({"action": "withdraw", "id": rogue.alert(2, "").id})).await;
    assert_eq!(line.receipts().await, [(rogue.alert(2, "").id.to_string(), "withdrawn".into())]);
    assert_eq!(agent.texts_until_end().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_hub_under_another_ca_or_name_is_refused_and_never_hears_the_key() {
    let trusted = Rogue::listen("pregon-hub").await;
    let home = trusted.enrol().await;
    for name in ["pregon-hub", "localhost"] {
        let other = Rogue::listen(name).await;
        std::fs::write(home.file("ip.txt"), other.address().to_string()).unwrap();
        if name == "localhost" {
            std::fs::copy(other.ca(), home.file("ca.pem")).unwrap();
        }
        let mut agent = home.start_headless();
        assert!(other.accept().await.is_none(), "the agent spoke to a stranger");
        let detail = eventually("the reason", async || {
            let status = agent.next("status").await;
            let detail = status["detail"].as_str().unwrap().to_owned();
            detail.contains("no connection").then_some(detail)
        })
        .await;
        assert!(detail.contains("certificate is not the pinned one"), "{detail}");
        agent.kill().await;
    }
}

#[tokio::test]
async fn a_certificate_that_is_out_of_date_is_refused_with_a_word_on_the_clock() {
    let rogue = Rogue::listen_until("pregon-hub", 2020).await;
    let home = Home::new();
    let (hub, ca) = (rogue.address().to_string(), rogue.ca());
    let arguments = ["enrol", "--hub", &hub, "--name", "Sol", "--code", "x", "--ca", ca.to_str().unwrap()];
    let (output, line) = tokio::join!(home.run(&arguments), rogue.accept());
    let words = String::from_utf8_lossy(&output.stderr);
    assert!(line.is_none() && words.contains("set the clock"), "{words}");
}

#[tokio::test]
async fn enrolment_by_fingerprint_takes_the_right_ca_and_no_other() {
    use sha2::Digest as _;
    let rogue = Rogue::listen("pregon-hub").await;
    let pem = std::fs::read(rogue.ca()).unwrap();
    let der = <rustls_pki_types::CertificateDer<'_> as rustls_pki_types::pem::PemObject>::from_pem_slice(&pem).unwrap();
    let right = shared::secret::hex(&sha2::Sha256::digest(&der));
    let coloned = right.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).unwrap().to_uppercase()).collect::<Vec<_>>().join(":");
    let hub = rogue.address().to_string();
    let home = Home::new();
    let arguments = |fingerprint| ["enrol", "--hub", &hub, "--name", "Sol", "--code", "x", "--ca-fingerprint", fingerprint];

    let wrong = "00".repeat(32);
    let refused_arguments = arguments(wrong.as_str());
    let (refused, line) = tokio::join!(home.run(&refused_arguments), rogue.accept());
    assert!(line.is_none() && refused.status.code() == Some(1));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("check --ca"), "{refused:?}");
    assert!(!home.file("key").exists());

    let taken_arguments = arguments(coloned.as_str());
    let (taken, ()) = tokio::join!(home.run(&taken_arguments), async {
        let (mut line, _) = rogue.accept().await.unwrap();
        line.say(json!({"action": "enrolled", "username": "Sol", "key": "secret"})).await;
        line.hear().await;
        line.say(rogue.connected("e")).await;
    });
    assert!(taken.status.success(), "{taken:?}");
    let kept = <rustls_pki_types::CertificateDer<'_> as rustls_pki_types::pem::PemObject>::from_pem_file(home.file("ca.pem")).unwrap();
    assert_eq!(kept, der);
}

#[tokio::test]
async fn receipts_are_repeated_on_every_link_until_the_hub_has_them() {
    let rogue = Rogue::listen("pregon-hub").await;
    let home = rogue.enrol().await;
    let mut agent = home.start_headless();
    let mut line = rogue.welcome("e").await;
    let alert = rogue.alert(1, "once");
    let delivered = (alert.id.to_string(), "delivered".to_owned());
    let displayed = (alert.id.to_string(), "displayed".to_owned());
    line.alert(&alert).await;
    let shown = agent.next("alert").await;
    assert_eq!(line.receipts().await, vec![delivered.clone()]);
    line.hang_up().await;
    agent.receipt(&shown, "displayed").await;

    let mut line = rogue.welcome("e").await;
    let mut heard = line.receipts().await;
    if heard.len() == 1 {
        heard.extend(line.receipts().await);
    }
    assert_eq!(heard, [delivered.clone(), displayed.clone()]);
    line.say(json!({"action": "receipts_ok", "items": [{"id": alert.id, "state": "delivered"}]})).await;
    line.alert(&alert).await;
    assert_eq!(line.receipts().await, [delivered, displayed], "who asks again is told again");
    agent.kill().await;
}

#[tokio::test]
async fn the_agent_comes_back_when_the_hub_says_so_and_not_before() {
    let rogue = Rogue::listen("pregon-hub").await;
    let home = rogue.enrol().await;
    let mut agent = home.start_headless();
    let mut line = rogue.welcome("e").await;
    line.say(json!({"action": "drain", "retry_after_s": 2})).await;
    let since = std::time::Instant::now();
    let _line = rogue.welcome("e").await;
    assert!(since.elapsed().as_millis() >= 1_900, "{:?}", since.elapsed());
    while !agent.next("status").await["detail"].as_str().unwrap().contains("restarting") {}
    agent.kill().await;
}

#[tokio::test]
async fn a_refusal_that_only_a_person_can_lift_is_said_and_waited_out() {
    let rogue = Rogue::listen("pregon-hub").await;
    let home = rogue.enrol().await;
    let mut agent = home.start_headless();
    let (mut line, _) = rogue.accept().await.unwrap();
    line.say(json!({"action": "rejected", "reason": "revoked"})).await;
    let detail = eventually("the reason", async || {
        let status = agent.next("status").await;
        status["detail"].as_str().filter(|detail| detail.contains("revoked")).map(str::to_owned)
    })
    .await;
    let seconds: u64 = detail.rsplit_once(" in ").unwrap().1.trim_end_matches(" s").parse().unwrap();
    assert!((75..=150).contains(&seconds), "{detail}");
    assert!(!home.status().await.0);
    agent.kill().await;
}

#[tokio::test]
async fn a_restored_hub_hears_again_what_it_lacks_and_nothing_is_shown_twice() {
    let rogue = Rogue::listen("pregon-hub").await;
    let home = rogue.enrol().await;
    let mut agent = home.start_headless();
    let mut line = rogue.welcome("e").await;
    let alert = rogue.alert(1, "twice");
    line.alert(&alert).await;
    let shown = agent.next("alert").await;
    agent.receipt(&shown, "dismissed").await;
    line.receipts().await;
    line.receipts().await;
    line.hang_up().await;
    let mut line = rogue.welcome("restored").await;
    line.receipts().await; // what the hub before never confirmed
    line.alert(&alert).await;
    let said = line.receipts().await;
    assert!(said.contains(&(alert.id.to_string(), "dismissed".to_owned())), "{said:?}");
    assert_eq!(agent.texts_until_end().await, Vec::<String>::new());
}

#[tokio::test]
async fn what_expires_before_it_is_displayed_is_taken_back_and_stays_away() {
    let rogue = Rogue::listen("pregon-hub").await;
    let home = rogue.enrol().await;
    let mut agent = home.start_headless();
    let mut line = rogue.welcome("e").await;
    let mut alert = rogue.alert(1, "brief");
    alert.expires_in_s = Some(1);
    line.alert(&alert).await;
    agent.next("alert").await;
    assert_eq!(agent.next("withdraw").await["id"], alert.id.to_string());
    agent.kill().await;
    let agent = home.start_headless();
    let mut line = rogue.welcome("e").await;
    line.receipts().await;
    assert_eq!(agent.texts_until_end().await, Vec::<String>::new());
}
