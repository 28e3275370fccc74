//! The path of the rules and the store.

use super::LEADS;
use super::paths::{MANY, read};
use crate::messages;
use crate::server::Server;
use anyhow::{Context, Result, anyhow, bail, ensure};
use jiff::Timestamp;
use leadkeep_core::leads::{
    LeadInput, PreparedLeads, SyncMultipleLeads, SyncOutcome, SyncStatus, sync_multiple_leads,
};
use leadkeep_core::schema::{Schema, SchemaCache};
use leadkeep_core::store::{Rollback, Store, WriteTxn, WriteWork};
use leadkeep_sqlite::{SqliteStore, database_path};
use mktows::Request;
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};

/// Creates the leads of some calls, one call after the other, each in a commit of its own.
pub(super) fn apply(times: usize) -> Result<()> {
    ensure!(times <= MANY, "there are {MANY} calls");
    // As many in every run, so that reading them is in no difference of two runs.
    let calls: Vec<_> = (0..MANY).map(input).collect::<Result<_>>()?;
    let directory = tempfile::tempdir()?;
    let store = SqliteStore::open(&database_path(directory.path()), 1)?;
    let schemas = Arc::new(SchemaCache::new());
    for input in &calls[..times] {
        let (reply, answer) = channel();
        // Reading the values is part of it, as the thread of a call does it in the server.
        let latest = schemas.latest();
        store.write(Box::new(Call {
            schemas: schemas.clone(),
            prepared: latest.map(|schema| PreparedLeads::read(&schema, &input.records)),
            input: input.clone(),
            created: 0,
            seen: None,
            reply,
        }));
        let result = answer.recv().context("the call was dropped")?;
        let created = result.map_err(|reason| anyhow!("the call failed: {reason:?}"))?;
        ensure!(created == LEADS, "{created} of {LEADS} leads were created");
    }
    Ok(())
}

/// The leads of one call, as the server hands them to the rules; every call has others.
fn input(call: usize) -> Result<Arc<SyncMultipleLeads>> {
    let first = call * LEADS;
    let message = messages::create(&Server::signer(), first..first + LEADS);
    let Request::SyncMultipleLeads(params) = read(&message)? else {
        bail!("the message is another call");
    };
    let records = params.lead_record_list.into_iter().map(|record| {
        let attributes = record.lead_attribute_list.unwrap_or_default().into_iter();
        LeadInput {
            email: record.email,
            attributes: attributes
                .map(|attribute| (attribute.attr_name.into_string(), attribute.attr_value))
                .collect(),
            ..LeadInput::default()
        }
    });
    Ok(Arc::new(SyncMultipleLeads {
        records: records.collect(),
        dedup: params.dedup_enabled.unwrap_or(true),
        max_records: LEADS,
    }))
}

/// A call on its way to the store.
struct Call {
    schemas: Arc<SchemaCache>,
    input: Arc<SyncMultipleLeads>,
    prepared: Option<PreparedLeads>,
    created: usize,
    seen: Option<Arc<Schema>>,
    reply: Sender<Result<usize, Rollback>>,
}

impl WriteWork for Call {
    fn run(&mut self, txn: &mut dyn WriteTxn, now: Timestamp) -> Result<(), Rollback> {
        let schema = self.schemas.seen_by(txn)?;
        let outcomes = sync_multiple_leads(txn, &schema, now, &self.input, self.prepared.take());
        let (outcomes, _spent) = outcomes.map_err(|error| Rollback::from(&error))?;
        let created = |outcome: &&SyncOutcome| matches!(outcome.status, SyncStatus::Created);
        self.created = outcomes.iter().filter(created).count();
        self.seen = Some(schema);
        Ok(())
    }

    fn done(self: Box<Self>, result: Result<(), Rollback>) {
        if let (Ok(()), Some(schema)) = (&result, self.seen) {
            self.schemas.keep(schema);
        }
        // Who waits for it may have given up.
        let _ = self.reply.send(result.map(|()| self.created));
    }
}
