//! Definitions, static lists, counts, and what is known of fields.

use crate::error::{failed, unreadable};
use crate::statements::{attribute, execute_each, prepare, rows, time, value};
use leadkeep_core::ids::{ListId, ProgramId};
use leadkeep_core::store::{Counts, Definition, DefinitionKind, FieldIndex, Result, StaticList};
use rusqlite::{Connection, Row};

/// Gives one row, which [`version_of`] reads.
pub(crate) const VERSION: &str = "SELECT version, writer FROM schema_version";

/// The version of the definitions, and the process that has written last.
pub(crate) fn version_of(row: &Row<'_>) -> rusqlite::Result<(u64, i64)> {
    Ok((row.get(0)?, row.get(1)?))
}

/// As [`version_of`].
pub(crate) fn version(connection: &Connection) -> Result<(u64, i64)> {
    prepare(connection, VERSION)?
        .query_row([], version_of)
        .map_err(failed)
}

/// Says who has written last.
pub(crate) fn set_writer(connection: &Connection, writer: i64) -> Result<()> {
    prepare(connection, "UPDATE schema_version SET writer = ?1")?
        .execute([writer])
        .map(drop)
        .map_err(failed)
}

pub(crate) fn all(connection: &Connection) -> Result<Vec<Definition>> {
    let sql = "SELECT kind, name, body, updated_at FROM definition ORDER BY kind, position";
    let mut definitions = rows(connection, sql, [], |row| {
        let word: String = row.get(0)?;
        let kind = DefinitionKind::ALL
            .into_iter()
            .find(|kind| kind.as_str() == word)
            .ok_or_else(|| {
                unreadable(
                    0,
                    std::io::Error::other(format!("no definition is of kind {word}")),
                )
            })?;
        Ok(Definition {
            kind,
            name: row.get(1)?,
            body: row.get(2)?,
            updated_at: time(row, 3)?,
        })
    })?;
    definitions.sort_by_key(|definition| definition.kind);
    Ok(definitions)
}

pub(crate) fn put(connection: &Connection, definitions: &[Definition]) -> Result<()> {
    if definitions.is_empty() {
        return Ok(());
    }
    let sql = "INSERT INTO definition (kind, name, position, body, updated_at) \
               VALUES (?1, ?2, (SELECT coalesce(max(position), 0) + 1 FROM definition WHERE kind = ?1), ?3, ?4) \
               ON CONFLICT (kind, name) DO UPDATE SET body = excluded.body, updated_at = excluded.updated_at";
    execute_each(connection, sql, definitions, |definition| {
        (
            definition.kind.as_str(),
            definition.name.clone(),
            definition.body.clone(),
            definition.updated_at.as_second(),
        )
    })?;
    prepare(
        connection,
        "UPDATE schema_version SET version = version + 1",
    )?
    .execute([])
    .map_err(failed)?;
    Ok(())
}

pub(crate) fn static_lists(connection: &Connection) -> Result<Vec<StaticList>> {
    rows(
        connection,
        "SELECT id, name, program_id FROM static_list ORDER BY id",
        [],
        |row| {
            let program: Option<i64> = row.get(2)?;
            Ok(StaticList {
                id: ListId(row.get(0)?),
                name: row.get(1)?,
                program: program.map(ProgramId),
            })
        },
    )
}

pub(crate) fn counts(connection: &Connection) -> Result<Counts> {
    let count = |table: &str| value(connection, &format!("SELECT count(*) FROM {table}"), []);
    Ok(Counts {
        leads: count("lead")?,
        companies: count("company")?,
        activities: count("activity")?,
        opportunities: count("opportunity")?,
        roles: count("role")?,
        programs: count("program")?,
        static_lists: count("static_list")?,
        records: count("record")?,
    })
}

/// The table of a field, the expression of its value, and a condition on the rows, if any.
fn column(field: &FieldIndex) -> Result<(&'static str, String, String)> {
    Ok(match field {
        // The address is an element of the record with a column of its own.
        FieldIndex::Lead(name) if name == "Email" => {
            ("lead", "lead.email".to_owned(), String::new())
        }
        FieldIndex::Lead(name) => ("lead", attribute("lead", name)?, String::new()),
        FieldIndex::Company(name) => ("company", attribute("company", name)?, String::new()),
        FieldIndex::Opportunity(name) => (
            "opportunity",
            attribute("opportunity", name)?,
            String::new(),
        ),
        FieldIndex::Role(name) => ("role", attribute("role", name)?, String::new()),
        FieldIndex::Record(object, name) => (
            "record",
            attribute("record", name)?,
            format!(" AND record.object_id = {}", object.0),
        ),
    })
}

pub(crate) fn field_in_use(connection: &Connection, field: &FieldIndex) -> Result<bool> {
    let (table, expression, condition) = column(field)?;
    value(
        connection,
        &format!("SELECT EXISTS (SELECT 1 FROM {table} WHERE {expression} IS NOT NULL{condition})"),
        [],
    )
}

pub(crate) fn longest_value(connection: &Connection, field: &FieldIndex) -> Result<usize> {
    let (table, expression, condition) = column(field)?;
    let sql = format!(
        "SELECT coalesce(max(length({expression})), 0) FROM {table} WHERE {expression} IS NOT NULL{condition}"
    );
    value::<i64>(connection, &sql, []).map(|length| usize::try_from(length).unwrap_or_default())
}

/// The name of a field's index, where it has one of its own: records have a table for that, addresses too.
fn index_name(index: &FieldIndex) -> Option<String> {
    let (table, name) = match index {
        FieldIndex::Record(..) => return None,
        FieldIndex::Lead(name) if name == "Email" => return None,
        FieldIndex::Lead(name) => ("lead", name),
        FieldIndex::Company(name) => ("company", name),
        FieldIndex::Opportunity(name) => ("opportunity", name),
        FieldIndex::Role(name) => ("role", name),
    };
    let name: String = name.bytes().map(|byte| format!("{byte:02x}")).collect();
    Some(format!("{table}_field_{name}"))
}

pub(crate) fn has_index(connection: &Connection, index: &FieldIndex) -> Result<bool> {
    let Some(name) = index_name(index) else {
        return Ok(true);
    };
    let sql = "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'index' AND name = ?1)";
    value(connection, sql, (name,))
}

/// Indexes of attributes are made when they are first needed.
pub(crate) fn ensure_index(connection: &Connection, index: &FieldIndex) -> Result<()> {
    let Some(name) = index_name(index) else {
        return Ok(());
    };
    let (table, expression, _) = column(index)?;
    // In an index the columns of its own table stand without the table's name; the planner sees that they are the same.
    let expression = expression.replacen(&format!("{table}."), "", 1);
    let sql = format!(
        "CREATE INDEX IF NOT EXISTS {name} ON {table} ({expression}) WHERE {expression} IS NOT NULL"
    );
    connection.execute_batch(&sql).map_err(failed)
}
