//! Leads by any field, on a store in memory.

use crate::ids::{LeadId, ListId};
use crate::imports::{
    ImportByHand, ImportMode, ImportRows, failed_rows, import, import_by_hand, work,
};
use crate::memory::MemoryStore;
use crate::schema::{Schema, testing};
use crate::store::WriteTxn;

const HOUSE: &str = r#"
[[list]]
id = 1
name = "CRM"
[[field]]
object = "Lead"
name = "CrmId"
display_name = "CRM number"
type = "integer"
"#;

struct House {
    store: MemoryStore,
    schema: Schema,
}

impl House {
    fn try_run(
        &self,
        key: &str,
        header: &str,
        rows: &[&str],
        mode: ImportMode,
    ) -> Result<String, String> {
        let input = ImportByHand {
            list: ListId(1),
            header: header.to_owned(),
            rows: ImportRows::split(rows.iter().map(|row| (*row).to_owned()).collect()),
            mode,
            clear: false,
            key: Some(key.to_owned()),
            named: Vec::new(),
        };
        let id = self
            .store
            .write_now(|txn, now| import_by_hand(txn, &self.schema, now, &input))
            .map_err(|error| error.to_string())?;
        self.finish();
        let (done, failed) = self
            .store
            .read_now(|txn, _| {
                Ok::<_, crate::store::StoreError>((import(txn, id)?, failed_rows(txn, id, 0)?))
            })
            .unwrap();
        let mut told = done.unwrap().summary.unwrap();
        for row in failed.unwrap().rows {
            told.push_str(&format!("; {} {}", row[0], row[1]));
        }
        Ok(told)
    }

    /// Does what is to be done, and says in how many pieces.
    fn finish(&self) -> usize {
        let piece = |txn: &mut dyn WriteTxn, now| work(txn, &self.schema, now, None);
        let pieces = std::iter::from_fn(|| self.store.write_now(piece).unwrap());
        pieces.count()
    }

    fn run(&self, header: &str, rows: &[&str]) -> String {
        self.try_run("crm NUMBER", header, rows, ImportMode::Upsert)
            .unwrap()
    }

    /// Number, address and last name of the leads up to a number.
    fn leads(&self) -> Vec<String> {
        let ids: Vec<LeadId> = (1..9).map(LeadId).collect();
        let mut leads = self.store.read_now(|txn, _| txn.leads(&ids)).unwrap();
        leads.sort_by_key(|lead| lead.id);
        let line = |lead: &crate::store::Lead| {
            let value = |name: &str| lead.attrs.get(name).unwrap_or("-").to_owned();
            let email = lead.email.as_deref().unwrap_or("-");
            format!(
                "{} {email} {} {}",
                lead.id,
                value("CrmId"),
                value("LastName")
            )
        };
        leads.iter().map(line).collect()
    }
}

fn house() -> House {
    let (store, schema) = testing::store(HOUSE);
    House { store, schema }
}

#[test]
fn leads_are_found_by_the_key_whatever_their_address() {
    let house = house();
    let header = "Email,CRM number,LastName";
    let new = house.run(header, &["a@x.com,1,Ash", "b@x.com,2,Bee"]);
    assert_eq!(new, "2 leads imported, 0 failed, 0 ignored");
    // The key counts before the address, which changes; without a key the address counts.
    let told = house.run(
        header,
        &["new@x.com,01,Ash", "b@x.com,,Birch", "b@x.com,NULL,"],
    );
    assert_eq!(told, "3 leads imported, 0 failed, 0 ignored");
    assert_eq!(house.leads(), ["1 new@x.com 1 Ash", "2 b@x.com - Birch"]);
    let told = house.run("CrmId,LastName", &["1,Aspen", "7,Nobody", "many,x", ",x"]);
    assert!(told.starts_with("1 lead imported, 3 failed, 0 ignored; 2 no lead has CrmId = 7, and a new one needs an Email Address; 3 "), "{told}");
    assert!(
        told.ends_with("; 4 neither Email Address nor CrmId says whom the row is about"),
        "{told}"
    );
    assert_eq!(house.leads()[0], "1 new@x.com 1 Aspen");
    // A number may be that of another instance: the key counts.
    house.run("Id,CrmId,LastName", &["2,1,Beech"]);
    assert_eq!(house.leads(), ["1 new@x.com 1 Beech", "2 b@x.com - Birch"]);
}

#[test]
fn an_address_is_no_way_to_the_lead_of_another_key() {
    let house = house();
    let header = "Email,CrmId,LastName";
    house.run(header, &["a@x.com,1,Ash", "b@x.com,,Bee"]);
    // Whoever has no value gets one.
    let told = house.run(header, &["A@x.com,2,Lost", "b@x.com,3,Birch"]);
    assert_eq!(
        told,
        "1 lead imported, 1 failed, 0 ignored; 1 the lead with this address, 1, has CrmId = 1"
    );
    assert_eq!(house.leads(), ["1 a@x.com 1 Ash", "2 b@x.com 3 Birch"]);
    // In one file it is the same, also for an address that a row has just brought.
    let told = house.run(
        header,
        &[
            "c@x.com,4,Cedar",
            "C@x.com,5,Lost",
            "d@x.com,1,Ash",
            "d@x.com,6,Lost",
        ],
    );
    assert_eq!(
        told,
        "2 leads imported, 2 failed, 0 ignored; 2 the lead with this address, 3, has CrmId = 4; \
         4 the lead with this address, 1, has CrmId = 1"
    );
}

/// A piece is as long as it can be: only what a row brings in keeps a later one from being done with it.
#[test]
fn rows_that_bring_nothing_in_are_done_at_once() {
    let house = house();
    house.run("Email,CrmId", &["a@x.com,1"]);
    for (header, rows, pieces) in [
        ("CrmId,LastName", ["9,x", "9,y", "9,z"], 1),
        ("Email,CrmId", ["a@x.com,5", "a@x.com,6", "a@x.com,7"], 1),
        ("Email,CrmId", ["b@x.com,5", "c@x.com,5", "c@x.com,6"], 3),
    ] {
        let input = ImportByHand {
            list: ListId(1),
            header: header.to_owned(),
            rows: ImportRows::split(rows.into_iter().map(str::to_owned).collect()),
            mode: ImportMode::Upsert,
            clear: false,
            key: Some("CrmId".to_owned()),
            named: Vec::new(),
        };
        let taken = house
            .store
            .write_now(|txn, now| import_by_hand(txn, &house.schema, now, &input));
        taken.unwrap();
        assert_eq!(house.finish(), pieces, "{rows:?}");
    }
}

#[test]
fn rows_of_one_new_key_are_about_one_lead() {
    let house = house();
    let header = "Email,CrmId,LastName";
    let told = house.run(
        header,
        &["a@x.com,1,Ash", "b@x.com,01,Bee", "c@x.com,1,Cedar"],
    );
    assert_eq!(told, "3 leads imported, 0 failed, 0 ignored");
    assert_eq!(house.leads(), ["1 c@x.com 1 Cedar"]);
}

#[test]
fn those_that_only_join_are_found_and_not_changed() {
    let house = house();
    house.run("Email,CrmId", &["a@x.com,1"]);
    let told = house.try_run(
        "CrmId",
        "CrmId,Email,LastName",
        &["1,other@x.com,x"],
        ImportMode::ListOnly,
    );
    assert_eq!(
        told.unwrap(),
        "0 leads imported, 0 failed, 1 ignored",
        "it is a member already"
    );
    assert_eq!(house.leads(), ["1 a@x.com 1 -"]);
}

#[test]
fn keys_that_are_no_fields_are_refused() {
    let house = house();
    let run = |key: &str, header: &str| {
        house
            .try_run(key, header, &["x"], ImportMode::Upsert)
            .unwrap_err()
    };
    assert!(run("Shoe", "Email").contains("no lead has a field Shoe"));
    assert!(run("CrmId", "LastName").contains("Email Address or CrmId is required"));
    // These are keys as they are.
    let told = house.try_run("email address", "Email", &["a@x.com"], ImportMode::Upsert);
    assert_eq!(told.unwrap(), "1 lead imported, 0 failed, 0 ignored");
}

/// The key of a record in another system is no value that imports write.
#[test]
fn leads_are_found_by_their_number_in_another_system() {
    let house = house();
    let foreign = crate::leads::LeadInput {
        email: Some("a@x.com".to_owned()),
        foreign_id: Some(crate::leads::ForeignKey {
            value: "F-1".to_owned(),
            system: None,
        }),
        ..Default::default()
    };
    let call = crate::leads::SyncMultipleLeads {
        records: vec![foreign],
        dedup: true,
        max_records: 9,
    };
    house
        .store
        .write_now(|txn, now| {
            crate::leads::sync_multiple_leads(txn, &house.schema, now, &call, None)
        })
        .unwrap();
    let key = "ForeignSysPersonId";
    let told = house.try_run(
        key,
        "ForeignSysPersonId,LastName",
        &["F-1,Ash"],
        ImportMode::Upsert,
    );
    assert_eq!(told.unwrap(), "1 lead imported, 0 failed, 0 ignored");
    assert_eq!(house.leads(), ["1 a@x.com - Ash"]);
}
