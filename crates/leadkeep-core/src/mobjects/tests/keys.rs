//! External keys (SMO-9, SMO-10, SMO-13, SMO-35, SMO-49 to SMO-51, DM-EXT-1 to DM-EXT-6).

use super::*;

/// SMO-9, SMO-49, SMO-35, DM-EXT-3: a key identifies and is stored, also if no attribute repeats it.
#[test]
fn smo_49_the_key_is_stored_with_the_object() {
    let house = house();
    house.syncs(
        UPSERT,
        &[
            ("Opportunity; key opportunityId=A; Name=x", "CREATED 1"),
            (
                "Opportunity; key opportunityId=A; opportunityId=A; Name=y",
                "UPDATED 1",
            ),
            // The id identifies; the key's value is stored.
            ("Opportunity 1; key opportunityId=B", "UPDATED 1"),
            ("Opportunity; key opportunityId=B; Name=z", "UPDATED 1"),
            // An attribute of that name is stored instead.
            (
                "Opportunity; key opportunityId=B; opportunityId=C",
                "UPDATED 1",
            ),
            ("Opportunity; key opportunityId=B; Name=other", "CREATED 2"),
            (
                "Opportunity; key opportunityId=D; opportunityId=E",
                "CREATED 3",
            ),
        ],
    );
    assert_eq!(house.values("Opportunity 1"), "Name=z; opportunityId=C");
    assert_eq!(house.values("Opportunity 3"), "opportunityId=E");
}

/// SMO-13, SMO-74, DM-EXT-4: the key is echoed as it was sent, in every status.
#[test]
fn smo_13_the_key_is_echoed() {
    let house = house();
    let lines = [
        "Opportunity; key OPPORTUNITYID= A ",
        "Opportunity; key opportunityId=A; Nome=x",
        "Opportunity 77; key opportunityId=B",
        "Opportunity",
        "Opportunity; key  = ",
    ];
    let inputs: Vec<_> = lines.iter().map(|line| object(line)).collect();
    let outcomes = house.call(UPSERT, &inputs).unwrap();
    let echoes: Vec<_> = outcomes
        .iter()
        .map(|given| given.external_key.clone())
        .collect();
    assert_eq!(
        echoes,
        [
            Some(key("OPPORTUNITYID= A ")),
            Some(key("opportunityId=A")),
            Some(key("opportunityId=B")),
            None,
            None
        ]
    );
}

/// SMO-10, DM-EXT-2: keys are not unique; the most recently added object is meant.
#[test]
fn smo_10_of_several_objects_the_newest_is_meant() {
    let house = house();
    house.syncs(
        INSERT,
        &[
            ("Opportunity; opportunityId=A", "CREATED 1"),
            ("Opportunity; opportunityId=A", "CREATED 2"),
        ],
    );
    house.store.advance(60);
    house.syncs(
        UPSERT,
        &[
            ("Opportunity 1; Name=changed later", "UPDATED 1"),
            ("Opportunity; key opportunityId=A; Name=x", "UPDATED 2"),
        ],
    );
}

/// Each object of a call may take the newest of many away.
#[test]
fn smo_10_each_object_of_a_call_finds_the_next_one() {
    let house = house();
    for _ in 0..30 {
        house
            .call(INSERT, &[object("Opportunity; opportunityId=A")])
            .unwrap();
    }
    let lines = vec![("Opportunity; key opportunityId=A", "DELETED…"); 30];
    house.delete(&lines);
    assert_eq!(house.ids("Opportunity"), "");
}

/// SMO-50, DM-EXT-1, DM-EXT-6: names that are no field, empty values, and objects without keys.
#[test]
fn smo_50_unusable_keys_fail() {
    let house = house();
    house.syncs(
        UPSERT,
        &[
            (
                "Opportunity; key nofield=A",
                "FAILED - input error: externalKey nofield: …",
            ),
            (
                "Opportunity; key opportunityId= ",
                "FAILED - input error: externalKey opportunityId: …",
            ),
            (
                "Opportunity; key =A",
                "FAILED - input error: externalKey : …",
            ),
            (
                "Opportunity; key number=x",
                "FAILED - input error: externalKey number: …",
            ),
            (
                "OpportunityPersonRole; key Role=x",
                "FAILED - input error: OpportunityPersonRole has no externalKey",
            ),
            // An empty element is absent.
            ("Opportunity; key  = ", "CREATED 1"),
        ],
    );
    house.sync(
        UPDATE,
        &[(
            "Program 1; key Name=x",
            "FAILED 1 input error: Program has no externalKey",
        )],
    );
}

/// SMO-28: the handle of a role is its id alone.
#[test]
fn smo_28_roles_are_found_by_id() {
    let house = house();
    house.lead("a@x.com");
    house.syncs(
        UPSERT,
        &[
            ("Opportunity; key opportunityId=A", "CREATED 1"),
            (
                "OpportunityPersonRole; PersonId=1; OpportunityId=1",
                "CREATED 1",
            ),
        ],
    );
    house.sync(UPDATE, &[("OpportunityPersonRole 1; Role=x", "UPDATED 1")]);
    assert_eq!(
        house.ids("OpportunityPersonRole; key Role=x"),
        "externalKey: OpportunityPersonRole has no externalKey"
    );
}

/// SMO-51, COM-26: values compare exactly after trimming, names by the rules of names; string and integer fields only.
#[test]
fn smo_51_values_of_keys_compare_exactly() {
    let house = house();
    house.syncs(
        UPSERT,
        &[
            (
                "Opportunity; key opportunityId= A ; opportunityId= A ",
                "CREATED 1",
            ),
            ("Opportunity; key OpportunityID=A", "UNCHANGED 1"),
            ("Opportunity; key opportunityId=a", "CREATED 2"),
            ("Opportunity; key number=7", "CREATED 3"),
            ("Opportunity; key number=007", "UNCHANGED 3"),
            ("Opportunity; key Name=Deal", "CREATED 4"),
            ("Opportunity; key Name=Deal; Stage=x", "UPDATED 4"),
            (
                "Opportunity; key Amount=5",
                "FAILED - input error: externalKey Amount: …",
            ),
            (
                "Opportunity; key IsWon=1",
                "FAILED - input error: externalKey IsWon: …",
            ),
            (
                "Opportunity; key CloseDate=2013-01-01",
                "FAILED - input error: externalKey CloseDate: …",
            ),
        ],
    );
}

/// SMO-51, COM-40: blanks around a value make no other key, wherever they stood; so a repeated call stays repeatable.
#[test]
fn smo_51_blanks_around_stored_values_do_not_count() {
    let house = house();
    house.lead("a@x.com");
    house.syncs(
        UPSERT,
        &[
            ("Opportunity; Name= B ; Description= a text ", "CREATED 1"),
            ("Opportunity; key Name=B", "UNCHANGED 1"),
            ("Opportunity; key Name=\tB ; Stage= Won ", "UPDATED 1"),
            (
                "OpportunityPersonRole; PersonId=1; -> Opportunity Name= B; Role= Buyer ",
                "CREATED 1",
            ),
            (
                "OpportunityPersonRole; PersonId=1; OpportunityId=1; Role=buyer",
                "UPDATED 1",
            ),
        ],
    );
    assert_eq!(
        house.values("Opportunity; key Name= B "),
        "Description=a text; Name=B; Stage=Won"
    );
}

/// SMO-44, SMO-51: Id is an integer field too; as a key it is the number, and never stored.
#[test]
fn smo_51_a_key_called_id_is_the_id() {
    let house = house();
    house.lead("a@x.com");
    house.syncs(
        UPSERT,
        &[
            ("Opportunity; Name=x", "CREATED 1"),
            ("Opportunity; key Id=1; Name=y", "UPDATED 1"),
            (
                "Opportunity; key Id=77; Name=y",
                "FAILED - input error: Opportunity 77 not found",
            ),
            (
                "OpportunityPersonRole; PersonId=1; -> Opportunity Id=1",
                "CREATED 1",
            ),
        ],
    );
    assert_eq!(house.values("Opportunity; key Id=1"), "Name=y");
    assert_eq!(house.ids("Opportunity; key Id=77"), "");
    house.delete(&[("Opportunity; key id=1", "DELETED 1")]);
}

/// SMO-74: one that fails is still told by its number, if it is known.
#[test]
fn smo_74_failed_objects_have_the_number_of_their_match() {
    let house = house();
    house.lead("a@x.com");
    house.sync(
        UPSERT,
        &[
            ("Opportunity; key opportunityId=A", "CREATED 1"),
            (
                "Opportunity; key opportunityId=A; Amount=x",
                "FAILED 1 input error: Amount: …",
            ),
            (
                "Opportunity; key opportunityId=B; Amount=x",
                "FAILED - input error: Amount: …",
            ),
            ("Opportunity 77; Amount=x", "FAILED 77 input error: …"),
            (
                "OpportunityPersonRole; PersonId=1; OpportunityId=77",
                "FAILED - input error: …",
            ),
            (
                "OpportunityPersonRole; PersonId=1; -> Opportunity opportunityId=A",
                "CREATED 1",
            ),
            (
                "OpportunityPersonRole; PersonId=1; -> Opportunity opportunityId=A; [Tag] Type=x",
                "FAILED 1 input error: typeAttribList is for programs only",
            ),
        ],
    );
}
