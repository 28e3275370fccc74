//! The threads: one that writes, one that clears up after it, some that read.

use crate::checkpoint::{Committed, LOG_PAGES, checkpoint_loop};
use crate::clock::Clock;
use crate::database::{connect, connect_reader};
use crate::error::OpenError;
use crate::migrate::migrate;
use crate::reader::{read, read_loop};
use crate::writer::write_loop;
use leadkeep_core::store::{ReadWork, Rollback, Store, StoreError, WriteWork};
use rusqlite::Connection;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

/// A database in one file. Dropping it ends all queued work first.
pub struct SqliteStore {
    path: PathBuf,
    writes: Mutex<Option<Sender<Box<dyn WriteWork>>>>,
    reads: Mutex<Option<Sender<Box<dyn ReadWork>>>>,
    readers: Mutex<Vec<JoinHandle<()>>>,
    /// Connections for reads of a few rows, which their callers run themselves; none once the store is closed.
    at_hand: Mutex<Vec<Connection>>,
    clock: Arc<Clock>,
    /// The writer, and the thread that ends after it.
    writers: Mutex<Vec<JoinHandle<()>>>,
}

impl SqliteStore {
    /// Opens the database, makes it if it is not there, and brings its tables up to date.
    ///
    /// # Errors
    /// When the file cannot be opened or written, is no database, or was written by a later version.
    pub fn open(path: &Path, readers: usize) -> Result<Self, OpenError> {
        let mut writer = connect(path)?;
        migrate(&mut writer, path)?;
        let clock = Arc::new(Clock::default());
        let (writes, queue) = channel();
        let time = clock.clone();
        writer
            .pragma_update(None, "wal_autocheckpoint", LOG_PAGES)
            .map_err(|error| OpenError::open(path, error))?;
        let (committed, commits) = Committed::channel();
        let log = connect(path)?;
        let checkpoints = spawn("sqlite-log".into(), move || checkpoint_loop(&log, &commits))?;
        let writer = spawn("sqlite-writer".into(), move || {
            write_loop(&writer, &queue, &time, &committed);
            // Two connections that are closed at once may each leave the log to the other.
            drop(writer);
            drop(committed);
        })?;
        let (reads, queue) = channel();
        let queue = Arc::new(Mutex::new(queue));
        let readers = readers.max(1);
        let at_hand = (0..readers)
            .map(|_| connect_reader(path))
            .collect::<Result<_, OpenError>>()?;
        let readers = (0..readers)
            .map(|number| {
                let connection = connect_reader(path)?;
                let (queue, time) = (queue.clone(), clock.clone());
                let name = format!("sqlite-reader-{number}");
                Ok(spawn(name, move || read_loop(&connection, &queue, &time))?)
            })
            .collect::<Result<_, OpenError>>()?;
        Ok(Self {
            path: path.to_owned(),
            writes: Mutex::new(Some(writes)),
            reads: Mutex::new(Some(reads)),
            readers: Mutex::new(readers),
            at_hand: Mutex::new(at_hand),
            clock,
            writers: Mutex::new(vec![writer, checkpoints]),
        })
    }

    /// Ends all queued work and closes the connections. Work that comes later is refused.
    pub fn close(&self) {
        // The last connection that is closed moves all into the one file; two that are closed at once may each leave
        // it to the other.
        lock(&self.reads).take();
        lock(&self.at_hand).clear();
        for reader in std::mem::take(&mut *lock(&self.readers)) {
            // A thread that panicked has nothing left to say.
            let _ = reader.join();
        }
        lock(&self.writes).take();
        for writer in std::mem::take(&mut *lock(&self.writers)) {
            // As above.
            let _ = writer.join();
        }
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
        let result = read(&connection, &mut *work, &self.clock);
        // A store that has been closed meanwhile keeps no connection.
        if lock(&self.reads).is_some() {
            lock(&self.at_hand).push(connection);
        }
        work.done(result);
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
