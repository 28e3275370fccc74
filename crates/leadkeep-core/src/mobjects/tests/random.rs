//! Random calls (COM-38, COM-41, SMO-72).

use super::*;
use proptest::prelude::*;

fn any_id() -> impl Strategy<Value = Option<i64>> {
    prop_oneof![4 => Just(None), 1 => (1i64..4).prop_map(Some)]
}

fn any_link() -> impl Strategy<Value = Association> {
    let key = prop_oneof![
        ("opportunityId", "[ABC]"),
        ("FSPID", "P[12]"),
        ("cAccountFSID", "[CD]"),
        ("Id", "[129]"),
    ];
    (
        "Lead|Opportunity|Company",
        prop_oneof![1 => Just(None), 1 => (1i64..4).prop_map(Some)],
        prop::option::weighted(0.8, key),
    )
        .prop_map(|(object, id, key)| Association {
            object,
            id,
            external_key: key.map(|(name, value)| ExternalKey {
                name: name.to_owned(),
                value,
            }),
        })
}

/// An object over few keys and values, so that they meet.
fn any_object() -> impl Strategy<Value = MObjectInput> {
    let attribute = prop_oneof![
        ("Name|Stage|opportunityId", "[AB]?"),
        ("Amount", "[12x]?"),
        ("Role", "[abA]?"),
        ("IsPrimary", "[01]"),
        ("OpportunityId|PersonId", "[1239]"),
    ];
    let typed = prop_oneof![
        (Just("Tag"), Just("Regions"), "North|EMEA|Mars").prop_map(|(kind, name, value)| (
            kind,
            vec![
                ("Type".to_owned(), name.to_owned()),
                ("Value".to_owned(), value)
            ]
        )),
        (Just("Cost"), "[012]", "2013-0[1-3]").prop_map(|(kind, amount, month)| (
            kind,
            vec![("Month".to_owned(), month), ("Amount".to_owned(), amount)]
        )),
    ];
    let plain = (
        prop_oneof![2 => Just("Opportunity"), 3 => Just("OpportunityPersonRole")],
        any_id(),
        prop::option::of("[ABC]"),
        prop::collection::vec(attribute, 0..4),
        prop::collection::vec(any_link(), 0..3),
    )
        .prop_map(|(object, id, key, attributes, associations)| MObjectInput {
            object: object.to_owned(),
            id,
            external_key: key
                .filter(|_| object == "Opportunity")
                .map(|value| ExternalKey {
                    name: "opportunityId".to_owned(),
                    value,
                }),
            attributes,
            typed: Vec::new(),
            associations,
        });
    let program = prop::collection::vec(typed, 0..3).prop_map(|typed| MObjectInput {
        object: "Program".to_owned(),
        id: Some(1970),
        typed: typed
            .into_iter()
            .map(|(kind, attributes)| TypedAttributes {
                kind: kind.to_owned(),
                attributes,
            })
            .collect(),
        ..MObjectInput::default()
    });
    prop_oneof![6 => plain, 1 => program]
}

/// Ids that objects name exist from the start: nobody knows an id before the answer that gives it.
fn set() -> House {
    let house = demo();
    house.lead("a@x.com; FSPID=P1; cAccountFSID=C");
    house.lead("b@x.com; FSPID=P2; cAccountFSID=D");
    house.lead("c@x.com; FSPID=P2; cAccountFSID=D");
    house
        .store
        .write_now(|txn, _| txn.absorb_leads(LeadId(1), &[LeadId(3)]))
        .unwrap();
    house.sync(
        INSERT,
        &[
            ("Opportunity; opportunityId=A", "CREATED 1"),
            (
                "Opportunity; opportunityId=A; Name=x; -> Company cAccountFSID=C",
                "CREATED 2",
            ),
            ("Opportunity", "CREATED 3"),
            (
                "OpportunityPersonRole; PersonId=1; -> Opportunity opportunityId=A",
                "CREATED 1",
            ),
            (
                "OpportunityPersonRole; PersonId=2; Role=a; -> Opportunity opportunityId=A",
                "CREATED 2",
            ),
            (
                "OpportunityPersonRole; PersonId=2; Role=b; -> Opportunity opportunityId=A",
                "CREATED 3",
            ),
        ],
    );
    house
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// SMO-72, COM-38: a call is the same as its objects in calls of their own. Histories differ by ACT-61.
    #[test]
    fn com_38_a_call_is_the_same_as_single_calls(
        (operation, objects) in (prop::sample::select(vec![INSERT, UPDATE, UPSERT]), prop::collection::vec(any_object(), 1..12))
    ) {
        let (together, apart) = (set(), set());
        let outcomes = together.call(operation, &objects).unwrap();
        prop_assert_eq!(outcomes.len(), objects.len());
        for (object, outcome) in objects.iter().zip(&outcomes) {
            let alone = apart.call(operation, std::slice::from_ref(object)).unwrap();
            prop_assert_eq!(&alone, std::slice::from_ref(outcome));
        }
        prop_assert_eq!(together.picture(), apart.picture());
        if outcomes.iter().all(|outcome| outcome.status != MObjectStatus::Created) {
            prop_assert_eq!(together.history(), apart.history());
        }
        let roles = together.found("OpportunityPersonRole");
        let mut triples: Vec<String> = roles
            .iter()
            .map(|role| {
                let value = |wanted: &str| role.attributes.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.to_lowercase());
                format!("{:?} {:?} {:?}", value("OpportunityId"), value("PersonId"), value("Role"))
            })
            .collect();
        triples.sort();
        triples.dedup();
        prop_assert_eq!(triples.len(), roles.len(), "DM-OPP-7");
    }

    /// The same for deletes.
    #[test]
    fn com_38_a_delete_is_the_same_as_single_calls(objects in prop::collection::vec(any_object(), 1..8)) {
        let (together, apart) = (set(), set());
        let delete = |house: &House, objects: &[MObjectInput]| {
            house.store.write_now(|txn, now| delete_mobjects(txn, &house.schema, now, objects)).unwrap()
        };
        let outcomes = delete(&together, &objects);
        for (object, outcome) in objects.iter().zip(&outcomes) {
            prop_assert_eq!(&delete(&apart, std::slice::from_ref(object)), std::slice::from_ref(outcome));
        }
        prop_assert_eq!(together.picture(), apart.picture());
        prop_assert_eq!(together.history(), apart.history());
    }

    /// Whatever comes, a call ends, with one outcome an object.
    #[test]
    fn any_text_is_taken_or_refused(
        (kind, id, name, value) in ("Opportunity|OpportunityPersonRole|Program|.{0,9}", any::<Option<i64>>(), "Name|Role|Amount|Month|Id|.{0,9}", any::<String>())
    ) {
        let house = demo();
        let key = ExternalKey { name: name.clone(), value: value.clone() };
        let input = MObjectInput {
            object: kind.clone(),
            id,
            external_key: Some(key.clone()),
            attributes: vec![(name.clone(), value.clone())],
            typed: vec![TypedAttributes { kind: "Cost".to_owned(), attributes: vec![(name.clone(), value.clone())] }],
            associations: vec![Association { object: "Company".to_owned(), id: None, external_key: Some(key.clone()) }],
        };
        let plain = MObjectInput { typed: Vec::new(), ..input.clone() };
        for operation in [INSERT, UPDATE, UPSERT] {
            let outcomes = house.call(operation, &[input.clone(), plain.clone()]).unwrap();
            prop_assert_eq!(outcomes.len(), 2);
        }
        let query = MObjectQuery {
            object: kind,
            id,
            external_key: None,
            criteria: vec![Criterion { name, comparison: None, value }],
            associations: Vec::new(),
            include_details: None,
        };
        let _ = house.get(&query, None);
    }
}
