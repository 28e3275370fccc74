//! How a client is connected, and a console to try a call.

use crate::app::App;
use axum::Router;
use std::sync::Arc;

pub(crate) fn router() -> Router<Arc<App>> {
    Router::new()
}
