//! Builds the panel with Vite into `OUT_DIR` and writes the table that `src/lib.rs` embeds.
//!
//! `PREGON_PANEL_SKIP=1` embeds a page that says so (rust-analyzer, clippy); `PREGON_PANEL_DIST=DIR` embeds a
//! folder built elsewhere. Every way ends with an `index.html`.
#![allow(clippy::print_stdout, reason = "a build script talks to cargo through standard output")]

use std::env;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

#[path = "build/table.rs"]
mod table;

/// What the built panel depends on, besides the files under `src` and `public`.
const CONFIG: &[&str] = &[
    "build.rs",
    "build/table.rs",
    "build/compress.mjs",
    "index.html",
    "package.json",
    "package-lock.json",
    "tsconfig.json",
    "vite.config.ts",
];

const SKIPPED_PAGE: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Pregón</title>\
    <p>This hub was built with PREGON_PANEL_SKIP: it carries no panel.</p></html>\n";

fn main() {
    if let Err(reason) = run() {
        for line in reason.lines() {
            println!("cargo::error={line}");
        }
        std::process::exit(1);
    }
}

fn run() -> Result<(), String> {
    let root = PathBuf::from(variable("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(variable("OUT_DIR")?);
    println!("cargo::rerun-if-env-changed=PREGON_PANEL_SKIP");
    println!("cargo::rerun-if-env-changed=PREGON_PANEL_DIST");
    watch(&root)?;
    let dist = if env::var("PREGON_PANEL_SKIP").is_ok_and(|value| value == "1") {
        skipped(&out)?
    } else if let Some(dir) = env::var_os("PREGON_PANEL_DIST").filter(|dir| !dir.is_empty()) {
        brought(PathBuf::from(dir))?
    } else {
        built(&root, &out)?
    };
    table::write(&dist, &out)
}

fn variable(name: &str) -> Result<String, String> {
    env::var(name).map_err(|err| format!("{name}: {err}"))
}

/// Names every source file, never a folder: a folder that holds `node_modules` would rebuild for nothing.
fn watch(root: &Path) -> Result<(), String> {
    for file in CONFIG {
        println!("cargo::rerun-if-changed={}", root.join(file).display());
    }
    for folder in ["src", "public"] {
        for file in table::files(&root.join(folder))? {
            let name = file.to_string_lossy();
            if !name.ends_with(".rs") && !name.ends_with(".test.ts") {
                println!("cargo::rerun-if-changed={}", file.display());
            }
        }
    }
    Ok(())
}

fn skipped(out: &Path) -> Result<PathBuf, String> {
    let dist = out.join("skipped");
    fs::create_dir_all(&dist).map_err(|err| at(&dist, &err))?;
    let page = dist.join("index.html");
    fs::write(&page, SKIPPED_PAGE).map_err(|err| at(&page, &err))?;
    Ok(dist)
}

fn brought(dir: PathBuf) -> Result<PathBuf, String> {
    if !dir.join("index.html").is_file() {
        return Err(format!("PREGON_PANEL_DIST={} holds no index.html", dir.display()));
    }
    for file in table::files(&dir)? {
        println!("cargo::rerun-if-changed={}", file.display());
    }
    Ok(dir)
}

/// Runs Node under a lock, because two cargos (an editor and a terminal) share `node_modules`.
fn built(root: &Path, out: &Path) -> Result<PathBuf, String> {
    require_node()?;
    let path = root.join(".panel.lock");
    let lock = File::create(&path).map_err(|err| at(&path, &err))?;
    lock.lock().map_err(|err| at(&path, &err))?;
    install(root)?;
    let dist = out.join("dist");
    run_node(root, &["node_modules/vite/bin/vite.js", "build", "--emptyOutDir", "--logLevel", "warn", "--outDir"], &dist)?;
    run_node(root, &["build/compress.mjs"], &dist)?;
    Ok(dist)
}

fn require_node() -> Result<(), String> {
    const WANTED: &str = "The panel needs Node 20.19 or later to be built (https://nodejs.org, or your distribution).\n\
        Without it, set PREGON_PANEL_DIST=DIR to bring a built panel, or PREGON_PANEL_SKIP=1 to build without one.";
    let output = Command::new("node").arg("--version").output().map_err(|err| format!("node: {err}\n{WANTED}"))?;
    let said = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    let mut parts = said.trim_start_matches('v').split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    let version = (parts.next().unwrap_or(0), parts.next().unwrap_or(0));
    if version < (20, 19) {
        return Err(format!("node is {said}\n{WANTED}"));
    }
    Ok(())
}

/// `npm ci` only when the lock file differs from the one `node_modules` was made from.
fn install(root: &Path) -> Result<(), String> {
    let wanted_path = root.join("package-lock.json");
    let wanted = fs::read(&wanted_path).map_err(|err| at(&wanted_path, &err))?;
    let stamp = root.join("node_modules/.pregon-package-lock.json");
    if fs::read(&stamp).is_ok_and(|have| have == wanted) {
        return Ok(());
    }
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
    finish(Command::new(npm).args(args).current_dir(root), "npm ci")?;
    fs::write(&stamp, wanted).map_err(|err| at(&stamp, &err))
}

fn run_node(root: &Path, args: &[&str], dist: &Path) -> Result<(), String> {
    finish(Command::new("node").args(args).arg(dist).current_dir(root), args.first().copied().unwrap_or("node"))
}

fn finish(command: &mut Command, what: &str) -> Result<(), String> {
    let output = command.output().map_err(|err| format!("{what}: {err}"))?;
    if output.status.success() {
        return Ok(());
    }
    let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    Err(format!("{what} failed ({})\n{stdout}\n{stderr}", output.status))
}

fn at(path: &Path, err: &std::io::Error) -> String {
    format!("{}: {err}", path.display())
}
