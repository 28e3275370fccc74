//! `leadkeep export`, beside a running server.

#![allow(
    clippy::unwrap_used,
    unreachable_pub,
    reason = "a test may fail loudly"
)]

#[expect(dead_code, reason = "each test uses its part of the support")]
mod support;

use serde_json::Value;
use std::fmt::Write;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use support::{Server, binary, run_in};

/// Exit code, standard output and standard error of an export.
fn export(arguments: &[&str], directory: &Path) -> (i32, String, String) {
    let command = ["export", "leads", "--data", "data"];
    run_in(directory, &[&command, arguments].concat())
}

fn done(arguments: &[&str], directory: &Path) -> String {
    let (code, out, err) = export(arguments, directory);
    assert_eq!((code, err.as_str()), (0, ""), "{arguments:?}");
    out
}

/// A server with leads: address, first name, company.
fn server(directory: &Path, leads: &[(String, &str, &str)]) -> Server {
    let server = Server::on(directory);
    for leads in leads.chunks(500) {
        let mut params = "<ns1:paramsSyncMultipleLeads><leadRecordList>".to_owned();
        for (email, name, company) in leads {
            write!(
                params,
                "<leadRecord><Email>{email}</Email><leadAttributeList>\
                 <attribute><attrName>FirstName</attrName><attrValue>{name}</attrValue></attribute>\
                 <attribute><attrName>Company</attrName><attrValue>{company}</attrValue></attribute>\
                 </leadAttributeList></leadRecord>"
            )
            .unwrap();
        }
        params.push_str("</leadRecordList></ns1:paramsSyncMultipleLeads>");
        assert_eq!(server.call(&params).status, 200);
    }
    server
}

#[test]
fn leads_are_written_as_tables_and_as_objects() {
    let directory = tempfile::tempdir().unwrap();
    let here = directory.path();
    let leads = [
        ("a@x.com".to_owned(), "Zoë \"Z\"", "A, B &amp; Sons"),
        ("b@x.com".to_owned(), "two&#10;lines", ""),
        ("c@x.com".to_owned(), "", "ACME"),
    ];
    let _server = server(here, &leads);
    let columns = ["--fields", "email,FirstName,Company,Email"];
    let table = done(&columns, here);
    assert_eq!(
        table,
        "Email,FirstName,Company\na@x.com,\"Zoë \"\"Z\"\"\",\"A, B & Sons\"\nb@x.com,\"two\nlines\",\nc@x.com,,ACME\n"
    );
    let lines = done(
        &["--format", "jsonl", "--fields", "Email,FirstName,Company"],
        here,
    );
    let lines: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(
        lines[..2],
        [
            serde_json::json!({"Email": "a@x.com", "FirstName": "Zoë \"Z\"", "Company": "A, B & Sons"}),
            serde_json::json!({"Email": "b@x.com", "FirstName": "two\nlines"}),
        ]
    );
    // All columns: the elements first, then those that a full record shows, whatever is in them.
    let all = done(&[], here);
    let mut reader = csv::Reader::from_reader(all.as_bytes());
    let names: Vec<String> = reader
        .headers()
        .unwrap()
        .iter()
        .map(str::to_owned)
        .collect();
    assert_eq!(
        names[..4],
        ["Id", "Email", "ForeignSysPersonId", "ForeignSysType"]
    );
    assert!(names.len() > 30, "{names:?}");
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 3);
    let at = |name: &str| names.iter().position(|own| own == name).unwrap();
    assert_eq!((&rows[2][0], &rows[2][at("Company")]), ("3", "ACME"));
}

#[test]
fn conditions_and_times_choose() {
    let directory = tempfile::tempdir().unwrap();
    let here = directory.path();
    let leads = [
        ("a@x.com".to_owned(), "Ann", "ACME"),
        ("b@x.com".to_owned(), "Bea", "ACME"),
        ("c@x.com".to_owned(), "Cem", "Other"),
        ("d@x.com".to_owned(), "Dan", ""),
    ];
    let _server = server(here, &leads);
    let chosen = |more: &[&str]| {
        let arguments: Vec<&str> = ["--fields", "FirstName"]
            .iter()
            .chain(more)
            .copied()
            .collect();
        let out = done(&arguments, here);
        out.lines().skip(1).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(chosen(&["--where", "Company = \"ACME\""]), "Ann Bea");
    assert_eq!(chosen(&["--where", "company != ACME"]), "Cem Dan");
    assert_eq!(chosen(&["--where", "Company ="]), "Dan");
    assert_eq!(
        chosen(&[
            "--where",
            "Company = ACME",
            "--where",
            "Email != \"a@x.com\""
        ]),
        "Bea"
    );
    assert_eq!(chosen(&["--where", "Id = 3"]), "Cem");
    assert_eq!(
        chosen(&["--since", "2020-01-01T00:00:00Z"]),
        "Ann Bea Cem Dan"
    );
    assert_eq!(
        done(&["--fields", "Id", "--since", "2120-01-01T00:00:00Z"], here),
        "Id\n"
    );
    assert_eq!(done(&["--format", "jsonl", "--where", "Id = 99"], here), "");
    for (arguments, expected, reason) in [
        (
            &["--fields", "Nonsense,Email,Id,Odd"][..],
            1,
            "leads have no fields Nonsense, Odd",
        ),
        (
            &["--where", "Nonsense = 1"],
            1,
            "leads have no fields Nonsense",
        ),
        (&["--where", "Company"], 2, "expected FIELD = \"VALUE\""),
        (&["--since", "yesterday"], 2, "--since"),
        (&["--format", "xml"], 2, "csv, jsonl"),
    ] {
        let (code, out, err) = export(arguments, here);
        assert!(
            code == expected && err.contains(reason),
            "{arguments:?}: {code} {err}"
        );
        assert_eq!(out, "");
    }
}

#[test]
fn many_leads_come_in_order_and_a_reader_may_leave() {
    let directory = tempfile::tempdir().unwrap();
    let here = directory.path();
    let leads: Vec<_> = (1..=2_500)
        .map(|n| (format!("{n}@x.com"), "Ann", "ACME"))
        .collect();
    let _server = server(here, &leads);
    let out = done(&["--fields", "Id,Email"], here);
    let expected = (1..=2_500).map(|n| format!("{n},{n}@x.com\n"));
    assert_eq!(out, format!("Id,Email\n{}", expected.collect::<String>()));

    let mut process = Command::new(binary())
        .args(["export", "leads", "--data", "data"])
        .current_dir(here)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = String::new();
    let mut reader = BufReader::with_capacity(64, process.stdout.take().unwrap());
    reader.read_line(&mut first).unwrap();
    assert!(first.starts_with("Id,Email,"), "{first}");
    drop(reader);
    let output = process.wait_with_output().unwrap();
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
}
