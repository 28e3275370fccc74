//! API users and their keys; admin users, one's own account, and what was changed.

use crate::app::App;
use axum::Router;
use std::sync::Arc;

pub(crate) fn router() -> Router<Arc<App>> {
    Router::new()
}
