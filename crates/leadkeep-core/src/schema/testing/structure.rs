//! The part of a store that provisioning touches.

use crate::admins::{Admin, AuditEntry, Session, Sessions};
use crate::ids::{
    ActivityId, CampaignId, CompanyId, CostId, ImportId, LeadId, ListId, ObjectTypeId,
    OpportunityId, ProgramId, RecordId, RoleId, TaskId,
};
use crate::store::{
    Activity, ActivityFilter, CallUsage, CampaignRun, CampaignTask, Company, Cookie, Cost, Counts,
    Definition, FieldIndex, ForeignId, Import, ImportFailure, Lead, LeadKey, LeadScope,
    NewActivity, Opportunity, Pick, Program, ReadTxn, Record, Result, Role, RowTokens, Sequence,
    StaticList, WriteTxn,
};
use jiff::Timestamp;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Definitions, programs, costs, lists and counters in memory, and no records at all; what a test says of the use of
/// fields is believed. One transaction at a time, which is at the same time the store.
#[derive(Debug, Clone, Default)]
pub struct Structure {
    /// The definitions, in the order in which they were first put.
    pub definitions: Vec<Definition>,
    /// Their version.
    pub version: u64,
    /// The programs with their costs.
    pub programs: BTreeMap<ProgramId, Program>,
    /// The static lists.
    pub lists: BTreeMap<ListId, StaticList>,
    /// The indexes that were asked for.
    pub indexes: HashSet<FieldIndex>,
    /// The fields that have values, with the length of the longest one.
    pub in_use: HashMap<FieldIndex, usize>,
    /// How many records custom object types have.
    pub records: HashMap<ObjectTypeId, u64>,
    /// How often something was written.
    pub writes: usize,
    /// The clock, in minutes.
    pub minute: i64,
    used: HashMap<Sequence, i64>,
}

macro_rules! nothing {
    ($($name:ident($($arg:ident: $type:ty),*) -> $out:ty;)+) => {$(
        fn $name(&mut self, $($arg: $type),*) -> Result<$out> {
            let _ = ($($arg,)*);
            Ok(Default::default())
        }
    )+};
}

impl ReadTxn for Structure {
    fn has_index(&mut self, index: &FieldIndex) -> Result<bool> {
        Ok(self.indexes.contains(index))
    }

    fn schema_version(&mut self) -> Result<u64> {
        Ok(self.version)
    }

    fn definitions(&mut self) -> Result<Vec<Definition>> {
        let mut definitions = self.definitions.clone();
        definitions.sort_by_key(|definition| definition.kind);
        Ok(definitions)
    }

    fn programs(&mut self, ids: &[ProgramId]) -> Result<Vec<Program>> {
        let found = ids.iter().filter_map(|id| self.programs.get(id));
        Ok(found.cloned().collect())
    }

    fn program_ids_by_name(&mut self, names: &[String]) -> Result<Vec<Option<ProgramId>>> {
        let id = |name: &String| {
            let mut programs = self.programs.values();
            programs.find(|program| super::super::same_name(&program.name, name))
        };
        Ok(names.iter().map(|name| id(name).map(|p| p.id)).collect())
    }

    fn programs_after(&mut self, after: Option<ProgramId>, limit: usize) -> Result<Vec<Program>> {
        let above = self.programs.values().filter(|p| Some(p.id) > after);
        Ok(above.take(limit).cloned().collect())
    }

    fn cost_owners(&mut self, ids: &[CostId]) -> Result<Vec<Option<ProgramId>>> {
        let owner = |id: &CostId| {
            let has = |program: &&Program| program.costs.iter().any(|cost| cost.id == *id);
            self.programs.values().find(has).map(|program| program.id)
        };
        Ok(ids.iter().map(owner).collect())
    }

    fn static_lists(&mut self) -> Result<Vec<StaticList>> {
        Ok(self.lists.values().cloned().collect())
    }

    fn count_records(
        &mut self,
        object: ObjectTypeId,
        _: &[(String, Vec<String>)],
        _: Option<&str>,
    ) -> Result<u64> {
        Ok(self.records.get(&object).copied().unwrap_or(0))
    }

    fn field_in_use(&mut self, field: &FieldIndex) -> Result<bool> {
        Ok(self.in_use.contains_key(field))
    }

    fn longest_value(&mut self, field: &FieldIndex) -> Result<usize> {
        Ok(self.in_use.get(field).copied().unwrap_or(0))
    }

    nothing! {
        lead_ids(keys: &[LeadKey], pick: Pick) -> Vec<Vec<LeadId>>;
        count_leads(key: &LeadKey) -> u64;
        lead_ids_by_prefix(field: &FieldIndex, prefix: &str, limit: usize) -> Vec<LeadId>;
        leads_before(before: Option<LeadId>, limit: usize) -> Vec<Lead>;
        leads(ids: &[LeadId]) -> Vec<Lead>;
        merge_winners(ids: &[LeadId]) -> Vec<(LeadId, LeadId)>;
        leads_updated(from: Timestamp, to: Timestamp, after: Option<LeadId>, limit: usize) -> Vec<Lead>;
        count_leads_updated(from: Timestamp, to: Timestamp, after: Option<LeadId>) -> u64;
        companies(ids: &[CompanyId]) -> Vec<Company>;
        companies_by_key(keys: &[String]) -> Vec<Option<Company>>;
        activities_of_lead(lead: LeadId, filter: &ActivityFilter, before: Option<(Timestamp, ActivityId)>, limit: usize) -> Vec<Activity>;
        count_activities_of_lead(lead: LeadId, filter: &ActivityFilter, before: Option<(Timestamp, ActivityId)>, limit: usize) -> u64;
        activities_after(scope: &LeadScope, filter: &ActivityFilter, after: Option<ActivityId>, limit: usize) -> Vec<Activity>;
        count_activities_after(scope: &LeadScope, filter: &ActivityFilter, after: Option<ActivityId>, limit: usize) -> u64;
        activity_time(id: ActivityId) -> Option<Timestamp>;
        last_activity_id() -> Option<ActivityId>;
        are_list_members(members: &[(ListId, LeadId)]) -> Vec<bool>;
        list_members(list: ListId, after: Option<LeadId>, limit: usize) -> Vec<Lead>;
        count_list_members(list: ListId, after: Option<LeadId>) -> u64;
        leaving_members(list: ListId, limit: usize) -> Vec<LeadId>;
        are_leaving(list: ListId, leads: &[LeadId]) -> Vec<LeadId>;
        imports_before(before: Option<ImportId>, limit: usize) -> Vec<Import>;
        row_tokens(campaign: CampaignId, leads: &[LeadId]) -> Vec<Vec<(String, String)>>;
        admins() -> Vec<Admin>;
        session(token: &[u8]) -> Option<Session>;
        audit_before(before: Option<i64>, limit: usize) -> Vec<AuditEntry>;
        call_usage() -> Vec<CallUsage>;
        due_runs(now: Timestamp, limit: usize) -> Vec<CampaignRun>;
        runs_at(campaign: CampaignId, run_at: Timestamp) -> Vec<CampaignRun>;
        latest_runs(campaign: CampaignId, limit: usize) -> Vec<CampaignRun>;
        opportunities_before(before: Option<OpportunityId>, limit: usize) -> Vec<Opportunity>;
        count_clone_runs(since: Timestamp) -> u64;
        due_tasks(now: Timestamp, limit: usize) -> Vec<CampaignTask>;
        tasks(ids: &[TaskId]) -> Vec<CampaignTask>;
        failed_tasks(after: Option<TaskId>, limit: usize) -> Vec<CampaignTask>;
        latest_import(list: ListId) -> Option<Import>;
        open_imports() -> Vec<Import>;
        import_rows(import: ImportId, limit: usize) -> Vec<(u64, String)>;
        import_failures(import: ImportId, after: u64, limit: usize) -> Vec<ImportFailure>;
        opportunities(ids: &[OpportunityId]) -> Vec<Opportunity>;
        opportunity_ids_by_field(keys: &[(String, String)], pick: Pick) -> Vec<Vec<OpportunityId>>;
        opportunity_ids_by_company(companies: &[CompanyId]) -> Vec<Vec<OpportunityId>>;
        opportunities_after(after: Option<OpportunityId>, limit: usize) -> Vec<Opportunity>;
        roles(ids: &[RoleId]) -> Vec<Role>;
        role_ids_by_key(keys: &[(OpportunityId, LeadId, String)]) -> Vec<Option<RoleId>>;
        roles_of_opportunities(opportunities: &[OpportunityId]) -> Vec<Role>;
        roles_of_leads(leads: &[LeadId]) -> Vec<Role>;
        roles_after(after: Option<RoleId>, limit: usize) -> Vec<Role>;
        records_by_key(object: ObjectTypeId, keys: &[String]) -> Vec<Option<Record>>;
        records_after(object: ObjectTypeId, filter: &[(String, Vec<String>)], after: Option<&str>, limit: usize) -> Vec<Record>;
        count_records_with(values: &[(ObjectTypeId, String, String)]) -> Vec<u64>;
        counts() -> Counts;
    }
}

impl WriteTxn for Structure {
    fn allocate(&mut self, sequence: Sequence, count: usize) -> Result<Vec<i64>> {
        self.writes += 1;
        let used = self.used.entry(sequence).or_insert(sequence.first() - 1);
        let ids: Vec<i64> = (*used + 1..).take(count).collect();
        *used = ids.last().copied().unwrap_or(*used);
        Ok(ids)
    }

    fn reserve(&mut self, sequence: Sequence, id: i64) -> Result<()> {
        self.writes += 1;
        let used = self.used.entry(sequence).or_insert(sequence.first() - 1);
        *used = id.max(*used);
        Ok(())
    }

    fn put_definitions(&mut self, definitions: &[Definition]) -> Result<()> {
        self.writes += 1;
        self.version += 1;
        for new in definitions {
            let same = |old: &&mut Definition| old.kind == new.kind && old.name == new.name;
            match self.definitions.iter_mut().find(same) {
                Some(old) => *old = new.clone(),
                None => self.definitions.push(new.clone()),
            }
        }
        Ok(())
    }

    fn ensure_index(&mut self, index: &FieldIndex) -> Result<()> {
        self.indexes.insert(index.clone());
        Ok(())
    }

    fn insert_programs(&mut self, programs: &[Program]) -> Result<()> {
        self.writes += 1;
        let new = programs.iter().map(|program| (program.id, program.clone()));
        self.programs.extend(new);
        Ok(())
    }

    fn update_programs(&mut self, programs: &[Program]) -> Result<()> {
        self.writes += 1;
        for program in programs {
            if let Some(stored) = self.programs.get_mut(&program.id) {
                let costs = std::mem::take(&mut stored.costs);
                *stored = Program {
                    costs,
                    ..program.clone()
                };
            }
        }
        Ok(())
    }

    fn put_costs(&mut self, costs: &[(ProgramId, Cost)]) -> Result<()> {
        self.writes += 1;
        for (program, cost) in costs {
            if let Some(program) = self.programs.get_mut(program) {
                program.costs.retain(|stored| stored.id != cost.id);
                program.costs.push(cost.clone());
                program.costs.sort_by_key(|cost| cost.id);
            }
        }
        Ok(())
    }

    fn put_static_lists(&mut self, lists: &[StaticList]) -> Result<()> {
        self.writes += 1;
        self.lists
            .extend(lists.iter().map(|list| (list.id, list.clone())));
        Ok(())
    }

    nothing! {
        insert_leads(leads: &[Lead]) -> ();
        update_leads(leads: &[Lead]) -> ();
        touch_leads(leads: &[LeadId], at: Timestamp) -> ();
        attach_foreign_ids(ids: &[(ForeignId, LeadId)]) -> ();
        attach_cookies(cookies: &[(Cookie, LeadId)]) -> ();
        absorb_leads(winner: LeadId, losers: &[LeadId]) -> ();
        add_list_members(members: &[(ListId, LeadId)], at: Timestamp) -> ();
        remove_list_members(members: &[(ListId, LeadId)]) -> ();
        mark_list_leaving(list: ListId) -> ();
        insert_import(import: &Import, rows: &[String]) -> ();
        update_import(import: &Import) -> ();
        finish_import_rows(import: ImportId, up_to: u64, failures: &[ImportFailure]) -> ();
        put_row_tokens(rows: &[RowTokens]) -> ();
        delete_row_tokens(campaign: CampaignId, leads: Option<&[LeadId]>) -> ();
        put_admin(admin: &Admin) -> ();
        put_session(session: &Session) -> ();
        delete_sessions(sessions: &Sessions) -> ();
        append_audit(entries: &[AuditEntry]) -> ();
        put_call_usage(usage: &[CallUsage]) -> ();
        insert_run(run: &CampaignRun) -> ();
        update_run(run: &CampaignRun) -> ();
        insert_tasks(tasks: &[CampaignTask]) -> ();
        update_tasks(tasks: &[CampaignTask]) -> ();
        delete_tasks(ids: &[TaskId]) -> ();
        delete_leads(leads: &[LeadId]) -> ();
        insert_companies(companies: &[Company]) -> ();
        update_companies(companies: &[Company]) -> ();
        delete_unused_companies(ids: &[CompanyId]) -> ();
        append_activities(activities: &[NewActivity]) -> ();
        insert_opportunities(opportunities: &[Opportunity]) -> ();
        update_opportunities(opportunities: &[Opportunity]) -> ();
        delete_opportunities(ids: &[OpportunityId]) -> ();
        insert_roles(roles: &[Role]) -> ();
        update_roles(roles: &[Role]) -> ();
        delete_roles(ids: &[RoleId]) -> ();
        insert_records(records: &[Record]) -> ();
        update_records(records: &[Record]) -> ();
        delete_records(ids: &[RecordId]) -> ();
    }
}
