//! Writes. What a database refuses by its keys is refused here too.

use super::tables::Tables;
use crate::admins::{Admin, AuditEntry, Session, Sessions};
use crate::ids::{
    ActivityId, CampaignId, CompanyId, ImportId, LeadId, ListId, OpportunityId, ProgramId,
    RecordId, RoleId, TaskId,
};
use crate::schema::same_name;
use crate::store::{
    CallUsage, CampaignRun, CampaignTask, Company, Cookie, Cost, Definition, FieldIndex, ForeignId,
    Import, ImportFailure, Lead, NewActivity, Opportunity, Program, Record, Result, Role,
    RowTokens, Sequence, StaticList, StoreError, WriteTxn,
};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::fmt::Debug;

fn taken(what: impl Debug) -> StoreError {
    StoreError::Failed(format!("{what:?} is taken"))
}

/// Adds a row under a fresh id.
fn insert<I: Ord + Copy + Debug, R>(rows: &mut BTreeMap<I, R>, id: I, row: R) -> Result<()> {
    match rows.insert(id, row) {
        None => Ok(()),
        Some(_) => Err(taken(id)),
    }
}

/// Replaces a row that is there.
fn replace<I: Ord, R>(rows: &mut BTreeMap<I, R>, id: I, row: R) {
    if let Some(stored) = rows.get_mut(&id) {
        *stored = row;
    }
}

fn stored_lead(lead: &Lead) -> Lead {
    Lead {
        foreign_id: None,
        ..lead.clone()
    }
}

fn stored_record(record: &Record) -> Record {
    let mut record = record.clone();
    record.lookup.sort();
    record
}

fn stored_program(program: &Program) -> Program {
    Program {
        costs: Vec::new(),
        ..program.clone()
    }
}

impl Tables {
    fn check_company(&self, new: &Company) -> Result<()> {
        let mut others = self.companies.values().filter(|old| old.id != new.id);
        match others.find(|old| new.key.is_some() && old.key == new.key) {
            Some(_) => Err(taken(&new.key)),
            None => Ok(()),
        }
    }

    fn check_role(&self, new: &Role) -> Result<()> {
        let key = |role: &Role| (role.opportunity, role.lead, role.key_name());
        let mut others = self.roles.values().filter(|old| old.id != new.id);
        match others.find(|old| key(old) == key(new)) {
            Some(_) => Err(taken(key(new))),
            None => Ok(()),
        }
    }

    fn check_program(&self, new: &Program) -> Result<()> {
        let mut others = self.programs.values().filter(|old| old.id != new.id);
        match others.find(|old| same_name(&old.name, &new.name)) {
            Some(_) => Err(taken(&new.name)),
            None => Ok(()),
        }
    }

    fn check_record(&self, new: &Record) -> Result<()> {
        let mut others = self.records.values().filter(|old| old.id != new.id);
        match others.find(|old| (old.object, &old.key) == (new.object, &new.key)) {
            Some(_) => Err(taken(&new.key)),
            None => Ok(()),
        }
    }

    fn company_in_use(&self, id: CompanyId) -> bool {
        self.leads.values().any(|lead| lead.company == id)
            || self
                .opportunities
                .values()
                .any(|deal| deal.company == Some(id))
    }
}

impl WriteTxn for Tables {
    fn allocate(&mut self, sequence: Sequence, count: usize) -> Result<Vec<i64>> {
        let given = self.given.entry(sequence).or_insert(sequence.first() - 1);
        let last = i64::try_from(count)
            .ok()
            .and_then(|count| given.checked_add(count))
            .filter(|last| *last <= Sequence::MAX)
            .ok_or_else(|| sequence.exhausted())?;
        let ids = (*given + 1..=last).collect();
        *given = last;
        Ok(ids)
    }

    fn reserve(&mut self, sequence: Sequence, used: i64) -> Result<()> {
        if used > Sequence::MAX {
            return Err(sequence.exhausted());
        }
        let given = self.given.entry(sequence).or_insert(sequence.first() - 1);
        *given = used.max(*given);
        Ok(())
    }

    fn put_definitions(&mut self, definitions: &[Definition]) -> Result<()> {
        for new in definitions {
            let same = |old: &&mut Definition| old.kind == new.kind && old.name == new.name;
            match self.definitions.iter_mut().find(same) {
                Some(old) => *old = new.clone(),
                None => self.definitions.push(new.clone()),
            }
        }
        self.version += u64::from(!definitions.is_empty());
        Ok(())
    }

    fn ensure_index(&mut self, _: &FieldIndex) -> Result<()> {
        Ok(())
    }

    fn insert_leads(&mut self, leads: &[Lead]) -> Result<()> {
        leads
            .iter()
            .try_for_each(|lead| insert(&mut self.leads, lead.id, stored_lead(lead)))
    }

    fn update_leads(&mut self, leads: &[Lead]) -> Result<()> {
        for lead in leads {
            replace(&mut self.leads, lead.id, stored_lead(lead));
        }
        Ok(())
    }

    fn touch_leads(&mut self, leads: &[LeadId], at: Timestamp) -> Result<()> {
        for id in leads {
            if let Some(lead) = self.leads.get_mut(id) {
                lead.updated_at = at;
            }
        }
        Ok(())
    }

    fn attach_foreign_ids(&mut self, ids: &[(ForeignId, LeadId)]) -> Result<()> {
        for (id, lead) in ids {
            self.attachments += 1;
            self.foreign_ids
                .insert(id.clone(), (*lead, self.attachments));
        }
        Ok(())
    }

    fn attach_cookies(&mut self, cookies: &[(Cookie, LeadId)]) -> Result<()> {
        for (cookie, lead) in cookies {
            let mut cookie = cookie.clone();
            if cookie.account.is_none() {
                let same = self.cookies.iter().filter(|(own, _)| own.is(&cookie));
                let newest = same.max_by_key(|(_, lead)| *lead);
                cookie.account = newest.and_then(|(own, _)| own.account.clone());
            }
            self.cookies.retain(|(own, _)| !own.is(&cookie));
            self.cookies.push((cookie, *lead));
        }
        Ok(())
    }

    fn absorb_leads(&mut self, winner: LeadId, losers: &[LeadId]) -> Result<()> {
        let is_loser = |lead: &LeadId| losers.contains(lead);
        for what in self.activities.values_mut() {
            if is_loser(&what.lead) {
                what.lead = winner;
            }
        }
        // What the winner shows was attached last, and stays so.
        let shows = self.foreign_ids.values().any(|(owner, _)| *owner == winner);
        let lost = self.foreign_ids.values_mut();
        for (owner, attached) in lost.filter(|(owner, _)| is_loser(owner)) {
            *owner = winner;
            *attached = if shows { 0 } else { *attached };
        }
        for (_, owner) in &mut self.cookies {
            if is_loser(owner) {
                *owner = winner;
            }
        }
        let lost = self.members.keys().filter(|(_, lead)| is_loser(lead));
        for member in lost.copied().collect::<Vec<_>>() {
            if let Some(at) = self.members.remove(&member) {
                let own = (member.0, winner);
                // Whoever of the two stays, stays.
                let (there, leaves) = (
                    self.members.contains_key(&own),
                    self.leaving.remove(&member),
                );
                if !leaves {
                    self.leaving.remove(&own);
                } else if !there {
                    self.leaving.insert(own);
                }
                self.members.entry(own).or_insert(at);
            }
        }
        let lost = self.row_tokens.keys().filter(|(_, lead)| is_loser(lead));
        for own in lost.copied().collect::<Vec<_>>() {
            if let Some(tokens) = self.row_tokens.remove(&own) {
                self.row_tokens.entry((own.0, winner)).or_insert(tokens);
            }
        }
        for loser in losers {
            self.leads.remove(loser);
            self.merged.insert(*loser, winner);
        }
        Ok(())
    }

    fn insert_companies(&mut self, companies: &[Company]) -> Result<()> {
        companies.iter().try_for_each(|company| {
            self.check_company(company)?;
            insert(&mut self.companies, company.id, company.clone())
        })
    }

    fn update_companies(&mut self, companies: &[Company]) -> Result<()> {
        companies.iter().try_for_each(|company| {
            self.check_company(company)?;
            replace(&mut self.companies, company.id, company.clone());
            Ok(())
        })
    }

    fn delete_unused_companies(&mut self, ids: &[CompanyId]) -> Result<()> {
        for id in ids {
            if !self.company_in_use(*id) {
                self.companies.remove(id);
            }
        }
        Ok(())
    }

    fn append_activities(&mut self, activities: &[NewActivity]) -> Result<()> {
        for activity in activities {
            self.given_activities += 1;
            let id = ActivityId(self.given_activities);
            self.activities.insert(id, activity.clone());
        }
        Ok(())
    }

    fn insert_opportunities(&mut self, opportunities: &[Opportunity]) -> Result<()> {
        opportunities
            .iter()
            .try_for_each(|deal| insert(&mut self.opportunities, deal.id, deal.clone()))
    }

    fn update_opportunities(&mut self, opportunities: &[Opportunity]) -> Result<()> {
        for deal in opportunities {
            replace(&mut self.opportunities, deal.id, deal.clone());
        }
        Ok(())
    }

    fn delete_opportunities(&mut self, ids: &[OpportunityId]) -> Result<()> {
        self.opportunities.retain(|id, _| !ids.contains(id));
        Ok(())
    }

    fn insert_roles(&mut self, roles: &[Role]) -> Result<()> {
        roles.iter().try_for_each(|role| {
            self.check_role(role)?;
            insert(&mut self.roles, role.id, role.clone())
        })
    }

    fn update_roles(&mut self, roles: &[Role]) -> Result<()> {
        roles.iter().try_for_each(|role| {
            self.check_role(role)?;
            replace(&mut self.roles, role.id, role.clone());
            Ok(())
        })
    }

    fn delete_roles(&mut self, ids: &[RoleId]) -> Result<()> {
        self.roles.retain(|id, _| !ids.contains(id));
        Ok(())
    }

    fn insert_programs(&mut self, programs: &[Program]) -> Result<()> {
        for program in programs {
            self.check_program(program)?;
            insert(&mut self.programs, program.id, stored_program(program))?;
            let costs = program.costs.iter().cloned();
            self.put_costs(&costs.map(|cost| (program.id, cost)).collect::<Vec<_>>())?;
        }
        Ok(())
    }

    fn update_programs(&mut self, programs: &[Program]) -> Result<()> {
        programs.iter().try_for_each(|program| {
            self.check_program(program)?;
            replace(&mut self.programs, program.id, stored_program(program));
            Ok(())
        })
    }

    fn put_costs(&mut self, costs: &[(ProgramId, Cost)]) -> Result<()> {
        let costs = costs.iter().cloned();
        self.costs
            .extend(costs.map(|(program, cost)| (cost.id, (program, cost))));
        Ok(())
    }

    fn put_static_lists(&mut self, lists: &[StaticList]) -> Result<()> {
        let lists = lists.iter().cloned();
        self.lists.extend(lists.map(|list| (list.id, list)));
        Ok(())
    }

    fn put_row_tokens(&mut self, rows: &[RowTokens]) -> Result<()> {
        let rows = rows.iter();
        self.row_tokens
            .extend(rows.map(|row| ((row.campaign, row.lead), row.tokens.clone())));
        Ok(())
    }

    fn delete_row_tokens(&mut self, campaign: CampaignId, leads: Option<&[LeadId]>) -> Result<()> {
        self.row_tokens.retain(|(own, lead), _| {
            *own != campaign || leads.is_some_and(|leads| !leads.contains(lead))
        });
        Ok(())
    }

    fn put_admin(&mut self, admin: &Admin) -> Result<()> {
        self.admins.insert(admin.name.clone(), admin.clone());
        Ok(())
    }

    fn put_session(&mut self, session: &Session) -> Result<()> {
        self.sessions.insert(session.token.clone(), session.clone());
        Ok(())
    }

    fn delete_sessions(&mut self, sessions: &Sessions) -> Result<()> {
        self.sessions.retain(|_, own| match sessions {
            Sessions::Token(token) => own.token != *token,
            Sessions::Of(admin) => own.admin != *admin,
            Sessions::SeenBefore(time) => own.seen_at >= *time,
        });
        Ok(())
    }

    fn append_audit(&mut self, entries: &[AuditEntry]) -> Result<()> {
        for entry in entries {
            let id = self.audit.last().map_or(1, |last| last.id + 1);
            self.audit.push(AuditEntry {
                id,
                ..entry.clone()
            });
        }
        Ok(())
    }

    fn put_call_usage(&mut self, usage: &[CallUsage]) -> Result<()> {
        let usage = usage.iter();
        self.call_usage
            .extend(usage.map(|own| (own.user.clone(), own.clone())));
        Ok(())
    }

    fn insert_run(&mut self, run: &CampaignRun) -> Result<()> {
        insert(&mut self.runs, run.id, run.clone())
    }

    fn update_run(&mut self, run: &CampaignRun) -> Result<()> {
        replace(&mut self.runs, run.id, run.clone());
        Ok(())
    }

    fn insert_tasks(&mut self, tasks: &[CampaignTask]) -> Result<()> {
        tasks
            .iter()
            .try_for_each(|task| insert(&mut self.tasks, task.id, task.clone()))
    }

    fn update_tasks(&mut self, tasks: &[CampaignTask]) -> Result<()> {
        for task in tasks {
            replace(&mut self.tasks, task.id, task.clone());
        }
        Ok(())
    }

    fn delete_tasks(&mut self, ids: &[TaskId]) -> Result<()> {
        self.tasks.retain(|id, _| !ids.contains(id));
        Ok(())
    }

    fn delete_leads(&mut self, leads: &[LeadId]) -> Result<()> {
        let goes = |lead: &LeadId| leads.contains(lead);
        self.leads.retain(|lead, _| !goes(lead));
        self.activities.retain(|_, what| !goes(&what.lead));
        self.foreign_ids.retain(|_, (owner, _)| !goes(owner));
        self.cookies.retain(|(_, owner)| !goes(owner));
        self.members.retain(|(_, lead), _| !goes(lead));
        self.leaving.retain(|(_, lead)| !goes(lead));
        self.row_tokens.retain(|(_, lead), _| !goes(lead));
        self.tasks.retain(|_, task| !goes(&task.lead));
        Ok(())
    }

    fn add_list_members(&mut self, members: &[(ListId, LeadId)], at: Timestamp) -> Result<()> {
        for member in members {
            self.members.entry(*member).or_insert(at);
            self.leaving.remove(member);
        }
        Ok(())
    }

    fn mark_list_leaving(&mut self, list: ListId) -> Result<()> {
        let own = self.members.keys().filter(|(own, _)| *own == list);
        self.leaving.extend(own);
        Ok(())
    }

    fn insert_import(&mut self, import: &Import, rows: &[String]) -> Result<()> {
        insert(&mut self.imports, import.id, import.clone())?;
        let rows = (1..).zip(rows);
        self.import_rows
            .extend(rows.map(|(row, text)| ((import.id, row), text.clone())));
        Ok(())
    }

    fn update_import(&mut self, import: &Import) -> Result<()> {
        replace(&mut self.imports, import.id, import.clone());
        Ok(())
    }

    fn finish_import_rows(
        &mut self,
        import: ImportId,
        up_to: u64,
        failures: &[ImportFailure],
    ) -> Result<()> {
        self.import_rows
            .retain(|(own, row), _| *own != import || *row > up_to);
        for failure in failures {
            self.import_failures
                .insert((import, failure.row), failure.clone());
        }
        Ok(())
    }

    fn remove_list_members(&mut self, members: &[(ListId, LeadId)]) -> Result<()> {
        self.members.retain(|member, _| !members.contains(member));
        self.leaving.retain(|member| !members.contains(member));
        Ok(())
    }

    fn insert_records(&mut self, records: &[Record]) -> Result<()> {
        records.iter().try_for_each(|record| {
            self.check_record(record)?;
            insert(&mut self.records, record.id, stored_record(record))
        })
    }

    fn update_records(&mut self, records: &[Record]) -> Result<()> {
        records.iter().try_for_each(|record| {
            self.check_record(record)?;
            replace(&mut self.records, record.id, stored_record(record));
            Ok(())
        })
    }

    fn delete_records(&mut self, ids: &[RecordId]) -> Result<()> {
        self.records.retain(|id, _| !ids.contains(id));
        Ok(())
    }
}
