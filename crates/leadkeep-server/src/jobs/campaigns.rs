//! What campaigns have to do, and the messages that they send.

use super::{pause, rest};
use crate::app::App;
use crate::outbound::{Mail, Mailer, SendError, Webhook, Webhooks, backoff};
use jiff::SignedDuration;
use leadkeep_core::campaigns::{self, Message, Outgoing, Sent, Worked};
use leadkeep_core::error::CallError;
use std::sync::Arc;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

/// Messages that are sent at once.
const SENDERS: usize = 16;

/// Does what campaigns have to do, what was left over at the start first (RC-17, SC-15). Once it is to stop it begins
/// nothing more, and ends when what is just being sent was sent: a message that is cut off is sent again.
pub(crate) async fn campaigns(app: Arc<App>, mut stop: watch::Receiver<bool>) {
    let senders = Arc::new(Senders::new(&app));
    let free = Arc::new(Semaphore::new(SENDERS));
    let mut sending = JoinSet::new();
    let mut failures = 0;
    while !*stop.borrow() {
        // The results are in the store; only their tasks are to be taken away.
        while sending.try_join_next().is_some() {}
        match piece(&app, free.available_permits()).await {
            Ok(worked) => {
                failures = 0;
                for outgoing in worked.outgoing {
                    let (app, senders, free) = (app.clone(), senders.clone(), free.clone());
                    sending.spawn(async move {
                        let _permit = free.acquire().await;
                        send(&app, &senders, outgoing).await;
                        app.jobs.wake_campaigns();
                    });
                }
                if !worked.more {
                    tokio::select! {
                        () = rest(&app.jobs.campaigns) => {}
                        _ = stop.changed() => {}
                    }
                }
            }
            Err(error) => {
                failures += 1;
                tracing::error!(%error, failures, "campaigns could not go on");
                tokio::select! {
                    () = tokio::time::sleep(pause(failures)) => {}
                    _ = stop.changed() => {}
                }
            }
        }
    }
    while sending.join_next().await.is_some() {}
}

/// The next piece of work, if there is any. Looking is a read, so that idle servers do not write.
async fn piece(app: &Arc<App>, senders: usize) -> Result<Worked, CallError> {
    let is_due = app
        .read(|txn, _, now| Ok(campaigns::is_due(txn, now)?))
        .await?;
    if !is_due {
        return Ok(Worked::default());
    }
    app.write(move |txn, schema, now| campaigns::work(txn, schema, now, senders))
        .await
}

/// Sends a message and notes what became of it. If that cannot be noted, it is sent again later.
async fn send(app: &Arc<App>, senders: &Senders, outgoing: Outgoing) {
    let outcome = match senders.send(&outgoing).await {
        Ok(()) => Sent::Taken,
        Err(error) => {
            let (task, attempt) = (outgoing.task.0, outgoing.attempt);
            tracing::warn!(
                task,
                attempt,
                reason = error.reason,
                "a message was not sent"
            );
            after(error, attempt)
        }
    };
    let noted = app
        .write(move |txn, schema, now| campaigns::sent(txn, schema, now, &outgoing, &outcome))
        .await;
    if let Err(error) = noted {
        tracing::error!(%error, "what became of a message could not be noted");
    }
}

/// What comes after a try that failed.
fn after(error: SendError, attempt: u32) -> Sent {
    let wait = match error.permanent {
        true => None,
        false => backoff(attempt, error.retry_after),
    };
    match wait.map(SignedDuration::try_from) {
        Some(Ok(wait)) => Sent::Later(wait, error.reason),
        _ => Sent::Never(error.reason),
    }
}

/// Those who send; or why nothing can be sent.
struct Senders {
    mailer: Result<Mailer, String>,
    webhooks: Result<Webhooks, String>,
}

impl Senders {
    fn new(app: &App) -> Self {
        let config = &app.config.outbound;
        Self {
            mailer: match &config.smtp {
                Some(smtp) => Mailer::new(smtp).map_err(|error| error.to_string()),
                None => Err("no mail server is set up (leadkeep serve --smtp-url)".to_owned()),
            },
            webhooks: Webhooks::new(config).map_err(|error| error.to_string()),
        }
    }

    async fn send(&self, outgoing: &Outgoing) -> Result<(), SendError> {
        match outgoing.message.clone() {
            Message::Email {
                from,
                to,
                reply_to,
                subject,
                text,
                html,
            } => {
                let host = from.rsplit_once('@').map_or("leadkeep", |(_, host)| host);
                let message_id = format!("{}@{}", outgoing.key, host.trim_end_matches('>'));
                let mail = Mail {
                    from,
                    to,
                    reply_to,
                    subject,
                    text,
                    html,
                    message_id,
                };
                sender(&self.mailer)?.send(mail).await
            }
            Message::Webhook {
                url,
                method,
                content_type,
                body,
            } => {
                let webhook = Webhook {
                    url,
                    method,
                    content_type,
                    body,
                    idempotency_key: outgoing.key.clone(),
                };
                sender(&self.webhooks)?.send(webhook).await
            }
        }
    }
}

/// Without a sender nothing will ever be sent: the step fails at once and waits for somebody.
fn sender<T>(sender: &Result<T, String>) -> Result<&T, SendError> {
    sender.as_ref().map_err(|reason| SendError {
        permanent: true,
        reason: reason.clone(),
        retry_after: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tries_end() {
        let error = |permanent| SendError {
            permanent,
            reason: "down".to_owned(),
            retry_after: None,
        };
        let later = |seconds| Sent::Later(SignedDuration::from_secs(seconds), "down".to_owned());
        let never = Sent::Never("down".to_owned());
        assert_eq!(after(error(false), 1), later(10));
        assert_eq!(after(error(false), 6), later(21_600));
        assert_eq!(after(error(false), 7), never);
        assert_eq!(after(error(true), 1), never);
    }
}
