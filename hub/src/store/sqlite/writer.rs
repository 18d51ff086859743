//! The one thread that writes: it commits what has gathered in one transaction (group commit).
//!
//! Each piece of work runs in a savepoint, so a refused one leaves no trace and disturbs no other.
//! Nobody hears "done" before the commit has been synced to disk.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant};

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use super::lock;
use crate::store::StoreError;

/// Pieces of work that may wait; the next one waits up to [`PATIENCE`] for room.
const QUEUE: usize = 4_096;
/// How long a caller waits for room in the queue before it hears `Overloaded`.
const PATIENCE: Duration = Duration::from_secs(5);
/// A commit is due after so many pieces of work, or so long a time.
const GROUP: usize = 1_024;
const GROUP_TIME: Duration = Duration::from_millis(25);

type Done = Box<dyn FnOnce(Result<(), StoreError>) + Send>;
type Job = Box<dyn FnOnce(&Connection) -> Done + Send>;

pub(super) struct Writer {
    jobs: Mutex<Option<mpsc::Sender<Job>>>,
    state: Arc<State>,
    thread: Mutex<Option<std::thread::JoinHandle<()>>>,
}

/// How the writer is.
#[derive(Default)]
struct State {
    /// Set once, when nothing can be trusted any more.
    halted: OnceLock<String>,
    /// Why the last commit failed.
    trouble: Mutex<Option<StoreError>>,
    last_failure: Mutex<Option<StoreError>>,
    failed: AtomicU64,
    /// How often work was undone after it had ended well.
    undone: Arc<AtomicU64>,
    last_commit: Mutex<Duration>,
    /// The slowest since somebody took it.
    worst_commit: Mutex<Duration>,
}

/// A connection with the settings that the promise rests on.
pub(super) fn open(path: &Path) -> Result<Connection, StoreError> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.execute_batch(
        "pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on; pragma temp_store = memory;
         pragma cache_size = -8000; pragma wal_autocheckpoint = 4000; pragma journal_size_limit = 67108864;",
    )?;
    connection.set_prepared_statement_cache_capacity(128);
    Ok(connection)
}

impl Writer {
    pub(super) fn start(connection: Connection) -> Result<Self, StoreError> {
        let (sender, receiver) = mpsc::channel(QUEUE);
        let state = Arc::new(State::default());
        let shared = Arc::clone(&state);
        let thread = std::thread::Builder::new()
            .name("store-writer".into())
            .spawn(move || write_until_closed(&connection, receiver, &shared))
            .map_err(|err| StoreError::Database(format!("no thread for the writer: {err}")))?;
        Ok(Self { jobs: Mutex::new(Some(sender)), state, thread: Mutex::new(Some(thread)) })
    }

    pub(super) fn halted(&self) -> Option<String> {
        self.state.halted.get().cloned()
    }

    pub(super) fn trouble(&self) -> Option<StoreError> {
        lock(&self.state.trouble).clone()
    }

    pub(super) fn failed_commits(&self) -> u64 {
        self.state.failed.load(Ordering::Relaxed)
    }

    /// Rises whenever work was undone after it had ended well; to be read while working.
    pub(super) fn undone(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.state.undone)
    }

    pub(super) fn last_failure(&self) -> Option<StoreError> {
        lock(&self.state.last_failure).clone()
    }

    /// How long the last commit took, its sync to disk included.
    pub(super) fn last_commit(&self) -> Duration {
        *lock(&self.state.last_commit)
    }

    pub(super) fn worst_commit(&self) -> Duration {
        *lock(&self.state.worst_commit)
    }

    pub(super) fn take_worst_commit(&self) -> Duration {
        std::mem::take(&mut *lock(&self.state.worst_commit))
    }

    pub(super) fn queue_depth(&self) -> usize {
        self.sender().map_or(0, |sender| sender.max_capacity() - sender.capacity())
    }

    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let sender = self.sender().ok_or_else(|| StoreError::Halted("the hub is shutting down".into()))?;
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |connection| {
            let result = in_savepoint(connection, work);
            Box::new(move |committed| {
                // The caller may have given up waiting; the work is committed all the same.
                let _ = answer.send(committed.and(result));
            })
        });
        sender.send_timeout(job, PATIENCE).await.map_err(|_| StoreError::Overloaded("too much is waiting to be saved".into()))?;
        answered.await.unwrap_or_else(|_| Err(StoreError::Halted("the writer has ended".into())))
    }

    pub(super) fn close(&self) {
        drop(lock(&self.jobs).take());
        if let Some(thread) = lock(&self.thread).take() {
            // A writer that panicked has nothing left to finish.
            let _ = thread.join();
        }
    }

    fn sender(&self) -> Option<mpsc::Sender<Job>> {
        lock(&self.jobs).clone()
    }
}

fn write_until_closed(connection: &Connection, mut jobs: mpsc::Receiver<Job>, state: &State) {
    while let Some(first) = jobs.blocking_recv() {
        if let Some(reason) = state.halted.get() {
            refuse(connection, first, &StoreError::Halted(reason.clone()), state);
            continue;
        }
        write_group(connection, first, &mut jobs, state);
    }
    // After a clean end `pregon.db` alone holds everything, as whoever copies it expects.
    if let Err(err) = connection.query_row("pragma wal_checkpoint(truncate)", [], |_| Ok(())) {
        tracing::warn!(%err, "the write-ahead log could not be folded into pregon.db; it is read at the next start");
    }
}

/// Runs what has gathered and commits it; everybody hears the outcome, once it is noted.
fn write_group(connection: &Connection, first: Job, jobs: &mut mpsc::Receiver<Job>, state: &State) {
    if let Err(err) = connection.prepare_cached("begin immediate").and_then(|mut begin| begin.execute([])) {
        let err = StoreError::from(err);
        note(state, &Err(err.clone()));
        return refuse(connection, first, &err, state);
    }
    let began = Instant::now();
    let mut waiting = vec![first(connection)];
    // A full disk rolls the whole transaction back by itself: then nothing of this group counts.
    while waiting.len() < GROUP && began.elapsed() < GROUP_TIME && !connection.is_autocommit() {
        let Ok(job) = jobs.try_recv() else { break };
        waiting.push(job(connection));
    }
    let committing = Instant::now();
    let outcome = commit(connection);
    let took = committing.elapsed();
    *lock(&state.last_commit) = took;
    let mut worst = lock(&state.worst_commit);
    *worst = took.max(*worst);
    drop(worst);
    // Before the answers: whoever hears of a failure finds it in the hub's state.
    note(state, &outcome);
    for done in waiting {
        done(outcome.clone());
    }
}

fn note(state: &State, outcome: &Result<(), StoreError>) {
    let failure = outcome.as_ref().err();
    *lock(&state.trouble) = failure.cloned();
    if failure.is_some() {
        state.undone.fetch_add(1, Ordering::Relaxed);
        *lock(&state.last_failure) = failure.cloned();
        state.failed.fetch_add(1, Ordering::Relaxed);
    }
    if let Err(StoreError::Halted(reason)) = outcome {
        tracing::error!(%reason, "the database can no longer be written; nothing more is accepted until the hub is restarted");
        // Set at most once: from here on every piece of work is refused.
        let _ = state.halted.set(reason.clone());
    }
}

fn commit(connection: &Connection) -> Result<(), StoreError> {
    if connection.is_autocommit() {
        return Err(StoreError::Overloaded("the disk is full or failing".into()));
    }
    let Err(err) = connection.prepare_cached("commit").and_then(|mut commit| commit.execute([])) else { return Ok(()) };
    if !connection.is_autocommit() {
        // Whatever this says, the transaction is not committed.
        let _ = connection.execute_batch("rollback");
    }
    match StoreError::from(err) {
        full @ StoreError::Overloaded(_) => Err(full),
        // After a failed fsync the kernel may have dropped the pages: a second try would lie.
        other => Err(StoreError::Halted(other.to_string())),
    }
}

fn refuse(connection: &Connection, job: Job, reason: &StoreError, state: &State) {
    // Outside a transaction a savepoint would commit by itself: roll back whatever the work did.
    if connection.is_autocommit() && connection.execute_batch("begin").is_ok() {
        let done = job(connection);
        let _ = connection.execute_batch("rollback");
        state.undone.fetch_add(1, Ordering::Relaxed);
        done(Err(reason.clone()));
    }
}

fn in_savepoint<T>(connection: &Connection, work: impl FnOnce(&Connection) -> Result<T, StoreError>) -> Result<T, StoreError> {
    run_cached(connection, "savepoint work")?;
    let result = work(connection);
    if connection.is_autocommit() {
        return result.and(Err(StoreError::Overloaded("the disk is full or failing".into())));
    }
    if result.is_err() {
        run_cached(connection, "rollback to work")?;
    }
    run_cached(connection, "release work")?;
    result
}

fn run_cached(connection: &Connection, statement: &str) -> Result<(), StoreError> {
    connection.prepare_cached(statement)?.execute([])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn writer() -> (tempfile::TempDir, Arc<Writer>) {
        let folder = tempfile::tempdir().expect("a folder");
        let connection = open(&folder.path().join("test.db")).expect("a database");
        connection
            .execute_batch(
                "create table parent (id integer primary key); create table child (id integer references parent (id), text text);",
            )
            .expect("tables");
        (folder, Arc::new(Writer::start(connection).expect("a writer")))
    }

    async fn insert(writer: &Writer, id: i64) -> Result<(), StoreError> {
        writer.run(move |tx| Ok(tx.execute("insert into parent (id) values (?1)", [id]).map(drop)?)).await
    }

    async fn count(writer: &Writer) -> i64 {
        writer.run(|tx| Ok(tx.query_row("select count(*) from parent", [], |row| row.get(0))?)).await.expect("a count")
    }

    #[tokio::test]
    async fn refused_work_leaves_no_trace_and_disturbs_no_other() {
        let (_folder, writer) = writer();
        let half_done = writer.run(|tx| {
            tx.execute("insert into parent (id) values (1)", [])?;
            Err::<(), _>(StoreError::Missing("something"))
        });
        let (refused, first, second) = tokio::join!(half_done, insert(&writer, 2), insert(&writer, 3));
        assert_eq!(refused, Err(StoreError::Missing("something")));
        assert_eq!((first, second), (Ok(()), Ok(())));
        assert_eq!(count(&writer).await, 2);
    }

    #[tokio::test]
    async fn a_full_disk_is_said_and_passes() {
        let (_folder, writer) = writer();
        let pages = |count: u32| move |tx: &Connection| Ok(tx.query_row(&format!("pragma max_page_count = {count}"), [], |_| Ok(()))?);
        writer.run(pages(4)).await.expect("a small disk");
        let large = || writer.run(|tx| Ok(tx.execute("insert into child (text) values (?1)", ["x".repeat(100_000)]).map(drop)?));
        assert!(matches!(large().await, Err(StoreError::Overloaded(_))));
        assert!(writer.halted().is_none());
        writer.run(pages(1_000)).await.expect("room again");
        large().await.expect("saved without a restart");
        assert_eq!(writer.trouble(), None);
    }

    #[tokio::test]
    async fn after_a_failed_commit_nothing_is_accepted_any_more() {
        let (_folder, writer) = writer();
        // A reference that is checked at the commit: the only way to make a commit fail without breaking a disk.
        let poisoned = writer.run(|tx| {
            tx.execute_batch("pragma defer_foreign_keys = on")?;
            Ok(tx.execute("insert into child (id) values (99)", []).map(drop)?)
        });
        let (poisoned, neighbour) = tokio::join!(poisoned, insert(&writer, 1));
        assert!(matches!(poisoned, Err(StoreError::Halted(_))), "{poisoned:?}");
        assert!(matches!(neighbour, Err(StoreError::Halted(_))), "a neighbour in the same commit was not saved either: {neighbour:?}");
        assert!(writer.halted().is_some() && writer.trouble().is_some());
        assert!(matches!(insert(&writer, 2).await, Err(StoreError::Halted(_))));
    }

    #[tokio::test]
    async fn closing_commits_what_was_queued() {
        let (folder, writer) = writer();
        let queued: Vec<_> = (0..100)
            .map(|id| {
                tokio::spawn({
                    let writer = Arc::clone(&writer);
                    async move { insert(&writer, id).await }
                })
            })
            .collect();
        for insert in queued {
            insert.await.expect("a task").expect("saved");
        }
        writer.close();
        assert!(matches!(insert(&writer, 200).await, Err(StoreError::Halted(_))));
        let bytes = std::fs::metadata(folder.path().join("test.db-wal")).map_or(0, |wal| wal.len());
        assert_eq!(bytes, 0, "the database alone holds everything");
    }
}
