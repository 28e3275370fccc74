//! The calls of API users.

use crate::error::{failed, unreadable};
use crate::statements::{prepare, rows};
use leadkeep_core::store::{CallUsage, Result, StoreError};
use rusqlite::Connection;

pub(crate) fn all(connection: &Connection) -> Result<Vec<CallUsage>> {
    let sql = "SELECT user_id, day, calls, recent FROM call_usage ORDER BY user_id";
    rows(connection, sql, [], |row| {
        let recent = row.get_ref(3)?.as_str()?;
        Ok(CallUsage {
            user: row.get(0)?,
            day: row.get(1)?,
            calls: row.get(2)?,
            recent: serde_json::from_str(recent).map_err(|error| unreadable(3, error))?,
        })
    })
}

pub(crate) fn put(connection: &Connection, usage: &[CallUsage]) -> Result<()> {
    let mut statement = prepare(
        connection,
        "INSERT OR REPLACE INTO call_usage (user_id, day, calls, recent) VALUES (?1, ?2, ?3, ?4)",
    )?;
    for own in usage {
        let recent = serde_json::to_string(&own.recent)
            .map_err(|error| StoreError::Failed(error.to_string()))?;
        statement
            .execute((&own.user, &own.day, own.calls, recent))
            .map_err(failed)?;
    }
    Ok(())
}
