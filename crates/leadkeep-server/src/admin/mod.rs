//! The admin pages: what the server does, for people.
//!
//! Pages are made on the server and work without a script. A page is a function in the file of its section, and a template
//! of the same name; what all of them have is in `page`, who may see them in `visit`, their texts in `texts`.

mod assets;
mod calls;
mod campaigns;
mod chart;
mod connect;
mod imports;
mod leads;
mod lists;
mod opportunities;
mod overview;
mod page;
mod password;
mod programs;
mod search_index;
mod setup;
mod sign_in;
mod texts;
mod throttle;
mod token;
mod totp;
mod users;
mod values;
mod visit;

pub use password::hash as hash_password;

use crate::app::App;
use axum::Router;
use axum::extract::Request;
use axum::http::HeaderValue;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
    X_FRAME_OPTIONS,
};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use axum::routing::{get, post};
use std::sync::{Arc, Mutex, PoisonError};
use token::Token;

/// What pages may load: their own style, script and pictures, nothing of elsewhere, and nothing that stands in a page.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; \
                      connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// What the pages share.
pub(crate) struct State {
    pub(crate) hasher: password::Hasher,
    pub(crate) throttle: throttle::Throttle,
    /// What is kept of the token that makes the first owner.
    set_up: Mutex<Option<Vec<u8>>>,
}

impl State {
    pub(crate) fn new() -> Self {
        Self {
            hasher: password::Hasher::new(),
            throttle: throttle::Throttle::default(),
            set_up: Mutex::new(None),
        }
    }

    /// Lets the first owner be made, by who knows the path that is given.
    ///
    /// # Errors
    /// When the system gives no randomness.
    pub(crate) fn begin_set_up(&self) -> Result<String, getrandom::Error> {
        let token = Token::fresh()?;
        *self.set_up.lock().unwrap_or_else(PoisonError::into_inner) = Some(token.kept());
        Ok(sign_in::set_up_path(&token))
    }

    fn is_set_up_token(&self, token: &str) -> bool {
        let kept = self.set_up.lock().unwrap_or_else(PoisonError::into_inner);
        kept.as_ref()
            .is_some_and(|kept| Token::sent(token).is(kept))
    }

    fn end_set_up(&self) {
        self.set_up
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
    }
}

/// All pages, for `/admin`.
pub(crate) fn router(app: Arc<App>) -> Router {
    Router::new()
        .route("/admin", get(overview::page))
        .route("/admin/", get(overview::page))
        .route("/admin/sign-in", get(sign_in::form).post(sign_in::sign_in))
        .route("/admin/sign-out", post(sign_in::sign_out))
        .route("/admin/language", post(sign_in::language))
        .route(
            "/admin/set-up",
            get(sign_in::first_owner_form).post(sign_in::first_owner),
        )
        .merge(calls::router())
        .merge(connect::router())
        .merge(leads::router())
        .merge(opportunities::router())
        .merge(programs::router())
        .merge(lists::router())
        .merge(campaigns::router())
        .merge(imports::router(app.config.max_body))
        .merge(setup::router())
        .merge(users::router())
        .route("/admin/{*rest}", get(visit::not_found))
        .with_state(app)
        .layer(from_fn(guarded))
        .merge(assets::router())
}

/// Nothing of a page is kept by others, framed by others, or loaded from elsewhere.
async fn guarded(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in [
        (CONTENT_SECURITY_POLICY, POLICY),
        (CACHE_CONTROL, "no-store"),
        (REFERRER_POLICY, "same-origin"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}
