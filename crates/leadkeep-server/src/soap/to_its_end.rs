//! A call goes on when nobody waits for it any more.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::thread::panicking;
use tokio::runtime::Handle;

/// A future that runs where it is awaited, and on its own from the moment that nobody awaits it any more: a call that has
/// begun is done, and counted among those that run, also if its client has gone away.
pub(super) struct ToItsEnd<F: Future<Output: Send> + Send + 'static>(Option<Pin<Box<F>>>);

impl<F: Future<Output: Send> + Send + 'static> ToItsEnd<F> {
    /// Not begun before it is awaited.
    pub(super) fn new(future: F) -> Self {
        Self(Some(Box::pin(future)))
    }
}

impl<F: Future<Output: Send> + Send + 'static> Future for ToItsEnd<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        // Nobody awaits it again when it has ended.
        let Some(future) = &mut self.0 else {
            return Poll::Pending;
        };
        let poll = future.as_mut().poll(context);
        if poll.is_ready() {
            self.0 = None;
        }
        poll
    }
}

impl<F: Future<Output: Send> + Send + 'static> Drop for ToItsEnd<F> {
    fn drop(&mut self) {
        // What has panicked does not go on. At the end of the program there is nobody to run it.
        if let (Some(rest), Ok(runtime), false) =
            (self.0.take(), Handle::try_current(), panicking())
        {
            runtime.spawn(rest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::poll_fn;
    use tokio::sync::oneshot;

    /// Awaits a future for one step only.
    async fn one_step<F: Future + Unpin>(mut future: F) -> Option<F::Output> {
        poll_fn(|context| match Pin::new(&mut future).poll(context) {
            Poll::Ready(value) => Poll::Ready(Some(value)),
            Poll::Pending => Poll::Ready(None),
        })
        .await
    }

    #[tokio::test]
    async fn what_has_begun_is_done_without_its_caller() {
        let (go, wait) = oneshot::channel();
        let (done, heard) = oneshot::channel();
        let call = ToItsEnd::new(async move {
            wait.await.unwrap();
            done.send(7).unwrap();
        });
        assert!(
            one_step(call).await.is_none(),
            "it waits, and its caller is gone"
        );
        go.send(()).unwrap();
        assert_eq!(heard.await.unwrap(), 7);
    }

    #[test]
    fn without_a_runtime_it_is_dropped() {
        drop(ToItsEnd::new(std::future::pending::<()>()));
    }
}
