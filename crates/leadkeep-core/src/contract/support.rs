//! Short ways to run work on a store, and rows to begin with.

use crate::attrs::Attrs;
use crate::ids::{CompanyId, LeadId, OpportunityId, PartitionId, RoleId};
use crate::store::{
    Company, Cookie, ForeignId, ForeignSystem, Lead, Opportunity, ReadTxn, ReadWork, Result, Role,
    Rollback, Store, WriteTxn, WriteWork,
};
use jiff::{SignedDuration, Timestamp};
use std::fmt::Debug;
use std::sync::mpsc::{Receiver, Sender, channel};

/// The result of a piece of work as its owner hears it.
pub type Outcome<T> = std::result::Result<T, Rollback>;

struct Job<F, T> {
    run: F,
    out: Option<T>,
    answer: Sender<Outcome<Option<T>>>,
}

impl<F, T> ReadWork for Job<F, T>
where
    F: FnMut(&mut dyn ReadTxn, Timestamp) -> Outcome<T> + Send,
    T: Send,
{
    fn run(&mut self, txn: &mut dyn ReadTxn, now: Timestamp) -> Outcome<()> {
        self.out = Some((self.run)(txn, now)?);
        Ok(())
    }

    fn done(self: Box<Self>, result: Outcome<()>) {
        let out = self.out;
        // Whoever waits for the answer has given up if this fails.
        let _ = self.answer.send(result.map(|()| out));
    }
}

impl<F, T> WriteWork for Job<F, T>
where
    F: FnMut(&mut dyn WriteTxn, Timestamp) -> Outcome<T> + Send,
    T: Send,
{
    fn run(&mut self, txn: &mut dyn WriteTxn, now: Timestamp) -> Outcome<()> {
        self.out = Some((self.run)(txn, now)?);
        Ok(())
    }

    fn done(self: Box<Self>, result: Outcome<()>) {
        let out = self.out;
        // As above.
        let _ = self.answer.send(result.map(|()| out));
    }
}

fn answer<T>(answers: &Receiver<Outcome<Option<T>>>) -> Outcome<T> {
    match answers.recv() {
        Ok(Ok(Some(out))) => Ok(out),
        Ok(Err(error)) => Err(error),
        Ok(Ok(None)) => panic!("the store says that work succeeded which it did not run"),
        Err(_) => panic!("the store dropped the work without an answer"),
    }
}

/// A write that is on its way.
pub struct Waiting<T>(Receiver<Outcome<Option<T>>>);

impl<T> Waiting<T> {
    /// Waits for its end.
    ///
    /// # Errors
    /// Why it was rolled back.
    ///
    /// # Panics
    /// When the store drops it, or says that it succeeded without having run it.
    pub fn outcome(self) -> Outcome<T> {
        answer(&self.0)
    }
}

/// Brings a write, with the time, and does not wait for it.
pub fn queue_write<T: Send + 'static>(
    store: &dyn Store,
    run: impl FnMut(&mut dyn WriteTxn, Timestamp) -> Outcome<T> + Send + 'static,
) -> Waiting<T> {
    let (sender, answers) = channel();
    store.write(Box::new(Job {
        run,
        out: None,
        answer: sender,
    }));
    Waiting(answers)
}

/// Runs a write, with the time, and gives what became of it.
///
/// # Errors
/// Why it was rolled back.
pub fn try_write<T: Send + 'static>(
    store: &dyn Store,
    run: impl FnMut(&mut dyn WriteTxn, Timestamp) -> Outcome<T> + Send + 'static,
) -> Outcome<T> {
    queue_write(store, run).outcome()
}

/// Runs a read, with the time, and gives what became of it.
///
/// # Errors
/// Why it was refused.
pub fn try_read<T: Send + 'static>(
    store: &dyn Store,
    run: impl FnMut(&mut dyn ReadTxn, Timestamp) -> Outcome<T> + Send + 'static,
) -> Outcome<T> {
    let (sender, answers) = channel();
    store.read(Box::new(Job {
        run,
        out: None,
        answer: sender,
    }));
    answer(&answers)
}

/// Runs a write that must succeed.
///
/// # Panics
/// When it does not.
pub fn write<T: Send + 'static>(
    store: &dyn Store,
    mut run: impl FnMut(&mut dyn WriteTxn) -> Result<T> + Send + 'static,
) -> T {
    match try_write(store, move |txn, _| Ok(run(txn)?)) {
        Ok(out) => out,
        Err(error) => panic!("a write failed: {error:?}"),
    }
}

/// Runs a read that must succeed.
///
/// # Panics
/// When it does not.
pub fn read<T: Send + 'static>(
    store: &dyn Store,
    mut run: impl FnMut(&mut dyn ReadTxn) -> Result<T> + Send + 'static,
) -> T {
    match try_read(store, move |txn, _| Ok(run(txn)?)) {
        Ok(out) => out,
        Err(error) => panic!("a read failed: {error:?}"),
    }
}

/// Writes, then reads in the same transaction and again after the commit; both times the answer must be the same.
///
/// # Panics
/// When it is not.
pub fn write_then_read<T: Send + PartialEq + Debug + 'static>(
    store: &dyn Store,
    mut writes: impl FnMut(&mut dyn WriteTxn) -> Result<()> + Send + 'static,
    mut reads: impl FnMut(&mut dyn ReadTxn) -> Result<T> + Clone + Send + 'static,
) -> T {
    let mut inside = reads.clone();
    let before = write(store, move |txn| {
        writes(txn)?;
        inside(txn)
    });
    let after = read(store, move |txn| reads(txn));
    assert_eq!(before, after, "before the commit, and after it");
    after
}

/// Runs a write that the store must refuse, and that must leave nothing.
///
/// # Panics
/// When it is not refused, or leaves a row.
pub fn refused(
    store: &dyn Store,
    mut run: impl FnMut(&mut dyn WriteTxn) -> Result<()> + Send + 'static,
) {
    let before = read(store, |txn| txn.counts());
    let outcome = try_write(store, move |txn, _| Ok(run(txn)?));
    assert!(
        matches!(
            outcome,
            Err(Rollback::Store(crate::store::StoreError::Failed(_)))
        ),
        "{outcome:?}"
    );
    assert_eq!(read(store, |txn| txn.counts()), before);
}

/// Seconds after the first of January 2013.
pub fn at(seconds: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_secs(1_356_998_400 + seconds)
}

/// Attributes of names and values.
pub fn attrs(pairs: &[(&str, &str)]) -> Attrs {
    let pairs = pairs.iter();
    pairs
        .map(|(name, value)| ((*name).into(), (*value).to_owned()))
        .collect()
}

/// A known lead without values, made and updated at `at(id)`.
pub fn lead(id: i64) -> Lead {
    Lead {
        id: LeadId(id),
        email: None,
        foreign_id: None,
        attrs: Attrs::new(),
        company: CompanyId(id),
        partition: PartitionId(1),
        anonymous: false,
        created_at: at(id),
        updated_at: at(id),
    }
}

/// A known lead with an address.
pub fn lead_with(id: i64, email: &str) -> Lead {
    Lead {
        email: Some(email.to_owned()),
        ..lead(id)
    }
}

/// A company without key and values.
pub fn company(id: i64) -> Company {
    Company {
        id: CompanyId(id),
        key: None,
        attrs: Attrs::new(),
    }
}

/// An opportunity without company and values, made at `at(id)`.
pub fn opportunity(id: i64) -> Opportunity {
    Opportunity {
        id: OpportunityId(id),
        company: None,
        attrs: Attrs::new(),
        created_at: at(id),
        updated_at: at(id),
    }
}

/// A role by its name, empty for none, made at `at(id)`.
pub fn role(id: i64, opportunity: i64, lead: i64, name: &str) -> Role {
    let attrs = match name {
        "" => Attrs::new(),
        name => attrs(&[("Role", name)]),
    };
    Role {
        id: RoleId(id),
        opportunity: OpportunityId(opportunity),
        lead: LeadId(lead),
        attrs,
        created_at: at(id),
        updated_at: at(id),
    }
}

/// A foreign id.
pub fn foreign(system: ForeignSystem, value: &str) -> ForeignId {
    ForeignId {
        system,
        value: value.to_owned(),
    }
}

/// A foreign id of the caller's own system.
pub fn custom(value: &str) -> ForeignId {
    foreign(ForeignSystem::Custom, value)
}

/// A cookie without an account.
pub fn cookie(token: &str) -> Cookie {
    Cookie {
        account: None,
        token: token.to_owned(),
    }
}

/// Texts that a careless store would stumble over.
pub const TEXTS: [&str; 24] = [
    "plain",
    " leading and trailing ",
    "'; DROP TABLE lead; --",
    "it's",
    "\"quoted\"",
    "back\\slash\\",
    "\\u0061",
    "$.\"Email\"",
    "$",
    "[0]",
    "a.b",
    "?1 :x @y {} %s",
    "100%",
    "_",
    "*",
    "{\"a\":1}",
    "null",
    "tab\tand\nlines\r\nand\ra return",
    "G\u{e9}orgette \u{df}\u{130}",
    "e\u{301}",
    "\u{65e5}\u{672c}\u{8a9e}",
    "\u{1F469}\u{200D}\u{1F4BB}",
    "\u{202e}right to left\u{2028}\u{7f}\u{85}",
    "\u{FFFD}\u{E000}\u{10FFFD}",
];
