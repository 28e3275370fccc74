//! `load`: one kind of call against a fresh server, to be looked at with a profiler.

use crate::Load;
use crate::floor;
use crate::load::drive;
use crate::messages::{self, Wanted};
use crate::report::{
    CREATED, FEW, FOUND, MANY, UPDATED, batches, create, fill, read_all, settle, single_reads,
};
use crate::server::Server;
use anyhow::{Result, anyhow};

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
    /// getMultipleLeads by time of update with ten attributes, all leads page by page on one connection.
    AllLeads,
    /// The same with all attributes.
    AllLeadsWhole,
}

/// Runs `load`.
pub(crate) fn load(options: &Load) -> Result<()> {
    let server = Server::start()?;
    let records = options.records;
    let used = match options.kind {
        Kind::AllLeads => all_leads(&server, records, Wanted::Ten)?,
        Kind::AllLeadsWhole => all_leads(&server, records, Wanted::All)?,
        _ => calls(&server, options)?,
    };
    let each = |seconds: f64| seconds * 1e6 / records as f64;
    println!(
        "cpu      {:>9.1} us of the server a record, {:.1} of them in the kernel",
        each(used.0 + used.1),
        each(used.1)
    );
    println!(
        "memory   {:>9.1} MiB peak of the server",
        server.peak_memory_mib()?
    );
    Ok(())
}

/// Seconds of the server's processor time: its own, and the kernel's for it.
type Used = (f64, f64);

fn measured(server: &Server, run: impl FnOnce() -> Result<()>) -> Result<Used> {
    println!("process {} on {}", server.process_id()?, server.address);
    let before = server.processor_time()?;
    run()?;
    let after = server.processor_time()?;
    Ok((after.0 - before.0, after.1 - before.1))
}

fn all_leads(server: &Server, leads: usize, wanted: Wanted) -> Result<Used> {
    fill(server, 0, leads)?;
    settle();
    measured(server, || {
        let rate = read_all(server, leads, wanted)?;
        let database = server.database();
        let floor = match wanted {
            Wanted::Ten => floor::select_values(&database)?,
            Wanted::All => floor::select_rows(&database)?,
        };
        println!(
            "load     {rate:>9.0} leads/s, {:.2} of the floor with {floor:.0} leads/s",
            rate / floor
        );
        Ok(())
    })
}

fn calls(server: &Server, options: &Load) -> Result<Used> {
    let signer = Server::signer();
    let records = options.records;
    let all = 0..records;
    if !matches!(options.kind, Kind::Creates | Kind::SyncLead) {
        create(server, all.clone())?;
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
        Kind::AllLeads | Kind::AllLeadsWhole => return Err(anyhow!("these are no single calls")),
    };
    let connections = options.connections.unwrap_or(connections);
    measured(server, || {
        let phase = drive(server.address, connections, &calls, records, expected)?;
        phase.print("load", "records");
        Ok(())
    })
}
