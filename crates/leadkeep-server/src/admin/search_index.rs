//! Making an index for a search that would take too long without one.

use super::page::Page;
use super::visit::{self, Fields, Viewer, form_urlencoded};
use crate::app::App;
use axum::response::{IntoResponse, Redirect, Response};
use leadkeep_core::admins::{Change, note};
use leadkeep_core::error::CallError;
use leadkeep_core::schema::Schema;
use leadkeep_core::store::WriteTxn;
use std::sync::Arc;

/// Makes the index by which the form searches, and searches at `path`. `index` says whether there is such a field; `subject` names
/// it in the audit log.
pub(super) async fn make(
    app: &Arc<App>,
    page: Page,
    fields: &Fields,
    path: &str,
    subject: String,
    mut index: impl FnMut(&mut dyn WriteTxn, &Schema) -> Result<bool, CallError> + Send + 'static,
) -> Result<Response, Response> {
    let admin = page.name().to_owned();
    let done = app.write(move |txn, schema, now| {
        let is_known = index(txn, schema)?;
        if is_known {
            let change = Change {
                by: &admin,
                action: "field.index",
                subject: &subject,
                detail: "",
            };
            note(txn, now, change)?;
        }
        Ok(is_known)
    });
    match done.await.map_err(|error| visit::unavailable(&error))? {
        true => {
            let query = form_urlencoded(&[("by", fields.get("by")), ("q", fields.get("q"))]);
            Ok(Redirect::to(&format!("{path}?{query}")).into_response())
        }
        false => Ok(visit::not_found(Viewer(page)).await),
    }
}
