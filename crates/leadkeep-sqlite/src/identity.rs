//! By what leads are known beside their address: foreign ids, cookies, and the ids that merges left behind.

use crate::addresses;
use crate::error::failed;
use crate::statements::{each, execute_each, prepare};
use crate::txn::Txn;
use leadkeep_core::ids::LeadId;
use leadkeep_core::store::{Cookie, ForeignId, Result};
use rusqlite::{Connection, OptionalExtension};

pub(crate) fn merge_winners(
    connection: &Connection,
    ids: &[LeadId],
) -> Result<Vec<(LeadId, LeadId)>> {
    // A winner may lose later; the chain has an end because nobody wins against itself.
    let sql = "WITH RECURSIVE chain (id) AS (SELECT winner FROM merged_lead WHERE loser = ?1 \
               UNION SELECT winner FROM merged_lead JOIN chain ON loser = chain.id) \
               SELECT id FROM chain WHERE id NOT IN (SELECT loser FROM merged_lead)";
    let winners = each(
        connection,
        sql,
        ids,
        |id| (id.0,),
        |row| row.get(0).map(LeadId),
    )?;
    Ok(ids
        .iter()
        .zip(winners)
        .filter_map(|(loser, winner)| Some((*loser, winner?)))
        .collect())
}

pub(crate) fn attach_foreign_ids(txn: &Txn<'_>, ids: &[(ForeignId, LeadId)]) -> Result<()> {
    let Txn(connection, numbers) = *txn;
    if ids.is_empty() {
        return Ok(());
    }
    let numbered: Vec<_> = numbers
        .allocate(connection, "attached", ids.len())?
        .zip(ids)
        .collect();
    let sql = "INSERT OR REPLACE INTO foreign_id (value, system, lead_id, attached) VALUES (?1, ?2, ?3, ?4)";
    execute_each(connection, sql, &numbered, |(attached, (id, lead))| {
        (&id.value, id.system.as_str(), lead.0, *attached)
    })
}

pub(crate) fn attach_cookies(connection: &Connection, cookies: &[(Cookie, LeadId)]) -> Result<()> {
    let mut known = prepare(
        connection,
        "SELECT account FROM lead_cookie WHERE token = ?1 ORDER BY lead_id DESC LIMIT 1",
    )?;
    let mut same = prepare(
        connection,
        "DELETE FROM lead_cookie WHERE token = ?1 AND account IN ('', ?2)",
    )?;
    let mut new = prepare(
        connection,
        "INSERT INTO lead_cookie (token, account, lead_id) VALUES (?1, ?2, ?3)",
    )?;
    for (cookie, lead) in cookies {
        let account: Option<String> = match &cookie.account {
            Some(account) => Some(account.clone()),
            None => known
                .query_row([&cookie.token], |row| row.get(0))
                .optional()
                .map_err(failed)?,
        };
        let account = account.unwrap_or_default();
        same.execute((&cookie.token, &account)).map_err(failed)?;
        new.execute((&cookie.token, &account, lead.0))
            .map_err(failed)?;
    }
    Ok(())
}

pub(crate) fn absorb(connection: &Connection, winner: LeadId, losers: &[LeadId]) -> Result<()> {
    let moves = [
        "UPDATE activity SET lead_id = ?1 WHERE lead_id = ?2",
        // What the winner shows was attached last, and stays so.
        "UPDATE foreign_id SET lead_id = ?1, \
         attached = CASE WHEN EXISTS (SELECT 1 FROM foreign_id WHERE lead_id = ?1) THEN 0 ELSE attached END \
         WHERE lead_id = ?2",
        "UPDATE lead_cookie SET lead_id = ?1 WHERE lead_id = ?2",
        // Whoever of the two stays, stays.
        "INSERT INTO list_member (list_id, lead_id, joined_at, leaving) \
         SELECT list_id, ?1, joined_at, leaving FROM list_member WHERE lead_id = ?2 \
         ON CONFLICT (list_id, lead_id) DO UPDATE SET leaving = min(leaving, excluded.leaving)",
        "UPDATE OR IGNORE row_token SET lead_id = ?1 WHERE lead_id = ?2",
    ];
    for sql in moves {
        execute_each(connection, sql, losers, |loser| (winner.0, loser.0))?;
    }
    addresses::remove(connection, losers)?;
    for sql in [
        // What is there for the winner counts.
        "DELETE FROM row_token WHERE lead_id = ?1",
        "DELETE FROM list_member WHERE lead_id = ?1",
        "DELETE FROM lead WHERE id = ?1",
    ] {
        execute_each(connection, sql, losers, |loser| (loser.0,))?;
    }
    // Ids that led to a loser go on to the winner by way of it.
    let sql = "INSERT INTO merged_lead (loser, winner) VALUES (?1, ?2)";
    execute_each(connection, sql, losers, |loser| (loser.0, winner.0))
}

pub(crate) fn delete_leads(connection: &Connection, leads: &[LeadId]) -> Result<()> {
    addresses::remove(connection, leads)?;
    for sql in [
        "DELETE FROM activity WHERE lead_id = ?1",
        "DELETE FROM foreign_id WHERE lead_id = ?1",
        "DELETE FROM lead_cookie WHERE lead_id = ?1",
        "DELETE FROM list_member WHERE lead_id = ?1",
        "DELETE FROM row_token WHERE lead_id = ?1",
        "DELETE FROM campaign_task WHERE lead_id = ?1",
        "DELETE FROM lead WHERE id = ?1",
    ] {
        execute_each(connection, sql, leads, |lead| (lead.0,))?;
    }
    Ok(())
}
