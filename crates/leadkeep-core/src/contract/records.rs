//! Records of custom object types.

use super::support::{at, attrs, read, refused, write, write_then_read};
use crate::ids::{ObjectTypeId, RecordId};
use crate::store::{Record, Store};

/// One condition of a filter.
type Condition<'a> = (&'a str, &'a [&'a str]);

fn record(id: i64, object: i64, key: &str, lookup: &[(&str, &str)]) -> Record {
    Record {
        id: RecordId(id),
        object: ObjectTypeId(object),
        key: key.to_owned(),
        lookup: lookup
            .iter()
            .map(|(field, value)| ((*field).to_owned(), (*value).to_owned()))
            .collect(),
        attrs: attrs(lookup),
        created_at: at(id),
        updated_at: at(id),
    }
}

fn by_key(store: &dyn Store, object: i64, keys: &[&str]) -> Vec<Option<Record>> {
    let keys: Vec<_> = keys.iter().map(|key| (*key).to_owned()).collect();
    read(store, move |txn| {
        txn.records_by_key(ObjectTypeId(object), &keys)
    })
}

/// The ids of a page; the count must agree with the page that has no limit.
fn page(
    store: &dyn Store,
    object: i64,
    filter: &[Condition<'_>],
    after: Option<&str>,
    limit: usize,
) -> Vec<i64> {
    let filter: Vec<(String, Vec<String>)> = filter
        .iter()
        .map(|(field, values)| {
            let values = values.iter().map(|value| (*value).to_owned());
            ((*field).to_owned(), values.collect())
        })
        .collect();
    let after = after.map(str::to_owned);
    read(store, move |txn| {
        let (object, after) = (ObjectTypeId(object), after.as_deref());
        let all = txn.records_after(object, &filter, after, usize::MAX)?;
        assert_eq!(txn.count_records(object, &filter, after)?, all.len() as u64);
        let page = txn.records_after(object, &filter, after, limit)?;
        assert_eq!(page, all[..limit.min(all.len())]);
        Ok(page.into_iter().map(|record| record.id.0).collect())
    })
}

/// Look-ups come back in the order of their fields.
pub fn come_back_as_written(store: &dyn Store) {
    let full = Record {
        attrs: attrs(&[("rid", "R1"), ("Colour", "red")]),
        created_at: at(3),
        updated_at: at(4),
        ..record(1, 1, "r1", &[("MKTOID", "7"), ("rid", "r1")])
    };
    let given = Record {
        lookup: full.lookup.iter().rev().cloned().collect(),
        ..full.clone()
    };
    let found = write_then_read(
        store,
        move |txn| txn.insert_records(&[given.clone(), record(2, 1, "r2", &[])]),
        |txn| {
            let keys = ["r2", "x", "r1", "r2", "R1"].map(str::to_owned);
            txn.records_by_key(ObjectTypeId(1), &keys)
        },
    );
    let second = || Some(record(2, 1, "r2", &[]));
    assert_eq!(found, [second(), None, Some(full), second(), None]);
}

/// The same key in two types is two records.
pub fn types_are_apart(store: &dyn Store) {
    let one = record(1, 1, "k", &[("MKTOID", "7")]);
    let two = record(2, 2, "k", &[("MKTOID", "7")]);
    let given = [one.clone(), two.clone()];
    write(store, move |txn| txn.insert_records(&given));
    assert_eq!(by_key(store, 1, &["k"]), [Some(one)]);
    assert_eq!(by_key(store, 2, &["k"]), [Some(two)]);
    assert_eq!(by_key(store, 3, &["k"]), [None]);
    assert_eq!(page(store, 2, &[("MKTOID", &["7"])], None, 9), [2]);
    assert_eq!(page(store, 1, &[], None, 9), [1]);
}

/// GCO-8: by byte, whatever the ids; an empty key is a key.
pub fn come_in_the_order_of_their_keys(store: &dyn Store) {
    let keys = [
        "b",
        "a",
        "B",
        "\u{e4}",
        "ab",
        "",
        "a\u{1}b",
        "\u{1F600}",
        "\u{FFFD}",
    ];
    write(store, move |txn| {
        let records: Vec<_> = (1..)
            .zip(keys)
            .map(|(id, key)| record(id, 1, key, &[]))
            .collect();
        txn.insert_records(&records)
    });
    let mut sorted: Vec<_> = (1..).zip(keys).collect();
    sorted.sort_by_key(|(_, key)| *key);
    let ids: Vec<i64> = sorted.into_iter().map(|(id, _)| id).collect();
    assert_eq!(page(store, 1, &[], None, usize::MAX), ids);
    assert_eq!(page(store, 1, &[], None, 3), ids[..3]);
    assert_eq!(page(store, 1, &[], Some(""), 99), ids[1..]);
}

/// GCO-21.
pub fn go_on_after_a_key(store: &dyn Store) {
    write(store, |txn| {
        let records: Vec<_> = (1..=6)
            .map(|id| {
                let colour = if id % 2 == 0 { "even" } else { "odd" };
                record(id, 1, &format!("k{id}"), &[("Colour", colour)])
            })
            .collect();
        txn.insert_records(&records)
    });
    assert_eq!(page(store, 1, &[], Some("k2"), 2), [3, 4]);
    assert_eq!(page(store, 1, &[], Some("k21"), 2), [3, 4]);
    assert_eq!(
        page(store, 1, &[("Colour", &["odd"])], Some("k1"), 9),
        [3, 5]
    );
    assert!(page(store, 1, &[], Some("k6"), 9).is_empty());
    assert!(page(store, 1, &[], None, 0).is_empty());
}

/// GCO-13: all fields, of each any of the values.
pub fn filters_match_all_fields_and_any_value(store: &dyn Store) {
    write(store, |txn| {
        txn.insert_records(&[
            record(1, 1, "a", &[("MKTOID", "7"), ("rid", "x")]),
            record(2, 1, "b", &[("MKTOID", "7"), ("rid", "y")]),
            record(3, 1, "c", &[("MKTOID", "8"), ("rid", "x")]),
            record(4, 1, "d", &[("rid", "x")]),
        ])
    });
    let expected: [(&[Condition<'_>], &[i64]); 9] = [
        (&[("MKTOID", &["7"])], &[1, 2]),
        (&[("MKTOID", &["7", "8", "9"])], &[1, 2, 3]),
        (&[("MKTOID", &["7", "7"])], &[1, 2]),
        (&[("MKTOID", &["7"]), ("rid", &["x"])], &[1]),
        (&[("rid", &["x"]), ("MKTOID", &["7", "8"])], &[1, 3]),
        (&[("rid", &["X"])], &[]),
        (&[("MKTOID", &[])], &[]),
        (&[("Nothing", &["7"])], &[]),
        (&[("MKTOID", &["7"]), ("rid", &["z"])], &[]),
    ];
    for (filter, ids) in expected {
        assert_eq!(page(store, 1, filter, None, 99), ids, "{filter:?}");
    }
    let value = |object, field: &str, value: &str| {
        (ObjectTypeId(object), field.to_owned(), value.to_owned())
    };
    let values = [
        value(1, "rid", "x"),
        value(1, "MKTOID", "7"),
        value(2, "MKTOID", "7"),
        value(1, "rid", "X"),
        value(1, "MKTOID", "7"),
    ];
    let counts = read(store, move |txn| txn.count_records_with(&values));
    assert_eq!(counts, [3, 2, 0, 0, 2]);
}

/// Key, look-ups and values.
pub fn an_update_replaces_what_they_are_found_by(store: &dyn Store) {
    write(store, |txn| {
        txn.insert_records(&[
            record(1, 1, "a", &[("MKTOID", "7"), ("rid", "x")]),
            record(2, 1, "b", &[("MKTOID", "7")]),
        ])
    });
    let changed = record(1, 1, "z", &[("MKTOID", "8")]);
    let given = [changed.clone(), record(9, 1, "n", &[])];
    write(store, move |txn| txn.update_records(&given));
    assert_eq!(
        by_key(store, 1, &["a", "z", "n"]),
        [None, Some(changed), None]
    );
    assert_eq!(page(store, 1, &[("MKTOID", &["7"])], None, 9), [2]);
    assert_eq!(page(store, 1, &[("MKTOID", &["8"])], None, 9), [1]);
    assert!(page(store, 1, &[("rid", &["x"])], None, 9).is_empty());
    assert_eq!(page(store, 1, &[], None, 9), [2, 1]);
}

/// XCO-6: gone for good, and the key is free again.
pub fn deleted_ones_are_gone(store: &dyn Store) {
    write(store, |txn| {
        txn.insert_records(&[
            record(1, 1, "a", &[("MKTOID", "7")]),
            record(2, 1, "b", &[("MKTOID", "7")]),
        ])?;
        txn.delete_records(&[RecordId(1), RecordId(7)])
    });
    assert_eq!(by_key(store, 1, &["a"]), [None]);
    assert_eq!(page(store, 1, &[("MKTOID", &["7"])], None, 9), [2]);
    write(store, |txn| txn.insert_records(&[record(3, 1, "a", &[])]));
    assert_eq!(page(store, 1, &[], None, 9), [3, 2]);
    assert_eq!(read(store, |txn| txn.counts()).records, 2);
}

/// SCO-37: a key is one record of its type.
pub fn a_taken_key_is_refused(store: &dyn Store) {
    write(store, |txn| {
        txn.insert_records(&[record(1, 1, "a", &[]), record(2, 1, "b", &[])])
    });
    refused(store, |txn| txn.insert_records(&[record(3, 1, "a", &[])]));
    refused(store, |txn| txn.update_records(&[record(2, 1, "a", &[])]));
    refused(store, |txn| txn.insert_records(&[record(1, 1, "c", &[])]));
}
