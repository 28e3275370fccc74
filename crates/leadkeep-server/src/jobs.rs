//! Work that goes on after its call was answered: imports, piece by piece.

use crate::app::App;
use leadkeep_core::error::CallError;
use leadkeep_core::ids::ImportId;
use leadkeep_core::imports;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;

/// How often somebody looks for work that nobody announced: another process may have taken it.
const LOOK: Duration = Duration::from_secs(1);
/// How long to wait after the first failure; twice as long after each further one.
const PAUSE: Duration = Duration::from_millis(200);
/// The longest wait.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
/// How often a piece of an import may fail before it is given up.
const TRIES: u32 = 8;

/// Wakes those who do the work.
#[derive(Debug, Default)]
pub struct Jobs {
    imports: Notify,
}

impl Jobs {
    /// Says that there is an import to be done.
    pub(crate) fn wake(&self) {
        self.imports.notify_one();
    }
}

/// Does all imports, those that were left over at the start first (ITL-23). Never ends.
pub(crate) async fn imports(app: Arc<App>) {
    let mut last = None;
    let mut failures = 0;
    loop {
        match piece(&app, last).await {
            Ok(Some(import)) => {
                last = Some(import);
                failures = 0;
            }
            Ok(None) => {
                failures = 0;
                // Either will do.
                let _ = tokio::time::timeout(LOOK, app.jobs.imports.notified()).await;
            }
            Err(error) => {
                failures += 1;
                tracing::error!(%error, failures, "an import could not go on");
                tokio::time::sleep(pause(failures)).await;
                if failures >= TRIES && give_up(&app, last, &error).await {
                    failures = 0;
                }
            }
        }
    }
}

/// The next piece of work, if there is any. Looking is a read, so that idle servers do not write.
async fn piece(app: &Arc<App>, last: Option<ImportId>) -> Result<Option<ImportId>, CallError> {
    let is_idle = app
        .read(|txn, _, _| Ok(txn.open_imports()?.is_empty()))
        .await?;
    if is_idle {
        return Ok(None);
    }
    app.write(move |txn, schema, now| imports::work(txn, schema, now, last))
        .await
}

/// Ends the import whose turn it is, so that others are not held up for ever. Tells whether that worked.
async fn give_up(app: &Arc<App>, last: Option<ImportId>, error: &CallError) -> bool {
    let reason = format!("the import could not go on: {error}");
    let ended = app
        .write(move |txn, _, now| {
            let open = txn.open_imports()?;
            if let Some(import) = imports::next(&open, last) {
                imports::give_up(txn, now, import.id, &reason)?;
            }
            Ok(())
        })
        .await;
    ended.is_ok()
}

fn pause(failures: u32) -> Duration {
    let doubled = failures.saturating_sub(1).min(16);
    PAUSE.saturating_mul(1 << doubled).min(LONGEST_PAUSE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_up_to_a_minute() {
        let pauses: Vec<_> = [0, 1, 2, 3, 9, 10, u32::MAX]
            .map(|failures| pause(failures).as_millis())
            .to_vec();
        assert_eq!(pauses, [200, 200, 400, 800, 51_200, 60_000, 60_000]);
    }
}
