//! getMultipleLeads by key, and which fields it gives.

use super::*;

fn by_key(key_type: LeadKeyType, values: &[&str]) -> LeadSelection {
    LeadSelection {
        selector: Some(Selector::Keys(
            key_type,
            values.iter().map(|value| (*value).to_owned()).collect(),
        )),
        position: None,
        batch_size: None,
        include: None,
    }
}

fn three() -> House {
    let house = house();
    house.duplicates(&[
        ("email a@x.com; City=Bonn", "CREATED 1"),
        ("email b@x.com; foreign F", "CREATED 2"),
        ("email a@x.com", "CREATED 3"),
    ]);
    house
}

/// GML-1, GML-12, GML-14, GML-15, GML-36, GML-37: all in one answer, each once, ascending, nothing for unknown keys.
#[test]
fn gml_14_leads_of_keys_come_in_one_answer() {
    let house = three();
    for (key_type, values, found) in [
        (LeadKeyType::Idnum, &["3", "1", "9", "1"][..], "1 3"),
        (
            LeadKeyType::Email,
            &["b@x.com", "A@x.com", "no@x.com"],
            "1 2 3",
        ),
        (LeadKeyType::Email, &["no@x.com"], ""),
        (LeadKeyType::SfdcAccountId, &["x"], ""),
        (LeadKeyType::LeadOwnerEmail, &["no@x.com"], ""),
        (LeadKeyType::Idnum, &["", " ", "2"], "2"),
    ] {
        let mut selection = by_key(key_type, values);
        selection.batch_size = Some(1);
        let page = house.select(&selection).unwrap();
        assert_eq!(numbers(&page.leads), found, "{values:?}");
        assert_eq!(
            (page.remaining, page.position.as_str()),
            (0, ""),
            "{values:?}"
        );
    }
}

/// GML-2.
#[test]
fn gml_02_keys_after_the_hundredth_are_ignored() {
    let house = three();
    let mut values = vec!["9"; 98];
    values.extend(["", "1", "2", "3"]);
    let page = house.select(&by_key(LeadKeyType::Idnum, &values)).unwrap();
    assert_eq!(numbers(&page.leads), "1 2");
}

/// GML-23, GML-35, COM-6.
#[test]
fn gml_35_a_selector_without_keys_is_refused() {
    let house = three();
    for (selection, refusal) in [
        (
            by_key(LeadKeyType::Idnum, &[]),
            "ParameterRequired(\"keyValues\")",
        ),
        (
            by_key(LeadKeyType::Idnum, &["", " "]),
            "ParameterRequired(\"keyValues\")",
        ),
        (by_key(LeadKeyType::Idnum, &["1", "x"]), "LeadKeyBad"),
        (
            LeadSelection {
                selector: None,
                ..by_key(LeadKeyType::Idnum, &[])
            },
            "ParameterRequired(\"leadSelector\")",
        ),
    ] {
        let error = format!("{:?}", house.select(&selection).unwrap_err());
        assert!(error.starts_with(refusal), "{error}");
    }
}

/// GML-3, GML-18, GML-24, DM-READ-4, DM-READ-5: Id always, the other elements and all fields only by name.
#[test]
fn gml_18_named_fields_only() {
    let house = three();
    for (names, expected) in [
        (&["City"][..], "1; City=Bonn"),
        (&["city", "Email", "Id"], "1; a@x.com; City=Bonn"),
        (&["Website", "pants", "First Name"], "1; Website=x.com"),
        (&["pants"], "1"),
        (
            &["Lead Person", "PersonType"],
            "1; Lead Person=1; PersonType=contact",
        ),
        (&[], "1; a@x.com; City=Bonn; Website=x.com"),
        (&["", " "], "1; a@x.com; City=Bonn; Website=x.com"),
    ] {
        let mut selection = by_key(LeadKeyType::Idnum, &["1"]);
        selection.include = Some(names.iter().map(|name| (*name).to_owned()).collect());
        let page = house.select(&selection).unwrap();
        assert_eq!(line(&page.leads[0]), expected, "{names:?}");
    }
    for (name, expected) in [
        ("ForeignSysPersonId", "2; -:F"),
        ("ForeignSysType", "2; CUSTOM"),
        ("Email", "2; b@x.com"),
    ] {
        let mut selection = by_key(LeadKeyType::Idnum, &["2"]);
        selection.include = Some(vec![name.to_owned()]);
        assert_eq!(line(&house.select(&selection).unwrap().leads[0]), expected);
    }
}

#[test]
fn gml_18_the_switch_gives_the_address_always() {
    let house = house_with("[rules]\nalways_email = true");
    house.batch(&[("email a@x.com; City=Bonn", "CREATED 1")]);
    let mut selection = by_key(LeadKeyType::Idnum, &["1"]);
    selection.include = Some(vec!["City".to_owned()]);
    assert_eq!(
        line(&house.select(&selection).unwrap().leads[0]),
        "1; a@x.com; City=Bonn"
    );
}

#[test]
fn gml_24_the_switch_refuses_unknown_names() {
    let house = house_with("[rules]\nunknown_include = \"fault\"");
    house.batch(&[("email a@x.com", "CREATED 1")]);
    let mut selection = by_key(LeadKeyType::Idnum, &["1"]);
    selection.include = Some(vec!["City".to_owned(), "pants".to_owned()]);
    match house.select(&selection) {
        Err(CallError::UnknownLeadFields(names)) => assert_eq!(names, ["pants"]),
        other => panic!("{other:?}"),
    }
}
