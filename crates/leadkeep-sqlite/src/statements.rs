//! How statements are prepared and run, and how columns are read.

use crate::error::failed;
use jiff::Timestamp;
use leadkeep_core::attrs::{Attrs, Names};
use leadkeep_core::store::{Result, StoreError};
use rusqlite::types::{FromSql, Value};
use rusqlite::vtab::array::Array;
use rusqlite::{CachedStatement, Connection, OptionalExtension, Params, Row, ToSql};
use std::cmp::Ordering;
use std::rc::Rc;

/// A prepared statement out of the connection's cache.
pub(crate) fn prepare<'c>(connection: &'c Connection, sql: &str) -> Result<CachedStatement<'c>> {
    #[cfg(test)]
    crate::plans::heard(sql);
    connection.prepare_cached(sql).map_err(failed)
}

/// Runs a statement without parameters, such as the ends of transactions; it stays prepared.
pub(crate) fn execute(connection: &Connection, sql: &str) -> Result<()> {
    let mut statement = connection.prepare_cached(sql).map_err(failed)?;
    statement.execute([]).map(|_| ()).map_err(failed)
}

/// All rows of a query.
pub(crate) fn rows<T>(
    connection: &Connection,
    sql: &str,
    params: impl Params,
    read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Vec<T>> {
    prepare(connection, sql)?
        .query_map(params, read)
        .and_then(Iterator::collect)
        .map_err(failed)
}

/// The row of each key, where there is one.
pub(crate) fn each<'k, K, T, P: Params>(
    connection: &Connection,
    sql: &str,
    keys: &'k [K],
    params: impl Fn(&'k K) -> P,
    mut read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Vec<Option<T>>> {
    let mut statement = prepare(connection, sql)?;
    keys.iter()
        .map(|key| {
            statement
                .query_row(params(key), &mut read)
                .optional()
                .map_err(failed)
        })
        .collect()
}

/// Runs a statement once for each item.
pub(crate) fn execute_each<'i, T, P: Params>(
    connection: &Connection,
    sql: &str,
    items: &'i [T],
    params: impl Fn(&'i T) -> P,
) -> Result<()> {
    let mut statement = prepare(connection, sql)?;
    for item in items {
        statement.execute(params(item)).map_err(failed)?;
    }
    Ok(())
}

/// Whole numbers as the table `rarray(?)` of a statement.
pub(crate) fn integers(numbers: impl Iterator<Item = i64>) -> Array {
    Rc::new(numbers.map(Value::Integer).collect())
}

/// Texts as the table `rarray(?)` of a statement.
pub(crate) fn texts(texts: &[String]) -> Array {
    Rc::new(texts.iter().cloned().map(Value::Text).collect())
}

/// How many rows one statement inserts: what SQLite does once a statement costs as much as what it does once a row.
/// What does not fill a longer one is left to shorter ones.
const ROWS: [usize; 3] = [32, 8, 1];

/// The places of the values of a row in a statement, or of several rows.
pub(crate) struct RowPlaces<'a, 'c> {
    statement: &'a mut CachedStatement<'c>,
    next: usize,
}

impl<'a, 'c> RowPlaces<'a, 'c> {
    /// Those of a statement, from the first one on.
    pub(crate) fn of(statement: &'a mut CachedStatement<'c>) -> Self {
        Self { statement, next: 1 }
    }

    /// Sets the value of the next column.
    pub(crate) fn put(&mut self, value: impl ToSql) -> rusqlite::Result<()> {
        self.statement.raw_bind_parameter(self.next, value)?;
        self.next += 1;
        Ok(())
    }
}

/// Inserts a row for each item; `into` is the table with its columns, and `row` puts a value into each of them.
pub(crate) fn insert_rows<T>(
    connection: &Connection,
    into: &str,
    columns: usize,
    items: &[T],
    mut row: impl FnMut(&mut RowPlaces<'_, '_>, &T) -> rusqlite::Result<()>,
) -> Result<()> {
    let mut rest = items;
    for rows in ROWS {
        if rest.len() < rows {
            continue;
        }
        let one = format!("({})", vec!["?"; columns].join(", "));
        // A statement that would undo its own rows if one of them is refused copies all pages that it writes. Refused
        // rows are undone with their call.
        let sql = format!(
            "INSERT OR FAIL INTO {into} VALUES {}",
            vec![one; rows].join(", ")
        );
        let mut statement = prepare(connection, &sql)?;
        let chunks = rest.chunks_exact(rows);
        rest = chunks.remainder();
        for chunk in chunks {
            let mut places = RowPlaces::of(&mut statement);
            for item in chunk {
                row(&mut places, item).map_err(failed)?;
            }
            statement.raw_execute().map_err(failed)?;
        }
    }
    Ok(())
}

/// As [`insert_rows`], into a table whose rows have ids; `columns` are the others.
///
/// Where SQLite itself would give the rows the same ids, since they follow on the last one of the table, it does: then it looks for no
/// place, and no id can be refused, for which it would copy the pages that it writes.
pub(crate) fn insert_rows_with_ids<T>(
    connection: &Connection,
    table: &str,
    columns: &[&str],
    items: &[T],
    id: impl Fn(&T) -> i64,
    mut row: impl FnMut(&mut RowPlaces<'_, '_>, &T) -> rusqlite::Result<()>,
) -> Result<()> {
    let follow = || items.windows(2).all(|two| id(&two[0]) + 1 == id(&two[1]));
    let alone = match items.first() {
        // Fewer make no statement that inserts several.
        Some(first) if items.len() > ROWS[1] && follow() => {
            let sql = format!("SELECT max(id) FROM {table}");
            let last: Option<i64> = value(connection, &sql, [])?;
            match (last.unwrap_or(0) + 1).cmp(&id(first)) {
                Ordering::Less => 1,
                Ordering::Equal => 0,
                Ordering::Greater => items.len(),
            }
        }
        _ => items.len(),
    };
    let (with_ids, without) = items.split_at(alone);
    let columns_and_id = columns.len() + 1;
    let columns = columns.join(", ");
    let into = format!("{table} (id, {columns})");
    insert_rows(
        connection,
        &into,
        columns_and_id,
        with_ids,
        |places, item| {
            places.put(id(item))?;
            row(places, item)
        },
    )?;
    let into = format!("{table} ({columns})");
    insert_rows(connection, &into, columns_and_id - 1, without, row)
}

/// One value of one row.
pub(crate) fn value<T: FromSql>(
    connection: &Connection,
    sql: &str,
    params: impl Params,
) -> Result<T> {
    prepare(connection, sql)?
        .query_row(params, |row| row.get(0))
        .map_err(failed)
}

/// Reads attributes out of a column.
pub(crate) fn attrs(row: &Row<'_>, column: usize) -> rusqlite::Result<Attrs> {
    let text = row.get_ref(column)?.as_str()?;
    Attrs::from_json(text).map_err(|error| crate::error::unreadable(column, error))
}

/// As [`attrs`], with names that other rows have had already.
pub(crate) fn attrs_with(
    row: &Row<'_>,
    column: usize,
    names: &mut Names,
) -> rusqlite::Result<Attrs> {
    let text = row.get_ref(column)?.as_str()?;
    Attrs::from_json_with(text, names).map_err(|error| crate::error::unreadable(column, error))
}

/// Reads a time out of a column.
pub(crate) fn time(row: &Row<'_>, column: usize) -> rusqlite::Result<Timestamp> {
    Timestamp::from_second(row.get(column)?)
        .map_err(|error| crate::error::unreadable(column, error))
}

/// A time out of a column that may be empty.
pub(crate) fn maybe_time(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Timestamp>> {
    match row.get_ref(column)?.as_i64_or_null()? {
        Some(_) => time(row, column).map(Some),
        None => Ok(None),
    }
}

/// A limit as SQL has it.
pub(crate) fn limit(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

/// The expression of an attribute, spelled in the same way wherever it is used, so that its index is found.
///
/// The name stands in it as a JSON string, which SQLite compares as such, inside a string of SQL.
pub(crate) fn attribute(table: &str, field: &str) -> Result<String> {
    let label =
        serde_json::to_string(field).map_err(|error| StoreError::Failed(error.to_string()))?;
    Ok(format!(
        "{table}.attrs ->> '$.{}'",
        label.replace('\'', "''")
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        /// Whatever is in the table and whatever the ids are, rows stand under the ids that they have.
        #[test]
        fn rows_keep_their_ids(batches in proptest::collection::vec((0..200_i64, 1..70_i64, 1..3_i64), 1..12)) {
            let connection = Connection::open_in_memory().unwrap();
            connection.execute_batch("CREATE TABLE t (id INTEGER PRIMARY KEY, v INTEGER)").unwrap();
            let mut expected = BTreeMap::new();
            for (gap, count, step) in batches {
                let last = expected.last_key_value().map_or(0, |(id, _)| *id);
                // At first the next one, then with a gap, then below others.
                for first in [last + 1, last + 300 + gap, last + 1 + count * 3] {
                    let ids: Vec<i64> = (0..count).map(|n| first + n * step).filter(|id| !expected.contains_key(id)).collect();
                    insert_rows_with_ids(&connection, "t", &["v"], &ids, |id| *id, |row, id| row.put(-id)).unwrap();
                    expected.extend(ids.iter().map(|id| (*id, -id)));
                }
            }
            let found = rows(&connection, "SELECT id, v FROM t", [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
            prop_assert_eq!(found, expected.into_iter().collect::<Vec<(i64, i64)>>());
        }
    }

    #[test]
    fn an_id_twice_is_refused() {
        let connection = Connection::open_in_memory().unwrap();
        connection
            .execute_batch("CREATE TABLE t (id INTEGER PRIMARY KEY, v INTEGER)")
            .unwrap();
        let insert = |ids: &[i64]| {
            insert_rows_with_ids(
                &connection,
                "t",
                &["v"],
                ids,
                |id| *id,
                |row, id| row.put(id),
            )
        };
        let ids: Vec<i64> = (1..=20).collect();
        insert(&ids).unwrap();
        assert!(insert(&ids[10..]).is_err());
        assert!(insert(&[30; 20]).is_err());
    }
}
