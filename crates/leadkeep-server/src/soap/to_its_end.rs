//! A call goes on when nobody waits for it any more.

use std::pin::Pin;
use std::task::{Context, Poll};
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
        // Nobody awaits it again when it has ended, or has panicked: then it is gone.
        let Some(mut future) = self.0.take() else {
            return Poll::Pending;
        };
        let poll = future.as_mut().poll(context);
        if poll.is_pending() {
            self.0 = Some(future);
        }
        poll
    }
}

impl<F: Future<Output: Send> + Send + 'static> Drop for ToItsEnd<F> {
    fn drop(&mut self) {
        // At the end of the program there is nobody to run it.
        if let (Some(rest), Ok(runtime)) = (self.0.take(), Handle::try_current()) {
            runtime.spawn(rest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt;
    use std::future::poll_fn;
    use std::panic::AssertUnwindSafe;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
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

    #[tokio::test]
    async fn what_has_begun_is_done_also_if_its_caller_panics() {
        let (go, wait) = oneshot::channel();
        let (done, heard) = oneshot::channel();
        let call = ToItsEnd::new(async move {
            wait.await.unwrap();
            done.send(7).unwrap();
        });
        let caller = async {
            let mut call = call;
            assert!(one_step(&mut call).await.is_none(), "it waits");
            assert_eq!(1, 2, "on purpose");
        };
        assert!(AssertUnwindSafe(caller).catch_unwind().await.is_err());
        go.send(()).unwrap();
        assert_eq!(heard.await.unwrap(), 7);
    }

    #[tokio::test]
    async fn what_has_panicked_does_not_go_on() {
        let steps = Arc::new(AtomicUsize::new(0));
        let counted = steps.clone();
        let call = ToItsEnd::new(poll_fn(move |_| -> Poll<()> {
            counted.fetch_add(1, Ordering::Relaxed);
            panic!("on purpose")
        }));
        assert!(AssertUnwindSafe(call).catch_unwind().await.is_err());
        for _ in 0..10 {
            tokio::task::yield_now().await;
        }
        assert_eq!(steps.load(Ordering::Relaxed), 1);
    }

    #[test]
    fn without_a_runtime_it_is_dropped() {
        drop(ToItsEnd::new(std::future::pending::<()>()));
    }
}
