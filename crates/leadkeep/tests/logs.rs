//! The log of a server on standard error: JSON lines, and the id that all lines of a call and its answer have.

#![allow(
    clippy::unwrap_used,
    unreachable_pub,
    reason = "a test may fail loudly"
)]

#[expect(dead_code, reason = "each test uses its part of the support")]
mod support;

use serde_json::Value;
use support::{KEY, Server, USER, post, signed};

/// The first name is too long for its field, which is cut and warned about when the call is stored.
fn sync(first_name: &str) -> Vec<u8> {
    let params = format!(
        "<ns1:paramsSyncLead><leadRecord><Email>a@x.com</Email><leadAttributeList><attribute>\
         <attrName>FirstName</attrName><attrValue>{first_name}</attrValue></attribute></leadAttributeList>\
         </leadRecord><returnLead>0</returnLead></ns1:paramsSyncLead>"
    );
    post("3_1", "", &signed(USER, KEY, &params))
}

/// A server with this filter and form of the log, and the calls that are made to it: their ids and their log.
fn logged(filter: &str, format: &str) -> ([String; 3], String) {
    let directory = tempfile::tempdir().unwrap();
    let provision = directory.path().join("provision.toml");
    let text =
        format!("[[user]]\nid = \"{USER}\"\nkey = \"{KEY}\"\n[rules]\ncut_long_strings = true\n");
    std::fs::write(&provision, text).unwrap();
    let (data, log) = (directory.path().join("data"), directory.path().join("log"));
    let arguments = [
        "--data",
        data.to_str().unwrap(),
        "--provision",
        provision.to_str().unwrap(),
        "--log",
        filter,
        "--log-format",
        format,
    ];
    let server = Server::start_logging(&arguments, &log);
    let requests = [
        sync(&"x".repeat(300)),
        sync("Jo"),
        post("3_1", "Content-Encoding: odd\r\n", b"x"),
    ];
    let ids = requests.map(|request| {
        let answer = server.raw(&request);
        answer.header("x-call-id").unwrap().to_owned()
    });
    drop(server);
    (ids, std::fs::read_to_string(log).unwrap())
}

#[test]
fn json_lines_name_their_call() {
    let ([cut, plain, refused], log) = logged("warn,leadkeep_server=debug", "json");
    assert!(cut != plain && plain.len() == 8, "{cut} {plain}");
    let lines: Vec<Value> = log
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect();
    let of = |id: &str, message: &str| {
        let line = lines
            .iter()
            .find(|line| line["span"]["id"] == id && line["message"] == message);
        line.unwrap_or_else(|| panic!("no {message:?} of {id} in {log}"))
    };
    let warning = of(&cut, "over-long strings were cut (cut_long_strings)");
    assert_eq!(warning["level"], "WARN");
    assert_eq!(warning["values"], 1);
    assert_eq!(warning["target"], "leadkeep_server::app");
    assert!(warning["timestamp"].is_string());
    for line in [warning, of(&plain, "call")] {
        assert_eq!(line["span"]["name"], "call");
        assert_eq!(line["span"]["user"], USER);
        assert_eq!(line["span"]["operation"], "syncLead");
    }
    let ended = of(&plain, "call");
    assert_eq!(
        (&ended["level"], &ended["outcome"]),
        (&"DEBUG".into(), &"ok".into())
    );
    assert_eq!(ended["records"], 1);
    assert!(
        ended["duration_ms"]
            .as_f64()
            .is_some_and(|duration| duration > 0.0)
    );
    let line = lines.iter().find(|line| line["id"] == *refused).unwrap();
    assert!(
        line["status"].as_str().unwrap().starts_with("415"),
        "{line}"
    );
}

#[test]
fn text_lines_name_their_call_whatever_the_filter_leaves() {
    let ([cut, plain, _], log) = logged("warn", "text");
    let span = format!("call{{id=\"{cut}\" user=\"{USER}\" operation=\"syncLead\"}}");
    assert_eq!(log.lines().count(), 1, "{log}");
    assert!(log.contains(&span) && log.contains("over-long"), "{log}");
    assert!(
        !log.contains(&plain),
        "calls are lines of the level debug: {log}"
    );
}

#[test]
fn a_filter_can_look_into_calls() {
    let ([_, plain, refused], log) = logged("warn,[call]=debug", "text");
    assert!(log.contains(&plain), "{log}");
    assert!(
        !log.contains(&refused),
        "it was refused before its message was read, outside of the call: {log}"
    );
}

#[test]
fn lines_of_one_module_name_their_call() {
    let ([_, plain, _], log) = logged("leadkeep_server::soap=debug", "text");
    let span = format!("call{{id=\"{plain}\" user=\"{USER}\" operation=\"syncLead\"}}");
    assert!(log.contains(&span), "{log}");
}
