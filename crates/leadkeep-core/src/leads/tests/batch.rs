//! syncMultipleLeads: matching by address, statuses, order, limits. Keys of other kinds are in `batch_keys`.

use super::*;

#[test]
fn sml_01_a_call_creates_and_updates() {
    let house = house();
    house.batch(&[("email a@x.com; City=Berlin", "CREATED 1")]);
    house.batch(&[
        ("email a@x.com; City=Bonn", "UPDATED 1"),
        ("email b@x.com", "CREATED 2"),
    ]);
    assert_eq!(house.lead(1), "1; a@x.com; City=Bonn; Website=x.com");
}

/// SML-13, SML-45, COM-36, COM-37: by position, and no record stops another.
#[test]
fn sml_13_one_outcome_a_record_in_their_order() {
    let house = house();
    house.batch(&[
        ("email b@x.com", "CREATED 1"),
        ("City=Berlin", "FAILED 0 a lead key is required"),
        ("email a@x.com", "CREATED 2"),
        ("id 77", "FAILED 77 lead not found: IDNUM = 77"),
        ("email b@x.com", "UPDATED 1"),
    ]);
    house.batch(&[("id 8", "FAILED 8 lead not found: IDNUM = 8")]);
    assert_eq!(house.counts().0, 2, "SML-45: all failed, and no fault");
}

/// SML-7, SML-9, SML-55: duplicates are meant, each time.
#[test]
fn sml_09_without_de_duplication_each_address_is_a_new_lead() {
    let house = house();
    let same = ("email a@x.com", "CREATED 1");
    house.duplicates(&[same, ("email A@X.com", "CREATED 2")]);
    house.duplicates(&[("email a@x.com", "CREATED 3")]);
    assert_eq!(house.ids(LeadKeyType::Email, "a@x.com"), "3 2 1");
}

/// SML-8, SML-10, COM-7: the whole address, without regard to case and blanks around it.
#[test]
fn sml_08_addresses_match_without_regard_to_case() {
    let house = house();
    house.batches(&[
        ("email  Änne@X.com ", "CREATED 1"),
        ("email ÄNNE@x.COM", "UPDATED 1"),
        ("email änne@x.com; City=Bonn", "UPDATED 1"),
        ("email anne@x.com", "CREATED 2"),
        ("email änne@x.com.org", "CREATED 3"),
    ]);
    assert_eq!(
        house.lead(1),
        "1; Änne@X.com; City=Bonn; Website=x.com",
        "kept as it came"
    );
}

/// SML-11, COM-2, COM-11, DM-KEY-2: of several leads the one added last.
#[test]
fn sml_11_the_lead_added_last_is_meant() {
    let house = house();
    house.duplicates(&[
        ("email a@x.com", "CREATED 1"),
        ("email a@x.com", "CREATED 2"),
    ]);
    house.store.advance(60);
    house.batch(&[("id 1; City=Bonn", "UPDATED 1")]);
    house.store.advance(60);
    house.batch(&[("email a@x.com; City=Berlin", "UPDATED 2")]);
}

#[test]
fn com_02_the_switch_takes_the_lead_updated_last() {
    let house = house_with("[rules]\nduplicate_email = \"updated\"");
    house.duplicates(&[
        ("email a@x.com", "CREATED 1"),
        ("email a@x.com", "CREATED 2"),
    ]);
    house.batch(&[("email a@x.com", "UPDATED 2")]);
    house.store.advance(60);
    // Also when the record before has made it the last one.
    house.batch(&[
        ("id 1; City=Bonn", "UPDATED 1"),
        ("email a@x.com; City=Berlin", "UPDATED 1"),
    ]);
    house.store.advance(60);
    house.batch(&[("email a@x.com", "UPDATED 1")]);
    assert_eq!(house.value(1, "City").as_deref(), Some("Berlin"));
}

/// COM-38: whoever loses an address in a call is not meant by it any more, and the next one is.
#[test]
fn com_38_an_address_that_was_taken_away_means_the_next_lead() {
    for switch in ["added", "updated"] {
        let house = house_with(&format!("[rules]\nduplicate_email = \"{switch}\""));
        for id in 1..=6 {
            house.duplicates(&[("email a@x.com", &format!("CREATED {id}"))]);
            house.store.advance(60);
        }
        // By records that find them by it, and by others.
        house.batch(&[
            ("email a@x.com; Email=b6@x.com", "UPDATED 6"),
            ("email A@x.com; Email=b5@x.com", "UPDATED 5"),
            ("id 4; Email=b4@x.com", "UPDATED 4"),
            ("id 3; Email=b3@x.com", "UPDATED 3"),
            ("email a@x.com; Email=b2@x.com", "UPDATED 2"),
            ("email a@x.com; City=Bonn", "UPDATED 1"),
        ]);
        assert_eq!(house.value(1, "City").as_deref(), Some("Bonn"), "{switch}");
    }
}

/// SML-14, SML-47, COM-32, DM-SYNC-4.
#[test]
fn sml_47_a_record_that_changes_nothing_is_updated_and_leaves_no_trace() {
    let house = house();
    house.batch(&[("email a@x.com; LeadScore=42; City=Bonn", "CREATED 1")]);
    let before = house.picture();
    house.store.advance(60);
    house.batch(&[
        ("email a@x.com; LeadScore=0042; City=Bonn", "UPDATED 1"),
        ("email A@x.com", "UPDATED 1"),
        ("id 1; Industry=", "UPDATED 1"),
    ]);
    assert_eq!(house.picture(), before);
}

/// SML-26, SML-29.
#[test]
fn sml_29_a_call_without_records_is_refused() {
    let error = house().call(&[], true).unwrap_err();
    assert!(matches!(error, CallError::LeadRecordRequired));
}

/// SML-12, SML-28: up to the ceiling everything works.
#[test]
fn sml_28_more_records_than_the_ceiling_are_refused() {
    let house = house();
    let lines: Vec<String> = (0..300).map(|n| format!("email {n}@x.com")).collect();
    let mut input = SyncMultipleLeads {
        records: lines.iter().map(|line| record(line)).collect(),
        dedup: true,
        max_records: 299,
    };
    let error = house.call_with(&input).unwrap_err();
    assert!(matches!(
        error,
        CallError::BadParameter {
            parameter: "leadRecordList",
            ..
        }
    ));
    assert_eq!(house.counts(), (0, 0, 0), "nothing is stored");
    input.max_records = 300;
    let outcomes = house.call_with(&input).unwrap();
    assert_eq!(outcomes.last().unwrap(), "CREATED 300");
}

/// SML-3, SML-30, DM-LEAD-3: blanks are no keys.
#[test]
fn sml_30_a_record_without_any_key_fails_alone() {
    let house = house();
    let failed = "FAILED 0 a lead key is required";
    house.batch(&[
        ("Phone=1", failed),
        ("", failed),
        ("email  ; foreign  ", failed),
        ("id 0", failed),
        ("Email=", failed),
        ("email a@x.com", "CREATED 1"),
    ]);
}

/// SML-41, SML-42, COM-38, DM-SYNC-3.
#[test]
fn sml_41_records_see_what_earlier_ones_did() {
    let house = house();
    house.batch(&[
        ("email a@x.com; City=Bonn", "CREATED 1"),
        ("email A@x.com; City=Berlin", "UPDATED 1"),
        ("foreign F1; City=Rome", "CREATED 2"),
        ("foreign F1; City=Oslo", "UPDATED 2"),
        ("foreign F2; email a@x.com", "CREATED 3"),
        ("email a@x.com; Phone=3", "UPDATED 3"),
    ]);
    house.batch(&[
        ("id 1; foreign F3", "UPDATED 1"),
        ("foreign F3; Phone=1", "UPDATED 1"),
        ("id 1; Phone=11", "UPDATED 1"),
        ("id 1; Phone=12", "UPDATED 1"),
        ("id 2; Email=new@x.com", "UPDATED 2"),
        ("email new@x.com; Phone=2", "UPDATED 2"),
    ]);
    assert_eq!(
        house.lead(1),
        "1; a@x.com; CUSTOM:F3; City=Berlin; Phone=12; Website=x.com"
    );
    assert_eq!(house.value(2, "Phone").as_deref(), Some("2"));
    let duplicates = house_with("");
    duplicates.duplicates(&[
        ("email a@x.com", "CREATED 1"),
        ("email a@x.com", "CREATED 2"),
    ]);
}

/// An address that an earlier record took away leads to the lead that had it before.
#[test]
fn sml_42_an_address_that_was_given_up_leads_to_the_next_lead() {
    for switch in ["added", "updated"] {
        let house = house_with(&format!("[rules]\nduplicate_email = \"{switch}\""));
        house.duplicates(&[
            ("email a@x.com", "CREATED 1"),
            ("email a@x.com", "CREATED 2"),
            ("email a@x.com", "CREATED 3"),
            ("foreign F; email a@x.com", "CREATED 4"),
        ]);
        house.batch(&[
            ("email a@x.com; Email=b@x.com", "UPDATED 4"),
            ("id 3; Email=", "UPDATED 3"),
            ("email a@x.com; Email=c@x.com", "UPDATED 2"),
            ("email a@x.com; City=Bonn", "UPDATED 1"),
            ("foreign F; Email=a@x.com", "UPDATED 4"),
            ("email a@x.com; Email=d@x.com", "UPDATED 4"),
            ("id 1; Email=d@x.com", "UPDATED 1"),
            ("email a@x.com", "CREATED 5"),
        ]);
    }
}

/// SML-43, SML-44: the number of the lead that was found, else the one given, else 0; nothing of the record is kept.
#[test]
fn sml_43_a_value_that_does_not_fit_fails_its_record() {
    let house = house();
    let long = format!("City={}", "x".repeat(256));
    let address = format!("{}@x.com", "x".repeat(250));
    let failed = |lead: i64, field: &str| format!("FAILED {lead} lead sync failed: {field}: ");
    house.batch(&[("email a@x.com; foreign F", "CREATED 1")]);
    let before = house.picture();
    house.store.advance(60);
    for (line, expected) in [
        (
            "email a@x.com; Phone=1; LeadScore=many",
            failed(1, "LeadScore"),
        ),
        ("id 1; LeadScore=1,000; Phone=1", failed(1, "LeadScore")),
        (
            "id 99; LeadScore=many",
            "FAILED 99 lead not found".to_owned(),
        ),
        (
            "foreign F; DateofBirth=31/12/1985; Phone=1",
            failed(1, "DateofBirth"),
        ),
        (
            "foreign G; DateofBirth=31/12/1985",
            failed(0, "DateofBirth"),
        ),
        ("email new@x.com; DoNotCall=perhaps", failed(0, "DoNotCall")),
        (&format!("id 1; foreign N; {long}"), failed(1, "City")),
        (&format!("email {address}"), failed(0, "Email")),
        (
            &format!("email {address}; Email=a@x.com"),
            failed(0, "Email"),
        ),
        (&format!("foreign G; email {address}"), failed(0, "Email")),
        (&format!("id 1; Email={address}"), failed(1, "Email")),
        (
            &format!("foreign {}", "x".repeat(256)),
            failed(0, "ForeignSysPersonId"),
        ),
    ] {
        let given = house.call(&[line], true).unwrap();
        assert!(given[0].starts_with(&expected), "{line}: {given:?}");
        assert_eq!(house.picture(), before, "{line}");
    }
    // An address beside another key has no effect, not even a bad one (SML-36).
    house.batch(&[(&format!("id 1; email {address}"), "UPDATED 1")]);
}

/// SML-46.
#[test]
fn sml_46_without_attributes_keys_alone_are_stored() {
    let house = house();
    house.batch(&[
        ("email a@x.com", "CREATED 1"),
        ("email a@x.com", "UPDATED 1"),
        ("foreign F", "CREATED 2"),
    ]);
    assert_eq!(house.lead(1), "1; a@x.com; Website=x.com");
    assert_eq!(house.lead(2), "2; CUSTOM:F");
}

/// SML-23, DM-NAM-4: all names of all records, each once, and nothing is stored.
#[test]
fn sml_23_an_unknown_name_refuses_the_call() {
    let house = house();
    let lines = [
        "email a@x.com; City=Bonn",
        "email b@x.com; pants=1; First Name=Bob",
        "email c@x.com; firstName2=1; pants=2; id=3",
    ];
    let error = house.call(&lines, true).unwrap_err();
    let CallError::UnknownLeadFields(names) = error else {
        panic!("{error:?}");
    };
    assert_eq!(names, ["pants", "First Name", "firstName2"]);
    assert_eq!(house.counts(), (0, 0, 0));
}

#[test]
fn sml_23_the_switch_fails_the_records_concerned() {
    let house = house_with("[rules]\nunknown_attribute = \"fail\"");
    house.batch(&[
        ("email a@x.com; City=Bonn", "CREATED 1"),
        (
            "email a@x.com; b=1; a=1; b=2; LeadScore=x",
            "FAILED 1 unknown lead field: b, a",
        ),
        ("pants=1", "FAILED 0 a lead key is required"),
        (
            "email b@x.com; pants=1",
            "FAILED 0 unknown lead field: pants",
        ),
    ]);
    assert_eq!(house.counts().0, 1);
}

/// Names that nobody has, in a number that only an attack has: each costs the same.
#[test]
fn sml_23_many_unknown_names_are_counted_once_each() {
    let house = house();
    let names: Vec<String> = (0..50_000).map(|n| format!("pants{n}=1")).collect();
    let line = format!("email a@x.com; {}", names.join("; "));
    let error = house.call(&[&line, &line], true).unwrap_err();
    assert!(matches!(error, CallError::UnknownLeadFields(names) if names.len() == 50_000));
}

/// SML-55, COM-40, COM-41: what has a key is the same lead the second time.
#[test]
fn sml_55_a_repeated_call_is_harmless() {
    let house = house();
    let lines = [
        "email a@x.com; City=Bonn",
        "foreign F; email a@x.com; City=Rome",
        "Email=b@x.com; City=Lima",
    ];
    house.call(&lines, true).unwrap();
    house.store.advance(60);
    let history = house.history(0);
    let again = house.call(&lines, true).unwrap();
    // The address is now that of the lead which the foreign id made.
    assert_eq!(again, ["UPDATED 2", "UPDATED 2", "UPDATED 3"]);
    assert_eq!(house.counts().0, 3);
    assert_eq!(house.history(0).len(), history.len() + 2);
}

/// Between the reading of a call and its turn to write, an administrator may have defined a field.
#[test]
fn records_that_older_definitions_read_are_read_again() {
    let older = house().schema;
    let mut newer =
        house_with("[[field]]\nobject = \"Lead\"\nname = \"Shoe\"\ntype = \"string\"\n");
    newer.schema.version = older.version + 1;
    let input = SyncMultipleLeads {
        records: vec![record("email a@x.com; Shoe=44; City=Bonn")],
        dedup: true,
        max_records: 1,
    };
    let outcomes = newer.call_prepared(&input, &older).unwrap();
    assert_eq!(outcomes, ["CREATED 1"]);
    assert_eq!(
        newer.lead(1),
        "1; a@x.com; City=Bonn; Shoe=44; Website=x.com"
    );
}
