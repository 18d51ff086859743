//! Plays an attack on a hub of this machine, with people and agents who work meanwhile, and tells whether each answer of
//! the hub is as it should be. It comes from loopback addresses that nothing else uses, 127.0.0.11 and on, and removes
//! at its end what it made.

mod agents;
mod scene;
mod target;
mod watcher;
mod web;
mod wire;
mod work;
mod world;

use std::fmt;

use anyhow::Result;

pub use self::scene::Scene;
pub use self::target::Target;
use self::world::World;

/// One thing that was tried, and what the hub answered.
#[derive(Debug, Clone)]
pub struct Step {
    pub tried: String,
    pub answered: String,
    /// What should have come instead.
    pub expected: Option<String>,
}

/// What a scene tried, in order.
#[derive(Debug, Default)]
pub struct Steps(Vec<Step>);

/// A scene that was played.
#[derive(Debug)]
pub struct Played {
    pub scene: Scene,
    pub steps: Vec<Step>,
    /// Why it could not be played to its end.
    pub failure: Option<String>,
}

impl Steps {
    /// Notes an answer, and whether it is the one that `expected` says.
    fn note(&mut self, tried: impl Into<String>, answered: impl Into<String>, is_expected: bool, expected: &str) {
        let expected = (!is_expected).then(|| expected.to_owned());
        self.0.push(Step { tried: tried.into(), answered: answered.into(), expected });
    }
}

impl Played {
    pub fn is_expected(&self) -> bool {
        self.failure.is_none() && !self.steps.is_empty() && self.steps.iter().all(|step| step.expected.is_none())
    }
}

impl fmt::Display for Played {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = if self.is_expected() { "ok   " } else { "WRONG" };
        write!(formatter, "{mark} {} (from {})", self.scene.title(), self.scene.address())?;
        for Step { tried, answered, expected } in &self.steps {
            write!(formatter, "\n        {tried}: {answered}")?;
            if let Some(expected) = expected {
                write!(formatter, "\n        ^ expected: {expected}")?;
            }
        }
        match &self.failure {
            Some(failure) => write!(formatter, "\n        ^ it went no further: {failure}"),
            None => Ok(()),
        }
    }
}

/// Plays these scenes and tells each as soon as it is over; true if every answer was as expected.
pub async fn run(target: Target, scenes: &[Scene], mut tell: impl FnMut(&Played)) -> Result<bool> {
    let mut world = World::prepare(target, scenes).await?;
    let mut is_expected = true;
    for scene in scenes {
        let played = play(*scene, &mut world).await;
        is_expected &= played.is_expected();
        tell(&played);
    }
    world.clean_up().await?;
    Ok(is_expected)
}

async fn play(scene: Scene, world: &mut World) -> Played {
    let mut steps = Steps::default();
    let failure = match tokio::time::timeout(scene.deadline(), Box::pin(scene.play(world, &mut steps))).await {
        Ok(Ok(())) => None,
        Ok(Err(err)) => Some(format!("{err:#}")),
        Err(_) => Some(format!("it was not over after {:?}", scene.deadline())),
    };
    Played { scene, steps: steps.0, failure }
}
