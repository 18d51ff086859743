//! Whether something that a stranger asked for looks like an attack. SQL and script injection are for a port of
//! libinjection to say; folders that are climbed out of, and paths that only scanners ask for, are a short list.

use std::panic::catch_unwind;

use hub_core::guard::Kind;

/// Longer parts are looked at up to here.
const PART_BYTES: usize = 4 * 1024;
/// Parts of one request that are looked at.
const PARTS: usize = 64;

/// Paths that nothing of ours has and every scanner asks for.
const SCANNED: &[&str] = &[
    "/.env",
    "/.git",
    "/.svn",
    "/.aws",
    "/.ssh",
    "/.htaccess",
    "/.ds_store",
    "/wp-",
    "/wordpress",
    "/xmlrpc.php",
    "/phpmyadmin",
    "/pma/",
    "/cgi-bin/",
    "/vendor/phpunit",
    "/boaform",
    "/hnap1",
    "/actuator",
    "/solr/",
    "/jenkins",
    "/manager/html",
    "/server-status",
    "/etc/passwd",
    "/shell",
    "/setup.php",
    "/config.php",
    "/owa/",
    "/autodiscover",
    "/ecp/",
    "/geoserver",
    "/telescope",
    "/_ignition",
];
/// Ends of paths that no page of ours has.
const SCANNED_ENDS: &[&str] = &[".php", ".asp", ".aspx", ".jsp", ".cgi", ".bak", ".sql", ".old"];
/// How scanners call themselves.
const SCANNERS: &[&str] = &[
    "sqlmap",
    "nikto",
    "nmap",
    "masscan",
    "zgrab",
    "nuclei",
    "dirbuster",
    "gobuster",
    "wpscan",
    "acunetix",
    "nessus",
    "openvas",
    "feroxbuster",
    "hydra",
    "arachni",
    "w3af",
];

/// What the line and the headers of a request look like.
pub fn of_head<'a>(path: &str, query: Option<&str>, headers: impl Iterator<Item = (&'a str, &'a [u8])>) -> Option<Kind> {
    let path = decoded(path);
    of_path(&path)
        .or_else(|| of_text(&path))
        .or_else(|| query.and_then(of_form))
        .or_else(|| headers.take(PARTS).find_map(|(name, value)| of_header(name, value)))
}

/// What a body looks like: the values of JSON or of a form, else the whole.
pub fn of_body(body: &[u8]) -> Option<Kind> {
    if let Ok(value) = serde_json::from_slice::<serde_json::Value>(body) {
        let mut left = PARTS;
        return of_json(&value, &mut left);
    }
    let text = String::from_utf8_lossy(body);
    of_form(&text).or_else(|| of_text(&text))
}

fn of_json(value: &serde_json::Value, left: &mut usize) -> Option<Kind> {
    *left = left.checked_sub(1)?;
    match value {
        serde_json::Value::String(text) => of_text(text).or_else(|| climbs(text).then_some(Kind::PathTraversal)),
        serde_json::Value::Array(items) => items.iter().find_map(|item| of_json(item, left)),
        serde_json::Value::Object(fields) => fields.iter().find_map(|(name, item)| of_text(name).or_else(|| of_json(item, left))),
        _ => None,
    }
}

fn of_form(text: &str) -> Option<Kind> {
    form_urlencoded::parse(text.as_bytes()).take(PARTS).find_map(|(name, value)| {
        let value = decoded(&value);
        let climbs = climbs(&value).then_some(Kind::PathTraversal);
        climbs.or_else(|| of_text(&value)).or_else(|| of_text(&name))
    })
}

fn of_path(path: &str) -> Option<Kind> {
    if climbs(path) {
        return Some(Kind::PathTraversal);
    }
    let path = path.to_ascii_lowercase();
    let is_scanned = SCANNED.iter().any(|start| path.starts_with(start)) || SCANNED_ENDS.iter().any(|end| path.ends_with(end));
    is_scanned.then_some(Kind::Scanner)
}

fn climbs(text: &str) -> bool {
    let is_climb = |part: &str| part == "..";
    text.contains('\0') || text.split(['/', '\\']).any(is_climb) && text.len() > 2
}

fn of_header(name: &str, value: &[u8]) -> Option<Kind> {
    if !matches!(name, "user-agent" | "referer" | "cookie" | "x-forwarded-for" | "x-forwarded-host" | "x-api-version" | "origin") {
        return None;
    }
    let value = String::from_utf8_lossy(value);
    let lower = value.to_ascii_lowercase();
    if name == "user-agent" && SCANNERS.iter().any(|scanner| lower.contains(scanner)) {
        return Some(Kind::Scanner);
    }
    if lower.contains("${jndi:") {
        return Some(Kind::ScriptInjection);
    }
    of_text(&value)
}

fn of_text(text: &str) -> Option<Kind> {
    let bytes = text.as_bytes();
    let bytes = bytes.get(..PART_BYTES).unwrap_or(bytes);
    // The port is not ours: what makes it panic is held against whoever sent it, and harms nobody else.
    let sql = catch_unwind(|| libinjectionrs::detect_sqli(bytes).is_injection()).unwrap_or(true);
    if sql {
        return Some(Kind::SqlInjection);
    }
    let script = catch_unwind(|| libinjectionrs::detect_xss(bytes).is_injection()).unwrap_or(true);
    script.then_some(Kind::ScriptInjection)
}

/// Percent signs taken back twice: what is hidden behind a second layer is seen, too.
fn decoded(text: &str) -> String {
    let once = percent(text.as_bytes());
    let twice = if once.contains(&b'%') { percent(&once) } else { once };
    String::from_utf8_lossy(&twice).into_owned()
}

fn percent(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len().min(PART_BYTES));
    let mut rest = text;
    while let Some((first, behind)) = rest.split_first() {
        let hex = |byte: Option<&u8>| byte.and_then(|byte| char::from(*byte).to_digit(16));
        match (first, hex(behind.first()), hex(behind.get(1))) {
            (b'%', Some(high), Some(low)) => {
                out.push(u8::try_from(high * 16 + low).unwrap_or_default());
                rest = behind.get(2..).unwrap_or_default();
            }
            _ => {
                out.push(*first);
                rest = behind;
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIREFOX: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0";

    fn head(path: &str, query: &str) -> Option<Kind> {
        of_head(path, (!query.is_empty()).then_some(query), [("user-agent", FIREFOX.as_bytes())].into_iter())
    }

    #[test]
    fn attacks_are_told_apart() {
        let table = [
            (head("/", "id=1'%20OR%20'1'='1"), Kind::SqlInjection),
            (head("/", "id=1%2527%20UNION%20SELECT%20password%20FROM%20users--"), Kind::SqlInjection),
            (head("/", "q=%3Cscript%3Ealert(1)%3C/script%3E"), Kind::ScriptInjection),
            (head("/<img%20src=x%20onerror=alert(1)>", ""), Kind::ScriptInjection),
            (head("/../../etc/passwd", ""), Kind::PathTraversal),
            (head("/assets/%2e%2e%2f%2e%2e%2fpregon.db", ""), Kind::PathTraversal),
            (head("/", "file=..%5c..%5cboot.ini"), Kind::PathTraversal),
            (head("/.env", ""), Kind::Scanner),
            (head("/wp-login.php", ""), Kind::Scanner),
            (head("/index.php", ""), Kind::Scanner),
            (of_head("/", None, [("user-agent", b"sqlmap/1.8".as_slice())].into_iter()), Kind::Scanner),
            (of_head("/", None, [("referer", b"${jndi:ldap://x}".as_slice())].into_iter()), Kind::ScriptInjection),
            (of_body(br#"{"username":"admin' OR 1=1 --","password":"x"}"#), Kind::SqlInjection),
            (of_body(b"name=%3Cscript%3Ealert(1)%3C/script%3E"), Kind::ScriptInjection),
            (of_body(br#"{"a":[{"b":"../../etc/shadow"}]}"#), Kind::PathTraversal),
        ];
        for (number, (found, kind)) in table.into_iter().enumerate() {
            assert_eq!(found, Some(kind), "row {number}");
        }
    }

    #[test]
    fn what_people_and_our_own_programs_send_is_none() {
        for path in [
            "/",
            "/admin",
            "/alerts/01M7Y04S25G50A36SWNMY7QTA2",
            "/api/clients/Farmacia%20O'Brien",
            "/assets/index-D4.js",
            "/alertas_norte",
        ] {
            assert_eq!(head(path, ""), None, "{path}");
        }
        for query in ["search=nevera+3&limit=50", "tab=bans", "from=2026-11-21", "token=tk_x", "search=O'Brien", "cursor=MTIz"] {
            assert_eq!(head("/api/alerts", query), None, "{query}");
        }
        for body in [
            r#"{"username":"ana","password":"correct horse battery"}"#,
            "",
            "{",
            r#"{"text":"Paracetamol 500 <caja>, 2 al día"}"#,
            "Nevera: 9,5 °C",
        ] {
            assert_eq!(of_body(body.as_bytes()), None, "{body}");
        }
    }

    #[test]
    fn nonsense_neither_panics_nor_takes_long() {
        let junk: Vec<u8> = (0..200_000_u32).map(|n| u8::try_from((n * 7_919) % 251).unwrap_or_default()).collect();
        for length in [0, 1, 2, 3, 100, 5_000, junk.len()] {
            let text = String::from_utf8_lossy(junk.get(..length).unwrap_or_default()).into_owned();
            let _ = (of_body(text.as_bytes()), head(&text, &text));
        }
        let deep = format!("{}1{}", "[".repeat(100), "]".repeat(100));
        assert_eq!(of_body(deep.as_bytes()), None);
    }
}
