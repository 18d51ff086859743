//! The scenes of the story: from where, how long at most, and who plays them.

use std::net::Ipv4Addr;
use std::time::Duration;

use anyhow::Result;

use super::world::World;
use super::{Steps, agents, web, wire, work};

/// One part of the story. `ALL` has them in their order; the last ones look at what those before left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scene {
    Sql,
    Script,
    Traversal,
    Scanner,
    Guessing,
    OneName,
    ManyNames,
    Codes,
    NoTls,
    Frames,
    Slow,
    Slowloris,
    Flood,
    Knocking,
    Work,
    Bans,
    Watching,
}

impl Scene {
    pub const ALL: [Self; 17] = [
        Self::Sql,
        Self::Script,
        Self::Traversal,
        Self::Scanner,
        Self::Guessing,
        Self::OneName,
        Self::ManyNames,
        Self::Codes,
        Self::NoTls,
        Self::Frames,
        Self::Slow,
        Self::Slowloris,
        Self::Flood,
        Self::Knocking,
        Self::Work,
        Self::Bans,
        Self::Watching,
    ];

    pub fn title(self) -> &'static str {
        match self {
            Self::Sql => "SQL injection without a token",
            Self::Script => "script injection without a token",
            Self::Traversal => "path traversal",
            Self::Scanner => "paths that scanners ask for",
            Self::Guessing => "guessing of passwords",
            Self::OneName => "one PC with a wrong key, beside its neighbours",
            Self::ManyNames => "guessing of agents' names and keys",
            Self::Codes => "guessing of enrolment codes",
            Self::NoTls => "garbage instead of TLS",
            Self::Frames => "garbage instead of an agent's frames",
            Self::Slow => "connections that say nothing, or only the start of a request",
            Self::Slowloris => "many requests that never end",
            Self::Flood => "flood of requests",
            Self::Knocking => "knocking on from a banned address",
            Self::Work => "people and sensors who may say anything",
            Self::Bans => "the administrator looks, and lifts a ban",
            Self::Watching => "an agent that was connected all the while",
        }
    }

    /// Where it comes from.
    pub fn address(self) -> Ipv4Addr {
        let last = match self {
            Self::Sql | Self::Bans => 11,
            Self::Script => 12,
            Self::Traversal => 13,
            Self::Scanner => 14,
            Self::Guessing => 15,
            Self::OneName => 16,
            Self::ManyNames => 17,
            Self::Codes => 18,
            Self::NoTls => 19,
            Self::Frames => 20,
            Self::Slow => 21,
            Self::Flood => 22,
            Self::Knocking => 23,
            Self::Work => 24,
            Self::Slowloris => 25,
            Self::Watching => 10,
        };
        Ipv4Addr::new(127, 0, 0, last)
    }

    /// How long it may take on a slow machine; it is given up then.
    pub fn deadline(self) -> Duration {
        Duration::from_secs(match self {
            Self::Flood => 180,
            _ => 60,
        })
    }

    /// Whether its address is banned in the end.
    pub fn bans(self) -> bool {
        !matches!(self, Self::OneName | Self::Slow | Self::Work | Self::Bans | Self::Watching)
    }

    pub(super) async fn play(self, world: &mut World, steps: &mut Steps) -> Result<()> {
        match self {
            Self::Sql => web::sql(world, steps).await,
            Self::Script => web::script(world, steps).await,
            Self::Traversal => web::traversal(world, steps).await,
            Self::Scanner => web::scanner(world, steps).await,
            Self::Guessing => web::guessing(world, steps).await,
            Self::OneName => agents::one_name(world, steps).await,
            Self::ManyNames => agents::many_names(world, steps).await,
            Self::Codes => agents::codes(world, steps).await,
            Self::NoTls => wire::no_tls(world, steps).await,
            Self::Frames => agents::frames(world, steps).await,
            Self::Slow => wire::slow(world, steps).await,
            Self::Slowloris => wire::slowloris(world, steps).await,
            Self::Flood => wire::flood(world, steps).await,
            Self::Knocking => wire::knocking(world, steps).await,
            Self::Work => work::say_anything(world, steps).await,
            Self::Bans => work::look_and_lift(world, steps).await,
            Self::Watching => work::watch(world, steps).await,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_scene_is_banned_for_another() {
        let banned: Vec<_> = Scene::ALL.iter().filter(|scene| scene.bans()).map(|scene| scene.address()).collect();
        assert_eq!(banned.iter().collect::<HashSet<_>>().len(), banned.len());
        let peaceful = Scene::ALL.iter().filter(|scene| !scene.bans() && **scene != Scene::Bans);
        assert!(peaceful.clone().all(|scene| !banned.contains(&scene.address())), "{banned:?}");
        assert!(Scene::ALL.iter().all(|scene| scene.address() != Ipv4Addr::LOCALHOST), "that one is trusted");
    }
}
