//! What campaigns send out of the house: mails and webhooks.
//!
//! A sender tries once and says what became of it; when to try again is for the queue of runs, by [`backoff`].

mod address;
mod mail;
mod webhook;

pub use address::is_public;
pub use mail::{Mail, Mailer};
pub use webhook::{Webhook, Webhooks};

use std::fmt;
use std::time::Duration;

/// The server that takes mails.
#[derive(Clone)]
pub struct SmtpConfig {
    /// `smtp://user:password@host:587?tls=required`: `smtps` is TLS from the first byte, `tls=required` STARTTLS,
    /// `tls=opportunistic` STARTTLS where the server offers it, and without either nothing is encrypted. User and
    /// password are percent-encoded; a path is the name for EHLO.
    pub url: String,
    /// How long one mail may take, from connection to acceptance.
    pub timeout: Duration,
}

impl SmtpConfig {
    /// A server with the usual time-out of 30 seconds.
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            timeout: Duration::from_secs(30),
        }
    }
}

/// The URL holds a password.
impl fmt::Debug for SmtpConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SmtpConfig")
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

/// What an operator can set about senders.
#[derive(Clone)]
pub struct Outbound {
    /// The server that takes mails; without it none are sent.
    pub smtp: Option<SmtpConfig>,
    /// How long a webhook may take, from its name to the end of its answer.
    pub webhook_timeout: Duration,
    /// With what webhooks are signed; without it they have no signature.
    pub webhook_secret: Option<String>,
    /// Whether webhooks may go to addresses that are not public.
    pub allow_private: bool,
    /// Hosts, as they stand in URLs, to which webhooks may go whatever their address is.
    pub allowed_hosts: Vec<String>,
}

impl Default for Outbound {
    fn default() -> Self {
        Self {
            smtp: None,
            webhook_timeout: Duration::from_secs(10),
            webhook_secret: None,
            allow_private: false,
            allowed_hosts: Vec::new(),
        }
    }
}

/// Secrets are told as set or not, never shown: settings are logged.
impl fmt::Debug for Outbound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outbound")
            .field("smtp", &self.smtp)
            .field("webhook_timeout", &self.webhook_timeout)
            .field(
                "webhook_secret",
                &self.webhook_secret.as_ref().map(|_| "set"),
            )
            .field("allow_private", &self.allow_private)
            .field("allowed_hosts", &self.allowed_hosts)
            .finish()
    }
}

/// Why something was not sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct SendError {
    /// Whether another try is useless.
    pub permanent: bool,
    /// What happened, for the operator: no secrets, no message.
    pub reason: String,
    /// How long the receiver asked to be left alone, an hour at the most.
    pub retry_after: Option<Duration>,
}

impl SendError {
    fn permanent(reason: impl Into<String>) -> Self {
        Self {
            permanent: true,
            reason: reason.into(),
            retry_after: None,
        }
    }

    fn transient(reason: impl Into<String>) -> Self {
        Self {
            permanent: false,
            reason: reason.into(),
            retry_after: None,
        }
    }
}

/// A sender that cannot be made from its settings.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct SetupError(String);

/// How long to wait after the try number `attempt`, the first being 1, that failed for the time being; `None` is the
/// end: it failed for good. What the receiver asked for counts where it is longer.
pub fn backoff(attempt: u32, retry_after: Option<Duration>) -> Option<Duration> {
    /// 10 s, 1 min, 5 min, 30 min, 2 h, 6 h.
    const WAITS: [u64; 6] = [10, 60, 300, 1_800, 7_200, 21_600];
    let index = usize::try_from(attempt.saturating_sub(1)).ok()?;
    let wait = Duration::from_secs(*WAITS.get(index)?);
    Some(retry_after.map_or(wait, |asked| asked.max(wait)))
}

/// An error with all that caused it.
fn whole(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let next = error.to_string();
        // Many errors tell their cause themselves.
        if !text.ends_with(&next) {
            text = format!("{text}: {next}");
        }
        cause = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_end() {
        let waits: Vec<_> = (1..=8)
            .map(|attempt| backoff(attempt, None).map(|wait| wait.as_secs()))
            .collect();
        let expected = [10, 60, 300, 1_800, 7_200, 21_600].map(Some);
        assert_eq!(waits[..6], expected);
        assert_eq!(waits[6..], [None, None]);
        assert_eq!(backoff(0, None), backoff(1, None));
        assert_eq!(backoff(u32::MAX, None), None);
        // The receiver can ask for more time, not for less, and not for more tries.
        let asked = Some(Duration::from_secs(100));
        assert_eq!(backoff(1, asked), asked);
        assert_eq!(backoff(3, asked), Some(Duration::from_secs(300)));
        assert_eq!(backoff(7, asked), None);
    }

    #[test]
    fn secrets_are_not_shown() {
        let config = Outbound {
            smtp: Some(SmtpConfig::new("smtp://user:hidden@host")),
            webhook_secret: Some("hidden".to_owned()),
            ..Outbound::default()
        };
        let shown = format!("{config:?}");
        assert!(
            shown.contains("webhook_secret: Some(\"set\")") && !shown.contains("hidden"),
            "{shown}"
        );
    }
}
