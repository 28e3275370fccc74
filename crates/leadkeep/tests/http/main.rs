//! The endpoint as HTTP has it, with the real binary over sockets.

#![allow(
    clippy::unwrap_used,
    unreachable_pub,
    reason = "a test may fail loudly"
)]

mod connections;
#[expect(dead_code, reason = "each test uses its part of the support")]
#[path = "../support/mod.rs"]
mod support;

use std::io::{BufReader, Read, Write};
use std::net::TcpStream;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;
use support::{Answer, KEY, Server, USER, envelope, post, read_answer, signed, signed_at};

/// One server for all tests that run at the same time; it ends with the last of them. Its clock window is the default.
fn server() -> Arc<Server> {
    static SHARED: Mutex<Weak<Server>> = Mutex::new(Weak::new());
    let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
    shared.upgrade().unwrap_or_else(|| {
        let started = Arc::new(Server::start(&[
            "--demo",
            "--header-timeout",
            "1",
            "--max-body",
            "200000",
        ]));
        *shared = Arc::downgrade(&started);
        started
    })
}

const NAMES: &str = "<ns1:paramsListMObjects/>";

fn get(path: &str, headers: &str) -> Answer {
    server().raw(
        format!(
            "GET {path} HTTP/1.1\r\nHost: leads.example:81\r\n{headers}Connection: close\r\n\r\n"
        )
        .as_bytes(),
    )
}

fn code(answer: &Answer) -> Option<String> {
    answer.element("code")
}

#[test]
fn end_01_end_04_versions_and_paths() {
    let _held = server();
    let message = signed(USER, KEY, NAMES);
    for version in ["1_0", "1_6", "2_7", "2_9", "3_1", "3_1/", "%32_7"] {
        assert_eq!(
            server().raw(&post(version, "", &message)).status,
            200,
            "END-3: {version}"
        );
    }
    for version in ["3_2", "4_0", "0_1", "x", "2_7_1", "%32_7x"] {
        assert_eq!(
            server().raw(&post(version, "", &message)).status,
            404,
            "{version}"
        );
    }
}

#[test]
fn end_05_post_is_a_call_whatever_the_query_and_only_get_wants_the_wsdl() {
    let _held = server();
    let message = signed(USER, KEY, NAMES);
    let answer = server().raw(&post("3_1?WSDL", "", &message));
    assert!(
        answer.text().contains("successListMObjects"),
        "{}",
        answer.text()
    );
    let mut stream = TcpStream::connect(server().address).unwrap();
    stream
        .write_all(b"HEAD /soap/mktows/3_1?WSDL HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        .unwrap();
    let mut head = String::new();
    stream.read_to_string(&mut head).unwrap();
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    assert!(head.ends_with("\r\n\r\n"), "no body follows: {head}");
    assert!(head.to_lowercase().contains("content-length: "), "{head}");
    for request in [
        "GET /soap/mktows/3_1",
        "PUT /soap/mktows/3_1?WSDL",
        "DELETE /soap/mktows/3_1",
    ] {
        let answer = server()
            .raw(format!("{request} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").as_bytes());
        assert_eq!(
            (answer.status, answer.header("allow")),
            (405, Some("get, head, post")),
            "{request}"
        );
        assert_eq!(answer.text().lines().count(), 1);
    }
}

#[test]
fn end_07_compressed_chunked_and_expected_bodies() {
    let _held = server();
    let message = signed(USER, KEY, NAMES);
    let packed = |encoding: &str| -> Vec<u8> {
        match encoding {
            "gzip" => {
                let mut encoder =
                    flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
                encoder.write_all(&message).unwrap();
                encoder.finish().unwrap()
            }
            "zlib" => {
                let mut encoder =
                    flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
                encoder.write_all(&message).unwrap();
                encoder.finish().unwrap()
            }
            _ => {
                let mut encoder =
                    flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::fast());
                encoder.write_all(&message).unwrap();
                encoder.finish().unwrap()
            }
        }
    };
    for (form, header) in [("gzip", "gzip"), ("zlib", "deflate"), ("raw", "deflate")] {
        let answer = server().raw(&post(
            "3_1",
            &format!("Content-Encoding: {header}\r\n"),
            &packed(form),
        ));
        assert_eq!(answer.status, 200, "{form}: {}", answer.text());
    }
    assert_eq!(
        server()
            .raw(&post("3_1", "Content-Encoding: br\r\n", &message))
            .status,
        415
    );
    // END-10: who sends a message that is not read hears that the connection ends.
    let mut stream = TcpStream::connect(server().address).unwrap();
    let head = "POST /soap/mktows/9_9 HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n";
    stream.write_all(head.as_bytes()).unwrap();
    let unread = read_answer(&mut BufReader::new(stream)).unwrap();
    assert_eq!(
        (unread.status, unread.header("connection")),
        (404, Some("close"))
    );
    // FLT-8.
    let answer = server().raw(&post("3_1", "Content-Encoding: gzip\r\n", b"no gzip"));
    assert_eq!(
        (answer.status, code(&answer).as_deref()),
        (500, Some("20012"))
    );
    let chunked = format!(
        "POST /soap/mktows/3_1 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n{:x}\r\n{}\r\n0\r\n\r\n",
        message.len(),
        String::from_utf8(message.clone()).unwrap()
    );
    assert_eq!(server().raw(chunked.as_bytes()).status, 200);

    let mut stream = TcpStream::connect(server().address).unwrap();
    let head = format!(
        "POST /soap/mktows/3_1 HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: {}\r\n\r\n",
        message.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    assert_eq!(read_answer_head(&mut reader), 100, "the body is asked for");
    stream.write_all(&message).unwrap();
    assert_eq!(read_answer(&mut reader).unwrap().status, 200);
}

fn read_answer_head(reader: &mut impl std::io::BufRead) -> u16 {
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    let status = line.split(' ').nth(1).unwrap().parse().unwrap();
    line.clear();
    reader.read_line(&mut line).unwrap();
    status
}

#[test]
fn end_07_what_is_too_large_is_413_also_when_it_grows_while_it_is_unpacked() {
    let _held = server();
    let large = vec![b' '; 200_001];
    assert_eq!(server().raw(&post("3_1", "", &large)).status, 413);
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(&vec![b' '; 50_000_000]).unwrap();
    let bomb = encoder.finish().unwrap();
    assert!(bomb.len() < 100_000);
    let answer = server().raw(&post("3_1", "Content-Encoding: gzip\r\n", &bomb));
    assert_eq!(answer.status, 413);
    assert!(!answer.text().contains("Envelope"));
}

#[test]
fn end_08_end_10_answers_have_a_length_are_compressed_on_request_and_echo_close() {
    let _held = server();
    let describe = "<ns1:paramsDescribeMObject><objectName>LeadRecord</objectName></ns1:paramsDescribeMObject>";
    let plain = server().raw(&post("3_1", "", &signed(USER, KEY, describe)));
    assert_eq!(
        plain.header("content-type"),
        Some("text/xml; charset=utf-8")
    );
    assert_eq!(plain.header("connection"), Some("close"));
    assert!(plain.header("content-length").is_some());
    let zipped = server().raw(&post(
        "3_1",
        "Accept-Encoding: deflate, gzip;q=0.5\r\n",
        &signed(USER, KEY, describe),
    ));
    assert_eq!(zipped.header("content-encoding"), Some("gzip"));
    let mut unpacked = String::new();
    flate2::read::GzDecoder::new(&zipped.body[..])
        .read_to_string(&mut unpacked)
        .unwrap();
    assert_eq!(unpacked, plain.text());
    for refused in [
        "",
        "Accept-Encoding: none\r\n",
        "Accept-Encoding: gzip;q=0\r\n",
    ] {
        assert_eq!(
            server()
                .raw(&post("3_1", refused, &signed(USER, KEY, describe)))
                .header("content-encoding"),
            None
        );
    }
}

/// One HTTP/2 frame: its kind, flags and stream, and what it holds.
fn frame(kind: u8, flags: u8, stream: u8, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    let head = [&length[1..], &[kind, flags, 0, 0, 0, stream]].concat();
    [&head[..], payload].concat()
}

#[test]
fn wsd_01_wsd_04_wsd_05_the_wsdl_at_the_address_by_which_the_client_came() {
    let _held = server();
    for query in ["WSDL", "wsdl", "Wsdl", "wsdl=1", "singleWsdl", "x=1&wsdl"] {
        let answer = get(&format!("/soap/mktows/2_2?{query}"), "");
        assert_eq!(
            (answer.status, answer.header("content-type")),
            (200, Some("text/xml; charset=utf-8")),
            "{query}"
        );
    }
    for (headers, location) in [
        ("", "http://leads.example:81/soap/mktows/2_7"),
        (
            "X-Forwarded-Proto: https\r\nX-Forwarded-Host: leads.example.com\r\n",
            "https://leads.example.com/soap/mktows/2_7",
        ),
        (
            "Forwarded: for=1.2.3.4;proto=https;host=\"f.example.com\"\r\n",
            "https://f.example.com/soap/mktows/2_7",
        ),
        (
            "X-Forwarded-Host: a\"><x/>\r\n",
            "http://leads.example:81/soap/mktows/2_7",
        ),
    ] {
        let text = get("/soap/mktows/2_7?WSDL", headers).text();
        let document = roxmltree::Document::parse(&text).unwrap();
        let address = document
            .descendants()
            .find(|node| node.tag_name().name() == "address")
            .unwrap();
        assert_eq!(address.attribute("location"), Some(location), "{headers}");
        assert_eq!(
            document
                .descendants()
                .filter(|node| node.tag_name().name() == "import")
                .count(),
            0
        );
    }
}

#[test]
fn wsd_06_wsd_07_all_operations_and_all_statuses_at_every_version() {
    let _held = server();
    for version in ["1_3", "2_2", "3_1"] {
        let text = get(&format!("/soap/mktows/{version}?WSDL"), "").text();
        assert_eq!(text.matches("<wsdl:operation ").count(), 46, "{version}");
        assert!(
            text.contains(
                "<xs:enumeration value=\"UNCHANGED\"/><xs:enumeration value=\"SKIPPED\"/>"
            ),
            "{version}"
        );
    }
}

#[test]
fn aut_05_aut_10_who_is_refused() {
    let _held = server();
    let with = |message: &[u8]| {
        let answer = server().raw(&post("3_1", "", message));
        assert_eq!(answer.status, 500, "FLT-7");
        code(&answer).unwrap()
    };
    assert_eq!(with(&signed(USER, "wrong", NAMES)), "20014");
    assert_eq!(with(&signed("nobody", KEY, NAMES)), "20014");
    assert_eq!(with(&envelope("", NAMES)), "20014");
    assert_eq!(
        with(&envelope(
            "<ns1:AuthenticationHeader><mktowsUserId>a</mktowsUserId></ns1:AuthenticationHeader>",
            NAMES
        )),
        "20017"
    );
    assert_eq!(
        with(&signed_at(USER, KEY, "2013-08-02T01:22:30Z", NAMES)),
        "20016",
        "AUT-7"
    );
    let wrong = server().raw(&post("3_1", "", &signed(USER, "wrong", NAMES)));
    let unknown = server().raw(&post("3_1", "", &signed("nobody", KEY, NAMES)));
    assert_eq!(wrong.body, unknown.body, "AUT-5");
    // Protocol section 6: who it is comes before what is asked for.
    assert_eq!(
        with(&signed(USER, "wrong", "<ns1:paramsNothing/>")),
        "20014"
    );
    assert_eq!(
        with(&signed(USER, KEY, "<ns1:paramsNothing/>")),
        "20019",
        "ENV-7"
    );
}

#[test]
fn req_15_req_17_req_18_what_is_read_and_what_is_not() {
    let _held = server();
    let message = signed(USER, KEY, NAMES);
    for kind in [
        "application/soap+xml",
        "application/x-www-form-urlencoded",
        "nonsense",
        "text/xml;charset=\"utf-8\"",
    ] {
        let request = String::from_utf8(post("3_1", "", &message))
            .unwrap()
            .replace("text/xml", kind);
        assert_eq!(server().raw(request.as_bytes()).status, 200, "{kind}");
    }
    let attached = String::from_utf8(post("3_1", "", &message))
        .unwrap()
        .replace("text/xml", "multipart/related; boundary=x");
    assert_eq!(server().raw(attached.as_bytes()).status, 415);
    let padded = [b"\r\n  ".as_slice(), &message].concat();
    assert_eq!(server().raw(&post("3_1", "", &padded)).status, 200);
    for broken in [
        &b""[..],
        b"{}",
        b"<a",
        b"<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>",
        b"\xff\xfe\x00",
    ] {
        let answer = server().raw(&post("3_1", "", broken));
        assert_eq!(
            (answer.status, code(&answer).as_deref()),
            (500, Some("20012")),
            "FLT-8"
        );
    }
}

#[test]
fn lmo_01_dmo_08_a_login_test_works_and_what_is_not_there_yet_says_so() {
    let _held = server();
    let answer = server().call(NAMES);
    let names: Vec<String> = answer
        .text()
        .split("<objects>")
        .skip(1)
        .map(|part| part.split('<').next().unwrap().to_owned())
        .collect();
    assert_eq!(
        names,
        [
            "ActivityRecord",
            "LeadRecord",
            "Opportunity",
            "OpportunityPersonRole"
        ]
    );
}

#[test]
fn health_says_that_the_store_answers() {
    let _held = server();
    let answer = get("/health", "");
    assert_eq!((answer.status, answer.text().as_str()), (200, "ok\n"));
}
