//! Custom object records.

use crate::error::failed;
use crate::statements::{attrs, each, execute_each, limit, prepare, rows, texts, time, value};
use leadkeep_core::ids::{ObjectTypeId, RecordId};
use leadkeep_core::store::{Record, Result};
use rusqlite::{Connection, OptionalExtension, Row, ToSql, params_from_iter};
use std::fmt::Write;

pub(crate) const RECORD: &str =
    "SELECT record.id, object_id, key, attrs, created_at, updated_at FROM record";

pub(crate) fn record(row: &Row<'_>) -> rusqlite::Result<Record> {
    Ok(Record {
        id: RecordId(row.get(0)?),
        object: ObjectTypeId(row.get(1)?),
        key: row.get(2)?,
        lookup: Vec::new(),
        attrs: attrs(row, 3)?,
        created_at: time(row, 4)?,
        updated_at: time(row, 5)?,
    })
}

fn with_lookup(connection: &Connection, record: &mut Record) -> Result<()> {
    let sql = "SELECT field, value FROM record_lookup WHERE record_id = ?1 ORDER BY field";
    record.lookup = rows(connection, sql, [record.id.0], |row| {
        Ok((row.get(0)?, row.get(1)?))
    })?;
    Ok(())
}

pub(crate) fn by_key(
    connection: &Connection,
    object: ObjectTypeId,
    keys: &[String],
) -> Result<Vec<Option<Record>>> {
    let mut statement = prepare(
        connection,
        &format!("{RECORD} WHERE object_id = ?1 AND key = ?2"),
    )?;
    keys.iter()
        .map(|key| {
            let mut found = statement
                .query_row((object.0, key), record)
                .optional()
                .map_err(failed)?;
            if let Some(record) = &mut found {
                with_lookup(connection, record)?;
            }
            Ok(found)
        })
        .collect()
}

/// The condition of a filter, and the values of its parameters.
fn condition(
    object: ObjectTypeId,
    filter: &[(String, Vec<String>)],
    after: Option<&str>,
) -> (String, Vec<Box<dyn ToSql>>) {
    // With a filter, its matches are looked up and sorted; the `+` keeps SQLite from walking through all keys instead.
    let column = if filter.is_empty() { "" } else { "+" };
    let mut sql = format!("WHERE {column}object_id = ?1");
    let mut values: Vec<Box<dyn ToSql>> = vec![Box::new(object.0)];
    // Writing to a string cannot fail, here and below.
    if let Some(after) = after {
        values.push(Box::new(after.to_owned()));
        let _ = write!(sql, " AND {column}key > ?2");
    }
    for (field, alternatives) in filter {
        values.push(Box::new(field.clone()));
        let _ = write!(
            sql,
            " AND record.id IN (SELECT record_id FROM record_lookup WHERE object_id = ?1 AND field = ?{} AND value IN \
             (SELECT value FROM rarray(?{})))",
            values.len(),
            values.len() + 1
        );
        values.push(Box::new(texts(alternatives)));
    }
    (sql, values)
}

pub(crate) fn after(
    connection: &Connection,
    object: ObjectTypeId,
    filter: &[(String, Vec<String>)],
    after: Option<&str>,
    count: usize,
) -> Result<Vec<Record>> {
    let (condition, values) = condition(object, filter, after);
    let sql = format!("{RECORD} {condition} ORDER BY key LIMIT {}", limit(count));
    let mut found = rows(connection, &sql, params_from_iter(values), record)?;
    for record in &mut found {
        with_lookup(connection, record)?;
    }
    Ok(found)
}

pub(crate) fn count(
    connection: &Connection,
    object: ObjectTypeId,
    filter: &[(String, Vec<String>)],
    after: Option<&str>,
) -> Result<u64> {
    let (condition, values) = condition(object, filter, after);
    value(
        connection,
        &format!("SELECT count(*) FROM record {condition}"),
        params_from_iter(values),
    )
}

pub(crate) fn count_with(
    connection: &Connection,
    values: &[(ObjectTypeId, String, String)],
) -> Result<Vec<u64>> {
    let sql =
        "SELECT count(*) FROM record_lookup WHERE object_id = ?1 AND field = ?2 AND value = ?3";
    let counts = each(
        connection,
        sql,
        values,
        |(object, field, value)| (object.0, field, value),
        |row| row.get(0),
    )?;
    Ok(counts.into_iter().map(Option::unwrap_or_default).collect())
}

pub(crate) fn insert(connection: &Connection, records: &[Record]) -> Result<()> {
    let sql = "INSERT INTO record (id, object_id, key, attrs, created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    write(connection, sql, records)?;
    write_lookup(connection, records)
}

pub(crate) fn update(connection: &Connection, records: &[Record]) -> Result<()> {
    let sql = "UPDATE record SET object_id = ?2, key = ?3, attrs = ?4, created_at = ?5, updated_at = ?6 WHERE id = ?1";
    write(connection, sql, records)?;
    execute_each(
        connection,
        "DELETE FROM record_lookup WHERE record_id = ?1",
        records,
        |record| (record.id.0,),
    )?;
    write_lookup(connection, records)
}

fn write(connection: &Connection, sql: &str, records: &[Record]) -> Result<()> {
    execute_each(connection, sql, records, |record| {
        (
            record.id.0,
            record.object.0,
            &record.key,
            record.attrs.to_json(),
            record.created_at.as_second(),
            record.updated_at.as_second(),
        )
    })
}

fn write_lookup(connection: &Connection, records: &[Record]) -> Result<()> {
    let sql =
        "INSERT INTO record_lookup (object_id, field, value, record_id) VALUES (?1, ?2, ?3, ?4)";
    for record in records {
        execute_each(connection, sql, &record.lookup, |(field, value)| {
            (record.object.0, field, value, record.id.0)
        })?;
    }
    Ok(())
}
