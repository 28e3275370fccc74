//! Odd texts everywhere.

use super::support::{
    TEXTS, at, attrs, company, custom, lead, lead_with, opportunity, read, write,
};
use crate::ids::{CompanyId, LeadId, ObjectTypeId, RecordId};
use crate::store::{Company, FieldIndex, Lead, LeadKey, Opportunity, Pick, Record, Store};

/// As an address, a name and a value of an attribute, a foreign id, a company key, a key and a value of a record.
pub fn every_text_comes_back(store: &dyn Store) {
    for (id, text) in (1..).zip(TEXTS) {
        let person = Lead {
            attrs: attrs(&[(text, text), ("Plain", text)]),
            ..lead_with(id, text)
        };
        let firm = Company {
            key: Some(text.to_owned()),
            attrs: attrs(&[(text, text)]),
            ..company(id)
        };
        let record = Record {
            id: RecordId(id),
            object: ObjectTypeId(1),
            key: text.to_owned(),
            lookup: vec![(text.to_owned(), text.to_owned())],
            attrs: attrs(&[(text, text)]),
            created_at: at(0),
            updated_at: at(0),
        };
        let rows = (person.clone(), firm.clone(), record.clone());
        write(store, move |txn| {
            let (person, firm, record) = &rows;
            txn.insert_leads(std::slice::from_ref(person))?;
            txn.attach_foreign_ids(&[(custom(text), LeadId(id))])?;
            txn.insert_companies(std::slice::from_ref(firm))?;
            txn.insert_records(std::slice::from_ref(record))
        });
        let found = read(store, move |txn| {
            let lead = txn.leads(&[LeadId(id)])?.pop();
            let company = txn.companies(&[CompanyId(id)])?.pop();
            let filter = [(text.to_owned(), vec![text.to_owned()])];
            let record = txn.records_after(ObjectTypeId(1), &filter, None, 9)?.pop();
            Ok((lead, company, record))
        });
        let shown = Lead {
            foreign_id: Some(custom(text)),
            ..person
        };
        assert_eq!(found, (Some(shown), Some(firm), Some(record)));
    }
}

/// By every kind of key that holds text.
pub fn every_text_is_found_and_nothing_else(store: &dyn Store) {
    write(store, |txn| {
        for (id, text) in (1..).zip(TEXTS) {
            txn.insert_leads(&[Lead {
                attrs: attrs(&[("Own", text)]),
                ..lead_with(id, text)
            }])?;
            txn.attach_foreign_ids(&[(custom(text), LeadId(id))])?;
            txn.insert_companies(&[Company {
                key: Some(text.to_owned()),
                attrs: attrs(&[("Firm", text)]),
                ..company(id)
            }])?;
            txn.insert_opportunities(&[Opportunity {
                attrs: attrs(&[("Deal", text)]),
                ..opportunity(id)
            }])?;
        }
        Ok(())
    });
    for (id, text) in (1..).zip(TEXTS) {
        let (leads, company, deals) = read(store, move |txn| {
            let text = || text.to_owned();
            let keys = [
                LeadKey::Email(text().to_lowercase().into()),
                LeadKey::Foreign(custom(&text())),
                LeadKey::ForeignAnySystem(text()),
                LeadKey::LeadField("Own".to_owned(), text()),
                LeadKey::LeadField("Email".to_owned(), text()),
                LeadKey::CompanyField("Firm".to_owned(), text()),
            ];
            Ok((
                txn.lead_ids(&keys, Pick::newest(9))?,
                txn.companies_by_key(&[text()])?,
                txn.opportunity_ids_by_field(&[("Deal".to_owned(), text())], Pick::newest(9))?,
            ))
        });
        assert_eq!(leads, vec![vec![LeadId(id)]; 6], "{text:?}");
        let company: Vec<_> = company.into_iter().flatten().map(|c| c.id.0).collect();
        assert_eq!(company, [id], "{text:?}");
        let deals: Vec<_> = deals.into_iter().flatten().map(|deal| deal.0).collect();
        assert_eq!(deals, [id], "{text:?}");
    }
}

/// Names reach a store's query language, where they must stay names. Texts with control characters are no names.
pub fn every_name_can_be_that_of_a_field(store: &dyn Store) {
    let names: Vec<&str> = TEXTS
        .into_iter()
        .filter(|text| !text.contains(char::is_control))
        .collect();
    for (id, name) in (1..).zip(names) {
        let (leads, deals, in_use, longest) = write(store, move |txn| {
            let name = || name.to_owned();
            let fields = [
                FieldIndex::Lead(name()),
                FieldIndex::Company(name()),
                FieldIndex::Opportunity(name()),
                FieldIndex::Role(name()),
                FieldIndex::Record(ObjectTypeId(1), name()),
            ];
            for field in &fields {
                assert!(!txn.field_in_use(field)?, "{field:?}");
                txn.ensure_index(field)?;
                txn.ensure_index(field)?;
            }
            txn.insert_leads(&[Lead {
                attrs: attrs(&[(&name(), "value")]),
                ..lead(id)
            }])?;
            txn.insert_companies(&[Company {
                attrs: attrs(&[(&name(), "firm")]),
                ..company(id)
            }])?;
            txn.insert_opportunities(&[Opportunity {
                attrs: attrs(&[(&name(), "value")]),
                ..opportunity(id)
            }])?;
            let keys = [
                LeadKey::LeadField(name(), "value".to_owned()),
                LeadKey::CompanyField(name(), "firm".to_owned()),
                LeadKey::OpportunityField(name(), "firm".to_owned()),
            ];
            let pair = (name(), "value".to_owned());
            Ok((
                txn.lead_ids(&keys, Pick::newest(9))?,
                txn.opportunity_ids_by_field(&[pair], Pick::newest(9))?,
                txn.field_in_use(&fields[0])?,
                txn.longest_value(&fields[1])?,
            ))
        });
        let own = || vec![LeadId(id)];
        assert_eq!(leads, [own(), own(), Vec::new()], "{name:?}");
        let deals: Vec<_> = deals.into_iter().flatten().map(|deal| deal.0).collect();
        assert_eq!(deals, [id], "{name:?}");
        assert_eq!((in_use, longest), (true, 4), "{name:?}");
    }
}
