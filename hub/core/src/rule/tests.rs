//! Tables of events and what the rules make of them.

use shared::wire::sensor::SensorEvent;
use shared::{Audience, Severity, Timestamp};

use super::*;

fn event(line: &str) -> SensorEvent {
    SensorEvent::parse(line.as_bytes()).expect("an event")
}

fn rules(json: &str) -> Vec<Rule> {
    serde_json::from_str(json).expect("rules")
}

fn now() -> Timestamp {
    Timestamp::parse("2026-01-12T12:00:00Z").expect("a time")
}

fn book(rules: Vec<Rule>) -> Rulebook {
    Rulebook::new(rules, Vec::new(), Vec::new(), Vec::new())
}

fn subject<'a>(event: &'a SensorEvent, source: &'a str) -> Subject<'a> {
    Subject { event, source, channel: "tcp_socket", token: Some("kitchen") }
}

fn said(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Record => "record".into(),
        Verdict::Resolve => "resolve".into(),
        Verdict::Silenced(id) => format!("silenced {id}"),
        Verdict::Act(effects) => effects.iter().map(|effect| effect.rule.name.as_str()).collect::<Vec<_>>().join("+"),
    }
}

#[test]
fn the_default_rules_are_this_table() {
    let book = book(default_rules());
    let table = [
        (r#"{"severity":"info","message":"m"}"#, "record"),
        (r#"{"severity":"warning","message":"m"}"#, "record"),
        (r#"{"severity":"error","message":"m"}"#, "Error"),
        (r#"{"severity":"critical","message":"m"}"#, "Critical"),
        (r#"{"severity":"critical","dedup_key":"k","resolved":true}"#, "resolve"),
    ];
    for (line, expected) in table {
        assert_eq!(said(&book.judge(&subject(&event(line), "fridge"), now())), expected, "{line}");
    }
    assert_eq!(check_rules(default_rules(), &[]), Ok(default_rules()), "they can be saved as they are");
    assert_eq!(default_rules()[0].then.screens, [Audience::Global]);
}

#[test]
fn each_part_of_a_matcher_must_fit() {
    let table = [
        (r#"{"sources":["fri*","oven"]}"#, true),
        (r#"{"sources":["oven"]}"#, false),
        (r#"{"severities":["error","critical"]}"#, true),
        (r#"{"severities":["info"]}"#, false),
        (r#"{"labels":{"team":"re*","up":"true"}}"#, true),
        (r#"{"labels":{"team":"re*","missing":"*"}}"#, false),
        (r#"{"channels":["tcp_*"]}"#, true),
        (r#"{"channels":["ntfy"]}"#, false),
        (r#"{"tokens":["KITCHEN"]}"#, true),
        (r#"{"tokens":["cellar"]}"#, false),
        (r#"{"sources":["fridge"],"severities":["info"]}"#, false),
        ("{}", true),
    ];
    let event = event(r#"{"severity":"error","message":"m","labels":{"team":"red","up":true}}"#);
    for (matcher, expected) in table {
        let book = book(rules(&format!(r#"[{{"name":"r","match":{matcher},"then":{{"mail":["default"]}}}}]"#)));
        assert_eq!(said(&book.judge(&subject(&event, "fridge"), now())) == "r", expected, "{matcher}");
    }
}

#[test]
fn the_first_rule_wins_unless_it_says_to_go_on() {
    let mail = r#""then":{"mail":["default"]}"#;
    let table = [
        (format!(r#"[{{"name":"a",{mail}}},{{"name":"b",{mail}}}]"#), "a"),
        (format!(r#"[{{"name":"a",{mail},"continue":true}},{{"name":"b",{mail}}},{{"name":"c",{mail}}}]"#), "a+b"),
        (format!(r#"[{{"name":"a",{mail},"enabled":false}},{{"name":"b",{mail}}}]"#), "b"),
        (format!(r#"[{{"name":"nothing"}},{{"name":"b",{mail}}}]"#), "record"),
        ("[]".into(), "record"),
    ];
    for (set, expected) in table {
        let event = event(r#"{"severity":"critical"}"#);
        assert_eq!(said(&book(rules(&set)).judge(&subject(&event, "s"), now())), expected, "{set}");
    }
}

#[test]
fn a_silence_holds_for_its_time_and_criticals_only_if_it_says_so() {
    let silence = |json: &str| (7, serde_json::from_str::<Silence>(json).expect("a silence"));
    let table = [
        (r#"{"reason":"r","match":{"sources":["fri*"]},"ends_at":"2026-01-12T13:00:00Z"}"#, "error", "silenced 7"),
        (r#"{"reason":"r","match":{"sources":["fri*"]},"ends_at":"2026-01-12T13:00:00Z"}"#, "critical", "Critical"),
        (r#"{"reason":"r","critical":true,"ends_at":"2026-01-12T13:00:00Z"}"#, "critical", "silenced 7"),
        (r#"{"reason":"r","ends_at":"2026-01-12T12:00:00Z"}"#, "error", "Error"),
        (r#"{"reason":"r","starts_at":"2026-01-12T12:30:00Z","ends_at":"2026-01-12T13:00:00Z"}"#, "error", "Error"),
        (r#"{"reason":"r","match":{"sources":["oven"]},"ends_at":"2026-01-12T13:00:00Z"}"#, "error", "Error"),
        (r#"{"reason":"r","weekly":{"days":["mon"],"from":"12:30","to":"13:30","time_zone":"Europe/Madrid"}}"#, "error", "silenced 7"),
        (r#"{"reason":"r","weekly":{"days":["tue"],"from":"12:30","to":"13:30","time_zone":"Europe/Madrid"}}"#, "error", "Error"),
    ];
    for (json, severity, expected) in table {
        let book = Rulebook::new(default_rules(), vec![silence(json)], Vec::new(), Vec::new());
        let event = event(&format!(r#"{{"severity":"{severity}"}}"#));
        assert_eq!(said(&book.judge(&subject(&event, "fridge"), now())), expected, "{json} {severity}");
        let resolved = SensorEvent { resolved: true, ..event };
        assert_eq!(book.judge(&subject(&resolved, "fridge"), now()), Verdict::Resolve, "what is over always leaves the screens");
    }
}

#[test]
fn the_key_of_an_incident_comes_from_the_event_or_from_the_rule() {
    let group = |by: &str| format!(r#","group":{{"by":"{by}","label":"room","window_s":60}}"#);
    let plain = r#"{"severity":"error","message":"m","labels":{"room":"7"}}"#;
    let keyed = r#"{"severity":"error","message":"m","dedup_key":"k"}"#;
    let table = [
        (String::new(), plain, None, None),
        (group("source"), plain, Some("source:fridge"), Some(60)),
        (group("source_and_text"), plain, Some("text:fridge\nm"), Some(60)),
        (group("label"), plain, Some("label:7"), Some(60)),
        (group("dedup_key"), plain, None, Some(60)),
        (group("source"), keyed, Some("key:k"), None),
        (String::new(), keyed, Some("key:k"), None),
    ];
    for (group, line, key, window_s) in table {
        let book = book(rules(&format!(r#"[{{"name":"r","then":{{"mail":["default"]}},"wait_s":30{group}}}]"#)));
        let Verdict::Act(effects) = book.judge(&subject(&event(line), "fridge"), now()) else { panic!("it matches") };
        assert_eq!((effects[0].key.as_deref(), effects[0].window_s, effects[0].wait_s), (key, window_s, 30), "{group} {line}");
    }
    let critical = SensorEvent { severity: Severity::Critical, ..event(plain) };
    let book = book(rules(r#"[{"name":"r","then":{"mail":["default"]},"wait_s":30}]"#));
    let Verdict::Act(effects) = book.judge(&subject(&critical, "fridge"), now()) else { panic!("it matches") };
    assert_eq!(effects[0].wait_s, 0, "criticals never wait");
}

#[test]
fn a_dry_run_says_of_each_rule_why() {
    let set = rules(
        r#"[{"name":"off","enabled":false},{"name":"oven","match":{"sources":["oven"]}},{"name":"label","match":{"labels":{"team":"red"}}},
            {"name":"hit","then":{"mail":["default"]}},{"name":"late"}]"#,
    );
    let event = event(r#"{"severity":"error","message":"m"}"#);
    let silence = Silence {
        label_tests: Vec::new(),
        when: Matcher::default(),
        reason: "r".into(),
        starts_at: None,
        ends_at: Some(now().plus_millis(1)),
        weekly: None,
        critical: false,
    };
    let book = Rulebook::new(set, vec![(3, silence)], Vec::new(), Vec::new());
    let outcome = dry_run(&book, &subject(&event, "fridge"), now());
    let reasons: Vec<Reason> = outcome.asked.iter().map(|asked| asked.reason).collect();
    assert_eq!(reasons, [Reason::Disabled, Reason::Source, Reason::Label, Reason::Matched, Reason::Decided]);
    assert_eq!((outcome.silenced_by, outcome.effects.len(), outcome.asked[2].label.as_deref()), (Some(3), 1, Some("team")));
}

#[test]
fn every_problem_of_a_set_has_its_path() {
    let set = rules(
        r#"[{"name":" ","match":{"sources":[""]},"then":{"mail":["nobody"],"on_call":["Nobody"],"screens":[{"kind":"group","name":""}]},
             "wait_s":9999999,"group":{"by":"label","window_s":0},"repeat_s":1,
             "steps":[{"after_s":0,"unless":"displayed","share":0}]},
            {"id":"x y","name":"b","steps":[{"after_s":5,"unless":"displayed","remind":true}]}]"#,
    );
    let fields: Vec<String> = check_rules(set, &[]).expect_err("problems").into_iter().map(|problem| problem.field).collect();
    let expected = [
        "rules[0].name",
        "rules[0].match.sources[0]",
        "rules[0].then.screens[0].name",
        "rules[0].then.mail[0]",
        "rules[0].then.on_call[0]",
        "rules[0].wait_s",
        "rules[0].group.window_s",
        "rules[0].group.label",
        "rules[0].repeat_s",
        "rules[0].steps[0].after_s",
        "rules[0].steps[0].share",
        "rules[0].steps[0].then",
        "rules[1].id",
        "rules[1].then",
    ];
    assert_eq!(fields, expected);
}

#[test]
fn silences_switches_and_rotations_are_checked() {
    let silence: Silence = serde_json::from_str(
        r#"{"reason":"","weekly":{"days":[],"from":"8:00","to":"25:00","time_zone":"Mars/Olympus"},"ends_at":"2020-01-01T00:00:00Z"}"#,
    )
    .expect("a silence");
    let paths = |problems: Vec<crate::problem::FieldProblem>| problems.into_iter().map(|problem| problem.field).collect::<Vec<_>>();
    let expected = ["reason", "ends_at", "weekly.days", "weekly.from", "weekly.to", "weekly.time_zone"];
    assert_eq!(paths(check_silence(silence, now()).expect_err("problems")), expected);
    let watch = Watch { id: String::new(), name: "w".into(), source: String::new(), every_s: 1, severity: Severity::Error };
    assert_eq!(paths(check_watches(vec![watch]).expect_err("problems")), ["watches[0].source", "watches[0].every_s"]);
    let rotation: OnCall = serde_json::from_str(
        r#"{"name":"g","time_zone":"Europe/Madrid","starts_on":"2026-02-30","hand_over":"08:00","turns":[{"name":"Ana"}]}"#,
    )
    .expect("a rotation");
    let problems = check_on_call(vec![rotation]).expect_err("problems");
    assert_eq!(paths(problems), ["on_call[0].starts_on", "on_call[0].turns[0]"]);
}

#[test]
fn a_silence_tests_labels_as_alertmanager_means_it() {
    let test = |name: &str, value: &str, is_regex, is_equal| LabelMatch { name: name.into(), value: value.into(), is_regex, is_equal };
    let silence = |label_tests| Silence {
        label_tests,
        when: Matcher::default(),
        reason: "works".into(),
        starts_at: None,
        ends_at: Some(Timestamp::from_millis(1_000)),
        weekly: None,
        critical: true,
    };
    let table = [
        (vec![test("alertname", "Disk", false, true)], true),
        (vec![test("alertname", "disk", false, true)], false),
        (vec![test("alertname", "D.*", true, true), test("site", "sol", false, false)], true),
        (vec![test("alertname", "D", true, true)], false),
        (vec![test("site", "sol", false, true)], false),
        (vec![test("alertname", "(", true, true)], false),
    ];
    let event =
        SensorEvent::parse(br#"{"source":"p","severity":"critical","message":"m","labels":{"alertname":"Disk"}}"#).expect("an event");
    let subject = Subject { event: &event, source: "p", channel: "alertmanager", token: None };
    for (tests, expected) in table {
        let book = Rulebook::new(Vec::new(), vec![(7, silence(tests.clone()))], Vec::new(), Vec::new());
        assert_eq!(book.silence(&subject, Timestamp::from_millis(0)), expected.then_some(7), "{tests:?}");
    }
    let refused = [
        vec![test("alertname", "(", true, true)],
        vec![test("alertname", ".*", true, true)],
        vec![test("a", "b", false, false)],
        vec![test("", "b", false, true)],
        vec![test("a", &"x".repeat(2_000), true, true)],
        vec![test("a", "(x{1000}){1000}", true, true)],
    ];
    for tests in refused {
        assert!(check_silence(silence(tests.clone()), Timestamp::from_millis(0)).is_err(), "{tests:?}");
    }
}

#[test]
fn alerts_that_people_send_are_followed_by_this_table() {
    let group = |name: &str| Audience::Group { name: name.into() };
    let steps = r#""steps":[{"after_s":60,"unless":"displayed","remind":true}]"#;
    let set = format!(
        r#"[{{"name":"events alone","then":{{"mail":["default"]}}}},
            {{"name":"off","applies_to":"alerts","enabled":false,{steps}}},
            {{"name":"drills of Bob","applies_to":"alerts","match":{{"sources":["bob"]}}}},
            {{"name":"recall","applies_to":"alerts","match":{{"severities":["error","critical"],
               "audiences":[{{"kind":"group","name":"north*"}},{{"kind":"global"}}]}},{steps},"continue":true}},
            {{"name":"ana","applies_to":"alerts","match":{{"sources":["an*"]}},{steps}}}]"#
    );
    let anything = serde_json::from_str(r#"{"reason":"works","critical":true}"#).expect("a silence");
    let book = Rulebook::new(rules(&set), vec![(1, anything)], Vec::new(), Vec::new());
    let table = [
        ("ana", Severity::Critical, vec![group("North 2")], "recall+ana"),
        ("eva", Severity::Error, vec![group("south"), Audience::Global], "recall"),
        ("eva", Severity::Error, vec![Audience::Private { name: "north".into() }], ""),
        ("Ana", Severity::Info, vec![Audience::Global], "ana"),
        ("bob", Severity::Critical, vec![Audience::Global], ""),
    ];
    for (from, severity, audience, expected) in table {
        let sent = Sent { from, severity, audience: &audience };
        let names: Vec<String> = book.follow(&sent).iter().map(|rule| rule.name.clone()).collect();
        assert_eq!(names.join("+"), expected, "{from} {severity}");
    }
    let asked = dry_run_alert(&book, &Sent { from: "ana", severity: Severity::Error, audience: &[group("south")] });
    let reasons: Vec<Reason> = asked.into_iter().map(|asked| asked.reason).collect();
    assert_eq!(reasons, [Reason::Kind, Reason::Disabled, Reason::Source, Reason::Audience, Reason::Matched]);
    let critical = event(r#"{"severity":"critical","message":"m"}"#);
    let book = Rulebook::new(rules(&set), Vec::new(), Vec::new(), Vec::new());
    assert_eq!(said(&book.judge(&subject(&critical, "ana"), now())), "events alone", "a rule for alerts never takes an event");
}

#[test]
fn a_rule_for_alerts_has_steps_alone_and_says_so() {
    let set = rules(
        r#"[{"name":"a","applies_to":"alerts","match":{"labels":{"x":"1"},"channels":["c"],"tokens":["t"],"audiences":[{"kind":"group","name":""}]},
             "then":{"mail":["default"]},"wait_s":1,"repeat_s":60,"group":{"by":"source","window_s":5},
             "steps":[{"after_s":1,"unless":"displayed","remind":true}]}]"#,
    );
    let fields = |set| check_rules(set, &[]).expect_err("problems").into_iter().map(|problem| problem.field).collect::<Vec<_>>();
    let expected = ["match.audiences[0].name", "match.labels", "match.channels", "match.tokens", "then", "wait_s", "group", "repeat_s"];
    assert_eq!(fields(set), expected.map(|field| format!("rules[0].{field}")));
    let of_events = rules(r#"[{"name":"e","match":{"audiences":[{"kind":"global"}]},"then":{"mail":["default"]}}]"#);
    assert_eq!(fields(of_events), ["rules[0].match.audiences"]);
    let noted = format!(
        r#"[{{"name":"n","applies_to":"alerts","steps":[{{"after_s":1,"unless":"displayed","remind":true,"note":"{}"}}]}}]"#,
        "x".repeat(201)
    );
    assert_eq!(fields(rules(&noted)), ["rules[0].steps[0].note"]);
}
