//! deleteMObjects (XMO-1 to XMO-10, DM-OPP-10).

use super::*;

/// Two leads, two opportunities, three roles.
fn set() -> House {
    let house = house();
    house.lead("a@x.com; FSPID=P1; cAccountFSID=C");
    house.lead("b@x.com; FSPID=P2");
    house.sync(
        INSERT,
        &[
            ("Opportunity; key opportunityId=A; Name=First; -> Company cAccountFSID=C", "CREATED 1"),
            ("Opportunity; key opportunityId=B; Name=Second", "CREATED 2"),
            ("OpportunityPersonRole; -> Opportunity opportunityId=A; PersonId=1; Role=x; IsPrimary=1", "CREATED 1"),
            ("OpportunityPersonRole; -> Opportunity opportunityId=A; PersonId=2", "CREATED 2"),
            ("OpportunityPersonRole; -> Opportunity opportunityId=B; PersonId=2", "CREATED 3"),
        ],
    );
    house
}

/// XMO-1, XMO-3, XMO-4, XMO-9: deleted once, then and else unchanged, with the id.
#[test]
fn xmo_04_what_is_not_there_is_unchanged() {
    set().delete(&[
        ("Opportunity 1", "DELETED 1"),
        ("Opportunity 1", "UNCHANGED 1"),
        ("Opportunity 77", "UNCHANGED 77"),
        ("OpportunityPersonRole 3", "DELETED 3"),
        ("OpportunityPersonRole 3", "UNCHANGED 3"),
        ("OpportunityPersonRole 77", "UNCHANGED 77"),
        // It has gone with its opportunity.
        ("OpportunityPersonRole 1", "UNCHANGED 1"),
    ]);
}

/// XMO-2, XMO-5: programs stay, and what is no MObject too.
#[test]
fn xmo_05_programs_cannot_be_deleted() {
    let house = demo();
    house.delete(&[
        (
            "Program 1970",
            "FAILED 1970 input error: Program cannot be deleted",
        ),
        (
            "LeadRecord 1",
            "FAILED 1 input error: Object name is not valid",
        ),
        ("", "FAILED - input error: Object name is not valid"),
    ]);
    assert_eq!(house.ids("Program 1970"), "1970");
}

/// XMO-6: without id by key or by what the role joins; without anything it fails.
#[test]
fn xmo_06_objects_are_found_by_their_keys() {
    let required = "FAILED - parameter required: Parameter id is required";
    let house = set();
    house.delete(&[
        ("Opportunity", required),
        ("Opportunity; Name=First", required),
        (
            "Opportunity; key nofield=x",
            "FAILED - input error: externalKey nofield: …",
        ),
        ("Opportunity; key opportunityId=Z", "UNCHANGED -"),
        ("OpportunityPersonRole", required),
        ("OpportunityPersonRole; Role=x", required),
        ("OpportunityPersonRole; OpportunityId=1", required),
        (
            "OpportunityPersonRole; OpportunityId=1; PersonId=1",
            "UNCHANGED -",
        ),
        (
            "OpportunityPersonRole; OpportunityId=1; PersonId=1; Role=X",
            "DELETED 1",
        ),
        (
            "OpportunityPersonRole; -> Opportunity opportunityId=B; -> Lead FSPID=P2",
            "DELETED 3",
        ),
        ("Opportunity; key opportunityId=A", "DELETED 1"),
        ("Opportunity; key opportunityId=A", "UNCHANGED -"),
    ]);
    assert_eq!(house.ids("Opportunity"), "2");
}

/// XMO-4, DM-OPP-10, COM-41: a role whose opportunity or lead is gone is gone too, so that a call can be repeated; what
/// cannot be read still fails.
#[test]
fn xmo_04_a_role_goes_with_what_it_joins() {
    let house = set();
    let by_key = "OpportunityPersonRole; -> Opportunity opportunityId=A; -> Lead FSPID=P2";
    let by_id = "OpportunityPersonRole; OpportunityId=1; PersonId=1; Role=x";
    house.delete(&[
        (by_key, "DELETED 2"),
        ("Opportunity; key opportunityId=A", "DELETED 1"),
        (by_key, "UNCHANGED -"),
        (by_id, "UNCHANGED -"),
    ]);
    house.delete(&[
        (by_key, "UNCHANGED -"),
        ("Opportunity; key opportunityId=A", "UNCHANGED -"),
        (by_id, "UNCHANGED -"),
        (
            "OpportunityPersonRole; -> Opportunity 2; -> Lead 77",
            "UNCHANGED -",
        ),
        (
            "OpportunityPersonRole; OpportunityId=2; PersonId=77",
            "UNCHANGED -",
        ),
        (
            "OpportunityPersonRole; -> Opportunity 77",
            "FAILED - parameter required: Parameter id is required",
        ),
        (
            "OpportunityPersonRole; -> Opportunity nofield=A; -> Lead 1",
            "FAILED - input error: externalKey nofield: …",
        ),
        (
            "OpportunityPersonRole; -> Opportunity 77; -> Company 1",
            "FAILED - input error: OpportunityPersonRole has no association Company",
        ),
        (
            "OpportunityPersonRole; OpportunityId=77; PersonId=x",
            "FAILED - input error: PersonId: …",
        ),
    ]);
    assert_eq!(house.ids("OpportunityPersonRole"), "3");
}

/// XMO-7, XMO-10, DM-OPP-10: roles go with their opportunity, and each lead is told.
#[test]
fn xmo_07_roles_go_with_their_opportunity() {
    let house = set();
    let before = house.history().len();
    let at = house.store.advance(60);
    house.delete(&[("Opportunity 1", "DELETED 1")]);
    assert_eq!(
        (house.ids("Opportunity"), house.ids("OpportunityPersonRole")),
        ("2".into(), "3".into())
    );
    assert_eq!(
        house.history()[before..],
        [
            "1 Remove from Opportunity [First] Oppty ID=1; Is Primary=true; Role=x",
            "2 Remove from Opportunity [First] Oppty ID=1; Is Primary=false; Role=",
        ]
    );
    assert_eq!(house.lead_row(1).updated_at, at);
    house.delete(&[("Opportunity 2", "DELETED 2")]);
}

/// XMO-10: a role alone.
#[test]
fn xmo_10_a_deleted_role_is_told() {
    let house = set();
    let before = house.history().len();
    house.delete(&[
        ("OpportunityPersonRole 3", "DELETED 3"),
        ("OpportunityPersonRole 3", "UNCHANGED 3"),
    ]);
    assert_eq!(
        house.history()[before..],
        ["2 Remove from Opportunity [Second] Oppty ID=2; Is Primary=false; Role="]
    );
    assert_eq!(house.ids("Opportunity"), "1 2");
}
