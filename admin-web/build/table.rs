//! Turns a built folder into `assets.rs`: one `match` from path to embedded bytes, and the page itself.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// Stands in `index.html` where the page says which build it is.
const BUILD_PLACEHOLDER: &str = "__PREGON_BUILD__";

/// Every file below `folder`, sorted; none when the folder does not exist.
pub fn files(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        let Ok(entries) = fs::read_dir(&next) else { continue };
        for entry in entries {
            let path = entry.map_err(|err| format!("{}: {err}", next.display()))?.path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    Ok(found)
}

/// Writes `assets.rs` and `index.html` into `out`.
pub fn write(dist: &Path, out: &Path) -> Result<(), String> {
    let mut arms = String::new();
    let page = fs::read_to_string(dist.join("index.html")).map_err(|err| format!("index.html: {err}"))?;
    let mut build = fnv(page.as_bytes(), FNV_START);
    for file in files(dist)? {
        let path = file.strip_prefix(dist).map_err(|err| err.to_string())?;
        let path = path.to_string_lossy().replace('\\', "/");
        if path == "index.html" || path.ends_with(".br") || path.ends_with(".gz") {
            continue;
        }
        let bytes = fs::read(&file).map_err(|err| format!("{path}: {err}"))?;
        build = fnv(&bytes, fnv(path.as_bytes(), build));
        arm(&mut arms, &path, &file, fnv(&bytes, FNV_START));
    }
    let build = format!("{build:016x}");
    let table = format!(
        "/// Identifies this build of the panel; it changes with any of its bytes.\n\
         pub const BUILD_ID: &str = {build:?};\n\n\
         fn find(path: &str) -> Option<Asset> {{\n    Some(match path {{\n{arms}        _ => return None,\n    }})\n}}\n"
    );
    fs::write(out.join("assets.rs"), table).map_err(|err| format!("assets.rs: {err}"))?;
    fs::write(out.join("index.html"), page.replace(BUILD_PLACEHOLDER, &build)).map_err(|err| format!("index.html: {err}"))
}

fn arm(arms: &mut String, path: &str, file: &Path, hash: u64) {
    let compressed = |ending: &str| {
        let mut name = file.as_os_str().to_owned();
        name.push(ending);
        let name = PathBuf::from(name);
        if name.is_file() { format!("Some(include_bytes!({name:?}))") } else { "None".to_owned() }
    };
    // Vite puts the content's hash into every name below `assets/`, so these never change under their name.
    let immutable = path.starts_with("assets/");
    // Writing into a `String` cannot fail.
    let _ = writeln!(
        arms,
        "        {path:?} => Asset {{ bytes: include_bytes!({file:?}), brotli: {}, gzip: {}, content_type: {:?}, \
         immutable: {immutable}, etag: \"\\\"{hash:016x}\\\"\" }},",
        compressed(".br"),
        compressed(".gz"),
        content_type(path),
    );
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "html" => "text/html; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "json" | "webmanifest" => "application/json",
        "txt" | "md" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

const FNV_START: u64 = 0xcbf2_9ce4_8422_2325;

/// FNV-1a: names a content, and is no defence against somebody who wants two with one name.
fn fnv(bytes: &[u8], start: u64) -> u64 {
    bytes.iter().fold(start, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}
