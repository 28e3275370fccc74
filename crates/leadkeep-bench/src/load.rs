//! The runs: server first, floor after it on the same disk, ratio last.

use crate::http::Connection;
use crate::messages;
use crate::report::{Phase, rate};
use crate::server::Server;
use crate::{GetLead, SyncLeads, floor};
use anyhow::{Result, anyhow, ensure};
use hdrhistogram::Histogram;
use memchr::memmem;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

/// Runs `sync-leads`.
pub(crate) fn sync_leads(options: &SyncLeads) -> Result<()> {
    println!(
        "sync-leads: {} leads, {} a call, {} connections, 10 attributes each, then 2 changed",
        options.leads, options.batch, options.connections
    );
    let server = Server::start()?;
    let signer = Server::signer();
    let calls = |message: fn(&messages::Signer, messages::Range) -> Vec<u8>| -> Vec<Vec<u8>> {
        (0..options.leads)
            .step_by(options.batch)
            .map(|from| message(&signer, from..options.leads.min(from + options.batch)))
            .collect()
    };

    let messages = calls(messages::create);
    let creates = drive(
        server.address,
        options.connections,
        &messages,
        options.leads,
        "<status>CREATED</status>",
    )?;
    creates.print("creates", "leads");
    let created = floor::Rows::read(&server.database())?;

    let messages = calls(messages::update);
    let updates = drive(
        server.address,
        options.connections,
        &messages,
        options.leads,
        "<status>UPDATED</status>",
    )?;
    updates.print("updates", "leads");
    println!(
        "memory   {:>9.1} MiB peak of the server",
        server.peak_memory_mib()?
    );
    let updated = floor::Rows::read(&server.database())?;
    drop(messages);

    let floor = floor::write(server.directory(), &created, &updated)?;
    println!(
        "floor    {:>9.0} creates/s  {:>9.0} updates/s  (bare rusqlite loop)",
        floor.creates, floor.updates
    );
    println!("creates ratio {:.2}", creates.rate() / floor.creates);
    println!("updates ratio {:.2}", updates.rate() / floor.updates);
    Ok(())
}

/// Runs `get-lead`.
pub(crate) fn get_lead(options: &GetLead) -> Result<()> {
    println!(
        "get-lead: {} calls by e-mail address, {} leads, {} connections",
        options.calls, options.leads, options.connections
    );
    let server = Server::start()?;
    let signer = Server::signer();
    let creates: Vec<_> = (0..options.leads)
        .step_by(300)
        .map(|from| messages::create(&signer, from..options.leads.min(from + 300)))
        .collect();
    drive(
        server.address,
        8,
        &creates,
        options.leads,
        "<status>CREATED</status>",
    )?;

    // A stride that shares no factor with common sizes visits the leads in no helpful order.
    let numbers: Vec<usize> = (0..options.calls)
        .map(|call| call * 7919 % options.leads)
        .collect();
    let calls: Vec<_> = numbers
        .iter()
        .map(|number| messages::get_lead(&signer, *number))
        .collect();
    let reads = drive(
        server.address,
        options.connections,
        &calls,
        options.calls,
        "<leadRecord>",
    )?;
    reads.print("reads", "leads");
    println!(
        "memory   {:>9.1} MiB peak of the server",
        server.peak_memory_mib()?
    );

    let started = Instant::now();
    floor::read(
        &server.database(),
        numbers.iter().map(|number| messages::email(*number)),
    )?;
    let floor = rate(options.calls, started.elapsed());
    println!("floor    {floor:>9.0} reads/s  (bare rusqlite loop, one thread)");
    println!("reads ratio {:.2}", reads.rate() / floor);
    Ok(())
}

/// Sends each message once, over as many connections, and checks that the answers hold `expected` once a record.
pub(crate) fn drive(
    address: SocketAddr,
    connections: usize,
    messages: &[Vec<u8>],
    records: usize,
    expected: &str,
) -> Result<Phase> {
    let next = AtomicUsize::new(0);
    let mut open = (0..connections)
        .map(|_| Connection::open(address))
        .collect::<Result<Vec<_>>>()?;
    let started = Instant::now();
    let outcomes = std::thread::scope(|scope| {
        let workers: Vec<_> = open
            .iter_mut()
            .map(|connection| {
                let next = &next;
                scope.spawn(move || -> Result<(Histogram<u64>, usize)> {
                    let mut latencies = Histogram::new(3)?;
                    let mut seen = 0;
                    while let Some(message) = messages.get(next.fetch_add(1, Ordering::Relaxed)) {
                        let sent = Instant::now();
                        let answer = connection.post(message)?;
                        latencies.record(u64::try_from(sent.elapsed().as_micros())?)?;
                        seen += memmem::find_iter(answer, expected).count();
                    }
                    Ok((latencies, seen))
                })
            })
            .collect();
        workers
            .into_iter()
            .map(|worker| {
                worker
                    .join()
                    .map_err(|_| anyhow!("a connection panicked"))?
            })
            .collect()
    });
    let outcomes: Result<Vec<(Histogram<u64>, usize)>> = outcomes;
    let elapsed = started.elapsed();
    let mut calls = Histogram::new(3)?;
    let mut seen = 0;
    for (latencies, own) in outcomes? {
        calls.add(latencies)?;
        seen += own;
    }
    ensure!(
        seen == records,
        "{records} times {expected} were expected in the answers, {seen} came"
    );
    Ok(Phase {
        records,
        elapsed,
        calls,
    })
}
