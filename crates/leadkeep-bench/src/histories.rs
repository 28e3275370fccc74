//! `history`: pages of a long history and of a short one.

use crate::http::Connection;
use crate::load::drive;
use crate::messages::Signer;
use crate::server::Server;
use crate::{History, messages};
use anyhow::{Result, ensure};
use std::time::Instant;

/// How often the short history is read.
const CALLS: usize = 500;

/// Runs `history`.
pub(crate) fn history(options: &History) -> Result<()> {
    let (long, short) = (options.activities, options.page);
    println!("history: pages of {short} activities of a lead with {long} and of one with {short}");
    let server = Server::start()?;
    let signer = Server::signer();
    let updated = "<status>UPDATED</status>";
    let created = "<status>CREATED</status>";
    drive(
        server.address,
        1,
        &[messages::create(&signer, 0..2)],
        2,
        created,
    )?;
    // New Lead is one; values begin with one that is no value of a new lead.
    for (lead, activities) in [(0, long), (1, short)] {
        let last = 1_000 + activities - 1;
        let calls: Vec<_> = (1_000..last)
            .step_by(300)
            .map(|from| messages::changes(&signer, lead, from..last.min(from + 300)))
            .collect();
        drive(server.address, 1, &calls, activities - 1, updated)?;
    }
    let mut connection = Connection::open(server.address)?;
    // The short one is all of its history, again and again; the first half warms up.
    let mut whole = Vec::new();
    for _ in 0..2 * CALLS {
        whole.push(page(&mut connection, &signer, 1, short, "")?.0);
    }
    let whole = median(&whole[CALLS..]);
    println!("short    {whole:>9.2} ms p50 a page");
    let (mut times, mut offset) = (Vec::new(), String::new());
    for _ in 0..long / short {
        let (time, next) = page(&mut connection, &signer, 0, short, &offset)?;
        times.push(time);
        offset = next;
    }
    let tenth = (times.len() / 10).max(1);
    for (name, part) in [
        ("first", &times[..tenth]),
        ("last", &times[times.len() - tenth..]),
    ] {
        let own = median(part);
        println!(
            "{name:<8} {own:>9.2} ms p50 a page, {name} tenth of the long history  ratio {:.2}",
            whole / own
        );
    }
    Ok(())
}

/// Reads a page; how many milliseconds that took, and where the next one begins.
fn page(
    connection: &mut Connection,
    signer: &Signer,
    lead: usize,
    size: usize,
    offset: &str,
) -> Result<(f64, String)> {
    let message = messages::history(signer, lead, size, offset);
    let started = Instant::now();
    let answer = connection.post(&message)?;
    let time = started.elapsed().as_secs_f64() * 1000.0;
    let text = String::from_utf8_lossy(answer);
    let came = text.matches("<activityRecord>").count();
    ensure!(came == size, "{size} activities were expected, {came} came");
    let (_, rest) = text.split_once("<offset>").unwrap_or_default();
    let offset = rest.split('<').next().unwrap_or_default();
    Ok((time, offset.to_owned()))
}

fn median(times: &[f64]) -> f64 {
    let mut times = times.to_vec();
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or_default()
}
