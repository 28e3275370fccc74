//! Addresses in all levels, as look-ups find them.

use super::*;
use crate::addresses::directory::Directories;
use crate::numbers::Numbers;
use crate::plans::database;
use crate::txn::Txn;
use leadkeep_core::contract::support::lead_with;
use leadkeep_core::store::WriteTxn;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// How many hashes are in each level.
fn held(connection: &Connection) -> [usize; LEVELS.len()] {
    LEVELS.map(|table| {
        let sql = format!("SELECT count(*) FROM {table}");
        usize::try_from(value::<i64>(connection, &sql, []).unwrap()).unwrap()
    })
}

proptest! {
    /// Wherever the hashes stand, the leads of an address are those that have it.
    #[test]
    fn all_levels_together_have_every_address_once(
        steps in proptest::collection::vec((0..3_u8, 1..60_i64, 0..20_u8), 0..40),
    ) {
        let connection = database();
        let mut levels = Levels::new([(0, 2), (3, 2), (9, 2)]);
        let mut leads: BTreeMap<i64, String> = BTreeMap::new();
        for (kind, id, name) in steps {
            // Every second one goes to the first level.
            let numbers = match name % 2 {
                0 => Numbers::of_group(Directories::default()),
                _ => Numbers::default(),
            };
            let mut txn = Txn(&connection, &numbers);
            let email = format!("Ann{name}@example.com");
            match (kind, leads.contains_key(&id)) {
                (0, true) => {
                    txn.delete_leads(&[LeadId(id)]).unwrap();
                    leads.remove(&id);
                }
                (_, true) => {
                    txn.update_leads(&[lead_with(id, &email)]).unwrap();
                    leads.insert(id, email);
                }
                (_, false) => {
                    txn.insert_leads(&[lead_with(id, &email)]).unwrap();
                    leads.insert(id, email);
                }
            }
            numbers.write(&connection).unwrap();
            levels.settle(&connection, numbers.addresses()).unwrap();
            prop_assert_eq!(held(&connection).iter().sum::<usize>(), leads.len());
        }
        let asked: Vec<String> = (0..20).map(|name| format!("ann{name}@example.com")).collect();
        let asked: Vec<&str> = asked.iter().map(String::as_str).collect();
        let numbers = Numbers::default();
        let txn = Txn(&connection, &numbers);
        let found = newest(&txn, &asked, usize::MAX).unwrap();
        let ones = newest(&txn, &asked, 1).unwrap();
        let two = newest(&txn, &asked[..2], 2).unwrap();
        for (email, found) in asked.iter().zip(found) {
            let own = leads.iter().rev().filter(|(_, own)| own.to_lowercase() == *email);
            let own: Vec<LeadId> = own.map(|(id, _)| LeadId(*id)).collect();
            prop_assert_eq!(&found, &own, "{}", email);
            let at = asked.iter().position(|asked| asked == email).unwrap();
            prop_assert_eq!(&ones[at][..], &own[..own.len().min(1)]);
            if at < 2 {
                prop_assert_eq!(&two[at][..], &own[..own.len().min(2)]);
            }
        }
    }
}

#[test]
fn levels_hold_what_they_are_to_hold() {
    let connection = database();
    let mut levels = Levels::new([(0, 20), (100, 20), (1_000, 20)]);
    for group in 0..100 {
        let numbers = Numbers::of_group(Directories::default());
        let lead = |n: i64| lead_with(group * 30 + n, &format!("{group}.{n}@example.com"));
        let leads: Vec<Lead> = (1..=20).map(lead).collect();
        let mut txn = Txn(&connection, &numbers);
        txn.insert_leads(&leads).unwrap();
        for n in 21..=30 {
            txn.insert_leads(&[lead(n)]).unwrap();
        }
        numbers.write(&connection).unwrap();
        levels.settle(&connection, numbers.addresses()).unwrap();
        let [latest, new, recent, _] = held(&connection);
        // Every second group fills it.
        assert_eq!(
            latest,
            [10, 0][usize::from(group % 2 == 1)],
            "after group {group}"
        );
        // The stretch at the end of the hashes may be a short one.
        assert!(new <= 100 + 2 * 50, "{new} after group {group}");
        assert!(recent <= 1_000 + 2 * 150, "{recent} after group {group}");
        if group == 50 {
            levels.forget();
        }
    }
    let [latest, new, recent, rest] = held(&connection);
    assert_eq!(latest + new + recent + rest, 3_000);
    assert!(
        new >= 50 && recent >= 500 && rest >= 1_000,
        "{new} {recent} {rest}"
    );
}

#[test]
fn a_hash_decides_nothing() {
    let connection = database();
    let numbers = Numbers::default();
    let mut txn = Txn(&connection, &numbers);
    txn.insert_leads(&[lead_with(1, "a@x.com"), lead_with(2, "b@x.com")])
        .unwrap();
    // As if both addresses had one hash, and one of them a hash twice.
    let twice = "INSERT INTO address VALUES (?1, 2), (?1, 1)";
    connection.execute(twice, [hash("a@x.com")]).unwrap();
    let txn = Txn(&connection, &numbers);
    let asked = ["a@x.com", "b@x.com", "a@x.com"];
    let leads = [1, 2, 1].map(|lead| vec![LeadId(lead)]);
    for most in [1, 9] {
        assert_eq!(newest(&txn, &asked, most).unwrap(), leads);
    }
    // The same where many are looked up at once.
    let many: Vec<String> = (0..9).map(|n| format!("{n}@x.com")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).chain(asked).collect();
    let found = newest(&txn, &many, 1).unwrap();
    assert_eq!(found[9..], leads);
    assert!(found[..9].iter().all(Vec::is_empty));
}

/// Somebody can make as many leads of one address as they like.
#[test]
fn an_address_of_many_leads_is_found_as_quickly_as_others() {
    let connection = database();
    let numbers = Numbers::default();
    let mut txn = Txn(&connection, &numbers);
    let leads: Vec<Lead> = (1..=5_000).map(|id| lead_with(id, "a@x.com")).collect();
    txn.insert_leads(&leads).unwrap();
    txn.insert_leads(&[lead_with(5_001, "b@x.com")]).unwrap();
    let steps = |emails: &[&str], most| {
        let before = crate::plans::steps(&connection);
        assert_eq!(
            newest(&Txn(&connection, &numbers), emails, most)
                .unwrap()
                .len(),
            emails.len()
        );
        crate::plans::steps(&connection) - before
    };
    let others: Vec<String> = (0..9).map(|n| format!("{n}@y.com")).collect();
    let mut many: Vec<&str> = others.iter().map(String::as_str).collect();
    many.push("b@x.com");
    let few = (
        steps(&["b@x.com"], 1),
        steps(&["b@x.com"], 3),
        steps(&many, 1),
    );
    many.pop();
    many.extend(["a@x.com"; 1_000]);
    let held = (
        steps(&["a@x.com"], 1),
        steps(&["a@x.com"], 3),
        steps(&many, 1),
    );
    assert!(
        held.0 < few.0 * 4 && held.1 < few.1 * 4 && held.2 < few.2 * 2,
        "{few:?} {held:?}"
    );
}
