//! Leads by key.

use super::support::{
    attrs, company, custom, foreign, lead, lead_with, opportunity, read, role, write,
};
use crate::ids::{CompanyId, LeadId};
use crate::store::{Company, FieldIndex, ForeignSystem, Lead, LeadKey, Opportunity, Pick, Store};

/// The ids behind each key; the count of each must agree.
fn found(store: &dyn Store, keys: Vec<LeadKey>) -> Vec<Vec<i64>> {
    read(store, move |txn| {
        let ids = txn.lead_ids(&keys, Pick::newest(usize::MAX))?;
        for (key, ids) in keys.iter().zip(&ids) {
            assert_eq!(txn.count_leads(key)?, ids.len() as u64, "{key:?}");
        }
        let ids = ids.into_iter();
        Ok(ids
            .map(|ids| ids.into_iter().map(|id| id.0).collect())
            .collect())
    })
}

fn lead_field(field: &str, value: &str) -> LeadKey {
    LeadKey::LeadField(field.to_owned(), value.to_owned())
}

fn company_field(field: &str, value: &str) -> LeadKey {
    LeadKey::CompanyField(field.to_owned(), value.to_owned())
}

fn opportunity_field(field: &str, value: &str) -> LeadKey {
    LeadKey::OpportunityField(field.to_owned(), value.to_owned())
}

/// The two keys that name one lead. Anonymous leads are found by them too (COM-13).
pub fn by_id_and_foreign_id(store: &dyn Store) {
    write(store, |txn| {
        let anonymous = Lead {
            anonymous: true,
            ..lead(2)
        };
        txn.insert_leads(&[lead(1), anonymous])?;
        txn.attach_foreign_ids(&[
            (custom("a"), LeadId(1)),
            (custom("A"), LeadId(2)),
            (foreign(ForeignSystem::Netsuite, "n"), LeadId(1)),
        ])
    });
    let keys = vec![
        LeadKey::Id(LeadId(2)),
        LeadKey::Id(LeadId(3)),
        LeadKey::Foreign(custom("a")),
        LeadKey::Foreign(custom("A")),
        LeadKey::Foreign(custom("n")),
        LeadKey::Foreign(foreign(ForeignSystem::Netsuite, "n")),
        LeadKey::ForeignAnySystem("n".to_owned()),
    ];
    let ids: [&[i64]; 7] = [&[2], &[], &[1], &[2], &[], &[1], &[1]];
    assert_eq!(found(store, keys), ids);
}

/// COM-7: the caller gives the lower case, the store knows that of each address.
pub fn by_address_in_lower_case(store: &dyn Store) {
    write(store, |txn| {
        txn.insert_leads(&[
            lead_with(1, "a@example.com"),
            lead_with(2, "A@Example.COM"),
            lead_with(3, "G\u{c9}ORGE@\u{d6}.example"),
            lead_with(4, "a@example.com.au"),
            lead(5),
        ])?;
        txn.update_leads(&[lead_with(4, "NEW@example.com")])
    });
    let keys = [
        "a@example.com",
        "A@Example.COM",
        "g\u{e9}orge@\u{f6}.example",
        "a@example.com.au",
        "new@example.com",
        "",
        "a@example%",
    ];
    let keys = keys.map(|email| LeadKey::Email(email.into())).to_vec();
    let ids: [&[i64]; 7] = [&[2, 1], &[], &[3], &[], &[4], &[], &[]];
    assert_eq!(found(store, keys), ids);
}

/// COM-9: the first 15 characters, with case, and only of the one system.
pub fn by_prefix_of_a_crm_id(store: &dyn Store) {
    write(store, |txn| {
        txn.insert_leads(&[lead(1), lead(2), lead(3), lead(4)])?;
        let sfdc = |value| foreign(ForeignSystem::Sfdc, value);
        txn.attach_foreign_ids(&[
            (sfdc("00Q123456789abc"), LeadId(1)),
            (sfdc("00Q123456789abcAAA"), LeadId(2)),
            (sfdc("00Q123456789abd"), LeadId(3)),
            (sfdc("00Q123456789ABC"), LeadId(3)),
            (custom("00Q123456789abc"), LeadId(4)),
            (custom("00Q123456789abcAAA"), LeadId(4)),
            (sfdc("00Q123456789abcBBB"), LeadId(1)),
        ])
    });
    let keys = [
        "00Q123456789abc",
        "00Q123456789ABC",
        "00Q123456789ab_",
        "00Q123456789ab%",
    ];
    let keys = keys.map(|prefix| LeadKey::SfdcPrefix(prefix.to_owned()));
    let ids: [&[i64]; 4] = [&[2, 1], &[3], &[], &[]];
    assert_eq!(found(store, keys.to_vec()), ids, "each lead once");
}

/// SMO-67: exactly this value, in this field; the address counts as a field.
pub fn by_field_of_the_lead(store: &dyn Store) {
    write(store, |txn| {
        txn.insert_leads(&[
            Lead {
                attrs: attrs(&[("FSPID", "7"), ("Title", "x")]),
                ..lead_with(1, "A@example.com")
            },
            Lead {
                attrs: attrs(&[("FSPID", "x")]),
                ..lead_with(2, "a@example.com")
            },
            Lead {
                attrs: attrs(&[("FSPID", "7")]),
                ..lead(3)
            },
        ])?;
        txn.insert_companies(&[Company {
            attrs: attrs(&[("FSPID", "of the company")]),
            ..company(1)
        }])
    });
    let keys = vec![
        lead_field("FSPID", "7"),
        lead_field("FSPID", "x"),
        lead_field("FSPID", "X"),
        lead_field("fspid", "7"),
        lead_field("FSPID", "7.0"),
        lead_field("FSPID", "of the company"),
        lead_field("Email", "A@example.com"),
        lead_field("Email", "a@EXAMPLE.com"),
    ];
    let ids: [&[i64]; 8] = [&[3, 1], &[2], &[], &[], &[], &[], &[1], &[]];
    assert_eq!(found(store, keys), ids);
}

/// SMO-66: all leads of the companies that have the value.
pub fn by_field_of_the_company(store: &dyn Store) {
    write(store, |txn| {
        let number = |id, number| Company {
            attrs: attrs(&[("cAccountFSID", number)]),
            ..company(id)
        };
        txn.insert_companies(&[number(10, "A1"), number(11, "A1"), number(12, "A2")])?;
        let of = |id, company| Lead {
            company: CompanyId(company),
            attrs: attrs(&[("cAccountFSID", "A9")]),
            ..lead(id)
        };
        txn.insert_leads(&[of(1, 10), of(2, 10), of(3, 11), of(4, 12), of(5, 99)])
    });
    let keys = vec![
        company_field("cAccountFSID", "A1"),
        company_field("cAccountFSID", "A2"),
        company_field("cAccountFSID", "A9"),
    ];
    let ids: [&[i64]; 3] = [&[3, 2, 1], &[4], &[]];
    assert_eq!(found(store, keys), ids);
}

/// COM-9: a lead with two roles on such opportunities is one lead.
pub fn by_field_of_an_opportunity(store: &dyn Store) {
    write(store, |txn| {
        txn.insert_leads(&[lead(1), lead(2), lead(3)])?;
        let deal = |id, number| Opportunity {
            attrs: attrs(&[("Number", number)]),
            ..opportunity(id)
        };
        txn.insert_opportunities(&[deal(10, "N1"), deal(11, "N1"), deal(12, "N2")])?;
        txn.insert_roles(&[
            role(20, 10, 1, "Buyer"),
            role(21, 10, 1, "Payer"),
            role(22, 11, 1, "Buyer"),
            role(23, 11, 2, ""),
            role(24, 12, 2, ""),
        ])
    });
    let keys = vec![
        opportunity_field("Number", "N1"),
        opportunity_field("Number", "N2"),
        opportunity_field("Number", "N3"),
    ];
    let ids: [&[i64]; 3] = [&[2, 1], &[2], &[]];
    assert_eq!(found(store, keys), ids);
}

/// In the order of the keys, the same key twice too.
pub fn each_key_has_its_entry(store: &dyn Store) {
    write(store, |txn| {
        txn.insert_leads(&[lead_with(1, "a@example.com"), lead_with(2, "b@example.com")])
    });
    let email = |email: &str| LeadKey::Email(email.into());
    let keys = vec![
        email("b@example.com"),
        email("nobody@example.com"),
        email("a@example.com"),
        LeadKey::Id(LeadId(1)),
        email("b@example.com"),
    ];
    let ids: [&[i64]; 5] = [&[2], &[], &[1], &[1], &[2]];
    assert_eq!(found(store, keys), ids);
    assert!(found(store, Vec::new()).is_empty());
}

/// In an empty store, with and without indexes.
pub fn nothing_is_found_of_what_is_not_there(store: &dyn Store) {
    let keys = vec![
        LeadKey::Id(LeadId(1)),
        LeadKey::Foreign(custom("x")),
        LeadKey::ForeignAnySystem("x".to_owned()),
        LeadKey::SfdcPrefix("00Q123456789abc".to_owned()),
        LeadKey::Email("x".into()),
        LeadKey::Cookie(super::support::cookie("token:x")),
        lead_field("f", "x"),
        company_field("f", "x"),
        opportunity_field("f", "x"),
    ];
    let nothing = vec![Vec::<i64>::new(); keys.len()];
    assert_eq!(found(store, keys.clone()), nothing);
    write(store, |txn| {
        txn.ensure_index(&FieldIndex::Lead("f".to_owned()))?;
        txn.ensure_index(&FieldIndex::Company("f".to_owned()))?;
        txn.ensure_index(&FieldIndex::Opportunity("f".to_owned()))
    });
    assert_eq!(found(store, keys), nothing);
}
