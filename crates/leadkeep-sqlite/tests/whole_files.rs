//! Copies of a database, and looks at all of it.

#![allow(clippy::unwrap_used)]

use leadkeep_core::contract::support::{company, lead_with, write};
use leadkeep_core::store::Sequence;
use leadkeep_sqlite::{SqliteStore, check_database, copy_database};
use rusqlite::Connection;
use std::path::Path;

fn open(path: &Path) -> SqliteStore {
    SqliteStore::open(path, 2).unwrap()
}

fn one_lead(store: &SqliteStore, email: &'static str) -> i64 {
    write(store, move |txn| {
        let id = txn.allocate(Sequence::Lead, 1)?[0];
        let own = txn.allocate(Sequence::Company, 1)?[0];
        txn.insert_companies(&[company(own)])?;
        txn.insert_leads(&[lead_with(id, email)])?;
        Ok(id)
    })
}

/// The number of leads of a database that nobody has open.
fn leads(path: &Path) -> i64 {
    let connection = Connection::open(path).unwrap();
    let count = connection.query_row("SELECT count(*) FROM lead", [], |row| row.get(0));
    count.unwrap()
}

/// What is wrong with a database: what, and how many rows.
fn wrong(path: &Path) -> Vec<(&'static str, u64)> {
    let mut all = Vec::new();
    check_database(path, |finding| {
        assert!(finding.examples.len() as u64 <= finding.count);
        all.push((finding.what, finding.count));
    })
    .unwrap();
    assert_eq!(all.len(), 25, "all is looked at");
    all.retain(|(_, count)| *count > 0);
    all
}

#[test]
fn a_check_finds_everything_that_is_wrong() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("leadkeep.sqlite");
    let store = open(&path);
    assert_eq!(one_lead(&store, "a@example.com"), 1);
    assert_eq!(wrong(&path), [], "beside an open store");
    store.close();
    let connection = Connection::open(&path).unwrap();
    connection
        .execute_batch(
            "INSERT INTO lead VALUES (100, NULL, '{}', 999, 1, 0, 0, 0), (101, 'b@x.com', '{}', 1, 1, 0, 0, 0),
                 (102, NULL, CAST(x'7B2261223A22FF227D' AS TEXT), 1, 1, 0, 0, 0);
             INSERT INTO company VALUES (50, NULL, '{');
             INSERT INTO address_latest VALUES (1, 500);
             INSERT INTO address_new VALUES (2, 500);
             INSERT INTO address_recent VALUES (3, 500);
             INSERT INTO address VALUES (4, 500);
             INSERT INTO foreign_id VALUES ('f', 'CUSTOM', 500, 1);
             INSERT INTO lead_cookie VALUES ('t', '', 500);
             INSERT INTO merged_lead VALUES (1, 2), (3, 1);
             INSERT INTO activity VALUES (100, 500, 0, 13, NULL, '[]', NULL), (101, 500, 0, 37, NULL, '[]', NULL),
                 (102, 1, 0, 13, NULL, '[', NULL);
             INSERT INTO opportunity VALUES (1, 999, '{}', 0, 0), (2, NULL, '{', 0, 0);
             INSERT INTO role VALUES (1, 99, 1, '', '{}', 0, 0), (2, 1, 500, '', '{}', 0, 0);
             INSERT INTO program_cost VALUES (1, 99, '2026-01-01', '1', NULL);
             INSERT INTO static_list VALUES (1, 'L', 99);
             INSERT INTO list_member VALUES (99, 1, 0, 0), (1, 500, 0, 0);
             INSERT INTO record VALUES (1, 1, 'k', '{', 0, 0);
             INSERT INTO record_lookup VALUES (1, 'f', 'v', 99);
             INSERT INTO import_row VALUES (99, 1, 'x'), (99, 2, 'y');
             INSERT INTO campaign_task VALUES (1, 1, 500, 0, 0, '', '', 0, 0, 0, NULL, 0);
             INSERT INTO definition VALUES ('x', 'y', 1, '{', 0);",
        )
        .unwrap();
    drop(connection);
    let found = wrong(&path);
    let once =
        |what: &str| found.contains(&(found.iter().find(|(own, _)| *own == what).unwrap().0, 1));
    assert_eq!(found.len(), 24, "all but the file: {found:?}");
    for (what, _) in found.iter().filter(|(what, _)| {
        !["ids that would be given twice", "addresses of no lead"].contains(what)
    }) {
        assert!(once(what), "{what}: {found:?}");
    }
    assert!(
        found.contains(&("addresses of no lead", 4)),
        "one in each level: {found:?}"
    );
    assert!(
        found.contains(&("ids that would be given twice", 8)),
        "lead, company, activity, opportunity, role, cost, record, task: {found:?}"
    );
    // What one check cannot look at keeps no other from looking.
    let connection = Connection::open(&path).unwrap();
    let address = "UPDATE lead SET email = CAST(x'FF' AS TEXT) WHERE id = 1";
    connection.execute_batch(address).unwrap();
    drop(connection);
    let found = wrong(&path);
    assert!(
        found.contains(&("leads whose values cannot be read", 2)),
        "{found:?}"
    );
    assert!(
        found
            .iter()
            .any(|(what, _)| *what == "leads that are not found by their address")
    );
    let mut file = std::fs::read(&path).unwrap();
    let end = file.len();
    file[end - 8_192..].fill(0x5A);
    std::fs::write(&path, file).unwrap();
    assert_eq!(wrong(&path)[0].0, "damage of the file");
}

#[test]
fn a_copy_is_the_database_of_one_moment() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("leadkeep.sqlite");
    let store = open(&path);
    for _ in 0..3 {
        one_lead(&store, "a@example.com");
    }
    let to = directory.path().join("copy #1?.sqlite");
    let mut last = (0, 0);
    copy_database(&path, &to, |done, all| {
        assert!(done >= last.0 && done <= all);
        last = (done, all);
        // What is written meanwhile is not in it.
        one_lead(&store, "b@example.com");
    })
    .unwrap();
    assert!(last.0 == last.1 && last.1 > 10, "{last:?}");
    assert_eq!(wrong(&to), []);
    // A copy is one file, and can be copied again.
    for file in ["-wal", "-shm"] {
        let mut beside = to.clone().into_os_string();
        beside.push(file);
        assert!(!Path::new(&beside).exists(), "{file}");
    }
    let again = directory.path().join("again.sqlite");
    copy_database(&to, &again, |_, _| {}).unwrap();
    assert_eq!(leads(&again), 3);
}

#[test]
fn what_is_no_database_is_not_copied() {
    let directory = tempfile::tempdir().unwrap();
    let to = directory.path().join("copy.sqlite");
    let copy = |from: &Path| copy_database(from, &to, |_, _| {}).unwrap_err().to_string();
    let none = directory.path().join("none.sqlite");
    assert!(copy(&none).contains("No such file"), "{}", copy(&none));
    assert!(!none.exists());
    let text = directory.path().join("text");
    std::fs::write(&text, "no database\n".repeat(1_000)).unwrap();
    assert!(copy(&text).contains("not a database"), "{}", copy(&text));
    let other = directory.path().join("other.sqlite");
    Connection::open(&other)
        .unwrap()
        .execute_batch("CREATE TABLE theirs (x)")
        .unwrap();
    assert!(
        copy(&other).contains("no database of leadkeep"),
        "{}",
        copy(&other)
    );
    let later = directory.path().join("later.sqlite");
    drop(open(&later));
    Connection::open(&later)
        .unwrap()
        .pragma_update(None, "user_version", 99)
        .unwrap();
    assert!(copy(&later).contains("a later version"), "{}", copy(&later));
}
