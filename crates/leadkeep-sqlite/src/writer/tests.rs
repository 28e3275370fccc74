//! What a database can do to a group of calls.

use super::*;
use crate::database::configure;
use crate::migrate::MIGRATIONS;
use leadkeep_core::attrs::Attrs;
use leadkeep_core::ids::{CompanyId, LeadId, PartitionId};
use leadkeep_core::store::{Lead, WriteTxn};
use std::sync::mpsc::{Sender, channel};

type Answers = Sender<(i64, Result<(), Rollback>)>;

/// Inserts leads with long addresses; changes its mind when it is done if it is number 7, and panics when it hears of its
/// result if it is number 13.
struct Insert {
    first: i64,
    count: i64,
    answers: Answers,
}

impl WriteWork for Insert {
    fn run(&mut self, txn: &mut dyn WriteTxn, now: Timestamp) -> Result<(), Rollback> {
        let lead = |id| Lead {
            id: LeadId(id),
            email: Some(format!("{id}@{}", "x".repeat(1_000))),
            foreign_id: None,
            attrs: Attrs::new(),
            company: CompanyId(1),
            partition: PartitionId(1),
            anonymous: false,
            created_at: now,
            updated_at: now,
        };
        let leads: Vec<_> = (self.first..self.first + self.count).map(lead).collect();
        txn.insert_leads(&leads)?;
        match self.first {
            7 => Err(Rollback::Refused),
            _ => Ok(()),
        }
    }

    fn done(self: Box<Self>, result: Result<(), Rollback>) {
        self.answers.send((self.first, result)).unwrap();
        assert_ne!(self.first, 13, "on purpose");
    }
}

fn database() -> (tempfile::TempDir, Connection) {
    let directory = tempfile::tempdir().unwrap();
    let connection = Connection::open(directory.path().join("leadkeep.sqlite")).unwrap();
    configure(&connection).unwrap();
    for migration in MIGRATIONS {
        connection.execute_batch(migration).unwrap();
    }
    (directory, connection)
}

/// Runs calls of one group: the first id of each, and how many leads it inserts.
fn run(connection: &Connection, calls: &[(i64, i64)]) -> Vec<(i64, Result<(), Rollback>)> {
    let (answers, heard) = channel();
    let (works, queue) = channel();
    for (first, count) in calls {
        let work: Box<dyn WriteWork> = Box::new(Insert {
            first: *first,
            count: *count,
            answers: answers.clone(),
        });
        works.send(work).unwrap();
    }
    drop((works, answers));
    write_loop(
        connection,
        &queue,
        &Clock::default(),
        &Committed::channel().0,
    );
    heard.iter().collect()
}

fn stored(connection: &Connection) -> i64 {
    connection
        .query_row("SELECT count(*) FROM lead", [], |row| row.get(0))
        .unwrap()
}

#[test]
fn com_39_a_commit_that_fails_fails_every_call_of_the_group() {
    let (_directory, connection) = database();
    // A deferred key is checked by nothing but the commit.
    connection
        .execute_batch(
            "PRAGMA foreign_keys = ON;
             CREATE TABLE parent (id INTEGER PRIMARY KEY);
             CREATE TABLE child (id INTEGER REFERENCES parent DEFERRABLE INITIALLY DEFERRED);
             CREATE TRIGGER orphan AFTER INSERT ON lead WHEN new.id = 2 BEGIN INSERT INTO child VALUES (1); END;",
        )
        .unwrap();
    let heard = run(&connection, &[(1, 1), (2, 1), (3, 1)]);
    assert_eq!(heard.len(), 3);
    for (_, result) in heard {
        let failed = matches!(&result, Err(Rollback::Store(StoreError::Failed(why))) if why.contains("FOREIGN KEY"));
        assert!(failed, "{result:?}");
    }
    assert_eq!(stored(&connection), 0);
    assert!(run(&connection, &[(4, 1)])[0].1.is_ok(), "and it goes on");
    assert_eq!(stored(&connection), 1);
}

#[test]
fn a_full_disk_is_said_and_loses_nothing() {
    let (_directory, connection) = database();
    assert!(run(&connection, &[(1, 10)])[0].1.is_ok());
    let pages: i64 = connection
        .pragma_query_value(None, "page_count", |row| row.get(0))
        .unwrap();
    connection
        .pragma_update(None, "max_page_count", pages + 20)
        .unwrap();
    let heard = run(&connection, &[(101, 1), (201, 1_000), (301, 1)]);
    assert_eq!(heard.len(), 3, "every call hears of its end: {heard:?}");
    let full = |result: &Result<(), Rollback>| matches!(result, Err(Rollback::Store(StoreError::Failed(why))) if why.contains("full"));
    assert!(full(&heard[1].1), "{heard:?}");
    let kept = heard.iter().filter(|(_, result)| result.is_ok()).count();
    assert_eq!(stored(&connection), 10 + i64::try_from(kept).unwrap());
    connection
        .pragma_update(None, "max_page_count", 1_000_000)
        .unwrap();
    assert!(
        run(&connection, &[(1_001, 1_000)])[0].1.is_ok(),
        "with room it goes on"
    );
}

#[test]
fn the_thread_outlives_an_owner_that_panics() {
    let (_directory, connection) = database();
    let heard = run(&connection, &[(13, 1), (14, 1)]);
    assert_eq!(heard.len(), 2);
    assert_eq!(stored(&connection), 2);
}

#[test]
fn groups_end_and_nobody_is_forgotten() {
    let (_directory, connection) = database();
    let calls: Vec<_> = (0..200).map(|call| (1 + call * 10, call % 3)).collect();
    let heard = run(&connection, &calls);
    assert!(heard.iter().all(|(_, result)| result.is_ok()));
    let firsts: Vec<_> = heard.iter().map(|(first, _)| (*first - 1) / 10).collect();
    assert_eq!(firsts, (0..200).collect::<Vec<_>>(), "in order");
    assert_eq!(
        stored(&connection),
        calls.iter().map(|(_, count)| count).sum::<i64>()
    );
}

#[test]
fn com_39_a_call_that_fails_after_it_has_written_undoes_its_own_work_only() {
    let (_directory, connection) = database();
    // The last two name an id that is there by then, before anything of theirs is written and after.
    let heard = run(
        &connection,
        &[(1, 2), (7, 3), (20, 2), (20, 1), (19, 2), (30, 1)],
    );
    let refused: Vec<_> = heard
        .iter()
        .filter(|(_, result)| result.is_err())
        .map(|(first, _)| *first)
        .collect();
    assert_eq!(refused, [7, 20, 19]);
    let mut statement = connection
        .prepare("SELECT id FROM lead ORDER BY id")
        .unwrap();
    let ids = statement.query_map([], |row| row.get(0)).unwrap();
    let ids: Vec<i64> = ids.map(Result::unwrap).collect();
    assert_eq!(ids, [1, 2, 20, 21, 30]);
}
