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
    assert_eq!(labels(&tray).await, [("Pregón: connected with ".to_owned() + &hub.address(), false), ("Show alerts again".into(), false)]);
    hub.send(json!({"text": "look"})).await;
    eventually("the entry can be chosen", async || labels(&tray).await.get(1)?.1.then_some(())).await;
}

/// Texts of the menu, and whether they can be chosen.
async fn labels(tray: &Tray) -> Vec<(String, bool)> {
    type Item = (i32, std::collections::HashMap<String, OwnedValue>, Vec<OwnedValue>);
    let name = tray.items.lock().unwrap().last().cloned().unwrap();
    let menu = Proxy::new(&tray.bus, name, "/MenuBar", "com.canonical.dbusmenu").await.unwrap();
    let none: [&str; 0] = [];
    let (_, (_, _, children)): (u32, Item) = menu.call("GetLayout", &(0_i32, -1_i32, &none[..])).await.unwrap();
    let items = children.into_iter().map(|child| Item::try_from(child).unwrap());
    let text = |fields: &std::collections::HashMap<String, OwnedValue>| String::try_from(fields.get("label")?.clone()).ok();
    let enabled = |fields: &std::collections::HashMap<String, OwnedValue>| {
        fields.get("enabled").is_none_or(|value| bool::try_from(value.clone()).unwrap())
    };
    items.filter_map(|(_, fields, _)| Some((text(&fields)?, enabled(&fields)))).collect()
}
