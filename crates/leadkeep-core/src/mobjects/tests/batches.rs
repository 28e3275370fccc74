//! Objects of one call (SMO-1 to SMO-4, SMO-11, SMO-12, SMO-15, SMO-34, SMO-39 to SMO-42, SMO-72, SMO-76).

use super::*;

/// SMO-1, SMO-40, SMO-41, XMO-8: none, and more than 100, are refused; nothing is stored.
#[test]
fn smo_40_a_call_has_one_to_a_hundred_objects() {
    let house = house();
    let many = |count| vec![object("Opportunity; Name=x"); count];
    let delete = |objects: &[MObjectInput]| {
        house
            .store
            .write_now(|txn, now| delete_mobjects(txn, &house.schema, now, objects))
    };
    for (count, expected) in [
        (0, "parameter mObjectList is required"),
        (
            101,
            "mObjectList: at most 100 objects are allowed, 101 came",
        ),
    ] {
        let objects = many(count);
        assert_eq!(
            house.call(UPSERT, &objects).unwrap_err().to_string(),
            expected
        );
        assert_eq!(delete(&objects).unwrap_err().to_string(), expected);
    }
    assert_eq!(house.ids("Opportunity"), "");
    assert_eq!(house.call(UPSERT, &many(100)).unwrap().len(), 100);
    assert_eq!(delete(&many(100)).unwrap().len(), 100);
}

/// SMO-3, SMO-11, SMO-12, SMO-15, COM-36, COM-37: types mix, one outcome an object, in order, whatever fails.
#[test]
fn smo_12_outcomes_stand_in_the_order_of_the_objects() {
    let house = demo();
    house.lead("a@x.com");
    house.sync(INSERT, &[("Opportunity; key opportunityId=A", "CREATED 1")]);
    house.sync(
        UPDATE,
        &[
            (
                "Program 1970; [Tag] Type=Regions, Value=North",
                "UPDATED 1970",
            ),
            (
                "Opportunity; key opportunityId=A; Nome=x",
                "FAILED 1 input error: unknown fields: Nome",
            ),
            ("Opportunity; key opportunityId=A; Name=x", "UPDATED 1"),
            (
                "OpportunityPersonRole; OpportunityId=1; PersonId=1",
                "SKIPPED -",
            ),
            ("Opportunity; key opportunityId=A; Name=x", "UNCHANGED 1"),
        ],
    );
}

/// SMO-42, DM-GEN-5: the words of types.
#[test]
fn smo_42_only_three_types_are_synchronised() {
    let house = house();
    house.lead("a@x.com");
    let bad = "FAILED - input error: Object name is not valid";
    house.syncs(
        UPSERT,
        &[
            ("LeadRecord", bad),
            ("ActivityRecord", bad),
            ("RoadShow", bad),
            ("", bad),
            (
                "LeadRecord 5",
                "FAILED 5 input error: Object name is not valid",
            ),
            ("OPPORTUNITY", "CREATED 1"),
            (
                "opportunityleadrole; OpportunityId=1; PersonId=1",
                "CREATED 1",
            ),
            (
                "OpportunityLeadRole; OpportunityId=1; PersonId=1; Role=x",
                "CREATED 2",
            ),
        ],
    );
}

/// SMO-34, DM-EXT-5: a role joins an opportunity of the same call by its external key.
#[test]
fn smo_34_a_role_joins_by_external_key() {
    let house = house();
    house.lead("a@x.com; FSPID=P");
    house.sync(
        UPSERT,
        &[
            ("Opportunity; key opportunityId=A; Name=x", "CREATED 1"),
            ("OpportunityPersonRole; Role=Buyer; -> Lead FSPID=P; -> Opportunity opportunityId=A", "CREATED 1"),
            ("OpportunityPersonRole; Role=User; -> Lead 1; -> Opportunity opportunityId=A", "CREATED 2"),
            // Its number is not known before the answer.
            ("OpportunityPersonRole; OpportunityId=1; PersonId=1", "FAILED - input error: Opportunity 1 not found"),
        ],
    );
    let roles: Vec<_> = house
        .found("OpportunityPersonRole")
        .iter()
        .map(told)
        .collect();
    assert_eq!(
        roles,
        [
            "1 OpportunityId=1; PersonId=1; Role=Buyer -> Lead 1 -> Opportunity 1",
            "2 OpportunityId=1; PersonId=1; Role=User -> Lead 1 -> Opportunity 1"
        ]
    );
}

/// SMO-39, COM-39: the number of the answer is good in the next call.
#[test]
fn smo_39_the_number_is_usable_at_once() {
    let house = house();
    house.lead("a@x.com");
    let outcomes = house
        .call(INSERT, &[object("Opportunity; Name=x")])
        .unwrap();
    let line = format!(
        "OpportunityPersonRole; PersonId=1; OpportunityId={}",
        outcomes[0].id.unwrap()
    );
    house.sync(INSERT, &[(&line, "CREATED 1")]);
}

/// SMO-72, COM-38: later objects see what earlier ones did.
#[test]
fn smo_72_later_objects_see_earlier_ones() {
    let house = house();
    house.lead("a@x.com");
    house.sync(
        UPSERT,
        &[
            (
                "OpportunityPersonRole; PersonId=1; -> Opportunity opportunityId=A",
                "FAILED - input error: Opportunity with opportunityId = A not found",
            ),
            ("Opportunity; key opportunityId=A; Name=x", "CREATED 1"),
            ("Opportunity; key opportunityId=A; Name=y", "UPDATED 1"),
            ("Opportunity; key opportunityId=A; Name=y", "UNCHANGED 1"),
            (
                "OpportunityPersonRole; PersonId=1; -> Opportunity opportunityId=A",
                "CREATED 1",
            ),
            (
                "OpportunityPersonRole; PersonId=1; -> Opportunity opportunityId=A",
                "UNCHANGED 1",
            ),
            (
                "OpportunityPersonRole; PersonId=1; IsPrimary=1; -> Opportunity opportunityId=A",
                "UPDATED 1",
            ),
            (
                "Opportunity; key opportunityId=A; opportunityId=B",
                "UPDATED 1",
            ),
            ("Opportunity; key opportunityId=A; Name=z", "CREATED 2"),
            ("Opportunity; key opportunityId=B; Name=w", "UPDATED 1"),
        ],
    );
    assert_eq!(house.values("Opportunity 1"), "Name=w; opportunityId=B");
    house.sync(
        INSERT,
        &[
            ("Opportunity; key opportunityId=C", "CREATED 3"),
            ("Opportunity; key opportunityId=C", "SKIPPED 3"),
        ],
    );
    // A role may come first if its opportunity was there before.
    house.sync(
        UPSERT,
        &[
            (
                "OpportunityPersonRole; PersonId=1; -> Opportunity opportunityId=C",
                "CREATED 2",
            ),
            ("Opportunity; key opportunityId=C; Name=c", "UPDATED 3"),
        ],
    );
}

/// SMO-76, COM-40, COM-41: the same key from two callers makes one object; a repeated call changes nothing.
#[test]
fn smo_76_the_same_new_key_twice_makes_one_object() {
    let house = Arc::new(house());
    let threads: Vec<_> = (0..4)
        .map(|_| {
            let house = house.clone();
            std::thread::spawn(move || {
                let outcomes = house.call(UPSERT, &[object("Opportunity; key opportunityId=A")]);
                outcome(&outcomes.unwrap()[0])
            })
        })
        .collect();
    let mut given: Vec<_> = threads
        .into_iter()
        .map(|thread| thread.join().unwrap())
        .collect();
    given.sort();
    assert_eq!(
        given,
        ["CREATED 1", "UNCHANGED 1", "UNCHANGED 1", "UNCHANGED 1"]
    );
}
