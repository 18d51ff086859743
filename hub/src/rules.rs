//! The rules that hold now: read from the store, swapped as a whole, asked for every event. And when switches heard a source last.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use arc_swap::ArcSwap;
use hub_core::rule::{Rule, Rulebook, Subject, Verdict, Watch, Watching, default_rules};
use shared::Timestamp;

use crate::notice;
use crate::store::{Store, StoreError};

/// The rules that hold now.
pub struct Rules {
    current: ArcSwap<Edition>,
}

/// One state of the rules, read once.
pub struct Edition {
    pub book: Arc<Rulebook>,
    pub rules: Vec<Rule>,
    /// Nobody has written rules.
    pub is_builtin: bool,
    heard: Vec<Heard>,
}

/// A switch, and when it heard its source last.
#[derive(Clone)]
struct Heard {
    watching: Watching,
    signs: Arc<Signs>,
}

/// Milliseconds since 1970.
struct Signs {
    /// Since when one is waited for: nothing is silent right after a start.
    since: AtomicI64,
    /// 0: none yet.
    last: AtomicI64,
}

/// How a switch is.
#[derive(Debug, Clone)]
pub struct SwitchState {
    pub watch: Watch,
    /// The last sign of life since the hub started.
    pub heard_at: Option<Timestamp>,
    waits_since: Timestamp,
}

impl SwitchState {
    pub fn is_overdue(&self, now: Timestamp) -> bool {
        now.millis_since(self.heard_at.unwrap_or(self.waits_since)) > i64::from(self.watch.every_s) * 1_000
    }
}

impl Rules {
    pub async fn load(store: &Store, now: Timestamp) -> Result<Self, StoreError> {
        Ok(Self { current: ArcSwap::from_pointee(read(store, now, &[]).await?) })
    }

    /// Reads them anew, after somebody changed them.
    pub async fn reload(&self, store: &Store, now: Timestamp) -> Result<(), StoreError> {
        let before = self.current.load_full();
        self.current.store(Arc::new(read(store, now, &before.heard).await?));
        Ok(())
    }

    pub fn current(&self) -> Arc<Edition> {
        self.current.load_full()
    }

    /// What decides about events and alerts now.
    pub fn book(&self) -> Arc<Rulebook> {
        Arc::clone(&self.current.load().book)
    }

    /// What an event causes; it is a sign of life of its source, too.
    pub fn judge(&self, subject: &Subject<'_>, now: Timestamp) -> Verdict {
        let edition = self.current.load();
        // What the hub says itself is nobody's sign of life.
        if subject.channel != notice::CHANNEL {
            for heard in edition.heard.iter().filter(|heard| heard.watching.hears(subject.source)) {
                heard.signs.last.store(now.as_millis(), Ordering::Relaxed);
            }
        }
        edition.book.judge(subject, now)
    }

    pub fn switches(&self) -> Vec<SwitchState> {
        let state = |heard: &Heard| SwitchState {
            watch: heard.watching.watch.clone(),
            heard_at: Some(heard.signs.last.load(Ordering::Relaxed)).filter(|last| *last > 0).map(Timestamp::from_millis),
            waits_since: Timestamp::from_millis(heard.signs.since.load(Ordering::Relaxed)),
        };
        self.current.load().heard.iter().map(state).collect()
    }

    /// The clock jumped: what was heard was heard as long ago as before.
    pub fn move_clock(&self, by_ms: i64) {
        for heard in &self.current.load().heard {
            heard.signs.since.fetch_add(by_ms, Ordering::Relaxed);
            if heard.signs.last.load(Ordering::Relaxed) > 0 {
                heard.signs.last.fetch_add(by_ms, Ordering::Relaxed);
            }
        }
    }
}

async fn read(store: &Store, now: Timestamp, before: &[Heard]) -> Result<Edition, StoreError> {
    let base = store.rule_base().await?;
    let is_builtin = base.rules.is_none();
    let rules = base.rules.unwrap_or_else(default_rules);
    let book = Rulebook::new(rules.clone(), base.silences, base.watches, base.on_call);
    let known: HashMap<&str, &Arc<Signs>> = before.iter().map(|heard| (heard.watching.watch.id.as_str(), &heard.signs)).collect();
    let fresh = || Arc::new(Signs { since: AtomicI64::new(now.as_millis()), last: AtomicI64::new(0) });
    let heard = book.watches().iter().map(|watching| Heard {
        watching: watching.clone(),
        signs: known.get(watching.watch.id.as_str()).map_or_else(fresh, |signs| Arc::clone(signs)),
    });
    Ok(Edition { heard: heard.collect(), book: Arc::new(book), rules, is_builtin })
}
