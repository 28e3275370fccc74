//! What administrators define.

use super::support::{TEXTS, at, read, write, write_then_read};
use crate::store::{Definition, DefinitionKind, Store};

fn definition(kind: DefinitionKind, name: &str, body: &str) -> Definition {
    Definition {
        kind,
        name: name.to_owned(),
        body: body.to_owned(),
        updated_at: at(1),
    }
}

/// One that is put again keeps its place.
pub fn come_by_kind_then_in_the_order_of_their_first_put(store: &dyn Store) {
    use DefinitionKind::{Campaign, Field, Settings};
    let again = Definition {
        updated_at: at(9),
        ..definition(Field, "b", "{\"v\":2}")
    };
    let given = again.clone();
    let found = write_then_read(
        store,
        move |txn| {
            txn.put_definitions(&[
                definition(Campaign, "1", "{}"),
                definition(Field, "b", "{\"v\":1}"),
                definition(Field, "a", "{}"),
            ])?;
            txn.put_definitions(&[
                definition(Field, "c", "{}"),
                given.clone(),
                definition(Settings, "b", "[]"),
            ])
        },
        |txn| txn.definitions(),
    );
    let expected = [
        definition(Settings, "b", "[]"),
        again,
        definition(Field, "a", "{}"),
        definition(Field, "c", "{}"),
        definition(Campaign, "1", "{}"),
    ];
    assert_eq!(found, expected);
}

/// Each kind, so that every kind can be read; an empty put is no change.
pub fn every_change_raises_the_version(store: &dyn Store) {
    assert_eq!(read(store, |txn| txn.definitions()), []);
    let mut last = read(store, |txn| txn.schema_version());
    for kind in DefinitionKind::ALL {
        let version = write_then_read(
            store,
            move |txn| txn.put_definitions(&[definition(kind, "x", "{}")]),
            |txn| txn.schema_version(),
        );
        assert!(version > last, "{kind:?}");
        last = version;
    }
    let kinds = read(store, |txn| txn.definitions()).into_iter();
    let kinds: Vec<_> = kinds.map(|found| found.kind).collect();
    assert_eq!(kinds, DefinitionKind::ALL);
    write(store, |txn| txn.put_definitions(&[]));
    assert_eq!(read(store, |txn| txn.schema_version()), last);
}

/// Folding is the schema's work.
pub fn names_are_compared_exactly(store: &dyn Store) {
    let names: Vec<&str> = TEXTS.into_iter().chain(["Plain", "plain "]).collect();
    let definitions: Vec<_> = names
        .iter()
        .map(|name| definition(DefinitionKind::Tag, name, &format!("{{\"n\":{name:?}}}")))
        .collect();
    let given = definitions.clone();
    let found = write_then_read(
        store,
        move |txn| txn.put_definitions(&given),
        |txn| txn.definitions(),
    );
    assert_eq!(found, definitions);
}
