//! The threads that read.

use crate::addresses::directory::Published;
use crate::clock::Clock;
use crate::definitions;
use crate::durable::Durable;
use crate::error::failed;
use crate::migrate::must_be_known;
use crate::numbers::Numbers;
use crate::statements::prepare;
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
    // A statement that is not at its end keeps the point in time, so that no other is needed to begin and to end it.
    let mut snapshot = prepare(connection, definitions::VERSION)?;
    let mut rows = snapshot.query([]).map_err(failed)?;
    let version = rows
        .next()
        .and_then(|row| row.ok_or(rusqlite::Error::QueryReturnedNoRows))
        .and_then(definitions::version_of)
        .map_err(failed)?;
    must_be_known(connection)?;
    let numbers = Numbers::of_read(published, version);
    catch_unwind(AssertUnwindSafe(|| {
        work.run(&mut Txn(connection, &numbers), now)
    }))
    .unwrap_or_else(|_| {
        Err(Rollback::Store(StoreError::Failed(
            "the call panicked".into(),
        )))
    })
}
