//! Roles in syncMObjects (SMO-25 to SMO-27, SMO-43, SMO-65, SMO-69 to SMO-71, DM-OPP-5 to DM-OPP-8).

use super::*;

/// Two leads and two opportunities, A and B.
fn set() -> House {
    let house = house();
    house.lead("a@x.com; FSPID=P1");
    house.lead("b@x.com; FSPID=P2");
    house.sync(
        INSERT,
        &[
            ("Opportunity; key opportunityId=A; Name=First", "CREATED 1"),
            ("Opportunity; key opportunityId=B; Name=Second", "CREATED 2"),
        ],
    );
    house
}

/// SMO-25, SMO-26, SMO-70, DM-OPP-5: lead and opportunity by attributes or by links; without them it fails.
#[test]
fn smo_25_roles_need_a_lead_and_an_opportunity() {
    let no_deal = "FAILED - parameter required: Parameter OpportunityId is required";
    let no_lead = "FAILED - parameter required: Parameter PersonId is required";
    set().syncs(
        INSERT,
        &[
            (
                "OpportunityPersonRole; OpportunityId=1; PersonId=1",
                "CREATED 1",
            ),
            (
                "OpportunityPersonRole; -> Opportunity 1; -> Lead 2",
                "CREATED 2",
            ),
            (
                "OpportunityPersonRole; OpportunityId=02; -> Lead FSPID=P1",
                "CREATED 3",
            ),
            (
                "OpportunityPersonRole; PersonId=2.0; -> Opportunity opportunityId=B",
                "CREATED 4",
            ),
            ("OpportunityPersonRole; OpportunityId=1", no_lead),
            ("OpportunityPersonRole; PersonId=1", no_deal),
            (
                "OpportunityPersonRole; PersonId=1; OpportunityId= ",
                no_deal,
            ),
            ("OpportunityPersonRole; Role=x; -> Lead 1", no_deal),
            (
                "OpportunityPersonRole; PersonId=x; OpportunityId=1",
                "FAILED - input error: PersonId: …",
            ),
        ],
    );
}

/// SMO-70, SMO-63, DM-OPP-6: what does not exist fails alone, by its name.
#[test]
fn smo_70_unknown_leads_and_opportunities_fail() {
    set().sync(
        UPSERT,
        &[
            (
                "OpportunityPersonRole; OpportunityId=77; PersonId=1",
                "FAILED - input error: Opportunity 77 not found",
            ),
            (
                "OpportunityPersonRole; OpportunityId=1; PersonId=77",
                "FAILED - input error: Lead 77 not found",
            ),
            (
                "OpportunityPersonRole; -> Opportunity opportunityId=Z; -> Lead 1",
                "FAILED - input error: Opportunity with opportunityId = Z not found",
            ),
            (
                "OpportunityPersonRole; -> Opportunity 1; -> Lead FSPID=Z",
                "FAILED - input error: Lead with FSPID = Z not found",
            ),
            (
                "OpportunityPersonRole; OpportunityId=1; PersonId=1",
                "CREATED 1",
            ),
        ],
    );
}

/// SMO-70, COM-12: a merged lead is its winner, however it is named by number.
#[test]
fn smo_70_merged_leads_lead_to_their_winner() {
    let house = set();
    house
        .store
        .write_now(|txn, _| txn.absorb_leads(LeadId(2), &[LeadId(1)]))
        .unwrap();
    house.syncs(
        UPSERT,
        &[
            (
                "OpportunityPersonRole; OpportunityId=1; PersonId=1; Role=x",
                "CREATED 1",
            ),
            (
                "OpportunityPersonRole; OpportunityId=1; PersonId=2; Role=x",
                "UNCHANGED 1",
            ),
            (
                "OpportunityPersonRole; OpportunityId=1; -> Lead 1; Role=x",
                "UNCHANGED 1",
            ),
            (
                "OpportunityPersonRole; OpportunityId=1; -> Lead Id=1; Role=x",
                "UNCHANGED 1",
            ),
            ("OpportunityPersonRole 1; PersonId=1; Role=y", "UPDATED 1"),
        ],
    );
    assert_eq!(
        house.values("OpportunityPersonRole 1"),
        "OpportunityId=1; PersonId=2; Role=y"
    );
}

/// SMO-27, SMO-36: the optional attributes.
#[test]
fn smo_27_optional_attributes_of_roles() {
    let house = set();
    house.syncs(
        UPSERT,
        &[
            (
                "OpportunityPersonRole; OpportunityId=1; PersonId=1; Role=Influencer/Champion; IsPrimary=yes; \
                 ExternalCreatedDate=2013-08-05T14:22:45-07:00",
                "CREATED 1",
            ),
            ("OpportunityPersonRole; OpportunityId=1; PersonId=2; Rolle=x", "FAILED - input error: unknown fields: Rolle"),
        ],
    );
    assert_eq!(
        house.values("OpportunityPersonRole 1"),
        "ExternalCreatedDate=2013-08-05T21:22:45+00:00; IsPrimary=1; OpportunityId=1; PersonId=1; \
         Role=Influencer/Champion"
    );
}

/// SMO-43, SMO-45, SMO-46, SMO-48, DM-OPP-7: without an id the triple identifies; no role is a value of its own, case
/// does not count.
#[test]
fn smo_43_the_triple_identifies() {
    let house = set();
    let line = |rest: &str| format!("OpportunityPersonRole; OpportunityId=1; PersonId=1{rest}");
    for (operation, rest, expected) in [
        (UPDATE, "; Role=Buyer", "SKIPPED -"),
        (UPSERT, "; Role=Buyer", "CREATED 1"),
        (UPSERT, "; Role=buyer; IsPrimary=1", "UPDATED 1"),
        (INSERT, "; Role=BUYER; IsPrimary=0", "SKIPPED 1"),
        (UPSERT, "", "CREATED 2"),
        (UPSERT, "; Role=", "UNCHANGED 2"),
        (UPDATE, "; IsPrimary=1", "UPDATED 2"),
        (INSERT, "; Role=Other", "CREATED 3"),
    ] {
        house.sync(operation, &[(&line(rest), expected)]);
    }
    house.sync(
        INSERT,
        &[
            (
                "OpportunityPersonRole; OpportunityId=1; PersonId=2; Role=Buyer",
                "CREATED 4",
            ),
            (
                "OpportunityPersonRole; OpportunityId=2; PersonId=1; Role=Buyer",
                "CREATED 5",
            ),
        ],
    );
}

/// SMO-43, SMO-44, SMO-45, SMO-46: by id.
#[test]
fn smo_44_roles_by_id() {
    let house = set();
    house.sync(
        INSERT,
        &[(
            "OpportunityPersonRole; OpportunityId=1; PersonId=1",
            "CREATED 1",
        )],
    );
    let unknown = "FAILED 77 input error: OpportunityPersonRole 77 not found";
    for (operation, known, missing) in [
        (INSERT, "SKIPPED 1", unknown),
        (UPDATE, "UPDATED 1", "SKIPPED 77"),
        (UPSERT, "UNCHANGED 1", unknown),
    ] {
        house.sync(
            operation,
            &[
                ("OpportunityPersonRole 1; Role=x", known),
                ("OpportunityPersonRole 77; Role=x", missing),
            ],
        );
    }
}

/// SMO-65: links count before attributes.
#[test]
fn smo_65_links_count_before_attributes() {
    let house = set();
    house.sync(
        INSERT,
        &[(
            "OpportunityPersonRole; OpportunityId=1; PersonId=1; -> Opportunity opportunityId=B; -> Lead 2",
            "CREATED 1",
        )],
    );
    assert_eq!(
        house.values("OpportunityPersonRole 1"),
        "OpportunityId=2; PersonId=2"
    );
}

/// SMO-69: what a role joins is fixed; its other values are not, but two roles of one name cannot be.
#[test]
fn smo_69_a_role_stays_with_its_lead_and_opportunity() {
    let house = set();
    house.sync(
        INSERT,
        &[
            (
                "OpportunityPersonRole; OpportunityId=1; PersonId=1; Role=a",
                "CREATED 1",
            ),
            (
                "OpportunityPersonRole; OpportunityId=1; PersonId=1; Role=b",
                "CREATED 2",
            ),
        ],
    );
    let fixed = "FAILED 1 input error: OpportunityId and PersonId of a role cannot be changed";
    house.syncs(
        UPDATE,
        &[
            ("OpportunityPersonRole 1; OpportunityId=2", fixed),
            ("OpportunityPersonRole 1; PersonId=2; Role=z", fixed),
            ("OpportunityPersonRole 1; -> Lead 2", fixed),
            (
                "OpportunityPersonRole 1; -> Opportunity opportunityId=B",
                fixed,
            ),
            (
                "OpportunityPersonRole 1; OpportunityId=1; PersonId=1",
                "UNCHANGED 1",
            ),
            (
                "OpportunityPersonRole 1; Role=c; IsPrimary=1; ExternalCreatedDate=2013-01-01",
                "UPDATED 1",
            ),
            (
                "OpportunityPersonRole 1; Role=B",
                "FAILED 1 input error: the lead has another role…",
            ),
        ],
    );
}

/// SMO-71, DM-OPP-8.
#[test]
fn smo_71_several_roles_may_be_primary() {
    let house = set();
    house.sync(
        INSERT,
        &[
            (
                "OpportunityPersonRole; OpportunityId=1; PersonId=1; IsPrimary=1",
                "CREATED 1",
            ),
            (
                "OpportunityPersonRole; OpportunityId=1; PersonId=2; IsPrimary=1",
                "CREATED 2",
            ),
        ],
    );
    assert_eq!(house.ids("OpportunityPersonRole; IsPrimary|EQ|true"), "1 2");
}
