//! Tasks that stand at the same step of one campaign, which are done together.

use super::message::{Outgoing, Subject, stored_value};
use super::outcome::{Done, later, move_on};
use super::queue::{Entry, program_of, request};
use super::step::{Step, wait};
use super::work::{Worked, campaign_name};
use crate::activities::{CAMPAIGN_SOURCE, Origin, StepOrigin, change_score, list_membership};
use crate::error::{CallError, RecordError};
use crate::ids::{CampaignId, CompanyId, LeadId, ListId, TaskId};
use crate::leads::{LeadInput, apply_records, delete_leads};
use crate::lists::full_list_name;
use crate::schema::{Campaign, CampaignKind, Schema};
use crate::store::{self, CampaignTask, Company, Lead, NewActivity, WriteTxn};
use jiff::{SignedDuration, Timestamp};
use std::collections::{HashMap, HashSet};

/// How long a sender has before a step is handed out again.
const LEASE: SignedDuration = SignedDuration::from_mins(2);
/// How long a step waits for a sender when all are busy.
const BUSY: SignedDuration = SignedDuration::from_secs(1);
/// How many campaigns may request each other in a row, without a wait between them.
const MAX_DEPTH: u32 = 10;

/// Tasks of one campaign and one step, and their leads.
pub(super) struct Group<'s> {
    schema: &'s Schema,
    now: Timestamp,
    campaign: Option<&'s Campaign>,
    tasks: Vec<CampaignTask>,
    /// Whether others must wait for these.
    held_back: bool,
    /// The leads of the tasks as they are now, winners of merges for their losers.
    leads: HashMap<LeadId, Lead>,
    companies: HashMap<CompanyId, Company>,
}

impl<'s> Group<'s> {
    pub(super) fn begin(
        txn: &mut dyn WriteTxn,
        schema: &'s Schema,
        now: Timestamp,
        mut tasks: Vec<CampaignTask>,
    ) -> store::Result<Self> {
        let mut ids: Vec<LeadId> = tasks.iter().map(|task| task.lead).collect();
        for (loser, winner) in txn.merge_winners(&ids)? {
            for task in &mut tasks {
                if task.lead == loser {
                    task.lead = winner;
                }
            }
            ids.push(winner);
        }
        // A lead that is there twice has the step twice, one after the other.
        let mut seen = HashSet::new();
        let all = tasks.len();
        tasks.retain(|task| seen.insert(task.lead));
        ids.sort_unstable();
        ids.dedup();
        let leads = txn.leads(&ids)?;
        let mut companies: Vec<CompanyId> = leads.iter().map(|lead| lead.company).collect();
        companies.sort_unstable();
        companies.dedup();
        let companies = txn.companies(&companies)?;
        Ok(Self {
            schema,
            now,
            held_back: tasks.len() < all,
            campaign: tasks
                .first()
                .and_then(|task| schema.campaign(task.campaign)),
            tasks,
            leads: leads.into_iter().map(|lead| (lead.id, lead)).collect(),
            companies: companies.into_iter().map(|one| (one.id, one)).collect(),
        })
    }

    pub(super) fn run(
        mut self,
        txn: &mut dyn WriteTxn,
        senders: usize,
        worked: &mut Worked,
    ) -> Result<(), CallError> {
        worked.more |= self.held_back;
        let place = self.tasks.first().map_or(0, |task| task.step);
        let step = self
            .campaign
            .and_then(|campaign| Some((campaign, campaign.steps.get(place as usize)?)));
        // Nothing is left to do for whoever is at the end, was deleted, or is in a campaign that is gone.
        let (tasks, gone): (Vec<_>, Vec<_>) = std::mem::take(&mut self.tasks)
            .into_iter()
            .partition(|task| step.is_some() && self.leads.contains_key(&task.lead));
        let gone: Vec<TaskId> = gone.iter().map(|task| task.id).collect();
        txn.delete_tasks(&gone)?;
        worked.more |= !gone.is_empty();
        self.tasks = tasks;
        let Some((campaign, step)) = step.filter(|_| !self.tasks.is_empty()) else {
            return Ok(());
        };
        let step = match Step::read(step) {
            Ok(step) => step,
            Err(reason) => {
                let failed = self.all(|_| Some(Err(reason.clone())));
                worked.more = true;
                return self.finish(txn, failed);
            }
        };
        let name = campaign_name(txn, campaign)?;
        let origin = StepOrigin {
            campaign: name,
            action: step.action(),
            step: place + 1,
        };
        let program = program_of(txn, campaign)?;
        let tokens = program.map_or_else(Vec::new, |program| program.tokens);
        let done: Vec<Done> = match &step {
            Step::ChangeDataValue { field, value } => {
                self.change_values(txn, &origin, &tokens, field, value)?
            }
            Step::ChangeScore { field, by, to } => {
                self.change_scores(txn, &origin, field, *by, *to)?
            }
            Step::AddToList { list } => self.change_list(txn, &origin, *list, true)?,
            Step::RemoveFromList { list } => self.change_list(txn, &origin, *list, false)?,
            Step::RequestCampaign { campaign } => self.request(txn, &origin, *campaign)?,
            Step::Wait { time } => return self.wait(txn, time, worked),
            Step::DeleteLead => {
                let leads = self
                    .tasks
                    .iter()
                    .filter_map(|task| self.leads.get(&task.lead));
                let leads: Vec<Lead> = leads.cloned().collect();
                delete_leads(txn, self.schema, self.now, &leads, Some(&origin.campaign))?;
                // Their tasks went with them.
                return Ok(());
            }
            Step::SendEmail(_) | Step::Webhook(_) => {
                self.hand_out(txn, &step, &tokens, senders, worked)?
            }
        };
        worked.more |= done.iter().any(Option::is_some);
        self.finish(txn, done)
    }

    fn all(&self, done: impl Fn(&CampaignTask) -> Done) -> Vec<Done> {
        self.tasks.iter().map(done).collect()
    }

    fn subject<'t>(
        &'t self,
        task: &'t CampaignTask,
        program: &'t [(String, String)],
    ) -> Option<Subject<'t>> {
        let lead = self.leads.get(&task.lead)?;
        Some(Subject {
            schema: self.schema,
            now: self.now,
            campaign: self.campaign?,
            lead,
            company: self.companies.get(&lead.company),
            task,
            program,
        })
    }

    fn change_values(
        &self,
        txn: &mut dyn WriteTxn,
        origin: &StepOrigin,
        program: &[(String, String)],
        field: &str,
        template: &str,
    ) -> Result<Vec<Done>, CallError> {
        let record = |task: &CampaignTask| {
            let value = self
                .subject(task, program)
                .map(|subject| subject.text(template))
                .unwrap_or_default();
            let clears = value.trim() == "NULL";
            LeadInput {
                id: Some(task.lead.0),
                attributes: vec![(field.to_owned(), if clears { String::new() } else { value })],
                ..LeadInput::default()
            }
        };
        let records: Vec<LeadInput> = self.tasks.iter().map(record).collect();
        self.apply(txn, origin, &records)
    }

    fn change_scores(
        &self,
        txn: &mut dyn WriteTxn,
        origin: &StepOrigin,
        name: &str,
        by: Option<i64>,
        to: Option<i64>,
    ) -> Result<Vec<Done>, CallError> {
        let Some(field) = self.schema.lead_fields.stored(name) else {
            return Ok(self.all(|_| Some(Err(format!("there is no field {name}")))));
        };
        let change = match (by, to) {
            (Some(by), _) => format!("{by:+}"),
            (None, to) => format!("={}", to.unwrap_or_default()),
        };
        let reason = Origin::Step(origin.clone()).reason().into_owned();
        let mut records = Vec::with_capacity(self.tasks.len());
        let mut history: Vec<NewActivity> = Vec::new();
        for task in &self.tasks {
            let stored = self
                .leads
                .get(&task.lead)
                .and_then(|lead| stored_value(lead, self.companies.get(&lead.company), field));
            let old = stored.as_deref().and_then(|text| text.parse().ok());
            let old: i64 = old.unwrap_or_default();
            let new = by.map_or(to.unwrap_or_default(), |by| old.saturating_add(by));
            let new = new.clamp(i64::from(i32::MIN), i64::from(i32::MAX));
            let keeps = field.is_update_blocked && stored.is_some();
            if !keeps && (new != old || stored.is_none()) {
                let display = &field.display_name;
                let mut told = change_score(
                    task.lead,
                    self.now,
                    display,
                    change.clone(),
                    (old, new),
                    &reason,
                );
                told.campaign = Some(origin.campaign.clone());
                history.push(told);
            }
            records.push(LeadInput {
                id: Some(task.lead.0),
                attributes: vec![(name.to_owned(), new.to_string())],
                ..LeadInput::default()
            });
        }
        txn.append_activities(&history)?;
        self.apply(txn, origin, &records)
    }

    fn apply(
        &self,
        txn: &mut dyn WriteTxn,
        origin: &StepOrigin,
        records: &[LeadInput],
    ) -> Result<Vec<Done>, CallError> {
        let origin = Origin::Step(origin.clone());
        let outcomes = apply_records(txn, self.schema, self.now, &origin, records, true)?;
        let done = |outcome: Result<_, RecordError>| {
            Some(outcome.map(drop).map_err(|error| error.to_string()))
        };
        Ok(outcomes.into_iter().map(done).collect())
    }

    fn change_list(
        &self,
        txn: &mut dyn WriteTxn,
        origin: &StepOrigin,
        list: ListId,
        joins: bool,
    ) -> Result<Vec<Done>, CallError> {
        let Some(name) = full_list_name(txn, list)? else {
            return Ok(self.all(|_| Some(Err(format!("there is no list with the id {list}")))));
        };
        let rows: Vec<_> = self.tasks.iter().map(|task| (list, task.lead)).collect();
        let are_members = txn.are_list_members(&rows)?;
        let changed: Vec<LeadId> = rows
            .iter()
            .zip(are_members)
            .filter(|(_, is_member)| *is_member != joins)
            .map(|((_, lead), _)| *lead)
            .collect();
        match joins {
            true => txn.add_list_members(&rows, self.now)?,
            false => txn.remove_list_members(&rows)?,
        }
        let told = |lead: &LeadId| {
            let mut told = list_membership(*lead, self.now, joins, list, &name, CAMPAIGN_SOURCE);
            told.campaign = Some(origin.campaign.clone());
            told
        };
        let history: Vec<NewActivity> = changed.iter().map(told).collect();
        txn.append_activities(&history)?;
        txn.touch_leads(&changed, self.now)?;
        Ok(self.all(|_| Some(Ok(()))))
    }

    fn request(
        &self,
        txn: &mut dyn WriteTxn,
        origin: &StepOrigin,
        id: CampaignId,
    ) -> Result<Vec<Done>, CallError> {
        let runs = |campaign: &&Campaign| campaign.active && campaign.kind == CampaignKind::Trigger;
        let Some(campaign) = self.schema.campaign(id).filter(runs) else {
            let reason = format!(
                "the campaign {id} cannot be requested: there is no active trigger campaign of that id"
            );
            return Ok(self.all(|_| Some(Err(reason.clone()))));
        };
        // Those of one depth together.
        let mut depths: Vec<u32> = self.tasks.iter().map(|task| task.depth).collect();
        depths.sort_unstable();
        depths.dedup();
        for depth in depths.into_iter().filter(|depth| *depth < MAX_DEPTH) {
            let own = self.tasks.iter().filter(|task| task.depth == depth);
            let leads: Vec<LeadId> = own.map(|task| task.lead).collect();
            let entry = Entry {
                campaign,
                tokens: &[],
                depth: depth + 1,
            };
            let cause = (CAMPAIGN_SOURCE, Some(origin.campaign.as_str()));
            request(txn, self.now, &entry, &leads, cause)?;
        }
        Ok(self.all(|task| {
            Some(match task.depth < MAX_DEPTH {
                true => Ok(()),
                false => Err(format!(
                    "campaigns request each other more than {MAX_DEPTH} times in a row"
                )),
            })
        }))
    }

    fn wait(
        mut self,
        txn: &mut dyn WriteTxn,
        time: &str,
        worked: &mut Worked,
    ) -> Result<(), CallError> {
        worked.more = true;
        match wait(time) {
            Ok(time) => {
                for task in &mut self.tasks {
                    // What comes after a wait is no loop that would never rest.
                    task.depth = 0;
                    task.due_at = later(self.now, time);
                    task.step += 1;
                }
                txn.update_tasks(&self.tasks)?;
                Ok(())
            }
            Err(reason) => {
                let failed = self.all(|_| Some(Err(reason.clone())));
                self.finish(txn, failed)
            }
        }
    }

    /// Hands out as many messages as there are senders. Leads who want no mails are done (provision.md section 9).
    fn hand_out(
        &mut self,
        txn: &mut dyn WriteTxn,
        step: &Step,
        program: &[(String, String)],
        senders: usize,
        worked: &mut Worked,
    ) -> Result<Vec<Done>, CallError> {
        let mut done = Vec::with_capacity(self.tasks.len());
        let mut waiting = Vec::new();
        for task in &self.tasks {
            let message = self
                .subject(task, program)
                .and_then(|subject| subject.message(step));
            let Some(message) = message else {
                done.push(Some(Ok(())));
                continue;
            };
            done.push(None);
            let mut task = task.clone();
            if worked.outgoing.len() < senders {
                task.attempts += 1;
                task.due_at = later(self.now, LEASE);
                worked.outgoing.push(Outgoing {
                    task: task.id,
                    step: task.step,
                    attempt: task.attempts,
                    key: format!("leadkeep-{}-{}", task.id, task.step),
                    message,
                });
            } else {
                task.due_at = later(self.now, BUSY);
            }
            waiting.push(task);
        }
        txn.update_tasks(&waiting)?;
        Ok(done)
    }

    /// Moves tasks to their next step; what failed is kept beside them.
    fn finish(self, txn: &mut dyn WriteTxn, done: Vec<Done>) -> Result<(), CallError> {
        let now = self.now;
        let tasks: Vec<_> = self
            .tasks
            .into_iter()
            .zip(done)
            .filter_map(|(task, done)| Some((task, done?)))
            .collect();
        move_on(txn, now, tasks)
    }
}
