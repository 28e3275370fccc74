//! What a call about MObjects knows: rows that it has read, as they are after each of its objects.

use super::input::{Association, ExternalKey, MObjectInput, MObjectType};
use crate::activities::ValueChange;
use crate::error::RecordError;
use crate::ids::{CompanyId, CostId, LeadId, OpportunityId, ProgramId, RoleId};
use crate::schema::{Field, FieldSet, Schema, SourceObject};
use crate::store::{
    Cost, FieldIndex, ForeignId, ForeignSystem, Lead, LeadKey, Opportunity, Pick, Program, Result,
    Role, Sequence, WriteTxn,
};
use crate::value::{self, DataType, ValueRules};
use crate::{activities, attrs::Attrs};
use jiff::Timestamp;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Stored rows of one external key that are looked at: the newest counts (SMO-10).
const CANDIDATES: usize = 10;

/// A field and its canonical value; none clears it.
pub(super) type FieldValue = (Arc<Field>, Option<String>);

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
    DealChanged(DealRef, LeadId, Vec<ValueChange>),
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
    part_ids: HashMap<RoleId, RoleRef>,
    program_ids: HashMap<ProgramId, ProgramRef>,
    cost_owners: HashMap<CostId, ProgramId>,
    leads: HashSet<LeadId>,
    winners: HashMap<LeadId, LeadId>,
    leads_by_key: HashMap<(String, String), LeadId>,
    companies: HashSet<CompanyId>,
    companies_by_key: HashMap<(String, String), CompanyId>,
}

/// What a batch must look up.
#[derive(Default)]
struct Wanted {
    deals: Vec<OpportunityId>,
    deal_keys: Vec<(String, String)>,
    roles: Vec<RoleId>,
    leads: Vec<LeadId>,
    lead_keys: Vec<((String, String), LeadKey)>,
    companies: Vec<CompanyId>,
    company_keys: Vec<((String, String), LeadKey)>,
    programs: Vec<ProgramId>,
    costs: Vec<CostId>,
}

impl<'a> Batch<'a> {
    /// Reads all that the objects name, in a number of steps that does not depend on their number.
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
        let mut batch = Self {
            schema,
            rules,
            now,
            deals: Vec::new(),
            parts: Vec::new(),
            programs: Vec::new(),
            events: Vec::new(),
            deal_ids: HashMap::new(),
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
        for name in wanted
            .deal_keys
            .iter()
            .map(|(name, _)| name)
            .collect::<HashSet<_>>()
        {
            txn.ensure_index(&FieldIndex::Opportunity(name.clone()))?;
        }
        let by_key = txn.opportunity_ids_by_field(&wanted.deal_keys, Pick::All(CANDIDATES))?;
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
            self.deal_ids.insert(row.id, self.deals.len());
            self.deals.push(Deal {
                row,
                is_new: false,
                changed: false,
                deleted: false,
            });
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
        for (_, key) in wanted.lead_keys.iter().chain(&wanted.company_keys) {
            match key {
                LeadKey::LeadField(name, _) => txn.ensure_index(&FieldIndex::Lead(name.clone()))?,
                LeadKey::CompanyField(name, _) => {
                    txn.ensure_index(&FieldIndex::Company(name.clone()))?
                }
                _ => {}
            }
        }
        // SMO-66, SMO-67: of several leads the most recently added one.
        let keys: Vec<_> = wanted
            .lead_keys
            .iter()
            .chain(&wanted.company_keys)
            .map(|(_, key)| key.clone())
            .collect();
        let newest = txn.lead_ids(&keys, Pick::One(crate::store::EmailPick::Added))?;
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
        for ((name, _), found) in wanted.lead_keys.iter().zip(of_leads) {
            if let Some(id) = found.first() {
                self.leads_by_key.insert(name.clone(), *id);
            }
        }
        for ((name, _), found) in wanted.company_keys.iter().zip(of_companies) {
            if let Some(lead) = found.first().and_then(|id| leads.get(id)) {
                self.companies_by_key.insert(name.clone(), lead.company);
            }
        }
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

    /// The deal with a number.
    pub(super) fn deal(&self, id: i64) -> Option<DealRef> {
        self.deal_ids
            .get(&OpportunityId(id))
            .copied()
            .filter(|deal| !self.deals[*deal].deleted)
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
        let matches = |deal: &Deal| !deal.deleted && deal.row.attrs.get(&field.name) == Some(value);
        (0..self.deals.len())
            .rev()
            .find(|deal| matches(&self.deals[*deal]))
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

    /// The deal that a link names (SMO-63, SMO-64).
    pub(super) fn linked_deal(
        &self,
        link: &Association,
    ) -> std::result::Result<DealRef, RecordError> {
        if let Some(id) = link.id {
            return self
                .deal(id)
                .ok_or_else(|| not_found("Opportunity", &id.to_string()));
        }
        let key = link.key().ok_or_else(|| nameless(link))?;
        let (field, value) = key_field(&self.schema.opportunity_fields, &self.rules, key)?;
        self.deal_with(&field, &value)
            .ok_or_else(|| not_found_by("Opportunity", key))
    }

    /// The lead that a link names (SMO-67).
    pub(super) fn linked_lead(
        &self,
        link: &Association,
    ) -> std::result::Result<LeadId, RecordError> {
        if let Some(id) = link.id {
            return self
                .lead(id)
                .ok_or_else(|| not_found("Lead", &id.to_string()));
        }
        let key = link.key().ok_or_else(|| nameless(link))?;
        lead_key(self.schema, &self.rules, key)?;
        self.leads_by_key
            .get(&named(key))
            .copied()
            .ok_or_else(|| not_found_by("Lead", key))
    }

    /// The company that a link names (SMO-66).
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
        lead_key(self.schema, &self.rules, key)?;
        self.companies_by_key
            .get(&named(key))
            .copied()
            .ok_or_else(|| not_found_by("Company", key))
    }

    /// Writes all that changed, once; gives the numbers of deals and of roles by place.
    pub(super) fn write(
        mut self,
        txn: &mut dyn WriteTxn,
    ) -> Result<(Vec<OpportunityId>, Vec<RoleId>)> {
        let fresh = |txn: &mut dyn WriteTxn, sequence, count| -> Result<std::vec::IntoIter<i64>> {
            Ok(if count == 0 {
                Vec::new()
            } else {
                txn.allocate(sequence, count)?
            }
            .into_iter())
        };
        let mut ids = fresh(
            txn,
            Sequence::Opportunity,
            self.deals.iter().filter(|deal| deal.is_new).count(),
        )?;
        for deal in self.deals.iter_mut().filter(|deal| deal.is_new) {
            deal.row.id = OpportunityId(ids.next().unwrap_or_default());
        }
        let mut ids = fresh(
            txn,
            Sequence::Role,
            self.parts.iter().filter(|part| part.is_new).count(),
        )?;
        for part in &mut self.parts {
            part.row.opportunity = self.deals[part.deal].row.id;
            if part.is_new {
                part.row.id = RoleId(ids.next().unwrap_or_default());
            }
        }
        let mut ids = fresh(
            txn,
            Sequence::Cost,
            self.programs
                .iter()
                .map(|program| program.new_costs.len())
                .sum(),
        )?;
        let mut costs = Vec::new();
        for program in &mut self.programs {
            let changed = program
                .row
                .costs
                .iter()
                .filter(|cost| program.costs.contains(&cost.id));
            costs.extend(changed.map(|cost| (program.row.id, cost.clone())));
            for mut cost in program.new_costs.drain(..) {
                cost.id = CostId(ids.next().unwrap_or_default());
                costs.push((program.row.id, cost));
            }
        }
        let history = self.history();

        let rows = |wanted: fn(&Deal) -> bool, deals: &[Deal]| -> Vec<Opportunity> {
            deals
                .iter()
                .filter(|deal| wanted(deal))
                .map(|deal| deal.row.clone())
                .collect()
        };
        txn.insert_opportunities(&rows(|deal| deal.is_new, &self.deals))?;
        txn.update_opportunities(&rows(
            |deal| deal.changed && !deal.is_new && !deal.deleted,
            &self.deals,
        ))?;
        let gone: Vec<RoleId> = self
            .parts
            .iter()
            .filter(|part| part.deleted)
            .map(|part| part.row.id)
            .collect();
        txn.delete_roles(&gone)?;
        let rows = |wanted: fn(&Part) -> bool, parts: &[Part]| -> Vec<Role> {
            parts
                .iter()
                .filter(|part| wanted(part))
                .map(|part| part.row.clone())
                .collect()
        };
        txn.insert_roles(&rows(|part| part.is_new, &self.parts))?;
        txn.update_roles(&rows(
            |part| part.changed && !part.is_new && !part.deleted,
            &self.parts,
        ))?;
        let gone: Vec<&Deal> = self.deals.iter().filter(|deal| deal.deleted).collect();
        txn.delete_opportunities(&gone.iter().map(|deal| deal.row.id).collect::<Vec<_>>())?;
        let left: Vec<CompanyId> = gone.iter().filter_map(|deal| deal.row.company).collect();
        if !left.is_empty() {
            // DM-DEL-3.
            txn.delete_unused_companies(&left)?;
        }
        let programs: Vec<Program> = self
            .programs
            .iter()
            .filter(|program| program.changed)
            .map(|program| program.row.clone())
            .collect();
        txn.update_programs(&programs)?;
        txn.put_costs(&costs)?;
        if !history.is_empty() {
            // COM-35, ACT-14: an activity touches its lead.
            let mut touched: Vec<LeadId> = history.iter().map(|activity| activity.lead).collect();
            touched.sort_unstable();
            touched.dedup();
            txn.touch_leads(&touched, self.now)?;
            txn.append_activities(&history)?;
        }
        let deals = self.deals.iter().map(|deal| deal.row.id).collect();
        Ok((deals, self.parts.iter().map(|part| part.row.id).collect()))
    }

    /// SMO-75, XMO-10, ACT-60 to ACT-62.
    fn history(&self) -> Vec<crate::store::NewActivity> {
        let name = |deal: DealRef| self.deals[deal].row.attrs.get("Name").map(str::to_owned);
        let of_part = |part: RoleRef| {
            let part = &self.parts[part];
            let attrs = &part.row.attrs;
            let primary = attrs.get("IsPrimary") == Some("1");
            (
                part.row.lead,
                self.deals[part.deal].row.id,
                name(part.deal),
                primary,
                attrs.get("Role").unwrap_or_default(),
            )
        };
        self.events
            .iter()
            .map(|event| match event {
                Event::RoleAdded(part) => {
                    let (lead, deal, name, primary, role) = of_part(*part);
                    activities::add_to_opportunity(lead, self.now, deal, name, primary, role)
                }
                Event::RoleRemoved(part) => {
                    let (lead, deal, name, primary, role) = of_part(*part);
                    activities::remove_from_opportunity(lead, self.now, deal, name, primary, role)
                }
                Event::DealChanged(deal, lead, changes) => activities::update_opportunity(
                    *lead,
                    self.now,
                    self.deals[*deal].row.id,
                    name(*deal),
                    changes,
                ),
            })
            .collect()
    }
}

impl Wanted {
    fn object(&mut self, schema: &Schema, rules: &ValueRules, object: &MObjectInput) {
        match MObjectType::from_word(&object.object) {
            Some(MObjectType::Opportunity) => {
                self.deals.extend(object.id.map(OpportunityId));
                self.deal_key(schema, rules, object.key());
            }
            Some(MObjectType::OpportunityPersonRole) => {
                self.roles.extend(object.id.map(RoleId));
                for (name, text) in &object.attributes {
                    let number = text.trim().parse::<i64>().ok();
                    match schema
                        .role_fields
                        .find(name)
                        .map(|field| field.name.as_ref())
                    {
                        Some("OpportunityId") => self.deals.extend(number.map(OpportunityId)),
                        Some("PersonId") => self.leads.extend(number.map(LeadId)),
                        _ => {}
                    }
                }
            }
            Some(MObjectType::Program) => {
                self.programs.extend(object.id.map(ProgramId));
                let attributes = object.typed.iter().flat_map(|typed| &typed.attributes);
                let ids = attributes.filter(|(name, _)| name.trim().eq_ignore_ascii_case("Id"));
                self.costs
                    .extend(ids.filter_map(|(_, text)| text.trim().parse().ok().map(CostId)));
            }
            None => {}
        }
        for link in object.links() {
            let named_by = link.key().filter(|_| link.id.is_none());
            match link.object.trim().to_ascii_lowercase().as_str() {
                "opportunity" => {
                    self.deals.extend(link.id.map(OpportunityId));
                    self.deal_key(schema, rules, named_by);
                }
                "lead" => {
                    self.leads.extend(link.id.map(LeadId));
                    let key = named_by
                        .and_then(|key| Some((named(key), lead_key(schema, rules, key).ok()?)));
                    self.lead_keys.extend(key);
                }
                "company" => {
                    self.companies.extend(link.id.map(CompanyId));
                    let key = named_by
                        .and_then(|key| Some((named(key), lead_key(schema, rules, key).ok()?)));
                    self.company_keys.extend(key);
                }
                _ => {}
            }
        }
    }

    fn deal_key(&mut self, schema: &Schema, rules: &ValueRules, key: Option<&ExternalKey>) {
        // A key that names no field is refused when its object is looked at.
        if let Some(Ok((field, value))) =
            key.map(|key| key_field(&schema.opportunity_fields, rules, key))
        {
            self.deal_keys.push((field.name.to_string(), value));
        }
    }
}

/// A key as it was written, to be found again.
fn named(key: &ExternalKey) -> (String, String) {
    (key.name.trim().to_owned(), key.value.trim().to_owned())
}

/// The field and the canonical value of an external key (SMO-50, SMO-51).
pub(super) fn key_field(
    fields: &FieldSet,
    rules: &ValueRules,
    key: &ExternalKey,
) -> std::result::Result<(Arc<Field>, String), RecordError> {
    let bad = |reason: String| {
        RecordError::BadParameter(format!("externalKey {}: {reason}", key.name.trim()))
    };
    let field = fields
        .find(&key.name)
        .ok_or_else(|| bad("there is no such field".to_owned()))?;
    if !matches!(field.data_type, DataType::String | DataType::Integer) {
        return Err(bad(format!(
            "a field of type string or integer is expected, not {}",
            field.data_type.as_str()
        )));
    }
    match value::read(field.data_type, field.size, key.value.trim(), rules) {
        Ok(Some(value)) => Ok((field.clone(), value)),
        Ok(None) => Err(bad("the value is empty".to_owned())),
        Err(reason) => Err(bad(reason.to_string())),
    }
}

/// The look-up of a lead, or of the company of a lead, by any of its fields (SMO-66, SMO-67).
pub(super) fn lead_key(
    schema: &Schema,
    rules: &ValueRules,
    key: &ExternalKey,
) -> std::result::Result<LeadKey, RecordError> {
    let bad = |reason: String| {
        RecordError::BadParameter(format!("externalKey {}: {reason}", key.name.trim()))
    };
    let field = schema
        .lead_field(&key.name)
        .ok_or_else(|| bad("there is no such field".to_owned()))?;
    let text = key.value.trim();
    let read = value::read(field.data_type, field.size, text, rules)
        .map_err(|reason| bad(reason.to_string()))?;
    let canonical = read.ok_or_else(|| bad("the value is empty".to_owned()))?;
    Ok(match field.name.as_ref() {
        "Id" => LeadKey::Id(LeadId(canonical.parse().unwrap_or_default())),
        "Email" => LeadKey::Email(canonical.to_lowercase()),
        "ForeignSysPersonId" => LeadKey::Foreign(ForeignId {
            system: ForeignSystem::Custom,
            value: text.to_owned(),
        }),
        name if field.source == SourceObject::Company => {
            LeadKey::CompanyField(name.to_owned(), canonical)
        }
        name => LeadKey::LeadField(name.to_owned(), canonical),
    })
}

/// The attributes of an object, read: unknown names and bad values refuse it as a whole (SMO-52, SMO-53).
pub(super) fn read_attributes(
    fields: &FieldSet,
    rules: &ValueRules,
    attributes: &[(String, String)],
) -> std::result::Result<Vec<FieldValue>, RecordError> {
    use crate::schema::WriteRule;
    let mut unknown: Vec<&str> = Vec::new();
    let mut values: Vec<FieldValue> = Vec::new();
    let mut refused = None;
    for (name, raw) in attributes {
        if name.trim().is_empty() {
            continue;
        }
        let Some(field) = fields.find(name) else {
            if !unknown.contains(&name.trim()) {
                unknown.push(name.trim());
            }
            continue;
        };
        if field.is_readonly
            || matches!(
                field.write_rule,
                WriteRule::System | WriteRule::RecordElement
            )
        {
            continue;
        }
        match value::read(field.data_type, field.size, raw, rules) {
            Ok(read) => {
                values.retain(|(known, _)| known.name != field.name);
                values.push((field.clone(), read));
            }
            Err(reason) => {
                refused.get_or_insert_with(|| {
                    RecordError::BadParameter(format!("{}: {reason}", field.name))
                });
            }
        }
    }
    if !unknown.is_empty() {
        return Err(RecordError::BadParameter(format!(
            "unknown fields: {}",
            unknown.join(", ")
        )));
    }
    match refused {
        Some(error) => Err(error),
        None => {
            values.sort_by(|(a, _), (b, _)| a.name.cmp(&b.name));
            Ok(values)
        }
    }
}

/// Stores values and tells which changed, by display name.
pub(super) fn set_values(attrs: &mut Attrs, values: Vec<FieldValue>) -> Vec<ValueChange> {
    let mut changes = Vec::new();
    for (field, value) in values {
        if attrs.get(&field.name) != value.as_deref() {
            let after = value.clone();
            let before = attrs.set(&field.name, value);
            changes.push((field.display_name.clone(), before, after));
        }
    }
    changes
}

/// SMO-44, SMO-63.
pub(super) fn not_found(object: &str, key: &str) -> RecordError {
    RecordError::BadParameter(format!("{object} {key} not found"))
}

fn not_found_by(object: &str, key: &ExternalKey) -> RecordError {
    not_found(
        object,
        &format!("with {} = {}", key.name.trim(), key.value.trim()),
    )
}

/// DM-EXT-7.
fn nameless(link: &Association) -> RecordError {
    RecordError::BadParameter(format!(
        "the association {} has neither id nor externalKey",
        link.object.trim()
    ))
}

/// SMO-64, DM-EXT-7.
pub(super) fn misplaced(link: &Association, object: MObjectType) -> RecordError {
    let kind: String = link.object.trim().chars().take(64).collect();
    RecordError::BadParameter(format!("{} has no association {kind}", object.as_str()))
}

/// SMO-77.
pub(super) fn managed_by_crm(
    schema: &Schema,
    object: MObjectType,
) -> std::result::Result<(), RecordError> {
    if schema.instance.crm_sync {
        return Err(RecordError::BadParameter(format!(
            "{} is managed by the CRM",
            object.as_str()
        )));
    }
    Ok(())
}
