//! A transaction, as rules see it.

use crate::numbers::Numbers;
use crate::statements::execute_each;
use crate::{
    activities, admins, campaigns, companies, definitions, identity, imports, leads, lists,
    mobjects, records, usage,
};
use jiff::Timestamp;
use leadkeep_core::admins::{Admin, AuditEntry, Session, Sessions};
use leadkeep_core::ids::{
    ActivityId, CampaignId, CompanyId, CostId, ImportId, LeadId, ListId, ObjectTypeId,
    OpportunityId, ProgramId, RecordId, RoleId, TaskId,
};
use leadkeep_core::store::{
    Activity, ActivityFilter, CallUsage, CampaignRun, CampaignTask, Company, Cookie, Cost, Counts,
    Definition, FieldIndex, ForeignId, Import, ImportFailure, Lead, LeadKey, LeadScope,
    NewActivity, Opportunity, Pick, Program, ReadTxn, Record, Result, Role, RowTokens, Sequence,
    StaticList, WriteTxn,
};
use rusqlite::Connection;

/// A transaction on a connection, with the numbers that it has moved on.
pub(crate) struct Txn<'c>(pub(crate) &'c Connection, pub(crate) &'c Numbers);

impl<'c> Txn<'c> {
    /// The connection, when all rows that were kept back stand in their tables.
    pub(crate) fn whole(&self) -> Result<&'c Connection> {
        self.1.insert_kept_back(self.0)?;
        Ok(self.0)
    }

    /// The connection, when none of these leads is kept back any more.
    pub(crate) fn with_leads(&self, ids: impl Iterator<Item = LeadId>) -> Result<&'c Connection> {
        match self.1.keeps_lead(ids) {
            true => self.whole(),
            false => Ok(self.0),
        }
    }
}

impl ReadTxn for Txn<'_> {
    fn schema_version(&mut self) -> Result<u64> {
        self.1.schema(self.0)
    }

    fn definitions(&mut self) -> Result<Vec<Definition>> {
        definitions::all(self.whole()?)
    }

    fn lead_ids(&mut self, keys: &[LeadKey], pick: Pick) -> Result<Vec<Vec<LeadId>>> {
        leads::ids(self, keys, pick)
    }

    fn count_leads(&mut self, key: &LeadKey) -> Result<u64> {
        leads::count(self.whole()?, key)
    }

    fn lead_ids_by_prefix(
        &mut self,
        field: &FieldIndex,
        prefix: &str,
        limit: usize,
    ) -> Result<Vec<LeadId>> {
        leads::ids_by_prefix(self.whole()?, field, prefix, limit)
    }

    fn leads_before(&mut self, before: Option<LeadId>, limit: usize) -> Result<Vec<Lead>> {
        leads::before(self.whole()?, before, limit)
    }

    fn has_index(&mut self, index: &FieldIndex) -> Result<bool> {
        definitions::has_index(self.whole()?, index)
    }

    fn leads(&mut self, ids: &[LeadId]) -> Result<Vec<Lead>> {
        let (mut leads, others) = self.1.take_read(self.0, ids);
        if !others.is_empty() {
            let connection = self.with_leads(others.iter().copied())?;
            leads.extend(leads::by_id(connection, &others)?);
        }
        Ok(leads)
    }

    fn merge_winners(&mut self, ids: &[LeadId]) -> Result<Vec<(LeadId, LeadId)>> {
        identity::merge_winners(self.0, ids)
    }

    fn leads_updated(
        &mut self,
        from: Timestamp,
        to: Timestamp,
        after: Option<LeadId>,
        limit: usize,
    ) -> Result<Vec<Lead>> {
        leads::updated(self.whole()?, from, to, after, limit)
    }

    fn count_leads_updated(
        &mut self,
        from: Timestamp,
        to: Timestamp,
        after: Option<LeadId>,
    ) -> Result<u64> {
        leads::count_updated(self.whole()?, from, to, after)
    }

    fn companies(&mut self, ids: &[CompanyId]) -> Result<Vec<Company>> {
        companies::by_id(self.whole()?, ids)
    }

    fn companies_by_key(&mut self, keys: &[String]) -> Result<Vec<Option<Company>>> {
        companies::by_key(self.whole()?, keys)
    }

    fn activities_of_lead(
        &mut self,
        lead: LeadId,
        filter: &ActivityFilter,
        before: Option<(Timestamp, ActivityId)>,
        limit: usize,
    ) -> Result<Vec<Activity>> {
        activities::of_lead(self.whole()?, lead, filter, before, limit)
    }

    fn count_activities_of_lead(
        &mut self,
        lead: LeadId,
        filter: &ActivityFilter,
        before: Option<(Timestamp, ActivityId)>,
        limit: usize,
    ) -> Result<u64> {
        activities::count_of_lead(self.whole()?, lead, filter, before, limit)
    }

    fn activities_after(
        &mut self,
        scope: &LeadScope,
        filter: &ActivityFilter,
        after: Option<ActivityId>,
        limit: usize,
    ) -> Result<Vec<Activity>> {
        self.whole()?;
        activities::after(self, scope, filter, after, limit)
    }

    fn count_activities_after(
        &mut self,
        scope: &LeadScope,
        filter: &ActivityFilter,
        after: Option<ActivityId>,
        limit: usize,
    ) -> Result<u64> {
        self.whole()?;
        activities::count_after(self, scope, filter, after, limit)
    }

    fn activity_time(&mut self, id: ActivityId) -> Result<Option<Timestamp>> {
        activities::time_of(self.whole()?, id)
    }

    fn last_activity_id(&mut self) -> Result<Option<ActivityId>> {
        activities::last_id(self)
    }

    fn opportunities(&mut self, ids: &[OpportunityId]) -> Result<Vec<Opportunity>> {
        mobjects::opportunities(self.whole()?, ids)
    }

    fn opportunity_ids_by_field(
        &mut self,
        keys: &[(String, String)],
        pick: Pick,
    ) -> Result<Vec<Vec<OpportunityId>>> {
        keys.iter()
            .map(|(field, value)| mobjects::ids_by_field(self.whole()?, field, value, pick))
            .collect()
    }

    fn opportunity_ids_by_company(
        &mut self,
        companies: &[CompanyId],
    ) -> Result<Vec<Vec<OpportunityId>>> {
        companies
            .iter()
            .map(|company| mobjects::ids_by_company(self.whole()?, *company))
            .collect()
    }

    fn opportunities_before(
        &mut self,
        before: Option<OpportunityId>,
        limit: usize,
    ) -> Result<Vec<Opportunity>> {
        mobjects::opportunities_before(self.whole()?, before, limit)
    }

    fn opportunities_after(
        &mut self,
        after: Option<OpportunityId>,
        limit: usize,
    ) -> Result<Vec<Opportunity>> {
        mobjects::opportunities_after(self.whole()?, after, limit)
    }

    fn roles(&mut self, ids: &[RoleId]) -> Result<Vec<Role>> {
        mobjects::roles(self.whole()?, ids)
    }

    fn role_ids_by_key(
        &mut self,
        keys: &[(OpportunityId, LeadId, String)],
    ) -> Result<Vec<Option<RoleId>>> {
        mobjects::role_ids_by_key(self.whole()?, keys)
    }

    fn roles_of_opportunities(&mut self, opportunities: &[OpportunityId]) -> Result<Vec<Role>> {
        mobjects::roles_of_opportunities(self.whole()?, opportunities)
    }

    fn roles_of_leads(&mut self, leads: &[LeadId]) -> Result<Vec<Role>> {
        mobjects::roles_of_leads(self.whole()?, leads)
    }

    fn roles_after(&mut self, after: Option<RoleId>, limit: usize) -> Result<Vec<Role>> {
        mobjects::roles_after(self.whole()?, after, limit)
    }

    fn programs(&mut self, ids: &[ProgramId]) -> Result<Vec<Program>> {
        mobjects::programs(self.whole()?, ids)
    }

    fn program_ids_by_name(&mut self, names: &[String]) -> Result<Vec<Option<ProgramId>>> {
        mobjects::program_ids_by_name(self.whole()?, names)
    }

    fn programs_after(&mut self, after: Option<ProgramId>, limit: usize) -> Result<Vec<Program>> {
        mobjects::programs_after(self.whole()?, after, limit)
    }

    fn cost_owners(&mut self, ids: &[CostId]) -> Result<Vec<Option<ProgramId>>> {
        mobjects::cost_owners(self.whole()?, ids)
    }

    fn static_lists(&mut self) -> Result<Vec<StaticList>> {
        definitions::static_lists(self.whole()?)
    }

    fn are_list_members(&mut self, members: &[(ListId, LeadId)]) -> Result<Vec<bool>> {
        lists::are_members(self.whole()?, members)
    }

    fn list_members(
        &mut self,
        list: ListId,
        after: Option<LeadId>,
        limit: usize,
    ) -> Result<Vec<Lead>> {
        lists::members(self.whole()?, list, after, limit)
    }

    fn count_list_members(&mut self, list: ListId, after: Option<LeadId>) -> Result<u64> {
        lists::count_members(self.whole()?, list, after)
    }

    fn leaving_members(&mut self, list: ListId, limit: usize) -> Result<Vec<LeadId>> {
        lists::leaving(self.whole()?, list, limit)
    }

    fn are_leaving(&mut self, list: ListId, leads: &[LeadId]) -> Result<Vec<LeadId>> {
        lists::are_leaving(self.whole()?, list, leads)
    }

    fn imports_before(&mut self, before: Option<ImportId>, limit: usize) -> Result<Vec<Import>> {
        imports::before(self.whole()?, before, limit)
    }

    fn row_tokens(
        &mut self,
        campaign: CampaignId,
        leads: &[LeadId],
    ) -> Result<Vec<Vec<(String, String)>>> {
        campaigns::row_tokens(self.whole()?, campaign, leads)
    }

    fn admins(&mut self) -> Result<Vec<Admin>> {
        admins::all(self.whole()?)
    }

    fn session(&mut self, token: &[u8]) -> Result<Option<Session>> {
        admins::session(self.whole()?, token)
    }

    fn audit_before(&mut self, before: Option<i64>, limit: usize) -> Result<Vec<AuditEntry>> {
        admins::audit_before(self.whole()?, before, limit)
    }

    fn call_usage(&mut self) -> Result<Vec<CallUsage>> {
        usage::all(self.whole()?)
    }

    fn due_runs(&mut self, now: Timestamp, limit: usize) -> Result<Vec<CampaignRun>> {
        campaigns::due_runs(self.whole()?, now, limit)
    }

    fn runs_at(&mut self, campaign: CampaignId, run_at: Timestamp) -> Result<Vec<CampaignRun>> {
        campaigns::runs_at(self.whole()?, campaign, run_at)
    }

    fn latest_runs(&mut self, campaign: CampaignId, limit: usize) -> Result<Vec<CampaignRun>> {
        campaigns::latest_runs(self.whole()?, campaign, limit)
    }

    fn count_clone_runs(&mut self, since: Timestamp) -> Result<u64> {
        campaigns::count_clone_runs(self.whole()?, since)
    }

    fn due_tasks(&mut self, now: Timestamp, limit: usize) -> Result<Vec<CampaignTask>> {
        campaigns::due_tasks(self.whole()?, now, limit)
    }

    fn tasks(&mut self, ids: &[TaskId]) -> Result<Vec<CampaignTask>> {
        campaigns::tasks(self.whole()?, ids)
    }

    fn failed_tasks(&mut self, after: Option<TaskId>, limit: usize) -> Result<Vec<CampaignTask>> {
        campaigns::failed_tasks(self.whole()?, after, limit)
    }

    fn latest_import(&mut self, list: ListId) -> Result<Option<Import>> {
        imports::latest(self.whole()?, list)
    }

    fn open_imports(&mut self) -> Result<Vec<Import>> {
        imports::open(self.whole()?)
    }

    fn import_rows(&mut self, import: ImportId, limit: usize) -> Result<Vec<(u64, String)>> {
        imports::rows_of(self.whole()?, import, limit)
    }

    fn import_failures(
        &mut self,
        import: ImportId,
        after: u64,
        limit: usize,
    ) -> Result<Vec<ImportFailure>> {
        imports::failures(self.whole()?, import, after, limit)
    }

    fn records_by_key(
        &mut self,
        object: ObjectTypeId,
        keys: &[String],
    ) -> Result<Vec<Option<Record>>> {
        records::by_key(self.whole()?, object, keys)
    }

    fn records_after(
        &mut self,
        object: ObjectTypeId,
        filter: &[(String, Vec<String>)],
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<Record>> {
        records::after(self.whole()?, object, filter, after, limit)
    }

    fn count_records_with(
        &mut self,
        values: &[(ObjectTypeId, String, String)],
    ) -> Result<Vec<u64>> {
        records::count_with(self.whole()?, values)
    }

    fn count_records(
        &mut self,
        object: ObjectTypeId,
        filter: &[(String, Vec<String>)],
        after: Option<&str>,
    ) -> Result<u64> {
        records::count(self.whole()?, object, filter, after)
    }

    fn counts(&mut self) -> Result<Counts> {
        definitions::counts(self.whole()?)
    }

    fn field_in_use(&mut self, field: &FieldIndex) -> Result<bool> {
        definitions::field_in_use(self.whole()?, field)
    }

    fn longest_value(&mut self, field: &FieldIndex) -> Result<usize> {
        definitions::longest_value(self.whole()?, field)
    }
}

impl WriteTxn for Txn<'_> {
    fn allocate(&mut self, sequence: Sequence, count: usize) -> Result<Vec<i64>> {
        let next = self.1.next(self.0, sequence.as_str())?;
        let left = usize::try_from(Sequence::MAX + 1 - next).unwrap_or(0);
        if count > left {
            return Err(sequence.exhausted());
        }
        Ok(self.1.allocate(self.0, sequence.as_str(), count)?.collect())
    }

    fn reserve(&mut self, sequence: Sequence, used: i64) -> Result<()> {
        if used > Sequence::MAX {
            return Err(sequence.exhausted());
        }
        if self.1.next(self.0, sequence.as_str())? <= used {
            self.1.move_on(sequence.as_str(), used + 1);
        }
        Ok(())
    }

    fn put_definitions(&mut self, definitions: &[Definition]) -> Result<()> {
        self.1.forget_schema();
        definitions::put(self.whole()?, definitions)
    }

    fn ensure_index(&mut self, index: &FieldIndex) -> Result<()> {
        definitions::ensure_index(self.whole()?, index)
    }

    fn insert_leads(&mut self, leads: &[Lead]) -> Result<()> {
        leads::insert(self, leads)
    }

    fn update_leads(&mut self, leads: &[Lead]) -> Result<()> {
        leads::update(self, leads)
    }

    fn touch_leads(&mut self, leads: &[LeadId], at: Timestamp) -> Result<()> {
        let sql = "UPDATE lead SET updated_at = ?2 WHERE id = ?1";
        let connection = self.with_leads(leads.iter().copied())?;
        execute_each(connection, sql, leads, |lead| (lead.0, at.as_second()))
    }

    fn attach_foreign_ids(&mut self, ids: &[(ForeignId, LeadId)]) -> Result<()> {
        identity::attach_foreign_ids(self, ids)
    }

    fn attach_cookies(&mut self, cookies: &[(Cookie, LeadId)]) -> Result<()> {
        identity::attach_cookies(self.0, cookies)
    }

    fn absorb_leads(&mut self, winner: LeadId, losers: &[LeadId]) -> Result<()> {
        identity::absorb(self.whole()?, winner, losers)
    }

    fn insert_companies(&mut self, companies: &[Company]) -> Result<()> {
        companies::insert(self, companies)
    }

    fn update_companies(&mut self, companies: &[Company]) -> Result<()> {
        companies::update(self.whole()?, companies)
    }

    fn delete_unused_companies(&mut self, ids: &[CompanyId]) -> Result<()> {
        let sql = "DELETE FROM company WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM lead WHERE company_id = ?1) \
                   AND NOT EXISTS (SELECT 1 FROM opportunity WHERE company_id = ?1)";
        execute_each(self.whole()?, sql, ids, |id| (id.0,))
    }

    fn append_activities(&mut self, activities: &[NewActivity]) -> Result<()> {
        activities::append(self, activities)
    }

    fn insert_opportunities(&mut self, opportunities: &[Opportunity]) -> Result<()> {
        mobjects::insert_opportunities(self.whole()?, opportunities)
    }

    fn update_opportunities(&mut self, opportunities: &[Opportunity]) -> Result<()> {
        mobjects::update_opportunities(self.whole()?, opportunities)
    }

    fn delete_opportunities(&mut self, ids: &[OpportunityId]) -> Result<()> {
        execute_each(
            self.whole()?,
            "DELETE FROM opportunity WHERE id = ?1",
            ids,
            |id| (id.0,),
        )
    }

    fn insert_roles(&mut self, roles: &[Role]) -> Result<()> {
        mobjects::insert_roles(self.whole()?, roles)
    }

    fn update_roles(&mut self, roles: &[Role]) -> Result<()> {
        mobjects::update_roles(self.whole()?, roles)
    }

    fn delete_roles(&mut self, ids: &[RoleId]) -> Result<()> {
        execute_each(self.whole()?, "DELETE FROM role WHERE id = ?1", ids, |id| {
            (id.0,)
        })
    }

    fn insert_programs(&mut self, programs: &[Program]) -> Result<()> {
        mobjects::insert_programs(self.whole()?, programs)
    }

    fn update_programs(&mut self, programs: &[Program]) -> Result<()> {
        mobjects::update_programs(self.whole()?, programs)
    }

    fn put_costs(&mut self, costs: &[(ProgramId, Cost)]) -> Result<()> {
        mobjects::put_costs(self.whole()?, costs)
    }

    fn put_static_lists(&mut self, lists: &[StaticList]) -> Result<()> {
        let sql = "INSERT OR REPLACE INTO static_list (id, name, program_id) VALUES (?1, ?2, ?3)";
        execute_each(self.whole()?, sql, lists, |list| {
            (
                list.id.0,
                list.name.clone(),
                list.program.map(|program| program.0),
            )
        })
    }

    fn add_list_members(&mut self, members: &[(ListId, LeadId)], at: Timestamp) -> Result<()> {
        lists::add_members(self.whole()?, members, at)
    }

    fn remove_list_members(&mut self, members: &[(ListId, LeadId)]) -> Result<()> {
        lists::remove_members(self.whole()?, members)
    }

    fn mark_list_leaving(&mut self, list: ListId) -> Result<()> {
        lists::mark_leaving(self.whole()?, list)
    }

    fn put_row_tokens(&mut self, rows: &[RowTokens]) -> Result<()> {
        campaigns::put_row_tokens(self.whole()?, rows)
    }

    fn delete_row_tokens(&mut self, campaign: CampaignId, leads: Option<&[LeadId]>) -> Result<()> {
        campaigns::delete_row_tokens(self.whole()?, campaign, leads)
    }

    fn put_admin(&mut self, admin: &Admin) -> Result<()> {
        admins::put(self.whole()?, admin)
    }

    fn put_session(&mut self, session: &Session) -> Result<()> {
        admins::put_session(self.whole()?, session)
    }

    fn delete_sessions(&mut self, sessions: &Sessions) -> Result<()> {
        admins::delete_sessions(self.whole()?, sessions)
    }

    fn append_audit(&mut self, entries: &[AuditEntry]) -> Result<()> {
        admins::append_audit(self.whole()?, entries)
    }

    fn put_call_usage(&mut self, usage: &[CallUsage]) -> Result<()> {
        usage::put(self.whole()?, usage)
    }

    fn insert_run(&mut self, run: &CampaignRun) -> Result<()> {
        campaigns::insert_run(self.whole()?, run)
    }

    fn update_run(&mut self, run: &CampaignRun) -> Result<()> {
        campaigns::update_run(self.whole()?, run)
    }

    fn insert_tasks(&mut self, tasks: &[CampaignTask]) -> Result<()> {
        campaigns::insert_tasks(self.whole()?, tasks)
    }

    fn update_tasks(&mut self, tasks: &[CampaignTask]) -> Result<()> {
        campaigns::update_tasks(self.whole()?, tasks)
    }

    fn delete_tasks(&mut self, ids: &[TaskId]) -> Result<()> {
        campaigns::delete_tasks(self.whole()?, ids)
    }

    fn delete_leads(&mut self, leads: &[LeadId]) -> Result<()> {
        identity::delete_leads(self.whole()?, leads)
    }

    fn insert_import(&mut self, import: &Import, rows: &[String]) -> Result<()> {
        imports::insert(self.whole()?, import, rows)
    }

    fn update_import(&mut self, import: &Import) -> Result<()> {
        imports::update(self.whole()?, import)
    }

    fn finish_import_rows(
        &mut self,
        import: ImportId,
        up_to: u64,
        failures: &[ImportFailure],
    ) -> Result<()> {
        imports::finish_rows(self.whole()?, import, up_to, failures)
    }

    fn insert_records(&mut self, records: &[Record]) -> Result<()> {
        records::insert(self.whole()?, records)
    }

    fn update_records(&mut self, records: &[Record]) -> Result<()> {
        records::update(self.whole()?, records)
    }

    fn delete_records(&mut self, ids: &[RecordId]) -> Result<()> {
        execute_each(
            self.whole()?,
            "DELETE FROM record_lookup WHERE record_id = ?1",
            ids,
            |id| (id.0,),
        )?;
        execute_each(
            self.whole()?,
            "DELETE FROM record WHERE id = ?1",
            ids,
            |id| (id.0,),
        )
    }
}
