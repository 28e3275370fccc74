//! How a client is connected, on the admin pages of the real server: the programs that are shown, and the console.

#![allow(
    clippy::unwrap_used,
    unreachable_pub,
    reason = "a test may fail loudly"
)]

#[expect(dead_code, reason = "each test uses its part of the support")]
mod support;

use std::process::{Command, Stdio};
use support::browser::{Browser, house};
use support::python::python;
use support::tools::available;
use support::{KEY, USER};

const SYNC: &str = "<ns1:paramsSyncMultipleLeads><leadRecordList>\
    <leadRecord><Email>a@x.com</Email><leadAttributeList><attribute><attrName>FirstName</attrName>\
    <attrValue>&lt;script&gt;alert(1)&lt;/script&gt; 山田</attrValue></attribute></leadAttributeList></leadRecord>\
    <leadRecord><Id>77</Id><Email>b@x.com</Email></leadRecord>\
    </leadRecordList></ns1:paramsSyncMultipleLeads>";

/// What is in an element of the page, as a browser would copy it.
fn copied(page: &str, id: &str) -> String {
    let (_, rest) = page
        .split_once(&format!("<pre id=\"{id}\" tabindex=\"0\">"))
        .unwrap();
    rest.split("</pre>")
        .next()
        .unwrap()
        .replace("&#60;", "<")
        .replace("&#62;", ">")
        .replace("&#34;", "\"")
        .replace("&#39;", "'")
        .replace("&#38;", "&")
}

#[test]
fn the_programs_to_connect_with_run_as_they_are_shown() {
    let (directory, server) = house();
    let mut owner = Browser::owner(&server);
    let page = owner.get(&format!("/admin/connect?user={USER}")).text();
    assert!(page.contains(&format!("http://{}/soap/mktows/3_1?WSDL", server.address)));
    let test = "the programs of the connect page";
    let runs = |id: &str, program: &mut Command| {
        let name = match id {
            "java" => "Connect.java",
            "node" => "connect.cjs",
            id => id,
        };
        let path = directory.path().join(name);
        std::fs::write(&path, copied(&page, id)).unwrap();
        let output = program
            .arg(&path)
            .env("LEADKEEP_KEY", KEY)
            .stderr(Stdio::inherit())
            .output()
            .unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(said.contains("OpportunityPersonRole"), "{id}: {said}");
    };
    if available(
        test,
        "PHP with SOAP",
        Command::new("php").args([
            "-r",
            "new SoapClient(null, ['location' => 'x', 'uri' => 'y']);",
        ]),
    ) {
        runs(
            "php",
            Command::new("php").args(["-d", "soap.wsdl_cache_enabled=0"]),
        );
    }
    if available(
        test,
        "zeep",
        Command::new(python()).args(["-c", "import zeep"]),
    ) {
        runs("python", &mut Command::new(python()));
    }
    if available(test, "Java", Command::new("javac").arg("--version")) {
        runs("java", &mut Command::new("java"));
    }
    if available(test, "Ruby", Command::new("ruby").arg("--version")) {
        runs("ruby", &mut Command::new("ruby"));
    }
    if available(test, "Node.js", Command::new("node").arg("--version")) {
        runs("node", &mut Command::new("node"));
    }
    if available(test, "openssl", Command::new("openssl").arg("version")) {
        runs("curl", &mut Command::new("bash"));
    }
}

#[test]
fn the_console_makes_calls() {
    let (_directory, server) = house();
    let mut owner = Browser::owner(&server);
    let made = owner.post("/admin/connect", &[("user", USER), ("params", SYNC)]);
    assert!(
        made.text().contains("&#60;status&#62;CREATED"),
        "{}",
        made.text()
    );
    assert!(made.text().contains("***") && !made.text().contains("<script>alert"));
    let broken = owner.post("/admin/connect", &[("user", USER), ("params", "<a><b>")]);
    assert_eq!(broken.status, 422);
    assert!(broken.text().contains("role=\"alert\""));
    owner.wait_for(
        "/admin/calls?agent=leadkeep+admin+owner",
        "syncMultipleLeads",
    );
    assert!(owner.get("/admin/audit").text().contains("call.console"));
}
