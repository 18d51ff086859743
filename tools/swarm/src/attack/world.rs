//! What the story needs on the hub: a few agents, a technician, a sensor's token. Made before, removed after.

use std::hash::{BuildHasher as _, RandomState};
use std::net::Ipv4Addr;
use std::time::Instant;

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use shared::Timestamp;

use super::watcher::Watcher;
use super::{Scene, Target};
use crate::PATIENCE;
use crate::agent::now;
use crate::fleet::{self, Member};
use crate::http::Api;
use crate::tls::Endpoint;

/// Everybody in the story.
pub(super) struct World {
    hub: Endpoint,
    pub admin: Api,
    pub began: Timestamp,
    pub scenes: Vec<Scene>,
    pub watcher: Watcher,
    /// Enrolled, and in no hurry to connect.
    pub branches: Vec<Member>,
    pub technician: String,
    pub password: String,
    pub sensor_token: String,
    token_id: i64,
    mark: String,
}

impl World {
    pub async fn prepare(target: Target, scenes: &[Scene]) -> Result<Self> {
        let Target { hub, admin } = target;
        forget_earlier_runs(&admin, scenes).await?;
        let mark = format!("attack-{:08x}", random() >> 32);
        let branches = fleet::members(&mark, &format!("{:016x}{:016x}", random(), random()), 3);
        fleet::register(&admin, &branches).await.context("making agents for the story")?;
        let (technician, password) = (format!("{mark}-ana"), format!("{:016x}{:016x}", random(), random()));
        let user = json!({"username": technician, "password": password, "role": "technician"});
        admin.post("/api/users", &user).await?.expect(201).context("making a technician for the story")?;
        let token = json!({"name": format!("{mark}-sensor"), "scope": "events"});
        let token = admin.post("/api/tokens", &token).await?.expect(201).context("making a token for the story")?;
        let watch = branches.first().context("no agents")?;
        let watcher = Watcher::connect(&hub.seen_from(Scene::Watching.address()), watch).await?;
        Ok(Self {
            watcher,
            began: now(),
            scenes: scenes.to_vec(),
            branches,
            technician,
            password,
            sensor_token: token.get("token").and_then(Value::as_str).context("no token")?.to_owned(),
            token_id: token.get("id").and_then(Value::as_i64).context("no id of the token")?,
            mark,
            admin,
            hub,
        })
    }

    /// The hub as seen from the address of a scene.
    pub fn from(&self, scene: Scene) -> Endpoint {
        self.hub.seen_from(scene.address())
    }

    /// A hub's own name for something that must not exist.
    pub fn nobody(&self, number: usize) -> String {
        format!("{}-nobody-{number}", self.mark)
    }

    /// Sends an alert to the agent that watches, and waits until it is there; milliseconds.
    pub async fn alert_watcher(&mut self, sender: &Api, text: &str) -> Result<u128> {
        let begin = Instant::now();
        let audience = json!({"kind": "private", "name": self.watcher.name});
        let alert = json!({"audience": audience, "severity": "warning", "title": "pregon-swarm attack", "text": text});
        sender.post("/api/alerts", &alert).await?.expect(201)?;
        self.watcher.hear(text, PATIENCE).await?;
        Ok(begin.elapsed().as_millis())
    }

    /// Lets an address in again; whether it was banned.
    pub async fn lift(&self, address: Ipv4Addr) -> Result<bool> {
        lift(&self.admin, address).await
    }

    /// Removes what was made for the story; what the guard noticed stays.
    pub async fn clean_up(self) -> Result<()> {
        for scene in &self.scenes {
            self.lift(scene.address()).await?;
        }
        let branches = self.branches.iter().map(|member| format!("/api/clients/{}", member.name));
        let others = [format!("/api/users/{}", self.technician), format!("/api/tokens/{}", self.token_id)];
        for path in branches.chain(others) {
            let reply = self.admin.delete(&path).await?;
            reply.expect(204).with_context(|| format!("removing {path}"))?;
        }
        Ok(())
    }
}

/// A ban that is lifted takes the strikes along, those of a run that was broken off too.
async fn forget_earlier_runs(admin: &Api, scenes: &[Scene]) -> Result<()> {
    for scene in scenes {
        let address = scene.address();
        let ban = json!({"ip": address, "minutes": 1, "reason": "pregon-swarm attack begins anew"});
        let reply = admin.post("/api/security/bans", &ban).await?;
        ensure!(reply.status != 409, "the hub trusts {address} and would never ban it: take it from the trusted networks for the attack");
        reply.expect(201).with_context(|| format!("trying a ban of {address}"))?;
        lift(admin, address).await?;
    }
    Ok(())
}

async fn lift(admin: &Api, address: Ipv4Addr) -> Result<bool> {
    let reply = admin.delete(&format!("/api/security/bans/{address}")).await?;
    if reply.status != 404 {
        reply.expect(204).with_context(|| format!("lifting the ban of {address}"))?;
    }
    Ok(reply.status == 204)
}

/// Sixty-four bits of the system's randomness.
fn random() -> u64 {
    RandomState::new().hash_one(())
}
