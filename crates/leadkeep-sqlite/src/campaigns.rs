//! Runs and tasks of campaigns.

use crate::error::{failed, unreadable};
use crate::statements::{each, execute_each, limit, maybe_time, prepare, rows, time};
use jiff::Timestamp;
use leadkeep_core::ids::{CampaignId, LeadId, RunId, TaskId};
use leadkeep_core::store::{CampaignRun, CampaignTask, Result, RowTokens, StoreError};
use rusqlite::{Connection, Row, params};

const RUN: &str = "id, campaign_id, run_at, tokens, cloned, accepted_at, position, ended_at";
const TASK: &str = "id, campaign_id, lead_id, step, only_step, call_tokens, row_tokens, depth, due_at, attempts, failure, since";

type Texts = Vec<(String, String)>;

fn texts(row: &Row<'_>, column: usize) -> rusqlite::Result<Texts> {
    serde_json::from_str(row.get_ref(column)?.as_str()?).map_err(|error| unreadable(column, error))
}

fn json(texts: &Texts) -> Result<String> {
    serde_json::to_string(texts).map_err(|error| StoreError::Failed(error.to_string()))
}

fn run(row: &Row<'_>) -> rusqlite::Result<CampaignRun> {
    Ok(CampaignRun {
        id: RunId(row.get(0)?),
        campaign: CampaignId(row.get(1)?),
        run_at: time(row, 2)?,
        tokens: texts(row, 3)?,
        cloned: row.get(4)?,
        accepted_at: time(row, 5)?,
        position: LeadId(row.get(6)?),
        ended_at: maybe_time(row, 7)?,
    })
}

fn task(row: &Row<'_>) -> rusqlite::Result<CampaignTask> {
    Ok(CampaignTask {
        id: TaskId(row.get(0)?),
        campaign: CampaignId(row.get(1)?),
        lead: LeadId(row.get(2)?),
        step: row.get(3)?,
        only_step: row.get(4)?,
        call_tokens: texts(row, 5)?,
        row_tokens: texts(row, 6)?,
        depth: row.get(7)?,
        due_at: time(row, 8)?,
        attempts: row.get(9)?,
        failure: row.get(10)?,
        since: time(row, 11)?,
    })
}

pub(crate) fn row_tokens(
    connection: &Connection,
    campaign: CampaignId,
    leads: &[LeadId],
) -> Result<Vec<Texts>> {
    let sql = "SELECT tokens FROM row_token WHERE campaign_id = ?1 AND lead_id = ?2";
    let found = each(
        connection,
        sql,
        leads,
        |lead| (campaign.0, lead.0),
        |row| texts(row, 0),
    )?;
    Ok(found.into_iter().map(Option::unwrap_or_default).collect())
}

pub(crate) fn put_row_tokens(connection: &Connection, tokens: &[RowTokens]) -> Result<()> {
    let mut statement = prepare(
        connection,
        "INSERT OR REPLACE INTO row_token (campaign_id, lead_id, tokens) VALUES (?1, ?2, ?3)",
    )?;
    for row in tokens {
        statement
            .execute((row.campaign.0, row.lead.0, json(&row.tokens)?))
            .map_err(failed)?;
    }
    Ok(())
}

pub(crate) fn delete_row_tokens(
    connection: &Connection,
    campaign: CampaignId,
    leads: Option<&[LeadId]>,
) -> Result<()> {
    match leads {
        Some(leads) => {
            let sql = "DELETE FROM row_token WHERE campaign_id = ?1 AND lead_id = ?2";
            execute_each(connection, sql, leads, |lead| (campaign.0, lead.0))
        }
        None => {
            let sql = "DELETE FROM row_token WHERE campaign_id = ?1";
            execute_each(connection, sql, &[campaign], |campaign| (campaign.0,))
        }
    }
}

pub(crate) fn due_runs(
    connection: &Connection,
    now: Timestamp,
    count: usize,
) -> Result<Vec<CampaignRun>> {
    let sql = format!(
        "SELECT {RUN} FROM campaign_run WHERE ended_at IS NULL AND run_at <= ?1 ORDER BY run_at, id LIMIT ?2"
    );
    rows(connection, &sql, (now.as_second(), limit(count)), run)
}

pub(crate) fn runs_at(
    connection: &Connection,
    campaign: CampaignId,
    at: Timestamp,
) -> Result<Vec<CampaignRun>> {
    let sql = format!(
        "SELECT {RUN} FROM campaign_run WHERE campaign_id = ?1 AND run_at = ?2 ORDER BY id"
    );
    rows(connection, &sql, (campaign.0, at.as_second()), run)
}

pub(crate) fn latest_runs(
    connection: &Connection,
    campaign: CampaignId,
    count: usize,
) -> Result<Vec<CampaignRun>> {
    let sql = format!(
        "SELECT {RUN} FROM campaign_run WHERE campaign_id = ?1 ORDER BY run_at DESC, id DESC LIMIT ?2"
    );
    rows(connection, &sql, (campaign.0, limit(count)), run)
}

pub(crate) fn count_clone_runs(connection: &Connection, since: Timestamp) -> Result<u64> {
    let sql = "SELECT count(*) FROM campaign_run WHERE cloned = 1 AND accepted_at >= ?1";
    let counts = rows(connection, sql, [since.as_second()], |row| row.get(0))?;
    Ok(counts.first().copied().unwrap_or_default())
}

pub(crate) fn insert_run(connection: &Connection, run: &CampaignRun) -> Result<()> {
    let sql = format!("INSERT INTO campaign_run ({RUN}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
    write_run(connection, &sql, run)
}

pub(crate) fn update_run(connection: &Connection, run: &CampaignRun) -> Result<()> {
    let sql = "UPDATE campaign_run SET campaign_id = ?2, run_at = ?3, tokens = ?4, cloned = ?5, accepted_at = ?6, \
               position = ?7, ended_at = ?8 WHERE id = ?1";
    write_run(connection, sql, run)
}

fn write_run(connection: &Connection, sql: &str, run: &CampaignRun) -> Result<()> {
    prepare(connection, sql)?
        .execute(params![
            run.id.0,
            run.campaign.0,
            run.run_at.as_second(),
            json(&run.tokens)?,
            run.cloned,
            run.accepted_at.as_second(),
            run.position.0,
            run.ended_at.map(Timestamp::as_second),
        ])
        .map_err(failed)?;
    Ok(())
}

pub(crate) fn due_tasks(
    connection: &Connection,
    now: Timestamp,
    count: usize,
) -> Result<Vec<CampaignTask>> {
    let sql = format!(
        "SELECT {TASK} FROM campaign_task WHERE failure IS NULL AND due_at <= ?1 ORDER BY due_at, id LIMIT ?2"
    );
    rows(connection, &sql, (now.as_second(), limit(count)), task)
}

pub(crate) fn tasks(connection: &Connection, ids: &[TaskId]) -> Result<Vec<CampaignTask>> {
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    ids.dedup();
    let sql = format!("SELECT {TASK} FROM campaign_task WHERE id = ?1");
    let found = each(connection, &sql, &ids, |id| (id.0,), task)?;
    Ok(found.into_iter().flatten().collect())
}

pub(crate) fn failed_tasks(
    connection: &Connection,
    after: Option<TaskId>,
    count: usize,
) -> Result<Vec<CampaignTask>> {
    let sql = format!(
        "SELECT {TASK} FROM campaign_task WHERE failure IS NOT NULL AND id > ?1 ORDER BY id LIMIT ?2"
    );
    let after = after.map_or(0, |id| id.0);
    rows(connection, &sql, (after, limit(count)), task)
}

pub(crate) fn insert_tasks(connection: &Connection, tasks: &[CampaignTask]) -> Result<()> {
    let sql = format!(
        "INSERT INTO campaign_task ({TASK}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)"
    );
    write_tasks(connection, &sql, tasks)
}

pub(crate) fn update_tasks(connection: &Connection, tasks: &[CampaignTask]) -> Result<()> {
    let sql = "UPDATE campaign_task SET campaign_id = ?2, lead_id = ?3, step = ?4, only_step = ?5, call_tokens = ?6, \
               row_tokens = ?7, depth = ?8, due_at = ?9, attempts = ?10, failure = ?11, since = ?12 WHERE id = ?1";
    write_tasks(connection, sql, tasks)
}

fn write_tasks(connection: &Connection, sql: &str, tasks: &[CampaignTask]) -> Result<()> {
    let mut statement = prepare(connection, sql)?;
    for task in tasks {
        statement
            .execute(params![
                task.id.0,
                task.campaign.0,
                task.lead.0,
                task.step,
                task.only_step,
                json(&task.call_tokens)?,
                json(&task.row_tokens)?,
                task.depth,
                task.due_at.as_second(),
                task.attempts,
                task.failure,
                task.since.as_second(),
            ])
            .map_err(failed)?;
    }
    Ok(())
}

pub(crate) fn delete_tasks(connection: &Connection, ids: &[TaskId]) -> Result<()> {
    let sql = "DELETE FROM campaign_task WHERE id = ?1";
    execute_each(connection, sql, ids, |id| (id.0,))
}
