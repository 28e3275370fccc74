//! The floors: the same rows in the same tables with the same durability, by a bare loop.
//!
//! No HTTP, no XML, no rules: the rows are read out of the database that the server has just written, and written
//! again by prepared statements, 2,400 leads a commit.

use crate::load::rate;
use crate::messages::TEN;
use anyhow::{Context, Result, ensure};
use leadkeep_sqlite::{MIGRATIONS, configure};
use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, OpenFlags, Statement, params_from_iter};
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
    /// The hash of each lead's address.
    addresses: Vec<Row>,
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
            companies: rows(&connection, "SELECT * FROM company ORDER BY id")?,
            leads: rows(&connection, "SELECT * FROM lead ORDER BY id")?,
            addresses: rows(
                &connection,
                "SELECT * FROM address_latest UNION ALL SELECT * FROM address_new \
                 UNION ALL SELECT * FROM address_recent UNION ALL SELECT * FROM address ORDER BY lead_id",
            )?,
            activities: rows(&connection, "SELECT * FROM activity ORDER BY id")?,
        })
    }
}

fn open(database: &Path) -> Result<Connection> {
    Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_ONLY)
        .with_context(|| format!("open {}", database.display()))
}

fn rows(connection: &Connection, sql: &str) -> Result<Vec<Row>> {
    let mut statement = connection.prepare(sql)?;
    let columns = statement.column_count();
    let rows = statement.query_map([], |row| {
        (0..columns).map(|column| row.get(column)).collect()
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn insert<'c>(connection: &'c Connection, table: &str, columns: usize) -> Result<Statement<'c>> {
    let places = vec!["?"; columns].join(", ");
    Ok(connection.prepare(&format!("INSERT INTO {table} VALUES ({places})"))?)
}

/// Writes what the server had after the creates, then what the updates changed, into a file with pages of so many bytes.
pub(crate) fn write(
    directory: &Path,
    page_size: u32,
    created: &Rows,
    updated: &Rows,
) -> Result<Floor> {
    let connection = Connection::open(directory.join(format!("floor-{page_size}.sqlite")))?;
    connection.pragma_update(None, "page_size", page_size)?;
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
        created.addresses.len() == leads,
        "every new lead has an address"
    );
    ensure!(
        created.activities.len() == leads,
        "every new lead has one activity"
    );

    let width = |rows: &[Row]| rows.first().map_or(0, Vec::len);
    let mut company = insert(&connection, "company", width(&created.companies))?;
    let mut lead = insert(&connection, "lead", width(&created.leads))?;
    // One index, as anybody would make it.
    let mut address = insert(&connection, "address", width(&created.addresses))?;
    let mut activity = insert(&connection, "activity", width(&created.activities))?;
    let started = Instant::now();
    for from in (0..leads).step_by(LEADS_A_COMMIT) {
        connection.execute_batch("BEGIN IMMEDIATE")?;
        for at in from..leads.min(from + LEADS_A_COMMIT) {
            company.execute(params_from_iter(&created.companies[at]))?;
            lead.execute(params_from_iter(&created.leads[at]))?;
            address.execute(params_from_iter(&created.addresses[at]))?;
            activity.execute(params_from_iter(&created.activities[at]))?;
        }
        connection.execute_batch("COMMIT")?;
    }
    let creates = rate(leads, started.elapsed());

    let changes = &updated.activities[created.activities.len()..];
    ensure!(
        changes.len() == 2 * leads,
        "two changed values are two activities"
    );
    let mut update =
        connection.prepare("UPDATE lead SET attrs = ?2, updated_at = ?3 WHERE id = ?1")?;
    let started = Instant::now();
    for from in (0..leads).step_by(LEADS_A_COMMIT) {
        connection.execute_batch("BEGIN IMMEDIATE")?;
        for at in from..leads.min(from + LEADS_A_COMMIT) {
            let lead = &updated.leads[at];
            update.execute((&lead[0], &lead[2], &lead[7]))?;
            for change in &changes[2 * at..2 * at + 2] {
                activity.execute(params_from_iter(change))?;
            }
        }
        connection.execute_batch("COMMIT")?;
    }
    Ok(Floor {
        creates,
        updates: rate(leads, started.elapsed()),
    })
}

/// Reads all leads with their address and ten values, as one statement gives them. Gives leads a second.
pub(crate) fn select_values(database: &Path) -> Result<f64> {
    let values = TEN.map(|name| {
        let table = match name {
            "Company" | "Industry" => "company",
            _ => "lead",
        };
        format!("{table}.attrs ->> '$.{name}'")
    });
    select(database, &format!("lead.email, {}", values.join(", ")))
}

/// Reads all leads with their attributes and those of their companies as they are stored, without a look into them.
pub(crate) fn select_rows(database: &Path) -> Result<f64> {
    select(
        database,
        "lead.email, lead.attrs, company.attrs, lead.created_at, lead.updated_at",
    )
}

fn select(database: &Path, columns: &str) -> Result<f64> {
    let connection = open(database)?;
    let started = Instant::now();
    let mut statement = connection.prepare(&format!(
        "SELECT lead.id, {columns} FROM lead JOIN company ON company.id = lead.company_id ORDER BY lead.id"
    ))?;
    let columns = statement.column_count();
    let mut rows = statement.query([])?;
    let mut count = 0;
    while let Some(row) = rows.next()? {
        let _: i64 = row.get(0)?;
        for column in 1..columns {
            match row.get_ref(column)? {
                ValueRef::Integer(_) => {
                    let _: i64 = row.get(column)?;
                }
                // A value that is missing would make the floor look fast.
                _ => {
                    let _: String = row.get(column)?;
                }
            }
        }
        count += 1;
    }
    Ok(rate(count, started.elapsed()))
}
