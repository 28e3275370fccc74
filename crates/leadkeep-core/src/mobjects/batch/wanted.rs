//! What the objects of a call name, before anything is read.

use super::super::fields::{ID, key_field, lead_keys};
use super::super::input::{ExternalKey, MObjectInput, MObjectType};
use crate::ids::{CompanyId, CostId, LeadId, OpportunityId, ProgramId, RoleId};
use crate::schema::Schema;
use crate::store::LeadKey;
use crate::value::{self, ValueRules};
use std::collections::HashMap;

/// What a batch must look up.
#[derive(Default)]
pub(super) struct Wanted {
    pub(super) deals: Vec<OpportunityId>,
    pub(super) deal_keys: Vec<(String, String)>,
    pub(super) roles: Vec<RoleId>,
    pub(super) leads: Vec<LeadId>,
    pub(super) lead_keys: Vec<((String, String), LeadKey)>,
    pub(super) companies: Vec<CompanyId>,
    pub(super) company_keys: Vec<((String, String), LeadKey)>,
    pub(super) programs: Vec<ProgramId>,
    pub(super) costs: Vec<CostId>,
}

impl Wanted {
    /// Notes what an object names; what it names wrongly is refused when its turn comes.
    pub(super) fn object(&mut self, schema: &Schema, rules: &ValueRules, object: &MObjectInput) {
        match MObjectType::from_word(&object.object) {
            Some(MObjectType::Opportunity) => {
                self.deals.extend(object.id.map(OpportunityId));
                self.deal_key(schema, rules, object.key());
            }
            Some(MObjectType::OpportunityPersonRole) => {
                self.roles.extend(object.id.map(RoleId));
                for (name, text) in &object.attributes {
                    let Some(field) = schema.role_fields.find(name) else {
                        continue;
                    };
                    let number = || {
                        let read = value::read(field.data_type, field.size, text, rules);
                        read.ok()??.parse::<i64>().ok()
                    };
                    match field.name.as_ref() {
                        "OpportunityId" => self.deals.extend(number().map(OpportunityId)),
                        "PersonId" => self.leads.extend(number().map(LeadId)),
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
                    for (name, key) in look_ups(schema, rules, named_by) {
                        match key {
                            // By number, so that a merged lead leads to its winner.
                            LeadKey::Id(id) => self.leads.push(id),
                            key => self.lead_keys.push((name, key)),
                        }
                    }
                }
                "company" => {
                    self.companies.extend(link.id.map(CompanyId));
                    self.company_keys.extend(look_ups(schema, rules, named_by));
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
            match value.parse() {
                Ok(id) if field.name.as_ref() == ID => self.deals.push(OpportunityId(id)),
                _ => self.deal_keys.push((field.name.to_string(), value)),
            }
        }
    }

    /// Stores are asked for nothing twice.
    pub(super) fn each_once(&mut self) {
        fn once<T: Ord>(ids: &mut Vec<T>) {
            ids.sort_unstable();
            ids.dedup();
        }
        once(&mut self.deals);
        once(&mut self.deal_keys);
        once(&mut self.roles);
        once(&mut self.leads);
        once(&mut self.companies);
        once(&mut self.programs);
        once(&mut self.costs);
    }
}

/// The look-ups of a key, each with its name; none of one that is refused later.
fn look_ups(
    schema: &Schema,
    rules: &ValueRules,
    key: Option<&ExternalKey>,
) -> Vec<((String, String), LeadKey)> {
    let Some(key) = key else {
        return Vec::new();
    };
    let keys = lead_keys(schema, rules, key).unwrap_or_default();
    keys.into_iter().map(|found| (named(key), found)).collect()
}

/// A key as it was written, to be found again.
pub(super) fn named(key: &ExternalKey) -> (String, String) {
    (key.name.trim().to_owned(), key.value.clone())
}

/// What the keys mean: of several leads that of a foreign id of type CUSTOM, else the most recently added one (SMO-66,
/// SMO-67, SL-37).
pub(super) fn meant(
    keys: &[((String, String), LeadKey)],
    found: &[Vec<LeadId>],
) -> HashMap<(String, String), LeadId> {
    let mut meant: HashMap<(String, String), (bool, LeadId)> = HashMap::new();
    for ((name, key), ids) in keys.iter().zip(found) {
        if let Some(id) = ids.iter().max() {
            let this = (matches!(key, LeadKey::Foreign(_)), *id);
            let best = meant.entry(name.clone()).or_insert(this);
            *best = this.max(*best);
        }
    }
    meant
        .into_iter()
        .map(|(name, (_, id))| (name, id))
        .collect()
}
