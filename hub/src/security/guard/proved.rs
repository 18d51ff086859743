//! Whether a request turned out to be somebody's: what proves a caller says so, and the door hears of it afterwards.

use std::cell::Cell;

tokio::task_local! {
    static PROVED: Cell<bool>;
}

/// Runs the answering of a request; with what came of it, whether somebody was proved on the way.
pub async fn watched<T>(work: impl Future<Output = T>) -> (T, bool) {
    PROVED
        .scope(Cell::new(false), async {
            let answer = work.await;
            (answer, PROVED.with(Cell::get))
        })
        .await
}

/// A token or a password was right.
pub fn note() {
    // Beyond a request (a sensor's line, the command line) nobody asks.
    let _ = PROVED.try_with(|proved| proved.set(true));
}
