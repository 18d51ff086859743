//! The tray icon as a desktop sees it: a small host on the message bus reads colour and tooltip.

use std::sync::{Arc, Mutex};

use serde_json::json;
use zbus::zvariant::OwnedValue;
use zbus::{Connection, Proxy, connection, interface};

use super::desktop::Desktop;
use super::eventually;
use super::hub::Hub;

/// Name of the service that knows all icons.
const WATCHER: &str = "org.kde.StatusNotifierWatcher";

/// The part of a desktop that keeps tray icons.
struct Watcher {
    items: Arc<Mutex<Vec<String>>>,
}

#[interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    fn register_status_notifier_item(&self, service: String, #[zbus(header)] header: zbus::message::Header<'_>) {
        // An item names its bus name, or only its path on the sender's.
        let name = if service.starts_with('/') { header.sender().unwrap().to_string() } else { service };
        self.items.lock().unwrap().push(name);
    }

    fn register_status_notifier_host(&self, _service: String) {}

    #[zbus(property)]
    fn registered_status_notifier_items(&self) -> Vec<String> {
        self.items.lock().unwrap().clone()
    }

    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        true
    }

    #[zbus(property)]
    fn protocol_version(&self) -> i32 {
        0
    }
}

/// A tray with the icons that registered.
struct Tray {
    bus: Connection,
    items: Arc<Mutex<Vec<String>>>,
}

/// Width, height and pixels in each size of a picture.
type Pixmaps = Vec<(i32, i32, Vec<u8>)>;

#[derive(Debug, PartialEq, Eq)]
enum Colour {
    Green,
    Red,
    Other,
}

impl Tray {
    async fn on(desktop: &Desktop) -> Self {
        let items = Arc::new(Mutex::new(Vec::new()));
        let watcher = Watcher { items: items.clone() };
        let builder = connection::Builder::address(desktop.bus()).unwrap().name(WATCHER).unwrap();
        let bus = builder.serve_at("/StatusNotifierWatcher", watcher).unwrap().build().await.unwrap();
        Self { bus, items }
    }

    async fn icon(&self) -> Option<Proxy<'static>> {
        let name = self.items.lock().unwrap().last().cloned()?;
        Proxy::new(&self.bus, name, "/StatusNotifierItem", "org.kde.StatusNotifierItem").await.ok()
    }

    /// Colour of the icon near its rim, and the tooltip.
    async fn look(&self) -> Option<(Colour, String)> {
        // A new proxy each time: nothing cached.
        let icon = self.icon().await?;
        let pixmaps: Pixmaps = icon.get_property::<OwnedValue>("IconPixmap").await.ok()?.try_into().ok()?;
        let (width, height, pixels) = pixmaps.first()?;
        // ARGB; a quarter from the top in the middle column lies on the disc, off its sign.
        let at = usize::try_from((height / 8) * width + width / 2).unwrap() * 4;
        let colour = match pixels[at..at + 4] {
            [255, red, green, _] if green > red && green > 100 => Colour::Green,
            [255, red, green, _] if red > green && red > 100 => Colour::Red,
            _ => Colour::Other,
        };
        let tooltip: (String, Pixmaps, String, String) = icon.get_property::<OwnedValue>("ToolTip").await.ok()?.try_into().ok()?;
        Some((colour, tooltip.3))
    }

    async fn becomes(&self, colour: Colour, words: &str) -> String {
        eventually(&format!("{colour:?} with {words:?}"), async || {
            let (seen, tooltip) = self.look().await?;
            (seen == colour && tooltip.contains(words)).then_some(tooltip)
        })
        .await
    }
}

#[tokio::test]
async fn the_icon_turns_from_red_to_green_to_red_and_says_why() {
    let mut hub = Hub::start().await;
    let desktop = Desktop::start().await;
    let tray = Tray::on(&desktop).await;
    let home = hub.enrol("Sol").await;
    let address = hub.address();
    std::fs::write(home.file("ip.txt"), "127.0.0.1:1\n").unwrap();
    let _agent = home.start_on(&desktop.variables());
    let tooltip = tray.becomes(Colour::Red, "connection refused").await;
    assert!(tooltip.starts_with("Pregón: no connection with 127.0.0.1:1: "), "{tooltip}");
    std::fs::write(home.file("ip.txt"), &address).unwrap();
    tray.becomes(Colour::Green, &format!("connected with {address}")).await;
    hub.process.kill().unwrap();
    tray.becomes(Colour::Red, &address).await;
}

#[tokio::test]
async fn the_menu_says_the_status_shows_alerts_again_and_cannot_end_the_agent() {
    let (hub, desktop) = (Hub::start().await, Desktop::start().await);
    let tray = Tray::on(&desktop).await;
    let home = hub.enrol("Sol").await;
    let _agent = home.start_on(&desktop.variables());
    tray.becomes(Colour::Green, "connected").await;
    let status = "Pregón: connected with ".to_owned() + &hub.address();
    let entries = [(status, false), ("Show alerts again".into(), false), ("Write to head office".into(), true)];
    assert_eq!(labels(&tray).await, entries);
    hub.send(json!({"text": "look"})).await;
    eventually("the entry can be chosen", async || labels(&tray).await.get(1)?.1.then_some(())).await;
}

#[tokio::test]
async fn a_branch_writes_in_the_window_that_the_menu_opens() {
    let (hub, desktop) = (Hub::start().await, Desktop::start().await);
    let tray = Tray::on(&desktop).await;
    let home = hub.enrol("Sol").await;
    let _agent = home.start_on(&desktop.variables());
    tray.becomes(Colour::Green, "connected").await;
    choose(&tray, "Write to head office").await;
    desktop.named("Write to head office").await;
    desktop.write("The till is on fire").await;
    desktop.keys("ctrl+Return").await;
    let messages = hub.messages(1).await;
    assert_eq!((&messages[0]["client"], &messages[0]["text"]), (&json!("Sol"), &json!("The till is on fire")));
    eventually("nothing waits any more", async || (home.messages() == 0).then_some(())).await;
    desktop.keys("Escape").await;
    eventually("the window is gone", async || desktop.find_named("Write to head office").await.is_none().then_some(())).await;
    choose(&tray, "Write to head office").await;
    desktop.named("Write to head office").await;
    desktop.write("half").await;
    desktop.keys("Escape").await;
    // Chosen again, the same window comes in front with what was written.
    choose(&tray, "Write to head office").await;
    desktop.keys("Escape").await;
    desktop.write(" a thought").await;
    desktop.keys("ctrl+Return").await;
    assert_eq!(hub.messages(2).await[0]["text"], "half a thought");
}

type Item = (i32, std::collections::HashMap<String, OwnedValue>, Vec<OwnedValue>);

async fn menu(tray: &Tray) -> Proxy<'static> {
    let name = tray.items.lock().unwrap().last().cloned().unwrap();
    Proxy::new(&tray.bus, name, "/MenuBar", "com.canonical.dbusmenu").await.unwrap()
}

async fn entries(tray: &Tray) -> Vec<Item> {
    let none: [&str; 0] = [];
    let (_, (_, _, children)): (u32, Item) = menu(tray).await.call("GetLayout", &(0_i32, -1_i32, &none[..])).await.unwrap();
    children.into_iter().map(|child| Item::try_from(child).unwrap()).collect()
}

fn label(fields: &std::collections::HashMap<String, OwnedValue>) -> Option<String> {
    String::try_from(fields.get("label")?.clone()).ok()
}

/// Clicks on an entry of the menu.
async fn choose(tray: &Tray, text: &str) {
    let found = entries(tray).await.into_iter().find(|(_, fields, _)| label(fields).as_deref() == Some(text));
    let event = (found.unwrap().0, "clicked", zbus::zvariant::Value::from(0_i32), 0_u32);
    menu(tray).await.call::<_, _, ()>("Event", &event).await.unwrap();
}

/// Texts of the menu, and whether they can be chosen.
async fn labels(tray: &Tray) -> Vec<(String, bool)> {
    let enabled = |fields: &std::collections::HashMap<String, OwnedValue>| {
        fields.get("enabled").is_none_or(|value| bool::try_from(value.clone()).unwrap())
    };
    entries(tray).await.into_iter().filter_map(|(_, fields, _)| Some((label(&fields)?, enabled(&fields)))).collect()
}
