//! Opportunity person roles in a sync.

use super::batch::{Batch, DealRef, Event, Part, RoleRef};
use super::fields::{FieldValue, read_attributes, set_values};
use super::input::{MObjectInput, MObjectStatus, MObjectType, SyncOperation};
use super::refusals::{dangling, managed_by_crm, misplaced, not_found};
use super::sync::{Done, no_external_key, no_typed_attributes};
use crate::attrs::Attrs;
use crate::error::RecordError;
use crate::ids::{LeadId, OpportunityId, RoleId};
use crate::store::Role;

/// What a role names: its deal, its lead, and its other values. A name that nothing has is a refusal to syncs (SMO-63);
/// to deletes it says that there is no such role.
pub(super) struct Named {
    pub(super) deal: Option<Result<DealRef, RecordError>>,
    pub(super) lead: Option<Result<LeadId, RecordError>>,
    values: Vec<FieldValue>,
}

impl Named {
    /// The name of the role in lower case, empty for none: a value of its own (SMO-43).
    pub(super) fn role(&self) -> String {
        let role = self
            .values
            .iter()
            .find(|(field, _)| field.name.as_ref() == "Role");
        role.and_then(|(_, value)| value.as_deref())
            .unwrap_or_default()
            .to_lowercase()
    }
}

/// Reads what a role names (SMO-25, SMO-26, SMO-65, SMO-70): links count before attributes.
pub(super) fn named(batch: &Batch<'_>, object: &MObjectInput) -> Result<Named, RecordError> {
    let mut named = Named {
        deal: None,
        lead: None,
        values: read_attributes(&batch.schema.role_fields, &batch.rules, &object.attributes)?,
    };
    for link in object.links() {
        match link.object.trim().to_ascii_lowercase().as_str() {
            "opportunity" => {
                let found = batch.linked_deal(link)?;
                named.deal = Some(found.ok_or_else(|| dangling("Opportunity", link)));
            }
            "lead" => {
                let found = batch.linked_lead(link)?;
                named.lead = Some(found.ok_or_else(|| dangling("Lead", link)));
            }
            _ => return Err(misplaced(link, MObjectType::OpportunityPersonRole)),
        }
    }
    let number = |name: &str| {
        let value = named
            .values
            .iter()
            .find(|(field, _)| field.name.as_ref() == name);
        value.and_then(|(_, value)| value.as_deref()?.parse::<i64>().ok())
    };
    let (deal, lead) = (number("OpportunityId"), number("PersonId"));
    if named.deal.is_none()
        && let Some(id) = deal
    {
        named.deal = Some(
            batch
                .deal(id)
                .ok_or_else(|| not_found("Opportunity", &id.to_string())),
        );
    }
    if named.lead.is_none()
        && let Some(id) = lead
    {
        named.lead = Some(
            batch
                .lead(id)
                .ok_or_else(|| not_found("Lead", &id.to_string())),
        );
    }
    named
        .values
        .retain(|(field, _)| !matches!(field.name.as_ref(), "OpportunityId" | "PersonId"));
    Ok(named)
}

/// Creates or updates a role (SMO-25, SMO-43, SMO-69). Beside what it joins it has optional values (SMO-27), of which none
/// is checked against other roles (SMO-71).
pub(super) fn sync(
    batch: &mut Batch<'_>,
    operation: SyncOperation,
    object: &MObjectInput,
) -> Result<Done, RecordError> {
    managed_by_crm(batch.schema)?;
    no_external_key(object, MObjectType::OpportunityPersonRole)?;
    no_typed_attributes(object)?;
    // What the operation does not concern is skipped, whatever its values say; without a number they say which role it is.
    if let Some(id) = object.id {
        match (batch.part(id), operation) {
            (None, SyncOperation::Update) => return Ok(Done::Nothing(MObjectStatus::Skipped)),
            (Some(part), SyncOperation::Insert) => {
                return Ok(Done::Role(part, MObjectStatus::Skipped));
            }
            _ => {}
        }
    }
    let named = named(batch, object)?;
    let role = named.role();
    let (deal, lead, values) = (
        named.deal.transpose()?,
        named.lead.transpose()?,
        named.values,
    );
    if let Some(id) = object.id {
        let missing = || not_found("OpportunityPersonRole", &id.to_string());
        let part = batch.part(id).ok_or_else(missing)?;
        let own = &batch.parts[part];
        if deal.is_some_and(|deal| deal != own.deal)
            || lead.is_some_and(|lead| lead != own.row.lead)
        {
            // SMO-69.
            let text = "OpportunityId and PersonId of a role cannot be changed";
            return Err(RecordError::BadParameter(text.to_owned()));
        }
        return Ok(Done::Role(part, update(batch, part, values)?));
    }
    let missing =
        |name: &str| RecordError::ParameterRequired(format!("Parameter {name} is required"));
    let deal = deal.ok_or_else(|| missing("OpportunityId"))?;
    let lead = lead.ok_or_else(|| missing("PersonId"))?;
    match (batch.part_with(deal, lead, &role), operation) {
        (Some(part), SyncOperation::Insert) => Ok(Done::Role(part, MObjectStatus::Skipped)),
        (Some(part), _) => Ok(Done::Role(part, update(batch, part, values)?)),
        (None, SyncOperation::Update) => Ok(Done::Nothing(MObjectStatus::Skipped)),
        (None, _) => Ok(Done::Role(
            create(batch, deal, lead, values),
            MObjectStatus::Created,
        )),
    }
}

fn create(batch: &mut Batch<'_>, deal: DealRef, lead: LeadId, values: Vec<FieldValue>) -> RoleRef {
    let mut attrs = Attrs::new();
    set_values(&mut attrs, values, &batch.schema.instance.time_zone);
    let row = Role {
        id: RoleId(0),
        opportunity: OpportunityId(0),
        lead,
        attrs,
        created_at: batch.now,
        updated_at: batch.now,
    };
    batch.parts.push(Part {
        row,
        deal,
        is_new: true,
        changed: true,
        deleted: false,
    });
    let part = batch.parts.len() - 1;
    batch.events.push(Event::RoleAdded(part));
    part
}

fn update(
    batch: &mut Batch<'_>,
    part: RoleRef,
    values: Vec<FieldValue>,
) -> Result<MObjectStatus, RecordError> {
    let now = batch.now;
    let working = &batch.parts[part];
    let (deal, lead, is_new) = (working.deal, working.row.lead, working.is_new);
    let mut after = working.row.clone();
    let zone = &batch.schema.instance.time_zone;
    let changes = set_values(&mut after.attrs, values, zone);
    if changes.is_empty() {
        // SMO-48, ACT-62.
        return Ok(MObjectStatus::Unchanged);
    }
    if batch
        .part_with(deal, lead, &after.key_name())
        .is_some_and(|other| other != part)
    {
        let text = "the lead has another role of this name in the opportunity";
        return Err(RecordError::BadParameter(text.to_owned()));
    }
    after.updated_at = now;
    let working = &mut batch.parts[part];
    working.row = after;
    working.changed = true;
    if !is_new {
        let name = batch.deal_name(deal);
        batch
            .events
            .push(Event::DealChanged(deal, lead, name, changes));
    }
    Ok(MObjectStatus::Updated)
}
