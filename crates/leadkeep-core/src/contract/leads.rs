//! Leads by id.

use super::support::{
    at, attrs, cookie, custom, lead, lead_with, read, refused, write, write_then_read,
};
use crate::ids::{CompanyId, LeadId, ListId, PartitionId};
use crate::store::{
    ActivityType, Company, EmailPick, FieldIndex, Lead, LeadKey, NewActivity, Pick, ReadTxn,
    Result, Store,
};
use jiff::Timestamp;
use std::sync::Arc;

fn by_id(ids: &[i64]) -> impl FnMut(&mut dyn ReadTxn) -> Result<Vec<Lead>> + Clone + Send + use<> {
    let ids: Vec<_> = ids.iter().map(|id| LeadId(*id)).collect();
    move |txn| {
        let mut leads = txn.leads(&ids)?;
        leads.sort_by_key(|lead| lead.id);
        Ok(leads)
    }
}

/// Every part of a lead is kept; ids that no lead has are left out.
pub fn come_back_as_written(store: &dyn Store) {
    let full = Lead {
        email: Some("George.Washington@Example.com".to_owned()),
        attrs: attrs(&[("FirstName", "George"), ("Lead Score", "-5"), ("Zip", "")]),
        company: CompanyId(77),
        partition: PartitionId(3),
        updated_at: at(9),
        ..lead(1)
    };
    let anonymous = Lead {
        anonymous: true,
        ..lead(2)
    };
    let leads = [full, anonymous];
    let given = leads.clone();
    let found = write_then_read(
        store,
        move |txn| txn.insert_leads(&given),
        by_id(&[3, 2, 1, -1]),
    );
    assert_eq!(found, leads);
    assert_eq!(read(store, by_id(&[])), []);
}

/// Values that an update does not have are gone; the foreign id stays.
pub fn an_update_replaces_all_but_the_foreign_id(store: &dyn Store) {
    let before = Lead {
        attrs: attrs(&[("FirstName", "George"), ("LastName", "Washington")]),
        ..lead_with(1, "a@example.com")
    };
    let after = Lead {
        attrs: attrs(&[("LastName", "Adams"), ("Title", "President")]),
        company: CompanyId(9),
        partition: PartitionId(2),
        created_at: at(100),
        updated_at: at(200),
        email: None,
        ..before.clone()
    };
    let new = after.clone();
    write(store, move |txn| {
        txn.insert_leads(&[before.clone(), lead(2)])?;
        txn.attach_foreign_ids(&[(custom("x"), LeadId(1))])
    });
    let found = write_then_read(
        store,
        move |txn| txn.update_leads(std::slice::from_ref(&new)),
        by_id(&[1, 2]),
    );
    let shown = Lead {
        foreign_id: Some(custom("x")),
        ..after
    };
    assert_eq!(found, [shown, lead(2)]);
}

/// COM-35: a new activity moves the time and nothing else.
pub fn a_touch_moves_nothing_but_the_time(store: &dyn Store) {
    let found = write_then_read(
        store,
        |txn| {
            txn.insert_leads(&[lead_with(1, "a@example.com"), lead(2), lead(3)])?;
            txn.touch_leads(&[LeadId(1), LeadId(3)], at(50))
        },
        by_id(&[1, 2, 3]),
    );
    let touched = |lead| Lead {
        updated_at: at(50),
        ..lead
    };
    let one = touched(lead_with(1, "a@example.com"));
    assert_eq!(found, [one, lead(2), touched(lead(3))]);
}

/// Neither does a missing lead come to be, nor is it an error.
pub fn writes_of_missing_leads_do_nothing(store: &dyn Store) {
    let found = write_then_read(
        store,
        |txn| {
            txn.update_leads(&[lead_with(1, "a@example.com")])?;
            txn.touch_leads(&[LeadId(1)], at(50))?;
            txn.insert_leads(&[])
        },
        by_id(&[1]),
    );
    assert_eq!(found, []);
}

/// An id is one lead's for ever.
pub fn a_taken_id_is_refused(store: &dyn Store) {
    write(store, |txn| {
        txn.insert_leads(&[lead_with(1, "a@example.com")])
    });
    refused(store, |txn| txn.insert_leads(&[lead(2), lead(1)]));
    assert_eq!(read(store, by_id(&[1, 2])), [lead_with(1, "a@example.com")]);
}

/// The ends of what ids and times can be.
pub fn the_largest_numbers_and_times_are_kept(store: &dyn Store) {
    let whole = |time: Timestamp| Timestamp::from_second(time.as_second()).unwrap_or(time);
    let extreme = Lead {
        id: LeadId(i64::MAX),
        company: CompanyId(i64::MAX),
        partition: PartitionId(i64::MAX),
        created_at: whole(Timestamp::MIN),
        updated_at: whole(Timestamp::MAX),
        ..lead_with(1, "max@example.com")
    };
    let given = extreme.clone();
    let found = write_then_read(
        store,
        move |txn| txn.insert_leads(std::slice::from_ref(&given)),
        by_id(&[i64::MAX]),
    );
    assert_eq!(found, [extreme]);
}

/// COM-12: only the losers of a merge lead elsewhere.
pub fn ids_without_a_merge_have_no_winner(store: &dyn Store) {
    write(store, |txn| txn.insert_leads(&[lead(1)]));
    let winners = read(store, |txn| {
        txn.merge_winners(&[LeadId(1), LeadId(2), LeadId(-1)])
    });
    assert_eq!(winners, []);
}

/// DM-DEL-2: nothing of them is left, and who led to them leads nowhere.
pub fn deleted_ones_are_gone_with_what_they_had(store: &dyn Store) {
    let list = ListId(7);
    let activity = |lead| NewActivity {
        lead: LeadId(lead),
        at: at(1),
        activity_type: ActivityType(13),
        asset: None,
        attributes: Arc::default(),
        campaign: None,
    };
    let (mine, others) = (cookie("token:a"), cookie("token:b"));
    let cookies = [(mine.clone(), LeadId(1)), (others.clone(), LeadId(2))];
    write(store, move |txn| {
        txn.insert_leads(&[lead(1), lead(2), lead(3)])?;
        txn.attach_cookies(&cookies)?;
        txn.attach_foreign_ids(&[(custom("A"), LeadId(1)), (custom("B"), LeadId(2))])?;
        txn.add_list_members(&[(list, LeadId(1)), (list, LeadId(2))], at(1))?;
        txn.append_activities(&[activity(1), activity(2), activity(1)])?;
        txn.absorb_leads(LeadId(1), &[LeadId(3)])
    });
    let keys = [1, 2, 3]
        .map(|id| LeadKey::Id(LeadId(id)))
        .into_iter()
        .chain([LeadKey::Cookie(mine), LeadKey::Cookie(others)])
        .chain([LeadKey::Foreign(custom("A")), LeadKey::Foreign(custom("B"))])
        .collect::<Vec<_>>();
    let (found, members, counts) = write_then_read(
        store,
        |txn| txn.delete_leads(&[LeadId(1), LeadId(9)]),
        move |txn| {
            Ok((
                txn.lead_ids(&keys, Pick::one(EmailPick::Added))?,
                txn.count_list_members(list, None)?,
                txn.counts()?,
            ))
        },
    );
    let two = vec![LeadId(2)];
    assert_eq!(
        found,
        [
            vec![],
            two.clone(),
            vec![],
            vec![],
            two.clone(),
            vec![],
            two
        ]
    );
    assert_eq!((members, counts.leads, counts.activities), (1, 1, 1));
}

/// By the beginning of a value, in its order; anonymous leads and other fields are not found.
pub fn are_found_by_the_beginning_of_a_value(store: &dyn Store) {
    let named = |id: i64, name: &str, anonymous: bool| Lead {
        attrs: attrs(&[("LastName", name)]),
        anonymous,
        ..lead(id)
    };
    let company = Company {
        id: CompanyId(77),
        key: None,
        attrs: attrs(&[("Company", "Muster GmbH")]),
    };
    write(store, move |txn| {
        txn.insert_companies(std::slice::from_ref(&company))?;
        txn.insert_leads(&[
            named(1, "Meier", false),
            named(2, "Mei", false),
            named(3, "mei", false),
            named(4, "Mei\u{1F600}r", false),
            named(5, "Meise", true),
            named(6, "Mej", false),
            named(7, "Meier", false),
            Lead {
                company: CompanyId(77),
                email: Some("Mei@example.com".to_owned()),
                ..lead(8)
            },
        ])
    });
    let own = FieldIndex::Lead("LastName".to_owned());
    let of_company = FieldIndex::Company("Company".to_owned());
    let found = |field: &FieldIndex, prefix: &str, limit| {
        let (field, prefix) = (field.clone(), prefix.to_owned());
        let ids = read(store, move |txn| {
            txn.lead_ids_by_prefix(&field, &prefix, limit)
        });
        ids.into_iter().map(|id| id.0).collect::<Vec<_>>()
    };
    for indexed in [false, true] {
        assert_eq!(found(&own, "Mei", 9), [2, 1, 7, 4], "indexed: {indexed}");
        assert_eq!(found(&own, "Mei", 2), [2, 1]);
        assert_eq!(found(&own, "", 9), [2, 1, 7, 4, 6, 3]);
        assert_eq!(found(&of_company, "Muster", 9), [8]);
        let email = FieldIndex::Lead("Email".to_owned());
        assert_eq!(found(&email, "Mei@", 9), [8]);
        let role = FieldIndex::Role("LastName".to_owned());
        assert!(found(&role, "", 9).is_empty());
        let (one, two) = (own.clone(), of_company.clone());
        write(store, move |txn| {
            txn.ensure_index(&one)?;
            txn.ensure_index(&two)
        });
        for field in [own.clone(), of_company.clone()] {
            assert!(read(store, move |txn| txn.has_index(&field)));
        }
    }
}

/// The newest come first, page by page.
pub fn come_newest_first(store: &dyn Store) {
    write(store, |txn| {
        let anonymous = Lead {
            anonymous: true,
            ..lead(3)
        };
        txn.insert_leads(&[lead(1), lead(2), anonymous, lead(4)])
    });
    let page = |before: Option<i64>, limit| {
        let leads = read(store, move |txn| {
            txn.leads_before(before.map(LeadId), limit)
        });
        leads.into_iter().map(|lead| lead.id.0).collect::<Vec<_>>()
    };
    assert_eq!(page(None, 9), [4, 2, 1]);
    assert_eq!(page(None, 2), [4, 2]);
    assert_eq!(page(Some(2), 9), [1]);
    assert!(page(Some(1), 9).is_empty());
}
