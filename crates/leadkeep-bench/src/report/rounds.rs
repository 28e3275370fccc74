//! What every round measures: the calls, beside floors and rivals.

use super::figures::Figures;
use crate::load::{drive, rate};
use crate::messages::{self, Signer, TEN, Wanted};
use crate::rivals::{RIVALS, Rival};
use crate::server::{Process, Server};
use crate::{decode, floor};
use anyhow::{Context, Result, ensure};
use leadkeep_sqlite::PAGE_SIZE;
use memchr::memmem;
use std::process::Command;
use std::time::Instant;

/// What answers say of each record.
pub(crate) const CREATED: &str = "<status>CREATED</status>";
pub(crate) const UPDATED: &str = "<status>UPDATED</status>";
pub(crate) const FOUND: &str = "<count>1</count>";
/// Connections of calls with many records.
pub(crate) const FEW: usize = 8;
/// Connections of calls with one record.
pub(crate) const MANY: usize = 64;
/// Records of one call of syncMultipleLeads, and of the other two.
const LEADS: usize = 300;
const OBJECTS: usize = 100;
/// Pages of SQLite files that are made by others, in bytes.
const USUAL_PAGES: u32 = 4_096;
/// What floor-write is called with pages as leadkeep's.
const OWN_PAGES: &str = "floor-write, 8 KiB pages";
/// What the original took: 100 calls in 20 seconds, 300 leads each.
const ORIGINAL: f64 = 1_500.0;

/// Who is measured against leadkeep; they run from the first round to the last.
pub(super) struct Field {
    floor_http: Process,
    rivals: Vec<(Rival, Process)>,
}

/// How much a round does.
#[derive(Debug, Clone, Copy)]
pub(super) struct Size {
    /// Leads that leadkeep creates.
    pub(super) leads: usize,
    /// Calls with one record.
    pub(super) singles: usize,
    /// Rivals get one part in so many of what they could take.
    pub(super) divisor: usize,
}

impl Field {
    /// Builds and starts all.
    pub(super) fn start() -> Result<Self> {
        let directory = tempfile::tempdir()?;
        let wsdl = directory.path().join("mktows.wsdl");
        let endpoint = "http://127.0.0.1/soap/mktows/3_1";
        let version = mktows::Version::parse("3_1").context("version 3_1 is served")?;
        std::fs::write(&wsdl, mktows::wsdl::wsdl(version, endpoint))?;
        let mut rivals = Vec::new();
        for rival in RIVALS {
            println!("building {}", rival.title);
            let work = rival.build(&wsdl)?;
            rivals.push((rival, rival.start(&work)?));
        }
        let own = std::env::current_exe()?;
        let floor_http = Process::telling(Command::new(own).arg("floor-http"))?;
        let field = Self { floor_http, rivals };
        println!("warming up");
        for (rival, process) in &field.rivals {
            let leads = WARM..WARM + rival.leads;
            creates(&Server::signer(), process, leads.clone())?;
            reads(&Server::signer(), process, leads, rival.reads)?;
        }
        Ok(field)
    }

    /// One round.
    pub(super) fn round(&self, figures: &mut Figures, number: usize, size: Size) -> Result<()> {
        let signer = Server::signer();
        let server = Server::start()?;
        let own = "leadkeep";
        let leads = 0..size.leads;
        let calls = batches(&signer, leads.clone(), LEADS, messages::create);
        let phase = drive(server.address, FEW, &calls, size.leads, CREATED)?;
        figures.add(("creates", own), phase.rate());
        let created = floor::Rows::read(&server.database())?;
        let calls = batches(&signer, leads.clone(), LEADS, messages::update);
        let phase = drive(server.address, FEW, &calls, size.leads, UPDATED)?;
        figures.add(("updates", own), phase.rate());
        let updated = floor::Rows::read(&server.database())?;
        let mut floors = [("floor-write", USUAL_PAGES), (OWN_PAGES, PAGE_SIZE)];
        // Whoever writes second may have to wait for the disk of the first.
        if number % 2 == 1 {
            floors.reverse();
        }
        for (name, page_size) in floors {
            let floor = floor::write(server.directory(), page_size, &created, &updated)?;
            figures.add(("creates", name), floor.creates);
            figures.add(("updates", name), floor.updates);
        }
        drop((created, updated));
        figures.add(("creates", "original"), ORIGINAL);

        let reading = single_reads(&signer, leads, size.singles);
        let phase = drive(server.address, MANY, &reading, size.singles, FOUND)?;
        figures.add(("getLead", own), phase.rate());
        let singles = size.leads..size.leads + size.singles;
        let calls = batches(&signer, singles, 1, messages::sync_lead);
        let phase = drive(server.address, MANY, &calls, size.singles, CREATED)?;
        figures.add(("syncLead", own), phase.rate());
        let phase = drive(self.floor_http.address, MANY, &calls, size.singles, CREATED)?;
        figures.add(("syncLead", "floor-http"), phase.rate());

        let objects = size.leads / 2;
        for (what, message) in [
            ("syncCustomObjects", messages::custom_objects as Message),
            ("syncMObjects", messages::opportunities as Message),
        ] {
            let calls = batches(&signer, 0..objects, OBJECTS, message);
            let phase = drive(server.address, FEW, &calls, objects, CREATED)?;
            figures.add((what, own), phase.rate());
        }
        drop(server);

        for (rival, process) in &self.rivals {
            let count = rival.leads / size.divisor;
            let leads = number * count..(number + 1) * count;
            let rate = creates(&signer, process, leads.clone())?;
            figures.add(("creates", rival.title), rate);
            let rate = reads(&signer, process, leads, rival.reads / size.divisor)?;
            figures.add(("getLead", rival.title), rate);
        }

        let message = messages::create(&signer, 0..LEADS);
        figures.add(("XML in", own), decode::typed(&message)?);
        figures.add(("XML in", "floor-parse"), decode::floor(&message)?);
        Ok(())
    }
}

/// Numbers of leads that no round has.
const WARM: usize = 100_000_000;
/// Makes a call of some numbers.
pub(crate) type Message = fn(&Signer, messages::Range) -> Vec<u8>;

/// Calls of some records each.
pub(crate) fn batches(
    signer: &Signer,
    numbers: messages::Range,
    size: usize,
    message: Message,
) -> Vec<Vec<u8>> {
    numbers
        .clone()
        .step_by(size)
        .map(|from| message(signer, from..numbers.end.min(from + size)))
        .collect()
}

/// Creates leads by calls of 300; leads a second.
pub(crate) fn create(server: &Server, leads: messages::Range) -> Result<f64> {
    let calls = batches(&Server::signer(), leads.clone(), LEADS, messages::create);
    Ok(drive(server.address, FEW, &calls, leads.len(), CREATED)?.rate())
}

fn creates(signer: &Signer, process: &Process, leads: messages::Range) -> Result<f64> {
    let calls = batches(signer, leads.clone(), LEADS, messages::create);
    Ok(drive(process.address, FEW, &calls, leads.len(), CREATED)?.rate())
}

fn reads(signer: &Signer, process: &Process, leads: messages::Range, count: usize) -> Result<f64> {
    let calls = single_reads(signer, leads, count);
    Ok(drive(process.address, MANY, &calls, count, FOUND)?.rate())
}

/// Calls of getLead. A stride that shares no factor with common sizes visits the leads in no helpful order.
pub(crate) fn single_reads(signer: &Signer, leads: messages::Range, count: usize) -> Vec<Vec<u8>> {
    (0..count)
        .map(|call| messages::get_lead(signer, leads.start + call * 7919 % leads.len()))
        .collect()
}

/// Reads all leads page by page on one connection; leads a second.
pub(crate) fn read_all(server: &Server, leads: usize, wanted: Wanted) -> Result<f64> {
    let signer = Server::signer();
    let mut connection = crate::http::Connection::open(server.address)?;
    let (mut position, mut seen) = (String::new(), 0);
    let started = Instant::now();
    while seen < leads {
        let answer = connection.post(&messages::updated_leads(&signer, wanted, &position))?;
        // What is looked for stands before the leads.
        let head = String::from_utf8_lossy(&answer[..answer.len().min(2_000)]);
        let between = |from: &str| {
            let (_, rest) = head.split_once(from)?;
            rest.split('<').next()
        };
        let count: usize = between("<returnCount>")
            .and_then(|count| count.parse().ok())
            .filter(|count| *count > 0)
            .context("a page without leads")?;
        let values = memmem::find_iter(answer, "</attrValue>").count();
        ensure!(values >= count * TEN.len(), "leads without their values");
        seen += count;
        let next = between("<newStreamPosition>").context("a page without a position")?;
        next.clone_into(&mut position);
    }
    ensure!(seen == leads, "{leads} leads were expected, {seen} came");
    Ok(rate(seen, started.elapsed()))
}
