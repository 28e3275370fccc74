//! Numbered changes of the tables, run at start, in one transaction, never backwards.

use crate::error::OpenError;
use crate::statements::value;
use leadkeep_core::store::StoreError;
use rusqlite::{Connection, TransactionBehavior};
use std::path::Path;

/// The changes, in order; the number of a change is its place, from 1, and `user_version` is that of the last one that a
/// file has had. Those that were released never change.
pub const MIGRATIONS: &[&str] = &[
    include_str!("../migrations/0001_tables.sql"),
    include_str!("../migrations/0002_histories_and_lists.sql"),
    include_str!("../migrations/0003_imports.sql"),
    include_str!("../migrations/0004_campaigns.sql"),
    include_str!("../migrations/0005_limits.sql"),
    include_str!("../migrations/0006_addresses.sql"),
    include_str!("../migrations/0007_admins.sql"),
    include_str!("../migrations/0008_writer.sql"),
    include_str!("../migrations/0009_latest_addresses.sql"),
];

/// Brings a database to the last schema. Several processes may do so at once: the first one does it.
pub(crate) fn migrate(connection: &mut Connection, path: &Path) -> Result<(), OpenError> {
    migrate_to(connection, path, MIGRATIONS)
}

/// Refuses a database that a later version has changed since it was opened: it may look for rows where this one does not put them, and
/// put them where this one does not look.
///
/// # Errors
/// [`StoreError::Unavailable`] then, and those of the database.
pub(crate) fn must_be_known(connection: &Connection) -> Result<(), StoreError> {
    match value::<usize>(connection, "PRAGMA user_version", [])? {
        known if known == MIGRATIONS.len() => Ok(()),
        found => Err(StoreError::Unavailable(format!(
            "another leadkeep has changed the database to schema {found}, and this one knows {}; it reads and \
             writes nothing more, and is to be started again with that version",
            MIGRATIONS.len()
        ))),
    }
}

fn migrate_to(
    connection: &mut Connection,
    path: &Path,
    migrations: &[&str],
) -> Result<(), OpenError> {
    let open = |error: rusqlite::Error| OpenError::open(path, error);
    // Without the lock that writers take, so that opening a database in use is quick.
    if found(connection, path, migrations)? == migrations.len() {
        return Ok(());
    }
    let txn = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(open)?;
    let found = found(&txn, path, migrations)?;
    let tables: i64 = txn
        .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
        .map_err(open)?;
    if found == 0 && tables > 0 {
        let reason = "it is the SQLite database of another program";
        return Err(OpenError::open(path, reason));
    }
    for migration in &migrations[found..] {
        txn.execute_batch(migration).map_err(open)?;
    }
    txn.pragma_update(None, "user_version", migrations.len())
        .map_err(open)?;
    txn.commit().map_err(open)
}

/// The schema of a database of leadkeep, which must be one that is known here.
pub(crate) fn known_version(connection: &Connection, path: &Path) -> Result<usize, OpenError> {
    match found(connection, path, MIGRATIONS)? {
        0 => Err(OpenError::open(path, "it is no database of leadkeep")),
        version => Ok(version),
    }
}

/// The schema of a database, which must be one that is known here.
fn found(connection: &Connection, path: &Path, migrations: &[&str]) -> Result<usize, OpenError> {
    let found = connection
        .pragma_query_value(None, "user_version", |row| row.get(0))
        .map_err(|error| OpenError::open(path, error))?;
    if found > migrations.len() {
        return Err(OpenError::Newer {
            found,
            known: migrations.len(),
        });
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    const STEPS: [&str; 3] = [
        "CREATE TABLE a (id INTEGER PRIMARY KEY); INSERT INTO a VALUES (1);",
        "ALTER TABLE a ADD COLUMN b TEXT; UPDATE a SET b = 'x';",
        "CREATE INDEX a_b ON a (b); INSERT INTO a VALUES (2, 'y');",
    ];

    fn database() -> Connection {
        let connection = Connection::open_in_memory().unwrap();
        crate::configure(&connection).unwrap();
        connection
    }

    fn run(connection: &mut Connection, migrations: &[&str]) -> Result<(), OpenError> {
        migrate_to(connection, Path::new("test"), migrations)
    }

    /// The schema and the rows of `a`, and the version.
    fn dump(connection: &Connection) -> Vec<String> {
        let sql = "SELECT coalesce(sql, name) FROM sqlite_schema \
                   UNION ALL SELECT id || ':' || b FROM a \
                   UNION ALL SELECT user_version FROM pragma_user_version ORDER BY 1";
        let mut statement = connection.prepare(sql).unwrap();
        let rows = statement.query_map([], |row| row.get::<_, rusqlite::types::Value>(0));
        rows.unwrap().map(|row| format!("{row:?}")).collect()
    }

    #[test]
    fn a_fresh_schema_is_that_of_all_changes_in_turn() {
        let mut fresh = database();
        run(&mut fresh, &STEPS).unwrap();
        let mut grown = database();
        for known in 1..=STEPS.len() {
            run(&mut grown, &STEPS[..known]).unwrap();
            run(&mut grown, &STEPS[..known]).unwrap();
        }
        assert_eq!(dump(&grown), dump(&fresh));
        assert_eq!(dump(&fresh).len(), 5);
    }

    #[test]
    fn a_change_that_fails_leaves_the_database_as_it_was() {
        let mut connection = database();
        run(&mut connection, &STEPS[..1]).unwrap();
        let before = connection.total_changes();
        let wrong = [STEPS[0], STEPS[1], "CREATE TABLE a (x)"];
        let error = run(&mut connection, &wrong).unwrap_err().to_string();
        assert!(
            error.contains("test") && error.contains("already exists"),
            "{error}"
        );
        run(&mut connection, &STEPS[..1]).unwrap();
        assert!(
            connection.prepare("SELECT b FROM a").is_err(),
            "no second change"
        );
        assert!(connection.total_changes() > before, "it had been tried");
        run(&mut connection, &STEPS).unwrap();
    }

    #[test]
    fn never_backwards() {
        let mut connection = database();
        run(&mut connection, &STEPS).unwrap();
        let error = run(&mut connection, &STEPS[..2]).unwrap_err();
        assert!(
            matches!(error, OpenError::Newer { found: 3, known: 2 }),
            "{error}"
        );
        assert_eq!(dump(&connection).len(), 5);
    }

    #[test]
    fn databases_of_others_stay_theirs() {
        let mut connection = database();
        connection.execute_batch("CREATE TABLE theirs (x)").unwrap();
        let error = run(&mut connection, &STEPS).unwrap_err().to_string();
        assert!(error.contains("another program"), "{error}");
    }

    /// The hash of `a@x.com`, which never changes, and its lead.
    const A_AT_X: &str = "4043840412745915697 1";

    /// What a database of each version may hold that later changes touch.
    const ROWS: [&str; 6] = [
        "INSERT INTO company VALUES (1, NULL, '{}');
         INSERT INTO lead VALUES (1, 'A@x.com', 'a@x.com', '{\"City\":\"Bonn\"}', 1, 1, 0, 5, 6);
         INSERT INTO foreign_id VALUES ('F', 'CUSTOM', 1, 1);
         INSERT INTO static_list VALUES (7, 'List', NULL);
         INSERT INTO activity VALUES (1, 1, 100, 13, 'City', '[]', NULL), (2, 1, 70, 1, NULL, '[]', NULL),
             (3, 1, 90, 12, NULL, '[]', 'C');
         UPDATE sequence SET next = 2 WHERE name = 'lead';",
        "INSERT INTO list_member VALUES (7, 1, 50);
         INSERT INTO lead_cookie VALUES ('t', '', 1);",
        "INSERT INTO import (id, list_id, plan, state, accepted_at, rows, imported, failed, ignored)
             VALUES (1, 7, '{}', 'PROCESSING', 5, 2, 0, 0, 0);
         INSERT INTO import_row VALUES (1, 1, 'a'), (1, 2, 'b');",
        "INSERT INTO row_token VALUES (4, 1, '[]');
         INSERT INTO campaign_run VALUES (1, 4, 60, '[]', 1, 50, 0, NULL);
         INSERT INTO campaign_task VALUES (1, 4, 1, 2, 0, '[]', '[]', 1, 70, 0, NULL, 55);",
        "INSERT INTO call_usage VALUES ('ann', '2026-07-01', 9, '[1782907200123]');",
        "INSERT INTO address_new VALUES (5, 2);",
    ];

    /// A database of any version becomes that of the last, and loses nothing.
    #[test]
    fn rows_of_every_version_come_along() {
        let schema = |connection: &Connection| -> Vec<String> {
            let sql = "SELECT type || name || coalesce(sql, '') FROM sqlite_schema ORDER BY 1";
            let mut statement = connection.prepare(sql).unwrap();
            let rows = statement.query_map([], |row| row.get(0)).unwrap();
            rows.map(Result::unwrap).collect()
        };
        let mut fresh = database();
        run(&mut fresh, MIGRATIONS).unwrap();
        for known in 1..=MIGRATIONS.len() {
            let mut grown = database();
            for (version, rows) in (1..=known).zip(ROWS) {
                run(&mut grown, &MIGRATIONS[..version]).unwrap();
                grown.execute_batch(rows).unwrap();
            }
            run(&mut grown, MIGRATIONS).unwrap();
            assert_eq!(schema(&grown), schema(&fresh), "from {known}");
            let value = |sql: &str| -> String {
                let text = format!("SELECT CAST(({sql}) AS TEXT)");
                grown.query_row(&text, [], |row| row.get(0)).unwrap()
            };
            for (since, sql, expected) in [
                (
                    1,
                    "SELECT email || attrs FROM lead",
                    "A@x.com{\"City\":\"Bonn\"}",
                ),
                (1, "SELECT lead_id FROM foreign_id", "1"),
                (1, "SELECT hash || ' ' || lead_id FROM address", A_AT_X),
                (
                    1,
                    "SELECT count(*) || ' ' || sum(id * at) FROM activity",
                    "3 510",
                ),
                (
                    1,
                    "SELECT latest || ' ' || lateness FROM activity_times",
                    "100 30",
                ),
                (1, "SELECT next FROM sequence WHERE name = 'lead'", "2"),
                (1, "SELECT next FROM sequence WHERE name = 'task'", "1"),
                (
                    2,
                    "SELECT list_id || ' ' || lead_id || ' ' || leaving FROM list_member",
                    "7 1 0",
                ),
                (2, "SELECT lead_id FROM lead_cookie", "1"),
                (3, "SELECT group_concat(text) FROM import_row", "a,b"),
                (4, "SELECT lead_id FROM row_token", "1"),
                (4, "SELECT run_at FROM campaign_run", "60"),
                (4, "SELECT due_at FROM campaign_task", "70"),
                (
                    5,
                    "SELECT user_id || day || calls || recent FROM call_usage",
                    "ann2026-07-019[1782907200123]",
                ),
            ] {
                // What came before its version was not written here, but for the times of activities.
                if since <= known && !(since == 1 && known > 1 && sql.contains("activity_times")) {
                    assert_eq!(value(sql), expected, "from {known}: {sql}");
                }
            }
        }
    }
}
