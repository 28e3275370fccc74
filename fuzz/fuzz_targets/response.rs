//! Answers as a client reads them: no input may stop the reader, and what is written stays as it is.

#![no_main]

use libfuzzer_sys::fuzz_target;
use mktows::{Limits, Operation, Version, read_response, write_response};

fuzz_target!(|bytes: &[u8]| {
    let [first, second, bytes @ ..] = bytes else {
        return;
    };
    let version = Version::DOCUMENTS[usize::from(*second) % Version::DOCUMENTS.len()];
    let operation = Operation::ALL[usize::from(*first) % Operation::ALL.len()];
    if let Ok(response) = read_response(bytes, None, operation, &Limits::default()) {
        let written = write_response(&response, version);
        let again =
            read_response(&written, None, operation, &Limits::default()).expect("an answer");
        assert_eq!(write_response(&again, version), written);
    }
});
