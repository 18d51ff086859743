//! A desktop made for a test: an X server without a screen and a message bus, both ended with the value.

use std::fs::File;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;
use x11rb::protocol::xproto::{ClientMessageEvent, ConnectionExt as _, EventMask};

use super::{PATIENCE, eventually};

/// The desktop's two servers.
pub struct Desktop {
    _servers: [Child; 2],
    display: String,
    bus: String,
}

/// A window on the desktop: its number and where it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    pub id: u32,
    pub x: i32,
    pub y: i32,
    pub width: i32,
    pub height: i32,
}

impl Desktop {
    pub async fn start() -> Self {
        let (server, number) = {
            let _turn = turn();
            serve("Xvfb", &["-displayfd", "1", "-screen", "0", "1366x768x24", "-nolisten", "tcp"]).await
        };
        let (bus_server, bus) = serve("dbus-daemon", &["--session", "--nofork", "--print-address"]).await;
        Self { _servers: [server, bus_server], display: format!(":{number}"), bus }
    }

    /// What a program needs to find this desktop.
    pub fn variables(&self) -> Vec<(&'static str, String)> {
        let software = ("LIBGL_ALWAYS_SOFTWARE", "1".to_owned());
        vec![("DISPLAY", self.display.clone()), ("DBUS_SESSION_BUS_ADDRESS", self.bus.clone()), software]
    }

    pub fn bus(&self) -> &str {
        &self.bus
    }

    /// The agent's window, once it stands on the screen.
    pub async fn window(&self) -> Window {
        eventually("the window", async || self.find_window().await).await
    }

    pub async fn find_window(&self) -> Option<Window> {
        let found = self.xdotool(&["search", "--onlyvisible", "--class", "pregon-tray"]).await;
        let id = found.lines().next()?.parse().ok()?;
        let shell = self.xdotool(&["getwindowgeometry", "--shell", &format!("{id}")]).await;
        let number = |name: &str| shell.lines().find_map(|line| line.strip_prefix(name)?.parse().ok());
        Some(Window { id, x: number("X=")?, y: number("Y=")?, width: number("WIDTH=")?, height: number("HEIGHT=")? })
    }

    /// Clicks into the window; negative distances count from its right and lower edges.
    pub async fn click(&self, window: Window, x: i32, y: i32) {
        let place = |at: i32, start: i32, size: i32| (if at < 0 { start + size + at } else { start + at }).to_string();
        let (x, y) = (place(x, window.x, window.width), place(y, window.y, window.height));
        self.xdotool(&["mousemove", &x, &y]).await;
        tokio::time::sleep(Duration::from_millis(100)).await;
        self.xdotool(&["click", "1"]).await;
    }

    /// The window of that title, once it stands and has the keyboard.
    pub async fn named(&self, title: &str) -> u32 {
        let id = eventually(title, async || self.find_named(title).await).await;
        // Without a window manager nobody gives it the keyboard.
        self.xdotool(&["windowfocus", "--sync", &id.to_string()]).await;
        tokio::time::sleep(Duration::from_millis(500)).await;
        id
    }

    pub async fn find_named(&self, title: &str) -> Option<u32> {
        self.xdotool(&["search", "--onlyvisible", "--name", title]).await.lines().next()?.parse().ok()
    }

    /// Types into the window that has the keyboard.
    pub async fn write(&self, text: &str) {
        self.xdotool(&["type", "--delay", "20", text]).await;
    }

    pub async fn keys(&self, keys: &str) {
        self.xdotool(&["key", keys]).await;
        tokio::time::sleep(Duration::from_millis(200)).await;
    }

    /// Asks the window to close, as its close button and Alt+F4 do.
    pub fn ask_to_close(&self, window: Window) {
        let (connection, _) = x11rb::connect(Some(&self.display)).unwrap();
        let atom = |name: &str| connection.intern_atom(false, name.as_bytes()).unwrap().reply().unwrap().atom;
        let message = ClientMessageEvent::new(32, window.id, atom("WM_PROTOCOLS"), [atom("WM_DELETE_WINDOW"), 0, 0, 0, 0]);
        connection.send_event(false, window.id, EventMask::NO_EVENT, message).unwrap().check().unwrap();
    }

    /// Destroys the window over its program's head, as no well-behaved program does.
    pub async fn destroy(&self, window: Window) {
        self.xdotool(&["windowclose", &window.id.to_string()]).await;
    }

    async fn xdotool(&self, arguments: &[&str]) -> String {
        let output = Command::new("xdotool").args(arguments).env("DISPLAY", &self.display).output().await.unwrap();
        String::from_utf8(output.stdout).unwrap()
    }
}

/// One X server looks for its number at a time: a second one takes the socket of a first that is bound and does not yet listen
/// for a leftover, and both would be the same display. Given back when the file is closed.
fn turn() -> File {
    let file = File::create(concat!(env!("CARGO_TARGET_TMPDIR"), "/display.lock")).unwrap();
    file.lock().unwrap();
    file
}

/// Starts a server that says its address in its first line.
async fn serve(program: &str, arguments: &[&str]) -> (Child, String) {
    let mut command = Command::new(program);
    command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true);
    let mut child = command.spawn().unwrap_or_else(|err| panic!("{program}: {err}"));
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let first = timeout(PATIENCE, lines.next_line()).await.expect("it says nothing").unwrap();
    (child, first.unwrap_or_else(|| panic!("{program} ended at once")))
}
