//! Opportunities, roles, programs and their costs.

use crate::error::unreadable;
use crate::statements::{attribute, attrs, each, execute_each, limit, rows, time};
use leadkeep_core::ids::{CompanyId, CostId, LeadId, OpportunityId, ProgramId, RoleId};
use leadkeep_core::schema::name_key;
use leadkeep_core::store::{Cost, EmailPick, Opportunity, Pick, Program, Result, Role, StoreError};
use rusqlite::{Connection, Row};

pub(crate) const OPPORTUNITY: &str =
    "SELECT id, company_id, attrs, created_at, updated_at FROM opportunity";
const ROLE: &str = "SELECT id, opportunity_id, lead_id, attrs, created_at, updated_at FROM role";

pub(crate) fn opportunity(row: &Row<'_>) -> rusqlite::Result<Opportunity> {
    Ok(Opportunity {
        id: OpportunityId(row.get(0)?),
        company: row.get::<_, Option<i64>>(1)?.map(CompanyId),
        attrs: attrs(row, 2)?,
        created_at: time(row, 3)?,
        updated_at: time(row, 4)?,
    })
}

pub(crate) fn opportunities(
    connection: &Connection,
    ids: &[OpportunityId],
) -> Result<Vec<Opportunity>> {
    let sql = format!("{OPPORTUNITY} WHERE id = ?1");
    Ok(each(connection, &sql, ids, |id| (id.0,), opportunity)?
        .into_iter()
        .flatten()
        .collect())
}

pub(crate) fn ids_by_field(
    connection: &Connection,
    field: &str,
    value: &str,
    pick: Pick,
) -> Result<Vec<OpportunityId>> {
    let order = match pick.first {
        EmailPick::Added => "id DESC",
        EmailPick::Updated => "updated_at DESC, id DESC",
    };
    let count = limit(pick.most);
    let expression = attribute("opportunity", field)?;
    let sql = format!(
        "SELECT id FROM opportunity WHERE {expression} = ?1 ORDER BY {order} LIMIT {count}"
    );
    rows(connection, &sql, [value], |row| {
        row.get(0).map(OpportunityId)
    })
}

pub(crate) fn ids_by_company(
    connection: &Connection,
    company: CompanyId,
) -> Result<Vec<OpportunityId>> {
    let sql = "SELECT id FROM opportunity WHERE company_id = ?1 ORDER BY id";
    rows(connection, sql, [company.0], |row| {
        row.get(0).map(OpportunityId)
    })
}

pub(crate) fn opportunities_after(
    connection: &Connection,
    after: Option<OpportunityId>,
    count: usize,
) -> Result<Vec<Opportunity>> {
    let sql = format!("{OPPORTUNITY} WHERE id > ?1 ORDER BY id LIMIT ?2");
    rows(
        connection,
        &sql,
        (after.map_or(0, |id| id.0), limit(count)),
        opportunity,
    )
}

pub(crate) fn opportunities_before(
    connection: &Connection,
    before: Option<OpportunityId>,
    count: usize,
) -> Result<Vec<Opportunity>> {
    let sql = format!("{OPPORTUNITY} WHERE id < ?1 ORDER BY id DESC LIMIT ?2");
    let before = before.map_or(i64::MAX, |id| id.0);
    rows(connection, &sql, (before, limit(count)), opportunity)
}

pub(crate) fn insert_opportunities(
    connection: &Connection,
    opportunities: &[Opportunity],
) -> Result<()> {
    let sql = "INSERT INTO opportunity (id, company_id, attrs, created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?5)";
    write_opportunities(connection, sql, opportunities)
}

pub(crate) fn update_opportunities(
    connection: &Connection,
    opportunities: &[Opportunity],
) -> Result<()> {
    let sql = "UPDATE opportunity SET company_id = ?2, attrs = ?3, created_at = ?4, updated_at = ?5 WHERE id = ?1";
    write_opportunities(connection, sql, opportunities)
}

fn write_opportunities(
    connection: &Connection,
    sql: &str,
    opportunities: &[Opportunity],
) -> Result<()> {
    execute_each(connection, sql, opportunities, |opportunity| {
        (
            opportunity.id.0,
            opportunity.company.map(|company| company.0),
            opportunity.attrs.to_json(),
            opportunity.created_at.as_second(),
            opportunity.updated_at.as_second(),
        )
    })
}

fn role(row: &Row<'_>) -> rusqlite::Result<Role> {
    Ok(Role {
        id: RoleId(row.get(0)?),
        opportunity: OpportunityId(row.get(1)?),
        lead: LeadId(row.get(2)?),
        attrs: attrs(row, 3)?,
        created_at: time(row, 4)?,
        updated_at: time(row, 5)?,
    })
}

pub(crate) fn roles(connection: &Connection, ids: &[RoleId]) -> Result<Vec<Role>> {
    let sql = format!("{ROLE} WHERE id = ?1");
    Ok(each(connection, &sql, ids, |id| (id.0,), role)?
        .into_iter()
        .flatten()
        .collect())
}

pub(crate) fn role_ids_by_key(
    connection: &Connection,
    keys: &[(OpportunityId, LeadId, String)],
) -> Result<Vec<Option<RoleId>>> {
    let sql = "SELECT id FROM role WHERE opportunity_id = ?1 AND lead_id = ?2 AND name_lower = ?3";
    each(
        connection,
        sql,
        keys,
        |(deal, lead, name)| (deal.0, lead.0, name.clone()),
        |row| row.get(0).map(RoleId),
    )
}

pub(crate) fn roles_of_opportunities(
    connection: &Connection,
    opportunities: &[OpportunityId],
) -> Result<Vec<Role>> {
    let ids: Vec<i64> = opportunities.iter().map(|id| id.0).collect();
    roles_where(connection, "opportunity_id", &ids)
}

pub(crate) fn roles_of_leads(connection: &Connection, leads: &[LeadId]) -> Result<Vec<Role>> {
    let ids: Vec<i64> = leads.iter().map(|id| id.0).collect();
    roles_where(connection, "lead_id", &ids)
}

fn roles_where(connection: &Connection, column: &str, ids: &[i64]) -> Result<Vec<Role>> {
    let sql = format!("{ROLE} WHERE {column} = ?1");
    let mut found = Vec::new();
    for id in ids {
        found.extend(rows(connection, &sql, [id], role)?);
    }
    found.sort_by_key(|role| role.id);
    found.dedup_by_key(|role| role.id);
    Ok(found)
}

pub(crate) fn roles_after(
    connection: &Connection,
    after: Option<RoleId>,
    count: usize,
) -> Result<Vec<Role>> {
    let sql = format!("{ROLE} WHERE id > ?1 ORDER BY id LIMIT ?2");
    rows(
        connection,
        &sql,
        (after.map_or(0, |id| id.0), limit(count)),
        role,
    )
}

pub(crate) fn insert_roles(connection: &Connection, roles: &[Role]) -> Result<()> {
    let sql = "INSERT INTO role (id, opportunity_id, lead_id, name_lower, attrs, created_at, updated_at) \
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    write_roles(connection, sql, roles)
}

pub(crate) fn update_roles(connection: &Connection, roles: &[Role]) -> Result<()> {
    let sql = "UPDATE role SET opportunity_id = ?2, lead_id = ?3, name_lower = ?4, attrs = ?5, created_at = ?6, \
               updated_at = ?7 WHERE id = ?1";
    write_roles(connection, sql, roles)
}

fn write_roles(connection: &Connection, sql: &str, roles: &[Role]) -> Result<()> {
    execute_each(connection, sql, roles, |role| {
        (
            role.id.0,
            role.opportunity.0,
            role.lead.0,
            role.key_name(),
            role.attrs.to_json(),
            role.created_at.as_second(),
            role.updated_at.as_second(),
        )
    })
}

fn program(row: &Row<'_>) -> rusqlite::Result<Program> {
    serde_json::from_str(row.get_ref(0)?.as_str()?).map_err(|error| unreadable(0, error))
}

fn with_costs(connection: &Connection, mut programs: Vec<Program>) -> Result<Vec<Program>> {
    let sql = "SELECT id, month, amount, note FROM program_cost WHERE program_id = ?1 ORDER BY id";
    for program in &mut programs {
        program.costs = rows(connection, sql, [program.id.0], |row| {
            Ok(Cost {
                id: CostId(row.get(0)?),
                month: row.get(1)?,
                amount: row.get(2)?,
                note: row.get(3)?,
            })
        })?;
    }
    Ok(programs)
}

pub(crate) fn programs(connection: &Connection, ids: &[ProgramId]) -> Result<Vec<Program>> {
    let found = each(
        connection,
        "SELECT body FROM program WHERE id = ?1",
        ids,
        |id| (id.0,),
        program,
    )?;
    with_costs(connection, found.into_iter().flatten().collect())
}

pub(crate) fn program_ids_by_name(
    connection: &Connection,
    names: &[String],
) -> Result<Vec<Option<ProgramId>>> {
    let sql = "SELECT id FROM program WHERE name_lower = ?1";
    each(
        connection,
        sql,
        names,
        |name| (name_key(name),),
        |row| row.get(0).map(ProgramId),
    )
}

pub(crate) fn programs_after(
    connection: &Connection,
    after: Option<ProgramId>,
    count: usize,
) -> Result<Vec<Program>> {
    let sql = "SELECT body FROM program WHERE id > ?1 ORDER BY id LIMIT ?2";
    with_costs(
        connection,
        rows(
            connection,
            sql,
            (after.map_or(0, |id| id.0), limit(count)),
            program,
        )?,
    )
}

pub(crate) fn cost_owners(
    connection: &Connection,
    ids: &[CostId],
) -> Result<Vec<Option<ProgramId>>> {
    let sql = "SELECT program_id FROM program_cost WHERE id = ?1";
    each(
        connection,
        sql,
        ids,
        |id| (id.0,),
        |row| row.get(0).map(ProgramId),
    )
}

pub(crate) fn insert_programs(connection: &Connection, programs: &[Program]) -> Result<()> {
    write_programs(
        connection,
        "INSERT INTO program (id, name_lower, body) VALUES (?1, ?2, ?3)",
        programs,
    )?;
    let costs: Vec<_> = programs
        .iter()
        .flat_map(|program| program.costs.iter().map(|cost| (program.id, cost.clone())))
        .collect();
    put_costs(connection, &costs)
}

pub(crate) fn update_programs(connection: &Connection, programs: &[Program]) -> Result<()> {
    write_programs(
        connection,
        "UPDATE program SET name_lower = ?2, body = ?3 WHERE id = ?1",
        programs,
    )
}

fn write_programs(connection: &Connection, sql: &str, programs: &[Program]) -> Result<()> {
    let bodies = programs
        .iter()
        .map(|program| {
            Ok((
                program.id.0,
                name_key(&program.name),
                serde_json::to_string(program)?,
            ))
        })
        .collect::<std::result::Result<Vec<_>, serde_json::Error>>()
        .map_err(|error| StoreError::Failed(error.to_string()))?;
    execute_each(connection, sql, &bodies, Clone::clone)
}

pub(crate) fn put_costs(connection: &Connection, costs: &[(ProgramId, Cost)]) -> Result<()> {
    let sql = "INSERT OR REPLACE INTO program_cost (id, program_id, month, amount, note) VALUES (?1, ?2, ?3, ?4, ?5)";
    execute_each(connection, sql, costs, |(program, cost)| {
        (
            cost.id.0,
            program.0,
            cost.month.clone(),
            cost.amount.clone(),
            cost.note.clone(),
        )
    })
}
