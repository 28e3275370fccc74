//! Limits of users at the edge: calls that passed authentication are counted, and refused above a limit (LIM-5).

use crate::app::App;
use jiff::Timestamp;
use leadkeep_core::error::CallError;
use leadkeep_core::limits::{LimitExceeded, Limiter, Limits};
use mktows::{Fault, FaultCode};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How often figures are kept. Who kills the server makes it forget so much at the most.
const KEEP: Duration = Duration::from_secs(1);

/// Counts calls, if there is anything to count.
#[derive(Debug)]
pub(crate) struct Edge {
    limiter: Option<Arc<Mutex<Limiter>>>,
}

/// A call that runs; its place is free again when this goes.
#[derive(Debug)]
pub(crate) struct Place(Option<(Arc<Mutex<Limiter>>, String)>);

impl Edge {
    /// One that knows of no calls yet.
    pub(crate) fn new(limits: &Limits) -> Self {
        let limiter = || Arc::new(Mutex::new(Limiter::new(limits.clone(), Vec::new())));
        Self {
            limiter: limits.count_calls().then(limiter),
        }
    }

    /// How many calls a user has made today, if calls are counted.
    pub(crate) fn calls_today(&self, user: &str, now: Timestamp) -> Option<u64> {
        let limiter = self.limiter.as_ref()?;
        Some(lock(limiter).calls_today(user, now))
    }

    /// Counts a call of a user, who has been authenticated.
    ///
    /// # Errors
    /// 20015, 20023, 20024 (LIM-1, LIM-2, LIM-3).
    pub(crate) fn begin(&self, user: &str, now: Timestamp) -> Result<Place, Fault> {
        let Some(limiter) = &self.limiter else {
            return Ok(Place(None));
        };
        lock(limiter).begin(user, now).map_err(fault)?;
        Ok(Place(Some((limiter.clone(), user.to_owned()))))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some((limiter, user)) = &self.0 {
            lock(limiter).end(user);
        }
    }
}

/// Counting cannot panic between two changes, so that figures are whole even then.
fn lock(limiter: &Mutex<Limiter>) -> MutexGuard<'_, Limiter> {
    limiter.lock().unwrap_or_else(PoisonError::into_inner)
}

fn fault(exceeded: LimitExceeded) -> Fault {
    let code = match exceeded {
        LimitExceeded::Daily(_) => FaultCode::RequestLimitExceeded,
        LimitExceeded::Rate(_) => FaultCode::RateLimitExceeded,
        LimitExceeded::Concurrent(_) => FaultCode::ConcurrencyLimitExceeded,
    };
    Fault::new(code, exceeded.to_string())
}

/// Goes on from what was kept, before the first call.
///
/// # Errors
/// Those of the store.
pub(crate) async fn restore(app: &Arc<App>) -> Result<(), CallError> {
    if let Some(limiter) = &app.limits.limiter {
        let kept = app.read(|txn, _, _| Ok(txn.call_usage()?)).await?;
        *lock(limiter) = Limiter::new(app.config.limits.clone(), kept);
    }
    Ok(())
}

/// Keeps the figures, beside the calls and not before their answers. Never ends.
pub(crate) async fn keep(app: Arc<App>) {
    loop {
        tokio::time::sleep(KEEP).await;
        keep_now(&app).await;
    }
}

/// Keeps the figures now.
pub(crate) async fn keep_now(app: &Arc<App>) {
    let Some(limiter) = &app.limits.limiter else {
        return;
    };
    let changes = lock(limiter).changes();
    if changes.is_empty() {
        return;
    }
    let kept = {
        let changes = changes.clone();
        app.write(move |txn, _, _| Ok(txn.put_call_usage(&changes)?))
            .await
    };
    if let Err(error) = kept {
        tracing::warn!(%error, "the counts of calls could not be kept");
        lock(limiter).not_kept(changes);
    }
}
