//! The provisioning file on a real database: twice, with the second time from a fresh schema.

#![allow(clippy::unwrap_used)]

use jiff::Timestamp;
use leadkeep_core::provision::{self, ApplyError, ApplyOptions, Report};
use leadkeep_core::schema::Schema;
use leadkeep_core::schema::testing::DEMO;
use leadkeep_core::store::{Rollback, Store, WriteTxn, WriteWork};
use leadkeep_sqlite::SqliteStore;
use std::sync::mpsc::{Sender, channel};

struct Apply {
    toml: String,
    dry_run: bool,
    result: Option<Result<Report, ApplyError>>,
    answer: Sender<Result<Report, ApplyError>>,
}

impl WriteWork for Apply {
    fn run(&mut self, txn: &mut dyn WriteTxn, now: Timestamp) -> Result<(), Rollback> {
        let schema = Schema::load(txn.schema_version()?, &txn.definitions()?)?;
        let file = provision::parse(&self.toml).map_err(|_| Rollback::Refused)?;
        let options = ApplyOptions {
            dry_run: self.dry_run,
            ..ApplyOptions::default()
        };
        let mut key = || "k".repeat(40);
        let result = provision::apply(txn, &schema, now, &file, &options, &mut key);
        let refused = result.is_err();
        self.result = Some(result);
        if refused {
            return Err(Rollback::Refused);
        }
        Ok(())
    }

    fn done(self: Box<Self>, _: Result<(), Rollback>) {
        let result = self.result.expect("the work ran");
        self.answer.send(result).unwrap();
    }
}

fn apply(store: &SqliteStore, toml: &str, dry_run: bool) -> Result<Report, ApplyError> {
    let (answer, answers) = channel();
    store.write(Box::new(Apply {
        toml: toml.to_owned(),
        dry_run,
        result: None,
        answer,
    }));
    answers.recv().unwrap()
}

#[test]
fn prv_2_the_example_applies_twice() {
    // PRV-1, PRV-2, PRV-4
    let dir = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(&dir.path().join("leadkeep.db"), 1).unwrap();
    let planned = apply(&store, DEMO, true).unwrap();
    let wrong = format!("{DEMO}\n[[list]]\nname = 'x'\nprogram = 'Nowhere'\n");
    let refused = apply(&store, &wrong, false);
    assert!(
        matches!(refused, Err(ApplyError::Refused(_))),
        "{refused:?}"
    );
    let first = apply(&store, DEMO, false).unwrap();
    assert_eq!(
        first.changes, planned.changes,
        "neither of the two left anything behind"
    );
    assert_eq!(
        apply(&store, DEMO, false).unwrap().to_string(),
        "no changes"
    );
    let changed = DEMO
        .replace(
            "amount = 1000, note = \"before\"",
            "amount = 1000, note = \"after\"",
        )
        .replace("window_days = 30", "window_days = 31")
        .replace("archived = true", "archived = false");
    let report = apply(&store, &changed, false).unwrap();
    let lines = (report.changes.len(), report.left_alone.len());
    assert_eq!(lines, (2, 1), "{report}");
}

#[test]
fn dm_nam_6_fields_with_odd_names_can_be_indexed() {
    // DM-NAM-6, DM-KEY-4
    let dir = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(&dir.path().join("leadkeep.db"), 1).unwrap();
    let toml = "
        [lead_keys]
        SFDCACCOUNTID = 'Lead.Konto + Größe-1'
        [[field]]
        object = 'Lead'
        name = 'Konto + Größe-1'
        type = 'string'
        [[field]]
        object = 'Company'
        name = 'Budget__c account'
        type = 'string'
        company_key = true
    ";
    apply(&store, toml, false).unwrap();
    assert_eq!(
        apply(&store, toml, false).unwrap().to_string(),
        "no changes"
    );
    // Asks the rows whether the fields have values, and how long they are.
    let other = toml.replace("type = 'string'", "type = 'string'\nsize = 20");
    let report = apply(&store, &other, false).unwrap();
    assert_eq!(report.changes.len(), 2, "{report}");
}
