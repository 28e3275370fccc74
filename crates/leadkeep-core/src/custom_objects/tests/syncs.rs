//! syncCustomObjects.

use super::*;

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
