//! Writing all that a call changed, once.

use super::{ByEmail, LeadRef, WorkingCompany, WorkingLead, WorkingSet};
use crate::ids::{CompanyId, LeadId};
use crate::store::{Company, Lead, Result, Sequence, WriteTxn};

/// What was written.
#[derive(Debug)]
pub(in super::super) struct WrittenRows {
    /// The ids of all leads by their places.
    pub(in super::super) ids: Vec<LeadId>,
    _leads: (Vec<Lead>, Vec<Lead>),
    _companies: (Vec<Company>, Vec<Company>),
    _emails: ByEmail,
}

impl WorkingSet {
    /// Writes what changed: each row once, however many records touched it.
    pub(in super::super) fn write(mut self, txn: &mut dyn WriteTxn) -> Result<WrittenRows> {
        self.drop_rows_of_nobody();
        self.give_ids(txn)?;
        let ids: Vec<LeadId> = self.leads.iter().map(|lead| lead.lead.id).collect();
        let left: Vec<CompanyId> = self
            .left
            .iter()
            .map(|left| self.companies[*left].company.id)
            .filter(|id| *id != CompanyId(0))
            .collect();

        let changed = self
            .companies
            .into_iter()
            .filter(|company| company.changed)
            .map(
                |WorkingCompany {
                     company, is_new, ..
                 }| (is_new, company),
            );
        let companies = parted::<Company>(changed);
        let (new, old) = &companies;
        if !new.is_empty() {
            txn.insert_companies(new)?;
        }
        if !old.is_empty() {
            txn.update_companies(old)?;
        }
        let changed = self
            .leads
            .into_iter()
            .filter(|lead| lead.changed)
            .map(|WorkingLead { lead, is_new, .. }| (is_new, lead));
        let leads = parted::<Lead>(changed);
        let (new, old) = &leads;
        if !new.is_empty() {
            txn.insert_leads(new)?;
        }
        if !old.is_empty() {
            txn.update_leads(old)?;
        }
        if !self.attached.is_empty() {
            let attached: Vec<_> = self
                .attached
                .into_iter()
                .map(|(id, lead): (_, LeadRef)| (id, ids[lead]))
                .collect();
            txn.attach_foreign_ids(&attached)?;
        }
        if !left.is_empty() {
            txn.delete_unused_companies(&left)?;
        }
        Ok(WrittenRows {
            ids,
            _leads: leads,
            _companies: companies,
            _emails: self.by_email,
        })
    }

    /// New rows of their own that their leads have left again are not written at all.
    fn drop_rows_of_nobody(&mut self) {
        if self.left.is_empty() {
            return;
        }
        let mut used = vec![false; self.companies.len()];
        for lead in &self.leads {
            used[lead.company] = true;
        }
        for (company, used) in self.companies.iter_mut().zip(used) {
            if company.is_new && company.company.key.is_none() && !used {
                company.is_new = false;
                company.changed = false;
            }
        }
    }

    /// Gives ids to what is new, and their companies to the leads.
    fn give_ids(&mut self, txn: &mut dyn WriteTxn) -> Result<()> {
        let new = self.companies.iter_mut().filter(|company| company.is_new);
        let places: Vec<_> = new.map(|company| &mut company.company.id.0).collect();
        allocate(txn, Sequence::Company, places)?;
        let new = self.leads.iter_mut().filter(|lead| lead.is_new);
        let places: Vec<_> = new.map(|lead| &mut lead.lead.id.0).collect();
        allocate(txn, Sequence::Lead, places)?;
        for lead in &mut self.leads {
            lead.lead.company = self.companies[lead.company].company.id;
        }
        Ok(())
    }
}

fn allocate(txn: &mut dyn WriteTxn, sequence: Sequence, places: Vec<&mut i64>) -> Result<()> {
    if !places.is_empty() {
        let ids = txn.allocate(sequence, places.len())?;
        places
            .into_iter()
            .zip(ids)
            .for_each(|(place, id)| *place = id);
    }
    Ok(())
}

/// New rows and old ones.
fn parted<T>(rows: impl Iterator<Item = (bool, T)>) -> (Vec<T>, Vec<T>) {
    let (mut new, mut old) = (Vec::new(), Vec::new());
    for (is_new, row) in rows {
        if is_new { &mut new } else { &mut old }.push(row);
    }
    (new, old)
}
