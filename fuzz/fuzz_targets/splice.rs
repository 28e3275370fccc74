//! Files that a user gives to the command line: an envelope around them, or a header into them.

#![no_main]

use libfuzzer_sys::fuzz_target;
use mktows::{
    AuthenticationHeaderInfo, Limits, document_kind, envelope_around, read_request, with_header,
};

fuzz_target!(|text: &str| {
    let _ = document_kind(text);
    let header = AuthenticationHeaderInfo::signed("user", "key", "2013-08-02T01:22:30Z");
    for made in [envelope_around(&header, text), with_header(&header, text)] {
        let read = made
            .ok()
            .and_then(|made| read_request(&made, None, &Limits::default()).ok());
        if let Some(envelope) = read {
            assert_eq!(envelope.authentication.as_ref(), Some(&header));
        }
    }
});
