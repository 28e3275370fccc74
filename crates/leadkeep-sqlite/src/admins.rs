//! Admin users, their sessions, and what they did.

use crate::error::{failed, unreadable};
use crate::statements::{execute_each, limit, prepare, rows, time};
use leadkeep_core::admins::{Admin, AuditEntry, Session, Sessions};
use leadkeep_core::store::{Result, StoreError};
use rusqlite::{Connection, OptionalExtension};

pub(crate) fn all(connection: &Connection) -> Result<Vec<Admin>> {
    let sql = "SELECT body FROM admin_user ORDER BY name";
    rows(connection, sql, [], |row| {
        serde_json::from_str(row.get_ref(0)?.as_str()?).map_err(|error| unreadable(0, error))
    })
}

pub(crate) fn put(connection: &Connection, admin: &Admin) -> Result<()> {
    let body =
        serde_json::to_string(admin).map_err(|error| StoreError::Failed(error.to_string()))?;
    prepare(
        connection,
        "INSERT OR REPLACE INTO admin_user (name, body) VALUES (?1, ?2)",
    )?
    .execute((&admin.name, body))
    .map(|_| ())
    .map_err(failed)
}

pub(crate) fn session(connection: &Connection, token: &[u8]) -> Result<Option<Session>> {
    let sql = "SELECT token, admin, made_at, seen_at FROM admin_session WHERE token = ?1";
    prepare(connection, sql)?
        .query_row([token], |row| {
            Ok(Session {
                token: row.get(0)?,
                admin: row.get(1)?,
                made_at: time(row, 2)?,
                seen_at: time(row, 3)?,
            })
        })
        .optional()
        .map_err(failed)
}

pub(crate) fn put_session(connection: &Connection, session: &Session) -> Result<()> {
    let sql = "INSERT OR REPLACE INTO admin_session (token, admin, made_at, seen_at) VALUES (?1, ?2, ?3, ?4)";
    let (made_at, seen_at) = (session.made_at.as_second(), session.seen_at.as_second());
    prepare(connection, sql)?
        .execute((&session.token, &session.admin, made_at, seen_at))
        .map(|_| ())
        .map_err(failed)
}

pub(crate) fn delete_sessions(connection: &Connection, sessions: &Sessions) -> Result<()> {
    let deleted = match sessions {
        Sessions::Token(token) => {
            prepare(connection, "DELETE FROM admin_session WHERE token = ?1")?.execute([token])
        }
        Sessions::Of(admin) => {
            prepare(connection, "DELETE FROM admin_session WHERE admin = ?1")?.execute([admin])
        }
        Sessions::SeenBefore(time) => {
            prepare(connection, "DELETE FROM admin_session WHERE seen_at < ?1")?
                .execute([time.as_second()])
        }
    };
    deleted.map(|_| ()).map_err(failed)
}

pub(crate) fn audit_before(
    connection: &Connection,
    before: Option<i64>,
    count: usize,
) -> Result<Vec<AuditEntry>> {
    let sql = "SELECT id, at, admin, action, subject, detail FROM audit WHERE id < ?1 \
               ORDER BY id DESC LIMIT ?2";
    let params = (before.unwrap_or(i64::MAX), limit(count));
    rows(connection, sql, params, |row| {
        Ok(AuditEntry {
            id: row.get(0)?,
            at: time(row, 1)?,
            admin: row.get(2)?,
            action: row.get(3)?,
            subject: row.get(4)?,
            detail: row.get(5)?,
        })
    })
}

pub(crate) fn append_audit(connection: &Connection, entries: &[AuditEntry]) -> Result<()> {
    let sql = "INSERT INTO audit (at, admin, action, subject, detail) VALUES (?1, ?2, ?3, ?4, ?5)";
    execute_each(connection, sql, entries, |entry| {
        (
            entry.at.as_second(),
            &entry.admin,
            &entry.action,
            &entry.subject,
            &entry.detail,
        )
    })
}
