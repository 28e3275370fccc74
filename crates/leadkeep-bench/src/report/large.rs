//! What only a large database shows.

use super::figures::Figures;
use super::rounds::{create, read_all};
use crate::messages::Wanted;
use crate::server::Server;
use crate::{floor, messages};
use anyhow::Result;
use std::time::{Duration, Instant};

/// Leads of the small database that the large one is compared with.
const SMALL: usize = 10_000;
/// Leads created for one figure.
const STEP: usize = 30_000;
/// Leads created at once while the large database is filled: messages for all of them would not fit into memory.
const FILL: usize = 60_000;

/// All leads by the time of their update: ten values each, and all that they have.
pub(super) const READ: &str = "getMultipleLeads";
pub(super) const READ_WHOLE: &str = "getMultipleLeads, all attributes";

/// How large.
#[derive(Debug, Clone, Copy)]
pub(super) struct Size {
    /// Leads of which all are read.
    pub(super) read: usize,
    /// Leads of the large database.
    pub(super) leads: usize,
    /// How often each thing is measured.
    pub(super) rounds: usize,
}

/// Waits until all leads are in a window without an end: it has what was updated before the second of the call.
pub(crate) fn settle() {
    std::thread::sleep(Duration::from_millis(1_100));
}

/// Fills a database and measures it on the way.
pub(super) fn measure(figures: &mut Figures, size: Size) -> Result<()> {
    let own = "leadkeep";
    let mut server = Server::start()?;
    fill(&server, 0, size.read)?;
    settle();
    for _ in 0..size.rounds {
        let rate = read_all(&server, size.read, Wanted::Ten)?;
        figures.add((READ, own), rate);
        let floor = floor::select_values(&server.database())?;
        figures.add((READ, "bare SELECT"), floor);
        let rate = read_all(&server, size.read, Wanted::All)?;
        figures.add((READ_WHOLE, own), rate);
        let floor = floor::select_rows(&server.database())?;
        figures.add((READ_WHOLE, "bare SELECT, JSON unread"), floor);
    }
    fill(&server, size.read, size.leads)?;
    let mut next = size.leads;
    for _ in 0..size.rounds {
        let small = Server::start()?;
        create(&small, 0..SMALL)?;
        let rate = create(&small, SMALL..SMALL + STEP)?;
        figures.add(("creates, small", own), rate);
        drop(small);
        let rate = create(&server, next..next + STEP)?;
        figures.add(("creates, large", own), rate);
        next += STEP;
        figures.add(("memory, large", own), server.peak_memory_mib()?);
    }
    for round in 0..size.rounds {
        let call = messages::get_lead(&Server::signer(), round * 7919 % size.leads);
        let time = server.restart(&call)?;
        figures.add(("cold start, large", own), time.as_secs_f64() * 1000.0);
    }
    Ok(())
}

/// Creates the leads from one number to another.
pub(crate) fn fill(server: &Server, from: usize, to: usize) -> Result<()> {
    let started = Instant::now();
    for at in (from..to).step_by(FILL) {
        let rate = create(server, at..to.min(at + FILL))?;
        if (at - from).is_multiple_of(17 * FILL) {
            println!(
                "  {at} leads after {:.0} s, {rate:.0} leads/s",
                started.elapsed().as_secs_f64()
            );
        }
    }
    Ok(())
}
