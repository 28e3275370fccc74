//! The threads that read.

use crate::addresses::directory::Published;
use crate::clock::Clock;
use crate::durable::Durable;
use crate::numbers::Numbers;
use crate::statements::execute;
use crate::store::lock;
use crate::txn::Txn;
use leadkeep_core::store::{ReadWork, Rollback, StoreError};
use rusqlite::Connection;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::Receiver;
use std::sync::{Arc, Mutex};

/// Reads until the queue is closed and empty.
pub(crate) fn read_loop(
    connection: &Connection,
    queue: &Mutex<Receiver<Box<dyn ReadWork>>>,
    clock: &Clock,
    durable: &Durable,
    published: &Arc<Published>,
) {
    loop {
        let Ok(mut work) = lock(queue).recv() else {
            return;
        };
        let result = read(connection, &mut *work, clock, published);
        durable.answer_read(work, result);
    }
}

/// Runs one call.
pub(crate) fn read(
    connection: &Connection,
    work: &mut dyn ReadWork,
    clock: &Clock,
    published: &Arc<Published>,
) -> Result<(), Rollback> {
    // The time comes first: what is committed in between is not older than it.
    let now = clock.read();
    execute(connection, "BEGIN")?;
    let numbers = Numbers::of_read(published);
    let result = catch_unwind(AssertUnwindSafe(|| {
        work.run(&mut Txn(connection, &numbers), now)
    }))
    .unwrap_or_else(|_| {
        Err(Rollback::Store(StoreError::Failed(
            "the call panicked".into(),
        )))
    });
    // Nothing was written; either word ends the transaction.
    execute(connection, "ROLLBACK")?;
    result
}
