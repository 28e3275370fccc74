//! How work reaches a store.

use super::{ReadTxn, WriteTxn};
use jiff::Timestamp;

/// Why a store could not do its work. Never the caller's fault.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The store is closing or cannot be reached; nothing was stored.
    #[error("the store is not available: {0}")]
    Unavailable(String),
    /// The database refused or broke a statement; nothing was stored.
    #[error("the store failed: {0}")]
    Failed(String),
    /// The database holds something that leadkeep did not write.
    #[error("the store holds unreadable data: {0}")]
    Corrupt(String),
    /// Two transactions touched the same rows; the store runs the work again.
    #[error("the transaction must be repeated")]
    Conflict,
}

/// How often a store runs a call that meets [`StoreError::Conflict`] before it gives up.
pub const MAX_RUNS: usize = 8;

/// Says that a piece of work changed its mind: all that it wrote is undone. The work itself knows why.
#[derive(Debug, Clone)]
pub enum Rollback {
    /// The rules refused the call.
    Refused,
    /// The store failed underneath.
    Store(StoreError),
}

impl From<StoreError> for Rollback {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<&StoreError> for Rollback {
    fn from(error: &StoreError) -> Self {
        Self::Store(error.clone())
    }
}

/// A call that reads.
pub trait ReadWork: Send {
    /// Runs in a read transaction. `now` is the time at its start.
    fn run(&mut self, txn: &mut dyn ReadTxn, now: Timestamp) -> Result<(), Rollback>;

    /// Ends the call; `result` is what [`ReadWork::run`] gave, or why it could not be run. All that the call may have seen is
    /// on disk by then, so that nobody is told of what can still be lost.
    fn done(self: Box<Self>, result: Result<(), Rollback>);
}

/// A call that writes. The store may run several in one database transaction; one that fails leaves nothing behind and harms
/// no other.
pub trait WriteWork: Send {
    /// Runs the rules. If it gives [`StoreError::Conflict`], all that it wrote is undone and it is run again, up to
    /// [`MAX_RUNS`] times; so it is if another call of its transaction failed. It must then start afresh. `now` is the time at the start of the transaction, in whole
    /// seconds; it never goes back from one transaction to the next. A panic is a [`StoreError::Failed`].
    fn run(&mut self, txn: &mut dyn WriteTxn, now: Timestamp) -> Result<(), Rollback>;

    /// Ends the call. `Ok` means that what it wrote is on disk (COM-39).
    fn done(self: Box<Self>, result: Result<(), Rollback>);
}

/// A database that runs work.
pub trait Store: Send + Sync + 'static {
    /// Queues a call that reads. It sees everything that was acknowledged before (CLT-7).
    fn read(&self, work: Box<dyn ReadWork>);

    /// Runs a call that reads a few rows, on the thread of the caller if that can be done at once: for so little work
    /// another thread costs more than it gives. Otherwise it is queued.
    fn read_few(&self, work: Box<dyn ReadWork>) {
        self.read(work);
    }

    /// Queues a call that writes.
    fn write(&self, work: Box<dyn WriteWork>);

    /// The size of the database in bytes.
    fn size_bytes(&self) -> Result<u64, StoreError>;
}
