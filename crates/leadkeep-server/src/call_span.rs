//! The span in which lines of the log name their call (FLT-10).
//!
//! Hardly any call has a line, so its span is made where one is written. A span that each call opened and took along, to the
//! thread that writes as well, was a twentieth of the server's work for calls with one lead.

use mktows::Operation;
use std::sync::{Arc, OnceLock};
use tokio::task_local;

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

    /// Runs the call: it is the one that is [`running`] meanwhile.
    pub(crate) async fn around<F: Future>(self: Arc<Self>, call: F) -> F::Output {
        RUNNING.scope(self, call).await
    }

    /// Writes lines of the log in the span.
    pub(crate) fn log(&self, lines: impl FnOnce()) {
        // Of the level of errors, and with the name of the module that answers calls: whatever a filter leaves of its lines, they
        // name their call.
        let span = tracing::error_span!(
            target: "leadkeep_server::soap",
            "call",
            id = self.id,
            user = self.user(),
            operation = self.operation().map(Operation::name)
        );
        span.in_scope(lines);
    }
}

/// The call that this task is about, if it is about one. Other threads know nothing of it: it is for them to take along.
pub(crate) fn running() -> Option<Arc<CallSpan>> {
    RUNNING.try_with(Arc::clone).ok()
}
