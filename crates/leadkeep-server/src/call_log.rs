//! What of a call goes into the log of calls.

use jiff::Timestamp;
use leadkeep_core::call_log::{Body, Call, CallLog, Outcomes};
use mktows::{Fault, Version};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Messages above this size are not kept: they would have to stay in memory until their call ends.
pub(crate) const LARGEST: usize = 1 << 20;

/// Bytes of messages that are kept a second, so that keeping them slows nobody down; and what may come at once.
const ORDINARY: (usize, usize) = (1 << 20, 4 << 20);
/// The same for calls that failed: those are the ones that somebody will look at.
const FAILED: (usize, usize) = (4 << 20, 64 << 20);

/// Characters of what a client says of itself.
const LONGEST: usize = 200;

/// Who calls.
#[derive(Debug, Default)]
pub(crate) struct Client {
    /// The address that it has; empty if it is not known.
    pub(crate) address: Arc<str>,
    /// What it calls itself.
    pub(crate) user_agent: String,
}

impl Client {
    /// What a client calls itself, as far as it is kept.
    pub(crate) fn named(text: &str) -> String {
        let end = text.char_indices().nth(LONGEST);
        text[..end.map_or(text.len(), |(end, _)| end)].to_owned()
    }
}

/// A call that has ended.
pub(crate) struct Ended<'e> {
    pub(crate) at: Timestamp,
    pub(crate) call_id: &'e str,
    pub(crate) user: Option<&'e str>,
    pub(crate) operation: Option<&'static str>,
    pub(crate) version: Version,
    pub(crate) records: Option<usize>,
    pub(crate) outcomes: Outcomes,
    pub(crate) fault: Option<&'e Fault>,
    pub(crate) duration: Duration,
    pub(crate) bytes_in: usize,
    pub(crate) client: &'e Client,
    /// The message, if it is not too large.
    pub(crate) request: Option<Vec<u8>>,
}

/// The log, and how much of messages it may still keep.
pub(crate) struct Log {
    pub(crate) log: Arc<dyn CallLog>,
    ordinary: Mutex<Allowance>,
    failed: Mutex<Allowance>,
}

impl Log {
    pub(crate) fn new(log: Arc<dyn CallLog>) -> Self {
        Self {
            log,
            ordinary: Mutex::new(Allowance::new(ORDINARY)),
            failed: Mutex::new(Allowance::new(FAILED)),
        }
    }

    /// Puts a call into the log, with its answer.
    pub(crate) fn ended(&self, call: Ended<'_>, answer: &[u8]) {
        let has_failed = call.fault.is_some() || call.outcomes.failed > 0;
        let allowance = match has_failed {
            true => &self.failed,
            false => &self.ordinary,
        };
        let size = call.bytes_in + answer.len();
        let is_small = call.request.is_some() && answer.len() <= LARGEST;
        let keeps = is_small
            && allowance
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .takes(size, Instant::now());
        let (request, response) = match keeps {
            true => (
                body(call.request.unwrap_or_default(), without_signature),
                body(answer.to_vec(), |text| text),
            ),
            false => (Body::TooMuch, Body::TooMuch),
        };
        let count = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
        let version = call.version.to_string();
        let call = Call {
            at: call.at,
            call_id: call.call_id,
            user: call.user.unwrap_or_default(),
            operation: call.operation.unwrap_or_default(),
            version: &version,
            records: call
                .records
                .map(|records| u32::try_from(records).unwrap_or(u32::MAX)),
            outcomes: call.outcomes,
            fault: call.fault.map(|fault| fault.code.number()),
            message: call.fault.map_or("", |fault| &fault.text),
            duration: u64::try_from(call.duration.as_micros()).unwrap_or(u64::MAX),
            bytes_in: count(call.bytes_in),
            bytes_out: count(answer.len()),
            address: &call.client.address,
            user_agent: &call.client.user_agent,
        };
        self.log.append(&call, request, response);
    }
}

fn body(bytes: Vec<u8>, masked: impl FnOnce(String) -> String) -> Body {
    match String::from_utf8(bytes) {
        Ok(text) => Body::Kept(masked(text)),
        Err(_) => Body::NoText,
    }
}

/// A message without the signatures in it: whoever reads the log must not be able to send it again.
pub(crate) fn without_signature(text: String) -> String {
    const NAME: &str = "requestSignature";
    if !text.contains(NAME) {
        return text;
    }
    let mut masked = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(place) = rest.find(NAME) {
        let (before, after) = rest.split_at(place + NAME.len());
        masked.push_str(before);
        rest = after;
        let tag = before.rfind('<').map_or("", |start| &before[start..]);
        let is_start = !tag.is_empty() && !tag.contains(['/', '>']);
        if !is_start {
            continue;
        }
        // Without an end of this tag there is none of any later one.
        let Some(end) = rest.find('>') else {
            break;
        };
        let (tag, value) = rest.split_at(end + 1);
        masked.push_str(tag);
        rest = value;
        if !tag.ends_with("/>") {
            masked.push_str("***");
            rest = value.find("</").map_or("", |length| &value[length..]);
        }
    }
    masked.push_str(rest);
    masked
}

/// Bytes that may still be kept.
struct Allowance {
    rate: usize,
    most: usize,
    left: usize,
    since: Instant,
}

impl Allowance {
    fn new((rate, most): (usize, usize)) -> Self {
        Self {
            rate,
            most,
            left: most,
            since: Instant::now(),
        }
    }

    fn takes(&mut self, bytes: usize, now: Instant) -> bool {
        let millis = now.saturating_duration_since(self.since).as_millis();
        let more = usize::try_from(millis)
            .unwrap_or(usize::MAX)
            .saturating_mul(self.rate)
            / 1_000;
        if more > 0 {
            self.left = self.left.saturating_add(more).min(self.most);
            self.since = now;
        }
        let takes = bytes <= self.left;
        if takes {
            self.left -= bytes;
        }
        takes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_are_masked_whatever_their_form() {
        for (message, masked) in [
            (
                "<a><requestSignature>0aF9</requestSignature><b/></a>",
                "<a><requestSignature>***</requestSignature><b/></a>",
            ),
            (
                "<ns1:requestSignature xsi:type=\"xsd:string\" >\n 0aF9\n</ns1:requestSignature>x",
                "<ns1:requestSignature xsi:type=\"xsd:string\" >***</ns1:requestSignature>x",
            ),
            ("<requestSignature/><b>1</b>", "<requestSignature/><b>1</b>"),
            ("<requestSignature", "<requestSignature"),
            ("<requestSignature>0aF9", "<requestSignature>***"),
            (
                "<requestSignature><![CDATA[0aF9]]></requestSignature>",
                "<requestSignature>***</requestSignature>",
            ),
            ("<b>plain \u{1F600}</b>", "<b>plain \u{1F600}</b>"),
            (
                "<requestSignature<requestSignature",
                "<requestSignature<requestSignature",
            ),
            (
                "requestSignature>1<requestSignature>2",
                "requestSignature>1<requestSignature>***",
            ),
        ] {
            assert_eq!(without_signature(message.to_owned()), masked, "{message}");
        }
    }

    #[test]
    fn so_much_is_kept_a_second() {
        let mut allowance = Allowance::new((1_000, 3_000));
        let start = allowance.since;
        let at = |millis| start + Duration::from_millis(millis);
        assert!(allowance.takes(3_000, at(0)));
        assert!(!allowance.takes(1, at(0)));
        assert!(!allowance.takes(501, at(500)));
        assert!(allowance.takes(500, at(500)));
        assert!(!allowance.takes(3_001, at(1_000_000)));
        assert!(allowance.takes(3_000, at(1_000_000)));
    }
}
