//! Roles of leads in opportunities.

use super::support::{at, attrs, read, refused, role, write, write_then_read};
use crate::ids::{LeadId, OpportunityId, RoleId};
use crate::store::{ReadTxn, Result, Role, Store};

fn numbers(roles: &[Role]) -> Vec<i64> {
    roles.iter().map(|role| role.id.0).collect()
}

fn by_id(
    wanted: &[i64],
) -> impl FnMut(&mut dyn ReadTxn) -> Result<Vec<Role>> + Clone + Send + use<> {
    let wanted: Vec<_> = wanted.iter().map(|id| RoleId(*id)).collect();
    move |txn| {
        let mut found = txn.roles(&wanted)?;
        found.sort_by_key(|role| role.id);
        Ok(found)
    }
}

fn key(opportunity: i64, lead: i64, name: &str) -> (OpportunityId, LeadId, String) {
    (OpportunityId(opportunity), LeadId(lead), name.to_owned())
}

/// Inserted and replaced as a whole.
pub fn come_back_as_written(store: &dyn Store) {
    let full = Role {
        attrs: attrs(&[("Role", "B\u{dc}YER"), ("IsPrimary", "1")]),
        created_at: at(3),
        updated_at: at(4),
        ..role(1, 10, 20, "")
    };
    let given = full.clone();
    let found = write_then_read(
        store,
        move |txn| txn.insert_roles(&[given.clone(), role(2, 10, 20, "")]),
        by_id(&[1, 2, 3]),
    );
    assert_eq!(found, [full, role(2, 10, 20, "")]);
    let found = write_then_read(
        store,
        |txn| txn.update_roles(&[role(1, 11, 21, "Payer"), role(3, 1, 1, "")]),
        by_id(&[1, 2, 3]),
    );
    assert_eq!(found, [role(1, 11, 21, "Payer"), role(2, 10, 20, "")]);
}

/// SMO-43: the name in lower case, empty for none.
pub fn are_found_by_their_key(store: &dyn Store) {
    let find = || {
        let keys = [
            key(10, 20, "b\u{fc}yer"),
            key(10, 20, "B\u{dc}YER"),
            key(10, 20, ""),
            key(10, 21, "b\u{fc}yer"),
            key(11, 20, "b\u{fc}yer"),
            key(10, 20, "b\u{fc}yer"),
        ];
        move |txn: &mut dyn ReadTxn| txn.role_ids_by_key(&keys)
    };
    let found = write_then_read(
        store,
        |txn| {
            txn.insert_roles(&[
                role(1, 10, 20, "B\u{dc}YER"),
                role(2, 10, 20, ""),
                role(3, 11, 20, "b\u{fc}yer"),
            ])
        },
        find(),
    );
    let id = |id| Some(RoleId(id));
    assert_eq!(found, [id(1), None, id(2), None, id(3), id(1)]);
    let found = write_then_read(
        store,
        |txn| txn.update_roles(&[role(1, 10, 21, "B\u{fc}yer")]),
        find(),
    );
    assert_eq!(found, [None, None, id(2), id(1), id(3), None]);
}

/// Ascending by id, each role once.
pub fn are_found_by_opportunity_and_by_lead(store: &dyn Store) {
    write(store, |txn| {
        txn.insert_roles(&[
            role(4, 10, 20, "a"),
            role(1, 11, 20, "a"),
            role(3, 10, 21, "a"),
            role(2, 12, 22, "a"),
        ])
    });
    let of_deals = |ids: &[i64]| {
        let ids: Vec<_> = ids.iter().map(|id| OpportunityId(*id)).collect();
        numbers(&read(store, move |txn| txn.roles_of_opportunities(&ids)))
    };
    let of_leads = |ids: &[i64]| {
        let ids: Vec<_> = ids.iter().map(|id| LeadId(*id)).collect();
        numbers(&read(store, move |txn| txn.roles_of_leads(&ids)))
    };
    assert_eq!(of_deals(&[10]), [3, 4]);
    assert_eq!(of_deals(&[12, 10, 99]), [2, 3, 4]);
    assert!(of_deals(&[]).is_empty());
    assert_eq!(of_leads(&[20]), [1, 4]);
    assert_eq!(of_leads(&[22, 20, 99]), [1, 2, 4]);
    assert!(of_leads(&[10]).is_empty());
}

/// GMO-12.
pub fn go_on_after_an_id(store: &dyn Store) {
    write(store, |txn| {
        txn.insert_roles(&[role(5, 1, 1, ""), role(2, 1, 2, ""), role(9, 1, 3, "")])
    });
    let page = |after: Option<i64>, limit| {
        numbers(&read(store, move |txn| {
            txn.roles_after(after.map(RoleId), limit)
        }))
    };
    assert_eq!(page(None, usize::MAX), [2, 5, 9]);
    assert_eq!(page(Some(2), 1), [5]);
    assert_eq!(page(Some(3), 9), [5, 9]);
    assert!(page(Some(9), 9).is_empty());
    assert!(page(None, 0).is_empty());
}

/// And their key is free again.
pub fn deleted_ones_are_gone(store: &dyn Store) {
    let found = write_then_read(
        store,
        |txn| {
            txn.insert_roles(&[role(1, 10, 20, "a"), role(2, 10, 21, "a")])?;
            txn.delete_roles(&[RoleId(1), RoleId(7)])?;
            txn.insert_roles(&[role(3, 10, 20, "A")])
        },
        |txn| {
            let keys = txn.role_ids_by_key(&[key(10, 20, "a")])?;
            let own = txn.roles_of_leads(&[LeadId(20)])?;
            Ok((keys, numbers(&own), txn.counts()?.roles))
        },
    );
    assert_eq!(found, (vec![Some(RoleId(3))], vec![3], 2));
}

/// DM-OPP-7: opportunity, lead and name, whatever its case.
pub fn a_taken_key_is_refused(store: &dyn Store) {
    write(store, |txn| {
        txn.insert_roles(&[role(1, 10, 20, "Buyer"), role(2, 10, 20, "")])
    });
    refused(store, |txn| txn.insert_roles(&[role(3, 10, 20, "BUYER")]));
    refused(store, |txn| txn.insert_roles(&[role(3, 10, 20, "")]));
    refused(store, |txn| txn.update_roles(&[role(2, 10, 20, "buyer")]));
    refused(store, |txn| txn.insert_roles(&[role(1, 10, 22, "")]));
    write(store, |txn| txn.update_roles(&[role(1, 10, 20, "BUYER")]));
}
