//! Lead keys in reads (COM-1 to COM-13).

use super::*;

/// COM-5, COM-6, COM-3: not a positive number of at most ten digits is no key.
#[test]
fn com_06_idnum_is_a_positive_number() {
    let house = house();
    house.batch(&[("email a@x.com", "CREATED 1")]);
    for (value, found) in [
        ("1", "1"),
        (" 0001 ", "1"),
        ("2", "LeadNotFound"),
        ("4294967297", "LeadNotFound"),
        ("", "LeadKeyBad"),
        ("  ", "LeadKeyBad"),
        ("0", "LeadKeyBad"),
        ("-1", "LeadKeyBad"),
        ("+1", "LeadKeyBad"),
        ("1.0", "LeadKeyBad"),
        ("a@x.com", "LeadKeyBad"),
        ("00000000001", "LeadKeyBad"),
    ] {
        assert_eq!(house.ids(LeadKeyType::Idnum, value), found, "{value}");
    }
}

/// COM-7.
#[test]
fn com_07_email_is_compared_without_regard_to_case() {
    let house = house();
    house.batch(&[("email Änne@X.com", "CREATED 1")]);
    for (value, found) in [
        ("änne@x.com", "1"),
        (" ÄNNE@X.COM\n", "1"),
        ("anne@x.com", "LeadNotFound"),
        ("nne@x.com", "LeadNotFound"),
        ("", "LeadKeyBad"),
    ] {
        assert_eq!(house.ids(LeadKeyType::Email, value), found, "{value}");
    }
}

/// COM-4, COM-8, COM-13: known and anonymous leads, by the part from `token:` on.
#[test]
fn com_08_cookies_find_by_their_token() {
    let house = house();
    house.batch(&[("email a@x.com", "CREATED 1"), ("foreign F", "CREATED 2")]);
    let cookies = [("12345", 1), ("99999", 2)].map(|(end, lead)| {
        let cookie = super::super::key::cookie(&format!("token:_mch-x.com-1400000000000-{end}"));
        (cookie, LeadId(lead))
    });
    house
        .store
        .write_now(|txn, _| txn.attach_cookies(&cookies))
        .unwrap();
    let mut lead = house.row(2);
    lead.anonymous = true;
    house
        .store
        .write_now(|txn, _| txn.update_leads(&[lead.clone()]))
        .unwrap();
    for (value, found) in [
        ("id:561-HYG-937&token:_mch-x.com-1400000000000-12345", "1"),
        ("token:_mch-x.com-1400000000000-12345", "1"),
        (
            "id%3A561-HYG-937%26token%3A_mch-x.com-1400000000000-12345",
            "1",
        ),
        ("token:_mch-x.com-1400000000000-99999", "2"),
        ("token:_mch-x.com-1400000000000-1234", "LeadNotFound"),
        ("_mch-x.com-1400000000000-12345", "LeadNotFound"),
        ("", "LeadKeyBad"),
    ] {
        assert_eq!(house.ids(LeadKeyType::Cookie, value), found, "{value}");
    }
    assert_eq!(house.ids(LeadKeyType::Idnum, "2"), "2", "COM-13");
}

/// COM-1, COM-10.
#[test]
fn com_10_an_owner_without_leads_is_unknown() {
    let house = demo();
    house.batch(&[
        ("email a@x.com; OwnerEmail=Sue@corp.com", "CREATED 1"),
        ("email b@x.com; OwnerEmail=sue@corp.com", "CREATED 2"),
    ]);
    for (value, found) in [
        ("Sue@corp.com", "2 1"),
        ("sue@corp.com", "2"),
        ("bob@corp.com", "LeadOwnerNotFound"),
        (" ", "LeadKeyBad"),
    ] {
        assert_eq!(
            house.ids(LeadKeyType::LeadOwnerEmail, value),
            found,
            "{value}"
        );
    }
    let unassigned = house_with("");
    assert_eq!(
        unassigned.ids(LeadKeyType::LeadOwnerEmail, "sue@corp.com"),
        "LeadOwnerNotFound"
    );
}

/// COM-9, GL-7, DM-KEY-3, DM-KEY-4.
#[test]
fn com_09_crm_keys_look_into_foreign_ids_and_assigned_fields() {
    let house = house_with(
        "[lead_keys]\nSFDCACCOUNTID = \"Lead.Account\"\nSFDCLEADOWNERID = \"Lead.OwnerNo\"\n\
         [[field]]\nobject = \"Lead\"\nname = \"Account\"\ntype = \"string\"\n\
         [[field]]\nobject = \"Company\"\nname = \"OwnerNo\"\ntype = \"integer\"\n",
    );
    house.batch(&[
        ("foreign SFDC 00Q5000000Abcde", "CREATED 1"),
        ("foreign SFDC 0035000000abcdeAAF", "CREATED 2"),
        ("foreign 00Q5000000abcde", "CREATED 3"),
        (
            "foreign SFDC x-7; Account=0015000000Abcde; OwnerNo=7",
            "CREATED 4",
        ),
        (
            "foreign SFDC x-8; Account=0015000000AbcdeAAB; OwnerNo=7",
            "CREATED 5",
        ),
    ]);
    for (key_type, value, found) in [
        (LeadKeyType::SfdcLeadId, "00Q5000000Abcde", "1"),
        (LeadKeyType::SfdcContactId, "00Q5000000AbcdeEAA", "1"),
        (LeadKeyType::SfdcLeadId, "0035000000abcde", "2"),
        (LeadKeyType::SfdcLeadId, "00Q5000000abcde", "LeadNotFound"),
        (LeadKeyType::SfdcLeadId, "x-7", "4"),
        (LeadKeyType::SfdcLeadId, "x", "LeadNotFound"),
        (LeadKeyType::SfdcAccountId, "0015000000Abcde", "5 4"),
        (
            LeadKeyType::SfdcAccountId,
            "0015000000abcde",
            "LeadNotFound",
        ),
        (LeadKeyType::SfdcAccountId, "0015000000AbcdeAAB", "5 4"),
        (LeadKeyType::SfdcAccountId, "nobody", "LeadNotFound"),
        (LeadKeyType::SfdcLeadOwnerId, "007", "5 4"),
        (LeadKeyType::SfdcLeadOwnerId, "seven", "LeadNotFound"),
        (LeadKeyType::SfdcOpptyId, "7", "LeadNotFound"),
    ] {
        assert_eq!(house.ids(key_type, value), found, "{key_type:?} {value}");
    }
}

/// COM-9: an opportunity field leads to the leads with a role.
#[test]
fn com_09_opportunity_ids_lead_to_the_leads_with_a_role() {
    use crate::ids::{OpportunityId, RoleId};
    use crate::store::{Opportunity, Role};
    let house = demo();
    house.batch(&[
        ("email a@x.com", "CREATED 1"),
        ("email b@x.com", "CREATED 2"),
    ]);
    let now = house.store.now();
    let attrs = |name: &str, value: &str| [(name.into(), value.to_owned())].into_iter().collect();
    house
        .store
        .write_now(|txn, _| {
            txn.insert_opportunities(&[Opportunity {
                id: OpportunityId(1),
                company: None,
                attrs: attrs("opportunityId", "0065000000abcde"),
                created_at: now,
                updated_at: now,
            }])?;
            txn.insert_roles(&[Role {
                id: RoleId(1),
                opportunity: OpportunityId(1),
                lead: LeadId(2),
                attrs: attrs("Role", "Buyer"),
                created_at: now,
                updated_at: now,
            }])
        })
        .unwrap();
    assert_eq!(house.ids(LeadKeyType::SfdcOpptyId, "0065000000abcde"), "2");
    assert_eq!(
        house.ids(LeadKeyType::SfdcOpptyId, "0065000000abcdf"),
        "LeadNotFound"
    );
}
