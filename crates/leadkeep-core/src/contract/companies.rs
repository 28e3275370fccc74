//! Companies.

use super::support::{attrs, company, lead, opportunity, read, refused, write, write_then_read};
use crate::ids::CompanyId;
use crate::store::{Company, Lead, Opportunity, ReadTxn, Result, Store};

fn keyed(id: i64, key: &str) -> Company {
    Company {
        key: Some(key.to_owned()),
        ..company(id)
    }
}

fn by_id(
    ids: &[i64],
) -> impl FnMut(&mut dyn ReadTxn) -> Result<Vec<Company>> + Clone + Send + use<> {
    let ids: Vec<_> = ids.iter().map(|id| CompanyId(*id)).collect();
    move |txn| {
        let mut companies = txn.companies(&ids)?;
        companies.sort_by_key(|company| company.id);
        Ok(companies)
    }
}

fn by_key(
    keys: &[&str],
) -> impl FnMut(&mut dyn ReadTxn) -> Result<Vec<Option<Company>>> + Clone + Send + use<> {
    let keys: Vec<_> = keys.iter().map(|key| (*key).to_owned()).collect();
    move |txn| txn.companies_by_key(&keys)
}

/// Inserted and replaced as a whole.
pub fn come_back_as_written(store: &dyn Store) {
    let full = Company {
        attrs: attrs(&[("Company", "ACME"), ("Website", "acme.example")]),
        ..keyed(1, "K")
    };
    let given = full.clone();
    let found = write_then_read(
        store,
        move |txn| txn.insert_companies(&[given.clone(), company(2)]),
        by_id(&[1, 2, 3]),
    );
    assert_eq!(found, [full, company(2)]);
    let changed = Company {
        attrs: attrs(&[("Industry", "Roads")]),
        ..company(1)
    };
    let given = [changed.clone(), company(3)];
    let found = write_then_read(
        store,
        move |txn| txn.update_companies(&given),
        by_id(&[1, 2, 3]),
    );
    assert_eq!(found, [changed, company(2)], "3 is not there");
}

/// DM-CO-3: one entry a key, exact.
pub fn are_found_by_their_key(store: &dyn Store) {
    let found = write_then_read(
        store,
        |txn| txn.insert_companies(&[keyed(1, "K"), keyed(2, "k"), company(3), keyed(4, "")]),
        by_key(&["k", "x", "K", "k", ""]),
    );
    let expected = [
        Some(keyed(2, "k")),
        None,
        Some(keyed(1, "K")),
        Some(keyed(2, "k")),
        Some(keyed(4, "")),
    ];
    assert_eq!(found, expected);
    let found = write_then_read(
        store,
        |txn| txn.update_companies(&[company(1), keyed(2, "x")]),
        by_key(&["k", "x", "K"]),
    );
    assert_eq!(found, [None, Some(keyed(2, "x")), None]);
}

/// Two companies without a key are no clash.
pub fn a_key_belongs_to_one_company(store: &dyn Store) {
    write(store, |txn| {
        txn.insert_companies(&[keyed(1, "K"), company(2), company(3)])
    });
    refused(store, |txn| txn.insert_companies(&[keyed(4, "K")]));
    refused(store, |txn| txn.update_companies(&[keyed(2, "K")]));
    refused(store, |txn| txn.insert_companies(&[company(1)]));
    assert_eq!(
        read(store, by_id(&[1, 2, 3, 4])),
        [keyed(1, "K"), company(2), company(3)]
    );
}

/// DM-DEL-3: a lead or an opportunity keeps its company.
pub fn only_unused_ones_are_deleted(store: &dyn Store) {
    let kept = write_then_read(
        store,
        |txn| {
            txn.insert_companies(&[company(1), company(2), keyed(3, "K"), company(4)])?;
            txn.insert_leads(&[Lead {
                company: CompanyId(1),
                ..lead(1)
            }])?;
            txn.insert_opportunities(&[Opportunity {
                company: Some(CompanyId(2)),
                ..opportunity(1)
            }])?;
            txn.delete_unused_companies(&[CompanyId(1), CompanyId(2), CompanyId(3), CompanyId(9)])
        },
        by_id(&[1, 2, 3, 4]),
    );
    assert_eq!(kept, [company(1), company(2), company(4)]);
    assert_eq!(read(store, by_key(&["K"])), [None]);
}
