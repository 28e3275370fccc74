//! What a database can do to a group of calls.

use super::*;
use crate::addresses::directory::Owner;
use crate::checkpoint::Committed;
use crate::database::configure;
use crate::durable::sync_loop;
use crate::migrate::migrate;
use leadkeep_core::attrs::Attrs;
use leadkeep_core::contract::support::{company, lead_with};
use leadkeep_core::ids::{CompanyId, LeadId, PartitionId};
use leadkeep_core::store::{
    ActivityFilter, ActivityType, EmailPick, Lead, LeadKey, LeadScope, NewActivity, Pick, ReadTxn,
    ReadWork, WriteTxn,
};
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel, sync_channel};

type Answers = Sender<(i64, Result<(), Rollback>)>;

/// Inserts leads with long addresses; changes its mind when it is done if it is number 7, and panics when it hears of its
/// result if it is number 13.
struct Insert {
    first: i64,
    count: i64,
    answers: Answers,
}

impl WriteWork for Insert {
    fn run(&mut self, txn: &mut dyn WriteTxn, now: Timestamp) -> Result<(), Rollback> {
        let lead = |id| Lead {
            id: LeadId(id),
            email: Some(format!("{id}@{}", "x".repeat(1_000))),
            foreign_id: None,
            attrs: Attrs::new(),
            company: CompanyId(1),
            partition: PartitionId(1),
            anonymous: false,
            created_at: now,
            updated_at: now,
        };
        let leads: Vec<_> = (self.first..self.first + self.count).map(lead).collect();
        txn.insert_leads(&leads)?;
        match self.first {
            7 => Err(Rollback::Refused),
            _ => Ok(()),
        }
    }

    fn done(self: Box<Self>, result: Result<(), Rollback>) {
        self.answers.send((self.first, result)).unwrap();
        assert_ne!(self.first, 13, "on purpose");
    }
}

fn database() -> (tempfile::TempDir, Connection) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("leadkeep.sqlite");
    let mut connection = Connection::open(&path).unwrap();
    configure(&connection).unwrap();
    migrate(&mut connection, &path).unwrap();
    (directory, connection)
}

/// Runs calls that wait already, and syncs the log by `sync`.
fn run_works(
    connection: &Connection,
    works: Vec<Box<dyn WriteWork>>,
    durable: &Durable,
    sync: impl FnMut() -> std::io::Result<()> + Send,
) {
    let (events, queue) = channel();
    let signs = Signs {
        queued: AtomicUsize::new(works.len()),
        ..Signs::default()
    };
    for work in works {
        events.send(Event::Call(work)).unwrap();
    }
    events.send(Event::Close).unwrap();
    let (groups, due) = sync_channel(1);
    std::thread::scope(|scope| {
        let (committed, _commits) = Committed::channel();
        scope.spawn(move || sync_loop(sync, &due, durable, &events, &committed));
        let upkeep = Upkeep::new(Arc::default(), channel().0);
        Writer::new(
            connection,
            &queue,
            &Clock::default(),
            durable,
            &groups,
            upkeep,
            &signs,
        )
        .run();
        drop(groups);
    });
}

/// As [`run_works`], with calls that insert leads: the first id of each, and how many they are. Gives what they hear.
fn run_with(
    connection: &Connection,
    calls: &[(i64, i64)],
    durable: &Durable,
    sync: impl FnMut() -> std::io::Result<()> + Send,
) -> Vec<(i64, Result<(), Rollback>)> {
    let (answers, heard) = channel();
    let work = |&(first, count): &(i64, i64)| -> Box<dyn WriteWork> {
        let answers = answers.clone();
        Box::new(Insert {
            first,
            count,
            answers,
        })
    };
    let works = calls.iter().map(work).collect();
    drop(answers);
    run_works(connection, works, durable, sync);
    heard.iter().collect()
}

fn run(connection: &Connection, calls: &[(i64, i64)]) -> Vec<(i64, Result<(), Rollback>)> {
    run_with(connection, calls, &Durable::default(), || Ok(()))
}

fn stored(connection: &Connection) -> i64 {
    connection
        .query_row("SELECT count(*) FROM lead", [], |row| row.get(0))
        .unwrap()
}

#[test]
fn com_39_a_commit_that_fails_fails_every_call_of_the_group() {
    let (_directory, connection) = database();
    // A deferred key is checked by nothing but the commit.
    connection
        .execute_batch(
            "PRAGMA foreign_keys = ON;
             CREATE TABLE parent (id INTEGER PRIMARY KEY);
             CREATE TABLE child (id INTEGER REFERENCES parent DEFERRABLE INITIALLY DEFERRED);
             CREATE TRIGGER orphan AFTER INSERT ON lead WHEN new.id = 2 BEGIN INSERT INTO child VALUES (1); END;",
        )
        .unwrap();
    let heard = run(&connection, &[(1, 1), (2, 1), (3, 1)]);
    assert_eq!(heard.len(), 3);
    for (_, result) in heard {
        let failed = matches!(&result, Err(Rollback::Store(StoreError::Failed(why))) if why.contains("FOREIGN KEY"));
        assert!(failed, "{result:?}");
    }
    assert_eq!(stored(&connection), 0);
    assert!(run(&connection, &[(4, 1)])[0].1.is_ok(), "and it goes on");
    assert_eq!(stored(&connection), 1);
}

#[test]
fn a_full_disk_is_said_and_loses_nothing() {
    let (_directory, connection) = database();
    assert!(run(&connection, &[(1, 10)])[0].1.is_ok());
    let pages: i64 = connection
        .pragma_query_value(None, "page_count", |row| row.get(0))
        .unwrap();
    connection
        .pragma_update(None, "max_page_count", pages + 20)
        .unwrap();
    let heard = run(&connection, &[(101, 1), (201, 1_000), (301, 1)]);
    assert_eq!(heard.len(), 3, "every call hears of its end: {heard:?}");
    let full = |result: &Result<(), Rollback>| matches!(result, Err(Rollback::Store(StoreError::Unavailable(why))) if why.contains("full"));
    assert!(full(&heard[1].1), "{heard:?}");
    let kept = heard.iter().filter(|(_, result)| result.is_ok()).count();
    assert_eq!(stored(&connection), 10 + i64::try_from(kept).unwrap());
    connection
        .pragma_update(None, "max_page_count", 1_000_000)
        .unwrap();
    assert!(
        run(&connection, &[(1_001, 1_000)])[0].1.is_ok(),
        "with room it goes on"
    );
}

#[test]
fn the_thread_outlives_an_owner_that_panics() {
    let (_directory, connection) = database();
    let heard = run(&connection, &[(13, 1), (14, 1)]);
    assert_eq!(heard.len(), 2);
    assert_eq!(stored(&connection), 2);
}

#[test]
fn groups_end_and_nobody_is_forgotten() {
    let (_directory, connection) = database();
    let calls: Vec<_> = (0..200).map(|call| (1 + call * 10, call % 3)).collect();
    let heard = run(&connection, &calls);
    assert!(heard.iter().all(|(_, result)| result.is_ok()));
    let firsts: Vec<_> = heard.iter().map(|(first, _)| (*first - 1) / 10).collect();
    assert_eq!(firsts, (0..200).collect::<Vec<_>>(), "in order");
    assert_eq!(
        stored(&connection),
        calls.iter().map(|(_, count)| count).sum::<i64>()
    );
}

/// A call that takes so long, says how many commits had begun when it ran, and lets go of something.
struct Slow {
    lasts: Duration,
    durable: Arc<Durable>,
    ran: Sender<u64>,
    held: Option<Sender<()>>,
}

impl WriteWork for Slow {
    fn run(&mut self, _: &mut dyn WriteTxn, _: Timestamp) -> Result<(), Rollback> {
        self.ran.send(self.durable.begun()).unwrap();
        std::thread::sleep(self.lasts);
        self.held = None;
        Ok(())
    }

    fn done(self: Box<Self>, result: Result<(), Rollback>) {
        assert!(result.is_ok());
    }
}

/// Runs so many calls that wait, each of which lasts so long; the last one holds something. Gives for each how many commits had
/// begun before it.
fn run_slow(
    calls: usize,
    lasts: Duration,
    held: Option<Sender<()>>,
    sync: impl FnMut() -> std::io::Result<()> + Send,
) -> Vec<u64> {
    let (_directory, connection) = database();
    let durable = Arc::new(Durable::default());
    let (ran, heard) = channel();
    let mut works: Vec<_> = (0..calls)
        .map(|_| Slow {
            lasts,
            durable: durable.clone(),
            ran: ran.clone(),
            held: None,
        })
        .collect();
    works.last_mut().unwrap().held = held;
    drop(ran);
    let works = works.into_iter().map(|work| Box::new(work) as _);
    run_works(&connection, works.collect(), &durable, sync);
    heard.iter().collect()
}

#[test]
fn a_group_that_has_had_enough_is_answered_before_the_next_one_runs() {
    let begun = run_slow(4, ENOUGH, None, || Ok(()));
    assert!(begun[1] > 0, "the second call is in the first group");
}

#[test]
fn half_of_the_calls_are_answered_before_the_others_run() {
    // All of them together take less than a group may.
    let begun = run_slow(3, WORTH, None, || Ok(()));
    assert!(begun[2] > 0, "all are in one group");
}

#[test]
fn a_group_takes_calls_while_the_one_before_it_is_synced() {
    let (sender, last) = channel();
    // The disk is done when the last call has run; or later, for on a busy machine that call may have to wait for the disk.
    let sync = move || {
        let _ = last.recv_timeout(Duration::from_secs(1));
        Ok(())
    };
    let begun = run_slow(8, ENOUGH, Some(sender), sync);
    assert!(begun[7] < 7, "each is a group of its own");
}

#[test]
fn com_39_a_call_that_fails_after_it_has_written_undoes_its_own_work_only() {
    let (_directory, connection) = database();
    // The last two name an id that is there by then, before anything of theirs is written and after.
    let heard = run(
        &connection,
        &[(1, 2), (7, 3), (20, 2), (20, 1), (19, 2), (30, 1)],
    );
    let refused: Vec<_> = heard
        .iter()
        .filter(|(_, result)| result.is_err())
        .map(|(first, _)| *first)
        .collect();
    assert_eq!(refused, [7, 20, 19]);
    let mut statement = connection
        .prepare("SELECT id FROM lead ORDER BY id")
        .unwrap();
    let ids = statement.query_map([], |row| row.get(0)).unwrap();
    let ids: Vec<i64> = ids.map(Result::unwrap).collect();
    assert_eq!(ids, [1, 2, 20, 21, 30]);
}

/// What is done again is found by its address, too.
#[test]
fn calls_that_are_done_again_are_in_the_directory() {
    let (_directory, connection) = database();
    let (answers, _heard) = channel();
    let directories = Directories::of_nothing(&connection);
    let owners = || {
        let address = |id: i64| crate::addresses::hash(&format!("{id}@{}", "x".repeat(1_000)));
        directories.owners([1, 2, 20, 21].map(address).into_iter())
    };
    assert_eq!(owners(), [Owner::Nobody; 4]);
    begin(&connection).unwrap();
    let now = Timestamp::UNIX_EPOCH;
    for first in [1, 7, 20] {
        let answers = answers.clone();
        let mut insert = Insert {
            first,
            count: 2,
            answers,
        };
        let result = call(&connection, &mut insert, now, &directories).unwrap();
        assert_eq!(result.is_ok(), first != 7);
    }
    execute(&connection, "COMMIT").unwrap();
    assert_eq!(stored(&connection), 4);
    let leads = [1, 2, 20, 21].map(|id| Owner::Perhaps(LeadId(id)));
    assert_eq!(owners(), leads);
}

/// COM-39: a log that cannot be synced is in doubt, and what comes after it would be too.
#[test]
fn com_39_nobody_is_told_of_what_the_disk_did_not_confirm() {
    let (_directory, connection) = database();
    let durable = Durable::default();
    let failed = |result: &Result<(), Rollback>| matches!(result, Err(Rollback::Store(StoreError::Unavailable(why))) if why.contains("not known whether"));
    let broken = || Err(std::io::Error::other("no power"));
    let heard = run_with(&connection, &[(1, 1), (7, 1), (2, 1)], &durable, broken);
    assert_eq!(heard.len(), 3);
    assert!(heard.iter().all(|(_, result)| failed(result)), "{heard:?}");
    let before = stored(&connection);
    let synced = || panic!("nothing is synced any more");
    let heard = run_with(&connection, &[(3, 1)], &durable, synced);
    assert!(failed(&heard[0].1), "{heard:?}");
    assert_eq!(stored(&connection), before, "nothing more is written");
    let (read, heard) = Read::new();
    durable.answer_read(read, Ok(()));
    assert!(failed(&heard.recv().unwrap()));
}

/// A read that has been run.
struct Read(Sender<Result<(), Rollback>>);

impl Read {
    fn new() -> (Box<Self>, Receiver<Result<(), Rollback>>) {
        let (sender, heard) = channel();
        (Box::new(Self(sender)), heard)
    }
}

impl ReadWork for Read {
    fn run(&mut self, _: &mut dyn ReadTxn, _: Timestamp) -> Result<(), Rollback> {
        Ok(())
    }

    fn done(self: Box<Self>, result: Result<(), Rollback>) {
        self.0.send(result).unwrap();
    }
}

/// CLT-7, COM-39: while the log is being synced nobody hears of what is in it, and the writer takes the next calls.
#[test]
fn reads_of_what_is_not_on_the_disk_yet_wait() {
    let (_directory, connection) = database();
    let durable = Durable::default();
    let (read, first) = Read::new();
    durable.answer_read(read, Ok(()));
    assert!(first.try_recv().unwrap().is_ok(), "nothing was written");
    let mut waiting = Vec::new();
    let mut syncs = 0;
    let calls: Vec<_> = (0..200).map(|call| (1 + call * 10, 2)).collect();
    let heard = run_with(&connection, &calls, &durable, || {
        let (read, heard) = Read::new();
        durable.answer_read(read, Ok(()));
        assert!(
            heard.try_recv().is_err(),
            "it may have seen what is being synced"
        );
        waiting.push(heard);
        syncs += 1;
        Ok(())
    });
    assert!(heard.iter().all(|(_, result)| result.is_ok()), "{heard:?}");
    assert!(syncs >= 2, "{syncs} syncs of 200 calls, 64 a commit");
    for read in waiting {
        assert!(read.recv().unwrap().is_ok());
    }
    let (read, last) = Read::new();
    durable.answer_read(read, Ok(()));
    assert!(last.try_recv().unwrap().is_ok(), "all is on the disk");
}

/// A call with rules of its own.
struct Rules<F>(F, Answers);

impl<F: FnMut(&mut dyn WriteTxn) -> Result<(), Rollback> + Send> WriteWork for Rules<F> {
    fn run(&mut self, txn: &mut dyn WriteTxn, _: Timestamp) -> Result<(), Rollback> {
        (self.0)(txn)
    }

    fn done(self: Box<Self>, result: Result<(), Rollback>) {
        self.1.send((0, result)).unwrap();
    }
}

/// COM-38, COM-39: rows of single leads are inserted at the end of their group, and nobody sees a difference.
#[test]
fn calls_of_a_group_see_what_earlier_ones_wrote() {
    let (_directory, connection) = database();
    let (answers, heard) = channel();
    let write = |id: i64, fails: bool| {
        move |txn: &mut dyn WriteTxn| {
            txn.insert_companies(&[company(id)])?;
            txn.insert_leads(&[lead_with(id, &format!("{id}@example.com"))])?;
            let told = NewActivity {
                lead: LeadId(id),
                at: Timestamp::UNIX_EPOCH,
                activity_type: ActivityType(13),
                asset: None,
                attributes: Arc::default(),
                campaign: None,
            };
            txn.append_activities(&[told])?;
            match fails {
                true => Err(Rollback::Refused),
                false => Ok(()),
            }
        }
    };
    let look = |expected: i64| {
        move |txn: &mut dyn WriteTxn| {
            let ids: Vec<i64> = (1..=9).collect();
            let emails = ids
                .iter()
                .map(|id| LeadKey::Email(format!("{id}@example.com").into()));
            let emails: Vec<_> = emails.collect();
            let found = txn.lead_ids(&emails, Pick::one(EmailPick::Added))?.concat();
            let companies: Vec<_> = ids.iter().copied().map(CompanyId).collect();
            let companies = txn.companies(&companies)?.len();
            let filter = ActivityFilter::default();
            let activities = txn
                .activities_after(&LeadScope::All, &filter, None, 99)?
                .len();
            let seen = (found.len(), companies, activities);
            let expected = usize::try_from(expected).unwrap();
            assert_eq!(seen, (expected, expected, expected));
            Ok(())
        }
    };
    let works: Vec<Box<dyn WriteWork>> = vec![
        Box::new(Rules(look(0), answers.clone())),
        Box::new(Rules(write(1, false), answers.clone())),
        Box::new(Rules(write(2, false), answers.clone())),
        Box::new(Rules(look(2), answers.clone())),
        Box::new(Rules(write(3, false), answers.clone())),
        Box::new(Rules(write(4, true), answers.clone())),
        Box::new(Rules(write(5, false), answers.clone())),
        Box::new(Rules(look(4), answers)),
    ];
    run_works(&connection, works, &Durable::default(), || Ok(()));
    let refused: Vec<bool> = heard.iter().map(|(_, result)| result.is_err()).collect();
    let expected = [false, false, false, false, false, true, false, false];
    assert_eq!(refused, expected);
    assert_eq!(stored(&connection), 4);
}

/// Rows of single leads are there for whoever reads or changes them in the same group, however they are found.
#[test]
fn calls_of_a_group_read_and_change_leads_of_earlier_ones() {
    type Step = fn(&mut Txn<'_>) -> leadkeep_core::store::Result<()>;
    let (_directory, connection) = database();
    let read: Step = |txn| {
        assert_eq!(txn.leads(&[LeadId(1)])?, [lead_with(1, "a@example.com")]);
        Ok(())
    };
    let find: Step = |txn| {
        let key = [LeadKey::Email("a@example.com".into())];
        let found = txn.lead_ids(&key, Pick::one(EmailPick::Added))?;
        assert_eq!(found, [[LeadId(1)]]);
        Ok(())
    };
    let move_away: Step = |txn| txn.update_leads(&[lead_with(1, "b@example.com")]);
    let touch: Step = |txn| txn.touch_leads(&[LeadId(1)], Timestamp::from_second(9).unwrap());
    let made = lead_with(1, "a@example.com").updated_at.as_second();
    for (step, email, updated_at) in [
        (read, "a@example.com", made),
        (find, "a@example.com", made),
        (move_away, "b@example.com", made),
        (touch, "a@example.com", 9),
    ] {
        for directories in [Directories::default(), Directories::of_nothing(&connection)] {
            begin(&connection).unwrap();
            let numbers = Numbers::of_group(directories);
            let mut txn = Txn(&connection, &numbers);
            txn.insert_leads(&[lead_with(1, "a@example.com")]).unwrap();
            assert_eq!(numbers.kept_back().0, 2, "the lead and its address");
            step(&mut txn).unwrap();
            numbers.write(&connection).unwrap();
            let lead = txn.leads(&[LeadId(1)]).unwrap().remove(0);
            assert_eq!(lead.email.as_deref(), Some(email));
            assert_eq!(lead.updated_at.as_second(), updated_at);
            undo(&connection);
        }
    }
}

/// Addresses of single leads move on from their level, whose one page is all that a group writes of it.
#[test]
fn the_level_of_single_leads_stays_small() {
    let (_directory, connection) = database();
    let calls: Vec<(i64, i64)> = (1_000..1_600).map(|id| (id, 1)).collect();
    assert!(
        run(&connection, &calls)
            .iter()
            .all(|(_, result)| result.is_ok())
    );
    let held = |table: &str| -> i64 {
        let sql = format!("SELECT count(*) FROM {table}");
        connection.query_row(&sql, [], |row| row.get(0)).unwrap()
    };
    let (latest, new) = (held("address_latest"), held("address_new"));
    assert_eq!(latest + new, 600);
    assert!(latest < 512 && new >= 512, "{latest} {new}");
}

/// COM-39: rows of single leads that cannot be inserted at the end of a group fail the call that wrote them, and no other.
#[test]
fn com_39_rows_that_fail_at_the_end_of_a_group_fail_their_own_call() {
    let (_directory, connection) = database();
    let (answers, heard) = channel();
    let insert = |id: i64, company_id: i64| {
        move |txn: &mut dyn WriteTxn| {
            txn.insert_companies(&[company(company_id)])?;
            Ok(txn.insert_leads(&[lead_with(id, &format!("{id}@example.com"))])?)
        }
    };
    let works: Vec<Box<dyn WriteWork>> = vec![
        Box::new(Rules(insert(1, 1), answers.clone())),
        // Nobody looks at companies before the group ends.
        Box::new(Rules(insert(2, 1), answers.clone())),
        Box::new(Rules(insert(3, 3), answers)),
    ];
    run_works(&connection, works, &Durable::default(), || Ok(()));
    let failed: Vec<bool> = heard
        .iter()
        .map(|(_, result)| matches!(result, Err(Rollback::Store(_))))
        .collect();
    assert_eq!(failed, [false, true, false]);
    assert_eq!(stored(&connection), 2);
}

/// A call that was refused after it had only looked costs the others of its group nothing.
#[test]
fn a_refused_look_does_not_repeat_its_group() {
    let (_directory, connection) = database();
    let (answers, heard) = channel();
    let (runs, count) = channel();
    let insert = |id: i64| {
        let runs = runs.clone();
        move |txn: &mut dyn WriteTxn| {
            runs.send(id).unwrap();
            txn.insert_companies(&[company(id)])?;
            Ok(txn.insert_leads(&[lead_with(id, &format!("{id}@example.com"))])?)
        }
    };
    let look = |txn: &mut dyn WriteTxn| {
        assert_eq!(txn.companies(&[CompanyId(1)])?.len(), 1);
        Err(Rollback::Refused)
    };
    let works: Vec<Box<dyn WriteWork>> = vec![
        Box::new(Rules(insert(1), answers.clone())),
        Box::new(Rules(look, answers.clone())),
        Box::new(Rules(insert(2), answers)),
    ];
    drop(runs);
    run_works(&connection, works, &Durable::default(), || Ok(()));
    let refused: Vec<bool> = heard.iter().map(|(_, result)| result.is_err()).collect();
    assert_eq!(refused, [false, true, false]);
    assert_eq!(
        count.iter().collect::<Vec<_>>(),
        [1, 2],
        "each was run once"
    );
    assert_eq!(stored(&connection), 2);
}
