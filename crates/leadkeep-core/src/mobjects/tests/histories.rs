//! What leads are told of opportunities (SMO-75, XMO-10, ACT-60 to ACT-62, COM-35).

use super::*;

/// SMO-75, ACT-61: a new role is told; the opportunity that came with it is not.
#[test]
fn smo_75_a_new_role_is_told() {
    let house = house();
    house.lead("a@x.com");
    house.lead("b@x.com");
    let at = house.store.advance(60);
    house.sync(
        UPSERT,
        &[
            ("Opportunity; key opportunityId=A; Name=Deal", "CREATED 1"),
            ("OpportunityPersonRole; Role=Buyer; IsPrimary=1; PersonId=1; -> Opportunity opportunityId=A", "CREATED 1"),
            ("Opportunity; key opportunityId=A; Stage=Won", "UPDATED 1"),
            ("Opportunity", "CREATED 2"),
        ],
    );
    house.sync(
        UPSERT,
        &[(
            "OpportunityPersonRole; PersonId=1; OpportunityId=2",
            "CREATED 2",
        )],
    );
    assert_eq!(
        house.history(),
        [
            "1 Add to Opportunity [Deal] Oppty ID=1; Is Primary=true; Role=Buyer",
            "1 Add to Opportunity [-] Oppty ID=2; Is Primary=false; Role=",
        ]
    );
    // COM-35: the lead has changed, the other one has not.
    assert_eq!(house.lead_row(1).updated_at, at);
    assert!(house.lead_row(2).updated_at < at);
}

/// SMO-75, ACT-60: a changed opportunity is told to each of its leads, once; what did not change is not.
#[test]
fn act_60_a_changed_opportunity_is_told_to_its_leads() {
    let house = house();
    for lead in ["a@x.com", "b@x.com", "c@x.com"] {
        house.lead(lead);
    }
    house.sync(
        UPSERT,
        &[
            (
                "Opportunity; key opportunityId=A; Name=Deal; Stage=Proposal; Type=x",
                "CREATED 1",
            ),
            (
                "OpportunityPersonRole; PersonId=2; Role=a; -> Opportunity opportunityId=A",
                "CREATED 1",
            ),
            (
                "OpportunityPersonRole; PersonId=2; Role=b; -> Opportunity opportunityId=A",
                "CREATED 2",
            ),
            (
                "OpportunityPersonRole; PersonId=1; Role=a; -> Opportunity opportunityId=A",
                "CREATED 3",
            ),
        ],
    );
    let before = house.history().len();
    let at = house.store.advance(60);
    house.syncs(
        UPDATE,
        &[
            (
                "Opportunity 1; Stage=Closed Won; Type=; CloseDate=2013-08-01; Name=Deal",
                "UPDATED 1",
            ),
            ("Opportunity 1; Stage=Closed Won", "UNCHANGED 1"),
        ],
    );
    let changes = r#"[{"Attribute Name":"Close Date","New Value":"2013-08-01","Old Value":""},{"Attribute Name":"Stage","New Value":"Closed Won","Old Value":"Proposal"},{"Attribute Name":"Type","New Value":"","Old Value":"x"}]"#;
    assert_eq!(
        house.history()[before..],
        [
            format!("1 Update Opportunity [Deal] Oppty ID=1; Data Value Changes={changes}"),
            format!("2 Update Opportunity [Deal] Oppty ID=1; Data Value Changes={changes}"),
        ]
    );
    assert_eq!(house.lead_row(2).updated_at, at);
    assert!(house.lead_row(3).updated_at < at);
}

/// ACT-62, ACT-60: a changed role is told to its lead; one that did not change, or failed, is not.
#[test]
fn act_62_a_role_that_did_not_change_is_not_told() {
    let house = house();
    house.lead("a@x.com");
    house.lead("b@x.com");
    house.sync(INSERT, &[("Opportunity; Name=Deal", "CREATED 1")]);
    house.sync(
        INSERT,
        &[
            (
                "OpportunityPersonRole; PersonId=1; OpportunityId=1; Role=a",
                "CREATED 1",
            ),
            (
                "OpportunityPersonRole; PersonId=2; OpportunityId=1; Role=a",
                "CREATED 2",
            ),
        ],
    );
    let before = house.history().len();
    house.syncs(
        UPSERT,
        &[
            ("OpportunityPersonRole 1; Role=a", "UNCHANGED 1"),
            (
                "OpportunityPersonRole 1; IsPrimary=x",
                "FAILED 1 input error: IsPrimary: …",
            ),
            ("OpportunityPersonRole 1; IsPrimary=1; Role=b", "UPDATED 1"),
        ],
    );
    assert_eq!(
        house.history()[before..],
        [concat!(
            "1 Update Opportunity [Deal] Oppty ID=1; Data Value Changes=",
            r#"[{"Attribute Name":"Is Primary","New Value":"1","Old Value":""},"#,
            r#"{"Attribute Name":"Role","New Value":"b","Old Value":"a"}]"#
        )]
    );
}
