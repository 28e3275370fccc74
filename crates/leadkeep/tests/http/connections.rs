//! Connections: how many, how long, how slow.

use super::*;

#[test]
fn end_06_one_connection_for_many_calls_and_http_1_0() {
    let _held = server();
    let mut stream = TcpStream::connect(server().address).unwrap();
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    for _ in 0..20 {
        let message = signed(USER, KEY, NAMES);
        let request = String::from_utf8(post("2_7", "", &message))
            .unwrap()
            .replace("Connection: close\r\n", "");
        stream.write_all(request.as_bytes()).unwrap();
        let answer = read_answer(&mut reader).unwrap();
        assert_eq!((answer.status, answer.header("connection")), (200, None));
    }
    let message = signed(USER, KEY, NAMES);
    let old = String::from_utf8(post("2_7", "", &message))
        .unwrap()
        .replace("HTTP/1.1", "HTTP/1.0");
    assert_eq!(server().raw(old.as_bytes()).status, 200);
}

#[test]
fn a_client_that_does_not_finish_its_head_is_cut_off() {
    let _held = server();
    for begun in [
        "",
        "P",
        "PRI * HT",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "POST /soap/mktows/3_1 HTTP/1.1\r\nHost:",
    ] {
        let mut stream = TcpStream::connect(server().address).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(20)))
            .unwrap();
        stream.write_all(begun.as_bytes()).unwrap();
        // Closed, maybe with some bytes in front; a server that waits for ever fails by the time-out.
        let mut rest = Vec::new();
        let closed = stream.read_to_end(&mut rest);
        let waits = closed.is_err_and(|error| {
            matches!(
                error.kind(),
                std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut
            )
        });
        assert!(!waits, "{begun:?} is waited for");
    }
}

#[test]
fn end_07_a_client_that_writes_on_past_the_limit_still_reads_413() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("data");
    let server = Server::start(&["--data", data.to_str().unwrap(), "--max-body", "4000000"]);
    // More than the sockets hold: a server that closes without reading breaks the connection.
    let large = vec![b' '; 15_900_000];
    for length in ["content-length", "chunked"] {
        let request = if length == "chunked" {
            let head = format!(
                "POST /soap/mktows/3_1 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n",
                large.len()
            );
            [head.as_bytes(), &large[..], b"\r\n0\r\n\r\n"].concat()
        } else {
            post("3_1", "", &large)
        };
        assert_eq!(server.raw(&request).status, 413, "{length}");
    }
    // Who asks first is told before it sends anything.
    let mut stream = TcpStream::connect(server.address).unwrap();
    let head = "POST /soap/mktows/3_1 HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 15900000\r\n\r\n";
    stream.write_all(head.as_bytes()).unwrap();
    let answer = read_answer(&mut BufReader::new(stream)).unwrap();
    assert_eq!(answer.status, 413);
}

/// Sends one request of HTTP/2, by the number of its method in HPACK's static table or as literals, and gives the
/// number of the status there, and the body.
fn http_2(
    method: &[u8],
    path: &str,
    headers: &[(&str, &str)],
    message: Option<&[u8]>,
) -> (Option<u8>, String) {
    // http by its number in the static table, path and authority as literals.
    let literal = |name: u8, text: &str| {
        let length = u8::try_from(text.len()).unwrap();
        [&[name, length], text.as_bytes()].concat()
    };
    let head = [
        method.to_vec(),
        vec![0x86],
        literal(0x04, path),
        literal(0x01, "leads.example"),
    ]
    .into_iter()
    .chain(headers.iter().map(|(name, value)| {
        let named = [&[0], &literal(0, name)[1..]].concat();
        [&named, &literal(0, value)[1..]].concat()
    }))
    .collect::<Vec<_>>()
    .concat();
    let ends = u8::from(message.is_none());
    let mut request = [
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(),
        frame(4, 0, 0, &[]),
        frame(1, 4 | ends, 1, &head),
    ]
    .concat();
    if let Some(message) = message {
        request.extend(frame(0, 1, 1, message));
    }
    let mut stream = TcpStream::connect(server().address).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    stream.write_all(&request).unwrap();
    let (mut status, mut body) = (None, Vec::new());
    loop {
        let mut head = [0; 9];
        stream.read_exact(&mut head).unwrap();
        let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
        let mut payload = vec![0; usize::try_from(length).unwrap()];
        stream.read_exact(&mut payload).unwrap();
        match head[3] {
            // HEADERS: a table size update may stand before the status.
            1 => status = payload.iter().copied().find(|byte| byte & 0xe0 != 0x20),
            0 => body.extend(payload),
            _ => continue,
        }
        if head[4] & 1 == 1 {
            break;
        }
    }
    (status, String::from_utf8(body).unwrap())
}

#[test]
fn end_06_http_2_with_prior_knowledge() {
    let _held = server();
    let message = signed(USER, KEY, NAMES);
    let (status, body) = http_2(&[0x83], "/soap/mktows/3_1", &[], Some(&message));
    assert_eq!(status, Some(0x88), "200 by its number in the static table");
    assert!(body.contains("successListMObjects"), "{body}");
    // END-5: GET has the WSDL, HEAD nothing but its head.
    let (status, body) = http_2(&[0x82], "/soap/mktows/3_1?WSDL", &[], None);
    assert_eq!(status, Some(0x88));
    assert!(body.contains("<wsdl:definitions"), "{body}");
    let head = [&[0x02, 4], b"HEAD".as_slice()].concat();
    for (path, expected) in [("/soap/mktows/3_1?WSDL", 0x88), ("/soap/mktows/9_9", 0x8d)] {
        let (status, body) = http_2(&head, path, &[], None);
        assert_eq!((status, body.as_str()), (Some(expected), ""), "{path}");
    }
}

/// HTTP/2 has no header Host to compare where a form comes from with.
#[test]
fn forms_of_our_own_pages_are_taken_over_http_2() {
    let _held = server();
    for (origin, is_own) in [
        ("https://leads.example", true),
        ("https://evil.example", false),
    ] {
        let headers = [
            ("origin", origin),
            ("content-type", "application/x-www-form-urlencoded"),
        ];
        let (_, body) = http_2(
            &[0x83],
            "/admin/language",
            &headers,
            Some(b"language=it&next=/admin"),
        );
        assert_eq!(!body.contains("another site"), is_own, "{origin}: {body}");
    }
}

/// Who begins a body and does not go on keeps no connection, wherever it goes.
#[test]
fn a_body_that_does_not_arrive_is_not_waited_for() {
    let server = Server::start(&["--demo", "--track-visits", "--body-timeout", "1"]);
    for path in ["/soap/mktows/3_1", "/track/visit", "/admin/sign-in"] {
        let mut stream = TcpStream::connect(server.address).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(20)))
            .unwrap();
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 9\r\n\r\nname"
        );
        stream.write_all(head.as_bytes()).unwrap();
        let answer = read_answer(&mut BufReader::new(stream)).unwrap();
        assert_eq!(answer.status, 408, "{path}");
    }
}

/// Who has no key can fill no more memory than a few large messages have: the others wait, packed or not, while small ones do
/// not. A turn comes back when its sender has gone.
#[test]
fn few_large_messages_are_in_memory_at_once() {
    let server = Server::start(&["--demo"]);
    let message = signed(USER, KEY, &format!("{NAMES}{}", " ".repeat(300_000)));
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(&message).unwrap();
    let packed = encoder.finish().unwrap();
    let large = post("3_1", "", &message);
    let small = post("3_1", "", &signed(USER, KEY, NAMES));
    let packed = post("3_1", "Content-Encoding: gzip\r\n", &packed);
    let sent = |bytes: &[u8]| {
        let mut stream = TcpStream::connect(server.address).unwrap();
        stream.write_all(bytes).unwrap();
        stream
    };
    let is_answered = |stream: &TcpStream, within: Duration| {
        stream.set_read_timeout(Some(within)).unwrap();
        read_answer(&mut BufReader::new(stream)).is_ok_and(|answer| answer.status == 200)
    };
    let (soon, late) = (Duration::from_millis(300), Duration::from_secs(60));
    let held: Vec<_> = (0..8).map(|_| sent(&large[..large.len() - 1])).collect();
    // Once the server has read them.
    let mut tries = (0..100).map(|_| sent(&large));
    assert!(tries.any(|stream| !is_answered(&stream, soon)));
    let waiting = sent(&packed);
    assert!(!is_answered(&waiting, soon));
    assert!(is_answered(&sent(&small), late));
    drop(waiting);
    let waiting = [sent(&packed), sent(&large)];
    drop(held);
    for stream in waiting {
        assert!(is_answered(&stream, late));
    }
    // Nor need they wait until all the time of a body is over for senders that have stopped to send.
    let held: Vec<_> = (0..8).map(|_| sent(&large[..large.len() - 1])).collect();
    let mut tries = (0..100).map(|_| sent(&large));
    assert!(tries.any(|stream| !is_answered(&stream, soon)));
    assert!(is_answered(&sent(&large), late));
    drop(held);
}

#[test]
fn end_06_many_connections_that_stay_open_at_once() {
    let _held = server();
    std::thread::scope(|threads| {
        for _ in 0..24 {
            threads.spawn(|| {
                let mut stream = TcpStream::connect(server().address).unwrap();
                let mut reader = BufReader::new(stream.try_clone().unwrap());
                for _ in 0..10 {
                    let request = String::from_utf8(post("3_1", "", &signed(USER, KEY, NAMES)));
                    let request = request.unwrap().replace("Connection: close\r\n", "");
                    stream.write_all(request.as_bytes()).unwrap();
                    assert_eq!(read_answer(&mut reader).unwrap().status, 200);
                }
            });
        }
    });
}

/// They take turns to be read, and everybody gives his turn back: who is answered, who is refused, and who has gone.
#[test]
fn many_large_messages_at_once_are_all_answered() {
    let server = server();
    let padding = " ".repeat(100_000);
    let read = post("3_1", "", &signed(USER, KEY, &format!("{NAMES}{padding}")));
    let broken = post("3_1", "", format!("{padding}<broken").as_bytes());
    std::thread::scope(|threads| {
        for client in 0..16 {
            let (server, read, broken) = (&server, &read, &broken);
            threads.spawn(move || {
                for call in 0..4 {
                    match (client + call) % 3 {
                        0 => assert!(server.raw(read).text().contains("successListMObjects")),
                        1 => assert!(code(&server.raw(broken)).is_some()),
                        _ => TcpStream::connect(server.address)
                            .and_then(|mut stream| stream.write_all(read))
                            .unwrap(),
                    }
                }
            });
        }
    });
    assert!(server.raw(&read).text().contains("successListMObjects"));
}
