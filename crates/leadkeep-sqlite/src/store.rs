//! The threads: one that writes, some that read.

use crate::database::configure;
use crate::error::{OpenError, failed};
use crate::migrate::migrate;
use crate::txn::Txn;
use jiff::Timestamp;
use leadkeep_core::store::{ReadWork, Rollback, Store, StoreError, WriteWork};
use rusqlite::Connection;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Calls in one commit at the most.
const GROUP_CALLS: usize = 64;
/// A commit is not put off longer than this for calls that came later.
const GROUP_TIME: Duration = Duration::from_millis(50);

/// A database in one file. Dropping it ends all queued work first.
pub struct SqliteStore {
    path: PathBuf,
    writes: Mutex<Option<Sender<Box<dyn WriteWork>>>>,
    reads: Mutex<Option<Sender<Box<dyn ReadWork>>>>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

impl SqliteStore {
    /// Opens the database, makes it if it is not there, and brings its tables up to date.
    ///
    /// # Errors
    /// When the file cannot be opened or written, is no database, or was written by a later version.
    pub fn open(path: &Path, readers: usize) -> Result<Self, OpenError> {
        let shown = path.display().to_string();
        let connect = || {
            let open = |error: rusqlite::Error| OpenError::Open {
                path: shown.clone(),
                reason: error.to_string(),
            };
            let connection = Connection::open(path).map_err(open)?;
            configure(&connection).map_err(open)?;
            Ok::<_, OpenError>(connection)
        };
        let mut writer = connect()?;
        migrate(&mut writer, &shown)?;
        let (writes, queue) = channel();
        let mut threads = vec![
            std::thread::Builder::new()
                .name("sqlite-writer".into())
                .spawn(move || write_loop(&writer, &queue))?,
        ];
        let (reads, queue) = channel();
        let queue = Arc::new(Mutex::new(queue));
        for number in 0..readers.max(1) {
            let connection = connect()?;
            let queue = queue.clone();
            let name = format!("sqlite-reader-{number}");
            threads.push(
                std::thread::Builder::new()
                    .name(name)
                    .spawn(move || read_loop(&connection, &queue))?,
            );
        }
        Ok(Self {
            path: path.to_owned(),
            writes: Mutex::new(Some(writes)),
            reads: Mutex::new(Some(reads)),
            threads: Mutex::new(threads),
        })
    }

    /// Ends all queued work and closes the connections. Work that comes later is refused.
    pub fn close(&self) {
        lock(&self.writes).take();
        lock(&self.reads).take();
        for thread in std::mem::take(&mut *lock(&self.threads)) {
            // A thread that panicked has nothing left to say.
            let _ = thread.join();
        }
    }
}

impl Drop for SqliteStore {
    fn drop(&mut self) {
        self.close();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn closed() -> Rollback {
    Rollback::Store(StoreError::Unavailable("it is closing".to_owned()))
}

impl Store for SqliteStore {
    fn read(&self, work: Box<dyn ReadWork>) {
        let refused = match &*lock(&self.reads) {
            Some(queue) => queue.send(work).err().map(|error| error.0),
            None => Some(work),
        };
        if let Some(work) = refused {
            work.done(Err(closed()));
        }
    }

    fn write(&self, work: Box<dyn WriteWork>) {
        let refused = match &*lock(&self.writes) {
            Some(queue) => queue.send(work).err().map(|error| error.0),
            None => Some(work),
        };
        if let Some(work) = refused {
            work.done(Err(closed()));
        }
    }

    fn size_bytes(&self) -> Result<u64, StoreError> {
        let length = |path: &Path| std::fs::metadata(path).map(|file| file.len());
        let mut wal = self.path.clone().into_os_string();
        wal.push("-wal");
        let file = length(&self.path).map_err(|error| StoreError::Failed(error.to_string()))?;
        // Without a log there is nothing to add.
        Ok(file + length(Path::new(&wal)).unwrap_or(0))
    }
}

/// The time in whole seconds; it never goes back, whatever the system's clock does.
struct Clock(Timestamp);

impl Clock {
    fn new() -> Self {
        Self(Timestamp::UNIX_EPOCH)
    }

    fn now(&mut self) -> Timestamp {
        let now = Timestamp::from_second(Timestamp::now().as_second()).unwrap_or(self.0);
        self.0 = self.0.max(now);
        self.0
    }
}

fn write_loop(connection: &Connection, queue: &Receiver<Box<dyn WriteWork>>) {
    let mut clock = Clock::new();
    while let Ok(first) = queue.recv() {
        let mut done = Vec::new();
        let outcome = group(connection, queue, first, clock.now(), &mut done);
        for (work, result) in done {
            let result = match (&outcome, result) {
                (Err(error), Ok(())) => Err(Rollback::Store(error.clone())),
                (_, result) => result,
            };
            work.done(result);
        }
    }
}

type Done = Vec<(Box<dyn WriteWork>, Result<(), Rollback>)>;

/// Runs the calls that wait, each in a savepoint, and commits once. All calls that were taken are in `done`.
fn group(
    connection: &Connection,
    queue: &Receiver<Box<dyn WriteWork>>,
    first: Box<dyn WriteWork>,
    now: Timestamp,
    done: &mut Done,
) -> Result<(), StoreError> {
    if let Err(error) = connection.execute_batch("BEGIN IMMEDIATE") {
        let error = failed(error);
        done.push((first, Err(Rollback::Store(error.clone()))));
        return Err(error);
    }
    let started = Instant::now();
    let mut next = Some(first);
    let mut broken = None;
    while let Some(mut work) = next.take() {
        let result = match &broken {
            None => in_savepoint(connection, &mut *work, now),
            Some(error) => Err(Rollback::Store(StoreError::clone(error))),
        };
        if let Err(Rollback::Store(StoreError::Unavailable(reason))) = &result {
            broken = Some(StoreError::Unavailable(reason.clone()));
        }
        done.push((work, result));
        if done.len() < GROUP_CALLS && started.elapsed() < GROUP_TIME {
            next = queue.try_recv().ok();
        }
    }
    let ended = match broken {
        None => connection.execute_batch("COMMIT").map_err(failed),
        Some(error) => Err(error),
    };
    if ended.is_err() && !connection.is_autocommit() {
        // The transaction is lost either way; an error here says nothing new.
        let _ = connection.execute_batch("ROLLBACK");
    }
    ended
}

/// Runs one call. If it fails, all that it wrote is undone, and nothing else (COM-39).
fn in_savepoint(
    connection: &Connection,
    work: &mut dyn WriteWork,
    now: Timestamp,
) -> Result<(), Rollback> {
    let broken =
        |error: rusqlite::Error| Rollback::Store(StoreError::Unavailable(error.to_string()));
    connection.execute_batch("SAVEPOINT call").map_err(broken)?;
    let result = catch_unwind(AssertUnwindSafe(|| work.run(&mut Txn(connection), now)))
        .unwrap_or_else(|_| {
            Err(Rollback::Store(StoreError::Failed(
                "the call panicked".to_owned(),
            )))
        });
    // If undoing fails, the group cannot be trusted any more: nothing of it is committed.
    match result {
        Ok(()) => connection.execute_batch("RELEASE call").map_err(broken),
        Err(reason) => {
            connection
                .execute_batch("ROLLBACK TO call; RELEASE call")
                .map_err(broken)?;
            Err(reason)
        }
    }
}

fn read_loop(connection: &Connection, queue: &Mutex<Receiver<Box<dyn ReadWork>>>) {
    let mut clock = Clock::new();
    loop {
        let Ok(mut work) = lock(queue).recv() else {
            return;
        };
        let result = read(connection, &mut *work, clock.now());
        work.done(result);
    }
}

fn read(connection: &Connection, work: &mut dyn ReadWork, now: Timestamp) -> Result<(), Rollback> {
    let store = |error: rusqlite::Error| Rollback::Store(failed(error));
    connection.execute_batch("BEGIN").map_err(store)?;
    let result = catch_unwind(AssertUnwindSafe(|| work.run(&mut Txn(connection), now)))
        .unwrap_or_else(|_| {
            Err(Rollback::Store(StoreError::Failed(
                "the call panicked".to_owned(),
            )))
        });
    connection.execute_batch("COMMIT").map_err(store)?;
    result
}
