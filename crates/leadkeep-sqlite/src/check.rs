//! Whether a database is whole.

use crate::companies::{COMPANY, company_reader};
use crate::database::connect;
use crate::error::OpenError;
use crate::leads::{COLUMNS, lead_reader};
use crate::migrate::known_version;
use crate::mobjects::{OPPORTUNITY, opportunity};
use crate::records::{RECORD, record};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};
use std::path::Path;

/// Something that is looked at, and the rows that are wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What should not be there.
    pub what: &'static str,
    /// How many rows are wrong.
    pub count: u64,
    /// The first of them: ids, or what SQLite says.
    pub examples: Vec<String>,
}

/// Rows that are shown.
const EXAMPLES: usize = 5;

/// What should not be there, and the statement that finds it.
const CHECKS: [(&str, &str); 21] = [
    (
        "damage of the file",
        "SELECT * FROM pragma_integrity_check WHERE integrity_check <> 'ok'",
    ),
    (
        "leads without their company",
        "SELECT id FROM lead WHERE NOT EXISTS (SELECT 1 FROM company WHERE company.id = lead.company_id)",
    ),
    (
        "leads that are not found by their address",
        "SELECT id FROM lead WHERE email IS NOT NULL \
         AND NOT EXISTS (SELECT 1 FROM address_latest WHERE hash = address_hash(lead.email) AND lead_id = lead.id) \
         AND NOT EXISTS (SELECT 1 FROM address_new WHERE hash = address_hash(lead.email) AND lead_id = lead.id) \
         AND NOT EXISTS (SELECT 1 FROM address_recent WHERE hash = address_hash(lead.email) AND lead_id = lead.id) \
         AND NOT EXISTS (SELECT 1 FROM address WHERE hash = address_hash(lead.email) AND lead_id = lead.id)",
    ),
    (
        "addresses of no lead",
        "SELECT lead_id FROM (SELECT * FROM address_latest UNION ALL SELECT * FROM address_new UNION ALL SELECT * FROM address_recent \
         UNION ALL SELECT * FROM address) AS own \
         WHERE NOT EXISTS (SELECT 1 FROM lead WHERE id = own.lead_id AND address_hash(email) = own.hash)",
    ),
    (
        "foreign ids of no lead",
        "SELECT value FROM foreign_id WHERE NOT EXISTS (SELECT 1 FROM lead WHERE id = lead_id)",
    ),
    (
        "cookies of no lead",
        "SELECT lead_id FROM lead_cookie WHERE NOT EXISTS (SELECT 1 FROM lead WHERE id = lead_id)",
    ),
    (
        "merged leads that are still there",
        "SELECT loser FROM merged_lead WHERE EXISTS (SELECT 1 FROM lead WHERE id = loser)",
    ),
    // A lead that was deleted keeps the activity that says so.
    (
        "activities of no lead",
        "SELECT id FROM activity WHERE type <> 37 AND NOT EXISTS (SELECT 1 FROM lead WHERE lead.id = lead_id)",
    ),
    (
        "opportunities without their company",
        "SELECT id FROM opportunity WHERE company_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM company WHERE company.id = company_id)",
    ),
    (
        "roles of no opportunity",
        "SELECT id FROM role WHERE NOT EXISTS (SELECT 1 FROM opportunity WHERE opportunity.id = opportunity_id)",
    ),
    (
        "roles of no lead",
        "SELECT id FROM role WHERE NOT EXISTS (SELECT 1 FROM lead WHERE lead.id = lead_id)",
    ),
    (
        "costs of no program",
        "SELECT id FROM program_cost WHERE NOT EXISTS (SELECT 1 FROM program WHERE program.id = program_id)",
    ),
    (
        "lists of no program",
        "SELECT id FROM static_list WHERE program_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM program WHERE program.id = program_id)",
    ),
    (
        "members of no list",
        "SELECT DISTINCT list_id FROM list_member WHERE NOT EXISTS (SELECT 1 FROM static_list WHERE id = list_id)",
    ),
    (
        "members that are no lead",
        "SELECT lead_id FROM list_member WHERE NOT EXISTS (SELECT 1 FROM lead WHERE id = lead_id)",
    ),
    (
        "values of no custom object",
        "SELECT record_id FROM record_lookup WHERE NOT EXISTS (SELECT 1 FROM record WHERE id = record_id)",
    ),
    (
        "rows of no import",
        "SELECT DISTINCT import_id FROM import_row WHERE NOT EXISTS (SELECT 1 FROM import WHERE id = import_id)",
    ),
    (
        "steps of campaigns for no lead",
        "SELECT id FROM campaign_task WHERE NOT EXISTS (SELECT 1 FROM lead WHERE lead.id = lead_id) AND NOT EXISTS (SELECT 1 FROM merged_lead WHERE loser = lead_id)",
    ),
    (
        "activities whose attributes cannot be read",
        "SELECT id FROM activity WHERE NOT json_valid(attributes)",
    ),
    (
        "definitions that cannot be read",
        "SELECT kind || ' ' || name FROM definition WHERE NOT json_valid(body)",
    ),
    (
        "ids that would be given twice",
        "SELECT name || ' ' || next FROM sequence WHERE next <= coalesce(CASE name \
         WHEN 'lead' THEN (SELECT max(id) FROM lead) WHEN 'company' THEN (SELECT max(id) FROM company) \
         WHEN 'activity' THEN (SELECT max(id) FROM activity) WHEN 'opportunity' THEN (SELECT max(id) FROM opportunity) \
         WHEN 'role' THEN (SELECT max(id) FROM role) WHEN 'program' THEN (SELECT max(id) FROM program) \
         WHEN 'cost' THEN (SELECT max(id) FROM program_cost) WHEN 'list' THEN (SELECT max(id) FROM static_list) \
         WHEN 'record' THEN (SELECT max(id) FROM record) WHEN 'import' THEN (SELECT max(id) FROM import) \
         WHEN 'run' THEN (SELECT max(id) FROM campaign_run) WHEN 'task' THEN (SELECT max(id) FROM campaign_task) END, 0)",
    ),
];

/// Looks at a database of the last schema as it is at one moment: at the file, at rows that refer to others, at values. Gives what is
/// looked at, one after the other; a count of 0 is as it should be.
///
/// # Errors
/// When the database cannot be opened or read, or is of another schema.
pub fn check_database(path: &Path, mut found: impl FnMut(Finding)) -> Result<(), OpenError> {
    let open = |error| OpenError::open(path, error);
    let connection = connect(path)?;
    let last = crate::MIGRATIONS.len();
    let version = known_version(&connection, path)?;
    if version < last {
        let reason =
            format!("it is of schema {version}; start the server once, which brings it to {last}");
        return Err(OpenError::open(path, reason));
    }
    connection.execute_batch("BEGIN").map_err(open)?;
    for (what, sql) in CHECKS {
        found(look(&connection, what, sql, |_| true));
    }
    let (mut lead, mut company) = (lead_reader(), company_reader());
    let what = "leads whose values cannot be read";
    let sql = format!("SELECT {COLUMNS} FROM lead");
    found(look(&connection, what, &sql, |row| lead(row).is_err()));
    let what = "companies whose values cannot be read";
    found(look(&connection, what, COMPANY, |row| {
        company(row).is_err()
    }));
    let what = "opportunities whose values cannot be read";
    found(look(&connection, what, OPPORTUNITY, |row| {
        opportunity(row).is_err()
    }));
    let what = "custom objects whose values cannot be read";
    found(look(&connection, what, RECORD, |row| record(row).is_err()));
    Ok(())
}

/// The rows of a statement that are wrong. What cannot be looked at is wrong too.
fn look(
    connection: &Connection,
    what: &'static str,
    sql: &str,
    is_wrong: impl FnMut(&Row<'_>) -> bool,
) -> Finding {
    let mut finding = Finding {
        what,
        count: 0,
        examples: Vec::new(),
    };
    if let Err(error) = walk(connection, sql, is_wrong, &mut finding) {
        finding.count += 1;
        finding.examples.push(error.to_string());
    }
    finding
}

fn walk(
    connection: &Connection,
    sql: &str,
    mut is_wrong: impl FnMut(&Row<'_>) -> bool,
    finding: &mut Finding,
) -> rusqlite::Result<()> {
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        if !is_wrong(row) {
            continue;
        }
        finding.count += 1;
        if finding.examples.len() < EXAMPLES {
            finding.examples.push(match row.get_ref(0)? {
                ValueRef::Integer(id) => id.to_string(),
                ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
                other => format!("{other:?}"),
            });
        }
    }
    Ok(())
}
