//! Static lists and their members.

use crate::leads::{COLUMNS, lead_reader};
use crate::statements::{each, execute_each, limit, rows, value};
use jiff::Timestamp;
use leadkeep_core::ids::{LeadId, ListId};
use leadkeep_core::store::{Lead, Result};
use rusqlite::Connection;

pub(crate) fn are_members(
    connection: &Connection,
    members: &[(ListId, LeadId)],
) -> Result<Vec<bool>> {
    let sql = "SELECT 1 FROM list_member WHERE list_id = ?1 AND lead_id = ?2";
    let found = each(
        connection,
        sql,
        members,
        |(list, lead)| (list.0, lead.0),
        |_| Ok(()),
    )?;
    Ok(found.into_iter().map(|found| found.is_some()).collect())
}

const KNOWN: &str = "FROM list_member AS member JOIN lead ON lead.id = member.lead_id \
                     WHERE member.list_id = ?1 AND member.lead_id > ?2 AND lead.anonymous = 0";

pub(crate) fn members(
    connection: &Connection,
    list: ListId,
    after: Option<LeadId>,
    count: usize,
) -> Result<Vec<Lead>> {
    let sql = format!("SELECT {COLUMNS} {KNOWN} ORDER BY member.lead_id LIMIT ?3");
    let values = (list.0, after.map_or(0, |id| id.0), limit(count));
    rows(connection, &sql, values, lead_reader())
}

pub(crate) fn count_members(
    connection: &Connection,
    list: ListId,
    after: Option<LeadId>,
) -> Result<u64> {
    let sql = format!("SELECT count(*) {KNOWN}");
    value(connection, &sql, (list.0, after.map_or(0, |id| id.0)))
}

pub(crate) fn add_members(
    connection: &Connection,
    members: &[(ListId, LeadId)],
    at: Timestamp,
) -> Result<()> {
    let sql = "INSERT INTO list_member (list_id, lead_id, joined_at) VALUES (?1, ?2, ?3) \
               ON CONFLICT (list_id, lead_id) DO UPDATE SET leaving = 0 WHERE leaving = 1";
    execute_each(connection, sql, members, |(list, lead)| {
        (list.0, lead.0, at.as_second())
    })
}

pub(crate) fn remove_members(connection: &Connection, members: &[(ListId, LeadId)]) -> Result<()> {
    let sql = "DELETE FROM list_member WHERE list_id = ?1 AND lead_id = ?2";
    execute_each(connection, sql, members, |(list, lead)| (list.0, lead.0))
}

pub(crate) fn leaving(connection: &Connection, list: ListId, count: usize) -> Result<Vec<LeadId>> {
    let sql = "SELECT lead_id FROM list_member WHERE list_id = ?1 AND leaving = 1 ORDER BY lead_id LIMIT ?2";
    rows(connection, sql, (list.0, limit(count)), |row| {
        row.get(0).map(LeadId)
    })
}

pub(crate) fn are_leaving(
    connection: &Connection,
    list: ListId,
    leads: &[LeadId],
) -> Result<Vec<LeadId>> {
    let sql = "SELECT lead_id FROM list_member WHERE list_id = ?1 AND lead_id = ?2 AND leaving = 1";
    let found = each(
        connection,
        sql,
        leads,
        |lead| (list.0, lead.0),
        |row| row.get(0).map(LeadId),
    )?;
    Ok(found.into_iter().flatten().collect())
}

pub(crate) fn mark_leaving(connection: &Connection, list: ListId) -> Result<()> {
    let sql = "UPDATE list_member SET leaving = 1 WHERE list_id = ?1 AND leaving = 0";
    execute_each(connection, sql, &[list], |list| (list.0,))
}
