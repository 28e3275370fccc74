//! Random batches (COM-38, COM-40, COM-41).

use super::*;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// A record over few keys and values, so that they meet.
fn any_record() -> impl Strategy<Value = LeadInput> {
    let id = prop_oneof![3 => Just(None), 1 => prop_oneof![0i64..4, Just(99)].prop_map(Some)];
    let email = prop_oneof![1 => Just(None), 3 => "[abAB]@[xy]".prop_map(Some)];
    let system = prop_oneof![
        Just(None),
        Just(Some(ForeignSystem::Custom)),
        Just(Some(ForeignSystem::Sfdc))
    ];
    let foreign = prop_oneof![
        2 => Just(None),
        1 => (system, "[FG]").prop_map(|(system, value)| Some(ForeignKey { system, value })),
    ];
    let attribute = prop_oneof![
        ("City|FirstName|Company|Account", "[ab ]?"),
        ("LeadScore", "[01x]?"),
        ("Email", "[ab]@[xy]"),
        ("Id", "[0-3]"),
    ];
    (id, email, foreign, prop::collection::vec(attribute, 0..4)).prop_map(
        |(id, email, foreign_id, attributes)| LeadInput {
            id,
            email,
            foreign_id,
            attributes,
            loose: LooseKeys::default(),
        },
    )
}

fn call(records: &[LeadInput], dedup: bool) -> SyncMultipleLeads {
    SyncMultipleLeads {
        records: records.to_vec(),
        dedup,
        max_records: 1_000,
    }
}

/// The switches of an instance, as a provisioning file.
fn any_switches() -> impl Strategy<Value = String> {
    (any::<bool>(), any::<bool>(), any::<bool>()).prop_map(|(updated, adopt, company)| {
        let pick = if updated { "updated" } else { "added" };
        format!(
            "[rules]\nduplicate_email = \"{pick}\"\nadopt_foreign_ids = {adopt}\n\
             [[field]]\nobject = \"Lead\"\nname = \"Account\"\ntype = \"string\"\ncompany_key = {company}\n"
        )
    })
}

/// Everything about leads that callers can see, and which of them share a company.
fn seen(house: &House) -> Vec<String> {
    let mut companies = BTreeMap::new();
    let mut lines = Vec::new();
    for id in 1..200 {
        if house.ids(LeadKeyType::Idnum, &id.to_string()) == "LeadNotFound" {
            continue;
        }
        let row = house.row(id);
        let company = companies.entry(row.company).or_insert(id);
        lines.push(format!(
            "{} company of {company} {}",
            house.lead(id),
            row.updated_at
        ));
    }
    lines.push(format!("{} companies", house.counts().1));
    lines.extend(house.history(0));
    lines
}

/// Each foreign id leads to one lead.
fn check_foreign_ids(house: &House) {
    for system in [
        ForeignSystem::Custom,
        ForeignSystem::Sfdc,
        ForeignSystem::Netsuite,
    ] {
        for value in ["F", "G"] {
            let key = crate::store::LeadKey::Foreign(crate::store::ForeignId {
                system,
                value: value.to_owned(),
            });
            let owners = house
                .store
                .read_now(|txn, _| txn.count_leads(&key))
                .unwrap();
            assert!(owners <= 1, "DM-FSID-1");
        }
    }
}

/// Whether a second sync of the record means the lead that the first one meant, because its keys are what it stores.
fn is_repeatable(record: &LeadInput) -> bool {
    record.id.is_none_or(|id| id == 0)
        && record
            .attributes
            .iter()
            .all(|(name, _)| name != "Email" && name != "Id")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// SML-41, COM-38: a batch is the same as its records in calls of their own.
    #[test]
    fn com_38_a_batch_is_the_same_as_single_calls(
        (switches, before, records, dedup) in (any_switches(), prop::collection::vec(any_record(), 0..5), prop::collection::vec(any_record(), 1..12), any::<bool>())
    ) {
        let together = house_with(&switches);
        let apart = House { store: MemoryStore::new(), schema: together.schema.clone() };
        for house in [&together, &apart] {
            // Ids that records name exist from the start: nobody knows an id before the answer that gives it.
            house.batch(&[("email a@x", "CREATED 1"), ("foreign F", "CREATED 2"), ("email b@y", "CREATED 3")]);
            for record in &before {
                house.call_with(&call(std::slice::from_ref(record), dedup)).unwrap();
                house.store.advance(1);
            }
        }
        let outcomes = together.call_with(&call(&records, dedup)).unwrap();
        prop_assert_eq!(outcomes.len(), records.len(), "SML-13");
        for (record, outcome) in records.iter().zip(outcomes) {
            let alone = apart.call_with(&call(std::slice::from_ref(record), dedup)).unwrap();
            prop_assert_eq!(&alone, &[outcome]);
        }
        prop_assert_eq!(seen(&together), seen(&apart));
        check_foreign_ids(&together);
    }

    /// SML-55, COM-41: with de-duplication and keys that stay, nothing happens the second time.
    #[test]
    fn com_41_a_repeated_batch_adds_nothing(
        (switches, records) in (any_switches(), prop::collection::vec(any_record().prop_filter("keys stay", is_repeatable), 1..12))
    ) {
        let house = house_with(&switches);
        let input = call(&records, true);
        let first = house.call_with(&input).unwrap();
        let leads = house.counts().0;
        let second = house.call_with(&input).unwrap();
        prop_assert_eq!(house.counts().0, leads);
        for (first, second) in first.iter().zip(&second) {
            prop_assert_eq!(first.starts_with("FAILED"), second.starts_with("FAILED"));
            prop_assert!(!second.starts_with("CREATED"), "{}", second);
        }
        check_foreign_ids(&house);
    }

    /// Whatever comes, a call ends, with one outcome a record or one refusal.
    #[test]
    fn any_text_is_taken_or_refused(
        (id, email, foreign, name, value) in (any::<Option<i64>>(), any::<Option<String>>(), any::<Option<String>>(), "City|Email|Id|.{0,9}", any::<String>())
    ) {
        let house = house();
        let input = LeadInput {
            id,
            email,
            foreign_id: foreign.map(|value| ForeignKey { system: None, value }),
            attributes: vec![(name, value)],
            loose: LooseKeys::default(),
        };
        if let Ok(outcomes) = house.call_with(&call(std::slice::from_ref(&input), true)) {
            prop_assert_eq!(outcomes.len(), 1);
        }
    }
}
