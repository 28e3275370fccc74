//! Programs, their costs, and static lists.

use super::support::{at, read, refused, write, write_then_read};
use crate::ids::{CostId, ListId, ProgramId};
use crate::store::{Cost, Program, ReadTxn, Result, StaticList, Store};

fn program(id: i64, name: &str) -> Program {
    Program {
        id: ProgramId(id),
        name: name.to_owned(),
        program_type: "Marketing Event".to_owned(),
        channel: "Roadshow".to_owned(),
        workspace: "Default".to_owned(),
        folder: "Marketing Activities.Events".to_owned(),
        start: Some("2013-02-01 09:00:00".to_owned()),
        end: None,
        archived: true,
        tags: vec![
            ("Region".to_owned(), "South".to_owned()),
            ("Audience".to_owned(), "All \"x\"".to_owned()),
        ],
        tokens: vec![("Speaker".to_owned(), "Ms. \u{d6}z\nL2".to_owned())],
        costs: Vec::new(),
        created_at: at(id),
        updated_at: at(id + 1),
    }
}

fn cost(id: i64, month: &str, amount: &str) -> Cost {
    Cost {
        id: CostId(id),
        month: month.to_owned(),
        amount: amount.to_owned(),
        note: None,
    }
}

fn by_id(
    wanted: &[i64],
) -> impl FnMut(&mut dyn ReadTxn) -> Result<Vec<Program>> + Clone + Send + use<> {
    let wanted: Vec<_> = wanted.iter().map(|id| ProgramId(*id)).collect();
    move |txn| {
        let mut found = txn.programs(&wanted)?;
        found.sort_by_key(|program| program.id);
        Ok(found)
    }
}

/// Costs ascend by id.
pub fn come_back_with_their_costs(store: &dyn Store) {
    let noted = Cost {
        note: Some("\u{20ac} \"rent\"".to_owned()),
        ..cost(3, "2013-02-01", "28970000.5")
    };
    let full = Program {
        costs: vec![cost(2, "2013-01-01", "0"), noted.clone()],
        ..program(1001, "Spring")
    };
    let given = Program {
        costs: vec![noted, cost(2, "2013-01-01", "0")],
        ..full.clone()
    };
    let found = write_then_read(
        store,
        move |txn| txn.insert_programs(&[program(1002, "Summer"), given.clone()]),
        by_id(&[1001, 1002, 7]),
    );
    assert_eq!(found, [full, program(1002, "Summer")]);
}

/// DM-GEN-4: neither do trailing blanks count.
pub fn are_found_by_name_whatever_its_case(store: &dyn Store) {
    let find = || {
        // A sigma at the end of a word is another letter than one within, and the capital one is the one within.
        let sigmas = [
            "\u{3bf}\u{3b4}\u{3bf}\u{3c3}",
            "\u{39f}\u{394}\u{39f}\u{3c2}",
        ];
        let names = ["SPRING  ", "spr\u{ed}ng", "", "fr\u{dc}hling", " Spring"];
        let names = names.into_iter().chain(sigmas);
        let names: Vec<String> = names.map(str::to_owned).collect();
        move |txn: &mut dyn ReadTxn| txn.program_ids_by_name(&names)
    };
    let found = write_then_read(
        store,
        |txn| {
            txn.insert_programs(&[
                program(1001, "Spring "),
                program(1002, "Fr\u{fc}hling"),
                program(1003, "Spring 2"),
                program(1004, "\u{39f}\u{394}\u{39f}\u{3a3}"),
                program(1005, "\u{39f}\u{3b4}\u{3bf}\u{3c2}"),
            ])
        },
        find(),
    );
    let id = |id| Some(ProgramId(id));
    let (within, end) = (id(1004), id(1005));
    assert_eq!(found, [id(1001), None, None, id(1002), None, within, end]);
    let found = write_then_read(
        store,
        |txn| txn.update_programs(&[program(1001, "Autumn"), program(1003, "spring")]),
        find(),
    );
    assert_eq!(found, [id(1003), None, None, id(1002), None, within, end]);
}

/// Costs have a write of their own.
pub fn an_update_leaves_the_costs_alone(store: &dyn Store) {
    let first = Program {
        costs: vec![cost(1, "2013-01-01", "5")],
        ..program(1001, "Spring")
    };
    let changed = Program {
        archived: false,
        tags: Vec::new(),
        end: Some("2013-02-02 09:00:00".to_owned()),
        ..first.clone()
    };
    let given = Program {
        costs: vec![cost(9, "2013-09-01", "9")],
        ..changed.clone()
    };
    let found = write_then_read(
        store,
        move |txn| {
            txn.insert_programs(std::slice::from_ref(&first))?;
            txn.update_programs(&[given.clone(), program(1009, "Nowhere")])
        },
        by_id(&[1001, 1009]),
    );
    assert_eq!(found, [changed]);
}

/// DM-CST-2: one sequence over all programs.
pub fn costs_are_added_and_replaced_by_id(store: &dyn Store) {
    let found = write_then_read(
        store,
        |txn| {
            txn.insert_programs(&[program(1001, "a"), program(1002, "b")])?;
            txn.put_costs(&[
                (ProgramId(1001), cost(5, "2013-01-01", "1")),
                (ProgramId(1002), cost(4, "2013-01-01", "2")),
                (ProgramId(1001), cost(3, "2013-01-01", "3")),
            ])?;
            let changed = Cost {
                note: Some("x".to_owned()),
                ..cost(5, "2013-03-01", "7")
            };
            txn.put_costs(&[(ProgramId(1001), changed)])
        },
        |txn| {
            let costs = txn.programs_after(None, 9)?.into_iter();
            let costs: Vec<Vec<_>> = costs
                .map(|program| program.costs)
                .map(|costs| costs.into_iter().map(|c| (c.id.0, c.amount)).collect())
                .collect();
            let owners = txn.cost_owners(&[CostId(4), CostId(9), CostId(5)])?;
            Ok((costs, owners))
        },
    );
    let amount = |id, amount: &str| (id, amount.to_owned());
    let costs = vec![vec![amount(3, "3"), amount(5, "7")], vec![amount(4, "2")]];
    let owners = vec![Some(ProgramId(1002)), None, Some(ProgramId(1001))];
    assert_eq!(found, (costs, owners));
}

/// GMO-12.
pub fn go_on_after_an_id(store: &dyn Store) {
    write(store, |txn| {
        let programs = [5, 1, 3].map(|id| program(id, &id.to_string()));
        txn.insert_programs(&programs)
    });
    let page = |after: Option<i64>, limit| {
        let found = read(store, move |txn| {
            txn.programs_after(after.map(ProgramId), limit)
        });
        let ids = found.into_iter().map(|program| program.id.0);
        ids.collect::<Vec<_>>()
    };
    assert_eq!(page(None, usize::MAX), [1, 3, 5]);
    assert_eq!(page(Some(1), 1), [3]);
    assert_eq!(page(Some(2), 9), [3, 5]);
    assert!(page(Some(5), 9).is_empty());
    assert!(page(None, 0).is_empty());
}

/// DM-PRG-6.
pub fn a_taken_name_is_refused(store: &dyn Store) {
    write(store, |txn| {
        txn.insert_programs(&[program(1001, "a"), program(1002, "b")])
    });
    refused(store, |txn| txn.insert_programs(&[program(1003, "A ")]));
    refused(store, |txn| txn.update_programs(&[program(1002, "A")]));
    refused(store, |txn| txn.insert_programs(&[program(1001, "c")]));
    write(store, |txn| txn.update_programs(&[program(1001, "A")]));
}

/// Ascending by id.
pub fn static_lists_are_replaced_by_id(store: &dyn Store) {
    let list = |id, name: &str, program: Option<i64>| StaticList {
        id: ListId(id),
        name: name.to_owned(),
        program: program.map(ProgramId),
    };
    let found = write_then_read(
        store,
        move |txn| {
            txn.put_static_lists(&[list(1002, "b", Some(1001)), list(1001, "a", None)])?;
            txn.put_static_lists(&[list(1002, "c", None), list(1003, "a", Some(1001))])
        },
        |txn| txn.static_lists(),
    );
    let expected = [
        list(1001, "a", None),
        list(1002, "c", None),
        list(1003, "a", Some(1001)),
    ];
    assert_eq!(found, expected);
    assert_eq!(read(store, |txn| txn.counts()).static_lists, 3);
}
