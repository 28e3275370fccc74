//! Static lists and their members.

use super::support::{at, lead, read, write_then_read};
use crate::ids::{LeadId, ListId};
use crate::store::{Lead, Store};

const LIST: ListId = ListId(1001);

fn ids(leads: &[Lead]) -> Vec<i64> {
    leads.iter().map(|lead| lead.id.0).collect()
}

/// DM-LST-4: a set; what is there stays, what is not there cannot go.
pub fn members_are_kept_once(store: &dyn Store) {
    let asked = [
        (LIST, LeadId(1)),
        (ListId(1002), LeadId(1)),
        (LIST, LeadId(2)),
    ];
    let is = write_then_read(
        store,
        |txn| {
            txn.insert_leads(&[lead(1), lead(2)])?;
            txn.add_list_members(&[(LIST, LeadId(1)), (LIST, LeadId(1))], at(1))?;
            txn.add_list_members(&[(LIST, LeadId(1))], at(2))
        },
        move |txn| {
            Ok((
                txn.are_list_members(&asked)?,
                txn.count_list_members(LIST, None)?,
            ))
        },
    );
    assert_eq!(is, (vec![true, false, false], 1));
    let is = write_then_read(
        store,
        |txn| txn.remove_list_members(&[(LIST, LeadId(1)), (LIST, LeadId(2))]),
        move |txn| txn.are_list_members(&asked),
    );
    assert_eq!(is, [false, false, false]);
    assert!(read(store, |txn| txn.are_list_members(&[])).is_empty());
}

/// GML-12, GML-38: anonymous members are members, but no page has them.
pub fn known_members_come_by_id(store: &dyn Store) {
    let page = |after: Option<i64>, limit| {
        let after = after.map(LeadId);
        read(store, move |txn| {
            Ok((
                txn.list_members(LIST, after, limit)?,
                txn.count_list_members(LIST, after)?,
            ))
        })
    };
    write_then_read(
        store,
        |txn| {
            let mut leads: Vec<Lead> = (1..=9).map(lead).collect();
            leads[3].anonymous = true;
            txn.insert_leads(&leads)?;
            let members = [8, 2, 4, 6, 3].map(|id| (LIST, LeadId(id)));
            txn.add_list_members(&members, at(1))?;
            txn.add_list_members(&[(LIST, LeadId(77)), (ListId(7), LeadId(1))], at(1))
        },
        |txn| txn.are_list_members(&[(LIST, LeadId(4))]),
    );
    let (first, count) = page(None, 3);
    assert_eq!((ids(&first), count), (vec![2, 3, 6], 4));
    let (second, count) = page(Some(6), 3);
    assert_eq!((ids(&second), count), (vec![8], 1));
    assert_eq!(second, [lead(8)]);
    assert_eq!(page(Some(8), 3), (Vec::new(), 0));
    assert_eq!(page(None, 0).0, []);
}
