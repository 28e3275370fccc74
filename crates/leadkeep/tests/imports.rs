//! Imports into lists on the real server: they survive kill -9, and no row is applied twice (ITL-23).

#![allow(
    clippy::unwrap_used,
    unreachable_pub,
    reason = "a test may fail loudly"
)]

#[expect(dead_code, reason = "each test uses its part of the support")]
mod support;

use std::path::Path;
use std::time::{Duration, Instant};
use support::{Server, leadkeep};

/// Enough for many pieces of work.
const ROWS: usize = 6_000;

/// Longer than this nothing takes.
const PATIENCE: Duration = Duration::from_secs(120);

const STATUS: &str = "<ns1:paramsGetImportToListStatus><programName>Spring</programName><listName>Guests</listName>\
                      </ns1:paramsGetImportToListStatus>";

/// A program with a list.
const PROGRAM: &str = "[[channel]]\nname = \"Blog\"\nstatuses = [{ name = \"Visited\", step = 10 }]\n\
    [[program]]\nname = \"Spring\"\nchannel = \"Blog\"\n[[list]]\nname = \"Guests\"\nprogram = \"Spring\"\n";

fn server(directory: &Path) -> Server {
    Server::on_with(directory, PROGRAM, &[])
}

fn import(server: &Server, rows: impl Iterator<Item = String>) {
    let rows: String = rows
        .map(|row| format!("<stringItem>{row}</stringItem>"))
        .collect();
    let answer = server.call(&format!(
        "<ns1:paramsImportToList><programName>Spring</programName><importFileHeader>Email,Lead Score</importFileHeader>\
         <importFileRows>{rows}</importFileRows><importListMode>UPSERTLEADS</importListMode><listName>Guests</listName>\
         </ns1:paramsImportToList>"
    ));
    assert_eq!(
        answer.element("importStatus").as_deref(),
        Some("PROCESSING"),
        "{}",
        answer.text()
    );
}

/// The figure of an element of the status.
fn status(server: &Server, element: &str) -> String {
    let answer = server.call(STATUS);
    answer.element(element).unwrap_or_else(|| answer.text())
}

fn wait_for_the_end(server: &Server) {
    let begin = Instant::now();
    while status(server, "status") == "PROCESSING" {
        assert!(begin.elapsed() < PATIENCE, "the import does not end");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// The count of a line of `leadkeep status`.
fn count(directory: &Path, what: &str) -> usize {
    let (_, said) = leadkeep(directory, &["status"]);
    let line = said.lines().find_map(|line| line.strip_prefix(what));
    line.unwrap_or_else(|| panic!("{said}"))
        .trim()
        .parse()
        .unwrap()
}

#[test]
fn itl_23_an_import_survives_kill_9_and_is_done_once() {
    let directory = tempfile::tempdir().unwrap();
    let mut server = server(directory.path());
    import(
        &server,
        (0..ROWS).map(|row| format!("lead{row}@example.com,1")),
    );
    let begin = Instant::now();
    let mut kills = 0;
    let mut seen = 0;
    while status(&server, "status") == "PROCESSING" {
        assert!(begin.elapsed() < PATIENCE, "the import does not end");
        let done: usize = status(&server, "rowsImported").parse().unwrap();
        assert!(done >= seen, "{done} after {seen}: what was done is done");
        if done == seen {
            std::thread::sleep(Duration::from_millis(5));
            continue;
        }
        seen = done;
        server.kill();
        kills += 1;
        server = self::server(directory.path());
    }
    assert!(kills > 0, "the import was over before the first kill");
    assert_eq!(status(&server, "status"), "COMPLETE");
    assert_eq!(status(&server, "rowsImported"), ROWS.to_string());
    assert_eq!(count(directory.path(), "leads"), ROWS);
    // New Lead and Add to List, once each.
    assert_eq!(count(directory.path(), "activities"), 2 * ROWS);
}

/// ITL-20: whoever sent bad rows can have them back with their reasons, and send them again.
#[test]
fn itl_20_failed_rows_are_kept_for_their_owner() {
    let directory = tempfile::tempdir().unwrap();
    let server = server(directory.path());
    let (_, said) = leadkeep(directory.path(), &["imports", "list"]);
    assert_eq!(said, "no imports\n");
    let rows = ["good@example.com,5", ",\"1,5\"", "b@example.com,many"];
    import(&server, rows.iter().map(|row| (*row).to_owned()));
    wait_for_the_end(&server);
    let (done, said) = leadkeep(directory.path(), &["imports", "list"]);
    let columns: Vec<_> = said.trim_end().split('\t').collect();
    assert!(done, "{said}");
    assert_eq!(columns[..6], ["1", "COMPLETE", "3", "1", "2", "0"]);
    assert_eq!(
        columns[7..],
        ["Guests", "1 lead imported, 2 failed, 0 ignored"]
    );
    let (done, said) = leadkeep(directory.path(), &["imports", "failures", "1"]);
    assert!(done, "{said}");
    let lines: Vec<_> = said.lines().collect();
    assert_eq!(lines[0], "Row,Reason,Email,Lead Score");
    assert_eq!(
        lines[1],
        "2,neither Email Address nor Id says whom the row is about,,\"1,5\""
    );
    assert!(
        lines[2].starts_with("3,") && lines[2].ends_with(",b@example.com,many"),
        "{said}"
    );
    for arguments in [["imports", "failures", "7"], ["imports", "cancel", "1"]] {
        let (done, said) = leadkeep(directory.path(), &arguments);
        assert!(
            !done && said.starts_with("leadkeep: there is no import"),
            "{said}"
        );
    }
}
