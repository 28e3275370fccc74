//! What all calls share, and how they reach the store.

use crate::admin;
use crate::call_log::Log;
use crate::call_span;
use crate::config::Config;
use crate::jobs::Jobs;
use crate::limits::Edge;
use crate::metrics::Metrics;
use crate::tls::Tls;
use jiff::Timestamp;
use leadkeep_core::call_log::CallLog;
use leadkeep_core::error::CallError;
use leadkeep_core::schema::{Schema, SchemaCache};
use leadkeep_core::store::{ReadTxn, ReadWork, Rollback, Store, StoreError, WriteTxn, WriteWork};
use std::sync::Arc;
use std::thread::available_parallelism;
use tokio::sync::{Semaphore, oneshot};

/// The server's state. Every outside thing is a field.
pub struct App {
    /// Where everything is kept.
    pub store: Arc<dyn Store>,
    /// The definitions as of the last call.
    pub schema: Arc<SchemaCache>,
    /// The settings.
    pub config: Config,
    /// The certificates, if clients speak TLS with the server itself.
    pub(crate) tls: Option<Arc<Tls>>,
    /// Who has made how many calls.
    pub(crate) limits: Edge,
    /// Turns to read a large message: as many as there are processors beside the one on which is written. More would keep the thread
    /// that writes from its processor, for which all of them wait afterwards.
    pub(crate) large_messages: Semaphore,
    /// What is done after calls were answered.
    pub jobs: Jobs,
    /// What has happened since the start.
    pub(crate) metrics: Metrics,
    /// The log of calls, if there is one.
    pub(crate) call_log: Option<Log>,
    /// What the admin pages share.
    pub(crate) admin: admin::State,
}

impl App {
    /// A server on a store, which knows nothing yet of what is in it.
    pub fn new(store: Arc<dyn Store>, config: Config) -> Self {
        Self {
            store,
            schema: Arc::default(),
            limits: Edge::new(&config.limits),
            config,
            tls: None,
            large_messages: Semaphore::new(
                available_parallelism().map_or(1, |all| (all.get() - 1).max(1)),
            ),
            jobs: Jobs::default(),
            metrics: Metrics::new(),
            call_log: None,
            admin: admin::State::new(),
        }
    }

    /// With a log of calls.
    #[must_use]
    pub fn with_call_log(self, log: Arc<dyn CallLog>) -> Self {
        Self {
            call_log: Some(Log::new(log)),
            ..self
        }
    }

    /// Runs a read with the schema of its own point in time.
    ///
    /// # Errors
    /// What the rules or the store refuse.
    pub async fn read<T, F>(self: &Arc<Self>, mut rules: F) -> Result<T, CallError>
    where
        T: Send + 'static,
        F: FnMut(&mut dyn ReadTxn, &Schema, Timestamp) -> Result<T, CallError> + Send + 'static,
    {
        let app = self.clone();
        run_read(&*self.store, move |txn, now| {
            let schema = app.schema.current(txn)?;
            rules(txn, &schema, now)
        })
        .await
    }

    /// Runs a read of a few rows, like [`App::read`]; see [`Store::read_few`].
    ///
    /// # Errors
    /// What the rules or the store refuse.
    pub async fn read_few<T, F>(self: &Arc<Self>, mut rules: F) -> Result<T, CallError>
    where
        T: Send + 'static,
        F: FnMut(&mut dyn ReadTxn, &Schema, Timestamp) -> Result<T, CallError> + Send + 'static,
    {
        let app = self.clone();
        let rules = move |txn: &mut dyn ReadTxn, now| {
            let schema = app.schema.current(txn)?;
            rules(txn, &schema, now)
        };
        run_read_by(|work| self.store.read_few(work), rules).await
    }

    /// Runs a write with the schema of its own point in time. It is on disk when this returns (COM-39).
    ///
    /// # Errors
    /// What the rules or the store refuse; nothing is stored then.
    pub async fn write<T, F>(self: &Arc<Self>, mut rules: F) -> Result<T, CallError>
    where
        T: Send + 'static,
        F: FnMut(&mut dyn WriteTxn, &Schema, Timestamp) -> Result<T, CallError> + Send + 'static,
    {
        let call = call_span::running();
        run_write_with_schema(&*self.store, &self.schema, move |txn, schema, now| {
            let outcome = rules(txn, schema, now);
            let values = schema.cuts.take();
            if values > 0 && outcome.is_ok() {
                // VAL-8, DM-VAL-7: nothing is cut without a word, also if nobody waits for the outcome any more.
                let line =
                    || tracing::warn!(values, "over-long strings were cut (cut_long_strings)");
                match &call {
                    Some(call) => call.log(line),
                    None => line(),
                }
            }
            outcome
        })
        .await
    }
}

/// Runs rules in a read transaction of a store.
///
/// # Errors
/// What the rules refuse, or [`CallError::Store`] when they could not be run.
pub async fn run_read<T, E, F>(store: &dyn Store, rules: F) -> Result<T, E>
where
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
    Rollback: for<'e> From<&'e E>,
    F: FnMut(&mut dyn ReadTxn, Timestamp) -> Result<T, E> + Send + 'static,
{
    run_read_by(|work| store.read(work), rules).await
}

/// Runs rules as [`run_read`] does, by the way to the store that is given.
async fn run_read_by<T, E, F>(way: impl FnOnce(Box<dyn ReadWork>), rules: F) -> Result<T, E>
where
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
    Rollback: for<'e> From<&'e E>,
    F: FnMut(&mut dyn ReadTxn, Timestamp) -> Result<T, E> + Send + 'static,
{
    let (reply, answer) = oneshot::channel();
    way(Box::new(Work {
        rules,
        outcome: None,
        reply,
    }));
    answered(answer.await)
}

/// Runs rules in a write transaction of a store; it is committed when this returns a value.
///
/// # Errors
/// What the rules refuse, or [`CallError::Store`] when they could not be run or committed.
pub(crate) async fn run_write<T, E, F>(store: &dyn Store, rules: F) -> Result<T, E>
where
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
    Rollback: for<'e> From<&'e E>,
    F: FnMut(&mut dyn WriteTxn, Timestamp) -> Result<T, E> + Send + 'static,
{
    let (reply, answer) = oneshot::channel();
    store.write(Box::new(Work {
        rules,
        outcome: None,
        reply,
    }));
    answered(answer.await)
}

/// Runs rules as [`run_write`] does, with the schema of the transaction's own point in time.
///
/// # Errors
/// As those of [`run_write`].
pub async fn run_write_with_schema<T, E, F>(
    store: &dyn Store,
    schemas: &Arc<SchemaCache>,
    mut rules: F,
) -> Result<T, E>
where
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
    Rollback: for<'e> From<&'e E>,
    F: FnMut(&mut dyn WriteTxn, &Schema, Timestamp) -> Result<T, E> + Send + 'static,
{
    let known = schemas.clone();
    let written = run_write(store, move |txn, now| {
        let schema = known.seen_by(txn)?;
        Ok((rules(txn, &schema, now)?, schema))
    });
    let (outcome, schema) = written.await?;
    schemas.keep(schema);
    Ok(outcome)
}

fn answered<T, E: From<StoreError>, F>(
    answer: Result<Answer<T, E, F>, oneshot::error::RecvError>,
) -> Result<T, E> {
    answer.map_or_else(
        |_| Err(StoreError::Unavailable("the call was dropped".to_owned()).into()),
        |answer| answer.outcome,
    )
}

/// What comes back from the store. The rules come with it, so that what they hold, all records of a call perhaps, is
/// freed by the thread of the call, not by the one thread that writes.
struct Answer<T, E, F> {
    outcome: Result<T, E>,
    _rules: F,
}

/// Rules on their way to the store and back.
struct Work<F, T, E> {
    rules: F,
    outcome: Option<Result<T, E>>,
    reply: oneshot::Sender<Answer<T, E, F>>,
}

impl<F, T, E> Work<F, T, E>
where
    E: From<StoreError>,
    Rollback: for<'e> From<&'e E>,
{
    /// Keeps the outcome for the reply. The store must know its own errors: it repeats a call that met a conflict.
    fn ran(&mut self, outcome: Result<T, E>) -> Result<(), Rollback> {
        let result = match &outcome {
            Ok(_) => Ok(()),
            Err(error) => Err(error.into()),
        };
        self.outcome = Some(outcome);
        result
    }

    fn reply(self, result: Result<(), Rollback>) {
        let outcome = match (result, self.outcome) {
            (Err(Rollback::Store(error)), _) => Err(error.into()),
            (_, Some(outcome)) => outcome,
            (_, None) => Err(StoreError::Failed("the call was not run".to_owned()).into()),
        };
        // The client may have gone away; what was stored stays.
        let _ = self.reply.send(Answer {
            outcome,
            _rules: self.rules,
        });
    }
}

impl<F, T, E> ReadWork for Work<F, T, E>
where
    T: Send,
    E: From<StoreError> + Send,
    Rollback: for<'e> From<&'e E>,
    F: FnMut(&mut dyn ReadTxn, Timestamp) -> Result<T, E> + Send,
{
    fn run(&mut self, txn: &mut dyn ReadTxn, now: Timestamp) -> Result<(), Rollback> {
        let outcome = (self.rules)(txn, now);
        self.ran(outcome)
    }

    fn done(self: Box<Self>, result: Result<(), Rollback>) {
        (*self).reply(result);
    }
}

impl<F, T, E> WriteWork for Work<F, T, E>
where
    T: Send,
    E: From<StoreError> + Send,
    Rollback: for<'e> From<&'e E>,
    F: FnMut(&mut dyn WriteTxn, Timestamp) -> Result<T, E> + Send,
{
    fn run(&mut self, txn: &mut dyn WriteTxn, now: Timestamp) -> Result<(), Rollback> {
        let outcome = (self.rules)(txn, now);
        self.ran(outcome)
    }

    fn done(self: Box<Self>, result: Result<(), Rollback>) {
        (*self).reply(result);
    }
}
