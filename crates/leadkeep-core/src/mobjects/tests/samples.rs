//! What the documentation's sample messages mean, told in short lines.

use super::*;

/// syncMObjects 1 (SMO-38): a cost of a program.
#[test]
fn smo_38_a_cost_of_a_program() {
    let house = demo();
    house.sync(
        UPDATE,
        &[(
            "Program 1970; [Cost] Month=2013-06, Amount=2000, Id=153",
            "UPDATED 1970",
        )],
    );
}

/// syncMObjects 2, 3 (SMO-9, SMO-29, SMO-31 to SMO-33, SMO-35, SMO-36): an opportunity by key with its company, then a role
/// by keys.
#[test]
fn smo_35_the_articles_samples() {
    let house = demo();
    house.lead("jane@acme.com; FSPID=12346; cAccountFSID=C123");
    let deal = "Opportunity; key opportunityId=Opportunity_4; opportunityId=Opportunity_4; \
        Name=Opportunity 4 for ACME; IsClosed=1; IsWon=1; Amount=501.00; CloseDate=2014-10-24; ExpectedRevenue=501; \
        Probability=100; -> Company cAccountFSID=C123";
    let role = "OpportunityPersonRole; IsPrimary=1; Role=Marketing Manager; -> Lead FSPID=12346; \
        -> Opportunity opportunityId=Opportunity_4";
    house.syncs(
        UPSERT,
        &[
            (deal, "CREATED 1"),
            (role, "CREATED 1"),
            (deal, "UNCHANGED 1"),
            (role, "UNCHANGED 1"),
        ],
    );
    let company = house.lead_row(1).company;
    assert_eq!(
        told(&house.found("Opportunity; key opportunityId=Opportunity_4")[0]),
        format!(
            "1 Amount=501; cAccountFSID=C123; CloseDate=2014-10-24; ExpectedRevenue=501; IsClosed=1; IsWon=1; \
             Name=Opportunity 4 for ACME; opportunityId=Opportunity_4; Probability=100 -> Company {company}"
        )
    );
}

/// syncMObjects 4 (SMO-34): both in one call.
#[test]
fn smo_34_an_opportunity_and_its_role_in_one_call() {
    let house = demo();
    house.lead("jane@acme.com; FSPID=12346; cAccountFSID=C123");
    house.sync(
        UPSERT,
        &[
            (
                "Opportunity; key opportunityId=Opportunity_5; opportunityId=Opportunity_5; Name=Opportunity 5 for ACME; \
                 IsClosed=1; Amount=1500; -> Company cAccountFSID=C123",
                "CREATED 1",
            ),
            (
                "OpportunityPersonRole; IsPrimary=1; Role=Marketing Manager; -> Lead FSPID=12346; \
                 -> Opportunity opportunityId=Opportunity_5",
                "CREATED 1",
            ),
        ],
    );
}

/// syncMObjects 5, 6 (SMO-14, SMO-36): the inserts of the documentation.
#[test]
fn smo_14_inserts_carry_no_id() {
    let house = house();
    house.lead("a@x.com");
    house.syncs(
        INSERT,
        &[
            (
                "Opportunity; Name=Q1 2014; Amount=2000; Probability=80%",
                "CREATED 1",
            ),
            (
                "OpportunityPersonRole; OpportunityId=1; PersonId=1; Role=Influencer/Champion",
                "CREATED 1",
            ),
        ],
    );
    assert_eq!(
        house.values("Opportunity 1"),
        "Amount=2000; Name=Q1 2014; Probability=80"
    );
}

/// getMObjects (GMO-1, GMO-4): programs by number and name; deleteMObjects (XMO-3).
#[test]
fn gmo_01_programs_by_number_and_name() {
    let house = demo();
    assert_eq!(
        house.ids("Program; Id|LE|1010; Name|NE|programtest"),
        "1006"
    );
    for _ in 0..7 {
        house.call(INSERT, &[object("Opportunity")]).unwrap();
    }
    house.delete(&[
        ("Opportunity 4", "DELETED 4"),
        ("Opportunity 7", "DELETED 7"),
    ]);
}
