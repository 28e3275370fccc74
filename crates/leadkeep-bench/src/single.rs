//! `load`: one kind of call against a fresh server, to be looked at with a profiler.

use crate::Load;
use crate::load::drive;
use crate::messages;
use crate::report::{CREATED, FEW, FOUND, MANY, UPDATED, batches, create, single_reads};
use crate::server::Server;
use anyhow::Result;

/// The kinds of calls.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub(crate) enum Kind {
    /// syncMultipleLeads with new leads, 300 a call.
    Creates,
    /// syncMultipleLeads with two changed attributes a lead, 300 a call.
    Updates,
    /// syncLead with new leads, 64 connections.
    SyncLead,
    /// getLead by e-mail, 64 connections.
    GetLead,
    /// syncCustomObjects, 100 a call.
    CustomObjects,
    /// syncMObjects, 100 a call.
    Opportunities,
}

/// Runs `load`.
pub(crate) fn load(options: &Load) -> Result<()> {
    let server = Server::start()?;
    let signer = Server::signer();
    let records = options.records;
    let all = 0..records;
    if !matches!(options.kind, Kind::Creates | Kind::SyncLead) {
        create(&server, all.clone())?;
    }
    let (connections, calls, expected) = match options.kind {
        Kind::Creates => (FEW, batches(&signer, all, 300, messages::create), CREATED),
        Kind::Updates => (FEW, batches(&signer, all, 300, messages::update), UPDATED),
        Kind::SyncLead => (MANY, batches(&signer, all, 1, messages::sync_lead), CREATED),
        Kind::GetLead => (MANY, single_reads(&signer, all, records), FOUND),
        Kind::CustomObjects => (
            FEW,
            batches(&signer, all, 100, messages::custom_objects),
            CREATED,
        ),
        Kind::Opportunities => (
            FEW,
            batches(&signer, all, 100, messages::opportunities),
            CREATED,
        ),
    };
    let connections = options.connections.unwrap_or(connections);
    println!("process {} on {}", server.process_id()?, server.address);
    let before = server.processor_time()?;
    let phase = drive(server.address, connections, &calls, records, expected)?;
    phase.print("load", "records");
    let after = server.processor_time()?;
    let each = |seconds: f64| seconds * 1e6 / records as f64;
    println!(
        "cpu      {:>9.1} us of the server a record, {:.1} of them in the kernel",
        each(after.0 + after.1 - before.0 - before.1),
        each(after.1 - before.1)
    );
    println!(
        "memory   {:>9.1} MiB peak of the server",
        server.peak_memory_mib()?
    );
    Ok(())
}
