//! Reads.

use super::tables::{Tables, activity, is_wanted, picked, satisfies};
use crate::admins::{Admin, AuditEntry, Session};
use crate::ids::{
    ActivityId, CampaignId, CompanyId, CostId, ImportId, LeadId, ListId, ObjectTypeId,
    OpportunityId, ProgramId, RoleId, TaskId,
};
use crate::schema::same_name;
use crate::store::{
    Activity, ActivityFilter, CallUsage, CampaignRun, CampaignTask, Company, Counts, Definition,
    FieldIndex, Import, ImportFailure, ImportState, Lead, LeadKey, LeadScope, NewActivity,
    Opportunity, Pick, Program, ReadTxn, Record, Result, Role, StaticList,
};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// The rows of some ids.
fn by_id<I: Ord, R: Clone>(rows: &BTreeMap<I, R>, ids: &[I]) -> Vec<R> {
    let found = ids.iter().filter_map(|id| rows.get(id));
    found.cloned().collect()
}

/// The rows above an id.
fn above<I: Ord + Copy, R: Clone>(rows: &BTreeMap<I, R>, after: Option<I>, limit: usize) -> Vec<R> {
    let rows = rows.iter().filter(|(id, _)| Some(**id) > after);
    rows.take(limit).map(|(_, row)| row.clone()).collect()
}

fn count(length: usize) -> u64 {
    length.try_into().unwrap_or(u64::MAX)
}

impl Tables {
    /// Records of a type in the order of their keys.
    fn records_of(
        &self,
        object: ObjectTypeId,
        filter: &[(String, Vec<String>)],
        after: Option<&str>,
    ) -> Vec<&Record> {
        let mut found: Vec<_> = self
            .records
            .values()
            .filter(|record| record.object == object && Some(record.key.as_str()) > after)
            .filter(|record| satisfies(record, filter))
            .collect();
        found.sort_by(|a, b| a.key.cmp(&b.key));
        found
    }

    fn history(
        &self,
        lead: LeadId,
        filter: &ActivityFilter,
        before: Option<(Timestamp, ActivityId)>,
    ) -> Vec<(&ActivityId, &NewActivity)> {
        let own = self.activities.iter().filter(|(id, what)| {
            what.lead == lead
                && is_wanted(what, filter)
                && before.is_none_or(|before| (what.at, **id) < before)
        });
        own.collect()
    }

    fn stream<'a>(
        &'a self,
        scope: &'a LeadScope,
        filter: &'a ActivityFilter,
        after: Option<ActivityId>,
    ) -> impl Iterator<Item = (&'a ActivityId, &'a NewActivity)> {
        let of = |lead| match scope {
            LeadScope::All => true,
            LeadScope::Leads(leads) => leads.contains(&lead),
            LeadScope::List(list) => self.members.contains_key(&(*list, lead)),
        };
        self.activities.iter().filter(move |(id, what)| {
            Some(**id) > after && is_wanted(what, filter) && of(what.lead)
        })
    }

    fn roles_where(&self, wanted: impl Fn(&Role) -> bool) -> Vec<Role> {
        let found = self.roles.values().filter(|role| wanted(role));
        found.cloned().collect()
    }
}

impl ReadTxn for Tables {
    fn schema_version(&mut self) -> Result<u64> {
        Ok(self.version)
    }

    fn definitions(&mut self) -> Result<Vec<Definition>> {
        let mut definitions = self.definitions.clone();
        definitions.sort_by_key(|definition| definition.kind);
        Ok(definitions)
    }

    fn lead_ids(&mut self, keys: &[LeadKey], pick: Pick) -> Result<Vec<Vec<LeadId>>> {
        let ids = |key| {
            let found = self.leads_of(key).into_iter();
            picked(found.map(|lead| (lead.id, lead.updated_at)).collect(), pick)
        };
        Ok(keys.iter().map(ids).collect())
    }

    fn count_leads(&mut self, key: &LeadKey) -> Result<u64> {
        Ok(count(self.leads_of(key).len()))
    }

    fn lead_ids_by_prefix(
        &mut self,
        field: &FieldIndex,
        prefix: &str,
        limit: usize,
    ) -> Result<Vec<LeadId>> {
        let value = |lead: &Lead| match field {
            FieldIndex::Lead(name) if name == "Email" => lead.email.clone(),
            FieldIndex::Lead(name) => lead.attrs.get(name).map(str::to_owned),
            FieldIndex::Company(name) => {
                let company = self.companies.get(&lead.company)?;
                company.attrs.get(name).map(str::to_owned)
            }
            _ => None,
        };
        let known = self.leads.values().filter(|lead| !lead.anonymous);
        let mut found: Vec<(String, LeadId)> = known
            .filter_map(|lead| Some((value(lead)?, lead.id)))
            .filter(|(value, _)| value.starts_with(prefix))
            .collect();
        found.sort_unstable();
        Ok(found.into_iter().take(limit).map(|(_, id)| id).collect())
    }

    fn leads_before(&mut self, before: Option<LeadId>, limit: usize) -> Result<Vec<Lead>> {
        let rows = self.leads.values().rev().filter(|lead| !lead.anonymous);
        let rows = rows.filter(|lead| before.is_none_or(|before| lead.id < before));
        Ok(rows.take(limit).map(|lead| self.shown_lead(lead)).collect())
    }

    fn has_index(&mut self, _: &FieldIndex) -> Result<bool> {
        Ok(true)
    }

    fn leads(&mut self, ids: &[LeadId]) -> Result<Vec<Lead>> {
        let found = ids.iter().filter_map(|id| self.leads.get(id));
        Ok(found.map(|lead| self.shown_lead(lead)).collect())
    }

    fn merge_winners(&mut self, ids: &[LeadId]) -> Result<Vec<(LeadId, LeadId)>> {
        let winner = |loser: &LeadId| {
            let mut winner = self.merged.get(loser)?;
            while let Some(next) = self.merged.get(winner) {
                winner = next;
            }
            Some((*loser, *winner))
        };
        Ok(ids.iter().filter_map(winner).collect())
    }

    fn leads_updated(
        &mut self,
        from: Timestamp,
        to: Timestamp,
        after: Option<LeadId>,
        limit: usize,
    ) -> Result<Vec<Lead>> {
        let page = self.window(from, to, after).take(limit);
        Ok(page.map(|lead| self.shown_lead(lead)).collect())
    }

    fn count_leads_updated(
        &mut self,
        from: Timestamp,
        to: Timestamp,
        after: Option<LeadId>,
    ) -> Result<u64> {
        Ok(count(self.window(from, to, after).count()))
    }

    fn companies(&mut self, ids: &[CompanyId]) -> Result<Vec<Company>> {
        Ok(by_id(&self.companies, ids))
    }

    fn companies_by_key(&mut self, keys: &[String]) -> Result<Vec<Option<Company>>> {
        let find = |key: &String| {
            let mut all = self.companies.values();
            all.find(|company| company.key.as_ref() == Some(key))
                .cloned()
        };
        Ok(keys.iter().map(find).collect())
    }

    fn activities_of_lead(
        &mut self,
        lead: LeadId,
        filter: &ActivityFilter,
        before: Option<(Timestamp, ActivityId)>,
        limit: usize,
    ) -> Result<Vec<Activity>> {
        let mut found = self.history(lead, filter, before);
        found.sort_by_key(|(id, what)| std::cmp::Reverse((what.at, **id)));
        Ok(found.into_iter().take(limit).map(activity).collect())
    }

    fn count_activities_of_lead(
        &mut self,
        lead: LeadId,
        filter: &ActivityFilter,
        before: Option<(Timestamp, ActivityId)>,
        limit: usize,
    ) -> Result<u64> {
        Ok(count(self.history(lead, filter, before).len().min(limit)))
    }

    fn activities_after(
        &mut self,
        scope: &LeadScope,
        filter: &ActivityFilter,
        after: Option<ActivityId>,
        limit: usize,
    ) -> Result<Vec<Activity>> {
        let stream = self.stream(scope, filter, after).take(limit);
        Ok(stream.map(activity).collect())
    }

    fn count_activities_after(
        &mut self,
        scope: &LeadScope,
        filter: &ActivityFilter,
        after: Option<ActivityId>,
        limit: usize,
    ) -> Result<u64> {
        Ok(count(self.stream(scope, filter, after).take(limit).count()))
    }

    fn activity_time(&mut self, id: ActivityId) -> Result<Option<Timestamp>> {
        let (_, last) = self.activities.range(..=id).next_back().unzip();
        Ok(last.map(|what| what.at))
    }

    fn last_activity_id(&mut self) -> Result<Option<ActivityId>> {
        Ok((self.given_activities > 0).then_some(ActivityId(self.given_activities)))
    }

    fn opportunities(&mut self, ids: &[OpportunityId]) -> Result<Vec<Opportunity>> {
        Ok(by_id(&self.opportunities, ids))
    }

    fn opportunity_ids_by_field(
        &mut self,
        keys: &[(String, String)],
        pick: Pick,
    ) -> Result<Vec<Vec<OpportunityId>>> {
        let ids = |(field, value): &(String, String)| {
            let all = self.opportunities.values();
            let found = all.filter(|deal| deal.attrs.get(field) == Some(value));
            picked(found.map(|deal| (deal.id, deal.updated_at)).collect(), pick)
        };
        Ok(keys.iter().map(ids).collect())
    }

    fn opportunity_ids_by_company(
        &mut self,
        companies: &[CompanyId],
    ) -> Result<Vec<Vec<OpportunityId>>> {
        let ids = |company: &CompanyId| {
            let all = self.opportunities.values();
            let own = all.filter(|deal| deal.company == Some(*company));
            own.map(|deal| deal.id).collect()
        };
        Ok(companies.iter().map(ids).collect())
    }

    fn opportunities_before(
        &mut self,
        before: Option<OpportunityId>,
        limit: usize,
    ) -> Result<Vec<Opportunity>> {
        let rows = self.opportunities.values().rev();
        let rows = rows.filter(|row| before.is_none_or(|before| row.id < before));
        Ok(rows.take(limit).cloned().collect())
    }

    fn opportunities_after(
        &mut self,
        after: Option<OpportunityId>,
        limit: usize,
    ) -> Result<Vec<Opportunity>> {
        Ok(above(&self.opportunities, after, limit))
    }

    fn roles(&mut self, ids: &[RoleId]) -> Result<Vec<Role>> {
        Ok(by_id(&self.roles, ids))
    }

    fn role_ids_by_key(
        &mut self,
        keys: &[(OpportunityId, LeadId, String)],
    ) -> Result<Vec<Option<RoleId>>> {
        let find = |(deal, lead, name): &(OpportunityId, LeadId, String)| {
            let mut all = self.roles.values();
            let role = all.find(|role| {
                role.opportunity == *deal && role.lead == *lead && role.key_name() == *name
            });
            role.map(|role| role.id)
        };
        Ok(keys.iter().map(find).collect())
    }

    fn roles_of_opportunities(&mut self, opportunities: &[OpportunityId]) -> Result<Vec<Role>> {
        Ok(self.roles_where(|role| opportunities.contains(&role.opportunity)))
    }

    fn roles_of_leads(&mut self, leads: &[LeadId]) -> Result<Vec<Role>> {
        Ok(self.roles_where(|role| leads.contains(&role.lead)))
    }

    fn roles_after(&mut self, after: Option<RoleId>, limit: usize) -> Result<Vec<Role>> {
        Ok(above(&self.roles, after, limit))
    }

    fn programs(&mut self, ids: &[ProgramId]) -> Result<Vec<Program>> {
        let found = ids.iter().filter_map(|id| self.programs.get(id));
        Ok(found.map(|program| self.shown_program(program)).collect())
    }

    fn program_ids_by_name(&mut self, names: &[String]) -> Result<Vec<Option<ProgramId>>> {
        let find = |name: &String| {
            let mut all = self.programs.values();
            let program = all.find(|program| same_name(&program.name, name));
            program.map(|program| program.id)
        };
        Ok(names.iter().map(find).collect())
    }

    fn programs_after(&mut self, after: Option<ProgramId>, limit: usize) -> Result<Vec<Program>> {
        let page = above(&self.programs, after, limit);
        Ok(page
            .iter()
            .map(|program| self.shown_program(program))
            .collect())
    }

    fn cost_owners(&mut self, ids: &[CostId]) -> Result<Vec<Option<ProgramId>>> {
        let owner = |id| self.costs.get(id).map(|(program, _)| *program);
        Ok(ids.iter().map(owner).collect())
    }

    fn static_lists(&mut self) -> Result<Vec<StaticList>> {
        Ok(self.lists.values().cloned().collect())
    }

    fn are_list_members(&mut self, members: &[(ListId, LeadId)]) -> Result<Vec<bool>> {
        let is = |member| self.members.contains_key(member);
        Ok(members.iter().map(is).collect())
    }

    fn list_members(
        &mut self,
        list: ListId,
        after: Option<LeadId>,
        limit: usize,
    ) -> Result<Vec<Lead>> {
        let page = self.known_members(list, after).take(limit);
        Ok(page.map(|lead| self.shown_lead(lead)).collect())
    }

    fn count_list_members(&mut self, list: ListId, after: Option<LeadId>) -> Result<u64> {
        Ok(count(self.known_members(list, after).count()))
    }

    fn leaving_members(&mut self, list: ListId, limit: usize) -> Result<Vec<LeadId>> {
        let own = self.leaving.iter().filter(|(own, _)| *own == list);
        Ok(own.take(limit).map(|(_, lead)| *lead).collect())
    }

    fn are_leaving(&mut self, list: ListId, leads: &[LeadId]) -> Result<Vec<LeadId>> {
        let leaves = |lead: &&LeadId| self.leaving.contains(&(list, **lead));
        Ok(leads.iter().filter(leaves).copied().collect())
    }

    fn imports_before(&mut self, before: Option<ImportId>, limit: usize) -> Result<Vec<Import>> {
        let below = |import: &&Import| before.is_none_or(|before| import.id < before);
        let latest_first = self.imports.values().rev();
        Ok(latest_first.filter(below).take(limit).cloned().collect())
    }

    fn row_tokens(
        &mut self,
        campaign: CampaignId,
        leads: &[LeadId],
    ) -> Result<Vec<Vec<(String, String)>>> {
        let own = |lead: &LeadId| self.row_tokens.get(&(campaign, *lead)).cloned();
        Ok(leads
            .iter()
            .map(|lead| own(lead).unwrap_or_default())
            .collect())
    }

    fn admins(&mut self) -> Result<Vec<Admin>> {
        Ok(self.admins.values().cloned().collect())
    }

    fn session(&mut self, token: &[u8]) -> Result<Option<Session>> {
        Ok(self.sessions.get(token).cloned())
    }

    fn audit_before(&mut self, before: Option<i64>, limit: usize) -> Result<Vec<AuditEntry>> {
        let entries = self.audit.iter().rev();
        let entries = entries.filter(|entry| before.is_none_or(|before| entry.id < before));
        Ok(entries.take(limit).cloned().collect())
    }

    fn call_usage(&mut self) -> Result<Vec<CallUsage>> {
        Ok(self.call_usage.values().cloned().collect())
    }

    fn due_runs(&mut self, now: Timestamp, limit: usize) -> Result<Vec<CampaignRun>> {
        let due = |run: &&CampaignRun| run.ended_at.is_none() && run.run_at <= now;
        let mut runs: Vec<_> = self.runs.values().filter(due).cloned().collect();
        runs.sort_by_key(|run| (run.run_at, run.id));
        runs.truncate(limit);
        Ok(runs)
    }

    fn runs_at(&mut self, campaign: CampaignId, run_at: Timestamp) -> Result<Vec<CampaignRun>> {
        let own = |run: &&CampaignRun| run.campaign == campaign && run.run_at == run_at;
        Ok(self.runs.values().filter(own).cloned().collect())
    }

    fn latest_runs(&mut self, campaign: CampaignId, limit: usize) -> Result<Vec<CampaignRun>> {
        let own = |run: &&CampaignRun| run.campaign == campaign;
        let mut runs: Vec<_> = self.runs.values().filter(own).cloned().collect();
        runs.sort_by_key(|run| std::cmp::Reverse((run.run_at, run.id)));
        runs.truncate(limit);
        Ok(runs)
    }

    fn count_clone_runs(&mut self, since: Timestamp) -> Result<u64> {
        let own = |run: &&CampaignRun| run.cloned && run.accepted_at >= since;
        Ok(self.runs.values().filter(own).count() as u64)
    }

    fn due_tasks(&mut self, now: Timestamp, limit: usize) -> Result<Vec<CampaignTask>> {
        let due = |task: &&CampaignTask| task.failure.is_none() && task.due_at <= now;
        let mut tasks: Vec<_> = self.tasks.values().filter(due).cloned().collect();
        tasks.sort_by_key(|task| (task.due_at, task.id));
        tasks.truncate(limit);
        Ok(tasks)
    }

    fn tasks(&mut self, ids: &[TaskId]) -> Result<Vec<CampaignTask>> {
        let ids: BTreeSet<_> = ids.iter().collect();
        let found = ids.into_iter().filter_map(|id| self.tasks.get(id));
        Ok(found.cloned().collect())
    }

    fn failed_tasks(&mut self, after: Option<TaskId>, limit: usize) -> Result<Vec<CampaignTask>> {
        let own = |task: &&CampaignTask| task.failure.is_some() && Some(task.id) > after;
        let failed = self.tasks.values().filter(own);
        Ok(failed.take(limit).cloned().collect())
    }

    fn latest_import(&mut self, list: ListId) -> Result<Option<Import>> {
        let mut all = self.imports.values().rev();
        Ok(all.find(|import| import.list == list).cloned())
    }

    fn open_imports(&mut self) -> Result<Vec<Import>> {
        let mut lists = BTreeSet::new();
        let open = self.imports.values();
        let open = open.filter(|import| import.state == ImportState::Processing);
        Ok(open
            .filter(|import| lists.insert(import.list))
            .cloned()
            .collect())
    }

    fn import_rows(&mut self, import: ImportId, limit: usize) -> Result<Vec<(u64, String)>> {
        let own = self
            .import_rows
            .iter()
            .filter(|((own, _), _)| *own == import);
        let rows = own.take(limit).map(|((_, row), text)| (*row, text.clone()));
        Ok(rows.collect())
    }

    fn import_failures(
        &mut self,
        import: ImportId,
        after: u64,
        limit: usize,
    ) -> Result<Vec<ImportFailure>> {
        let own = self.import_failures.iter();
        let own = own.filter(|((own, row), _)| *own == import && *row > after);
        Ok(own
            .take(limit)
            .map(|(_, failure)| failure.clone())
            .collect())
    }

    fn records_by_key(
        &mut self,
        object: ObjectTypeId,
        keys: &[String],
    ) -> Result<Vec<Option<Record>>> {
        let find = |key: &String| {
            let mut all = self.records.values();
            all.find(|record| record.object == object && record.key == *key)
                .cloned()
        };
        Ok(keys.iter().map(find).collect())
    }

    fn records_after(
        &mut self,
        object: ObjectTypeId,
        filter: &[(String, Vec<String>)],
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<Record>> {
        let page = self.records_of(object, filter, after).into_iter();
        Ok(page.take(limit).cloned().collect())
    }

    fn count_records(
        &mut self,
        object: ObjectTypeId,
        filter: &[(String, Vec<String>)],
        after: Option<&str>,
    ) -> Result<u64> {
        Ok(count(self.records_of(object, filter, after).len()))
    }

    fn count_records_with(
        &mut self,
        values: &[(ObjectTypeId, String, String)],
    ) -> Result<Vec<u64>> {
        let has = |record: &Record, field: &String, value: &String| {
            let mut own = record.lookup.iter();
            own.any(|(name, text)| name == field && text == value)
        };
        let count_of = |(object, field, value): &(ObjectTypeId, String, String)| {
            let all = self.records.values();
            let with = all.filter(|record| record.object == *object && has(record, field, value));
            count(with.count())
        };
        Ok(values.iter().map(count_of).collect())
    }

    fn counts(&mut self) -> Result<Counts> {
        Ok(Counts {
            leads: count(self.leads.len()),
            companies: count(self.companies.len()),
            activities: count(self.activities.len()),
            opportunities: count(self.opportunities.len()),
            roles: count(self.roles.len()),
            programs: count(self.programs.len()),
            static_lists: count(self.lists.len()),
            records: count(self.records.len()),
        })
    }

    fn field_in_use(&mut self, field: &FieldIndex) -> Result<bool> {
        Ok(self.values_of(field).next().is_some())
    }

    fn longest_value(&mut self, field: &FieldIndex) -> Result<usize> {
        let lengths = self.values_of(field).map(|value| value.chars().count());
        Ok(lengths.max().unwrap_or(0))
    }
}
