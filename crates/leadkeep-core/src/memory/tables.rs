//! All rows, and what several look-ups share.

use crate::attrs::Attrs;
use crate::ids::{
    ActivityId, CompanyId, CostId, LeadId, ListId, OpportunityId, ProgramId, RecordId, RoleId,
};
use crate::store::{
    Activity, Company, Cost, Definition, EmailPick, FieldIndex, ForeignId, ForeignSystem, Lead,
    LeadKey, NewActivity, Opportunity, Pick, Program, Record, Role, Sequence, StaticList,
};
use jiff::Timestamp;
use std::collections::{BTreeMap, HashMap};

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
    pub(super) cookies: BTreeMap<String, LeadId>,
    pub(super) merged: BTreeMap<LeadId, LeadId>,
    pub(super) companies: BTreeMap<CompanyId, Company>,
    pub(super) activities: BTreeMap<ActivityId, NewActivity>,
    pub(super) opportunities: BTreeMap<OpportunityId, Opportunity>,
    pub(super) roles: BTreeMap<RoleId, Role>,
    pub(super) programs: BTreeMap<ProgramId, Program>,
    pub(super) costs: BTreeMap<CostId, (ProgramId, Cost)>,
    pub(super) lists: BTreeMap<ListId, StaticList>,
    pub(super) records: BTreeMap<RecordId, Record>,
}

/// The best rows first, as many as are wanted; `rows` ascend by id.
pub(super) fn picked<I: Copy + Ord>(mut rows: Vec<(I, Timestamp)>, pick: Pick) -> Vec<I> {
    let count = match pick {
        Pick::All(count) => count,
        Pick::One(_) => 1,
    };
    rows.sort_unstable_by_key(|&(id, updated_at)| match pick {
        Pick::One(EmailPick::Updated) => (updated_at, id),
        _ => (Timestamp::MIN, id),
    });
    let newest = rows.into_iter().rev().take(count);
    newest.map(|(id, _)| id).collect()
}

impl Tables {
    /// The leads of a key, ascending by id.
    pub(super) fn leads_of<'a>(&'a self, key: &'a LeadKey) -> impl Iterator<Item = &'a Lead> {
        self.leads
            .values()
            .filter(move |lead| self.has_key(lead, key))
    }

    fn has_key(&self, lead: &Lead, key: &LeadKey) -> bool {
        let foreign = |matches: &dyn Fn(&ForeignId) -> bool| {
            let mut all = self.foreign_ids.iter();
            all.any(|(id, (owner, _))| *owner == lead.id && matches(id))
        };
        match key {
            LeadKey::Id(id) => lead.id == *id,
            LeadKey::Foreign(wanted) => foreign(&|id| id == wanted),
            LeadKey::ForeignAnySystem(value) => foreign(&|id| id.value == *value),
            LeadKey::SfdcPrefix(prefix) => {
                foreign(&|id| id.system == ForeignSystem::Sfdc && id.value.starts_with(prefix))
            }
            LeadKey::Email(email) => lead
                .email
                .as_ref()
                .is_some_and(|own| own.to_lowercase() == *email),
            LeadKey::Cookie(cookie) => self.cookies.get(cookie) == Some(&lead.id),
            LeadKey::LeadField(field, value) => lead_value(lead, field) == Some(value.as_str()),
            LeadKey::CompanyField(field, value) => self
                .companies
                .get(&lead.company)
                .is_some_and(|company| company.attrs.get(field) == Some(value.as_str())),
            LeadKey::OpportunityField(field, value) => self.roles.values().any(|role| {
                role.lead == lead.id
                    && self
                        .opportunities
                        .get(&role.opportunity)
                        .is_some_and(|deal| deal.attrs.get(field) == Some(value.as_str()))
            }),
        }
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

/// Whether a record has, for each field, one of its values.
pub(super) fn satisfies(record: &Record, filter: &[(String, Vec<String>)]) -> bool {
    filter.iter().all(|(field, values)| {
        let mut lookup = record.lookup.iter();
        lookup.any(|(own, value)| own == field && values.contains(value))
    })
}
