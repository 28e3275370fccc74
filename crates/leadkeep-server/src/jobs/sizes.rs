//! Writes down how many things there are, so that people see how their number grows.

use crate::app::App;
use jiff::Timestamp;
use leadkeep_core::call_log::Size;
use std::sync::Arc;
use std::time::Duration;

/// How often: counting reads a whole index.
const EVERY: Duration = Duration::from_secs(600);

/// Counts now and then. Never ends; without a log of calls there is nobody to tell.
pub(crate) async fn sizes(app: Arc<App>) {
    let Some(log) = app.call_log.as_ref().map(|log| log.log.clone()) else {
        return;
    };
    loop {
        match app.read(|txn, _, _| Ok(txn.counts()?)).await {
            Ok(counts) => log.append_size(Size {
                at: Timestamp::now(),
                leads: counts.leads,
                opportunities: counts.opportunities,
                records: counts.records,
            }),
            Err(error) => tracing::warn!(%error, "leads could not be counted"),
        }
        tokio::time::sleep(EVERY).await;
    }
}
