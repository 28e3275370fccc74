//! The documented sample messages: every request and response is read, written, and read again.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use mktows::{
    Limits, Operation, ResponseError, Version, read_request, read_response, signature,
    write_request, write_response,
};
use std::collections::BTreeSet;
use std::path::PathBuf;

fn messages(suffix: &str) -> Vec<(String, String)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/messages");
    let mut found: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter_map(|path| {
            let name = path.file_stem()?.to_str()?.to_owned();
            name.contains(suffix)
                .then(|| (name, std::fs::read_to_string(&path).unwrap()))
        })
        .collect();
    found.sort();
    found
}

fn operation(name: &str) -> Operation {
    Operation::from_name(name.split('-').next().unwrap()).unwrap()
}

/// The body without indentation, in the spelling of empty elements that the server has.
fn body(text: &str) -> String {
    let mut out = String::new();
    let from = text.find("<SOAP-ENV:Body>").unwrap();
    for line in text[from..].replace("\r\n", "\n").split('\n') {
        out.push_str(line.trim());
    }
    out.replace(" />", "/>")
}

#[test]
fn every_operation_has_samples() {
    for suffix in ["-request", "-response"] {
        let seen: BTreeSet<_> = messages(suffix)
            .iter()
            .map(|(name, _)| operation(name).name())
            .collect();
        let all: BTreeSet<_> = Operation::ALL
            .iter()
            .map(|operation| operation.name())
            .collect();
        assert_eq!(seen, all);
    }
}

#[test]
fn req_01_requests_are_read_and_written_both_ways() {
    for (name, text) in messages("-request") {
        let envelope = read_request(text.as_bytes(), None, &Limits::default()).unwrap();
        let request = match envelope.body {
            Ok(request) => request,
            // The documentation's own samples that the API refuses.
            Err(fault) => {
                insta::assert_snapshot!(format!("{name}-fault"), fault.to_string());
                continue;
            }
        };
        assert_eq!(request.operation(), operation(&name), "{name}");
        insta::assert_debug_snapshot!(name.clone(), request);
        let written = write_request(
            &envelope.authentication.clone().unwrap_or_default(),
            envelope.context.as_ref(),
            &request,
            Version::LAST,
        );
        let again = read_request(&written, None, &Limits::default()).unwrap();
        // Names that are read for old clients are never written, and what is empty is left out: so bytes are compared.
        let header = again.authentication.clone().unwrap_or_default();
        let twice = write_request(
            &header,
            again.context.as_ref(),
            &again.body.unwrap(),
            Version::LAST,
        );
        assert_eq!(
            String::from_utf8(twice).unwrap(),
            // An element without content is as none.
            String::from_utf8(written)
                .unwrap()
                .replace("<startPosition/>", ""),
            "{name}"
        );
        assert_eq!(
            again.authentication.unwrap_or_default(),
            envelope.authentication.unwrap_or_default(),
            "{name}"
        );
    }
}

#[test]
fn rsp_08_responses_are_written_as_the_samples_stand() {
    // What the samples have and this writer, on purpose, has not.
    let different: BTreeSet<&str> = DIFFERENT.iter().map(|(name, _)| *name).collect();
    let mut seen = BTreeSet::new();
    for (name, text) in messages("-response") {
        let response =
            read_response(text.as_bytes(), None, operation(&name), &Limits::default()).unwrap();
        let written = String::from_utf8(write_response(&response, Version::V2_7)).unwrap();
        let again = read_response(
            written.as_bytes(),
            None,
            operation(&name),
            &Limits::default(),
        )
        .unwrap();
        assert_eq!(again, response, "{name}");
        if body(&written) == body(&text) {
            assert!(
                !different.contains(name.as_str()),
                "{name} is written as it stands now"
            );
        } else {
            if !different.contains(name.as_str()) {
                println!("{name}\n{}\n{}", body(&text), body(&written));
            }
            seen.insert(name);
        }
    }
    assert_eq!(
        seen.iter().map(String::as_str).collect::<BTreeSet<_>>(),
        different
    );
}

/// Samples with another wire form, and why.
const DIFFERENT: &[(&str, &str)] = &[
    (
        "getMultipleLeads-response-2",
        "printed by a Java client: other prefixes, and nil on lists that have members",
    ),
    (
        "getTags-response",
        "only its body was documented, with another prefix",
    ),
    (
        "syncMultipleLeads-response-2",
        "printed by a Java client: other prefixes",
    ),
];

#[test]
fn flt_05_faults_are_read() {
    for (name, text) in messages("fault-") {
        let error = read_response(
            text.as_bytes(),
            None,
            Operation::GetLead,
            &Limits::default(),
        )
        .unwrap_err();
        let number: u32 = name.trim_start_matches("fault-").parse().unwrap();
        let ResponseError::Fault {
            code,
            fault_string,
            message,
            ..
        } = error
        else {
            panic!("{name}: {error}")
        };
        assert_eq!(code, Some(number));
        assert!(
            fault_string.starts_with(&format!("{number} - ")),
            "FLT-3: {fault_string}"
        );
        assert!(
            message.ends_with(&format!("({number})")),
            "FLT-5: {message}"
        );
    }
}

#[test]
fn aut_06_samples_verify_as_they_stand() {
    let mut verified = Vec::new();
    let mut others = Vec::new();
    for (name, text) in messages("-request") {
        if !name.ends_with("-request") {
            continue;
        }
        let envelope = read_request(text.as_bytes(), None, &Limits::default()).unwrap();
        let header = envelope.authentication.unwrap();
        let part = |part: &Option<String>| part.clone().unwrap();
        let right = signature::verify(
            "27272727aa",
            &part(&header.request_timestamp),
            &part(&header.mktows_user_id),
            &part(&header.request_signature),
        );
        if right { &mut verified } else { &mut others }.push(name);
    }
    assert_eq!(verified.len(), 18);
    assert_eq!(
        others,
        [
            "getLead-request",
            "getLeadActivity-request",
            "requestCampaign-request",
            "scheduleCampaign-request",
            "syncLead-request"
        ]
    );
}
