//! The leads and companies that a call touches, as they are after each of its records.

mod companies;
mod load;
mod write;

pub(super) use load::Wanted;
pub(super) use write::WrittenRows;

use crate::ids::{CompanyId, LeadId};
use crate::schema::{Field, SourceObject};
use crate::store::{Company, EmailPick, ForeignId, ForeignSystem, Lead};
use foldhash::HashMap;
use jiff::Timestamp;
use std::sync::Arc;

/// The place of a lead in the working set.
pub(super) type LeadRef = usize;
/// The place of a company in the working set.
type CompanyRef = usize;

/// Leads by their addresses in lower case: the first one of each, and the others.
type ByEmail = HashMap<Arc<str>, (LeadRef, Vec<LeadRef>)>;

/// A lead as it is now.
#[derive(Debug)]
pub(super) struct WorkingLead {
    /// Its row.
    pub(super) lead: Lead,
    /// Its address in lower case.
    folded: Option<Arc<str>>,
    company: CompanyRef,
    is_new: bool,
    changed: bool,
}

/// A company as it is now.
#[derive(Debug)]
struct WorkingCompany {
    company: Company,
    is_new: bool,
    changed: bool,
}

/// All that a call knows. Ids of new rows are 0 until [`WorkingSet::write`] allocates them.
#[derive(Debug, Default)]
pub(super) struct WorkingSet {
    leads: Vec<WorkingLead>,
    companies: Vec<WorkingCompany>,
    by_id: HashMap<LeadId, LeadRef>,
    /// The owner of each foreign id, one for each system.
    by_foreign: HashMap<String, [Option<LeadRef>; 3]>,
    /// Leads that have, or had, an address in lower case.
    by_email: ByEmail,
    by_company_id: HashMap<CompanyId, CompanyRef>,
    by_company_key: HashMap<String, CompanyRef>,
    /// Foreign ids that this call gave to leads, in order.
    attached: Vec<(ForeignId, LeadRef)>,
    /// Rows of their own that this call took leads out of.
    left: Vec<CompanyRef>,
}

impl WorkingSet {
    /// Adds a lead that does not exist yet, with a company row of its own (DM-CO-2).
    /// `folded` is its address in lower case.
    pub(super) fn create(&mut self, lead: Lead, folded: Option<Arc<str>>) -> LeadRef {
        let company = self.new_company(None);
        self.push(lead, folded, company, true)
    }

    fn push(
        &mut self,
        lead: Lead,
        folded: Option<Arc<str>>,
        company: CompanyRef,
        is_new: bool,
    ) -> LeadRef {
        let place = self.leads.len();
        if let Some(folded) = &folded {
            add_holder(&mut self.by_email, folded, place);
        }
        self.leads.push(WorkingLead {
            lead,
            folded,
            company,
            is_new,
            changed: is_new,
        });
        place
    }

    /// A lead as it is now.
    pub(super) fn get(&self, lead: LeadRef) -> &Lead {
        &self.leads[lead].lead
    }

    /// The lead itself, to be changed.
    pub(super) fn change(&mut self, lead: LeadRef) -> &mut Lead {
        let working = &mut self.leads[lead];
        working.changed = true;
        &mut working.lead
    }

    /// The lead with an id, or the winner that took it in.
    pub(super) fn with_id(&self, id: LeadId) -> Option<LeadRef> {
        self.by_id.get(&id).copied()
    }

    /// The lead with a foreign id.
    pub(super) fn with_foreign_id(&self, system: ForeignSystem, value: &str) -> Option<LeadRef> {
        self.by_foreign.get(value)?[place_of(system)]
    }

    /// Gives a foreign id to a lead; the lead that had it loses it (SL-36, SML-33).
    pub(super) fn attach(&mut self, id: ForeignId, lead: LeadRef) {
        let owners = self.by_foreign.entry(id.value.clone()).or_default();
        if owners[place_of(id.system)].replace(lead) != Some(lead) {
            self.attached.push((id, lead));
        }
    }

    /// The lead that an address in lower case means now (COM-2, COM-11, DM-KEY-2), which is why records of one call see
    /// each other (DM-SYNC-3).
    pub(super) fn with_email(&self, folded: &str, pick: EmailPick) -> Option<LeadRef> {
        let (first, others) = self.by_email.get(folded)?;
        let holders = std::iter::once(*first).chain(others.iter().copied());
        let has = |lead: &LeadRef| self.leads[*lead].folded.as_deref() == Some(folded);
        // New leads have no id yet, but will have the highest ones, in their order.
        let place = |lead: &LeadRef| {
            let working = &self.leads[*lead];
            let updated = match pick {
                EmailPick::Added => Timestamp::UNIX_EPOCH,
                EmailPick::Updated => working.lead.updated_at,
            };
            (updated, working.is_new, working.lead.id, *lead)
        };
        holders.filter(has).max_by_key(place)
    }

    /// Changes the address of a lead and gives back the one before.
    pub(super) fn set_email(&mut self, lead: LeadRef, email: Option<String>) -> Option<String> {
        let folded = email.as_deref().map(folded);
        let working = &mut self.leads[lead];
        working.changed = true;
        let before = std::mem::replace(&mut working.lead.email, email);
        if working.folded != folded {
            if let Some(folded) = &folded {
                add_holder(&mut self.by_email, folded, lead);
            }
            working.folded = folded;
        }
        before
    }

    /// A value of the lead or of its company.
    pub(super) fn value(&self, lead: LeadRef, field: &Field) -> Option<&str> {
        let working = &self.leads[lead];
        if field.source == SourceObject::Company {
            let company = &self.companies[working.company].company;
            company.attrs.get(&field.name)
        } else {
            working.lead.attrs.get(&field.name)
        }
    }

    /// Changes a value of the lead or of its company, for all who share that (DM-CO-4), and gives back the one before.
    pub(super) fn set_value(
        &mut self,
        lead: LeadRef,
        field: &Arc<Field>,
        value: Option<String>,
    ) -> Option<String> {
        if field.source == SourceObject::Company {
            let company = &mut self.companies[self.leads[lead].company];
            company.changed = true;
            company.company.attrs.set(&field.name, value)
        } else {
            self.change(lead).attrs.set(&field.name, value)
        }
    }

    /// Sets a value of the lead or of its company where there is none.
    pub(super) fn set_default(
        &mut self,
        lead: LeadRef,
        field: &Field,
        value: impl FnOnce() -> String,
    ) {
        let working = &mut self.leads[lead];
        if field.source == SourceObject::Company {
            let company = &mut self.companies[working.company];
            company.changed |= company.company.attrs.set_default(&field.name, value);
        } else {
            working.changed |= working.lead.attrs.set_default(&field.name, value);
        }
    }
}

/// An address in lower case.
fn folded(email: &str) -> Arc<str> {
    email.to_lowercase().into()
}

/// Takes note that a lead has an address, given in lower case.
fn add_holder(by_email: &mut ByEmail, folded: &Arc<str>, lead: LeadRef) {
    by_email
        .entry(folded.clone())
        .and_modify(|(_, others)| others.push(lead))
        .or_insert_with(|| (lead, Vec::new()));
}

fn place_of(system: ForeignSystem) -> usize {
    match system {
        ForeignSystem::Custom => 0,
        ForeignSystem::Sfdc => 1,
        ForeignSystem::Netsuite => 2,
    }
}
