//! The threads: one that writes, one that clears up after it, some that read.

use crate::addresses::directory::{Published, Upkeep, fill_loop};
use crate::checkpoint::{Committed, LOG_PAGES, checkpoint_loop};
use crate::clock::Clock;
use crate::database::{connect, connect_reader, log_path};
use crate::durable::{Durable, sync_loop};
use crate::error::OpenError;
use crate::migrate::migrate;
use crate::reader::{read, read_loop};
use crate::writer::{Event, Signs, Writer};
use leadkeep_core::store::{ReadWork, Rollback, Store, StoreError, WriteWork};
use rusqlite::Connection;
use rusqlite::config::DbConfig;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Sender, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

/// A database in one file. Dropping it ends all queued work first.
pub struct SqliteStore {
    path: PathBuf,
    log: PathBuf,
    writes: Mutex<Option<Sender<Event>>>,
    signs: Arc<Signs>,
    reads: Mutex<Option<Sender<Box<dyn ReadWork>>>>,
    readers: Mutex<Vec<JoinHandle<()>>>,
    /// Connections for reads of a few rows, which their callers run themselves; none once the store is closed.
    at_hand: Mutex<Vec<Connection>>,
    clock: Arc<Clock>,
    durable: Arc<Durable>,
    published: Arc<Published>,
    /// The writer, and the threads that end after it.
    writers: Mutex<Vec<JoinHandle<()>>>,
}

impl SqliteStore {
    /// Opens the database, makes it if it is not there, and brings its tables up to date.
    ///
    /// # Errors
    /// When the file cannot be opened or written, is no database, or was written by a later version.
    pub fn open(path: &Path, readers: usize) -> Result<Self, OpenError> {
        let mut writer = connect(path)?;
        let open = |error: rusqlite::Error| OpenError::open(path, error);
        // SQLite opens such a file as well, and says so only to whoever writes.
        if writer.is_readonly(rusqlite::MAIN_DB).map_err(open)? {
            let text = "it cannot be written; look at the owner and the permissions of the file";
            return Err(OpenError::open(path, text));
        }
        migrate(&mut writer, path)?;
        let clock = Arc::new(Clock::default());
        let durable = Arc::new(Durable::default());
        let published = Arc::new(Published::default());
        // Whoever syncs the log answers; a commit need not wait for it. Nor need it move the log, unless the thread that does is
        // far behind.
        writer
            .pragma_update(None, "synchronous", "NORMAL")
            .and_then(|()| writer.pragma_update(None, "wal_autocheckpoint", 2 * LOG_PAGES))
            .map_err(|error| OpenError::open(path, error))?;
        // What another process has committed before it ended may be in the log, but not on the disk yet.
        let log_path = log_path(writer.path().map_or(path, Path::new));
        let log_file = File::open(&log_path)
            .and_then(|log| {
                log.sync_data()?;
                Ok(log)
            })
            .map_err(|error| OpenError::open(path, error))?;
        let file = File::open(path).map_err(|error| OpenError::open(path, error))?;
        // All connections, before there is a thread that would have to be ended again.
        let readers = readers.max(1);
        let mut connections = (0..2 * readers)
            .map(|_| connect_reader(path))
            .collect::<Result<Vec<_>, OpenError>>()?;
        let at_hand = connections.split_off(readers);
        let log = connect(path)?;
        let addresses = connect_reader(path)?;
        // It reads each page once.
        addresses
            .pragma_update(None, "cache_size", -1_024)
            .map_err(|error| OpenError::open(path, error))?;

        let (committed, commits) = Committed::channel();
        let signs = Arc::new(Signs::default());
        let (own, told) = (durable.clone(), signs.clone());
        let checkpoints = spawn("sqlite-log".into(), move || {
            checkpoint_loop(&log, &commits, || file.sync_data(), &told.log_is_long);
            leave_log_in_doubt(&log, &own);
        })?;
        let (writes, events) = channel();
        // One group is synced, one waits for it, one runs.
        let (groups, due) = sync_channel(1);
        let (own, synced) = (durable.clone(), writes.clone());
        let syncs = spawn("sqlite-sync".into(), move || {
            sync_loop(|| log_file.sync_data(), &due, &own, &synced, &committed);
        })?;
        let (to_fill, unfinished) = channel();
        let filler = spawn("sqlite-addresses".into(), move || {
            fill_loop(&addresses, &unfinished);
        })?;
        let upkeep = Upkeep::new(published.clone(), to_fill);
        let (own, time) = (durable.clone(), clock.clone());
        let seen = signs.clone();
        let writer = spawn("sqlite-writer".into(), move || {
            Writer::new(&writer, &events, &time, &own, &groups, upkeep, &seen).run();
            // It ends now that nobody wants directories any more. One that panicked has nothing to say.
            let _ = filler.join();
            leave_log_in_doubt(&writer, &own);
            // Two connections that are closed at once may each leave the log to the other.
            drop(writer);
            drop(groups);
        })?;
        let (reads, queue) = channel();
        let queue = Arc::new(Mutex::new(queue));
        let readers = connections
            .into_iter()
            .zip(0..)
            .map(|(connection, number)| {
                let (queue, time, own) = (queue.clone(), clock.clone(), durable.clone());
                let published = published.clone();
                let name = format!("sqlite-reader-{number}");
                Ok(spawn(name, move || {
                    read_loop(&connection, &queue, &time, &own, &published);
                })?)
            })
            .collect::<Result<_, OpenError>>()?;
        Ok(Self {
            path: path.to_owned(),
            log: log_path,
            writes: Mutex::new(Some(writes)),
            signs,
            reads: Mutex::new(Some(reads)),
            readers: Mutex::new(readers),
            at_hand: Mutex::new(at_hand),
            clock,
            durable,
            published,
            writers: Mutex::new(vec![writer, syncs, checkpoints]),
        })
    }

    /// Ends all queued work and closes the connections. Work that comes later is refused.
    pub fn close(&self) {
        // The last connection that is closed moves all into the one file; two that are closed at once may each leave
        // it to the other.
        lock(&self.reads).take();
        lock(&self.at_hand).clear();
        join(&self.readers);
        if let Some(writes) = lock(&self.writes).take() {
            // It is gone only if it panicked.
            let _ = writes.send(Event::Close);
        }
        join(&self.writers);
    }
}

/// Waits for the end of threads, unless it is one of them that asks.
fn join(threads: &Mutex<Vec<JoinHandle<()>>>) {
    for thread in std::mem::take(&mut *lock(threads)) {
        if thread.thread().id() != std::thread::current().id() {
            // A thread that panicked has nothing left to say.
            let _ = thread.join();
        }
    }
}

/// After a sync that failed, what is in the log must not be moved into the file: only the next start finds out how much of
/// it is there.
fn leave_log_in_doubt(connection: &Connection, durable: &Durable) {
    if durable.broken().is_some() {
        // If it cannot be set, the worst is what would happen without it.
        let _ = connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true);
    }
}

fn spawn(name: String, run: impl FnOnce() + Send + 'static) -> std::io::Result<JoinHandle<()>> {
    std::thread::Builder::new().name(name).spawn(run)
}

impl Drop for SqliteStore {
    fn drop(&mut self) {
        self.close();
    }
}

/// Takes a lock, also after a panic: what is behind it is whole at any time.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
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

    fn read_few(&self, mut work: Box<dyn ReadWork>) {
        let Some(connection) = lock(&self.at_hand).pop() else {
            return self.read(work);
        };
        let result = read(&connection, &mut *work, &self.clock, &self.published);
        // A store that has been closed meanwhile keeps no connection.
        if lock(&self.reads).is_some() {
            lock(&self.at_hand).push(connection);
        }
        self.durable.answer_read(work, result);
    }

    fn write(&self, work: Box<dyn WriteWork>) {
        let refused = match &*lock(&self.writes) {
            Some(events) => {
                self.signs.queued.fetch_add(1, Ordering::Relaxed);
                events.send(Event::Call(work)).err().map(|error| error.0)
            }
            None => Some(Event::Call(work)),
        };
        if let Some(Event::Call(work)) = refused {
            work.done(Err(closed()));
        }
    }

    fn size_bytes(&self) -> Result<u64, StoreError> {
        let length = |path: &Path| std::fs::metadata(path).map(|file| file.len());
        let file = length(&self.path).map_err(|error| StoreError::Failed(error.to_string()))?;
        // Without a log there is nothing to add.
        Ok(file + length(&self.log).unwrap_or(0))
    }
}
