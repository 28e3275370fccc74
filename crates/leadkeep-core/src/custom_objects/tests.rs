//! Rules of custom objects, on a store in memory. Records and answers are short lines: `rid=1 | city=Oslo` is a key and
//! an attribute.

use super::*;
use crate::leads::{LeadInput, SyncMultipleLeads, sync_multiple_leads};
use crate::memory::MemoryStore;
use crate::mobjects::SyncOperation::{self, Insert, Update, Upsert};
use crate::schema::{Schema, testing};
use proptest::prelude::*;

/// Types beside those of the demo: without dedupe fields, with other links, with other types of keys.
const MORE: &str = r#"
[[custom_object]]
name = "Note"
fields = [{ name = "text", type = "string" }, { name = "about", type = "string", link = "RoadShow.rid" }]
[[custom_object]]
name = "Visit"
fields = [
  { name = "number", type = "integer", dedupe = true },
  { name = "on", type = "date" },
  { name = "fee", type = "currency" },
  { name = "firm", type = "string", link = "Company.Company" },
  { name = "ref", type = "string", link = "Lead.FSPID" },
]
[[field]]
object = "Lead"
name = "FSPID"
type = "string"
[[custom_object]]
name = "RoadShow"
fields = [
  { name = "MKTOID", type = "integer", dedupe = true, link = "Lead.Id" },
  { name = "rid", type = "string", dedupe = true },
  { name = "city", type = "string" },
  { name = "zip", type = "string" },
]
[[custom_object]]
name = "Subscription"
display_name = "Paid Subscription"
strict = true
fields = [
  { name = "contract", type = "string", dedupe = true },
  { name = "Email", type = "email", link = "Lead.Email" },
  { name = "seats", type = "integer" },
]
"#;

struct House {
    store: MemoryStore,
    schema: Schema,
}

/// An instance with two leads of one address (1 and 2) and one of another (3).
fn house() -> House {
    let house = House {
        store: MemoryStore::new(),
        schema: testing::schema(MORE),
    };
    let record = |email: &str, reference: &str| LeadInput {
        email: Some(email.to_owned()),
        attributes: vec![
            ("FSPID".into(), reference.into()),
            ("Company".into(), "Acme".into()),
        ],
        ..LeadInput::default()
    };
    let records = vec![
        record("two@x.com", "a"),
        record("two@x.com", "b"),
        record("one@x.com", "c"),
    ];
    let call = SyncMultipleLeads {
        records,
        dedup: false,
        max_records: 10,
    };
    house
        .store
        .write_now(|txn, now| sync_multiple_leads(txn, &house.schema, now, &call, None))
        .unwrap();
    house
}

fn pairs(text: &str) -> Pairs {
    let part = |part: &str| {
        part.split_once('=')
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
    };
    text.split(';').map(str::trim).filter_map(part).collect()
}

fn record(line: &str) -> RecordInput {
    let (keys, attributes) = line.split_once('|').unwrap_or((line, ""));
    RecordInput {
        keys: pairs(keys),
        attributes: pairs(attributes),
    }
}

fn word(status: &RecordStatus) -> String {
    match status {
        RecordStatus::Created => "CREATED".into(),
        RecordStatus::Updated => "UPDATED".into(),
        RecordStatus::Deleted => "DELETED".into(),
        RecordStatus::Unchanged | RecordStatus::NothingToDelete => "UNCHANGED".into(),
        RecordStatus::Exists | RecordStatus::Missing => "SKIPPED".into(),
        RecordStatus::Failed(refusal) => refusal.to_string(),
    }
}

impl House {
    fn try_sync(
        &self,
        name: &str,
        operation: SyncOperation,
        lines: &[&str],
    ) -> Result<Vec<String>, CallError> {
        let records: Vec<_> = lines.iter().map(|line| record(line)).collect();
        let synced = self.store.write_now(|txn, now| {
            sync_custom_objects(txn, &self.schema, now, name, operation, &records)
        })?;
        Ok(synced.outcomes.iter().map(word).collect())
    }

    fn sync(&self, name: &str, operation: SyncOperation, lines: &[&str]) -> Vec<String> {
        self.try_sync(name, operation, lines).unwrap()
    }

    fn delete(&self, name: &str, keys: &[&str]) -> Result<Vec<String>, CallError> {
        let keys: Vec<_> = keys.iter().map(|keys| pairs(keys)).collect();
        let done = self
            .store
            .write_now(|txn, now| delete_custom_objects(txn, &self.schema, now, name, &keys))?;
        Ok(done.outcomes.iter().map(word).collect())
    }

    fn page(&self, query: &CustomObjectQuery) -> Result<RecordPage, CallError> {
        self.store
            .read_now(|txn, _| get_custom_objects(txn, &self.schema, query))
    }

    /// Records as lines like those that were sent.
    fn read(&self, name: &str, keys: &str) -> Vec<String> {
        let query = CustomObjectQuery {
            object: name.into(),
            keys: pairs(keys),
            ..CustomObjectQuery::default()
        };
        lines(&self.page(&query).unwrap())
    }
}

fn lines(page: &RecordPage) -> Vec<String> {
    let join = |pairs: &Pairs| {
        pairs
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect::<Vec<_>>()
            .join("; ")
    };
    page.records
        .iter()
        .map(|record| format!("{} | {}", join(&record.keys), join(&record.attributes)))
        .collect()
}

#[test]
fn sco_02_sco_04_sco_05_sco_06_sco_20_sco_30_sco_31_sco_32_operations() {
    let house = house();
    let show = |operation, line: &str| house.sync("RoadShow", operation, &[line]).remove(0);
    assert_eq!(show(Update, "MKTOID=3; rid=a | city=Oslo"), "SKIPPED");
    assert_eq!(show(Insert, "MKTOID=3; rid=a | city=Oslo"), "CREATED");
    assert_eq!(show(Insert, "MKTOID=3; rid=a | city=Rome"), "SKIPPED");
    assert_eq!(
        house.read("RoadShow", ""),
        ["MKTOID=3; rid=a | city=Oslo"],
        "nothing changed"
    );
    assert_eq!(show(Upsert, "MKTOID=3; rid=a | city=Rome"), "UPDATED");
    assert_eq!(show(Update, "MKTOID=3; rid=a | city=Rome"), "UNCHANGED");
    assert_eq!(show(Upsert, "MKTOID=3; rid=b"), "CREATED", "SCO-34");
    assert_eq!(show(Upsert, "MKTOID=3; rid=b"), "UNCHANGED", "SCO-34");
}

#[test]
fn sco_18_sco_23_sco_36_calls_that_are_refused() {
    let house = house();
    let line = "MKTOID=3; rid=a";
    assert!(matches!(
        house.try_sync("Nothing", Upsert, &[line]),
        Err(CallError::BadObjectName)
    ));
    assert!(matches!(
        house.try_sync(" ", Upsert, &[line]),
        Err(CallError::ParameterRequired("objTypeName"))
    ));
    assert!(matches!(
        house.try_sync("RoadShow", Upsert, &[]),
        Err(CallError::ParameterRequired("customObjList"))
    ));
    let many = vec![line; 101];
    assert!(
        matches!(
            house.try_sync("RoadShow", Upsert, &many),
            Err(CallError::BadParameter { .. })
        ),
        "SCO-1"
    );
    assert_eq!(house.read("RoadShow", "").len(), 0, "nothing is stored");
    assert_eq!(
        house
            .try_sync("RoadShow", Upsert, &many[..100])
            .unwrap()
            .len(),
        100
    );
    assert_eq!(
        house.sync("ROADSHOW", Upsert, &[line]),
        ["UNCHANGED"],
        "SCO-36: any case"
    );
    assert_eq!(
        house.sync("paid subscription", Upsert, &["contract=1"]),
        ["CREATED"],
        "SCO-36: the display name"
    );
}

#[test]
fn sco_07_sco_19_sco_21_sco_24_sco_25_sco_35_records_that_fail_alone() {
    let house = house();
    let outcomes = house.sync(
        "RoadShow",
        Upsert,
        &[
            "MKTOID=3; rid=a | pants=1; City=x; shoes=2; pants=3",
            "MKTOID=3 | city=Oslo",
            "MKTOID=3; rid= | city=Oslo",
            "MKTOID=3; rid=a; city=Oslo",
            "MKTOID=x; rid=a",
            "MKTOID=3; rid=ok | city=Oslo",
        ],
    );
    let expected = [
        "Unknown name attribute list: pants, shoes",
        "Missing key field: rid",
        "Missing key field: rid",
        "Not a key field: city",
        "Invalid value for MKTOID: x",
        "CREATED",
    ];
    assert_eq!(outcomes, expected);
    assert_eq!(
        house.read("RoadShow", ""),
        ["MKTOID=3; rid=ok | city=Oslo"],
        "SCO-35: a failed record stores nothing"
    );
}

#[test]
fn sco_08_sco_09_sco_25_sco_26_sco_37_keys_in_either_list() {
    let house = house();
    let show = |line: &str| house.sync("RoadShow", Upsert, &[line]).remove(0);
    assert_eq!(
        show("rid=Ab | MKTOID=3; city=Oslo"),
        "CREATED",
        "a dedupe field among the attributes is a key"
    );
    assert_eq!(
        show("MKTOID=3; rid=Ab | rid=aB; city=Rome"),
        "UPDATED",
        "the same in both"
    );
    assert_eq!(
        show("MKTOID=3; rid=Ab | rid=other"),
        "Key field rid has different values in the two lists"
    );
    assert_eq!(
        show("MKTOID=003; rid= aB  | city=Rome"),
        "UNCHANGED",
        "numbers by value, text without case, trimmed"
    );
    assert_eq!(
        house.read("RoadShow", ""),
        ["MKTOID=3; rid=Ab | city=Rome"],
        "as it was first spelled"
    );
    let strict = |line: &str| house.sync("Subscription", Upsert, &[line]).remove(0);
    assert_eq!(
        strict("contract=1; Email=one@x.com"),
        "Not a key field: Email"
    );
    assert_eq!(strict("contract=1 | Email=one@x.com"), "CREATED");
    assert_eq!(
        house.sync("Visit", Upsert, &["number=1; firm=Acme"]),
        ["CREATED"],
        "not strict: a link among the keys"
    );
}

// DM-COB-7.
#[test]
fn sco_16_sco_17_sco_28_sco_29_links_lead_to_one_object() {
    let house = house();
    for (name, line, expected) in [
        (
            "RoadShow",
            "MKTOID=5; rid=a",
            "Lead not found with MKTOID = 5",
        ),
        (
            "Subscription",
            "contract=1 | Email=nobody@x.com",
            "Lead not found with Email = nobody@x.com",
        ),
        (
            "Subscription",
            "contract=1 | Email=TWO@x.com",
            "Found more than one lead with Email = TWO@x.com",
        ),
        ("Subscription", "contract=1 | Email=ONE@x.com", "CREATED"),
        ("Subscription", "contract=1 | Email=", "UPDATED"),
        (
            "Visit",
            "number=1 | ref=zzz",
            "Lead not found with ref = zzz",
        ),
        ("Visit", "number=1 | ref=c", "CREATED"),
        ("Visit", "number=2 | firm=Acme", "CREATED"),
        (
            "Visit",
            "number=3 | firm=Other",
            "Company not found with firm = Other",
        ),
        (
            "Note",
            "| about=none",
            "RoadShow not found with about = none",
        ),
    ] {
        assert_eq!(house.sync(name, Upsert, &[line]), [expected], "{line}");
    }
    house
        .store
        .write_now(|txn, _| txn.absorb_leads(crate::ids::LeadId(3), &[crate::ids::LeadId(9)]))
        .unwrap();
    assert_eq!(
        house.sync("RoadShow", Upsert, &["MKTOID=9; rid=a"]),
        ["Lead not found with MKTOID = 9"],
        "a merged lead"
    );
}

/// SCO-28, SCO-37, VAL-1: blanks around the value of a link do not count. What keeps its own is found as it was sent.
#[test]
fn sco_37_links_are_looked_up_without_blanks() {
    let house = house();
    let lead = LeadInput {
        email: Some("blanks@x.com".into()),
        attributes: vec![
            ("FSPID".into(), " d".into()),
            ("Company".into(), " Bolt".into()),
        ],
        ..LeadInput::default()
    };
    let call = SyncMultipleLeads {
        records: vec![lead],
        dedup: false,
        max_records: 10,
    };
    house
        .store
        .write_now(|txn, now| sync_multiple_leads(txn, &house.schema, now, &call, None))
        .unwrap();
    house.sync("RoadShow", Upsert, &["MKTOID=1; rid= R1"]);
    for (name, line, expected) in [
        ("Note", "| about= r1", "CREATED"),
        ("Note", "| about=R1", "CREATED"),
        ("Visit", "number=1 | ref= c; firm= Acme", "CREATED"),
        ("Visit", "number=2 | ref= d; firm= Bolt", "CREATED"),
        ("Visit", "number=3 | ref= e", "Lead not found with ref =  e"),
    ] {
        assert_eq!(house.sync(name, Upsert, &[line]), [expected], "{line}");
    }
    assert_eq!(
        house.sync(
            "Visit",
            Upsert,
            &["number=4 | ref=c", "number=5 | ref=c", "number=6 | ref= c"]
        ),
        ["CREATED"; 3],
        "values that come several times in a call"
    );
}

#[test]
fn sco_27_types_without_dedupe_fields() {
    let house = house();
    assert_eq!(
        house.sync("Note", Upsert, &["| text=a", "| text=a"]),
        ["CREATED", "CREATED"]
    );
    assert_eq!(house.sync("Note", Insert, &["| text=b"]), ["CREATED"]);
    assert_eq!(house.sync("Note", Update, &["| text=b"]), ["SKIPPED"]);
    assert_eq!(
        house.sync("Note", Insert, &["text=b"]),
        ["Not a key field: text"]
    );
    assert_eq!(
        house.read("Note", ""),
        [" | text=a", " | text=a", " | text=b"]
    );
    assert_eq!(
        house.delete("Note", &["text=a"]).unwrap(),
        ["Not a key field: text"]
    );
}

#[test]
fn sco_12_sco_33_values_stay_are_cleared_and_the_last_one_counts() {
    let house = house();
    let show = |line: &str| house.sync("RoadShow", Upsert, &[line]).remove(0);
    assert_eq!(show("MKTOID=3; rid=a | city=Oslo; zip=1"), "CREATED");
    assert_eq!(show("MKTOID=3; rid=a | zip=2"), "UPDATED");
    assert_eq!(show("MKTOID=3; rid=a | city=Rome; city="), "UPDATED");
    assert_eq!(
        house.read("RoadShow", ""),
        ["MKTOID=3; rid=a | zip=2"],
        "GCO-16"
    );
}

#[test]
fn sco_38_records_see_earlier_ones() {
    let house = house();
    let twice = [
        "MKTOID=3; rid=a | city=Oslo",
        "MKTOID=3; rid=A | city=Rome",
        "MKTOID=3; rid=a | city=Rome",
    ];
    assert_eq!(
        house.sync("RoadShow", Upsert, &twice),
        ["CREATED", "UPDATED", "UNCHANGED"]
    );
    assert_eq!(
        house.sync("RoadShow", Insert, &["MKTOID=3; rid=b", "MKTOID=3; rid=b"]),
        ["CREATED", "SKIPPED"]
    );
}

/// SCO-38, COM-38, SCO-28: links see the records that their own call has made before, and only those.
#[test]
fn sco_38_links_see_earlier_records() {
    let house = House {
        store: MemoryStore::new(),
        schema: testing::schema(
            "[[custom_object]]
            name = 'Car'
            fields = [
              { name = 'vin', type = 'string', dedupe = true },
              { name = 'year', type = 'integer', dedupe = true },
              { name = 'parent', type = 'string', link = 'Car.vin' },
              { name = 'model', type = 'integer', link = 'Car.year' },
            ]",
        ),
    };
    assert_eq!(
        house.sync(
            "Car",
            Upsert,
            &[
                "vin=V1; year=1 | parent=V1",
                "vin=V1; year=1",
                "vin=V2; year=2 | parent= v1; model=01",
                "vin=V3; year=3 | parent=V4",
                "vin=V4; year=4 | parent=V3",
                "vin=V1; year=5",
                "vin=V5; year=5 | parent=V1",
                "vin=V2; year=2 | parent=V2; model=5",
            ]
        ),
        [
            "Car not found with parent = V1",
            "CREATED",
            "CREATED",
            "Car not found with parent = V4",
            "Car not found with parent = V3",
            "CREATED",
            "Found more than one car with parent = V1",
            "UPDATED",
        ]
    );
    assert_eq!(
        house.sync(
            "Car",
            Upsert,
            &[
                "vin=V2; year=2 | parent=V2",
                "vin=V2; year=6 | parent=V2",
                "vin=V7; year=7 | parent=V2",
            ]
        ),
        [
            "UNCHANGED",
            "CREATED",
            "Found more than one car with parent = V2"
        ],
        "one that was stored before counts once"
    );
}

#[test]
fn sco_41_no_activity_is_written() {
    let house = house();
    let count = || {
        house
            .store
            .read_now(|txn, _| txn.counts())
            .unwrap()
            .activities
    };
    let before = count();
    house.sync("RoadShow", Upsert, &["MKTOID=3; rid=a"]);
    assert_eq!(count(), before);
}

#[test]
fn xco_01_xco_04_xco_05_xco_06_xco_07_xco_09_deletions() {
    let house = house();
    house.sync("RoadShow", Upsert, &["MKTOID=3; rid=a", "MKTOID=3; rid=b"]);
    let outcomes = house.delete(
        "roadshow",
        &[
            "MKTOID=3; rid=A",
            "MKTOID=3; rid=a",
            "MKTOID=3",
            "MKTOID=3; rid=b; city=x",
            "MKTOID=3; rid=zz",
            "MKTOID=x; rid=b",
        ],
    );
    let expected = [
        "DELETED",
        "UNCHANGED",
        "Missing key field: rid",
        "Not a key field: city",
        "UNCHANGED",
        "Invalid value for MKTOID: x",
    ];
    assert_eq!(outcomes.unwrap(), expected);
    assert_eq!(house.read("RoadShow", ""), ["MKTOID=3; rid=b | "]);
    assert_eq!(
        house.sync("RoadShow", Upsert, &["MKTOID=3; rid=a"]),
        ["CREATED"],
        "what is gone can come again"
    );
}

#[test]
fn xco_08_deletions_that_are_refused() {
    let house = house();
    assert!(matches!(
        house.delete("Nothing", &["a=1"]),
        Err(CallError::BadObjectName)
    ));
    assert!(matches!(
        house.delete("RoadShow", &[]),
        Err(CallError::ParameterRequired("customObjKeyLists"))
    ));
    assert!(matches!(
        house.delete("RoadShow", &["rid=1"; 101]),
        Err(CallError::BadParameter { .. })
    ));
}

#[test]
fn gco_01_gco_02_gco_08_gco_12_gco_13_gco_14_gco_18_criteria() {
    let house = house();
    let all = [
        "MKTOID=3; rid=B",
        "MKTOID=2; rid=a",
        "MKTOID=3; rid=a",
        "MKTOID=1; rid=c",
    ];
    house.sync("RoadShow", Insert, &all);
    assert_eq!(
        house.read("RoadShow", ""),
        [
            "MKTOID=1; rid=c | ",
            "MKTOID=2; rid=a | ",
            "MKTOID=3; rid=a | ",
            "MKTOID=3; rid=B | "
        ]
    );
    assert_eq!(
        house.read("RoadShow", "MKTOID=3").len(),
        2,
        "a part of the key"
    );
    assert_eq!(
        house.read("RoadShow", "MKTOID=003; rid=b"),
        ["MKTOID=3; rid=B | "],
        "all must hold; GCO-18"
    );
    assert_eq!(
        house.read("RoadShow", "rid=a; rid=C").len(),
        3,
        "any of one name's values"
    );
    assert_eq!(house.read("RoadShow", "MKTOID=77").len(), 0, "GCO-10");
    house.sync(
        "Subscription",
        Insert,
        &["contract=1 | Email=one@x.com; seats=2"],
    );
    assert_eq!(
        house.read("Subscription", "Email=ONE@x.com").len(),
        1,
        "a link field"
    );
    for bad in ["city=Oslo", "pants=1", "MKTOID=x"] {
        let query = CustomObjectQuery {
            object: "RoadShow".into(),
            keys: pairs(bad),
            ..Default::default()
        };
        assert!(
            matches!(house.page(&query), Err(CallError::BadParameter { .. })),
            "{bad}"
        );
    }
    let numbers = ["number=10", "number=9", "number=-1"];
    house.sync("Visit", Insert, &numbers);
    assert_eq!(
        house.read("Visit", ""),
        ["number=-1 | ", "number=9 | ", "number=10 | "],
        "numbers sort as numbers"
    );
}

#[test]
fn gco_04_gco_09_gco_15_fields_that_are_wanted() {
    let house = house();
    house.sync("RoadShow", Upsert, &["rid=a; MKTOID=3 | zip=1; city=Oslo"]);
    let read = |include: &[&str]| {
        let include = include.iter().map(|name| (*name).to_owned()).collect();
        lines(
            &house
                .page(&CustomObjectQuery {
                    object: "RoadShow".into(),
                    include,
                    ..Default::default()
                })
                .unwrap(),
        )
    };
    assert_eq!(
        read(&[]),
        ["MKTOID=3; rid=a | city=Oslo; zip=1"],
        "keys as defined, others by name"
    );
    assert_eq!(read(&["ZIP", "pants", "rid"]), ["MKTOID=3; rid=a | zip=1"]);
    assert_eq!(read(&["pants"]), ["MKTOID=3; rid=a | "]);
}

#[test]
fn gco_05_gco_07_gco_17_gco_19_gco_20_gco_21_pages() {
    let house = house();
    for call in 0..3 {
        let lines: Vec<String> = (0..50)
            .map(|at| format!("MKTOID=3; rid=r{:03}", call * 50 + at))
            .collect();
        house.sync(
            "RoadShow",
            Insert,
            &lines.iter().map(String::as_str).collect::<Vec<_>>(),
        );
    }
    let query = CustomObjectQuery {
        object: "RoadShow".into(),
        keys: pairs("MKTOID=3"),
        ..Default::default()
    };
    let size = |size| {
        house.page(&CustomObjectQuery {
            batch_size: size,
            ..query.clone()
        })
    };
    for (asked, came) in [
        (None, 100),
        (Some(0), 100),
        (Some(7), 7),
        (Some(5_000), 100),
    ] {
        let page = size(asked).unwrap();
        assert_eq!(
            (page.records.len(), page.remaining),
            (came, 150 - came as u64),
            "{asked:?}"
        );
    }
    assert!(matches!(
        size(Some(-1)),
        Err(CallError::BadParameter {
            parameter: "batchSize",
            ..
        })
    ));
    let first = house.page(&query).unwrap();
    assert!(
        first
            .position
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && byte != b'<' && byte != b'&'),
        "STR-7"
    );
    // The position carries the criteria; a record that comes in between is neither lost nor doubled.
    house.sync(
        "RoadShow",
        Insert,
        &["MKTOID=3; rid=r100b", "MKTOID=3; rid=a"],
    );
    let go_on = |position: &str| CustomObjectQuery {
        object: "RoadShow".into(),
        position: Some(position.into()),
        ..Default::default()
    };
    let second = house.page(&go_on(&first.position)).unwrap();
    assert_eq!((second.records.len(), second.remaining), (51, 0));
    assert!(!second.position.is_empty(), "GCO-7");
    let end = house.page(&go_on(&second.position)).unwrap();
    assert_eq!((end.records.len(), end.remaining), (0, 0));
    let other = CustomObjectQuery {
        object: "Visit".into(),
        ..go_on(&first.position)
    };
    for bad in [other, go_on("garbage"), go_on("co1.AAAA"), go_on("mo1.e30")] {
        assert!(
            matches!(house.page(&bad), Err(CallError::BadStreamPosition)),
            "{bad:?}"
        );
    }
}

#[test]
fn gco_06_gco_11_gco_22_the_type() {
    let house = house();
    let page = |name: &str| {
        house.page(&CustomObjectQuery {
            object: name.into(),
            ..Default::default()
        })
    };
    assert_eq!(page("rOADsHOW").unwrap().object, "RoadShow");
    assert!(matches!(page("Nothing"), Err(CallError::BadObjectName)));
    assert!(matches!(
        page(""),
        Err(CallError::ParameterRequired("objTypeName"))
    ));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// SCO-38: a batch is what its records are one after the other.
    #[test]
    fn a_batch_equals_single_calls(
        records in prop::collection::vec((1..5i64, "[aAb]{0,2}", prop::option::of("[xy]{0,1}")), 1..20),
        operations in prop::collection::vec(0..3u8, 1..4),
    ) {
        let lines: Vec<String> = records
            .iter()
            .map(|(lead, rid, city)| {
                let city = city.as_ref().map(|city| format!("city={city}")).unwrap_or_default();
                format!("MKTOID={lead}; rid={rid} | {city}")
            })
            .collect();
        let (together, single) = (house(), house());
        for operation in operations {
            let operation = [Insert, Update, Upsert][usize::from(operation)];
            let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
            let batch = together.sync("RoadShow", operation, &lines);
            let one: Vec<_> = lines.iter().flat_map(|line| single.sync("RoadShow", operation, &[line])).collect();
            prop_assert_eq!(batch, one);
            prop_assert_eq!(together.read("RoadShow", ""), single.read("RoadShow", ""));
        }
    }
}
