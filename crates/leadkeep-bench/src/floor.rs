//! The floors: the same rows in the same tables with the same durability, by a bare loop.
//!
//! No HTTP, no XML, no rules: the rows are read out of the database that the server has just written, and written
//! again by prepared statements, 2,400 leads a commit.

use crate::report::rate;
use anyhow::{Context, Result, ensure};
use leadkeep_sqlite::{MIGRATIONS, configure};
use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags, params_from_iter};
use std::path::Path;
use std::time::Instant;

/// Leads in one commit of the floor: what eight calls of 300 are for the server.
const LEADS_A_COMMIT: usize = 2_400;

/// A row of any table.
type Row = Vec<Value>;

/// What the server has stored.
pub(crate) struct Rows {
    companies: Vec<Row>,
    leads: Vec<Row>,
    activities: Vec<Row>,
}

/// Records a second of the floor.
pub(crate) struct Floor {
    pub(crate) creates: f64,
    pub(crate) updates: f64,
}

impl Rows {
    /// Reads the tables that a sync writes, each in the order of ids.
    pub(crate) fn read(database: &Path) -> Result<Self> {
        let connection = open(database)?;
        Ok(Self {
            companies: table(&connection, "company")?,
            leads: table(&connection, "lead")?,
            activities: table(&connection, "activity")?,
        })
    }
}

fn open(database: &Path) -> Result<Connection> {
    Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_ONLY)
        .with_context(|| format!("open {}", database.display()))
}

fn table(connection: &Connection, name: &str) -> Result<Vec<Row>> {
    let mut statement = connection.prepare(&format!("SELECT * FROM {name} ORDER BY id"))?;
    let columns = statement.column_count();
    let rows = statement.query_map([], |row| {
        (0..columns).map(|column| row.get(column)).collect()
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn insert(connection: &Connection, table: &str, row: &Row) -> Result<()> {
    let places = vec!["?"; row.len()].join(", ");
    connection
        .prepare_cached(&format!("INSERT INTO {table} VALUES ({places})"))?
        .execute(params_from_iter(row))?;
    Ok(())
}

/// Writes what the server had after the creates, then what the updates changed.
pub(crate) fn write(directory: &Path, created: &Rows, updated: &Rows) -> Result<Floor> {
    let connection = Connection::open(directory.join("floor.sqlite"))?;
    configure(&connection)?;
    for migration in MIGRATIONS {
        connection.execute_batch(migration)?;
    }
    let leads = created.leads.len();
    ensure!(
        created.companies.len() == leads,
        "every new lead has a company row of its own"
    );
    ensure!(
        created.activities.len() == leads,
        "every new lead has one activity"
    );

    let started = Instant::now();
    for from in (0..leads).step_by(LEADS_A_COMMIT) {
        connection.execute_batch("BEGIN IMMEDIATE")?;
        for at in from..leads.min(from + LEADS_A_COMMIT) {
            insert(&connection, "company", &created.companies[at])?;
            insert(&connection, "lead", &created.leads[at])?;
            insert(&connection, "activity", &created.activities[at])?;
        }
        connection.execute_batch("COMMIT")?;
    }
    let creates = rate(leads, started.elapsed());

    let changes = &updated.activities[created.activities.len()..];
    ensure!(
        changes.len() == 2 * leads,
        "two changed values are two activities"
    );
    let started = Instant::now();
    for from in (0..leads).step_by(LEADS_A_COMMIT) {
        connection.execute_batch("BEGIN IMMEDIATE")?;
        for at in from..leads.min(from + LEADS_A_COMMIT) {
            let lead = &updated.leads[at];
            connection
                .prepare_cached("UPDATE lead SET attrs = ?2, updated_at = ?3 WHERE id = ?1")?
                .execute((&lead[0], &lead[3], &lead[8]))?;
            for change in &changes[2 * at..2 * at + 2] {
                insert(&connection, "activity", change)?;
            }
        }
        connection.execute_batch("COMMIT")?;
    }
    Ok(Floor {
        creates,
        updates: rate(leads, started.elapsed()),
    })
}

/// Reads a lead and its company by each address, on one connection.
pub(crate) fn read(database: &Path, emails: impl Iterator<Item = String>) -> Result<()> {
    let connection = open(database)?;
    let mut statement = connection.prepare(
        "SELECT lead.id, lead.email, lead.attrs, company.attrs FROM lead JOIN company ON company.id = lead.company_id \
         WHERE lead.email_lower = ?1 ORDER BY lead.id DESC",
    )?;
    for email in emails {
        let found = statement
            .query_map([email.to_lowercase()], |row| {
                Ok((row.get::<_, i64>(0)?, row.get::<_, String>(2)?))
            })?
            .collect::<rusqlite::Result<Vec<_>>>()?;
        ensure!(found.len() == 1, "{email} has {} leads", found.len());
    }
    Ok(())
}
