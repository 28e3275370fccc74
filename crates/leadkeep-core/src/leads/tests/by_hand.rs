//! What people do to leads by hand, and how they find them.

use super::*;
use crate::store::WriteTxn;

impl House {
    fn edit(&self, lead: i64, edits: &[(&str, &str, &str)]) -> Result<Vec<String>, CallError> {
        let edits: Vec<ValueEdit> = edits
            .iter()
            .map(|(field, before, after)| ValueEdit {
                field: (*field).to_owned(),
                before: (*before).to_owned(),
                after: (*after).to_owned(),
            })
            .collect();
        let edit =
            |txn: &mut dyn WriteTxn, now| edit_lead(txn, &self.schema, now, LeadId(lead), &edits);
        self.store.write_now(edit)
    }

    /// The ids that a search finds, in its order.
    fn search(&self, field: &str, text: &str) -> String {
        let found = self
            .store
            .read_now(|txn, _| search(txn, &self.schema, field, text, 9));
        match found {
            Ok(Search::Leads(leads)) => numbers(&leads),
            Ok(Search::NeedsIndex) => "NeedsIndex".to_owned(),
            Err(error) => named(&error),
        }
    }
}

/// ACT-71: the reason is the user; what is the same in both is left alone, a value of its own type is kept canonically.
#[test]
fn act_71_an_edit_changes_what_differs_and_says_so() {
    let house = house();
    house.batch(&[(
        "email a@x.com; City=Bonn; LeadScore=5; Company=Acme",
        "CREATED 1",
    )]);
    let changed = house.edit(
        1,
        &[
            ("City", "Bonn", "Ulm"),
            ("Phone", "old", "old"),
            ("LeadScore", "5", "007"),
            ("Company", "Acme", ""),
            ("Email", "a@x.com", "b@x.com"),
        ],
    );
    assert_eq!(changed.unwrap(), ["City", "LeadScore", "Company", "Email"]);
    let change = |field: &str, old: &str, new: &str| {
        format!(
            "1 Change Data Value [{field}] Attribute Name={field}; Old Value={old}; New Value={new}; Reason=User changed value"
        )
    };
    assert_eq!(
        house.history(1),
        [
            change("City", "Bonn", "Ulm"),
            change("Company Name", "Acme", ""),
            change("Email Address", "a@x.com", "b@x.com"),
            change("Lead Score", "5", "7"),
        ]
    );
    assert_eq!(house.ids(LeadKeyType::Email, "b@x.com"), "1");
    let before = house.picture();
    assert!(
        house
            .edit(1, &[("City", "Ulm", "Ulm ")])
            .unwrap()
            .is_empty()
    );
    assert_eq!(house.picture(), before);
}

/// Nobody's change is lost, and one bad value stops them all.
#[test]
fn edits_that_cannot_be_made_change_nothing() {
    let house = house();
    house.batch(&[("email a@x.com; City=Bonn; LeadScore=5", "CREATED 1")]);
    let before = house.picture();
    let refused = |edits: &[(&str, &str, &str)]| house.edit(1, edits).unwrap_err().to_string();
    assert_eq!(
        refused(&[("Phone", "", "1"), ("City", "Köln", "Ulm")]),
        "City: it was \"Köln\" and is \"Bonn\" now: somebody else has changed it"
    );
    assert!(refused(&[("Phone", "", "1"), ("LeadScore", "5", "five")]).starts_with("LeadScore: "));
    assert_eq!(refused(&[("Hat", "", "x")]), "unknown fields: Hat");
    assert!(matches!(
        house.edit(2, &[("City", "", "x")]),
        Err(CallError::LeadNotFound { .. })
    ));
    assert_eq!(house.picture(), before);
}

/// ACT-50, ACT-80: the histories of what is done on the screen.
#[test]
fn act_80_merges_and_deletions_by_hand_have_their_own_sources() {
    let house = house();
    for n in 1..=3 {
        house.batch(&[(&format!("email l{n}@x.com"), &format!("CREATED {n}"))]);
    }
    let merge = |winner, loser| {
        house.store.write_now(|txn, now| {
            merge_lead(txn, &house.schema, now, LeadId(winner), LeadId(loser))
        })
    };
    let outcome = merge(1, 2).unwrap();
    assert_eq!(outcome.losers, Ok(vec![LeadId(2)]));
    assert!(merge(1, 1).unwrap().losers.is_err());
    assert!(merge(1, 9).unwrap().losers.is_err());
    let delete = |lead| {
        house
            .store
            .write_now(|txn, now| delete_lead(txn, &house.schema, now, LeadId(lead)))
    };
    assert!(delete(3).unwrap());
    assert!(!delete(3).unwrap());
    assert_eq!(house.ids(LeadKeyType::Idnum, "3"), "LeadNotFound");
    let told = house.history(0);
    assert!(
        told.iter().any(|line| line.contains("Merge Source=leaddb")),
        "{told:?}"
    );
    assert!(
        told.iter()
            .any(|line| line == "3 Delete Lead [-] Campaign="),
        "{told:?}"
    );
}

/// Texts are found in the usual ways of writing them, other values by what is kept.
#[test]
fn searches_find_the_beginning_of_a_value() {
    let house = house();
    house.batch(&[
        (
            "email a@x.com; LastName=Meier; Company=Müller AG",
            "CREATED 1",
        ),
        ("email b@x.com; LastName=MEIER; DoNotCall=yes", "CREATED 2"),
        ("email c@x.com; LastName=meier; LeadScore=12", "CREATED 3"),
        ("email d@x.com; LastName=Éclair", "CREATED 4"),
    ]);
    assert_eq!(house.search("LastName", "mei"), "3 1 2");
    assert_eq!(house.search("lastname", " Meier "), "1 2 3");
    assert_eq!(house.search("LastName", "écl"), "4");
    assert_eq!(house.search("Company", "mü"), "1");
    assert_eq!(house.search("DoNotCall", "true"), "2");
    assert_eq!(house.search("LeadScore", "12"), "3");
    assert_eq!(house.search("LastName", "Meierx"), "");
    assert_eq!(house.search("Hat", "x"), "UnknownLeadFields");
    let newest = house
        .store
        .read_now(|txn, _| newest(txn, &house.schema, Some(LeadId(4)), 2));
    assert_eq!(numbers(&newest.unwrap()), "3 2");
}
