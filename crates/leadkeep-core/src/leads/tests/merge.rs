//! mergeLeads.

use super::*;
use crate::attrs::Attrs;
use crate::ids::{ListId, OpportunityId, RoleId};
use crate::store::{Lead, LeadKey, Opportunity, Pick, Role};

/// Keys of one list: `IDNUM 1; EMAIL a@x.com`.
fn list(line: &str) -> KeyList {
    let keys = line.split("; ").filter(|key| !key.is_empty());
    keys.map(|key| {
        let (word, value) = key.split_once(' ').unwrap();
        let key_type = match word {
            "IDNUM" => LeadKeyType::Idnum,
            "EMAIL" => LeadKeyType::Email,
            "SFDCLEADID" => LeadKeyType::SfdcLeadId,
            "COOKIE" => LeadKeyType::Cookie,
            other => panic!("{other}"),
        };
        (key_type, value.to_owned())
    })
    .collect()
}

impl House {
    fn merge(&self, winner: &str, losers: &[&str]) -> Result<String, CallError> {
        let input = MergeLeads {
            winner: list(winner),
            losers: losers.iter().map(|line| list(line)).collect(),
        };
        let merge =
            |txn: &mut dyn crate::store::WriteTxn, now| merge_leads(txn, &self.schema, now, &input);
        let outcome = self.store.write_now(merge)?;
        let winner = outcome.winner.map_or("nil".to_owned(), |id| id.to_string());
        Ok(match outcome.losers {
            Ok(losers) => {
                let losers: Vec<_> = losers.iter().map(LeadId::to_string).collect();
                format!("MERGED {winner} <- {}", losers.join(","))
            }
            Err(error) => format!("FAILED {winner}: {error}"),
        })
    }
}

/// ML-1, ML-4, ML-14, COM-12, DM-MRG-6, ACT-52: the losers are gone, and their ids lead to the winner in writes, for good.
#[test]
fn ml_14_losers_are_gone_and_their_ids_lead_to_the_winner() {
    let house = house();
    for n in 1..=4 {
        house.batch(&[(&format!("email l{n}@x.com"), &format!("CREATED {n}"))]);
    }
    assert_eq!(
        house.merge("IDNUM 1", &["IDNUM 3", "IDNUM 2"]).unwrap(),
        "MERGED 1 <- 3,2"
    );
    assert_eq!(house.ids(LeadKeyType::Idnum, "2"), "LeadNotFound");
    assert_eq!(house.ids(LeadKeyType::Email, "l3@x.com"), "LeadNotFound");
    house.batch(&[("id 2; City=Bonn", "UPDATED 1"), ("id 3", "UPDATED 1")]);
    // Through later merges of the winner too.
    assert_eq!(
        house.merge("IDNUM 4", &["IDNUM 1"]).unwrap(),
        "MERGED 4 <- 1"
    );
    house.batch(&[
        ("id 2", "UPDATED 4"),
        ("id 3", "UPDATED 4"),
        ("id 1; City=Ulm", "UPDATED 4"),
    ]);
    // COM-41: the repetition finds the winner behind the loser's id.
    assert_eq!(
        house.merge("IDNUM 4", &["IDNUM 1"]).unwrap(),
        "FAILED 4: input error: Lead 4 cannot lose against itself"
    );
    house.batch(&[("email new@x.com", "CREATED 5")]);
}

/// ML-6, ML-7, ML-8, ML-9, ML-10, DM-KEY-2, DM-MRG-1: which lead a list names, or why none.
#[test]
fn ml_07_lists_of_keys_name_one_lead_each() {
    let table: [(&str, &[&str], &str); 14] = [
        ("IDNUM 1", &["IDNUM 2; IDNUM 3"], "MERGED 1 <- 2,3"),
        (
            "IDNUM 1",
            &["EMAIL B@x.com", "IDNUM 2", "IDNUM 2"],
            "MERGED 1 <- 2",
        ),
        (
            "IDNUM 1; EMAIL a@x.com",
            &["IDNUM 2; EMAIL b@x.com"],
            "MERGED 1 <- 2",
        ),
        ("IDNUM 1", &["EMAIL twin@x.com; IDNUM 4"], "MERGED 1 <- 4"),
        ("EMAIL twin@x.com; IDNUM 5", &["IDNUM 4"], "MERGED 5 <- 4"),
        (
            "IDNUM 1",
            &["IDNUM 4; IDNUM 5; EMAIL twin@x.com"],
            "MERGED 1 <- 4,5",
        ),
        (
            "IDNUM 1",
            &["IDNUM 2; EMAIL a@x.com"],
            "FAILED 1: lead not found: EMAIL = a@x.com",
        ),
        (
            "IDNUM 1",
            &["IDNUM 2", "IDNUM 16"],
            "FAILED 1: lead not found: IDNUM = 16",
        ),
        (
            "IDNUM 16",
            &["IDNUM 2"],
            "FAILED nil: lead not found: IDNUM = 16",
        ),
        (
            "IDNUM 1",
            &["EMAIL twin@x.com"],
            "FAILED 1: Lead key is ambiguous: EMAIL = twin@x.com",
        ),
        (
            "EMAIL twin@x.com",
            &["IDNUM 2"],
            "FAILED nil: Lead key is ambiguous: EMAIL = twin@x.com",
        ),
        (
            "IDNUM 1; IDNUM 2",
            &["IDNUM 3"],
            "FAILED nil: Lead key is ambiguous: IDNUM = 1",
        ),
        (
            "IDNUM 1",
            &["IDNUM 2", "IDNUM 1"],
            "FAILED 1: input error: Lead 1 cannot lose against itself",
        ),
        ("IDNUM 1", &["", "IDNUM 2"], "MERGED 1 <- 2"),
    ];
    for (winner, losers, expected) in table {
        let house = house();
        house.duplicates(&[
            ("email a@x.com", "CREATED 1"),
            ("email b@x.com", "CREATED 2"),
            ("email c@x.com", "CREATED 3"),
            ("email twin@x.com", "CREATED 4"),
            ("email twin@x.com", "CREATED 5"),
        ]);
        let told = house.history(0).len();
        let outcome = house.merge(winner, losers).unwrap();
        assert_eq!(outcome, expected, "{winner} <- {losers:?}");
        if outcome.starts_with("FAILED") {
            // ML-9: nothing was merged.
            assert_eq!(house.history(0).len(), told, "{outcome}");
            assert_eq!(
                house.store.read_now(|txn, _| txn.counts()).unwrap().leads,
                5
            );
        }
    }
}

/// ML-11: what is missing or no key fails the call.
#[test]
fn ml_11_bad_calls_are_refused() {
    let house = house();
    house.batch(&[("email a@x.com", "CREATED 1")]);
    for (winner, losers, expected) in [
        ("", &["IDNUM 1"][..], "winningLeadKeyList"),
        ("IDNUM 1", &[], "losingLeadKeyLists"),
        ("IDNUM 1", &["", ""], "losingLeadKeyLists"),
        ("IDNUM x", &["IDNUM 1"], "not valid"),
        ("IDNUM 1", &["IDNUM 0"], "not valid"),
    ] {
        let error = house.merge(winner, losers).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
}

/// ML-12, DM-MRG-2, DM-MRG-8, ML-15, ACT-21, ACT-50: what the winner lacks it takes from the first loser that has it.
#[test]
fn ml_12_the_winner_keeps_its_values_and_fills_its_gaps() {
    let house = house();
    house.batch(&[
        (
            "foreign W; City=Bonn; LeadScore=5; Unsubscribed=0; DoNotCall=1",
            "CREATED 1",
        ),
        (
            "email b@x.com; LeadScore=7; Title=Boss; Unsubscribed=1; Company=Beta",
            "CREATED 2",
        ),
        (
            "email c@x.com; City=Ulm; Title=Clerk; FirstName=Cy; Phone=5; DoNotCall=0",
            "CREATED 3",
        ),
    ]);
    house.store.advance(60);
    let told = house.history(0).len();
    assert_eq!(
        house.merge("IDNUM 1", &["IDNUM 2", "IDNUM 3"]).unwrap(),
        "MERGED 1 <- 2,3"
    );
    let lead = house.view(1);
    for (name, value) in [
        ("City", "Bonn"),
        ("LeadScore", "5"),
        ("Title", "Boss"),
        ("FirstName", "Cy"),
        ("Phone", "5"),
        ("Unsubscribed", "1"),
        ("DoNotCall", "1"),
        ("Company", "Beta"),
    ] {
        let found = lead.attributes.iter().find(|own| own.name.as_ref() == name);
        assert_eq!(found.map(|own| own.value.as_str()), Some(value), "{name}");
    }
    assert_eq!(lead.email.as_deref(), Some("b@x.com"));
    let change = |field: &str, old: &str, new: &str, from: i64| {
        format!(
            "1 Change Data Value [{field}] Attribute Name={field}; Old Value={old}; New Value={new}; Reason=Merged with lead {from}"
        )
    };
    assert_eq!(
        house.history(told),
        [
            change("Company Name", "", "Beta", 2),
            change("Email Address", "", "b@x.com", 2),
            change("First Name", "", "Cy", 3),
            change("Phone Number", "", "5", 3),
            change("Job Title", "", "Boss", 2),
            change("Unsubscribed", "0", "1", 2),
            change("Website", "", "x.com", 2),
            "1 Merge Leads [Cy] Merge IDs=[2,3]; Merged in Sales=false; Merge Source=SOAP API; Master Updated=true"
                .to_owned(),
        ]
    );
    assert_eq!(house.row(1).updated_at, house.store.now());
    // Found by what it took.
    assert_eq!(house.ids(LeadKeyType::Email, "B@x.com"), "1");
}

/// ML-15: a merge that changes nothing of the winner is told all the same.
#[test]
fn ml_15_a_merge_is_always_told() {
    let house = house();
    house.batch(&[
        ("email a@x.com; FirstName=Al; LastName=Ott", "CREATED 1"),
        ("email b@x.com; FirstName=Bo", "CREATED 2"),
    ]);
    house.merge("IDNUM 1", &["IDNUM 2"]).unwrap();
    assert_eq!(
        house.history(2),
        [
            "1 Merge Leads [Al Ott] Merge IDs=[2]; Merged in Sales=false; Merge Source=SOAP API; Master Updated=false"
        ]
    );
}

/// DM-MRG-8, DM-CO-3, DM-DEL-3: the winner stays in its company; the loser's own row goes, one with a key stays.
#[test]
fn dm_mrg_08_the_winners_company_stays() {
    let house = demo();
    house.batch(&[
        ("email a@x.com", "CREATED 1"),
        ("email b@x.com; cAccountFSID=K; Company=Kappa", "CREATED 2"),
        ("email c@x.com; Company=Gamma; Industry=Steel", "CREATED 3"),
    ]);
    let before = house.row(1).company;
    let own = house.row(3).company;
    house.merge("IDNUM 1", &["IDNUM 2", "IDNUM 3"]).unwrap();
    assert_eq!(house.row(1).company, before);
    let values: Vec<_> = ["Company", "Industry", "cAccountFSID"]
        .map(|name| {
            let view = house.view(1);
            view.attributes
                .into_iter()
                .find(|own| own.name.as_ref() == name)
                .map(|own| own.value)
        })
        .into();
    assert_eq!(
        values,
        [Some("Kappa".to_owned()), Some("Steel".to_owned()), None]
    );
    let gone = house
        .store
        .read_now(|txn, _| txn.companies(&[own]))
        .unwrap();
    assert!(gone.is_empty());
    house.batch(&[("email d@x.com; cAccountFSID=K", "CREATED 4")]);
    assert_eq!(
        house
            .view(4)
            .attributes
            .iter()
            .filter(|own| own.value == "Kappa")
            .count(),
        1
    );
}

/// ML-13, DM-MRG-3, DM-MRG-4: what else the losers had is the winner's, and nothing is doubled.
#[test]
fn ml_13_roles_lists_and_keys_move() {
    let house = house();
    house.batch(&[
        ("email a@x.com", "CREATED 1"),
        ("email b@x.com; foreign SFDC 00Q1", "CREATED 2"),
        ("email c@x.com; foreign C", "CREATED 3"),
    ]);
    let role = |id, opportunity, lead, name: &str| Role {
        id: RoleId(id),
        opportunity: OpportunityId(opportunity),
        lead: LeadId(lead),
        attrs: [("Role".into(), name.to_owned())].into_iter().collect(),
        created_at: house.store.now(),
        updated_at: house.store.now(),
    };
    let roles = [
        role(1, 1, 1, "Buyer"),
        role(2, 1, 2, "BUYER"),
        role(3, 1, 3, "Judge"),
        role(4, 2, 3, "Buyer"),
        role(5, 2, 2, "buyer"),
    ];
    let deals = [1, 2].map(|id| Opportunity {
        id: OpportunityId(id),
        company: None,
        attrs: Attrs::new(),
        created_at: house.store.now(),
        updated_at: house.store.now(),
    });
    house
        .store
        .write_now(|txn, now| {
            txn.insert_opportunities(&deals)?;
            txn.insert_roles(&roles)?;
            txn.add_list_members(
                &[
                    (ListId(7), LeadId(3)),
                    (ListId(8), LeadId(1)),
                    (ListId(8), LeadId(2)),
                ],
                now,
            )
        })
        .unwrap();
    house.store.advance(60);
    house.merge("IDNUM 1", &["IDNUM 2", "IDNUM 3"]).unwrap();
    let (mut left, members, owners) = house
        .store
        .read_now(|txn, _| {
            let members = [
                (ListId(7), LeadId(1)),
                (ListId(8), LeadId(1)),
                (ListId(8), LeadId(2)),
            ];
            let keys = [
                LeadKey::SfdcPrefix("00Q1".to_owned()),
                LeadKey::ForeignAnySystem("C".to_owned()),
            ];
            Ok::<_, CallError>((
                txn.roles_of_leads(&[LeadId(1), LeadId(2), LeadId(3)])?,
                txn.are_list_members(&members)?,
                txn.lead_ids(&keys, Pick::newest(9))?,
            ))
        })
        .unwrap();
    left.sort_by_key(|role| role.id);
    let left: Vec<_> = left
        .iter()
        .map(|role| (role.id.0, role.lead.0, role.updated_at == house.store.now()))
        .collect();
    assert_eq!(left, [(1, 1, false), (3, 1, true), (5, 1, true)]);
    assert_eq!(members, [true, true, false]);
    assert_eq!(owners, [vec![LeadId(1)], vec![LeadId(1)]]);
}

/// DM-LEAD-2, ACT-15: an anonymous loser changes nothing of who the winner is; a known one makes it known.
#[test]
fn dm_lead_02_who_swallows_a_known_lead_is_known() {
    let house = house();
    house.batch(&[
        ("foreign A", "CREATED 1"),
        ("foreign B", "CREATED 2"),
        ("foreign C", "CREATED 3"),
    ]);
    let rows = [1, 3].map(|id| Lead {
        anonymous: true,
        ..house.row(id)
    });
    house
        .store
        .write_now(|txn, _| txn.update_leads(&rows))
        .unwrap();
    house.merge("IDNUM 1", &["IDNUM 3"]).unwrap();
    assert!(house.row(1).anonymous);
    house.merge("IDNUM 1", &["IDNUM 2"]).unwrap();
    assert!(!house.row(1).anonymous);
}
