//! Imports, piece by piece.

use crate::app::App;
use leadkeep_core::error::CallError;
use leadkeep_core::ids::ImportId;
use leadkeep_core::imports;
use leadkeep_core::store::StoreError;
use std::sync::Arc;

/// How often a piece of an import may fail, for other reasons than that nothing can be stored just now, before it is given up.
const TRIES: u32 = 8;

/// Does all imports, those that were left over at the start first (ITL-23). Never ends.
pub(crate) async fn imports(app: Arc<App>) {
    let mut last = None;
    let (mut failures, mut faults) = (0, 0);
    loop {
        match piece(&app, last).await {
            Ok(Some(import)) => {
                last = Some(import);
                (failures, faults) = (0, 0);
            }
            Ok(None) => {
                (failures, faults) = (0, 0);
                super::rest(&app.jobs.imports).await;
            }
            Err(error) => {
                failures += 1;
                // A full disk or a database that somebody else writes to is no fault of the import: it waits.
                faults += u32::from(!matches!(
                    error,
                    CallError::Store(StoreError::Unavailable(_))
                ));
                tracing::error!(%error, failures, "an import could not go on");
                tokio::time::sleep(super::pause(failures)).await;
                if faults >= TRIES && give_up(&app, last, &error).await {
                    (failures, faults) = (0, 0);
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
    let next = app
        .read(
            move |txn, _, _| Ok(imports::next(&txn.open_imports()?, last).map(|import| import.id)),
        )
        .await;
    let Ok(Some(id)) = next else {
        return next.is_ok();
    };
    loop {
        let reason = reason.clone();
        match app
            .write(move |txn, _, _| imports::fail_rows(txn, id, &reason))
            .await
        {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => {
                // The import must end all the same, or it holds up the others.
                tracing::error!(%error, import = %id, "rows of an import that is given up are lost");
                break;
            }
        }
    }
    let ended = app.write(move |txn, _, now| imports::give_up(txn, now, id, &reason));
    ended.await.is_ok()
}
