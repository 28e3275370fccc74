//! `import`: one importToList, and how much memory it takes.

use crate::http::Connection;
use crate::load::{drive, rate};
use crate::server::Server;
use crate::{Import, messages};
use anyhow::Result;
use std::time::{Duration, Instant};

/// Runs `import`.
pub(crate) fn import(options: &Import) -> Result<()> {
    println!(
        "import: {} rows of 6 cells in one importToList",
        options.rows
    );
    let server = Server::start()?;
    let signer = Server::signer();
    let message = messages::import(&signer, 0..options.rows);
    println!("message  {:>9.1} MiB", message.len() as f64 / 1_048_576.0);
    let mut connection = Connection::open(server.address)?;
    // What an idle server holds once it has answered.
    let status = messages::import_status(&signer);
    let _ = connection.post(&status);
    let mut connection = Connection::open(server.address)?;
    std::thread::sleep(Duration::from_millis(500));
    let idle = server.now_memory_mib()?;
    let started = Instant::now();
    connection.post(&message)?;
    let answered = started.elapsed();
    loop {
        let answer = String::from_utf8_lossy(connection.post(&status)?).into_owned();
        if answer.contains("<status>COMPLETE</status>") {
            break;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    let rows = rate(options.rows, started.elapsed());
    let peak = server.peak_memory_mib()?;
    println!(
        "import   {rows:>9.0} rows/s   answered after {:.0} ms",
        answered.as_secs_f64() * 1000.0
    );
    println!(
        "memory   {:>9.1} MiB above the idle server ({idle:.1} MiB idle, {peak:.1} MiB peak)",
        peak - idle
    );

    // The same values by calls, on a fresh server.
    let server = Server::start()?;
    let calls: Vec<_> = (0..options.rows)
        .step_by(300)
        .map(|from| messages::create_like_import(&signer, from..options.rows.min(from + 300)))
        .collect();
    let created = "<status>CREATED</status>";
    let calls = drive(server.address, 1, &calls, options.rows, created)?;
    calls.print("calls", "leads");
    println!(
        "import ratio {:.2} (to syncMultipleLeads, one connection, 300 a call)",
        rows / calls.rate()
    );
    Ok(())
}
