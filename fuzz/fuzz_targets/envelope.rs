//! Requests as a server reads them: no input may stop the reader, and what it reads can be written and read again.

#![no_main]

use libfuzzer_sys::fuzz_target;
use mktows::{Limits, Version, read_request, write_request};

fuzz_target!(|bytes: &[u8]| {
    // Names for old clients are never written, and a position without members is as none: so the second time counts.
    if let Some(once) = rewritten(bytes).and_then(|once| rewritten(&once)) {
        assert_eq!(rewritten(&once).as_ref(), Some(&once));
    }
});

/// What a client would send for this request, if it is one.
fn rewritten(bytes: &[u8]) -> Option<Vec<u8>> {
    let envelope = read_request(bytes, None, &Limits::default()).ok()?;
    let header = envelope.authentication.unwrap_or_default();
    Some(write_request(
        &header,
        envelope.context.as_ref(),
        &envelope.body.ok()?,
        Version::LAST,
    ))
}
