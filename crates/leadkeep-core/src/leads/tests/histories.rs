//! What a sync writes into histories (COM-30 to COM-35, activities.md section 2).

use super::*;

/// COM-30, COM-33, ACT-1, ACT-20, ACT-24: one New Lead, and no changes of first values.
#[test]
fn com_30_a_creation_writes_new_lead() {
    let house = house_with("[instance]\ntime_zone = \"Pacific/Auckland\"");
    house.store.advance(20 * 3600);
    house.batch(&[
        (
            "email a@x.com; City=Bonn; FirstName=Bob; LastName=Lee",
            "CREATED 1",
        ),
        ("email b@x.com; LastName=Lee", "CREATED 2"),
        ("foreign F", "CREATED 3"),
    ]);
    let told = |lead: i64, name: &str| {
        format!(
            "{lead} New Lead [{name}] Source Type=Web service API; Source Info=Web service API; Created Date=2013-08-02"
        )
    };
    assert_eq!(
        house.history(0),
        [told(1, "Bob Lee"), told(2, "Lee"), told(3, "-")]
    );
    assert_eq!(house.activities()[0].what.at, house.store.now());
}

/// COM-31, ACT-2, ACT-4, ACT-21, ACT-23, ACT-25, SML-53: in the order of SOAP names, with canonical values.
#[test]
fn com_31_a_change_writes_change_data_value() {
    let house = house();
    house.batch(&[("email a@x.com; LeadScore=1; City=Bonn", "CREATED 1")]);
    house.sync(&[(
        "id 1; LeadScore=007; FirstName=Bob; Email=b@x.com; City=; Company=Acme; DoNotCall=yes; Phone=",
        "UPDATED 1",
    )]);
    let change = |field: &str, old: &str, new: &str| {
        format!(
            "1 Change Data Value [{field}] Attribute Name={field}; Old Value={old}; New Value={new}; Reason=SOAP API"
        )
    };
    assert_eq!(
        house.history(1),
        [
            change("City", "Bonn", ""),
            change("Company Name", "", "Acme"),
            change("Do Not Call", "", "1"),
            change("Email Address", "a@x.com", "b@x.com"),
            change("First Name", "", "Bob"),
            change("Lead Score", "1", "7"),
        ]
    );
}

/// RSP-9, DM-VAL-13: as in all answers, times are the instance's.
#[test]
fn rsp_09_times_in_histories_are_those_of_the_instance() {
    let house = house_with("[instance]\ntime_zone = \"America/Chicago\"");
    let visit = |time: &str| format!("email a@x.com; MarketoSocialLastReferredVisit={time}");
    house.batch(&[(&visit("2024-07-01T12:00:00Z"), "CREATED 1")]);
    house.batch(&[(&visit("2024-01-01T00:00:00Z"), "UPDATED 1")]);
    let told = house.history(1).concat();
    let values = "Old Value=2024-07-01T07:00:00-05:00; New Value=2023-12-31T18:00:00-06:00";
    assert!(told.contains(values), "{told}");
}

/// ACT-22, COM-32.
#[test]
fn act_22_foreign_ids_and_what_stays_the_same_write_nothing() {
    let house = house();
    house.batch(&[("email a@x.com; City=Bonn; AnonymousIP=1", "CREATED 1")]);
    let before = house.row(1).updated_at;
    house.store.advance(60);
    house.batch(&[(
        "id 1; foreign F; City=Bonn; AnonymousIP=2; Lead Person=9",
        "UPDATED 1",
    )]);
    assert_eq!(house.history(1), [""; 0]);
    assert_eq!(house.row(1).updated_at, before);
    house.batch(&[("id 1; City=bonn", "UPDATED 1")]);
    assert_eq!(house.history(1).len(), 1, "DM-VAL-6: case is a change");
}

/// ACT-10, SML-41: in the order of the records, with the time of the call.
#[test]
fn act_10_activities_follow_the_order_of_records() {
    let house = house();
    house.batch(&[("email z@x.com", "CREATED 1")]);
    house.batch(&[
        ("id 1; Phone=1", "UPDATED 1"),
        ("email a@x.com", "CREATED 2"),
        ("id 1; Address=1", "UPDATED 1"),
        ("email a@x.com; City=Bonn", "UPDATED 2"),
    ]);
    let order: Vec<String> = house
        .history(1)
        .iter()
        .map(|told| told[..8].to_owned())
        .collect();
    assert_eq!(order, ["1 Change", "2 New Le", "1 Change", "2 Change"]);
    let ids: Vec<i64> = house
        .activities()
        .iter()
        .map(|activity| activity.id.0)
        .collect();
    assert_eq!(ids, [1, 2, 3, 4, 5]);
}

/// COM-35, DM-NEW-4, ACT-14: created stays, updated moves with each change.
#[test]
fn com_35_a_change_moves_the_time_of_update() {
    let house = house();
    house.batch(&[
        ("email a@x.com", "CREATED 1"),
        ("email b@x.com", "CREATED 2"),
    ]);
    let created = house.row(1).created_at;
    for line in [
        "id 1; City=Bonn",
        "id 1; Email=c@x.com",
        "id 1; Company=Acme",
        "id 1; City=",
    ] {
        let now = house.store.advance(60);
        house.batch(&[(line, "UPDATED 1")]);
        assert_eq!(house.row(1).updated_at, now, "{line}");
        assert_eq!(house.row(1).created_at, created, "{line}");
    }
    assert_eq!(house.row(2).updated_at, created);
}

/// COM-33, COM-31: an anonymous lead that becomes known has changes and no New Lead.
#[test]
fn com_31_who_becomes_known_has_no_new_lead() {
    let house = house();
    house.batch(&[("foreign F", "CREATED 1")]);
    let mut lead = house.row(1);
    lead.anonymous = true;
    house
        .store
        .write_now(|txn, _| txn.update_leads(&[lead.clone()]))
        .unwrap();
    house.batch(&[("id 1; FirstName=Bob; Email=a@x.com", "UPDATED 1")]);
    let types: Vec<_> = house
        .activities()
        .iter()
        .map(|activity| activity.what.activity_type)
        .collect();
    assert_eq!(
        types,
        [
            crate::activities::NEW_LEAD,
            crate::activities::CHANGE_DATA_VALUE,
            crate::activities::CHANGE_DATA_VALUE
        ]
    );
}
