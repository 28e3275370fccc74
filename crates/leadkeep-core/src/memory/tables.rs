//! All rows, and what several look-ups share.

use crate::admins::{Admin, AuditEntry, Session};
use crate::attrs::Attrs;
use crate::ids::{
    ActivityId, CampaignId, CompanyId, CostId, ImportId, LeadId, ListId, OpportunityId, ProgramId,
    RecordId, RoleId, RunId, TaskId,
};
use crate::store::{
    Activity, ActivityFilter, CallUsage, CampaignRun, CampaignTask, Company, Cookie, Cost,
    Definition, EmailPick, FieldIndex, ForeignId, ForeignSystem, Import, ImportFailure, Lead,
    LeadKey, NewActivity, Opportunity, Pick, Program, Record, Role, Sequence, StaticList,
};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The rows by id. Leads are kept without their foreign id, programs without their costs.
#[derive(Debug, Clone, Default)]
pub(super) struct Tables {
    pub(super) version: u64,
    pub(super) definitions: Vec<Definition>,
    /// The highest id given of each sequence.
    pub(super) given: HashMap<Sequence, i64>,
    pub(super) leads: BTreeMap<LeadId, Lead>,
    /// The owner, and when it was attached.
    pub(super) foreign_ids: BTreeMap<ForeignId, (LeadId, u64)>,
    pub(super) attachments: u64,
    pub(super) cookies: Vec<(Cookie, LeadId)>,
    pub(super) merged: BTreeMap<LeadId, LeadId>,
    pub(super) companies: BTreeMap<CompanyId, Company>,
    pub(super) activities: BTreeMap<ActivityId, NewActivity>,
    /// The highest id that an activity was given.
    pub(super) given_activities: i64,
    pub(super) opportunities: BTreeMap<OpportunityId, Opportunity>,
    pub(super) roles: BTreeMap<RoleId, Role>,
    pub(super) programs: BTreeMap<ProgramId, Program>,
    pub(super) costs: BTreeMap<CostId, (ProgramId, Cost)>,
    pub(super) lists: BTreeMap<ListId, StaticList>,
    /// Members, and when they joined.
    pub(super) members: BTreeMap<(ListId, LeadId), Timestamp>,
    /// Those of them that are leaving.
    pub(super) leaving: BTreeSet<(ListId, LeadId)>,
    pub(super) admins: BTreeMap<String, Admin>,
    pub(super) sessions: BTreeMap<Vec<u8>, Session>,
    pub(super) audit: Vec<AuditEntry>,
    pub(super) call_usage: BTreeMap<String, CallUsage>,
    pub(super) row_tokens: BTreeMap<(CampaignId, LeadId), Vec<(String, String)>>,
    pub(super) runs: BTreeMap<RunId, CampaignRun>,
    pub(super) tasks: BTreeMap<TaskId, CampaignTask>,
    pub(super) imports: BTreeMap<ImportId, Import>,
    pub(super) import_rows: BTreeMap<(ImportId, u64), String>,
    pub(super) import_failures: BTreeMap<(ImportId, u64), ImportFailure>,
    pub(super) records: BTreeMap<RecordId, Record>,
}

/// The best rows first, as many as are wanted; `rows` ascend by id.
pub(super) fn picked<I: Copy + Ord>(mut rows: Vec<(I, Timestamp)>, pick: Pick) -> Vec<I> {
    rows.sort_unstable_by_key(|&(id, updated_at)| match pick.first {
        EmailPick::Updated => (updated_at, id),
        EmailPick::Added => (Timestamp::MIN, id),
    });
    let best = rows.into_iter().rev().take(pick.most);
    best.map(|(id, _)| id).collect()
}

impl Tables {
    /// The leads of a key, ascending by id.
    pub(super) fn leads_of(&self, key: &LeadKey) -> Vec<&Lead> {
        match key {
            LeadKey::Id(id) => self.leads.get(id).into_iter().collect(),
            LeadKey::Foreign(id) => {
                let owner = self.foreign_ids.get(id).map(|(owner, _)| *owner);
                self.some_leads(owner)
            }
            LeadKey::ForeignAnySystem(value) => self.owners(|id| id.value == *value),
            LeadKey::SfdcPrefix(prefix) => {
                self.owners(|id| id.system == ForeignSystem::Sfdc && id.value.starts_with(prefix))
            }
            LeadKey::Cookie(cookie) => {
                let own = self.cookies.iter().filter(|(own, _)| own.is(cookie));
                self.some_leads(own.map(|(_, owner)| *owner))
            }
            LeadKey::Email(email) => {
                let own = |lead: &Lead| lead.email.as_ref().map(|own| own.to_lowercase());
                self.leads_where(|lead| own(lead).as_deref() == Some(email))
            }
            LeadKey::LeadField(field, value) => {
                self.leads_where(|lead| lead_value(lead, field) == Some(value))
            }
            LeadKey::CompanyField(field, value) => {
                let has = |company: &Company| company.attrs.get(field) == Some(value);
                self.leads_where(|lead| self.companies.get(&lead.company).is_some_and(has))
            }
            LeadKey::OpportunityField(field, value) => {
                let deals = self.opportunities.values();
                let deals: Vec<_> = deals
                    .filter(|deal| deal.attrs.get(field) == Some(value))
                    .map(|deal| deal.id)
                    .collect();
                let roles = self.roles.values();
                let roles = roles.filter(|role| deals.contains(&role.opportunity));
                self.some_leads(roles.map(|role| role.lead))
            }
        }
    }

    fn leads_where(&self, wanted: impl Fn(&Lead) -> bool) -> Vec<&Lead> {
        self.leads.values().filter(|lead| wanted(lead)).collect()
    }

    /// Each of them once.
    fn some_leads(&self, ids: impl IntoIterator<Item = LeadId>) -> Vec<&Lead> {
        let ids: BTreeSet<_> = ids.into_iter().collect();
        ids.iter().filter_map(|id| self.leads.get(id)).collect()
    }

    fn owners(&self, wanted: impl Fn(&ForeignId) -> bool) -> Vec<&Lead> {
        let found = self.foreign_ids.iter().filter(|(id, _)| wanted(id));
        self.some_leads(found.map(|(_, (owner, _))| *owner))
    }

    /// A lead as reads give it.
    pub(super) fn shown_lead(&self, lead: &Lead) -> Lead {
        let own = self
            .foreign_ids
            .iter()
            .filter(|(_, (owner, _))| *owner == lead.id);
        let last = own.max_by_key(|(_, (_, attached))| *attached);
        Lead {
            foreign_id: last.map(|(id, _)| id.clone()),
            ..lead.clone()
        }
    }

    /// A program as reads give it.
    pub(super) fn shown_program(&self, program: &Program) -> Program {
        let own = self
            .costs
            .values()
            .filter(|(owner, _)| *owner == program.id);
        Program {
            costs: own.map(|(_, cost)| cost.clone()).collect(),
            ..program.clone()
        }
    }

    /// Known leads of a window, ascending by id.
    pub(super) fn window(
        &self,
        from: Timestamp,
        to: Timestamp,
        after: Option<LeadId>,
    ) -> impl Iterator<Item = &Lead> {
        self.leads.values().filter(move |lead| {
            !lead.anonymous
                && (from..to).contains(&lead.updated_at)
                && after.is_none_or(|after| lead.id > after)
        })
    }

    /// Known members of a list, ascending by id.
    pub(super) fn known_members(
        &self,
        list: ListId,
        after: Option<LeadId>,
    ) -> impl Iterator<Item = &Lead> {
        self.leads.values().filter(move |lead| {
            !lead.anonymous
                && after.is_none_or(|after| lead.id > after)
                && self.members.contains_key(&(list, lead.id))
        })
    }

    /// The values that a field has in all rows.
    pub(super) fn values_of<'a>(
        &'a self,
        field: &'a FieldIndex,
    ) -> Box<dyn Iterator<Item = &'a str> + 'a> {
        let get = |attrs: &'a Attrs, name: &str| attrs.get(name);
        match field {
            FieldIndex::Lead(name) => Box::new(
                self.leads
                    .values()
                    .filter_map(move |row| lead_value(row, name)),
            ),
            FieldIndex::Company(name) => Box::new(
                self.companies
                    .values()
                    .filter_map(move |row| get(&row.attrs, name)),
            ),
            FieldIndex::Opportunity(name) => Box::new(
                self.opportunities
                    .values()
                    .filter_map(move |row| get(&row.attrs, name)),
            ),
            FieldIndex::Role(name) => Box::new(
                self.roles
                    .values()
                    .filter_map(move |row| get(&row.attrs, name)),
            ),
            FieldIndex::Record(object, name) => Box::new(
                self.records
                    .values()
                    .filter(|row| row.object == *object)
                    .filter_map(move |row| get(&row.attrs, name)),
            ),
        }
    }
}

/// The address is an element of the record and no attribute, but a field all the same.
fn lead_value<'a>(lead: &'a Lead, field: &str) -> Option<&'a str> {
    match field {
        "Email" => lead.email.as_deref(),
        _ => lead.attrs.get(field),
    }
}

/// A stored activity.
pub(super) fn activity((id, what): (&ActivityId, &NewActivity)) -> Activity {
    Activity {
        id: *id,
        what: what.clone(),
    }
}

/// Whether an activity is wanted.
pub(super) fn is_wanted(what: &NewActivity, filter: &ActivityFilter) -> bool {
    filter.types.takes(what.activity_type)
        && filter.from.is_none_or(|from| what.at >= from)
        && filter.to.is_none_or(|to| what.at < to)
}

/// Whether a record has, for each field, one of its values.
pub(super) fn satisfies(record: &Record, filter: &[(String, Vec<String>)]) -> bool {
    filter.iter().all(|(field, values)| {
        let mut lookup = record.lookup.iter();
        lookup.any(|(own, value)| own == field && values.contains(value))
    })
}
