//! Opportunities.

use super::support::{at, attrs, opportunity, read, refused, write, write_then_read};
use crate::ids::{CompanyId, OpportunityId};
use crate::store::{FieldIndex, Opportunity, Pick, ReadTxn, Result, Store};

fn ids(ids: &[i64]) -> Vec<OpportunityId> {
    ids.iter().map(|id| OpportunityId(*id)).collect()
}

fn by_id(
    wanted: &[i64],
) -> impl FnMut(&mut dyn ReadTxn) -> Result<Vec<Opportunity>> + Clone + Send + use<> {
    let wanted = ids(wanted);
    move |txn| {
        let mut found = txn.opportunities(&wanted)?;
        found.sort_by_key(|deal| deal.id);
        Ok(found)
    }
}

/// Inserted and replaced as a whole.
pub fn come_back_as_written(store: &dyn Store) {
    let full = Opportunity {
        company: Some(CompanyId(5)),
        attrs: attrs(&[("Name", "Bridge"), ("Amount", "10.4")]),
        created_at: at(3),
        updated_at: at(4),
        ..opportunity(1)
    };
    let given = full.clone();
    let found = write_then_read(
        store,
        move |txn| txn.insert_opportunities(&[given.clone(), opportunity(2)]),
        by_id(&[1, 2, 3]),
    );
    assert_eq!(found, [full, opportunity(2)]);
    let changed = Opportunity {
        attrs: attrs(&[("Stage", "Won")]),
        updated_at: at(9),
        ..opportunity(1)
    };
    let given = [changed.clone(), opportunity(3)];
    let found = write_then_read(
        store,
        move |txn| txn.update_opportunities(&given),
        by_id(&[1, 2, 3]),
    );
    assert_eq!(found, [changed, opportunity(2)], "3 is not there");
    refused(store, |txn| txn.insert_opportunities(&[opportunity(2)]));
}

/// One entry a pair, exact, also of a value that changed.
pub fn are_found_by_their_fields(store: &dyn Store) {
    let deal = |id, number| Opportunity {
        attrs: attrs(&[("Number", number), ("Other", "x")]),
        ..opportunity(id)
    };
    let wanted = || {
        let pair = |field: &str, value: &str| (field.to_owned(), value.to_owned());
        let pairs = [
            pair("Number", "N1"),
            pair("Number", "n1"),
            pair("Other", "x"),
            pair("Nothing", "x"),
            pair("Number", "N1"),
        ];
        move |txn: &mut dyn ReadTxn| txn.opportunity_ids_by_field(&pairs, Pick::newest(9))
    };
    let found = write_then_read(
        store,
        move |txn| txn.insert_opportunities(&[deal(1, "N1"), deal(2, "n1"), deal(3, "N1")]),
        wanted(),
    );
    let expected = [&[3, 1][..], &[2], &[3, 2, 1], &[], &[3, 1]].map(ids);
    assert_eq!(found, expected);
    write(store, |txn| {
        txn.ensure_index(&FieldIndex::Opportunity("Number".to_owned()))
    });
    let found = write_then_read(
        store,
        move |txn| txn.update_opportunities(&[deal(3, "n1")]),
        wanted(),
    );
    let expected = [&[1][..], &[3, 2], &[3, 2, 1], &[], &[1]].map(ids);
    assert_eq!(found, expected);
}

/// One entry a company, ascending.
pub fn are_found_by_their_company(store: &dyn Store) {
    let found = write_then_read(
        store,
        |txn| {
            let of = |id, company| Opportunity {
                company: Some(CompanyId(company)),
                ..opportunity(id)
            };
            txn.insert_opportunities(&[of(3, 7), of(1, 7), of(2, 8), opportunity(4)])
        },
        |txn| txn.opportunity_ids_by_company(&[CompanyId(8), CompanyId(9), CompanyId(7)]),
    );
    assert_eq!(found, [&[2][..], &[], &[1, 3]].map(ids));
}

/// GMO-12.
pub fn go_on_after_an_id(store: &dyn Store) {
    write(store, |txn| {
        let deals: Vec<_> = [5, 1, 3, 9].map(opportunity).to_vec();
        txn.insert_opportunities(&deals)
    });
    let page = |after: Option<i64>, limit| {
        let found = read(store, move |txn| {
            txn.opportunities_after(after.map(OpportunityId), limit)
        });
        found.into_iter().map(|deal| deal.id.0).collect::<Vec<_>>()
    };
    assert_eq!(page(None, usize::MAX), [1, 3, 5, 9]);
    assert_eq!(page(None, 2), [1, 3]);
    assert_eq!(page(Some(3), 2), [5, 9]);
    assert_eq!(page(Some(4), 1), [5]);
    assert!(page(Some(9), 2).is_empty());
    assert!(page(None, 0).is_empty());
}

/// Page by page.
pub fn come_newest_first(store: &dyn Store) {
    write(store, |txn| {
        let deals: Vec<_> = [5, 1, 3, 9].map(opportunity).to_vec();
        txn.insert_opportunities(&deals)
    });
    let page = |before: Option<i64>, limit| {
        let found = read(store, move |txn| {
            txn.opportunities_before(before.map(OpportunityId), limit)
        });
        found.into_iter().map(|deal| deal.id.0).collect::<Vec<_>>()
    };
    assert_eq!(page(None, usize::MAX), [9, 5, 3, 1]);
    assert_eq!(page(Some(5), 1), [3]);
    assert!(page(Some(1), 9).is_empty());
}

/// And are no longer found by anything.
pub fn deleted_ones_are_gone(store: &dyn Store) {
    write(store, |txn| {
        let deal = |id| Opportunity {
            attrs: attrs(&[("Number", "N1")]),
            ..opportunity(id)
        };
        txn.insert_opportunities(&[deal(1), deal(2)])?;
        txn.ensure_index(&FieldIndex::Opportunity("Number".to_owned()))
    });
    let found = write_then_read(
        store,
        |txn| txn.delete_opportunities(&ids(&[1, 7])),
        |txn| {
            let key = ("Number".to_owned(), "N1".to_owned());
            let by_field = txn.opportunity_ids_by_field(&[key], Pick::newest(9))?;
            let left = txn.opportunities_after(None, 9)?;
            Ok((by_field, left.len(), txn.counts()?.opportunities))
        },
    );
    assert_eq!(found, (vec![ids(&[2])], 1, 1));
}
