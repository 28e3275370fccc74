//! The log of calls, in a file of its own beside the database.
//!
//! Calls are put into a list and written by a thread, some hundred milliseconds of them at once. The file is
//! synced now and then only: what the log says is true, but after a loss of power its last moments may be missing. Texts that come again and again
//! (users, operations, addresses) stand in a table of words, so that a call is a short row.

mod messages;
mod read;
#[cfg(test)]
mod tests;
mod write;

use crate::error::OpenError;
use crate::store::lock;
use leadkeep_core::call_log::{Body, Call, CallFilter, CallLog, LoggedCall, Minute, Size};
use leadkeep_core::store::StoreError;
use rusqlite::Connection;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

/// How often what has come is written.
const PAUSE: Duration = Duration::from_millis(250);
/// Calls that wait to be written at the most.
const WAITING: usize = 100_000;
/// Room for so many is kept from one time to the next: a list that grows anew each time is copied each time, by calls.
const KEPT: usize = 8_192;
/// And room for so many bytes of their texts.
const KEPT_TEXT: usize = 128 * KEPT;

/// How long and how much is kept.
#[derive(Debug, Clone, Copy)]
pub struct Retention {
    /// Days that calls are kept.
    pub days: u32,
    /// Bytes that the file may have, more or less.
    pub bytes: u64,
}

/// The file of the log in a data directory.
pub fn call_log_path(directory: &Path) -> PathBuf {
    directory.join("calls.sqlite")
}

/// What waits to be written. A call takes no memory of its own here, and little of all: some ten thousand of them come in a second,
/// and are freed by another thread than the one that made them.
#[derive(Debug, Default)]
struct Waiting {
    /// With the lengths of their texts.
    calls: Vec<Call<usize>>,
    /// The texts of the calls, one after another.
    texts: String,
    /// The messages and the answers of those of which they are kept, with the number of the call in `calls`.
    messages: Vec<(usize, Body, Body)>,
    sizes: Vec<Size>,
    /// Calls that came when too many waited.
    lost: u64,
}

impl Waiting {
    fn append(&mut self, call: &Call<&str>, request: Body, response: Body) {
        if request != Body::TooMuch || response != Body::TooMuch {
            self.messages.push((self.calls.len(), request, response));
        }
        let call = call.map(|text| {
            self.texts.push_str(text);
            text.len()
        });
        self.calls.push(call);
    }

    /// The calls with their texts.
    fn calls(&self) -> impl Iterator<Item = Call<&str>> {
        let mut rest = self.texts.as_str();
        self.calls.iter().map(move |call| {
            call.map(|length| {
                let (text, others) = rest.split_at(*length);
                rest = others;
                text
            })
        })
    }

    fn clear(&mut self) {
        self.calls.clear();
        self.calls.shrink_to(KEPT);
        self.texts.clear();
        self.texts.shrink_to(KEPT_TEXT);
        self.messages.clear();
        self.messages.shrink_to(KEPT);
        self.sizes.clear();
        self.lost = 0;
    }
}

/// A log of calls in a file. Dropping it writes what waits.
pub struct SqliteCallLog {
    waiting: Arc<Mutex<Waiting>>,
    reader: Mutex<Connection>,
    stop: Option<Sender<()>>,
    writer: Option<JoinHandle<()>>,
}

impl SqliteCallLog {
    /// Opens the log, and makes it if it is not there. Only the server that holds the data directory writes it.
    ///
    /// # Errors
    /// When the file cannot be opened or is no log of calls.
    pub fn open(path: &Path, retention: Retention) -> Result<Self, OpenError> {
        let (own, next) = write::open(path)?;
        let reader = read::open(path)?;
        let waiting = Arc::new(Mutex::new(Waiting::default()));
        let (stop, stopped) = channel();
        let queue = waiting.clone();
        let writer = std::thread::Builder::new()
            .name("call-log".to_owned())
            .spawn(move || {
                let mut writer = write::Writer::new(own, retention, next);
                let mut batch = Waiting::default();
                loop {
                    let goes_on = stopped.recv_timeout(PAUSE) == Err(RecvTimeoutError::Timeout);
                    std::mem::swap(&mut *lock(&queue), &mut batch);
                    writer.write(&batch);
                    batch.clear();
                    if !goes_on {
                        break;
                    }
                }
            })?;
        Ok(Self {
            waiting,
            reader: Mutex::new(reader),
            stop: Some(stop),
            writer: Some(writer),
        })
    }
}

impl Drop for SqliteCallLog {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(writer) = self.writer.take() {
            // A thread that panicked has nothing left to say.
            let _ = writer.join();
        }
    }
}

impl CallLog for SqliteCallLog {
    fn append(&self, call: &Call<&str>, request: Body, response: Body) {
        let mut waiting = lock(&self.waiting);
        if waiting.calls.len() < WAITING {
            waiting.append(call, request, response);
        } else {
            waiting.lost += 1;
        }
    }

    fn append_size(&self, size: Size) {
        lock(&self.waiting).sizes.push(size);
    }

    fn calls(
        &self,
        filter: &CallFilter,
        before: Option<i64>,
        limit: usize,
    ) -> Result<Vec<LoggedCall>, StoreError> {
        read::calls(&lock(&self.reader), filter, before, limit)
    }

    fn call(&self, id: i64) -> Result<Option<(LoggedCall, Body, Body)>, StoreError> {
        read::call(&lock(&self.reader), id)
    }

    fn minutes(&self, since: jiff::Timestamp) -> Result<Vec<Minute>, StoreError> {
        read::minutes(&lock(&self.reader), since)
    }

    fn last_calls(&self) -> Result<Vec<(String, jiff::Timestamp)>, StoreError> {
        read::last_calls(&lock(&self.reader))
    }

    fn sizes(&self, since: jiff::Timestamp) -> Result<Vec<Size>, StoreError> {
        read::sizes(&lock(&self.reader), since)
    }
}

/// The log of a server that runs or has run, for programs beside it.
pub struct CallLogReader(Connection);

impl CallLogReader {
    /// Opens the log for reading.
    ///
    /// # Errors
    /// When there is none.
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        if !path.exists() {
            return Err(OpenError::open(path, "there is no log of calls"));
        }
        Ok(Self(read::open(path)?))
    }

    /// Calls with a place above `after`, in the order in which they ended.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub fn after(
        &self,
        filter: &CallFilter,
        after: i64,
        limit: usize,
    ) -> Result<Vec<LoggedCall>, StoreError> {
        read::calls_after(&self.0, filter, after, limit)
    }

    /// The latest calls, in the order in which they ended.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub fn latest(&self, filter: &CallFilter, limit: usize) -> Result<Vec<LoggedCall>, StoreError> {
        let mut calls = read::calls(&self.0, filter, None, limit)?;
        calls.reverse();
        Ok(calls)
    }
}
