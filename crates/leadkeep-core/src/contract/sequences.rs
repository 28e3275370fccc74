//! Where ids come from (DM-GEN-1).

use super::support::{lead, refused, try_write, write};
use crate::ids::{OpportunityId, RoleId};
use crate::store::{Rollback, Sequence, Store};

fn allocate(store: &dyn Store, sequence: Sequence, count: usize) -> Vec<i64> {
    write(store, move |txn| txn.allocate(sequence, count))
}

/// DM-GEN-2: from their own first number.
pub fn count_each_for_itself(store: &dyn Store) {
    for sequence in Sequence::ALL {
        let first = sequence.first();
        assert_eq!(allocate(store, sequence, 3), [first, first + 1, first + 2]);
    }
    for sequence in Sequence::ALL {
        assert!(allocate(store, sequence, 0).is_empty());
        assert_eq!(allocate(store, sequence, 1), [sequence.first() + 3]);
    }
}

/// Not after a delete, and not in the same call. Those of a refused call nobody has seen.
pub fn never_give_an_id_again(store: &dyn Store) {
    let (deals, roles) = write(store, |txn| {
        let deals = txn.allocate(Sequence::Opportunity, 2)?;
        let roles = txn.allocate(Sequence::Role, 1)?;
        txn.insert_opportunities(&[super::support::opportunity(deals[0])])?;
        txn.insert_roles(&[super::support::role(roles[0], deals[0], 1, "")])?;
        Ok((deals, roles))
    });
    let (deal, role) = (deals[0], roles[0]);
    let next = write(store, move |txn| {
        txn.delete_roles(&[RoleId(role)])?;
        txn.delete_opportunities(&[OpportunityId(deal)])?;
        let mut next = txn.allocate(Sequence::Opportunity, 1)?;
        next.extend(txn.allocate(Sequence::Opportunity, 1)?);
        Ok(next)
    });
    assert!(deals[1] < next[0] && next[0] < next[1], "{next:?}");
    let undone = try_write(store, |txn, _| {
        txn.allocate(Sequence::Opportunity, 5)?;
        Err::<(), _>(Rollback::Refused)
    });
    assert!(undone.is_err());
    assert!(allocate(store, Sequence::Opportunity, 1)[0] > next[1]);
    assert!(allocate(store, Sequence::Role, 1)[0] > role);
}

/// Provisioning may choose numbers.
pub fn keep_clear_of_what_is_reserved(store: &dyn Store) {
    let reserve = |used| {
        write(store, move |txn| txn.reserve(Sequence::Program, used));
        allocate(store, Sequence::Program, 1)
    };
    assert_eq!(reserve(7), [1001], "far below");
    assert_eq!(reserve(1001), [1002], "given already");
    assert_eq!(reserve(1003), [1004], "the next one");
    assert_eq!(reserve(5000), [5001]);
    assert_eq!(reserve(-1), [5002]);
    assert_eq!(allocate(store, Sequence::List, 1), [1001], "others stay");
}

/// They are no more than 2147483647; past that the call fails and nothing of it stays.
pub fn end_at_their_last_number(store: &dyn Store) {
    let before = write(store, |txn| {
        txn.reserve(Sequence::Lead, Sequence::MAX - 2)?;
        txn.allocate(Sequence::Lead, 1)
    });
    assert_eq!(before, [Sequence::MAX - 1]);
    for count in [2, 1_000, usize::MAX] {
        refused(store, move |txn| {
            txn.insert_leads(&[lead(1)])?;
            txn.allocate(Sequence::Lead, count).map(|_| ())
        });
    }
    assert_eq!(allocate(store, Sequence::Lead, 1), [Sequence::MAX]);
    assert!(allocate(store, Sequence::Lead, 0).is_empty());
    refused(store, |txn| txn.allocate(Sequence::Lead, 1).map(|_| ()));
    for used in [Sequence::MAX + 1, i64::MAX] {
        refused(store, move |txn| txn.reserve(Sequence::Company, used));
    }
    assert_eq!(allocate(store, Sequence::Company, 1), [1]);
}
