//! The leads and companies that a call touches, as they are after each of its records.

use crate::ids::{CompanyId, LeadId};
use crate::schema::{Field, SourceObject};
use crate::store::{Company, EmailPick, ForeignId, Lead, LeadKey, Pick, Result, WriteTxn};
use std::collections::HashMap;

/// The place of a lead in the working set.
pub(super) type LeadRef = usize;
/// The place of a company in the working set.
type CompanyRef = usize;

/// A lead as it is now.
#[derive(Debug)]
pub(super) struct WorkingLead {
    pub(super) lead: Lead,
    pub(super) company: CompanyRef,
    pub(super) is_new: bool,
    pub(super) changed: bool,
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
    by_foreign: HashMap<ForeignId, LeadRef>,
    /// The lead that the store would take for an address.
    by_email: HashMap<String, LeadRef>,
    /// Leads that this call gave the address, in order.
    gained: HashMap<String, Vec<LeadRef>>,
    by_company_id: HashMap<CompanyId, CompanyRef>,
    by_company_key: HashMap<String, CompanyRef>,
    attached: Vec<(ForeignId, LeadRef)>,
    left: Vec<CompanyId>,
}

/// What a call must look up before it begins.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    pub(super) ids: Vec<LeadId>,
    pub(super) foreign: Vec<ForeignId>,
    pub(super) emails: Vec<String>,
    pub(super) company_keys: Vec<String>,
}

impl WorkingSet {
    /// Reads all that the call needs, in a number of steps that does not depend on its size.
    pub(super) fn load(
        txn: &mut dyn WriteTxn,
        mut wanted: Wanted,
        pick: EmailPick,
    ) -> Result<Self> {
        let mut set = Self::default();
        for list in [&mut wanted.emails, &mut wanted.company_keys] {
            list.sort_unstable();
            list.dedup();
        }
        wanted.foreign.sort_unstable();
        wanted.foreign.dedup();
        let foreign: Vec<_> = wanted
            .foreign
            .iter()
            .cloned()
            .map(LeadKey::Foreign)
            .collect();
        let owners = txn.lead_ids(&foreign, Pick::One(EmailPick::Added))?;
        let emails: Vec<_> = wanted.emails.iter().cloned().map(LeadKey::Email).collect();
        let newest = txn.lead_ids(&emails, Pick::One(pick))?;

        let mut ids = wanted.ids.clone();
        ids.extend(owners.iter().chain(&newest).flatten());
        ids.sort_unstable();
        ids.dedup();
        let mut leads = txn.leads(&ids)?;
        // COM-12: the id of a lead that lost a merge leads to the winner.
        let mut known: Vec<LeadId> = leads.iter().map(|lead| lead.id).collect();
        known.sort_unstable();
        let unknown: Vec<LeadId> = wanted
            .ids
            .iter()
            .copied()
            .filter(|id| known.binary_search(id).is_err())
            .collect();
        let winners = if unknown.is_empty() {
            Vec::new()
        } else {
            txn.merge_winners(&unknown)?
        };
        if !winners.is_empty() {
            let mut more: Vec<LeadId> = winners.iter().map(|(_, winner)| *winner).collect();
            more.sort_unstable();
            more.dedup();
            more.retain(|id| known.binary_search(id).is_err());
            leads.extend(txn.leads(&more)?);
        }
        leads.sort_unstable_by_key(|lead| lead.id);

        let mut company_ids: Vec<_> = leads.iter().map(|lead| lead.company).collect();
        company_ids.sort_unstable();
        company_ids.dedup();
        for company in txn.companies(&company_ids)? {
            set.add_company(company);
        }
        for company in txn
            .companies_by_key(&wanted.company_keys)?
            .into_iter()
            .flatten()
        {
            set.add_company(company);
        }
        for lead in leads {
            set.add_lead(lead);
        }
        for (loser, winner) in winners {
            if let Some(found) = set.by_id.get(&winner).copied() {
                set.by_id.insert(loser, found);
            }
        }
        for (foreign, owner) in wanted.foreign.into_iter().zip(owners) {
            if let Some(found) = owner.first().and_then(|id| set.by_id.get(id)).copied() {
                set.by_foreign.insert(foreign, found);
            }
        }
        for (email, found) in wanted.emails.into_iter().zip(newest) {
            if let Some(found) = found.first().and_then(|id| set.by_id.get(id)).copied() {
                set.by_email.insert(email, found);
            }
        }
        Ok(set)
    }

    fn add_company(&mut self, company: Company) -> CompanyRef {
        if let Some(found) = self.by_company_id.get(&company.id) {
            return *found;
        }
        let place = self.companies.len();
        self.by_company_id.insert(company.id, place);
        if let Some(key) = &company.key {
            self.by_company_key.insert(key.clone(), place);
        }
        self.companies.push(WorkingCompany {
            company,
            is_new: false,
            changed: false,
        });
        place
    }

    fn add_lead(&mut self, lead: Lead) -> LeadRef {
        let company = match self.by_company_id.get(&lead.company) {
            Some(company) => *company,
            // A lead without its row: it gets a new one when it is written.
            None => self.new_company(None),
        };
        let place = self.leads.len();
        self.by_id.insert(lead.id, place);
        self.leads.push(WorkingLead {
            lead,
            company,
            is_new: false,
            changed: false,
        });
        place
    }

    fn new_company(&mut self, key: Option<String>) -> CompanyRef {
        let place = self.companies.len();
        if let Some(key) = &key {
            self.by_company_key.insert(key.clone(), place);
        }
        let company = Company {
            id: CompanyId(0),
            key,
            attrs: crate::attrs::Attrs::new(),
        };
        self.companies.push(WorkingCompany {
            company,
            is_new: true,
            changed: true,
        });
        place
    }

    /// Adds a lead that does not exist yet, with a company row of its own (DM-CO-2).
    pub(super) fn create(&mut self, lead: Lead) -> LeadRef {
        let company = self.new_company(None);
        let place = self.leads.len();
        if let Some(email) = &lead.email {
            self.gained
                .entry(email.to_lowercase())
                .or_default()
                .push(place);
        }
        self.leads.push(WorkingLead {
            lead,
            company,
            is_new: true,
            changed: true,
        });
        place
    }

    /// A lead as it is now.
    pub(super) fn get(&self, lead: LeadRef) -> &WorkingLead {
        &self.leads[lead]
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
    pub(super) fn with_foreign_id(&self, id: &ForeignId) -> Option<LeadRef> {
        self.by_foreign.get(id).copied()
    }

    /// Gives a foreign id to a lead; the lead that had it loses it (SL-36).
    pub(super) fn attach(&mut self, id: ForeignId, lead: LeadRef) {
        if self.by_foreign.insert(id.clone(), lead) != Some(lead) {
            self.attached.push((id, lead));
        }
    }

    /// The lead that an address in lower case means now (COM-2).
    pub(super) fn with_email(
        &mut self,
        txn: &mut dyn WriteTxn,
        email: &str,
        pick: EmailPick,
    ) -> Result<Option<LeadRef>> {
        let has = |set: &Self, lead: LeadRef| {
            set.leads[lead]
                .lead
                .email
                .as_ref()
                .is_some_and(|own| own.to_lowercase() == email)
        };
        let stored = match self.by_email.get(email).copied() {
            Some(lead) if has(self, lead) => Some(lead),
            // An earlier record took the address away from the one that the store named: the next one counts.
            Some(_) => self.next_with_email(txn, email, pick)?,
            None => None,
        };
        let gained = self
            .gained
            .get(email)
            .into_iter()
            .flatten()
            .copied()
            .filter(|lead| has(self, *lead));
        // New leads have no id yet, but will have the highest ones, in their order.
        let place = |lead: &LeadRef| {
            let WorkingLead {
                lead: own, is_new, ..
            } = &self.leads[*lead];
            let updated = if pick == EmailPick::Updated {
                own.updated_at
            } else {
                jiff::Timestamp::UNIX_EPOCH
            };
            (
                updated,
                *is_new,
                if *is_new {
                    i64::try_from(*lead).unwrap_or(i64::MAX)
                } else {
                    own.id.0
                },
            )
        };
        Ok(stored.into_iter().chain(gained).max_by_key(place))
    }

    fn next_with_email(
        &mut self,
        txn: &mut dyn WriteTxn,
        email: &str,
        pick: EmailPick,
    ) -> Result<Option<LeadRef>> {
        let ids = txn.lead_ids(&[LeadKey::Email(email.to_owned())], Pick::All(usize::MAX))?;
        let mut leads: Vec<Lead> = txn.leads(&ids.into_iter().flatten().collect::<Vec<_>>())?;
        leads.retain(|lead| match self.by_id.get(&lead.id) {
            Some(known) => self.leads[*known]
                .lead
                .email
                .as_ref()
                .is_some_and(|own| own.to_lowercase() == email),
            None => true,
        });
        let newest = leads.into_iter().max_by_key(|lead| {
            (
                if pick == EmailPick::Updated {
                    lead.updated_at
                } else {
                    jiff::Timestamp::UNIX_EPOCH
                },
                lead.id,
            )
        });
        let Some(lead) = newest else { return Ok(None) };
        let found = match self.by_id.get(&lead.id) {
            Some(known) => *known,
            None => {
                for company in txn.companies(&[lead.company])? {
                    self.add_company(company);
                }
                self.add_lead(lead)
            }
        };
        self.by_email.insert(email.to_owned(), found);
        Ok(Some(found))
    }

    /// Changes the address of a lead and gives back the one before.
    pub(super) fn set_email(&mut self, lead: LeadRef, email: Option<String>) -> Option<String> {
        if let Some(email) = &email {
            self.gained
                .entry(email.to_lowercase())
                .or_default()
                .push(lead);
        }
        std::mem::replace(&mut self.change(lead).email, email)
    }

    /// A value of the lead or of its company.
    pub(super) fn value(&self, lead: LeadRef, field: &Field) -> Option<&str> {
        let working = &self.leads[lead];
        if field.source == SourceObject::Company {
            self.companies[working.company]
                .company
                .attrs
                .get(&field.name)
        } else {
            working.lead.attrs.get(&field.name)
        }
    }

    /// Changes a value of the lead or of its company (DM-CO-4) and gives back the one before.
    pub(super) fn set_value(
        &mut self,
        lead: LeadRef,
        field: &Field,
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

    /// Puts a lead into the company row of a key, or into one of its own (DM-CO-3).
    pub(super) fn move_to_company(&mut self, lead: LeadRef, key: Option<String>) {
        let current = self.leads[lead].company;
        if self.companies[current].company.key == key {
            return;
        }
        let target = match &key {
            Some(text) => match self.by_company_key.get(text) {
                Some(shared) => *shared,
                // The lead's own row becomes the shared one.
                None if self.companies[current].company.key.is_none() => {
                    self.by_company_key.insert(text.clone(), current);
                    let own = &mut self.companies[current];
                    own.company.key = Some(text.clone());
                    own.changed = true;
                    return;
                }
                None => self.new_company(key),
            },
            None => self.new_company(None),
        };
        let before = &mut self.companies[current];
        if before.is_new && before.company.key.is_none() {
            // Never written: nobody else can be in it.
            before.changed = false;
            before.is_new = false;
        } else {
            self.left.push(before.company.id);
        }
        self.leads[lead].company = target;
        self.leads[lead].changed = true;
    }

    /// Writes all that changed, once. Gives the ids of all leads by their places.
    pub(super) fn write(mut self, txn: &mut dyn WriteTxn) -> Result<Vec<LeadId>> {
        use crate::store::Sequence;
        let new = self.companies.iter_mut().filter(|company| company.is_new);
        let new: Vec<_> = new.map(|company| &mut company.company.id).collect();
        if !new.is_empty() {
            let ids = txn.allocate(Sequence::Company, new.len())?;
            new.into_iter()
                .zip(ids)
                .for_each(|(place, id)| *place = CompanyId(id));
        }
        let new = self
            .leads
            .iter_mut()
            .filter(|lead| lead.is_new)
            .map(|lead| &mut lead.lead.id)
            .collect::<Vec<_>>();
        if !new.is_empty() {
            let ids = txn.allocate(Sequence::Lead, new.len())?;
            new.into_iter()
                .zip(ids)
                .for_each(|(place, id)| *place = LeadId(id));
        }
        for lead in &mut self.leads {
            lead.lead.company = self.companies[lead.company].company.id;
        }
        let ids: Vec<LeadId> = self.leads.iter().map(|lead| lead.lead.id).collect();

        let (new, old): (Vec<_>, Vec<_>) = self
            .companies
            .into_iter()
            .filter(|company| company.changed)
            .partition(|company| company.is_new);
        let rows = |list: Vec<WorkingCompany>| {
            list.into_iter()
                .map(|company| company.company)
                .collect::<Vec<_>>()
        };
        txn.insert_companies(&rows(new))?;
        txn.update_companies(&rows(old))?;
        let (new, old): (Vec<_>, Vec<_>) = self
            .leads
            .into_iter()
            .filter(|lead| lead.changed)
            .partition(|lead| lead.is_new);
        let rows =
            |list: Vec<WorkingLead>| list.into_iter().map(|lead| lead.lead).collect::<Vec<_>>();
        txn.insert_leads(&rows(new))?;
        txn.update_leads(&rows(old))?;
        let attached: Vec<_> = self
            .attached
            .into_iter()
            .map(|(id, lead)| (id, ids[lead]))
            .collect();
        txn.attach_foreign_ids(&attached)?;
        if !self.left.is_empty() {
            txn.delete_unused_companies(&self.left)?;
        }
        Ok(ids)
    }
}
