//! The span in which lines of the log name their call (FLT-10).
//!
//! Hardly any call has a line, so its span is made where one is written. A span that each call opened and took along, to the
//! thread that writes as well, was a twentieth of the server's work for calls with one lead.

use mktows::Operation;
use std::sync::{Arc, OnceLock};
use tokio::task_local;
use tracing::level_filters::LevelFilter;
use tracing::{Level, Span};

task_local! {
    /// The call that a task is about.
    static RUNNING: Arc<CallSpan>;
}

/// What is known of a call by now.
#[derive(Debug)]
pub(crate) struct CallSpan {
    pub(crate) id: String,
    user: OnceLock<String>,
    operation: OnceLock<Operation>,
}

impl CallSpan {
    /// That of a call with this name.
    pub(crate) fn new(id: String) -> Arc<Self> {
        Arc::new(Self {
            id,
            user: OnceLock::new(),
            operation: OnceLock::new(),
        })
    }

    /// The user, once the signature was found to be right.
    pub(crate) fn user(&self) -> Option<&str> {
        self.user.get().map(String::as_str)
    }

    /// The operation, once the message was read.
    pub(crate) fn operation(&self) -> Option<Operation> {
        self.operation.get().copied()
    }

    /// The first user that is named stays.
    pub(crate) fn set_user(&self, user: String) {
        let _ = self.user.set(user);
    }

    /// The first operation that is named stays.
    pub(crate) fn set_operation(&self, operation: Operation) {
        let _ = self.operation.set(operation);
    }

    /// Runs the call: what [`log`] writes meanwhile is in its span.
    pub(crate) async fn around<F: Future>(self: Arc<Self>, call: F) -> F::Output {
        RUNNING.scope(self, call).await
    }

    /// Writes lines of the log in the span, unless no lines of this level are wanted.
    pub(crate) fn log(&self, level: Level, lines: impl FnOnce()) {
        if LevelFilter::current() >= level {
            self.span().in_scope(lines);
        }
    }

    /// Of the level of errors: a line of any level names its call, whatever the filter leaves.
    fn span(&self) -> Span {
        tracing::error_span!(
            "call",
            id = self.id,
            user = self.user(),
            operation = self.operation().map(Operation::name)
        )
    }
}

/// Writes lines of the log in the span of the call that the task is about, if it is about one.
pub(crate) fn log(level: Level, lines: impl FnOnce()) {
    match RUNNING.try_with(Arc::clone) {
        Ok(call) => call.log(level, lines),
        Err(_) => lines(),
    }
}
