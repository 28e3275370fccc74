//! What a call about MObjects knows: rows that it has read, as they are after each of its objects.

mod wanted;
mod write;

use super::MAX_OBJECTS;
use super::fields::{ID, ensure_indexes, key_field, lead_keys};
use super::input::{Association, MObjectInput};
use super::refusals::{nameless, not_found, not_found_by};
use crate::activities::ValueChange;
use crate::error::RecordError;
use crate::ids::{CompanyId, CostId, LeadId, OpportunityId, ProgramId, RoleId};
use crate::schema::{Field, Schema};
use crate::store::{
    Cost, EmailPick, FieldIndex, Lead, LeadKey, Opportunity, Pick, Program, Result, Role, WriteTxn,
};
use crate::value::ValueRules;
use jiff::Timestamp;
use std::collections::{HashMap, HashSet};
use wanted::{Wanted, meant, named};

/// Stored rows of one external key that are looked at: the newest counts (SMO-10), and each object of a call can take
/// one away.
const CANDIDATES: usize = MAX_OBJECTS;

/// The place of a deal, of a role, of a program in the batch.
pub(super) type DealRef = usize;
pub(super) type RoleRef = usize;
pub(super) type ProgramRef = usize;

/// A deal as it is now.
#[derive(Debug)]
pub(super) struct Deal {
    pub(super) row: Opportunity,
    pub(super) is_new: bool,
    pub(super) changed: bool,
    pub(super) deleted: bool,
}

/// A role as it is now. The number in its row is right only for deals that were stored before.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) row: Role,
    pub(super) deal: DealRef,
    pub(super) is_new: bool,
    pub(super) changed: bool,
    pub(super) deleted: bool,
}

/// A program as it is now.
#[derive(Debug)]
pub(super) struct ProgramNow {
    pub(super) row: Program,
    pub(super) changed: bool,
    pub(super) costs: HashSet<CostId>,
    pub(super) new_costs: Vec<Cost>,
}

/// Something for a history, before ids are given.
#[derive(Debug)]
pub(super) enum Event {
    RoleAdded(RoleRef),
    RoleRemoved(RoleRef),
    /// With the name that the deal had then.
    DealChanged(DealRef, LeadId, Option<String>, Vec<ValueChange>),
}

/// All that a call knows.
pub(super) struct Batch<'a> {
    pub(super) schema: &'a Schema,
    pub(super) rules: ValueRules,
    pub(super) now: Timestamp,
    pub(super) deals: Vec<Deal>,
    pub(super) parts: Vec<Part>,
    pub(super) programs: Vec<ProgramNow>,
    pub(super) events: Vec<Event>,
    deal_ids: HashMap<OpportunityId, DealRef>,
    /// By field and value, for the keys that the call names: the deals that have had that value, which may have another
    /// one by now.
    deals_by_key: HashMap<String, HashMap<String, Vec<DealRef>>>,
    part_ids: HashMap<RoleId, RoleRef>,
    program_ids: HashMap<ProgramId, ProgramRef>,
    cost_owners: HashMap<CostId, ProgramId>,
    leads: HashSet<LeadId>,
    winners: HashMap<LeadId, LeadId>,
    leads_by_key: HashMap<(String, String), LeadId>,
    companies: HashSet<CompanyId>,
    companies_by_key: HashMap<(String, String), CompanyId>,
}

impl<'a> Batch<'a> {
    /// Reads all that the objects name, in a number of steps that does not depend on their number. Stores run writes as
    /// if one came after the other, so that nobody else makes an object of the same key meanwhile (SMO-76, COM-40).
    pub(super) fn load(
        txn: &mut dyn WriteTxn,
        schema: &'a Schema,
        now: Timestamp,
        objects: &[MObjectInput],
    ) -> Result<Self> {
        let rules = schema.value_rules();
        let mut wanted = Wanted::default();
        for object in objects {
            wanted.object(schema, &rules, object);
        }
        wanted.each_once();
        let mut batch = Self {
            schema,
            rules,
            now,
            deals: Vec::new(),
            parts: Vec::new(),
            programs: Vec::new(),
            events: Vec::new(),
            deal_ids: HashMap::new(),
            deals_by_key: HashMap::new(),
            part_ids: HashMap::new(),
            program_ids: HashMap::new(),
            cost_owners: HashMap::new(),
            leads: HashSet::new(),
            winners: HashMap::new(),
            leads_by_key: HashMap::new(),
            companies: HashSet::new(),
            companies_by_key: HashMap::new(),
        };
        batch.load_deals_and_roles(txn, &mut wanted)?;
        batch.load_leads_and_companies(txn, &wanted)?;
        batch.load_programs(txn, &wanted)?;
        Ok(batch)
    }

    fn load_deals_and_roles(&mut self, txn: &mut dyn WriteTxn, wanted: &mut Wanted) -> Result<()> {
        // DM section 13: a field that serves as a key is found by an index from its first use on.
        for (name, value) in &wanted.deal_keys {
            let values = self.deals_by_key.entry(name.clone()).or_default();
            values.insert(value.clone(), Vec::new());
        }
        for name in self.deals_by_key.keys() {
            txn.ensure_index(&FieldIndex::Opportunity(name.clone()))?;
        }
        let by_key = txn.opportunity_ids_by_field(&wanted.deal_keys, Pick::newest(CANDIDATES))?;
        let roles = txn.roles(&wanted.roles)?;
        wanted.deals.extend(by_key.into_iter().flatten());
        wanted
            .deals
            .extend(roles.iter().map(|role| role.opportunity));
        wanted.deals.sort_unstable();
        wanted.deals.dedup();
        let mut deals = txn.opportunities(&wanted.deals)?;
        deals.sort_unstable_by_key(|deal| deal.id);
        for row in deals {
            let id = row.id;
            let deal = self.add_deal(row, false);
            self.deal_ids.insert(id, deal);
        }
        // All roles of these deals: for the key of roles, and for the histories of their leads.
        for row in txn.roles_of_opportunities(&wanted.deals)? {
            let Some(deal) = self.deal_ids.get(&row.opportunity).copied() else {
                continue;
            };
            self.part_ids.insert(row.id, self.parts.len());
            self.parts.push(Part {
                row,
                deal,
                is_new: false,
                changed: false,
                deleted: false,
            });
        }
        Ok(())
    }

    fn load_leads_and_companies(&mut self, txn: &mut dyn WriteTxn, wanted: &Wanted) -> Result<()> {
        let keys: Vec<_> = wanted
            .lead_keys
            .iter()
            .chain(&wanted.company_keys)
            .map(|(_, key)| key.clone())
            .collect();
        ensure_indexes(txn, keys.iter())?;
        let newest = txn.lead_ids(&keys, Pick::one(EmailPick::Added))?;
        let (of_leads, of_companies) = newest.split_at(wanted.lead_keys.len());
        let mut ids = wanted.leads.clone();
        ids.extend(newest.iter().flatten());
        ids.sort_unstable();
        ids.dedup();
        let leads: HashMap<LeadId, Lead> = txn
            .leads(&ids)?
            .into_iter()
            .map(|lead| (lead.id, lead))
            .collect();
        let unknown: Vec<LeadId> = wanted
            .leads
            .iter()
            .copied()
            .filter(|id| !leads.contains_key(id))
            .collect();
        if !unknown.is_empty() {
            // COM-12, SMO-70: a merged lead means its winner.
            self.winners = txn.merge_winners(&unknown)?.into_iter().collect();
            self.leads.extend(self.winners.values());
        }
        self.leads_by_key = meant(&wanted.lead_keys, of_leads);
        self.companies_by_key = meant(&wanted.company_keys, of_companies)
            .into_iter()
            .filter_map(|(name, id)| Some((name, leads.get(&id)?.company)))
            .collect();
        self.leads.extend(leads.keys());
        self.companies = txn
            .companies(&wanted.companies)?
            .into_iter()
            .map(|company| company.id)
            .collect();
        Ok(())
    }

    fn load_programs(&mut self, txn: &mut dyn WriteTxn, wanted: &Wanted) -> Result<()> {
        for row in txn.programs(&wanted.programs)? {
            self.program_ids.insert(row.id, self.programs.len());
            self.programs.push(ProgramNow {
                row,
                changed: false,
                costs: HashSet::new(),
                new_costs: Vec::new(),
            });
        }
        let owners = txn.cost_owners(&wanted.costs)?;
        self.cost_owners = wanted
            .costs
            .iter()
            .copied()
            .zip(owners)
            .filter_map(|(id, owner)| Some((id, owner?)))
            .collect();
        Ok(())
    }

    /// Takes in a deal, of the store or a new one.
    pub(super) fn add_deal(&mut self, row: Opportunity, is_new: bool) -> DealRef {
        let deal = self.deals.len();
        self.deals.push(Deal {
            row,
            is_new,
            changed: is_new,
            deleted: false,
        });
        self.note_keys(deal);
        deal
    }

    /// Makes a deal be found by the values that it has now.
    pub(super) fn note_keys(&mut self, deal: DealRef) {
        for (name, values) in &mut self.deals_by_key {
            let value = self.deals[deal].row.attrs.get(name);
            if let Some(deals) = value.and_then(|value| values.get_mut(value)) {
                deals.push(deal);
            }
        }
    }

    /// The deal with a number.
    pub(super) fn deal(&self, id: i64) -> Option<DealRef> {
        self.deal_ids
            .get(&OpportunityId(id))
            .copied()
            .filter(|deal| !self.deals[*deal].deleted)
    }

    /// The name of a deal.
    pub(super) fn deal_name(&self, deal: DealRef) -> Option<String> {
        self.deals[deal].row.attrs.get("Name").map(str::to_owned)
    }

    /// The role with a number.
    pub(super) fn part(&self, id: i64) -> Option<RoleRef> {
        self.part_ids
            .get(&RoleId(id))
            .copied()
            .filter(|part| !self.parts[*part].deleted)
    }

    /// The program with a number.
    pub(super) fn program(&self, id: i64) -> Option<ProgramRef> {
        self.program_ids.get(&ProgramId(id)).copied()
    }

    /// The program that a cost belongs to.
    pub(super) fn cost_owner(&self, id: CostId) -> Option<ProgramId> {
        self.cost_owners.get(&id).copied()
    }

    /// The newest deal whose field has the value now (SMO-10, SMO-72).
    pub(super) fn deal_with(&self, field: &Field, value: &str) -> Option<DealRef> {
        if field.name.as_ref() == ID {
            return self.deal(value.parse().ok()?);
        }
        let matches = |deal: &DealRef| {
            let deal = &self.deals[*deal];
            !deal.deleted && deal.row.attrs.get(&field.name) == Some(value)
        };
        let had = self.deals_by_key.get(field.name.as_ref())?.get(value)?;
        had.iter().copied().filter(matches).max()
    }

    /// The role of a lead in a deal with a name, in lower case, empty for none (SMO-43, DM-OPP-7).
    pub(super) fn part_with(&self, deal: DealRef, lead: LeadId, name: &str) -> Option<RoleRef> {
        let matches = |part: &Part| {
            !part.deleted
                && part.deal == deal
                && part.row.lead == lead
                && part.row.key_name() == name
        };
        self.parts.iter().position(matches)
    }

    /// The roles of a deal that there are now.
    pub(super) fn parts_of(&self, deal: DealRef) -> Vec<RoleRef> {
        let of = |part: &RoleRef| self.parts[*part].deal == deal && !self.parts[*part].deleted;
        (0..self.parts.len()).filter(of).collect()
    }

    /// The lead with a number, or the winner that took it in (COM-12).
    pub(super) fn lead(&self, id: i64) -> Option<LeadId> {
        let id = LeadId(id);
        let id = self.winners.get(&id).copied().unwrap_or(id);
        self.leads.contains(&id).then_some(id)
    }

    /// The deal that a link names, by id or key, if there is one (SMO-29, SMO-33, SMO-64).
    pub(super) fn linked_deal(
        &self,
        link: &Association,
    ) -> std::result::Result<Option<DealRef>, RecordError> {
        if let Some(id) = link.id {
            return Ok(self.deal(id));
        }
        let key = link.key().ok_or_else(|| nameless(link))?;
        let (field, value) = key_field(&self.schema.opportunity_fields, &self.rules, key)?;
        Ok(self.deal_with(&field, &value))
    }

    /// The lead that a link names, if there is one; any of its fields serves, so a custom one that holds the foreign id
    /// too (SMO-32, SMO-67).
    pub(super) fn linked_lead(
        &self,
        link: &Association,
    ) -> std::result::Result<Option<LeadId>, RecordError> {
        if let Some(id) = link.id {
            return Ok(self.lead(id));
        }
        let key = link.key().ok_or_else(|| nameless(link))?;
        Ok(match lead_keys(self.schema, &self.rules, key)?[..] {
            [LeadKey::Id(id)] => self.lead(id.0),
            _ => self.leads_by_key.get(&named(key)).copied(),
        })
    }

    /// The company that a link names; by key it is found through its leads (SMO-31, SMO-66, DM-CO-5).
    pub(super) fn linked_company(
        &self,
        link: &Association,
    ) -> std::result::Result<CompanyId, RecordError> {
        if let Some(id) = link.id {
            let known = self
                .companies
                .contains(&CompanyId(id))
                .then_some(CompanyId(id));
            return known.ok_or_else(|| not_found("Company", &id.to_string()));
        }
        let key = link.key().ok_or_else(|| nameless(link))?;
        lead_keys(self.schema, &self.rules, key)?;
        self.companies_by_key
            .get(&named(key))
            .copied()
            .ok_or_else(|| not_found_by("Company", key))
    }
}
