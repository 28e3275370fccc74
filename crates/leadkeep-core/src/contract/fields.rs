//! What is known of the values of a field, and of the number of rows.

use super::support::{attrs, company, lead, lead_with, opportunity, read, role, write};
use crate::attrs::Attrs;
use crate::ids::{ObjectTypeId, RecordId};
use crate::store::{
    Company, Counts, FieldIndex, Lead, LeadKey, Opportunity, Pick, Record, Role, StaticList, Store,
};

fn record(object: i64, values: Attrs) -> Record {
    Record {
        id: RecordId(object),
        object: ObjectTypeId(object),
        key: "k".to_owned(),
        lookup: Vec::new(),
        attrs: values,
        created_at: super::support::at(0),
        updated_at: super::support::at(0),
    }
}

/// The field `name` of each kind of row.
fn everywhere(name: &str) -> [FieldIndex; 6] {
    let name = || name.to_owned();
    [
        FieldIndex::Lead(name()),
        FieldIndex::Company(name()),
        FieldIndex::Opportunity(name()),
        FieldIndex::Role(name()),
        FieldIndex::Record(ObjectTypeId(1), name()),
        FieldIndex::Record(ObjectTypeId(2), name()),
    ]
}

/// One row of each kind; the field `F` of the row number `at` of [`everywhere`] has the value.
fn only(at: usize, value: &str) -> impl Fn(usize) -> Attrs + Send + use<> {
    let value = value.to_owned();
    move |row| match row == at {
        true => attrs(&[("F", &value), ("G", "x")]),
        false => attrs(&[("f", "longer than anything"), ("G", "x")]),
    }
}

fn put(store: &dyn Store, first: bool, values: impl Fn(usize) -> Attrs + Send + 'static) {
    write(store, move |txn| {
        let leads = [Lead {
            attrs: values(0),
            ..lead(1)
        }];
        let companies = [Company {
            attrs: values(1),
            ..company(1)
        }];
        let deals = [Opportunity {
            attrs: values(2),
            ..opportunity(1)
        }];
        let roles = [Role {
            attrs: values(3),
            ..role(1, 1, 1, "")
        }];
        let records = [record(1, values(4)), record(2, values(5))];
        if first {
            txn.insert_leads(&leads)?;
            txn.insert_companies(&companies)?;
            txn.insert_opportunities(&deals)?;
            txn.insert_roles(&roles)?;
            txn.insert_records(&records)
        } else {
            txn.update_leads(&leads)?;
            txn.update_companies(&companies)?;
            txn.update_opportunities(&deals)?;
            txn.update_roles(&roles)?;
            txn.update_records(&records)
        }
    });
}

/// PRV-5: of this kind of row, by exactly this name.
pub fn a_field_is_in_use_while_a_row_has_a_value(store: &dyn Store) {
    let in_use = |field: &FieldIndex| {
        let field = field.clone();
        read(store, move |txn| txn.field_in_use(&field))
    };
    for field in everywhere("F") {
        assert!(!in_use(&field), "{field:?} of an empty store");
    }
    for (at, field) in everywhere("F").iter().enumerate() {
        put(store, at == 0, only(at, "v"));
        for (other, elsewhere) in everywhere("F").iter().enumerate() {
            assert_eq!(in_use(elsewhere), at == other, "{elsewhere:?} at {field:?}");
        }
    }
    let email = FieldIndex::Lead("Email".to_owned());
    assert!(!in_use(&email));
    write(store, |txn| {
        txn.update_leads(&[lead_with(1, "a@b.example")])
    });
    assert!(in_use(&email), "an element of the record");
}

/// PRV-5: characters, not bytes.
pub fn the_longest_value_counts_characters(store: &dyn Store) {
    let longest = |field: &FieldIndex| {
        let field = field.clone();
        read(store, move |txn| txn.longest_value(&field))
    };
    for (at, field) in everywhere("F").iter().enumerate() {
        assert_eq!(longest(field), 0);
        put(store, at == 0, only(at, "\u{1F600}\u{e9}\"\\"));
        assert_eq!(longest(field), 4, "{field:?}");
    }
    write(store, |txn| {
        txn.insert_leads(&[lead_with(7, "\u{e9}@b.example"), lead_with(8, "x")])
    });
    assert_eq!(longest(&FieldIndex::Lead("Email".to_owned())), 11);
}

/// Before values, after values, and twice.
pub fn an_index_changes_no_answer(store: &dyn Store) {
    let find = || {
        let keys = [
            LeadKey::LeadField("F".to_owned(), "v".to_owned()),
            LeadKey::CompanyField("F".to_owned(), "v".to_owned()),
            LeadKey::OpportunityField("F".to_owned(), "v".to_owned()),
        ];
        let found = read(store, move |txn| txn.lead_ids(&keys, Pick::newest(9)));
        found.iter().map(Vec::len).collect::<Vec<_>>()
    };
    let ensure = || {
        write(store, |txn| {
            let names = everywhere("F").into_iter().chain(everywhere("f"));
            let mut names = names.chain([FieldIndex::Lead("Email".to_owned())]);
            names.try_for_each(|field| txn.ensure_index(&field))
        });
    };
    put(store, true, only(0, "v"));
    assert_eq!(find(), [1, 0, 0]);
    ensure();
    assert_eq!(find(), [1, 0, 0]);
    ensure();
    put(store, false, only(1, "v"));
    assert_eq!(find(), [0, 1, 0]);
    put(store, false, only(2, "v"));
    assert_eq!(find(), [0, 0, 1]);
}

/// Anonymous leads are leads.
pub fn counts_are_of_rows(store: &dyn Store) {
    assert_eq!(read(store, |txn| txn.counts()), Counts::default());
    put(store, true, |_| Attrs::new());
    write(store, |txn| {
        let anonymous = Lead {
            anonymous: true,
            ..lead(2)
        };
        txn.insert_leads(&[anonymous])?;
        txn.put_static_lists(&[StaticList {
            id: crate::ids::ListId(1001),
            name: "a".to_owned(),
            program: None,
        }])
    });
    let expected = Counts {
        leads: 2,
        companies: 1,
        activities: 0,
        opportunities: 1,
        roles: 1,
        programs: 0,
        static_lists: 1,
        records: 2,
    };
    assert_eq!(read(store, |txn| txn.counts()), expected);
}
