//! Company rows of a working set.

use super::{CompanyRef, LeadRef, WorkingCompany, WorkingSet};
use crate::attrs::Attrs;
use crate::ids::CompanyId;
use crate::store::Company;

impl WorkingSet {
    /// Adds a row that the store has, unless it is here.
    pub(super) fn add_company(&mut self, company: Company) {
        if self.by_company_id.contains_key(&company.id) {
            return;
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
    }

    /// Adds an empty row.
    pub(super) fn new_company(&mut self, key: Option<String>) -> CompanyRef {
        let place = self.companies.len();
        if let Some(key) = &key {
            self.by_company_key.insert(key.clone(), place);
        }
        let company = Company {
            id: CompanyId(0),
            key,
            attrs: Attrs::new(),
        };
        self.companies.push(WorkingCompany {
            company,
            is_new: true,
            changed: true,
        });
        place
    }

    /// Puts a lead into the row of a company key, or into a row of its own (DM-CO-3). A row of its own goes when the lead
    /// leaves it; one that has a key stays with its values for the next lead that names it, also without leads: whether a
    /// lead comes in the same call or in the next must make no difference (COM-38).
    pub(in super::super) fn move_to_company(&mut self, lead: LeadRef, key: Option<&str>) {
        let current = self.leads[lead].company;
        let own = &mut self.companies[current];
        let is_own = own.company.key.is_none();
        if own.company.key.as_deref() == key {
            return;
        }
        let target = match key {
            Some(text) => match self.by_company_key.get(text) {
                Some(shared) => *shared,
                // The lead's own row becomes the shared one.
                None if own.company.key.is_none() => {
                    own.company.key = Some(text.to_owned());
                    own.changed = true;
                    self.by_company_key.insert(text.to_owned(), current);
                    return;
                }
                None => self.new_company(Some(text.to_owned())),
            },
            None => self.new_company(None),
        };
        if is_own {
            self.left.push(current);
        }
        let working = &mut self.leads[lead];
        working.company = target;
        working.changed = true;
    }
}
