//! Directories beside a database in a file.

use super::*;
use crate::addresses::{hash, newest};
use crate::clock::Clock;
use crate::database::connect;
use crate::definitions;
use crate::migrate::migrate;
use crate::numbers::Numbers;
use crate::reader::read;
use crate::txn::Txn;
use jiff::Timestamp;
use leadkeep_core::contract::support::lead_with;
use leadkeep_core::store::{Lead, ReadTxn, ReadWork, Rollback, WriteTxn};
use proptest::prelude::*;
use std::collections::HashMap;
use std::sync::mpsc::channel;

/// A database, the writer's part in it, and who fills directories.
struct House {
    directory: tempfile::TempDir,
    connection: Connection,
    published: Arc<Published>,
    upkeep: Upkeep,
    begun: Receiver<Arc<Directory>>,
}

impl House {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("leadkeep.sqlite");
        let mut connection = connect(&path).unwrap();
        migrate(&mut connection, &path).unwrap();
        let published = Arc::new(Published::default());
        let (to_fill, begun) = channel();
        Self {
            directory,
            connection,
            upkeep: Upkeep::new(published.clone(), to_fill),
            published,
            begun,
        }
    }

    /// Another connection, perhaps of another process.
    fn other(&self) -> Connection {
        connect(&self.directory.path().join("leadkeep.sqlite")).unwrap()
    }

    /// A transaction as the writer runs it.
    fn write<T>(&mut self, rules: impl FnOnce(&mut Txn<'_>) -> T) -> T {
        write(&self.connection, &mut self.upkeep, rules)
    }

    fn insert(&mut self, ids: std::ops::RangeInclusive<i64>) {
        let leads: Vec<Lead> = ids.map(|id| lead_with(id, &address(id))).collect();
        self.write(|txn| insert_leads(txn, &leads));
    }

    /// Which of these numbers are found by their addresses: by who writes, and by who reads.
    fn found(&mut self, ids: impl Iterator<Item = i64>) -> Vec<i64> {
        let emails: Vec<String> = ids.map(address).collect();
        let emails: Vec<&str> = emails.iter().map(String::as_str).collect();
        let found = self.write(|txn| newest(txn, &emails, 1).unwrap());
        assert_eq!(self.read(&emails), found);
        found.concat().into_iter().map(|lead| lead.0).collect()
    }

    /// Looks up addresses as a call does that reads.
    fn read(&self, emails: &[&str]) -> Vec<Vec<LeadId>> {
        let mut found = Vec::new();
        struct Look<'f>(Vec<String>, &'f mut Vec<Vec<LeadId>>);
        impl ReadWork for Look<'_> {
            fn run(
                &mut self,
                txn: &mut dyn ReadTxn,
                _now: Timestamp,
            ) -> std::result::Result<(), Rollback> {
                use leadkeep_core::store::{EmailPick, LeadKey, Pick};
                let keys: Vec<LeadKey> = self
                    .0
                    .iter()
                    .map(|email| LeadKey::Email(email.as_str().into()))
                    .collect();
                *self.1 = txn.lead_ids(&keys, Pick::one(EmailPick::Added))?;
                Ok(())
            }
            fn done(self: Box<Self>, _result: std::result::Result<(), Rollback>) {}
        }
        let emails = emails.iter().map(|email| (*email).to_owned()).collect();
        let mut look = Look(emails, &mut found);
        read(&self.other(), &mut look, &Clock::default(), &self.published).unwrap();
        found
    }

    /// Looks up so many that a directory pays.
    fn look_up_many(&mut self) {
        assert_eq!(self.found(1_000_000..1_000_000 + WORTH as i64), [0_i64; 0]);
    }

    /// Looks up many, so that a directory is begun, and fills it.
    fn make(&mut self) {
        self.look_up_many();
        self.found(0..1);
        let directory = self.begun.try_recv().unwrap();
        fill(&self.other(), &directory).unwrap();
    }

    /// What is known of these numbers without a look-up, by who writes; who reads knows the same.
    fn owners(&mut self, ids: impl Iterator<Item = i64>) -> Vec<Owner> {
        let hashes: Vec<i64> = ids.map(|id| hash(&address(id))).collect();
        let known = self.write(|txn| {
            let directories = txn.1.directories();
            directories.owners(hashes.iter().copied())
        });
        let version = definitions::version(&self.connection).unwrap();
        let numbers = Numbers::of_read(&self.published, version);
        let directories = numbers.directories();
        assert_eq!(directories.owners(hashes.into_iter()), known);
        known
    }

    /// How many of a thousand addresses that nobody has need no look-up.
    fn missed(&mut self) -> usize {
        let owners = self.owners(2_000_000..2_001_000);
        owners
            .into_iter()
            .filter(|owner| *owner == Owner::Nobody)
            .count()
    }
}

fn write<T>(
    connection: &Connection,
    upkeep: &mut Upkeep,
    rules: impl FnOnce(&mut Txn<'_>) -> T,
) -> T {
    execute(connection, "BEGIN IMMEDIATE").unwrap();
    let numbers = Numbers::of_group(upkeep.begin(connection).unwrap());
    let done = rules(&mut Txn(connection, &numbers));
    numbers.write(connection).unwrap();
    upkeep.end(numbers.looked_up());
    execute(connection, "COMMIT").unwrap();
    done
}

fn insert_leads(txn: &mut Txn<'_>, leads: &[Lead]) {
    use leadkeep_core::store::Sequence;
    txn.insert_leads(leads).unwrap();
    let last = leads.iter().map(|lead| lead.id.0).max().unwrap();
    txn.reserve(Sequence::Lead, last).unwrap();
}

fn address(id: i64) -> String {
    format!("{id}@example.com")
}

proptest! {
    /// Whatever is in a directory, it denies nobody and names nobody else, however crowded its parts were.
    #[test]
    fn owners_are_those_that_were_added(
        steps in proptest::collection::vec((0..600_i64, 1..9_i64, 0..3_u8), 0..1_500),
        fill_after in 0..1_500_usize,
    ) {
        let connection = crate::plans::database();
        let directory = Directory::new(0, 0);
        // All in one part, with hashes that differ in their low bits only, or in none.
        let hashed = |number: i64| (number % 300) | (number / 300) << 45;
        let mut owners: HashMap<i64, Vec<i64>> = HashMap::new();
        for (step, (number, lead, _)) in steps.iter().enumerate() {
            if step == fill_after {
                directory.fill_part(&connection, 0).unwrap();
            }
            let hash = hashed(*number);
            directory.table_mut().add(hash, LeadId(*lead));
            let leads = owners.entry(hash).or_default();
            if !leads.contains(lead) {
                leads.push(*lead);
            }
        }
        for number in 0..600 {
            let hash = hashed(number);
            let leads = owners.get(&hash).map_or(&[][..], Vec::as_slice);
            match directory.table().owner(hash) {
                Owner::Nobody => prop_assert!(leads.is_empty()),
                Owner::Perhaps(lead) => prop_assert!(leads.iter().all(|own| *own == lead.0)),
                Owner::Unknown => {}
            }
        }
    }
}

#[test]
fn nearly_all_is_known_however_many_there_are() {
    let mut house = House::new();
    house.make();
    assert_eq!(house.missed(), 1_000);
    for group in 0..35 {
        house.insert(group * 2_000 + 1..=group * 2_000 + 2_000);
    }
    assert!(house.missed() >= 998);
    let owners = house.owners(1..=70_000);
    let known = owners.iter().zip(1..);
    let known = known.filter(|(owner, id)| **owner == Owner::Perhaps(LeadId(*id)));
    let known = known.count();
    assert!(known >= 69_900, "{known} of 70,000");
    assert!(house.begun.try_recv().is_err(), "there was no other one");
}

#[test]
fn a_directory_spares_look_ups_and_hides_nobody() {
    let mut house = House::new();
    house.insert(1..=100);
    assert!(house.begun.try_recv().is_err(), "it does not pay yet");
    house.look_up_many();
    // It is begun with this transaction, and filled by one that does not see it.
    execute(&house.connection, "BEGIN IMMEDIATE").unwrap();
    let directories = house.upkeep.begin(&house.connection).unwrap();
    let directory = house.begun.try_recv().unwrap();
    assert!(!directories.can_tell());
    fill(&house.other(), &directory).unwrap();
    drop(directory);
    let leads: Vec<Lead> = (101..=120).map(|id| lead_with(id, &address(id))).collect();
    let numbers = Numbers::of_group(directories);
    Txn(&house.connection, &numbers)
        .insert_leads(&leads)
        .unwrap();
    execute(&house.connection, "COMMIT").unwrap();
    assert_eq!(house.missed(), 1_000);
    house.insert(121..=130);
    assert_eq!(house.found(1..200), (1..=130).collect::<Vec<_>>());
    // Others take their addresses, and they others.
    let moved = [lead_with(5, &address(500)), lead_with(6, &address(600))];
    house.write(|txn| txn.update_leads(&moved).unwrap());
    house.write(|txn| txn.delete_leads(&[LeadId(7)]).unwrap());
    assert_eq!(house.found(5..9), [8]);
    assert_eq!(house.found([500, 600].into_iter()), [5, 6]);
    let moved = [lead_with(9, &address(7)), lead_with(8, &address(500))];
    house.write(|txn| txn.update_leads(&moved).unwrap());
    assert_eq!(house.found(5..10), [9]);
    assert_eq!(house.found([500].into_iter()), [8], "the newest of two");
    // One that was undone is not there, whatever the directory remembers.
    execute(&house.connection, "BEGIN IMMEDIATE").unwrap();
    let numbers = Numbers::of_call(house.upkeep.begin(&house.connection).unwrap());
    Txn(&house.connection, &numbers)
        .insert_leads(&[lead_with(900, &address(900))])
        .unwrap();
    execute(&house.connection, "ROLLBACK").unwrap();
    assert_eq!(house.found(900..901), [0_i64; 0]);
    // Its number is somebody else's then.
    house.write(|txn| {
        txn.insert_leads(&[lead_with(900, &address(901))]).unwrap();
    });
    assert_eq!(house.found(900..902), [900]);
}

/// COM-7: addresses are found in any case, and where letters have no simple one.
#[test]
fn addresses_are_compared_in_lower_case() {
    let mut house = House::new();
    house.make();
    let leads = [lead_with(1, "ANN@X.com"), lead_with(2, "ÄNN@x.com")];
    house.write(|txn| txn.insert_leads(&leads).unwrap());
    let emails = ["ann@x.com", "änn@x.com", "ann@x.co", "ann@x.comm"];
    let found = [vec![LeadId(1)], vec![LeadId(2)], vec![], vec![]];
    assert_eq!(house.read(&emails), found);
    assert_eq!(house.write(|txn| newest(txn, &emails, 1).unwrap()), found);
}

#[test]
fn what_another_process_has_written_is_found() {
    let mut house = House::new();
    house.insert(1..=9);
    let other = house.other();
    let mut upkeep = Upkeep::new(Arc::default(), channel().0);
    let mut insert = |id: i64| {
        let lead = lead_with(id, &address(id));
        write(&other, &mut upkeep, |txn| insert_leads(txn, &[lead]));
    };
    house.make();
    assert_eq!(house.missed(), 1_000);
    insert(10);
    let email = address(10);
    assert_eq!(
        house.read(&[&email]),
        [[LeadId(10)]],
        "before this process has noticed"
    );
    assert_eq!(house.found(8..12), [8, 9, 10], "the directory is given up");
    assert_eq!(house.missed(), 0);
    // While one is being filled, too.
    house.look_up_many();
    house.found(0..1);
    let directory = house.begun.try_recv().unwrap();
    fill(&house.other(), &directory).unwrap();
    insert(11);
    drop(directory);
    assert_eq!(house.found(8..13), [8, 9, 10, 11]);
    house.make();
    assert_eq!(house.missed(), 1_000, "there is a new one");
    assert_eq!(house.found(8..13), [8, 9, 10, 11]);
}

#[test]
fn a_directory_that_cannot_be_filled_is_begun_again() {
    let mut house = House::new();
    house.insert(1..=9);
    house.look_up_many();
    house.found(0..1);
    drop(house.begun.try_recv().unwrap());
    house.make();
    assert_eq!(house.missed(), 1_000);
    assert!(house.begun.try_recv().is_err(), "one at a time");
}

/// One to which nothing is added any more would hide whoever comes.
#[test]
fn a_directory_that_cannot_be_given_more_room_is_given_up_by_everybody() {
    let mut house = House::new();
    house.make();
    house.insert(1..=9);
    assert_eq!(house.missed(), 1_000);
    let directory = house.upkeep.directories.whole.as_ref().unwrap();
    directory.table_mut().crowded.push(0);
    let rename = |from: &str, to: &str| {
        let sql = format!("ALTER TABLE {from} RENAME TO {to}");
        house.connection.execute_batch(&sql).unwrap();
    };
    rename("address_new", "away");
    execute(&house.connection, "BEGIN IMMEDIATE").unwrap();
    assert!(house.upkeep.begin(&house.connection).is_err());
    execute(&house.connection, "ROLLBACK").unwrap();
    rename("away", "address_new");
    house.insert(10..=12);
    assert_eq!(house.found(1..14), (1..=12).collect::<Vec<_>>());
}

/// Look-ups of who reads count, though only who writes begins a directory.
#[test]
fn reading_is_a_reason_for_a_directory() {
    let mut house = House::new();
    let emails: Vec<String> = (0..WORTH as i64).map(address).collect();
    let emails: Vec<&str> = emails.iter().map(String::as_str).collect();
    house.read(&emails);
    house.insert(1..=1);
    assert!(house.begun.try_recv().is_ok());
}

/// Leads with ids that it has no room for are found nevertheless, and it is given up before they are many.
#[test]
fn a_directory_knows_nothing_of_leads_that_it_cannot_name() {
    let mut house = House::new();
    house.make();
    let far = 1 << 22;
    house.insert(far..=far);
    house.insert(far + 1..=far + 1);
    let owners = house.owners([far, far + 1].into_iter());
    assert_eq!(owners, [Owner::Unknown; 2]);
    assert_eq!(house.found([far, far + 1].into_iter()), [far, far + 1]);
    assert_eq!(house.missed(), 1_000);
    // Until a part is crowded.
    house.write(|_| {});
    let directory = house.upkeep.directories.whole.clone().unwrap();
    directory.table_mut().crowded.push(0);
    drop(directory);
    assert_eq!(house.missed(), 0);
    assert_eq!(house.found([far, far + 1].into_iter()), [far, far + 1]);
}

#[test]
fn nobody_fills_what_nobody_wants() {
    let house = House::new();
    let directory = Arc::new(Directory::new(0, 0));
    fill(&house.connection, &directory).unwrap();
    assert!(!directory.is_whole.load(Ordering::Acquire));
}

/// The rows that were read for their addresses are given to who asks for them next, unless something has changed.
#[test]
fn leads_found_by_their_addresses_are_read_once() {
    let mut house = House::new();
    house.make();
    house.insert(1..=20);
    let connection = house.other();
    let version = definitions::version(&connection).unwrap();
    let numbers = Numbers::of_read(&house.published, version);
    let mut txn = Txn(&connection, &numbers);
    let emails: Vec<String> = (1..=20).map(address).collect();
    let emails: Vec<&str> = emails.iter().map(String::as_str).collect();
    let ids: Vec<LeadId> = newest(&txn, &emails, 1).unwrap().concat();
    let before = crate::plans::steps(&connection);
    let mut leads = txn.leads(&ids).unwrap();
    assert_eq!(crate::plans::steps(&connection), before, "they are there");
    leads.sort_unstable_by_key(|lead| lead.id);
    assert_eq!(leads, txn.leads(&ids).unwrap(), "twice, if need be");
    // Others as well as those, in any order, and those that are not there.
    newest(&txn, &emails[5..9], 1).unwrap();
    let some = [9, 2, 7, 99].map(LeadId);
    let mut found: Vec<i64> = txn
        .leads(&some)
        .unwrap()
        .iter()
        .map(|lead| lead.id.0)
        .collect();
    found.sort_unstable();
    assert_eq!(found, [2, 7, 9]);
    // What has changed meanwhile.
    let changed = house.write(|txn| {
        newest(txn, &emails, 1).unwrap();
        let at = Timestamp::from_second(1_000_000).unwrap();
        txn.touch_leads(&[LeadId(3)], at).unwrap();
        let leads = txn.leads(&[LeadId(3)]).unwrap();
        leads[0].updated_at == at
    });
    assert!(changed);
}

/// Other calls of a group find a lead whose address still waits to be inserted.
#[test]
fn a_lead_is_found_before_its_address_is_inserted() {
    let mut house = House::new();
    for is_known in [false, true] {
        let id = 1 + i64::from(is_known);
        let email = address(id);
        let found = house.write(|txn| {
            txn.insert_leads(&[lead_with(id, &email)]).unwrap();
            assert_eq!(txn.1.directories().can_tell(), is_known);
            newest(txn, &[&email], 1).unwrap()
        });
        assert_eq!(found, [[LeadId(id)]]);
        if !is_known {
            house.make();
        }
    }
}
