//! syncLead, where it differs from syncMultipleLeads.

use super::*;

fn call(line: &str, return_lead: bool) -> SyncLead {
    SyncLead {
        record: record(line),
        workspace: None,
        cookie: None,
        return_lead,
    }
}

/// SL-1, SL-2, SL-3, SL-6, SL-12, SL-44, SL-45.
#[test]
fn sl_01_a_match_is_updated_and_no_match_is_created() {
    let house = house();
    house.duplicates(&[
        ("email a@x.com", "CREATED 1"),
        ("email a@x.com", "CREATED 2"),
    ]);
    house.sync(&[
        ("email A@x.com; City=Bonn", "UPDATED 2"),
        ("email A@x.com", "UPDATED 2"),
        ("email b@x.com", "CREATED 3"),
        ("foreign F", "CREATED 4"),
        ("foreign F; City=Rome", "UPDATED 4"),
        ("id 1", "UPDATED 1"),
    ]);
}

/// SL-4, SL-5, SL-7, SL-8, SL-41: other than in a batch, the address is written.
#[test]
fn sl_08_an_address_beside_another_key_is_written() {
    let house = house();
    house.sync(&[
        ("email a@x.com; foreign F", "CREATED 1"),
        ("email b@x.com", "CREATED 2"),
        ("id 1; foreign G; email c@x.com", "UPDATED 1"),
    ]);
    assert_eq!(house.lead(1), "1; c@x.com; CUSTOM:G; Website=x.com");
    house.sync(&[("foreign F; email d@x.com", "UPDATED 1")]);
    assert_eq!(house.lead(1), "1; d@x.com; CUSTOM:G; Website=x.com");
    house.sync(&[("id 1; email b@x.com", "UPDATED 1")]);
    assert_eq!(house.ids(LeadKeyType::Email, "b@x.com"), "2 1");
}

/// SL-40: the element finds the lead, the attribute is stored.
#[test]
fn sl_40_the_attribute_email_is_stored() {
    let house = house();
    house.sync(&[
        ("email a@x.com; Email=b@x.com", "CREATED 1"),
        ("email b@x.com; Email=c@x.com", "UPDATED 1"),
        ("id 1; email x@x.com; Email=d@x.com", "UPDATED 1"),
    ]);
    assert_eq!(house.lead(1), "1; d@x.com; Website=x.com");
}

/// SL-10, SL-36.
#[test]
fn sl_36_a_foreign_id_of_another_lead_is_reassigned() {
    let house = house();
    house.sync(&[
        ("foreign F", "CREATED 1"),
        ("email a@x.com", "CREATED 2"),
        ("id 2; foreign F", "UPDATED 2"),
        ("foreign F", "UPDATED 2"),
    ]);
    assert_eq!(house.lead(1), "1");
}

/// SL-35, SL-9.
#[test]
fn sl_35_an_unknown_foreign_id_makes_a_new_lead() {
    let house = house();
    house.sync(&[
        ("email a@x.com", "CREATED 1"),
        ("foreign F; email a@x.com", "CREATED 2"),
    ]);
    assert_eq!(house.lead(2), "2; a@x.com; CUSTOM:F; Website=x.com");
    let adopting = house_with("[rules]\nadopt_foreign_ids = true");
    adopting.sync(&[
        ("email a@x.com", "CREATED 1"),
        ("foreign F; email A@X.com", "UPDATED 1"),
        ("foreign F; email b@x.com", "UPDATED 1"),
    ]);
    assert_eq!(adopting.lead(1), "1; b@x.com; CUSTOM:F; Website=x.com");
}

/// SL-17, SL-39.
#[test]
fn sl_17_an_unknown_id_is_a_fault() {
    let house = house();
    house.sync(&[
        ("email a@x.com", "CREATED 1"),
        (
            "id 77; email a@x.com",
            "LeadNotFound { key_type: \"IDNUM\", value: \"77\" }",
        ),
        (
            "id -5",
            "LeadNotFound { key_type: \"IDNUM\", value: \"-5\" }",
        ),
        ("id 0; email a@x.com", "UPDATED 1"),
    ]);
    assert_eq!(house.counts().0, 1);
}

/// SL-18: the list holds each name once.
#[test]
fn sl_18_unknown_names_are_a_fault() {
    let house = house();
    house.sync(&[(
        "email a@x.com; b=1; City=Bonn; a=1; b=2",
        "UnknownLeadFields([\"b\", \"a\"])",
    )]);
    assert_eq!(house.counts(), (0, 0, 0));
    let batch_only = house_with("[rules]\nunknown_attribute = \"fail\"");
    batch_only.sync(&[("email a@x.com; b=1", "UnknownLeadFields([\"b\"])")]);
}

/// SL-20, SL-32: attributes alone make a lead, as the client did that had telephone numbers only.
#[test]
fn sl_32_a_record_without_key_makes_a_lead_of_its_attributes() {
    let house = house();
    house.sync(&[
        ("Phone=1", "CREATED 1"),
        ("Phone=1", "CREATED 2"),
        ("FirstName=Bob; foreign  ", "CREATED 3"),
        ("", "LeadRecordRequired"),
        ("email  ; id 0;  =x", "LeadRecordRequired"),
    ]);
    assert_eq!(house.lead(1), "1; Phone=1");
}

/// SL-13.
#[test]
fn sl_13_an_attribute_email_is_the_key_if_no_other_is_there() {
    let house = house();
    house.sync(&[
        ("Email=a@x.com; City=Bonn", "CREATED 1"),
        ("Email=A@x.com; City=Rome", "UPDATED 1"),
        ("~email a@x.com", "UPDATED 1"),
        ("Id=1; Email=b@x.com", "UPDATED 1"),
    ]);
    assert_eq!(house.lead(1), "1; b@x.com; City=Rome; Website=x.com");
}

/// SL-21, SL-42, SL-43, SL-44: never FAILED, and nothing is stored.
#[test]
fn sl_43_a_value_that_does_not_fit_is_a_fault() {
    let house = house();
    house.sync(&[("email a@x.com; foreign F", "CREATED 1")]);
    let before = house.picture();
    let address = format!("{}@x.com", "x".repeat(250));
    house.sync(&[
        (
            "id 1; foreign G; Phone=1; LeadScore=x",
            "LeadSyncFailed(\"LeadScore: ",
        ),
        (&format!("email {address}"), "LeadSyncFailed(\"Email: "),
        (
            &format!("id 1; email {address}"),
            "LeadSyncFailed(\"Email: ",
        ),
        (
            &format!("foreign F; email {address}"),
            "LeadSyncFailed(\"Email: ",
        ),
        (
            &format!("foreign N; email {address}"),
            "LeadSyncFailed(\"Email: ",
        ),
    ]);
    assert_eq!(house.picture(), before);
}

/// SL-14, SL-46: as getLead shows it, after a creation too.
#[test]
fn sl_14_the_lead_comes_back_if_it_is_wanted() {
    let house = house();
    for line in [
        "email a@x.com; foreign F; City=Bonn",
        "id 1; City=Rome",
        "id 1",
    ] {
        let (_, view) = house.single(&call(line, true)).unwrap();
        assert_eq!(view.unwrap(), house.view(1), "{line}");
        assert_eq!(house.single(&call(line, false)).unwrap().1, None);
    }
}
