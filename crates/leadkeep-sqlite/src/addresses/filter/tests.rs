//! Filters beside a database in a file.

use super::*;
use crate::addresses::{hash, newest};
use crate::database::connect;
use crate::migrate::migrate;
use crate::numbers::Numbers;
use crate::txn::Txn;
use leadkeep_core::contract::support::lead_with;
use leadkeep_core::ids::LeadId;
use leadkeep_core::store::{Lead, WriteTxn};
use proptest::prelude::*;
use std::sync::mpsc::channel;

proptest! {
    #[test]
    fn whatever_was_added_may_be_there(hashes in proptest::collection::vec(any::<i64>(), 0..500)) {
        let filter = Filter::new(0);
        for hash in &hashes {
            filter.add(*hash);
        }
        prop_assert!(hashes.iter().all(|hash| filter.may_hold(*hash)));
    }
}

#[test]
fn few_that_were_not_added_look_as_if_they_were() {
    let filter = Filter::new(0);
    let address = |number: usize| hash(&format!("{number}@example.com"));
    let wrong = |from: usize| {
        let others = (from..from + 20_000).map(address);
        others.filter(|hash| filter.may_hold(*hash)).count()
    };
    (0..LEAST).map(address).for_each(|hash| filter.add(hash));
    assert!(
        wrong(10_000_000) < 400,
        "2 % when it is as full as at the beginning"
    );
    (LEAST..2 * LEAST)
        .map(address)
        .for_each(|hash| filter.add(hash));
    assert!(wrong(10_000_000) < 2_000, "10 % when its room is used up");
}

struct House {
    directory: tempfile::TempDir,
    connection: Connection,
    upkeep: Upkeep,
    begun: Receiver<Arc<Filter>>,
}

impl House {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("leadkeep.sqlite");
        let mut connection = connect(&path).unwrap();
        migrate(&mut connection, &path).unwrap();
        let (to_fill, begun) = channel();
        Self {
            directory,
            connection,
            upkeep: Upkeep::new(to_fill),
            begun,
        }
    }

    /// Another process.
    fn other(&self) -> Connection {
        connect(&self.directory.path().join("leadkeep.sqlite")).unwrap()
    }

    /// A transaction as the writer runs it.
    fn write<T>(&mut self, rules: impl FnOnce(&mut Txn<'_>) -> T) -> T {
        execute(&self.connection, "BEGIN IMMEDIATE").unwrap();
        let filters = self.upkeep.begin(&self.connection).unwrap();
        let numbers = Numbers::of_group(filters);
        let done = rules(&mut Txn(&self.connection, &numbers));
        numbers.write(&self.connection).unwrap();
        self.upkeep.end(numbers.looked_up(), numbers.addresses());
        execute(&self.connection, "COMMIT").unwrap();
        done
    }

    fn insert(&mut self, ids: std::ops::RangeInclusive<i64>) {
        let leads: Vec<Lead> = ids.map(|id| lead_with(id, &address(id))).collect();
        self.write(|txn| txn.insert_leads(&leads).unwrap());
    }

    /// Which of these numbers are found by their addresses.
    fn found(&mut self, ids: impl Iterator<Item = i64>) -> Vec<i64> {
        let emails: Vec<String> = ids.map(address).collect();
        let emails: Vec<&str> = emails.iter().map(String::as_str).collect();
        let found = self.write(|txn| newest(txn, &emails, 1).unwrap());
        found.concat().into_iter().map(|lead| lead.0).collect()
    }

    /// Looks up so many that a filter pays.
    fn look_up_many(&mut self) {
        assert_eq!(self.found(1_000_000..1_000_000 + WORTH as i64), [0_i64; 0]);
    }

    /// Looks up many, so that a filter is begun with the next transaction, and fills it.
    fn make(&mut self) {
        self.look_up_many();
        self.found(0..1);
        let filter = self.begun.try_recv().unwrap();
        fill(&self.other(), &filter).unwrap();
    }

    /// How many of a thousand addresses that nobody has need no look-up.
    fn missed(&mut self) -> usize {
        self.write(|txn| {
            let filters = txn.1.filters();
            let others = (2_000_000..2_001_000).map(|id| hash(&address(id)));
            others.filter(|hash| filters.misses(*hash)).count()
        })
    }
}

fn address(id: i64) -> String {
    format!("{id}@example.com")
}

#[test]
fn a_filter_spares_look_ups_and_hides_nobody() {
    let mut house = House::new();
    house.insert(1..=100);
    assert!(house.begun.try_recv().is_err(), "it does not pay yet");
    house.look_up_many();
    // It is begun with this transaction, and filled by one that does not see it.
    execute(&house.connection, "BEGIN IMMEDIATE").unwrap();
    let filters = house.upkeep.begin(&house.connection).unwrap();
    let filter = house.begun.try_recv().unwrap();
    assert!(!filters.can_tell());
    fill(&house.other(), &filter).unwrap();
    drop(filter);
    let leads: Vec<Lead> = (101..=120).map(|id| lead_with(id, &address(id))).collect();
    let numbers = Numbers::of_group(filters);
    Txn(&house.connection, &numbers)
        .insert_leads(&leads)
        .unwrap();
    execute(&house.connection, "COMMIT").unwrap();
    assert!(house.missed() > 980);
    house.insert(121..=130);
    assert_eq!(house.found(1..200), (1..=130).collect::<Vec<_>>());
    // Others take their addresses, and they others.
    let moved = [lead_with(5, &address(500)), lead_with(6, &address(600))];
    house.write(|txn| txn.update_leads(&moved).unwrap());
    house.write(|txn| txn.delete_leads(&[LeadId(7)]).unwrap());
    assert_eq!(house.found(5..9), [8]);
    assert_eq!(house.found([500, 600].into_iter()), [5, 6]);
    // One that was undone is not there, whatever the filter remembers.
    execute(&house.connection, "BEGIN IMMEDIATE").unwrap();
    let numbers = Numbers::of_call(house.upkeep.begin(&house.connection).unwrap());
    Txn(&house.connection, &numbers)
        .insert_leads(&[lead_with(900, &address(900))])
        .unwrap();
    execute(&house.connection, "ROLLBACK").unwrap();
    assert_eq!(house.found(900..901), [0_i64; 0]);
}

#[test]
fn what_another_process_has_written_is_found() {
    let mut house = House::new();
    house.insert(1..=9);
    let other = house.other();
    let insert = |id: i64| {
        execute(&other, "BEGIN IMMEDIATE").unwrap();
        let numbers = Numbers::default();
        let lead = lead_with(id, &address(id));
        Txn(&other, &numbers).insert_leads(&[lead]).unwrap();
        numbers.write(&other).unwrap();
        execute(&other, "COMMIT").unwrap();
    };
    house.make();
    assert!(house.missed() > 980);
    insert(10);
    assert_eq!(house.found(8..12), [8, 9, 10], "the filter is given up");
    assert_eq!(house.missed(), 0);
    // While one is being filled, too.
    house.look_up_many();
    house.found(0..1);
    let filter = house.begun.try_recv().unwrap();
    fill(&house.other(), &filter).unwrap();
    insert(11);
    drop(filter);
    assert_eq!(house.found(8..13), [8, 9, 10, 11]);
    house.make();
    assert!(house.missed() > 980, "there is a new one");
    assert_eq!(house.found(8..13), [8, 9, 10, 11]);
}

#[test]
fn filters_that_cannot_be_filled_are_begun_again() {
    let mut house = House::new();
    house.insert(1..=9);
    house.look_up_many();
    house.found(0..1);
    drop(house.begun.try_recv().unwrap());
    house.make();
    assert!(house.missed() > 980);
    // And one that is too full, while the old one still serves.
    house.upkeep.added = LEAST + 1;
    house.insert(10..=10);
    let filter = house.begun.try_recv().unwrap();
    assert!(house.missed() > 980);
    assert!(house.begun.try_recv().is_err(), "one at a time");
    fill(&house.other(), &filter).unwrap();
    drop(filter);
    assert_eq!(house.found(1..20), (1..=10).collect::<Vec<_>>());
    assert_eq!(house.upkeep.added, 1, "it was counted anew");
}

#[test]
fn nobody_fills_what_nobody_wants() {
    let mut house = House::new();
    let leads: Vec<Lead> = (1..=10_000).map(|id| lead_with(id, &address(id))).collect();
    house.write(|txn| txn.insert_leads(&leads).unwrap());
    let filter = Arc::new(Filter::new(0));
    fill(&house.connection, &filter).unwrap();
    assert!(!filter.is_whole.load(Ordering::Acquire));
}
