//! The file: what is in it, who may have it, and what it says when it cannot be used.

#![allow(clippy::unwrap_used)]

use leadkeep_core::contract::support::{
    at, attrs, company, custom, lead, lead_with, queue_write, read, try_read, try_write, write,
};
use leadkeep_core::ids::{ActivityId, LeadId};
use leadkeep_core::store::{
    ActivityFilter, ActivityType, Company, FieldIndex, LeadKey, LeadScope, NewActivity, Pick,
    ReadTxn, ReadWork, Rollback, Sequence, Store, StoreError,
};
use leadkeep_sqlite::{MIGRATIONS, OpenError, SqliteStore};
use rusqlite::{Connection, OpenFlags};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

fn open(path: &Path) -> SqliteStore {
    SqliteStore::open(path, 2).unwrap()
}

fn one_lead(store: &SqliteStore, email: &'static str) -> i64 {
    write(store, move |txn| {
        let id = txn.allocate(Sequence::Lead, 1)?[0];
        txn.allocate(Sequence::Company, 1)?;
        txn.insert_companies(&[Company {
            attrs: attrs(&[("Company", "ACME"), ("City", "of the company")]),
            ..company(id)
        }])?;
        txn.insert_leads(&[lead_with(id, email)])?;
        Ok(id)
    })
}

#[test]
fn com_39_what_was_acknowledged_is_there_after_reopening() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("leadkeep.sqlite");
    for round in 1..=3 {
        let store = open(&path);
        assert_eq!(one_lead(&store, "a@example.com"), round);
        write(&store, move |txn| {
            txn.ensure_index(&FieldIndex::Lead("FSPID".to_owned()))?;
            txn.append_activities(&[NewActivity {
                lead: LeadId(round),
                at: at(0),
                activity_type: ActivityType(12),
                asset: None,
                attributes: Arc::default(),
                campaign: None,
            }])
        });
        store.close();
        let files = std::fs::read_dir(directory.path()).unwrap().count();
        assert_eq!(files, 1, "all is in the one file");
        let store = open(&path);
        let seen = read(&store, |txn| {
            let key = [LeadKey::Email("a@example.com".into())];
            let ids = txn.lead_ids(&key, Pick::newest(9))?.concat();
            let activities = txn.activities_after(
                &LeadScope::All,
                &ActivityFilter::default(),
                Some(ActivityId(0)),
                9,
            )?;
            Ok((ids.len(), activities.len()))
        });
        let round = usize::try_from(round).unwrap();
        assert_eq!(seen, (round, round));
    }
}

/// As when a package brings a later version, and its command line is run before the server is started again.
#[test]
fn nothing_is_written_or_read_once_a_later_version_has_changed_the_tables() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("leadkeep.sqlite");
    let store = open(&path);
    one_lead(&store, "a@example.com");
    let other = Connection::open(&path).unwrap();
    let known = MIGRATIONS.len();
    other
        .pragma_update(None, "user_version", known + 1)
        .unwrap();
    let written = try_write(&store, |txn, _| Ok(txn.insert_leads(&[lead(9)])?));
    let counted = try_read(&store, |txn, _| Ok(txn.counts()?)).map(|_| ());
    for outcome in [written, counted] {
        let refused = outcome.unwrap_err();
        let Rollback::Store(StoreError::Unavailable(why)) = refused else {
            panic!("{refused:?}");
        };
        assert!(why.contains("started again"), "{why}");
    }
    other.pragma_update(None, "user_version", known).unwrap();
    write(&store, |txn| txn.insert_leads(&[lead(9)]));
    assert_eq!(read(&store, |txn| txn.counts()).leads, 2);
}

#[test]
fn work_that_waits_is_done_before_closing_and_refused_after() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("leadkeep.sqlite");
    let store = open(&path);
    let waiting: Vec<_> = (1..=200)
        .map(|id| queue_write(&store, move |txn, _| Ok(txn.insert_leads(&[lead(id)])?)))
        .collect();
    store.close();
    for write in waiting {
        write.outcome().unwrap();
    }
    let refused = |outcome| matches!(outcome, Err(Rollback::Store(StoreError::Unavailable(_))));
    assert!(refused(try_write(&store, |txn, _| Ok(
        txn.insert_leads(&[lead(999)])?
    ))));
    assert!(refused(try_read(&store, |_, _| Ok(()))));
    store.close();
    drop(store);
    assert_eq!(read(&open(&path), |txn| txn.counts()).leads, 200);
}

#[test]
fn a_file_that_cannot_be_used_is_named_with_the_reason() {
    let directory = tempfile::tempdir().unwrap();
    let refused = |name: &str| {
        let error = SqliteStore::open(&directory.path().join(name), 1)
            .err()
            .unwrap();
        let text = error.to_string();
        assert!(text.contains(name), "{text}");
        text
    };
    let text = refused("missing/leadkeep.sqlite");
    assert!(text.contains("unable to open"), "{text}");

    std::fs::create_dir(directory.path().join("folder")).unwrap();
    refused("folder");

    std::fs::write(
        directory.path().join("letter.txt"),
        "Dear Sir, ".repeat(1_000),
    )
    .unwrap();
    let text = refused("letter.txt");
    assert!(text.contains("not a database"), "{text}");

    let theirs = Connection::open(directory.path().join("theirs.sqlite")).unwrap();
    theirs.execute_batch("CREATE TABLE theirs (x)").unwrap();
    let text = refused("theirs.sqlite");
    assert!(text.contains("another program"), "{text}");
    let tables: i64 = theirs
        .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
        .unwrap();
    assert_eq!(tables, 1, "and left alone");
}

#[test]
fn the_database_of_a_later_version_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("leadkeep.sqlite");
    one_lead(&open(&path), "a@example.com");
    let later = MIGRATIONS.len() + 1;
    Connection::open(&path)
        .unwrap()
        .pragma_update(None, "user_version", later)
        .unwrap();
    let error = SqliteStore::open(&path, 1).err().unwrap();
    assert!(
        matches!(error, OpenError::Newer { found, .. } if found == later),
        "{error}"
    );
}

#[test]
fn many_may_open_a_new_file_at_once() {
    for _ in 0..10 {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("leadkeep.sqlite");
        let together = std::sync::Barrier::new(6);
        std::thread::scope(|scope| {
            let start = || {
                together.wait();
                one_lead(&open(&path), "a@example.com")
            };
            let threads: Vec<_> = (0..6).map(|_| scope.spawn(start)).collect();
            let mut ids: Vec<_> = threads.into_iter().map(|t| t.join().unwrap()).collect();
            ids.sort_unstable();
            assert_eq!(ids, [1, 2, 3, 4, 5, 6], "each wrote, none over another");
        });
    }
}

#[test]
fn another_process_may_write_between() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("leadkeep.sqlite");
    let (server, command) = (open(&path), open(&path));
    std::thread::scope(|scope| {
        for store in [&server, &command] {
            scope.spawn(|| {
                for _ in 0..50 {
                    one_lead(store, "a@example.com");
                }
            });
        }
    });
    for store in [&server, &command] {
        assert_eq!(read(store, |txn| txn.counts()).leads, 100);
    }
}

/// What a read finds that lets another write in between, twice: `look` is what it does before that.
fn read_around_a_write<T: Send + 'static>(
    store: &SqliteStore,
    look: impl FnOnce(&mut dyn ReadTxn) -> T + Send + 'static,
) -> (T, u64) {
    let (begun, wait) = std::sync::mpsc::channel();
    let (go, written) = std::sync::mpsc::channel();
    let mut look = Some(look);
    std::thread::scope(|scope| {
        let reader = scope.spawn(|| {
            try_read(store, move |txn, _| {
                let before = look.take().unwrap()(txn);
                begun.send(()).unwrap();
                written.recv().unwrap();
                Ok((before, txn.counts()?.leads))
            })
        });
        wait.recv().unwrap();
        one_lead(store, "b@example.com");
        go.send(()).unwrap();
        reader.join().unwrap().unwrap()
    })
}

#[test]
fn a_read_stays_at_its_point_in_time_while_others_write() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(&directory.path().join("leadkeep.sqlite"));
    one_lead(&store, "a@example.com");
    let (before, after) = read_around_a_write(&store, |txn| txn.counts().unwrap().leads);
    assert_eq!((before, after), (1, 1));
    assert_eq!(read(&store, |txn| txn.counts()).leads, 2);
    // From its beginning on, also if it asks for nothing before the write, and after a statement that failed.
    let ((), after) = read_around_a_write(&store, |_| ());
    assert_eq!(after, 2);
    let outside = Connection::open(directory.path().join("leadkeep.sqlite")).unwrap();
    outside
        .execute("UPDATE lead SET attrs = 'no json' WHERE id = 1", [])
        .unwrap();
    let (failed, after) = read_around_a_write(&store, |txn| txn.leads(&[LeadId(1)]).is_err());
    assert!(failed);
    assert_eq!(after, 3);
    assert_eq!(read(&store, |txn| txn.counts()).leads, 4);
}

#[test]
fn rows_that_somebody_else_broke_are_an_error_and_no_panic() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("leadkeep.sqlite");
    let store = open(&path);
    one_lead(&store, "a@example.com");
    write(&store, |txn| {
        txn.attach_foreign_ids(&[(custom("x"), LeadId(1))])
    });
    let whole = read(&store, |txn| txn.leads(&[LeadId(1)]));
    let outside = Connection::open(&path).unwrap();
    for (broken, repaired) in [
        (
            "UPDATE lead SET attrs = 'no json'",
            "UPDATE lead SET attrs = '{}'",
        ),
        (
            "UPDATE lead SET attrs = '[1]'",
            "UPDATE lead SET attrs = '{}'",
        ),
        (
            "UPDATE lead SET attrs = '{\"a\":1}'",
            "UPDATE lead SET attrs = '{}'",
        ),
        (
            "UPDATE lead SET attrs = x'ff'",
            "UPDATE lead SET attrs = '{}'",
        ),
        (
            "UPDATE lead SET created_at = 'x'",
            "UPDATE lead SET created_at = 0",
        ),
        (
            "UPDATE lead SET updated_at = 9e18",
            "UPDATE lead SET updated_at = 0",
        ),
        (
            "UPDATE lead SET email = 7.5, anonymous = 'x'",
            "UPDATE lead SET email = NULL, anonymous = 0",
        ),
        (
            "UPDATE foreign_id SET system = 'SAP'",
            "UPDATE foreign_id SET system = 'CUSTOM'",
        ),
    ] {
        assert_eq!(outside.execute(broken, []).unwrap(), 1);
        let found = try_read(&store, |txn, _| Ok(txn.leads(&[LeadId(1)])?));
        assert!(
            matches!(found, Err(Rollback::Store(StoreError::Corrupt(_)))),
            "{broken}: {found:?}"
        );
        outside.execute(repaired, []).unwrap();
        assert_eq!(read(&store, |txn| txn.leads(&[LeadId(1)])).len(), 1);
    }
    assert!(whole[0].foreign_id.is_some());
}

#[test]
fn merges_in_a_circle_have_no_winner() {
    // COM-12: nobody writes such rows, but who finds them must not walk forever.
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("leadkeep.sqlite");
    let store = open(&path);
    one_lead(&store, "a@example.com");
    Connection::open(&path)
        .unwrap()
        .execute_batch(
            "INSERT INTO merged_lead VALUES (7, 8), (8, 1), (20, 21), (30, 31), (31, 30);",
        )
        .unwrap();
    let winners = read(&store, |txn| {
        txn.merge_winners(&[1, 7, 8, 20, 30].map(LeadId))
    });
    let to = |loser, winner| (LeadId(loser), LeadId(winner));
    assert_eq!(winners, [to(7, 1), to(8, 1), to(20, 21)]);
}

#[test]
fn people_can_read_leads_by_sql() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("leadkeep.sqlite");
    let store = open(&path);
    one_lead(&store, "George@Example.com");
    write(&store, |txn| {
        txn.attach_foreign_ids(&[(custom("old"), LeadId(1)), (custom("new"), LeadId(1))])?;
        let mut lead = txn.leads(&[LeadId(1)])?.remove(0);
        lead.attrs = attrs(&[("FirstName", "George"), ("City", "own")]);
        lead.created_at = at(0);
        txn.update_leads(&[lead])
    });
    let row: [String; 6] = Connection::open(&path)
        .unwrap()
        .query_row(
            "SELECT email, foreign_id, attrs ->> 'FirstName', attrs ->> 'Company', attrs ->> 'City', created_at \
             FROM leads WHERE id = 1",
            [],
            |row| Ok(std::array::from_fn(|column| row.get(column).unwrap())),
        )
        .unwrap();
    let expected = [
        "George@Example.com",
        "new",
        "George",
        "ACME",
        "own",
        "2013-01-01 00:00:00",
    ];
    assert_eq!(row, expected);
}

#[test]
fn the_size_counts_what_is_not_yet_checkpointed() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("leadkeep.sqlite");
    let store = open(&path);
    let before = store.size_bytes().unwrap();
    assert!(before > 0);
    for _ in 0..20 {
        one_lead(&store, "a@example.com");
    }
    assert!(store.size_bytes().unwrap() > before);
}

/// The number of leads in the file alone, as if there were no log.
fn leads_in_the_file(path: &Path) -> i64 {
    let alone = format!("file:{}?immutable=1", path.display());
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
    let connection = Connection::open_with_flags(alone, flags).unwrap();
    let count = connection.query_row("SELECT count(*) FROM lead", [], |row| row.get(0));
    // A file that is being written may look broken for the moment.
    count.unwrap_or(-1)
}

#[test]
fn what_is_committed_reaches_the_file_while_the_store_is_open() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("leadkeep.sqlite");
    let store = open(&path);
    for round in 1..=3 {
        one_lead(&store, "a@example.com");
        let started = Instant::now();
        while leads_in_the_file(&path) != round {
            assert!(
                started.elapsed() < Duration::from_secs(60),
                "lead {round} stays in the log"
            );
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

#[test]
fn the_log_is_begun_anew_under_load() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("leadkeep.sqlite");
    let store = open(&path);
    one_lead(&store, "a@example.com");
    let log = path.with_extension("sqlite-wal");
    let mut largest = 0;
    // 100 MB of commits, one right after the other.
    for round in 0..250 {
        let value = round.to_string().repeat(400_000);
        write(&store, move |txn| {
            let mut leads = txn.leads(&[LeadId(1)])?;
            leads[0].attrs = attrs(&[("Notes", &value[..400_000])]);
            txn.update_leads(&leads)
        });
        largest = largest.max(std::fs::metadata(&log).unwrap().len());
    }
    assert!(largest < 64_000_000, "the log has grown to {largest} bytes");
}

/// A read that reads again while it runs, so often; says who ran, the innermost first.
struct Nested {
    store: std::sync::Arc<SqliteStore>,
    depth: usize,
    ran: std::sync::mpsc::Sender<(usize, std::thread::ThreadId, u64)>,
}

impl ReadWork for Nested {
    fn run(&mut self, txn: &mut dyn ReadTxn, _: jiff::Timestamp) -> Result<(), Rollback> {
        if self.depth > 0 {
            self.store.read_few(Box::new(Nested {
                store: self.store.clone(),
                depth: self.depth - 1,
                ran: self.ran.clone(),
            }));
        }
        let ran = (self.depth, std::thread::current().id(), txn.counts()?.leads);
        self.ran.send(ran).unwrap();
        Ok(())
    }

    fn done(self: Box<Self>, result: Result<(), Rollback>) {
        result.unwrap();
    }
}

#[test]
fn reads_of_a_few_rows_run_at_once_or_are_queued() {
    let directory = tempfile::tempdir().unwrap();
    let store = std::sync::Arc::new(open(&directory.path().join("leadkeep.sqlite")));
    one_lead(&store, "a@example.com");
    let (ran, heard) = std::sync::mpsc::channel();
    // Two connections are at hand; the third read finds none and goes to another thread.
    store.read_few(Box::new(Nested {
        store: store.clone(),
        depth: 2,
        ran,
    }));
    let mut ran: Vec<_> = heard.iter().collect();
    ran.sort_by_key(|(depth, ..)| *depth);
    let own = std::thread::current().id();
    let on_own: Vec<_> = ran.iter().map(|(_, thread, _)| *thread == own).collect();
    assert_eq!(on_own, [false, true, true]);
    assert!(ran.iter().all(|(.., leads)| *leads == 1));
    store.close();
    let files = std::fs::read_dir(directory.path()).unwrap().count();
    assert_eq!(files, 1, "connections at hand are closed too");
}

/// The log stands beside the file itself, not beside a link to it.
#[cfg(unix)]
#[test]
fn the_file_may_be_a_link() {
    let directory = tempfile::tempdir().unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let path = directory.path().join("leadkeep.sqlite");
    std::os::unix::fs::symlink(elsewhere.path().join("own.sqlite"), &path).unwrap();
    // What an earlier file has left here is none of it.
    std::fs::write(directory.path().join("leadkeep.sqlite-wal"), "").unwrap();
    let store = open(&path);
    assert_eq!(one_lead(&store, "a@example.com"), 1);
    let log = elsewhere.path().join("own.sqlite-wal").metadata().unwrap();
    let file = elsewhere.path().join("own.sqlite").metadata().unwrap();
    assert_eq!(store.size_bytes().unwrap(), file.len() + log.len());
}
