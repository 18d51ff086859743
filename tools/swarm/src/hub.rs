//! The real hub as a child process on free ports of this machine, with data of its own.
//!
//! Nothing of it outlives the value: dropping it kills the process and removes the data that it made.

use std::fs::File;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use rustix::process::{Pid, Signal, kill_process};
use serde::Deserialize;
use tempfile::TempDir;

use crate::http::Api;
use crate::tls::Endpoint;

/// How long a hub may take until every listener accepts.
const READY: Duration = Duration::from_secs(30);
/// How long a hub may take to stop after SIGTERM: 10 s by its promise, and some for a loaded machine.
const STOP: Duration = Duration::from_secs(15);
/// How often a starting or stopping hub is looked at.
const LOOK: Duration = Duration::from_millis(10);

/// The password of `admin`, if no other is asked for.
pub const ADMIN_PASSWORD: &str = "correct horse battery staple";

/// How to start a hub; every field has a default.
#[derive(Debug, Clone, Default)]
pub struct Start {
    binary: Option<PathBuf>,
    data: Option<PathBuf>,
    environment: Vec<(String, String)>,
}

impl Start {
    /// Another binary than the one that [`binary`] finds.
    #[must_use]
    pub fn binary(mut self, path: impl Into<PathBuf>) -> Self {
        self.binary = Some(path.into());
        self
    }

    /// A data folder that outlives the process, instead of a temporary one.
    #[must_use]
    pub fn data(mut self, path: impl Into<PathBuf>) -> Self {
        self.data = Some(path.into());
        self
    }

    /// A variable of the hub's environment; the last one of a name counts.
    #[must_use]
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.into(), value.into()));
        self
    }

    /// Starts the hub and waits until it is ready.
    pub async fn spawn(self) -> Result<Process> {
        let own = TempDir::with_prefix("pregon-hub-")?;
        let data = self.data.clone().unwrap_or_else(|| own.path().join("data"));
        let binary = self.binary.clone().map_or_else(binary, Ok)?;
        let log = own.path().join("output.log");
        let launch = Launch { binary, data, environment: self.environment, log };
        let running = launch.run(None).await?;
        Ok(Process { launch, running, own: Some(own) })
    }
}

/// A hub that accepts agents, sensors and requests.
#[derive(Debug)]
pub struct Process {
    launch: Launch,
    running: Running,
    own: Option<TempDir>,
}

#[derive(Debug)]
struct Running {
    child: Child,
    ready: Ready,
}

/// What `ready.json` says.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Ready {
    pub pid: u32,
    /// Panel, REST and WebSockets.
    pub https: SocketAddr,
    /// Plain sensor lines.
    pub events: SocketAddr,
    /// Sensor lines over TLS, if the hub listens for them.
    #[serde(default)]
    pub events_tls: Option<SocketAddr>,
    /// The CA, relative to the data folder.
    pub ca: PathBuf,
}

impl Process {
    /// A hub with temporary data and the password [`ADMIN_PASSWORD`].
    pub async fn start() -> Result<Self> {
        Start::default().spawn().await
    }

    pub fn ready(&self) -> &Ready {
        &self.running.ready
    }

    pub fn pid(&self) -> u32 {
        self.running.ready.pid
    }

    pub fn data(&self) -> &Path {
        &self.launch.data
    }

    /// The PEM file of the CA that the hub made.
    pub fn ca(&self) -> PathBuf {
        self.launch.data.join(&self.running.ready.ca)
    }

    /// Where agents, panels and scripts connect.
    pub fn endpoint(&self) -> Result<Endpoint> {
        Endpoint::new(self.running.ready.https, &self.ca())
    }

    /// Where sensors connect.
    pub fn events(&self) -> SocketAddr {
        self.running.ready.events
    }

    /// The account `admin`, logged in with [`ADMIN_PASSWORD`].
    pub async fn admin(&self) -> Result<Api> {
        Api::admin(&self.endpoint()?, ADMIN_PASSWORD).await
    }

    /// What the hub printed so far, over all its restarts.
    pub fn output(&self) -> String {
        std::fs::read_to_string(&self.launch.log).unwrap_or_default()
    }

    /// Runs `pregon-hub ARGS --data DATA` beside the hub, as an administrator would.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = self.launch.command();
        command.args(args).arg("--data").arg(&self.launch.data);
        command
    }

    /// kill -9, at once and without a word.
    pub fn kill(&mut self) -> Result<()> {
        self.running.child.kill().context("kill -9")?;
        self.running.child.wait()?;
        Ok(())
    }

    /// SIGTERM, and how the hub ended.
    pub async fn stop(&mut self) -> Result<ExitStatus> {
        self.signal(Signal::TERM)?;
        let end = Instant::now() + STOP;
        loop {
            match self.running.child.try_wait()? {
                Some(status) => return Ok(status),
                None if Instant::now() >= end => bail!("the hub runs on {STOP:?} after SIGTERM\n{}", self.output()),
                None => tokio::time::sleep(LOOK).await,
            }
        }
    }

    /// Any signal, for example STOP and CONT to play dead.
    pub fn signal(&self, signal: Signal) -> Result<()> {
        let pid = i32::try_from(self.running.child.id()).ok().and_then(Pid::from_raw).context("no process id")?;
        kill_process(pid, signal).context("signalling the hub")
    }

    /// Starts the hub again after [`Self::kill`] or [`Self::stop`]: same data, same ports.
    pub async fn restart(&mut self) -> Result<()> {
        let ports = self.running.ready.clone();
        self.running = self.launch.run(Some(&ports)).await?;
        Ok(())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Both fail only when the hub is gone already.
        let _ = self.running.child.kill();
        let _ = self.running.child.wait();
        if std::thread::panicking() {
            self.keep_evidence();
        }
    }
}

impl Process {
    #[allow(clippy::print_stderr, reason = "the output of a failed test is where its reader looks")]
    fn keep_evidence(&mut self) {
        let kept = self.own.take().map(TempDir::keep).unwrap_or_default();
        let output = self.output();
        let from = output.lines().count().saturating_sub(30);
        eprintln!("--- the hub's last lines; all of it stays in {}", kept.display());
        output.lines().skip(from).for_each(|line| eprintln!("{line}"));
    }
}

#[derive(Debug)]
struct Launch {
    binary: PathBuf,
    data: PathBuf,
    environment: Vec<(String, String)>,
    log: PathBuf,
}

impl Launch {
    /// The binary with a clean environment: nothing of the caller's own hub leaks in.
    fn command(&self) -> Command {
        let mut command = Command::new(&self.binary);
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("PREGON_")) {
            command.env_remove(name);
        }
        command
    }

    async fn run(&self, ports: Option<&Ready>) -> Result<Running> {
        let log = File::options().create(true).append(true).open(&self.log)?;
        let address = |taken: Option<SocketAddr>| taken.map_or_else(|| "127.0.0.1:0".to_owned(), |address| address.to_string());
        let mut command = self.command();
        command
            .args(["serve", "--data"])
            .arg(&self.data)
            .env("PREGON_HTTPS_LISTEN", address(ports.map(|ready| ready.https)))
            .env("PREGON_EVENTS_LISTEN", address(ports.map(|ready| ready.events)))
            .env("PREGON_EVENTS_TLS_LISTEN", address(ports.and_then(|ready| ready.events_tls)))
            .env("PREGON_ADMIN_PASSWORD", ADMIN_PASSWORD)
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log);
        let child = command.spawn().with_context(|| format!("starting {}", self.binary.display()))?;
        self.wait_ready(child).await
    }

    /// A file that a killed hub left behind names another process, so it does not count.
    async fn wait_ready(&self, mut child: Child) -> Result<Running> {
        let path = self.data.join("ready.json");
        let end = Instant::now() + READY;
        loop {
            let ready = std::fs::read(&path).ok().and_then(|bytes| serde_json::from_slice::<Ready>(&bytes).ok());
            if let Some(ready) = ready.filter(|ready| ready.pid == child.id()) {
                return Ok(Running { child, ready });
            }
            let ended = child.try_wait()?;
            if ended.is_some() || Instant::now() >= end {
                // Fails only when the hub is gone already.
                let _ = child.kill();
                let _ = child.wait();
                let output = std::fs::read_to_string(&self.log).unwrap_or_default();
                bail!(
                    "the hub is not ready ({})\n{output}",
                    ended.map_or_else(|| format!("waited {READY:?}"), |status| status.to_string())
                );
            }
            tokio::time::sleep(LOOK).await;
        }
    }
}

/// The `pregon-hub` of the same build: `SWARM_HUB_BIN`, else beside or above this program in the target folder.
pub fn binary() -> Result<PathBuf> {
    sibling("SWARM_HUB_BIN", "pregon-hub")
}

/// A program of the same build as this one; `variable` may name another.
pub fn sibling(variable: &str, name: &str) -> Result<PathBuf> {
    if let Some(path) = std::env::var_os(variable) {
        return Ok(path.into());
    }
    let own = std::env::current_exe()?;
    let found = own.ancestors().skip(1).take(3).map(|folder| folder.join(name)).find(|path| path.is_file());
    found.with_context(|| format!("no {name} near {}; build it first: cargo build -p {name}", own.display()))
}
