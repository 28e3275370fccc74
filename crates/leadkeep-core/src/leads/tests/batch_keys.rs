//! syncMultipleLeads: ids, foreign ids and addresses that stand together, under other names, or as attributes.

use super::*;

/// SML-2, SML-4, SML-5, SML-36, DM-SYNC-1: the id finds, the foreign id is assigned, the address has no effect.
#[test]
fn sml_04_the_id_comes_first_and_gets_the_foreign_id() {
    let house = house();
    house.batch(&[
        ("email a@x.com", "CREATED 1"),
        ("email b@x.com", "CREATED 2"),
    ]);
    house.batches(&[
        ("id 1; foreign F; email b@x.com; City=Bonn", "UPDATED 1"),
        ("foreign F; City=Rome", "UPDATED 1"),
    ]);
    assert_eq!(
        house.lead(1),
        "1; a@x.com; CUSTOM:F; City=Rome; Website=x.com"
    );
    assert_eq!(house.lead(2), "2; b@x.com; Website=x.com");
}

/// SML-5, SML-6, SML-34, SML-37, SML-39.
#[test]
fn sml_05_the_element_is_not_written_but_the_attribute_is() {
    let house = house();
    house.batch(&[
        ("foreign F; email a@x.com", "CREATED 1"),
        ("email b@x.com", "CREATED 2"),
    ]);
    for (line, address) in [
        ("foreign F; email c@x.com", "a@x.com"),
        ("id 1; email c@x.com", "a@x.com"),
        ("id 1; Email=c@x.com", "c@x.com"),
        ("foreign F; email x@x.com; Email=d@x.com", "d@x.com"),
        ("email d@x.com; Email=e@x.com", "e@x.com"),
        ("id 1; email a@x.com; eMAIL= E@x.com ", "E@x.com"),
        ("id 1; Email=b@x.com", "b@x.com"),
    ] {
        house.batch(&[(line, "UPDATED 1")]);
        assert_eq!(house.view(1).email.as_deref(), Some(address), "{line}");
    }
    assert_eq!(house.ids(LeadKeyType::Email, "b@x.com"), "2 1", "SML-39");
}

/// SML-37, SML-38.
#[test]
fn sml_37_on_insert_the_attribute_is_stored() {
    let house = house();
    house.batch(&[
        ("email a@x.com; Email=b@x.com", "CREATED 1"),
        ("email c@x.com; Email=", "CREATED 2"),
        ("foreign F; email d@x.com; Email=e@x.com", "CREATED 3"),
    ]);
    assert_eq!(house.lead(1), "1; b@x.com; Website=x.com");
    assert_eq!(house.lead(2), "2");
    assert_eq!(house.lead(3), "3; e@x.com; CUSTOM:F; Website=x.com");
    house.batch(&[("id 1; Email=", "UPDATED 1")]);
    assert_eq!(house.lead(1), "1; Website=x.com");
    assert_eq!(house.ids(LeadKeyType::Email, "b@x.com"), "LeadNotFound");
}

/// SML-31: nothing is created, also if the address would match.
#[test]
fn sml_31_an_unknown_id_never_creates() {
    let house = house();
    house.batch(&[("email a@x.com; foreign F", "CREATED 1")]);
    let before = house.picture();
    for id in [-1, 2, i64::from(i32::MAX), i64::MAX] {
        let line = format!("id {id}; email a@x.com; foreign F; City=Bonn");
        let failed = format!("FAILED {id} lead not found: IDNUM = {id}");
        house.batch(&[(&line, &failed)]);
    }
    assert_eq!(house.picture(), before);
}

/// SML-32, SL-39.
#[test]
fn sml_32_id_0_is_no_id() {
    let house = house();
    house.batch(&[
        ("id 0; email a@x.com", "CREATED 1"),
        ("id 0; foreign F", "CREATED 2"),
    ]);
}

/// SML-17, SML-33, DM-FSID-2, DM-LEAD-4: one value belongs to one lead, one lead may have several.
#[test]
fn sml_33_a_foreign_id_of_another_lead_moves() {
    let house = house();
    house.batches(&[
        ("foreign F", "CREATED 1"),
        ("email a@x.com", "CREATED 2"),
        ("id 2; foreign G", "UPDATED 2"),
    ]);
    house.batches(&[
        ("id 2; foreign F", "UPDATED 2"),
        ("foreign F", "UPDATED 2"),
        ("foreign G", "UPDATED 2"),
    ]);
    assert_eq!(house.lead(1), "1");
    assert_eq!(
        house.lead(2),
        "2; a@x.com; CUSTOM:F; Website=x.com",
        "COM-20, DM-FSID-4"
    );
    house.batch(&[
        ("id 1; foreign G", "UPDATED 1"),
        ("foreign G; City=Bonn", "UPDATED 1"),
    ]);
    assert_eq!(house.lead(1), "1; CUSTOM:G; City=Bonn");
}

/// SML-35, SL-35, DM-SYNC-2: even with de-duplication.
#[test]
fn sml_35_an_unknown_foreign_id_makes_a_new_lead() {
    let house = house();
    house.batch(&[("email a@x.com", "CREATED 1")]);
    house.batch(&[("foreign F; email a@x.com", "CREATED 2")]);
    assert_eq!(house.lead(2), "2; a@x.com; CUSTOM:F; Website=x.com");
}

#[test]
fn sml_35_the_switch_gives_the_foreign_id_to_the_newest_lead() {
    let house = house_with("[rules]\nadopt_foreign_ids = true");
    house.duplicates(&[
        ("email a@x.com", "CREATED 1"),
        ("email a@x.com", "CREATED 2"),
    ]);
    house.batches(&[
        ("foreign F; email A@x.com", "UPDATED 2"),
        ("foreign F; email b@x.com", "UPDATED 2"),
        ("foreign G; email b@x.com", "CREATED 3"),
        ("foreign H", "CREATED 4"),
    ]);
    assert_eq!(house.lead(2), "2; a@x.com; CUSTOM:F; Website=x.com");
    house.duplicates(&[("foreign I; email a@x.com", "CREATED 5")]);
}

/// SML-40: the flag is about addresses only.
#[test]
fn sml_40_ids_identify_without_de_duplication() {
    let house = house();
    house.duplicates(&[("email a@x.com; foreign F", "CREATED 1")]);
    house.duplicates(&[
        ("id 1; City=Bonn", "UPDATED 1"),
        ("foreign F; City=Rome", "UPDATED 1"),
        ("foreign G; email a@x.com", "CREATED 2"),
    ]);
}

/// SML-50, SL-9, SL-37, DM-FSID-3: type and value are the key; without a type CUSTOM, else the one lead that has it.
#[test]
fn sml_50_foreign_ids_are_pairs_of_type_and_value() {
    let house = house();
    house.batches(&[
        ("foreign SFDC F", "CREATED 1"),
        ("foreign  F ", "UPDATED 1"),
        ("foreign CUSTOM F", "CREATED 2"),
        ("foreign F", "UPDATED 2"),
        ("foreign f", "CREATED 3"),
        ("foreign SFDC G", "CREATED 4"),
        ("foreign NETSUITE G", "CREATED 5"),
        ("foreign G", "CREATED 6"),
        ("foreign NETSUITE G", "UPDATED 5"),
        ("foreign SFDC F", "UPDATED 1"),
        ("id 1; foreign NETSUITE H", "UPDATED 1"),
        ("id 1; foreign SFDC H", "UPDATED 1"),
        ("foreign H", "UPDATED 1"),
    ]);
    assert_eq!(house.lead(6), "6; CUSTOM:G");
}

/// SML-18, SL-38.
#[test]
fn sml_18_an_empty_foreign_id_is_none() {
    let house = house();
    house.batch(&[
        ("foreign  ; email a@x.com", "CREATED 1"),
        ("foreign SFDC  ; email a@x.com", "UPDATED 1"),
        ("~system SFDC; email a@x.com", "UPDATED 1"),
    ]);
    assert_eq!(house.lead(1), "1; a@x.com; Website=x.com");
}

/// SML-19, SL-13, REQ-3, DM-SYNC-6: first Id, then Email, only if no key stands in its place.
#[test]
fn sml_19_attributes_serve_as_keys() {
    let house = house();
    house.batches(&[
        ("Email=a@x.com; City=Bonn", "CREATED 1"),
        ("email=A@x.com; City=Rome", "UPDATED 1"),
        ("EMAIL= a@x.com ", "UPDATED 1"),
        ("Id=1; Email=b@x.com", "UPDATED 1"),
        ("ID=1.0; City=Oslo", "UPDATED 1"),
        ("Id=0; Email=b@x.com", "UPDATED 1"),
        ("Id=; Email=b@x.com", "UPDATED 1"),
        ("Id=none; Email=b@x.com", "UPDATED 1"),
        ("Email=wrong@x.com; Email=b@x.com", "UPDATED 1"),
        (
            "Id=99; Email=b@x.com",
            "FAILED 99 lead not found: IDNUM = 99",
        ),
        ("Id=99; email b@x.com", "UPDATED 1"),
    ]);
    assert_eq!(house.lead(1), "1; b@x.com; City=Oslo; Website=x.com");
}

/// SML-24, SML-25, REQ-2, REQ-3, DM-FSID-6: the names of the vendor's own articles.
#[test]
fn sml_24_keys_under_wrong_names_count_where_no_right_one_is() {
    let house = house();
    house.batches(&[
        ("~email a@x.com", "CREATED 1"),
        ("~id 1; ~email b@x.com; City=Bonn", "UPDATED 1"),
        ("~id  1 ; Email=b@x.com", "UPDATED 1"),
        ("~id x; Email=b@x.com", "UPDATED 1"),
        ("~foreign F; ~system sfdc; ~email c@x.com", "CREATED 2"),
        ("~foreign F", "UPDATED 2"),
        ("~id 2; email b@x.com", "UPDATED 1"),
        ("~id 77", "FAILED 77 lead not found: IDNUM = 77"),
    ]);
    assert_eq!(house.lead(2), "2; c@x.com; SFDC:F; Website=x.com");
}

#[test]
fn req_03_the_switch_takes_right_keys_only() {
    let house = house_with("[rules]\nstrict_keys = true");
    let failed = "FAILED 0 a lead key is required";
    house.batch(&[
        ("~email a@x.com", failed),
        ("~id 1", failed),
        ("~foreign F", failed),
        ("Email=a@x.com", failed),
        ("Id=1", failed),
        ("email a@x.com", "CREATED 1"),
    ]);
    house.sync(&[("Email=a@x.com", "CREATED 2")]);
}

/// COM-12: where ids are written, a merged one leads to its winner, also through later merges.
#[test]
fn com_12_the_id_of_a_merged_lead_leads_to_its_winner() {
    let house = house();
    house.batch(&[
        ("email a@x.com", "CREATED 1"),
        ("email b@x.com", "CREATED 2"),
        ("email c@x.com", "CREATED 3"),
    ]);
    house
        .store
        .write_now(|txn, _| txn.absorb_leads(LeadId(2), &[LeadId(1)]))
        .unwrap();
    house
        .store
        .write_now(|txn, _| txn.absorb_leads(LeadId(3), &[LeadId(2)]))
        .unwrap();
    house.batch(&[
        ("id 1; City=Bonn", "UPDATED 3"),
        ("id 2; Phone=1", "UPDATED 3"),
        ("id 3; Email=d@x.com", "UPDATED 3"),
        (
            "id 1; LeadScore=x",
            "FAILED 3 lead sync failed: LeadScore: expected a whole number, got `x`",
        ),
    ]);
    house.sync(&[("id 1; Phone=2", "UPDATED 3")]);
    assert_eq!(house.ids(LeadKeyType::Idnum, "1"), "LeadNotFound");
    assert_eq!(
        house.lead(3),
        "3; d@x.com; City=Bonn; Phone=2; Website=x.com"
    );
}

/// SML-52, DM-LEAD-2, COM-13: an address, a name or a foreign id makes a lead known; other values do not.
#[test]
fn sml_52_an_anonymous_lead_becomes_known() {
    for (line, anonymous) in [
        ("id 1; City=Bonn", true),
        ("id 1; email a@x.com", true),
        ("id 1; FirstName=; Email=", true),
        ("id 1; Email=a@x.com", false),
        ("id 1; LastName=Lee", false),
        ("id 1; foreign F", false),
    ] {
        let house = house();
        house.batch(&[("foreign Z", "CREATED 1")]);
        let mut lead = house.row(1);
        lead.anonymous = true;
        house
            .store
            .write_now(|txn, _| txn.update_leads(&[lead.clone()]))
            .unwrap();
        let now = house.store.advance(60);
        house.batch(&[(line, "UPDATED 1")]);
        assert_eq!(house.row(1).anonymous, anonymous, "{line}");
        assert!(anonymous || house.row(1).updated_at == now, "{line}");
    }
}
