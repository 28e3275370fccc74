//! Rows as objects, and objects as rows again, on a store in memory.

use super::*;
use crate::custom_objects::RecordRows;
use crate::export::{Export, ExportError, ExportRows};
use crate::leads::{LeadInput, SyncMultipleLeads, sync_multiple_leads};
use crate::memory::MemoryStore;
use crate::mobjects::MObjectRows;
use crate::schema::testing;
use std::ops::ControlFlow;

const HOUSE: &str = r#"
[[field]]
object = "Opportunity"
name = "dealId"
display_name = "Deal Number"
type = "string"
[[custom_object]]
name = "car"
fields = [
  { name = "vin", display_name = "VIN number", type = "string", dedupe = true },
  { name = "owner", type = "email", link = "Lead.Email" },
  { name = "km", type = "integer" },
]
"#;

struct House {
    store: MemoryStore,
    schema: Schema,
}

/// A house with the leads 1, ann@x.com, and 2, bob@x.com, each with a company.
fn house() -> House {
    let (store, schema) = testing::store(HOUSE);
    let lead = |name: &str| LeadInput {
        email: Some(format!("{name}@x.com")),
        attributes: vec![("Company".to_owned(), format!("{name} Ltd"))],
        ..LeadInput::default()
    };
    let call = SyncMultipleLeads {
        records: vec![lead("ann"), lead("bob")],
        dedup: true,
        max_records: 9,
    };
    store
        .write_now(|txn, now| sync_multiple_leads(txn, &schema, now, &call, None))
        .unwrap();
    House { store, schema }
}

fn deals(key: Option<&str>) -> ObjectKind {
    ObjectKind::Opportunities(key.map(str::to_owned))
}

fn cars() -> ObjectKind {
    ObjectKind::Records("CAR".to_owned())
}

impl House {
    fn refused(&self, kind: &ObjectKind, header: &str) -> String {
        let error = ObjectImport::new(&self.schema, kind, header).unwrap_err();
        error.to_string()
    }

    /// What became of each row, in one word or with the reason.
    fn import(&self, kind: &ObjectKind, header: &str, rows: &[&str]) -> Vec<String> {
        let import = ObjectImport::new(&self.schema, kind, header).unwrap();
        let outcomes = self
            .store
            .write_now(|txn, now| import.apply(txn, &self.schema, now, rows))
            .unwrap();
        let word = |outcome| match outcome {
            RowOutcome::Failed(reason) => reason,
            other => format!("{other:?}"),
        };
        outcomes.into_iter().map(word).collect()
    }

    fn all(&self, rows: &dyn ExportRows) -> Vec<String> {
        let mut lines = vec![rows.columns().join(",")];
        self.store
            .read_now(|txn, _| {
                rows.each(txn, &self.schema, &mut |row| {
                    lines.extend(row.map(|row| row.join(",")));
                    ControlFlow::Continue(())
                })
            })
            .unwrap();
        lines
    }

    fn exported(&self, object: MObjectType, fields: &[&str], conditions: &[&str]) -> Vec<String> {
        let export = export(fields, conditions);
        self.all(&MObjectRows::new(&self.schema, object, &export).unwrap())
    }

    fn cars(&self, fields: &[&str], conditions: &[&str]) -> Vec<String> {
        let export = export(fields, conditions);
        self.all(&RecordRows::new(&self.schema, "car", &export).unwrap())
    }
}

fn export(fields: &[&str], conditions: &[&str]) -> Export {
    Export {
        fields: fields.iter().map(|name| (*name).to_owned()).collect(),
        since: None,
        conditions: conditions
            .iter()
            .map(|text| text.parse().unwrap())
            .collect(),
    }
}

#[test]
fn opportunities_are_found_by_their_key_and_linked() {
    let house = house();
    let header = "Deal Number,name,Amount,Company.Email,Shoe";
    let key = deals(Some("dealid"));
    let rows = [
        "D1,First,100,ann@x.com,41",
        "D2,\"Second, large\",many,,",
        ",,,,",
        "D1,,250",
        "D3,Third,,nobody@x.com",
        "D4,a,b,c,d,e",
        ",No key,1",
    ];
    let first = house.import(&key, header, &rows);
    assert_eq!(first[0], "Created");
    assert!(first[1].contains("Amount"), "{first:?}");
    assert_eq!(first[2..4], ["Blank", "Updated"]);
    assert!(first[4].contains("Company"), "{first:?}");
    assert_eq!(first[5], "the header has 5 cells, the row 6");
    // Without a key it would be a new one with each import.
    assert_eq!(first[6], "a value of dealId is required");
    assert_eq!(house.import(&key, header, &["D0,No deal,1"]), ["Created"]);
    assert_eq!(house.import(&key, header, &rows[..1]), ["Updated"]);
    assert_eq!(house.import(&key, header, &rows[..1]), ["Unchanged"]);
    // NULL clears.
    assert_eq!(
        house.import(&key, "dealId,Amount", &["D1,null"]),
        ["Updated"]
    );
    let columns = ["Id", "DealId", "Name", "Amount", "CompanyId"];
    let expected = [
        "Id,dealId,Name,Amount,CompanyId",
        "1,D1,First,,1",
        "2,D0,No deal,1,",
    ];
    let found = house.exported(MObjectType::Opportunity, &columns, &[]);
    assert_eq!(found[..2], expected[..2]);
    assert!(found[2].starts_with("2,D0,No deal,1"), "{found:?}");
    let chosen = house.exported(MObjectType::Opportunity, &["Id"], &["dealId = D1"]);
    assert_eq!(chosen, ["Id", "1"]);
    // Whoever names a key means it, whatever numbers the file has.
    let by_key = house.import(&key, "Id,dealId,Name", &["2,D1,Still first"]);
    assert_eq!(by_key, ["Updated"]);
    let chosen = house.exported(MObjectType::Opportunity, &["Id"], &["Name = Still first"]);
    assert_eq!(chosen, ["Id", "1"]);
    let by_id = house.import(&deals(Some("id")), "Id,Name", &["1,First again"]);
    assert_eq!(by_id, ["Updated"]);
    // By number it is a value like others.
    let numbers = deals(None);
    let by_number = house.import(&numbers, "Id,dealId", &["2,D2", "9,D9", "x,D9", "2,D2"]);
    assert_eq!(by_number[0], "Updated");
    assert!(by_number[1].contains("Opportunity"), "{by_number:?}");
    assert_eq!(
        by_number[2..],
        ["Id: expected a number, got x", "Unchanged"]
    );
    let columns = ObjectImport::new(&house.schema, &key, header)
        .unwrap()
        .columns();
    let meanings: Vec<_> = columns
        .iter()
        .map(|column| column.meaning.as_deref())
        .collect();
    let expected = [
        Some("dealId"),
        Some("Name"),
        Some("Amount"),
        Some("Company.Email"),
        None,
    ];
    assert_eq!(meanings, expected);
}

#[test]
fn roles_are_found_by_what_they_join() {
    let house = house();
    house.import(&deals(Some("dealId")), "dealId,Name", &["D1,First"]);
    let header = "Opportunity.dealId,Lead.Email,Role,Is Primary";
    let done = house.import(
        &ObjectKind::Roles,
        header,
        &[
            "D1,ann@x.com,Buyer,1",
            "D1,bob@x.com,Buyer,",
            "D1,ann@x.com,buyer,0",
            "D9,ann@x.com",
            "D1",
        ],
    );
    assert_eq!(done[..3], ["Created", "Created", "Updated"]);
    assert!(
        done[3].contains("Opportunity") && done[4].contains("PersonId"),
        "{done:?}"
    );
    let fields = ["OpportunityId", "PersonId", "Role"];
    let expected = ["OpportunityId,PersonId,Role", "1,1,buyer", "1,2,Buyer"];
    let role = MObjectType::OpportunityPersonRole;
    assert_eq!(house.exported(role, &fields, &[]), expected);
}

/// What an export writes an import takes: all is there already.
#[test]
fn what_is_exported_can_be_imported() {
    let house = house();
    house.import(
        &deals(Some("dealId")),
        "dealId,Name,Close Date,Company.Email",
        &["D1,First,2026-07-31,ann@x.com"],
    );
    let header = "OpportunityId,PersonId,Role";
    house.import(&ObjectKind::Roles, header, &["1,1,Buyer"]);
    house.import(&cars(), "vin,owner,km", &["V1,ann@x.com,5", "V2,,"]);
    let again = |kind: &ObjectKind, lines: Vec<String>| {
        let rows: Vec<&str> = lines[1..].iter().map(String::as_str).collect();
        house.import(kind, &lines[0], &rows)
    };
    let lines = house.exported(MObjectType::Opportunity, &[], &[]);
    assert!(lines[0].starts_with("Id,") && lines[0].ends_with(",createdAt,updatedAt"));
    assert_eq!(again(&deals(None), lines), ["Unchanged"]);
    let lines = house.exported(MObjectType::OpportunityPersonRole, &[], &[]);
    assert_eq!(again(&ObjectKind::Roles, lines), ["Unchanged"]);
    assert_eq!(
        again(&cars(), house.cars(&[], &[])),
        ["Unchanged", "Unchanged"]
    );
}

#[test]
fn records_are_found_by_their_dedupe_fields() {
    let house = house();
    let header = "KM,vin NUMBER,Owner,colour";
    let rows = ["5,V1,ann@x.com,red", ",V2,nobody@x.com", "7,,", "9,v1,NULL"];
    let done = house.import(&cars(), header, &rows);
    assert_eq!(done[0], "Created");
    assert!(done[1].contains("owner"), "{done:?}");
    assert_eq!(done[2..], ["Missing key field: vin", "Updated"]);
    assert_eq!(
        house.cars(&["vin", "KM", "owner"], &[]),
        ["vin,km,owner", "V1,9,"]
    );
    assert_eq!(house.cars(&["vin"], &["km != 9"]), ["vin"]);
}

#[test]
fn what_cannot_be_imported_or_exported_is_refused_as_a_whole() {
    let house = house();
    for (kind, header, part) in [
        (deals(None), "Name,Amount", "a key is required"),
        (deals(Some("dealId")), "Name", "a column dealId is required"),
        (
            deals(Some("dealID2")),
            "Name",
            "Opportunity has no field dealID2",
        ),
        (
            cars(),
            "owner,km",
            "the key fields of car are required: vin",
        ),
        (ObjectKind::Records("boat".to_owned()), "vin", "object name"),
        (ObjectKind::Records(" ".to_owned()), "vin", "objTypeName"),
    ] {
        let said = house.refused(&kind, header);
        assert!(said.contains(part), "{part}: {said}");
    }
    let object = MObjectType::Opportunity;
    let odd = MObjectRows::new(
        &house.schema,
        object,
        &export(&["Odd", "Name"], &["Shoe = 1"]),
    );
    assert!(matches!(odd, Err(ExportError::Unknown(names)) if names == ["Odd", "Shoe"]));
    let programs = MObjectRows::new(&house.schema, MObjectType::Program, &export(&[], &[]));
    assert!(matches!(
        programs,
        Err(ExportError::Call(CallError::BadObjectName))
    ));
    let boats = RecordRows::new(&house.schema, "boat", &export(&[], &[]));
    assert!(matches!(
        boats,
        Err(ExportError::Call(CallError::BadObjectName))
    ));
}
