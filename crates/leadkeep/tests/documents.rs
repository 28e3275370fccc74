//! The examples in `docs/operations`, against the real server with the demo's data.

#![allow(
    clippy::unwrap_used,
    unreachable_pub,
    reason = "a test may fail loudly"
)]

#[path = "support/answering.rs"]
mod answering;
#[expect(dead_code, reason = "each test uses its part of the support")]
mod support;

use answering::answers;
use mktows::Operation;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use support::Server;

fn pages() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/operations")
}

/// The operations in the order of the index, which is one in which their examples can be tried.
fn in_order_of_the_index() -> Vec<Operation> {
    let index = std::fs::read_to_string(pages().join("README.md")).unwrap();
    let place = |operation: &Operation| {
        let link = format!("]({}.md)", operation.name());
        index.find(&link).unwrap_or_else(|| panic!("no {link}"))
    };
    let mut operations = Operation::ALL.to_vec();
    operations.sort_by_key(place);
    operations
}

/// The XML of a page: its request, and its answer, whose `...` stand for what is left out.
fn examples(page: &str) -> (String, String) {
    let mut blocks = page.split("```xml\n").skip(1);
    let mut block = || blocks.next().unwrap().split("```").next().unwrap();
    let declared = |xml: &str| {
        let spaces = format!(
            " xmlns:ns1=\"{}\" xmlns:xsi=\"{}\"",
            mktows::MKTOWS_NAMESPACE,
            mktows::XSI_NAMESPACE
        );
        let end = xml.find(['>', '/']).unwrap();
        xml[..end].to_owned() + &spaces + &xml[end..]
    };
    (declared(block()), declared(block()))
}

fn element_names(xml: &str) -> BTreeSet<String> {
    let document = roxmltree::Document::parse(xml).unwrap_or_else(|error| panic!("{error}\n{xml}"));
    let elements = document.descendants().filter(roxmltree::Node::is_element);
    elements
        .map(|element| element.tag_name().name().to_owned())
        .collect()
}

#[test]
fn the_server_answers_the_documented_requests_as_documented() {
    let server = Server::start(&["--demo"]);
    // The open window of getMultipleLeads ends before the second of the call, and the demo's leads are new.
    std::thread::sleep(std::time::Duration::from_millis(1_100));
    for operation in in_order_of_the_index() {
        let name = operation.name();
        let page = std::fs::read_to_string(pages().join(format!("{name}.md"))).unwrap();
        let (request, documented) = examples(&page);
        let answered = answers(&server, operation);
        assert_eq!(
            answered,
            !page.contains("Not answered yet"),
            "{name}: its page says `Not answered yet` just as long as it is not"
        );
        let documented = element_names(&documented);
        if !answered {
            continue;
        }
        let answer = server.call(&request);
        let text = answer.text();
        assert_eq!(answer.status, 200, "{name}: {text}");
        let came = element_names(&text);
        let missing: Vec<_> = documented.difference(&came).collect();
        assert!(missing.is_empty(), "{name}: {missing:?} not in {text}");
    }
}
