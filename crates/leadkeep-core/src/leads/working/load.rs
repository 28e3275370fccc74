//! Reading all that a call needs, before it begins.

use super::WorkingSet;
use crate::attrs::Attrs;
use crate::ids::{CompanyId, LeadId};
use crate::store::{Company, EmailPick, ForeignId, Lead, LeadKey, Pick, Result, WriteTxn};
use foldhash::{HashMap, HashSet};
use std::sync::Arc;

/// What a call must look up before it begins.
#[derive(Debug, Default)]
pub(in super::super) struct Wanted {
    /// Lead ids, merged ones too.
    pub(in super::super) ids: Vec<LeadId>,
    /// Foreign ids, known or not.
    pub(in super::super) foreign: Vec<ForeignId>,
    /// Addresses in lower case.
    pub(in super::super) emails: Vec<Arc<str>>,
    /// Whether a record names a field of the company; without that the rows of companies stay unread.
    pub(in super::super) companies: bool,
    /// Values of the company key.
    pub(in super::super) company_keys: Vec<String>,
    /// The addresses of records that find a lead by its address and take this away from it, once for each record.
    pub(in super::super) addresses_taken: Vec<Arc<str>>,
    /// How many other records may take an address away from a lead.
    pub(in super::super) address_changes: usize,
}

impl WorkingSet {
    /// Reads all that the call needs, in a number of steps that does not depend on its size.
    pub(in super::super) fn load(
        txn: &mut dyn WriteTxn,
        mut wanted: Wanted,
        pick: EmailPick,
    ) -> Result<Self> {
        let mut set = Self::default();
        sorted(&mut wanted.ids);
        sorted(&mut wanted.foreign);
        // In any order: to sort so many texts is a good part of a large call.
        let mut seen = HashSet::with_capacity_and_hasher(wanted.emails.len(), Default::default());
        wanted.emails.retain(|email| seen.insert(email.clone()));
        sorted(&mut wanted.company_keys);

        let owners = ids_of(txn, &wanted.foreign, LeadKey::Foreign, Pick::one(pick))?;
        // Each record takes an address from one lead at the most: so many more are enough to know who is next.
        wanted.addresses_taken.sort_unstable();
        let taken = wanted.addresses_taken.chunk_by(|a, b| a == b);
        let taken = taken.map(<[_]>::len).max().unwrap_or_default();
        let pick = Pick {
            first: pick,
            most: 1 + taken + wanted.address_changes,
        };
        let holders = ids_of(txn, &wanted.emails, LeadKey::Email, pick)?;
        let mut ids = wanted.ids.clone();
        ids.extend(owners.iter().chain(&holders).flatten());
        sorted(&mut ids);
        let mut leads = match ids.is_empty() {
            true => Vec::new(),
            false => txn.leads(&ids)?,
        };
        let winners = merge_winners(txn, &wanted.ids, &mut leads)?;
        // Most records are of leads with addresses of their own.
        set.leads.reserve(wanted.emails.len());
        set.by_email.reserve(wanted.emails.len());
        let known = wanted.emails.iter().zip(&holders);
        let known = known
            .flat_map(|(email, holders)| holders.iter().map(move |lead| (*lead, email)))
            .collect();
        set.add_leads(txn, leads, &wanted, &known)?;
        // COM-12: the id of a lead that lost a merge leads to the winner.
        for (loser, winner) in winners {
            if let Some(found) = set.by_id.get(&winner).copied() {
                set.by_id.insert(loser, found);
            }
        }
        for (foreign, owner) in wanted.foreign.into_iter().zip(owners) {
            if let Some(found) = owner.first().and_then(|id| set.by_id.get(id)) {
                let owners = set.by_foreign.entry(foreign.value).or_default();
                owners[super::place_of(foreign.system)] = Some(*found);
            }
        }
        Ok(set)
    }

    /// Adds rows; of some leads the address in lower case is known already.
    fn add_leads(
        &mut self,
        txn: &mut dyn WriteTxn,
        leads: Vec<Lead>,
        wanted: &Wanted,
        known: &HashMap<LeadId, &Arc<str>>,
    ) -> Result<()> {
        let mut ids: Vec<_> = leads.iter().map(|lead| lead.company).collect();
        sorted(&mut ids);
        let mut companies = match wanted.companies {
            true if ids.is_empty() => Vec::new(),
            true => txn.companies(&ids)?,
            // Nobody looks at more than their ids, and nobody changes them.
            false => ids.into_iter().map(unread).collect(),
        };
        if !wanted.company_keys.is_empty() {
            let shared = txn.companies_by_key(&wanted.company_keys)?;
            companies.extend(shared.into_iter().flatten());
        }
        for company in companies {
            self.add_company(company);
        }
        for lead in leads {
            let id = lead.id;
            let folded = match known.get(&id) {
                Some(email) => Some(Arc::clone(email)),
                None => lead.email.as_deref().map(super::folded),
            };
            let place = match self.by_company_id.get(&lead.company).copied() {
                Some(company) => self.push(lead, folded, company, false),
                // A lead without its row, which somebody else has removed: it gets a new one.
                None => {
                    let company = self.new_company(None);
                    let place = self.push(lead, folded, company, false);
                    self.leads[place].changed = true;
                    place
                }
            };
            self.by_id.insert(id, place);
        }
        Ok(())
    }
}

/// A row of which only the id matters.
fn unread(id: CompanyId) -> Company {
    Company {
        id,
        key: None,
        attrs: Attrs::new(),
    }
}

fn sorted<T: Ord>(list: &mut Vec<T>) {
    list.sort_unstable();
    list.dedup();
}

/// The ids behind each text, made into a key; nothing is asked for nothing.
fn ids_of<T: Clone>(
    txn: &mut dyn WriteTxn,
    values: &[T],
    key: impl Fn(T) -> LeadKey,
    pick: Pick,
) -> Result<Vec<Vec<LeadId>>> {
    if values.is_empty() {
        return Ok(Vec::new());
    }
    let keys: Vec<LeadKey> = values.iter().cloned().map(key).collect();
    txn.lead_ids(&keys, pick)
}

/// The winners that ids without a lead lead to; they are added to the leads.
fn merge_winners(
    txn: &mut dyn WriteTxn,
    wanted: &[LeadId],
    leads: &mut Vec<Lead>,
) -> Result<Vec<(LeadId, LeadId)>> {
    leads.sort_unstable_by_key(|lead| lead.id);
    let is_known =
        |leads: &[Lead], id: &LeadId| leads.binary_search_by_key(id, |lead| lead.id).is_ok();
    let mut unknown = wanted.to_vec();
    unknown.retain(|id| !is_known(leads, id));
    if unknown.is_empty() {
        return Ok(Vec::new());
    }
    let winners = txn.merge_winners(&unknown)?;
    let mut more: Vec<LeadId> = winners.iter().map(|(_, winner)| *winner).collect();
    sorted(&mut more);
    more.retain(|id| !is_known(leads, id));
    if !more.is_empty() {
        leads.extend(txn.leads(&more)?);
    }
    Ok(winners)
}
