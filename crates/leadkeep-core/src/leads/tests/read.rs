//! getLead.

use super::*;

/// GL-3, GL-4, DM-KEY-1: all of them, newest first.
#[test]
fn gl_04_all_leads_of_a_key_come_newest_first() {
    let house = house();
    house.duplicates(&[
        ("email a@x.com", "CREATED 1"),
        ("email b@x.com", "CREATED 2"),
        ("email A@x.com", "CREATED 3"),
    ]);
    assert_eq!(house.ids(LeadKeyType::Email, "a@x.com"), "3 1");
    assert_eq!(house.find(LeadKeyType::Email, "a@x.com").unwrap().count, 2);
}

/// GL-5, GL-6, GL-9, COM-3: with the key as it was sent, trimmed.
#[test]
fn gl_05_no_match_is_a_fault_that_names_the_key() {
    let house = house();
    for (key_type, value, word, told) in [
        (LeadKeyType::Email, " No@X.com ", "EMAIL", "No@X.com"),
        (LeadKeyType::Idnum, " 007", "IDNUM", "007"),
        (LeadKeyType::SfdcAccountId, "x", "SFDCACCOUNTID", "x"),
        (LeadKeyType::Cookie, "token:x", "COOKIE", "token:x"),
    ] {
        match house.find(key_type, value) {
            Err(CallError::LeadNotFound { key_type, value }) => {
                assert_eq!((key_type, value.as_str()), (word, told));
            }
            other => panic!("{other:?}"),
        }
    }
    match house.find(LeadKeyType::LeadOwnerEmail, " sue@corp.com") {
        Err(CallError::LeadOwnerNotFound { key_type, value }) => {
            assert_eq!(
                (key_type, value.as_str()),
                ("LEADOWNEREMAIL", "sue@corp.com")
            );
        }
        other => panic!("{other:?}"),
    }
}

/// GL-8.
#[test]
fn gl_08_at_most_a_thousand_leads_and_the_true_count() {
    let house = house();
    for _ in 0..2 {
        let same = vec!["email a@x.com"; 600];
        house.call(&same, false).unwrap();
    }
    let found = house.find(LeadKeyType::Email, "a@x.com").unwrap();
    assert_eq!((found.count, found.leads.len()), (1_200, 1_000));
    assert_eq!(found.leads[0].id, LeadId(1_200));
    assert_eq!(found.leads[999].id, LeadId(201));
}

/// COM-12: a lead that lost a merge is not found by any key.
#[test]
fn com_12_a_merged_lead_is_not_read() {
    let house = house();
    house.batch(&[
        ("email a@x.com", "CREATED 1"),
        ("email b@x.com", "CREATED 2"),
    ]);
    house
        .store
        .write_now(|txn, _| txn.absorb_leads(LeadId(2), &[LeadId(1)]))
        .unwrap();
    assert_eq!(house.ids(LeadKeyType::Idnum, "1"), "LeadNotFound");
    assert_eq!(house.ids(LeadKeyType::Email, "a@x.com"), "LeadNotFound");
    house.batch(&[("email a@x.com", "CREATED 3")]);
}
