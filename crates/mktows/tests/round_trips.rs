//! Messages made from the schema itself: what the description of the types allows is read, and written as it came.
//!
//! The documents come from [`mktows::wsdl::types`], from which the WSDL is made too, and the writer's text is compared
//! with them: so description, reader and writer agree in every element of every type, in its order and in what stands
//! for no value.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

mod support;

use mktows::xml::{TypeDef, TypeKind};
use mktows::{
    AuthenticationHeaderInfo, Limits, MKTOWS_NAMESPACE, MktowsContextHeaderInfo, Operation,
    SOAP_NAMESPACE, Version, read_request, read_response, write_request, write_response,
};
use proptest::prelude::*;
use std::collections::BTreeSet;
use support::{Maker, Node, Side, Tape, disguise, paths, plain};

/// Bytes that decide what stands in a message; fewer bytes, a smaller message.
fn tape() -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec(any::<u8>(), 0..600)
}

fn operation() -> impl Strategy<Value = Operation> {
    proptest::sample::select(Operation::ALL)
}

fn body(text: &str) -> &str {
    let from = text.find("<SOAP-ENV:Body>").unwrap() + "<SOAP-ENV:Body>".len();
    &text[from..text.find("</SOAP-ENV:Body>").unwrap()]
}

fn version() -> impl Strategy<Value = Version> {
    proptest::sample::select(&Version::DOCUMENTS)
}

fn request(operation: Operation, tape: &[u8], version: Version) -> Node {
    let maker = Maker::new(Side::Request, version);
    let mut tape = Tape::new(tape);
    let stem = operation.type_stem();
    maker.node(
        &format!("params{stem}"),
        &format!("tns:Params{stem}"),
        &mut tape,
    )
}

fn envelope(header: &str, body: &str) -> String {
    format!(
        "<e:Envelope xmlns:e=\"{SOAP_NAMESPACE}\" xmlns:ns1=\"{MKTOWS_NAMESPACE}\" \
         xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><e:Header>{header}</e:Header>\
         <e:Body>{body}</e:Body></e:Envelope>"
    )
}

fn header() -> AuthenticationHeaderInfo {
    AuthenticationHeaderInfo::signed("demo_user", "key", "2013-08-02T01:22:30Z")
}

fn request_round_trip(operation: Operation, tape: &[u8], version: Version) -> Node {
    let node = request(operation, tape, version);
    let made = plain(&node, "ns1");
    let read = read_request(envelope("", &made).as_bytes(), None, &Limits::default()).unwrap();
    assert_eq!(read.authentication, None);
    let request = read.body.unwrap();
    assert_eq!(request.operation(), operation);

    let context = MktowsContextHeaderInfo {
        target_workspace: Some("Default".to_owned()),
    };
    let written =
        String::from_utf8(write_request(&header(), Some(&context), &request, version)).unwrap();
    assert_eq!(body(&written), made);
    roxmltree::Document::parse(&written).unwrap();

    let again = read_request(written.as_bytes(), None, &Limits::default()).unwrap();
    assert_eq!(again.authentication, Some(header()));
    assert_eq!(again.context, Some(context));
    assert_eq!(again.body, Ok(request));
    node
}

fn response_round_trip(operation: Operation, tape: &[u8], version: Version) -> Node {
    let stem = operation.type_stem();
    let node = Maker::new(Side::Response, version).node(
        &format!("success{stem}"),
        &format!("tns:Success{stem}"),
        &mut Tape::new(tape),
    );
    let made = plain(&node, "ns1");
    let read =
        |text: &str| read_response(text.as_bytes(), None, operation, &Limits::default()).unwrap();
    let response = read(&envelope("", &made));
    let written = String::from_utf8(write_response(&response, version)).unwrap();
    assert_eq!(body(&written), made);
    roxmltree::Document::parse(&written).unwrap();
    // ENV-5: xsi is declared where it is used, and only there.
    assert_eq!(written.contains("xmlns:xsi="), made.contains("xsi:"));
    assert_eq!(read(&written), response);
    node
}

/// How often a member may stand inside of itself: selectors and lists of lists are as deep as it gets.
const DEEPEST: usize = 8;

/// The path of every element that the schema allows below a type.
fn allowed(type_name: &str, path: String, version: Version, out: &mut BTreeSet<String>) {
    assert!(path.matches('/').count() <= DEEPEST + 1, "{path}");
    let definitions = mktows::wsdl::types(version);
    let extended = |definition: &TypeDef| match &definition.kind {
        TypeKind::Sequence { base, .. } => *base == Some(type_name),
        _ => false,
    };
    for definition in definitions
        .iter()
        .filter(|definition| definition.name == type_name || extended(definition))
    {
        if let TypeKind::Sequence { fields, .. } = &definition.kind {
            for field in fields {
                allowed(
                    field.form.type_name,
                    format!("{path}/{}", field.name),
                    version,
                    out,
                );
            }
        }
    }
    out.insert(path);
}

fn every_version() -> impl Iterator<Item = (Operation, Version)> {
    let versions = |operation: &Operation| Version::DOCUMENTS.map(|version| (*operation, version));
    Operation::ALL.iter().flat_map(versions)
}

#[test]
fn wsd_03_every_element_of_every_message_of_every_version_is_read_and_written() {
    for (operation, version) in every_version() {
        let (mut seen, mut all) = (BTreeSet::new(), BTreeSet::new());
        // Each byte another decision everywhere: nothing, everything once, selectors of each kind, ...
        for byte in 0..24 {
            let tape = vec![byte; 5000];
            paths(
                &request_round_trip(operation, &tape, version),
                "",
                &mut seen,
            );
            paths(
                &response_round_trip(operation, &tape, version),
                "",
                &mut seen,
            );
        }
        let stem = operation.type_stem();
        for kind in ["params", "success"] {
            let type_name = format!("tns:{}{}{stem}", kind[..1].to_uppercase(), &kind[1..]);
            allowed(&type_name, format!("/{kind}{stem}"), version, &mut all);
        }
        assert_eq!(seen, all, "{operation:?} at {version}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn requests_are_written_as_the_schema_has_them(operation in operation(), tape in tape(), version in version()) {
        request_round_trip(operation, &tape, version);
    }

    // RSP-1, RSP-2, RSP-3, RSP-4, RSP-7, RSP-8: every type, with and without its members.
    #[test]
    fn responses_are_written_as_the_schema_has_them(operation in operation(), tape in tape(), version in version()) {
        response_round_trip(operation, &tape, version);
    }

    // REQ-1, REQ-2, REQ-4, REQ-6, REQ-8, REQ-14, REQ-21, ENV-8: the same request in other clothes.
    #[test]
    fn the_clothes_of_a_request_do_not_count(operation in operation(), made in tape(), clothes in tape()) {
        let node = request(operation, &made, Version::LAST);
        let straight = read_request(
            envelope("", &plain(&node, "ns1")).as_bytes(), None, &Limits::default(),
        ).unwrap().body.unwrap();
        let other = disguise(&node, &mut Tape::new(&clothes));
        let read = read_request(other.as_bytes(), None, &Limits::default());
        let read = read.unwrap_or_else(|fault| panic!("{fault}\n{other}"));
        prop_assert_eq!(read.body, Ok(straight), "{}", other);
        roxmltree::Document::parse(other.trim_start()).unwrap();
    }

    // REQ-16, REQ-18: the same request in other bytes.
    #[test]
    fn the_encoding_of_a_request_does_not_count(operation in operation(), tape in tape(), big: bool, mark: bool) {
        let text = envelope("", &plain(&request(operation, &tape, Version::LAST), "ns1"));
        let straight = read_request(text.as_bytes(), None, &Limits::default()).unwrap();
        let declared = format!("{}<?xml version='1.0' encoding='UTF-16'?>\n{text}", if mark { "\u{FEFF}" } else { "" });
        let wide: Vec<u8> = declared
            .encode_utf16()
            .flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() })
            .collect();
        prop_assert_eq!(&read_request(&wide, None, &Limits::default()).unwrap(), &straight);
        // What ISO-8859-1 does not have stands as a reference in it.
        let narrow: Vec<u8> = format!("<?xml version='1.0' encoding='ISO-8859-1'?>{text}")
            .chars()
            .flat_map(|character| match u32::from(character) {
                code @ (..0x80 | 0xA0..0x100) => vec![u8::try_from(code).unwrap()],
                code => format!("&#x{code:X};").into_bytes(),
            })
            .collect();
        prop_assert_eq!(&read_request(&narrow, None, &Limits::default()).unwrap(), &straight);
    }

    #[test]
    fn cut_messages_are_faults(operation in operation(), tape in tape(), at in any::<proptest::sample::Index>()) {
        let text = envelope("", &plain(&request(operation, &tape, Version::LAST), "ns1"));
        let cut = &text.as_bytes()[..at.index(text.len())];
        prop_assert!(read_request(cut, None, &Limits::default()).is_err());
    }

    #[test]
    fn damaged_messages_never_stop_the_reader(operation in operation(), tape in tape(), damage in tape()) {
        let mut bytes = envelope("", &plain(&request(operation, &tape, Version::LAST), "ns1")).into_bytes();
        for pair in damage.chunks_exact(3).take(20) {
            let at = usize::from(pair[0]) << 8 | usize::from(pair[1]);
            let length = bytes.len();
            bytes[at % length] = b"<>&\"'/=! \0\xEF\xC3x"[usize::from(pair[2]) % 13];
        }
        let _ = read_request(&bytes, None, &Limits::default());
        let _ = read_response(&bytes, None, operation, &Limits::default());
    }

    #[test]
    fn anything_at_all_never_stops_the_reader(bytes in proptest::collection::vec(any::<u8>(), 0..300), text: String) {
        let _ = read_request(&bytes, None, &Limits::default());
        let _ = read_request(text.as_bytes(), Some("text/xml; charset=utf-8"), &Limits::default());
        let _ = mktows::document_kind(&text);
        let _ = mktows::envelope_around(&header(), &text);
        let _ = mktows::with_header(&header(), &text);
    }
}
