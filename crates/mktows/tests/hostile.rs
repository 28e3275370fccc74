//! Messages that want to harm: each ends in a fault, soon, and without more memory than a message may have (REQ-15, REQ-20).

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use mktows::{
    FaultCode, Limits, MKTOWS_NAMESPACE, Operation, ResponseError, SOAP_NAMESPACE, read_request,
    read_response, write_fault,
};
use std::time::{Duration, Instant};

/// Far more than any of these needs, also without optimisation on a busy machine.
const SOON: Duration = Duration::from_secs(20);

fn envelope(body: &str) -> String {
    format!(
        "<s:Envelope xmlns:s='{SOAP_NAMESPACE}' xmlns:m='{MKTOWS_NAMESPACE}'><s:Body>{body}</s:Body></s:Envelope>"
    )
}

fn leads(inside: &str) -> String {
    envelope(&format!(
        "<m:paramsSyncMultipleLeads><leadRecordList>{inside}</leadRecordList></m:paramsSyncMultipleLeads>"
    ))
}

/// The reason of the refusal.
fn reason(text: &str, limits: &Limits) -> String {
    let started = Instant::now();
    let fault = read_request(text.as_bytes(), None, limits).unwrap_err();
    assert_eq!(fault.code, FaultCode::RequestNotUnderstood);
    assert!(
        write_fault(&fault).len() < 2000,
        "a refusal is short, whatever was sent"
    );
    assert!(started.elapsed() < SOON, "{:?}", started.elapsed());
    fault
        .text
        .strip_prefix("Request not understood: ")
        .unwrap()
        .to_owned()
}

/// The reason of the refusal; the client's reader refuses it too, when it comes as an answer.
fn refused_with(text: &str, limits: &Limits) -> String {
    let answer = text
        .replace("paramsSyncMultipleLeads", "successSyncMultipleLeads")
        .replace("leadRecordList", "result")
        .replace("leadRecord", "syncStatusList");
    let error = read_response(
        answer.as_bytes(),
        None,
        Operation::SyncMultipleLeads,
        limits,
    )
    .unwrap_err();
    assert!(matches!(error, ResponseError::Malformed(_)), "{error}");
    reason(text, limits)
}

fn refused(text: &str) -> String {
    refused_with(text, &Limits::default())
}

fn read(text: &str) {
    let envelope = read_request(text.as_bytes(), None, &Limits::default()).unwrap();
    envelope.body.unwrap();
}

#[test]
fn req_15_a_doctype_is_refused() {
    let body = leads("<leadRecord><Email>&a;</Email></leadRecord>");
    for doctype in [
        "<!DOCTYPE x>",
        "<!DOCTYPE x SYSTEM 'file:///etc/passwd'>",
        "<!DOCTYPE x [<!ENTITY a SYSTEM 'http://127.0.0.1:1/'>]>",
        "<!DOCTYPE x [<!ENTITY a 'lol'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'><!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;'>]>",
        "<!doctype html>",
        "<?xml version='1.0'?><!-- --><!DOCTYPE\nx>",
    ] {
        assert_eq!(
            refused(&format!("{doctype}{body}")),
            "a DOCTYPE is not allowed",
            "{doctype}"
        );
    }
    // Also where none can stand.
    assert_eq!(
        refused(&leads("<!DOCTYPE x><leadRecord/>")),
        "a DOCTYPE is not allowed"
    );
    // Entities of one's own do not exist.
    assert_eq!(refused(&body), "the reference `a` means nothing");
}

#[test]
fn req_20_depth() {
    let nested = |depth: usize| {
        leads(&format!(
            "<leadRecord/>{}{}",
            "<a>".repeat(depth),
            "</a>".repeat(depth)
        ))
    };
    // Envelope, Body, params and list are four.
    read(&nested(60));
    assert_eq!(refused(&nested(61)), "elements are nested deeper than 64");
    assert_eq!(
        refused(&nested(1_000_000)),
        "elements are nested deeper than 64"
    );
    let open = format!(
        "<s:Envelope xmlns:s='{SOAP_NAMESPACE}'>{}",
        "<a>".repeat(3_000_000)
    );
    assert_eq!(refused(&open), "elements are nested deeper than 64");
}

#[test]
fn req_20_elements() {
    let limits = Limits {
        elements: 1000,
        ..Limits::default()
    };
    let many = |count: usize| leads(&"<leadRecord/>".repeat(count));
    assert!(read_request(many(996).as_bytes(), None, &limits).is_ok());
    assert_eq!(refused_with(&many(997), &limits), "more than 1000 elements");
    let strangers = leads(&format!("<x>{}</x>", "<a/>".repeat(1000)));
    assert_eq!(
        refused_with(&strangers, &limits),
        "more than 1000 elements",
        "skipped ones count"
    );
    let in_text = leads("<leadRecord><Email>a<b>c</b></Email></leadRecord>");
    assert_eq!(
        reason(&in_text, &limits),
        "Email holds an element `b` where text is expected; markup in a text must be escaped"
    );
    // The default, in full size.
    assert_eq!(refused(&many(1_000_001)), "more than 1000000 elements");
}

#[test]
fn req_20_bytes() {
    let limits = Limits {
        bytes: 1000,
        ..Limits::default()
    };
    let text = leads(&format!(
        "<leadRecord><Email>{}</Email></leadRecord>",
        "x".repeat(1000)
    ));
    assert_eq!(
        refused_with(&text, &limits),
        "the message is longer than 1000 bytes"
    );
}

#[test]
fn req_20_names_attributes_and_declarations() {
    let tag = |inside: &str| leads(&format!("<leadRecord {inside}/>"));
    let long = "x".repeat(64 << 10);
    read(&tag(&format!("a='{long}'")));
    read(&tag(&format!("{long}='a'")));
    for inside in [
        format!("a='{long}x'"),
        format!("{long}x='a'"),
        format!("xmlns:a='{long}x'"),
    ] {
        assert_eq!(
            refused(&tag(&inside)),
            "an attribute is longer than 65536 bytes"
        );
    }
    read(&leads(&format!("<leadRecord/><{long}/>")));
    assert_eq!(
        refused(&leads(&format!("<leadRecord/><{long}x/>"))),
        "a name is longer than 65536 bytes"
    );
    let attributes =
        |count: usize| -> String { (0..count).map(|number| format!("a{number}='' ")).collect() };
    read(&tag(&attributes(256)));
    assert_eq!(
        refused(&tag(&attributes(257))),
        "an element has more than 256 attributes"
    );
    assert_eq!(
        refused(&tag(&attributes(300_000))),
        "an element has more than 256 attributes"
    );
    // Declarations are bounded over all open elements.
    let declarations = |count: usize| -> String {
        (0..count)
            .map(|number| format!("xmlns:n{number}='u' "))
            .collect()
    };
    read(&tag(&declarations(100)));
    for count in [300, 300_000] {
        refused(&tag(&declarations(count)));
    }
    let nested: String = (0..50)
        .map(|level| {
            format!(
                "<a {}>",
                declarations(5).replace(":n", &format!(":l{level}n"))
            )
        })
        .collect();
    refused(&leads(&format!("{nested}{}", "</a>".repeat(50))));
    // What is declared and closed again is no burden.
    read(&leads(
        &"<leadRecord xmlns:a='u' xmlns:b='v'/>".repeat(1000),
    ));
}

#[test]
fn req_20_references_that_multiply() {
    // Ten of ten of ten ...
    let mut bomb = String::new();
    for level in 0..12 {
        let next = format!("<a href='#l{}'/>", level + 1).repeat(10);
        bomb.push_str(&format!("<x id='l{level}'>{next}</x>"));
    }
    // Strangers are not followed.
    read(&leads(&format!("<leadRecord href='#l0'/>{bomb}")));

    // Lists of lists are.
    let attribute = "<attribute><attrName>a</attrName><attrValue>v</attrValue></attribute>";
    let key_lists = |inside: &str| {
        envelope(&format!(
            "<m:paramsDeleteCustomObjects><objTypeName>T</objTypeName><customObjKeyLists>{inside}</customObjKeyLists>\
             </m:paramsDeleteCustomObjects>"
        ))
    };
    let limits = Limits {
        elements: 10_000,
        ..Limits::default()
    };
    let square = key_lists(&format!(
        "<keyList id='k'>{}</keyList>{}",
        attribute.repeat(100),
        "<keyList href='#k'/>".repeat(1000)
    ));
    assert_eq!(
        reason(&square, &limits),
        "more than 10000 elements",
        "each time counts"
    );

    // A long text, many times: no elements to speak of, but a lot of memory.
    let long = leads(&format!(
        "<leadRecord><Email id='e'>{}</Email></leadRecord>{}",
        "x".repeat(1 << 20),
        "<leadRecord><Email href='#e'/></leadRecord>".repeat(1000)
    ));
    assert_eq!(
        reason(&long, &Limits::default()),
        "references make the message longer than 33554432 bytes"
    );

    // Ids are looked for once, whatever the number of references, and not in what is too deep.
    let many = leads(&format!(
        "<leadRecord id='r'/>{}",
        "<leadRecord href='#r'/>".repeat(50_000)
    ));
    let started = Instant::now();
    read(&many);
    assert!(started.elapsed() < SOON);
    let deep = leads(&format!(
        "<leadRecord href='#r'/>{}",
        "<a>".repeat(1_000_000)
    ));
    assert_eq!(
        reason(&deep, &Limits::default()),
        "elements are nested deeper than 64"
    );
}

#[test]
fn problems_without_number() {
    // A million bad values are one fault.
    let words = "<attribute><attrName/></attribute>".repeat(10);
    let record = format!(
        "<leadRecord><Id>x</Id><leadAttributeList>{words}</leadAttributeList></leadRecord>"
    );
    let text = leads(&record.repeat(5000));
    let started = Instant::now();
    let envelope = read_request(text.as_bytes(), None, &Limits::default()).unwrap();
    assert_eq!(envelope.body.unwrap_err().code, FaultCode::BadParameter);
    assert!(started.elapsed() < SOON);
}

#[test]
fn req_16_bytes_that_are_no_text() {
    let text = leads("<leadRecord><Email>a@b.c</Email></leadRecord>");
    for bad in [
        &b"\xFF"[..],
        b"\xC3",
        b"\xC0\xAF",
        b"\xED\xA0\x80",
        b"\xF4\x90\x80\x80",
        b"\0",
        b"\x1B",
    ] {
        let at = text.find('@').unwrap();
        let bytes = [&text.as_bytes()[..at], bad, &text.as_bytes()[at..]].concat();
        let fault = read_request(&bytes, None, &Limits::default()).unwrap_err();
        assert_eq!(fault.code, FaultCode::RequestNotUnderstood, "{bad:?}");
    }
    // Half a character of UTF-16, and a lonely surrogate.
    let mut wide: Vec<u8> = format!("\u{FEFF}{text}")
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    assert!(read_request(&wide, None, &Limits::default()).is_ok());
    wide.pop();
    assert!(read_request(&wide, None, &Limits::default()).is_err());
    wide.truncate(wide.len() - 9);
    wide.extend([0x00, 0xD8, b'>', 0]);
    assert!(read_request(&wide, None, &Limits::default()).is_err());
    // Marks upon marks.
    for marks in 0..4 {
        let text = format!("{} {text}", "\u{FEFF}".repeat(marks));
        assert!(read_request(text.as_bytes(), None, &Limits::default()).is_ok());
    }
}

#[test]
fn what_is_not_well_formed() {
    for inside in [
        "<leadRecord>",
        "</leadRecord>",
        "<leadRecord></leadrecord>",
        "<leadRecord",
        "<leadRecord a/>",
        "<leadRecord a=b/>",
        "<leadRecord a='1' a='2'/>",
        "<leadRecord a='1/>",
        "<",
        "< leadRecord/>",
        "<leadRecord/>&",
        "<leadRecord><Email>a & b</Email></leadRecord>",
        "<leadRecord><Email>a < b</Email></leadRecord>",
        "<![CDATA[x",
        "<!-- x",
        "<?x",
        "<p:leadRecord/>",
    ] {
        refused(&leads(inside));
    }
}

#[test]
fn messages_that_are_cut_anywhere() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/messages");
    for name in ["syncMultipleLeads-request.xml", "getMObjects-response.xml"] {
        let bytes = std::fs::read(folder.join(name)).unwrap();
        let whole = bytes.trim_ascii_end().len();
        for end in 0..whole {
            assert!(
                read_request(&bytes[..end], None, &Limits::default()).is_err(),
                "{name} {end}"
            );
            let answer = read_response(
                &bytes[..end],
                None,
                Operation::GetMObjects,
                &Limits::default(),
            );
            assert!(
                matches!(answer, Err(ResponseError::Malformed(_))),
                "{name} {end}"
            );
        }
    }
}

#[test]
fn reasons_are_short() {
    let long = "x".repeat(1 << 20);
    for inside in [
        format!("</{long}>"),
        format!("<leadRecord><Email>&{long};</Email></leadRecord>"),
        format!("<{long}:leadRecord/>"),
        format!("<leadRecord href='#{}'/>", &long[..60_000]),
    ] {
        assert!(refused(&leads(&inside)).len() < 400);
    }
    let names = [
        envelope(&format!("<m:params{}/>", &long[..60_000])),
        envelope(&format!("<{}/>", &long[..60_000])),
        format!("<{}/>", &long[..60_000]),
    ];
    for text in names {
        let fault = match read_request(text.as_bytes(), None, &Limits::default()) {
            Ok(envelope) => envelope.body.unwrap_err(),
            Err(fault) => fault,
        };
        assert!(write_fault(&fault).len() < 1500);
    }
}
