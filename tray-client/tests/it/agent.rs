//! An agent's data folder, and the agent running on it.

use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::time::timeout;

use super::PATIENCE;

/// A data folder of one agent, removed at the end.
pub struct Home {
    folder: TempDir,
}

impl Drop for Home {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("--- the agent's log\n{}{}", self.read("stderr.log"), self.read("agent.log"));
        }
    }
}

/// A running agent; killed when dropped.
pub struct Agent {
    child: Child,
    input: Option<ChildStdin>,
    lines: Option<Lines<BufReader<ChildStdout>>>,
    /// Whether it has said anything, so that it can be told to end.
    has_spoken: bool,
}

impl Home {
    pub fn new() -> Self {
        Self { folder: TempDir::with_prefix("pregon-tray-").unwrap() }
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.file(name)).unwrap_or_default()
    }

    /// How many messages of the branch wait on the disk.
    pub fn messages(&self) -> usize {
        let entries = std::fs::read_dir(self.file("outbox")).into_iter().flatten();
        entries.filter(|entry| entry.as_ref().unwrap().path().extension().is_some_and(|end| end == "json")).count()
    }

    /// Where the agent's standard error goes.
    fn log(&self) -> Stdio {
        let file = std::fs::File::options().create(true).append(true).open(self.file("stderr.log"));
        Stdio::from(file.unwrap())
    }

    /// `pregon-tray ARGS --data FOLDER`, in English, without a desktop.
    pub fn command(&self, arguments: &[&str]) -> Command {
        self.command_of(Path::new(env!("CARGO_BIN_EXE_pregon-tray")), arguments)
    }

    fn command_of(&self, program: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new(program);
        command.args(arguments).arg("--data").arg(self.path()).kill_on_drop(true);
        for variable in ["DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "GTK_THEME", "LC_MESSAGES"] {
            command.env_remove(variable);
        }
        // No bus of the machine, no settings of whoever runs the tests.
        command.env("XDG_RUNTIME_DIR", self.path()).env("XDG_CONFIG_HOME", self.path()).env("LC_ALL", "en_US.UTF-8").env("USER", "cashier");
        command
    }

    pub async fn run(&self, arguments: &[&str]) -> Output {
        timeout(PATIENCE, self.command(arguments).stdin(Stdio::null()).output()).await.expect("it hangs").unwrap()
    }

    /// Whether `status` says that the agent is connected, and its sentence.
    pub async fn status(&self) -> (bool, String) {
        let output = self.run(&["status"]).await;
        let words = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8(words).unwrap())
    }

    pub fn start_headless(&self) -> Agent {
        let mut command = self.command(&["--headless"]);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(self.log()).spawn().unwrap();
        let lines = child.stdout.take().map(|output| BufReader::new(output).lines());
        Agent { input: child.stdin.take(), lines, child, has_spoken: false }
    }

    /// The agent with window and icon, on the desktop that the variables name.
    pub fn start_on(&self, desktop: &[(&str, String)]) -> Agent {
        self.start_program_on(Path::new(env!("CARGO_BIN_EXE_pregon-tray")), desktop)
    }

    /// The same, from another place than the one that it was built in.
    pub fn start_program_on(&self, program: &Path, desktop: &[(&str, String)]) -> Agent {
        let mut command = self.command_of(program, &[]);
        let child =
            command.envs(desktop.iter().map(|(name, value)| (name, value))).stdin(Stdio::null()).stderr(self.log()).spawn().unwrap();
        Agent { child, input: None, lines: None, has_spoken: false }
    }
}

impl Agent {
    /// The next line of that type; others are skipped.
    pub async fn next(&mut self, kind: &str) -> Value {
        self.has_spoken = true;
        let lines = self.lines.as_mut().unwrap();
        let search = async {
            loop {
                let line = lines.next_line().await.unwrap().expect("the agent ended");
                let value: Value = serde_json::from_str(&line).unwrap();
                if value["type"] == kind {
                    return value;
                }
            }
        };
        timeout(PATIENCE, search).await.unwrap_or_else(|_| panic!("no line of type {kind}"))
    }

    /// Waits until it says that it is connected.
    pub async fn connected(&mut self) {
        while self.next("status").await["connected"] != true {}
    }

    /// The texts of all alerts that it prints until it has ended as told.
    pub async fn texts_until_end(self) -> Vec<String> {
        let alerts = self.lines_until_end().await.into_iter().filter(|line| line["type"] == "alert");
        alerts.map(|alert| alert["text"].as_str().unwrap().to_owned()).collect()
    }

    /// Everything that it prints until it has ended as told.
    pub async fn lines_until_end(mut self) -> Vec<Value> {
        if !self.has_spoken {
            // Its first line; alerts come after it.
            self.next("status").await;
        }
        self.signal(rustix::process::Signal::TERM);
        let mut lines = self.lines.take().unwrap();
        let mut values = Vec::new();
        while let Some(line) = timeout(PATIENCE, lines.next_line()).await.unwrap().unwrap() {
            values.push(serde_json::from_str(&line).unwrap());
        }
        values
    }

    pub async fn say(&mut self, line: Value) {
        let input = self.input.as_mut().unwrap();
        input.write_all(format!("{line}\n").as_bytes()).await.unwrap();
    }

    pub async fn receipt(&mut self, alert: &Value, state: &str) {
        self.say(serde_json::json!({"id": alert["id"], "state": state})).await;
    }

    pub fn pid(&self) -> u32 {
        self.child.id().expect("it runs")
    }

    /// kill -9.
    pub async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }

    pub fn signal(&self, signal: rustix::process::Signal) {
        let pid = i32::try_from(self.pid()).ok().and_then(rustix::process::Pid::from_raw).unwrap();
        rustix::process::kill_process(pid, signal).unwrap();
    }

    pub async fn wait(&mut self) -> ExitStatus {
        timeout(PATIENCE, self.child.wait()).await.expect("it does not end").unwrap()
    }
}
