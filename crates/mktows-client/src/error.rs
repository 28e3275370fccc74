//! Why a call has no result.

use crate::Answer;
use mktows::{FaultCode, ResponseError};

/// Characters that are repeated of what another server said.
const SHOWN: usize = 200;

/// What a server said that does not speak XML: the first line.
fn said(body: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(body);
    let line = text.trim().lines().next()?;
    let line: String = line
        .chars()
        .filter(|own| !own.is_control())
        .take(SHOWN)
        .collect();
    (!line.starts_with('<')).then(|| format!("it says {line:?}"))
}

/// Why a call has no result. Each says whose fault it is.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The caller's: the endpoint is no address.
    #[error("the endpoint {0:?} is no HTTP address like https://host/soap/mktows/3_1")]
    Endpoint(String),
    /// The server refused the call.
    #[error("{fault_string}: {message}")]
    Fault {
        /// The number of the error; 0 if the server gave none.
        code: u32,
        /// faultstring.
        fault_string: String,
        /// The message of the detail.
        message: String,
    },
    /// The server did not answer in time, or not at all.
    #[error("no answer: {0}")]
    Network(String),
    /// Something that is not the API answered.
    #[error("HTTP status {status}, and the answer cannot be read: {reason}")]
    Malformed {
        /// The HTTP status.
        status: u16,
        /// What is wrong with the answer.
        reason: String,
    },
    /// The answer is longer than the client takes.
    #[error("the answer has more than {0} bytes")]
    TooLarge(usize),
    /// The server answered another operation.
    #[error("the answer is not one to {0}")]
    Mismatch(&'static str),
}

impl Error {
    /// The documented code of a fault.
    pub fn code(&self) -> Option<FaultCode> {
        match self {
            Self::Fault { code, .. } => FaultCode::from_number(*code),
            _ => None,
        }
    }

    /// Whether the same call may work later (FLT-11).
    pub fn is_retryable(&self) -> bool {
        self.code().is_some_and(FaultCode::is_retryable)
    }

    pub(crate) fn network(error: reqwest::Error) -> Self {
        let mut text = error.to_string();
        let mut source = std::error::Error::source(&error);
        while let Some(error) = source {
            text = format!("{text}: {error}");
            source = error.source();
        }
        Self::Network(text)
    }

    pub(crate) fn answered(answer: &Answer, error: ResponseError) -> Self {
        let status = answer.status;
        match error {
            ResponseError::Fault {
                code,
                fault_string,
                message,
                ..
            } => Self::Fault {
                code: code.unwrap_or_default(),
                fault_string,
                message,
            },
            ResponseError::Malformed(reason) => Self::Malformed {
                status,
                reason: said(&answer.body).unwrap_or(reason),
            },
        }
    }
}
