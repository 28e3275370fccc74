//! Imports into lists.

use super::support::{at, lead, read, refused, write, write_then_read};
use crate::ids::{ImportId, LeadId, ListId};
use crate::store::{Import, ImportFailure, ImportState, Store};

fn import(id: i64, list: i64) -> Import {
    Import {
        id: ImportId(id),
        list: ListId(list),
        plan: "{\"mode\":\"x\"}".to_owned(),
        state: ImportState::Processing,
        accepted_at: at(id),
        started_at: None,
        ended_at: None,
        rows: 3,
        imported: 0,
        failed: 0,
        ignored: 0,
        summary: None,
    }
}

fn insert(store: &dyn Store, import: Import) {
    let row = |row| format!("{}: row {row}, \"x\"", import.id);
    let rows: Vec<String> = (1..=3).map(row).collect();
    write(store, move |txn| txn.insert_import(&import, &rows));
}

/// ITS-8: all of it, in every state.
pub fn come_back_as_written(store: &dyn Store) {
    for (n, state) in (1..).zip(ImportState::ALL) {
        let full = Import {
            state,
            started_at: Some(at(10)),
            ended_at: Some(at(20)),
            imported: 1,
            failed: u64::from(u32::MAX),
            ignored: 3,
            summary: Some("1 lead imported \u{1F600}".to_owned()),
            ..import(n, n)
        };
        insert(store, import(n, n));
        let changed = full.clone();
        let latest = write_then_read(
            store,
            move |txn| txn.update_import(&changed),
            move |txn| txn.latest_import(ListId(n)),
        );
        assert_eq!(latest, Some(full));
    }
    refused(store, |txn| txn.insert_import(&import(1, 9), &[]));
    assert_eq!(read(store, |txn| txn.latest_import(ListId(77))), None);
}

/// ITL-22: one at a time for each list, the next when it is done.
pub fn each_list_has_one_that_runs(store: &dyn Store) {
    for (id, list) in [(1, 7), (2, 8), (3, 7), (4, 7)] {
        insert(store, import(id, list));
    }
    let open = || {
        let open = read(store, |txn| txn.open_imports());
        open.iter().map(|import| import.id.0).collect::<Vec<_>>()
    };
    assert_eq!(open(), [1, 2]);
    for (id, list, state, left) in [
        (1, 7, ImportState::Complete, vec![2, 3]),
        (3, 7, ImportState::Canceled, vec![2, 4]),
        (2, 8, ImportState::Failed, vec![4]),
    ] {
        write(store, move |txn| {
            txn.update_import(&Import {
                state,
                ..import(id, list)
            })
        });
        assert_eq!(open(), left);
    }
    let latest = read(store, |txn| txn.latest_import(ListId(7)));
    assert_eq!(latest.map(|import| import.id), Some(ImportId(4)));
    let before = |before: Option<i64>, limit| {
        let found = read(store, move |txn| {
            txn.imports_before(before.map(ImportId), limit)
        });
        found.iter().map(|import| import.id.0).collect::<Vec<_>>()
    };
    assert_eq!(before(None, 9), [4, 3, 2, 1]);
    assert_eq!(before(Some(4), 2), [3, 2]);
}

/// ITL-23: rows are there until they are done, and those that failed stay.
pub fn rows_are_done_in_order(store: &dyn Store) {
    insert(store, import(1, 7));
    insert(store, import(2, 8));
    let rows = |limit| read(store, move |txn| txn.import_rows(ImportId(1), limit));
    let numbers: Vec<u64> = rows(9).iter().map(|(row, _)| *row).collect();
    assert_eq!(numbers, [1, 2, 3]);
    assert_eq!(rows(1), [(1, "1: row 1, \"x\"".to_owned())]);
    let failure = |row: u64| ImportFailure {
        row,
        text: format!("row {row}"),
        reason: "it is bad".to_owned(),
    };
    let (left, failed) = write_then_read(
        store,
        move |txn| txn.finish_import_rows(ImportId(1), 2, &[failure(2), failure(1)]),
        |txn| {
            let failed = txn.import_failures(ImportId(1), 0, 9)?;
            Ok((txn.import_rows(ImportId(1), 9)?.len(), failed))
        },
    );
    assert_eq!((left, failed), (1, vec![failure(1), failure(2)]));
    let second = read(store, |txn| txn.import_failures(ImportId(1), 1, 9));
    assert_eq!(second, [failure(2)]);
    let other = read(store, |txn| txn.import_rows(ImportId(2), 9));
    assert_eq!(other.len(), 3);
}

/// ITL-8: who is leaving is a member until it is removed, and stays if it is added again, whoever it is by then.
pub fn leaving_members_may_stay(store: &dyn Store) {
    let list = ListId(7);
    let leaving = write_then_read(
        store,
        move |txn| {
            txn.insert_leads(&[lead(1), lead(2), lead(3), lead(4), lead(5)])?;
            let members = [1, 2, 3, 4].map(|id| (list, LeadId(id)));
            txn.add_list_members(&members, at(1))?;
            txn.add_list_members(&[(ListId(8), LeadId(1))], at(1))?;
            txn.mark_list_leaving(list)?;
            txn.add_list_members(&[(list, LeadId(2)), (list, LeadId(5))], at(2))
        },
        move |txn| txn.leaving_members(list, 9),
    );
    assert_eq!(leaving, [1, 3, 4].map(LeadId));
    let asked = [5, 4, 2, 1].map(LeadId);
    let mut some = read(store, move |txn| txn.are_leaving(list, &asked));
    some.sort_unstable();
    assert_eq!(some, [1, 4].map(LeadId));
    let members = read(store, move |txn| txn.count_list_members(list, None));
    assert_eq!(members, 5);
    let some = read(store, move |txn| txn.leaving_members(list, 2));
    assert_eq!(some.len(), 2);
    // Of a merge whoever stays decides, winner or loser.
    let leaving = write_then_read(
        store,
        |txn| {
            txn.absorb_leads(LeadId(1), &[LeadId(5)])?;
            txn.absorb_leads(LeadId(2), &[LeadId(4)])
        },
        move |txn| txn.leaving_members(list, 9),
    );
    assert_eq!(leaving, [LeadId(3)]);
    let left = write_then_read(
        store,
        move |txn| txn.remove_list_members(&[(list, LeadId(3))]),
        move |txn| {
            let leaving = txn.leaving_members(list, 9)?.len();
            Ok((leaving, txn.count_list_members(list, None)?))
        },
    );
    assert_eq!(left, (0, 2));
}
