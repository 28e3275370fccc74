//! As many rows as calls may bring, and more.

use super::support::{at, attrs, company, custom, lead_with, opportunity, read, role, write};
use crate::ids::{LeadId, ObjectTypeId, OpportunityId, RecordId};
use crate::store::{
    ActivityType, Company, Lead, LeadKey, NewActivity, Pick, Record, Sequence, Store,
};
use std::borrow::Cow;
use std::sync::Arc;

/// Leads with companies, foreign ids and activities, found again by each key.
pub fn a_thousand_leads_in_one_call(store: &dyn Store) {
    let ids = write(store, |txn| {
        let ids = txn.allocate(Sequence::Lead, 1_000)?;
        let text = "x".repeat(200);
        let leads: Vec<_> = ids
            .iter()
            .map(|id| Lead {
                attrs: (0..20)
                    .map(|n| (format!("Field{n}").into(), text.clone()))
                    .collect(),
                ..lead_with(*id, &format!("Lead{id}@Example.com"))
            })
            .collect();
        let companies: Vec<_> = ids
            .iter()
            .map(|id| Company {
                attrs: attrs(&[("Company", "ACME")]),
                ..company(*id)
            })
            .collect();
        let foreign: Vec<_> = ids
            .iter()
            .map(|id| (custom(&format!("F{id}")), LeadId(*id)))
            .collect();
        let activities: Vec<_> = ids
            .iter()
            .map(|id| NewActivity {
                lead: LeadId(*id),
                at: at(1),
                activity_type: ActivityType(12),
                asset: None,
                attributes: Arc::new(vec![(Cow::Borrowed("Source"), text.clone())]),
                campaign: None,
            })
            .collect();
        txn.insert_companies(&companies)?;
        txn.insert_leads(&leads)?;
        txn.attach_foreign_ids(&foreign)?;
        txn.append_activities(&activities)?;
        Ok(ids)
    });
    assert!(ids.is_sorted_by(|a, b| a < b));
    let wanted = ids.clone();
    let (by_email, by_foreign, leads, history) = read(store, move |txn| {
        let emails: Vec<_> = wanted
            .iter()
            .map(|id| LeadKey::Email(format!("lead{id}@example.com").into()))
            .collect();
        let foreign: Vec<_> = wanted
            .iter()
            .map(|id| LeadKey::Foreign(custom(&format!("F{id}"))))
            .collect();
        let ids: Vec<_> = wanted.iter().map(|id| LeadId(*id)).collect();
        Ok((
            txn.lead_ids(&emails, Pick::newest(2))?,
            txn.lead_ids(&foreign, Pick::newest(2))?,
            txn.leads(&ids)?,
            txn.activities_after(
                &crate::store::LeadScope::All,
                &Default::default(),
                None,
                2_000,
            )?,
        ))
    });
    let each: Vec<_> = ids.iter().map(|id| vec![LeadId(*id)]).collect();
    assert_eq!(by_email, each);
    assert_eq!(by_foreign, each);
    assert_eq!(leads.len(), 1_000);
    assert!(leads.iter().all(|lead| lead.attrs.len() == 20));
    assert!(history.iter().map(|found| found.what.lead.0).eq(ids));
}

/// Opportunities with a role each.
pub fn a_thousand_opportunities_with_roles_in_one_call(store: &dyn Store) {
    write(store, |txn| {
        let deals: Vec<_> = (1..=1_000).map(opportunity).collect();
        let roles: Vec<_> = (1..=1_000).map(|id| role(id, id, 1, "Buyer")).collect();
        txn.insert_opportunities(&deals)?;
        txn.insert_roles(&roles)
    });
    let (keys, of_lead, of_deals) = read(store, |txn| {
        let keys: Vec<_> = (1..=1_000)
            .map(|id| (OpportunityId(id), LeadId(1), "buyer".to_owned()))
            .collect();
        let deals: Vec<_> = (1..=1_000).map(OpportunityId).collect();
        let found = txn.role_ids_by_key(&keys)?;
        let of_lead = txn.roles_of_leads(&[LeadId(1)])?;
        Ok((found, of_lead, txn.roles_of_opportunities(&deals)?))
    });
    assert!(keys.iter().flatten().map(|id| id.0).eq(1..=1_000));
    assert!(of_lead.iter().map(|role| role.id.0).eq(1..=1_000));
    assert_eq!(of_lead, of_deals);
    let deals: Vec<_> = (1..=1_000).map(OpportunityId).collect();
    write(store, move |txn| {
        let roles: Vec<_> = of_lead.iter().map(|role| role.id).collect();
        txn.delete_roles(&roles)?;
        txn.delete_opportunities(&deals)
    });
    let left = read(store, |txn| txn.counts());
    assert_eq!((left.roles, left.opportunities), (0, 0));
}

/// Records, found by a filter of a thousand values.
pub fn a_thousand_records_in_one_call(store: &dyn Store) {
    let key = |id: i64| format!("{id:05}");
    write(store, move |txn| {
        let records: Vec<_> = (1..=1_000)
            .map(|id| Record {
                id: RecordId(id),
                object: ObjectTypeId(1),
                key: key(id),
                lookup: vec![("rid".to_owned(), id.to_string())],
                attrs: attrs(&[("rid", &id.to_string())]),
                created_at: at(id),
                updated_at: at(id),
            })
            .collect();
        txn.insert_records(&records)
    });
    let (by_key, filtered) = read(store, move |txn| {
        let keys: Vec<_> = (1..=1_000).map(key).collect();
        let values = (1..=1_000).map(|id: i64| id.to_string()).collect();
        let filter = [("rid".to_owned(), values)];
        let found = txn.records_after(ObjectTypeId(1), &filter, None, 5_000)?;
        Ok((txn.records_by_key(ObjectTypeId(1), &keys)?, found))
    });
    assert_eq!(by_key.len(), 1_000);
    assert!(by_key.into_iter().flatten().eq(filtered));
}
