//! Webhooks: one HTTP request a lead, signed, with a time-out, and only to where it may go.

use super::address::{Allowed, Refused};
use super::{Outbound, SendError, SetupError, whole};
use hmac::{Hmac, KeyInit, Mac};
use reqwest::header::{CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use reqwest::{Client, Method, Response, Url, redirect};
use sha2::Sha256;
use std::error::Error;
use std::fmt::Write;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Bytes that are read of an answer, so that its connection can be used again; the rest is left.
const ANSWER_BYTES: usize = 64 << 10;
/// How long a receiver can ask to be left alone.
const RETRY_AFTER_MOST: Duration = Duration::from_secs(3_600);
/// Methods of webhooks.
const METHODS: [Method; 5] = [
    Method::POST,
    Method::PUT,
    Method::PATCH,
    Method::GET,
    Method::DELETE,
];

/// One request, with its texts filled in.
#[derive(Debug, Clone)]
pub struct Webhook {
    /// Where to: http or https.
    pub url: String,
    /// POST, PUT, PATCH, GET or DELETE.
    pub method: String,
    /// The type of the body; not sent without a body.
    pub content_type: String,
    /// The body.
    pub body: String,
    /// The same for each try of one step of one run, and for nothing else: by it the receiver knows a repetition.
    pub idempotency_key: String,
}

/// Sends webhooks. Cheap to share; keeps connections open.
#[derive(Clone)]
pub struct Webhooks {
    client: Client,
    allowed: Arc<Allowed>,
    secret: Option<String>,
}

impl Webhooks {
    /// A sender with these settings.
    pub fn new(config: &Outbound) -> Result<Self, SetupError> {
        let allowed = Arc::new(Allowed::new(config.allow_private, &config.allowed_hosts));
        let client = Client::builder()
            .user_agent(concat!("leadkeep/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(config.webhook_timeout)
            .timeout(config.webhook_timeout)
            // Where an answer points to was not written by the administrator.
            .redirect(redirect::Policy::none())
            // A proxy would resolve the name itself, past the check of addresses.
            .no_proxy()
            // Tries are counted by the queue.
            .retry(reqwest::retry::never())
            .no_gzip()
            .dns_resolver(allowed.clone())
            .build()
            .map_err(|error| SetupError(format!("no webhooks: {}", whole(&error))))?;
        Ok(Self {
            client,
            allowed,
            secret: config.webhook_secret.clone(),
        })
    }

    /// Sends one request, once. Any 2xx is success.
    ///
    /// Errors that may pass: no connection, time-out, no such name, 408, 425, 429 and 5xx, with what `Retry-After` says.
    /// Errors that stay: every other answer, redirects among them, an address that is not allowed, a bad URL or method.
    pub async fn send(&self, webhook: Webhook) -> Result<(), SendError> {
        let url = self.check_url(&webhook.url)?;
        let method = METHODS
            .into_iter()
            .find(|known| known.as_str().eq_ignore_ascii_case(webhook.method.trim()))
            .ok_or_else(|| {
                SendError::permanent(format!("{:?} is no method of webhooks", webhook.method))
            })?;
        let header = |name: &str, value: &str| {
            HeaderValue::from_str(value)
                .map_err(|_| SendError::permanent(format!("{value:?} cannot be the header {name}")))
        };
        let mut request = self.client.request(method, url).header(
            "Idempotency-Key",
            header("Idempotency-Key", &webhook.idempotency_key)?,
        );
        if let Some(secret) = &self.secret {
            let since = SystemTime::now().duration_since(UNIX_EPOCH);
            let seconds = since.unwrap_or_default().as_secs();
            let signature = sign(secret, seconds, webhook.body.as_bytes())?;
            request = request.header("X-Leadkeep-Signature", signature);
        }
        if !webhook.body.is_empty() {
            let content_type = header("Content-Type", &webhook.content_type)?;
            request = request
                .header(CONTENT_TYPE, content_type)
                .body(webhook.body);
        }
        let answer = request.send().await.map_err(not_sent)?;
        let verdict = judge(&answer);
        read_some(answer).await;
        verdict
    }

    fn check_url(&self, text: &str) -> Result<Url, SendError> {
        let url = Url::parse(text.trim())
            .map_err(|error| SendError::permanent(format!("the URL cannot be read: {error}")))?;
        if !matches!(url.scheme(), "http" | "https") {
            let reason = format!("{} is neither http nor https", url.scheme());
            return Err(SendError::permanent(reason));
        }
        // http and https have a host, or the URL would not have been read.
        let host = url.host_str().unwrap_or_default();
        self.allowed
            .check_literal(host)
            .map_err(|refused| SendError::permanent(refused.to_string()))?;
        Ok(url)
    }
}

/// The header by which a receiver knows who sent this and when: HMAC-SHA256 over the time in seconds, a dot and the body.
fn sign(secret: &str, seconds: u64, body: &[u8]) -> Result<String, SendError> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes())
        .map_err(|_| SendError::permanent("the secret of webhooks cannot be a key"))?;
    mac.update(format!("{seconds}.").as_bytes());
    mac.update(body);
    let mut header = format!("t={seconds},v1=");
    for byte in mac.finalize().into_bytes() {
        // Writing to a String does not fail.
        let _ = write!(header, "{byte:02x}");
    }
    Ok(header)
}

/// What it means that there is no answer.
fn not_sent(error: reqwest::Error) -> SendError {
    // The URL may hold a lead's values or a password.
    let error = error.without_url();
    let mut cause = error.source();
    while let Some(inner) = cause {
        if let Some(refused) = inner.downcast_ref::<Refused>() {
            return SendError::permanent(refused.to_string());
        }
        cause = inner.source();
    }
    if error.is_builder() {
        return SendError::permanent(whole(&error));
    }
    SendError::transient(whole(&error))
}

/// What an answer means.
fn judge(answer: &Response) -> Result<(), SendError> {
    let status = answer.status();
    match status.as_u16() {
        200..=299 => Ok(()),
        300..=399 => Err(SendError::permanent(format!(
            "the receiver answered {status}: redirects are not followed"
        ))),
        408 | 425 | 429 | 500..=599 => Err(SendError {
            retry_after: retry_after(answer),
            ..SendError::transient(format!("the receiver answered {status}"))
        }),
        _ => Err(SendError::permanent(format!(
            "the receiver answered {status}"
        ))),
    }
}

/// `Retry-After` in either form: seconds, or the date when.
fn retry_after(answer: &Response) -> Option<Duration> {
    let text = answer.headers().get(RETRY_AFTER)?.to_str().ok()?.trim();
    let asked = match text.parse() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => {
            let when = jiff::fmt::rfc2822::parse(text).ok()?;
            let left = when.timestamp().duration_since(jiff::Timestamp::now());
            Duration::try_from(left).unwrap_or_default()
        }
    };
    Some(asked.min(RETRY_AFTER_MOST))
}

/// Reads what there is of an answer, within bounds. What it holds does not matter, nor does its end.
async fn read_some(mut answer: Response) {
    let mut read = 0;
    while read < ANSWER_BYTES {
        match answer.chunk().await {
            Ok(Some(chunk)) => read += chunk.len(),
            Ok(None) | Err(_) => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_are_what_openssl_computes() {
        // printf '1700000000.{"a":1}' | openssl dgst -sha256 -hmac secret
        assert_eq!(
            sign("secret", 1_700_000_000, b"{\"a\":1}").unwrap(),
            "t=1700000000,v1=49f24e537407743fa4a0242bb63b94b9a47ee99cbbe071ccd8a22550ae411686"
        );
    }
}
