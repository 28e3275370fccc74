//! Visits of web pages, and the cookies that come of them, over HTTP.

#![allow(
    clippy::unwrap_used,
    unreachable_pub,
    reason = "a test may fail loudly"
)]

#[expect(dead_code, reason = "each test uses its part of the support")]
mod support;

use support::{Answer, Server};

fn visit(server: &Server, body: &str) -> Answer {
    server.raw(
        format!(
            "POST /track/visit HTTP/1.1\r\nHost: x\r\nUser-Agent: Browser/1\r\nX-Forwarded-For: 192.0.2.7, 10.0.0.1\r\n\
             Content-Type: text/plain\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
        .as_bytes(),
    )
}

const BODY: &str = "{\"cookie\":\"id:100-AEK-913&token:_mch-x.com-1-1\",\"url\":\"https://x.com/demo.html?aliId=7\",\
                    \"referrer\":\"https://x.com/\"}";

/// SL-33, SL-34, COM-4, COM-8: a visitor is found by its cookie, becomes known by it, and keeps its past.
#[test]
fn sl_34_visits_make_leads_that_cookies_find() {
    let server = Server::start(&["--demo", "--track-visits"]);
    let answer = visit(&server, BODY);
    assert_eq!((answer.status, answer.text().as_str()), (204, ""));
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    let key =
        "<leadKey><keyType>COOKIE</keyType><keyValue>token:_mch-x.com-1-1</keyValue></leadKey>";
    let found = server.call(&format!("<ns1:paramsGetLead>{key}</ns1:paramsGetLead>"));
    let id = found.element("Id").unwrap();
    assert!(
        found.text().contains("<Email xsi:nil=\"true\"/>"),
        "{}",
        found.text()
    );
    let synced = server.call(
        "<ns1:paramsSyncLead><leadRecord><Email>visitor@example.com</Email></leadRecord><returnLead>false</returnLead>\
         <marketoCookie>id:100-AEK-913&amp;token:_mch-x.com-1-1</marketoCookie></ns1:paramsSyncLead>",
    );
    assert_eq!(synced.element("leadId").as_ref(), Some(&id));
    assert_eq!(synced.element("status").as_deref(), Some("UPDATED"));
    let history = server
        .call(&format!(
            "<ns1:paramsGetLeadActivity>{key}</ns1:paramsGetLeadActivity>"
        ))
        .text();
    for part in [
        "<activityType>Visit Webpage</activityType><mktgAssetName>/demo.html</mktgAssetName>",
        "<attrName>Client IP Address</attrName><attrType xsi:nil=\"true\"/><attrValue>192.0.2.7</attrValue>",
        "<attrName>Query Parameters</attrName><attrType xsi:nil=\"true\"/><attrValue>aliId=7</attrValue>",
    ] {
        assert!(history.contains(part), "{part}: {history}");
    }
}

/// What is no visit is told what would be one, and stores nothing.
#[test]
fn other_messages_are_refused() {
    let server = Server::start(&["--demo", "--track-visits"]);
    for (body, status, text) in [
        ("", 400, "is expected"),
        ("[]", 400, "is expected"),
        ("{\"cookie\":\"token:x\"}", 400, "url"),
        (
            "{\"cookie\":\"token:x\",\"url\":\"/demo.html\"}",
            400,
            "http or https",
        ),
        (
            "{\"cookie\":\"token:x\",\"url\":\"file:///etc/passwd\"}",
            400,
            "http or https",
        ),
        (
            "{\"cookie\":\"nonsense\",\"url\":\"https://x.com/\"}",
            400,
            "_mkto_trk",
        ),
        (&"x".repeat(20_000), 413, "at most"),
    ] {
        let answer = visit(&server, body);
        assert_eq!(answer.status, status, "{body}");
        assert!(answer.text().contains(text), "{}", answer.text());
    }
}

#[test]
fn it_is_off_unless_it_is_switched_on() {
    let server = Server::start(&["--demo"]);
    assert_eq!(visit(&server, BODY).status, 404);
}
