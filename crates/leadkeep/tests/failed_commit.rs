//! What a server knows of definitions that a commit did not bring to the disk.

use leadkeep_core::provision::{UserError, user_add};
use leadkeep_core::schema::SchemaCache;
use leadkeep_server::run_write_with_schema;
use leadkeep_sqlite::{SqliteStore, database_path};
use std::sync::Arc;
use std::sync::mpsc::channel;

/// COM-39: another call of the group has seen a user whose commit fails. Nobody else ever does, and the next definitions, which
/// get the same version, are not taken for those.
#[test]
fn com_39_definitions_that_were_not_committed_are_known_to_nobody() {
    let directory = tempfile::tempdir().unwrap();
    let path = database_path(directory.path());
    let store = Arc::new(SqliteStore::open(&path, 1).unwrap());
    // A deferred key is checked by nothing but the commit.
    rusqlite::Connection::open(&path)
        .unwrap()
        .execute_batch(
            "CREATE TABLE parent (id INTEGER PRIMARY KEY);
             CREATE TABLE child (id INTEGER REFERENCES parent DEFERRABLE INITIALLY DEFERRED);
             CREATE TRIGGER orphan AFTER INSERT ON definition WHEN new.name = 'mallory'
                 BEGIN INSERT INTO child VALUES (1); END;",
        )
        .unwrap();
    let schemas = Arc::new(SchemaCache::new());
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let add = |name: &'static str| {
        let (store, schemas) = (store.clone(), schemas.clone());
        async move {
            run_write_with_schema(&*store, &schemas, move |txn, schema, now| {
                user_add(txn, schema, now, name, Some("k"), "", &mut String::new)
            })
            .await
        }
    };
    let look = |mut look: Box<dyn FnMut(bool) + Send>| {
        let (store, schemas) = (store.clone(), schemas.clone());
        async move {
            run_write_with_schema(&*store, &schemas, move |_, schema, _| {
                look(schema.user("mallory").is_some());
                Ok::<_, UserError>(())
            })
            .await
        }
    };
    runtime.block_on(look(Box::new(|_| {}))).unwrap();
    let mut attempts = 0..50;
    // Until both happen to be in one group.
    let is_seen = attempts.any(|_| {
        runtime.block_on(async {
            let ((go, wait), (says, seen)) = (channel::<()>(), channel());
            // What comes while it waits is mostly taken together.
            let first = tokio::spawn(look(Box::new(move |_| wait.recv().unwrap())));
            let second = tokio::spawn(add("mallory"));
            let third = tokio::spawn(look(Box::new(move |is_there| says.send(is_there).unwrap())));
            tokio::task::yield_now().await;
            go.send(()).unwrap();
            // It may be in their group.
            let _ = first.await.unwrap();
            assert!(second.await.unwrap().is_err());
            let third = third.await.unwrap();
            let is_seen = seen.try_iter().any(|is_there| is_there);
            assert_eq!(third.is_err(), is_seen, "who has seen it fails");
            is_seen
        })
    });
    assert!(is_seen);
    let knows = |name: &str| schemas.latest().unwrap().user(name).is_some();
    assert!(!knows("mallory"));
    runtime.block_on(add("ann")).unwrap();
    runtime.block_on(look(Box::new(|_| {}))).unwrap();
    assert!(!knows("mallory") && knows("ann"));
}
