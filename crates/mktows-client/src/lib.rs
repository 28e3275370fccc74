//! A typed async client for any endpoint that speaks the Marketo SOAP API ("mktows").
//!
//! Requests and results are the plain types of [`mktows`]; each call is signed afresh.
//!
//! ```no_run
//! use mktows::{LeadKey, LeadKeyRef, ParamsGetLead};
//! use mktows_client::Client;
//!
//! # async fn example() -> Result<(), mktows_client::Error> {
//! let client = Client::builder("http://127.0.0.1:8080/soap/mktows/3_1", "demo_user", "demo_key").build()?;
//! let key = LeadKey { key_type: LeadKeyRef::Email, key_value: "ann@example.com".into() };
//! let found = client.get_lead(ParamsGetLead { lead_key: key }).await?;
//! println!("{} leads", found.count);
//! # Ok(())
//! # }
//! ```

mod error;
mod methods;

pub use error::Error;

use mktows::{
    AuthenticationHeaderInfo, Limits, MktowsContextHeaderInfo, Operation, Request, Response,
    Version, read_response, write_request,
};
use reqwest::header::{CONTENT_TYPE, HeaderValue};
use std::fmt;
use std::time::Duration;

/// Whether an operation that is done twice does no more than once.
fn is_repeatable(operation: Operation) -> bool {
    !matches!(
        operation,
        Operation::RequestCampaign | Operation::ScheduleCampaign | Operation::ImportToList
    )
}

/// Settings of a client; made by [`Client::builder`].
#[derive(Clone)]
pub struct Builder {
    endpoint: String,
    user_id: String,
    key: String,
    workspace: Option<String>,
    timeout: Duration,
    max_answer: usize,
    retries: u32,
}

/// Without the key.
impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("endpoint", &self.endpoint)
            .field("user_id", &self.user_id)
            .field("workspace", &self.workspace)
            .field("timeout", &self.timeout)
            .field("max_answer", &self.max_answer)
            .field("retries", &self.retries)
            .finish_non_exhaustive()
    }
}

impl Builder {
    /// The workspace that syncLead is meant for; without it none is named.
    pub fn workspace(mut self, name: impl Into<String>) -> Self {
        self.workspace = Some(name.into());
        self
    }

    /// How long each attempt of a call may take; 60 seconds if not set.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Bytes of an answer at the most, after decompression; 64 MiB if not set.
    pub fn max_answer(mut self, bytes: usize) -> Self {
        self.max_answer = bytes;
        self
    }

    /// How often a call is repeated after a fault that asks for it ([`mktows::FaultCode::is_retryable`]), each time
    /// after a longer pause; never if not set. A call that got no answer is not repeated, nor are requestCampaign, scheduleCampaign and
    /// importToList, which a server that stored something before its fault would do twice. So it would with a repeated call that has
    /// no key: inserts without one, new program costs, `dedupEnabled` false.
    pub fn retries(mut self, retries: u32) -> Self {
        self.retries = retries;
        self
    }

    /// The client.
    ///
    /// # Errors
    /// When the endpoint is no HTTP address, or TLS cannot be set up.
    pub fn build(self) -> Result<Client, Error> {
        let url = reqwest::Url::parse(&self.endpoint)
            .ok()
            .filter(|url| matches!(url.scheme(), "http" | "https"))
            .ok_or_else(|| Error::Endpoint(self.endpoint.clone()))?;
        let segments = url.path_segments();
        let last = segments.and_then(|mut segments| segments.rfind(|segment| !segment.is_empty()));
        let version = last.and_then(Version::parse).unwrap_or(Version::LAST);
        let http = reqwest::Client::builder()
            .timeout(self.timeout)
            // A POST that is redirected would be sent as a GET without its message.
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(Error::network)?;
        Ok(Client {
            http,
            url,
            version,
            settings: self,
        })
    }
}

/// A client of one endpoint for one API user. Clones share their connections.
#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::Client,
    url: reqwest::Url,
    version: Version,
    settings: Builder,
}

impl Client {
    /// Begins a client: the address up to the version (`https://host/soap/mktows/3_1`), the User ID and the Encryption
    /// Key. Requests hold nothing that the version of the address lacks; an address that ends in none counts as 3_1.
    pub fn builder(
        endpoint: impl Into<String>,
        user_id: impl Into<String>,
        key: impl Into<String>,
    ) -> Builder {
        Builder {
            endpoint: endpoint.into(),
            user_id: user_id.into(),
            key: key.into(),
            workspace: None,
            timeout: Duration::from_secs(60),
            max_answer: 64 << 20,
            retries: 0,
        }
    }

    /// A header signed now.
    pub fn header(&self) -> AuthenticationHeaderInfo {
        let timestamp = jiff::Timestamp::now()
            .strftime("%Y-%m-%dT%H:%M:%S+00:00")
            .to_string();
        AuthenticationHeaderInfo::signed(&self.settings.user_id, &self.settings.key, &timestamp)
    }

    /// Calls an operation. The methods named like operations are easier to use.
    ///
    /// # Errors
    /// [`Error::Fault`] when the server refuses the call; the others when there is no answer to it.
    pub async fn call(&self, request: &Request) -> Result<Response, Error> {
        let (operation, workspace) = (request.operation(), &self.settings.workspace);
        let workspace = workspace
            .clone()
            .filter(|_| operation == Operation::SyncLead);
        let context = workspace.map(|name| MktowsContextHeaderInfo {
            target_workspace: Some(name),
        });
        let mut pause = Duration::from_secs(1);
        let mut left = self.settings.retries;
        loop {
            let message = write_request(&self.header(), context.as_ref(), request, self.version);
            let answer = self
                .call_raw(operation, message)
                .await
                .and_then(|answer| self.read(operation, &answer));
            match answer {
                Err(error) if error.is_retryable() && is_repeatable(operation) && left > 0 => {
                    left -= 1;
                    tokio::time::sleep(pause).await;
                    pause *= 2;
                }
                answer => return answer,
            }
        }
    }

    /// Reads an answer of [`Client::call_raw`].
    ///
    /// # Errors
    /// [`Error::Fault`] for a fault, [`Error::Malformed`] for what is no answer of the API.
    pub fn read(&self, operation: Operation, answer: &Answer) -> Result<Response, Error> {
        let limits = Limits {
            bytes: self.settings.max_answer,
            // A full page of wide leads has more than any request; its bytes are bounded already.
            elements: usize::MAX,
            ..Limits::default()
        };
        read_response(
            &answer.body,
            answer.content_type.as_deref(),
            operation,
            &limits,
        )
        .map_err(|error| Error::answered(answer, error))
    }

    /// Sends a whole message as it is, and gives the answer as it came, faults too.
    ///
    /// # Errors
    /// When there is no answer, or one that is too large.
    pub async fn call_raw(&self, operation: Operation, message: Vec<u8>) -> Result<Answer, Error> {
        let action = format!("\"http://www.marketo.com/mktows/{}\"", operation.name());
        let sent = self
            .http
            .post(self.url.clone())
            .header(
                CONTENT_TYPE,
                HeaderValue::from_static("text/xml; charset=utf-8"),
            )
            .header("SOAPAction", action)
            .body(message)
            .send();
        let mut answer = sent.await.map_err(Error::network)?;
        let status = answer.status().as_u16();
        let content_type = answer.headers().get(CONTENT_TYPE);
        let content_type = content_type
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned);
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(Error::network)? {
            if body.len() + chunk.len() > self.settings.max_answer {
                return Err(Error::TooLarge(self.settings.max_answer));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer {
            status,
            content_type,
            body,
        })
    }
}

/// An answer as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status: 200, or 500 for a fault.
    pub status: u16,
    /// The content type.
    pub content_type: Option<String>,
    /// The message.
    pub body: Vec<u8>,
}
