//! Opportunities in a sync.

use super::batch::{Batch, DealRef, Event};
use super::fields::{FieldValue, ID, is_writable, key_field, read_attributes, set_values};
use super::input::{MObjectInput, MObjectStatus, MObjectType, SyncOperation};
use super::refusals::{managed_by_crm, misplaced, not_found};
use super::sync::{Done, no_typed_attributes};
use crate::attrs::Attrs;
use crate::error::RecordError;
use crate::ids::OpportunityId;
use crate::store::Opportunity;

/// Creates or updates an opportunity (SMO-5 to SMO-10, SMO-23, SMO-24, SMO-43 to SMO-49).
pub(super) fn sync(
    batch: &mut Batch<'_>,
    operation: SyncOperation,
    object: &MObjectInput,
) -> Result<Done, RecordError> {
    managed_by_crm(batch.schema)?;
    no_typed_attributes(object)?;
    let key = match object.key() {
        Some(key) => Some(key_field(
            &batch.schema.opportunity_fields,
            &batch.rules,
            key,
        )?),
        None => None,
    };
    let id = object.id.or_else(|| match &key {
        Some((field, value)) if field.name.as_ref() == ID => value.parse().ok(),
        _ => None,
    });
    let found = match (id, &key) {
        (Some(id), _) => match (batch.deal(id), operation) {
            (None, SyncOperation::Update) => return Ok(Done::Nothing(MObjectStatus::Skipped)),
            // SMO-44: numbers are given by the server.
            (None, _) => return Err(not_found("Opportunity", &id.to_string())),
            (found, _) => found,
        },
        // SMO-9, SMO-10, SMO-49: the id identifies if both are there.
        (None, Some((field, value))) => batch.deal_with(field, value),
        // SMO-47.
        (None, None) => None,
    };
    match (found, operation) {
        // SMO-45, SMO-46.
        (Some(deal), SyncOperation::Insert) => return Ok(Done::Deal(deal, MObjectStatus::Skipped)),
        (None, SyncOperation::Update) => return Ok(Done::Nothing(MObjectStatus::Skipped)),
        _ => {}
    }
    // What the operation does not concern is skipped, whatever its values say.
    let mut values = read_attributes(
        &batch.schema.opportunity_fields,
        &batch.rules,
        &object.attributes,
    )?;
    // SMO-49: the key is stored too; an attribute of the same name wins (SMO-35).
    if let Some((field, value)) = key.filter(|(field, _)| is_writable(field))
        && !values.iter().any(|(named, _)| named.name == field.name)
    {
        values.push((field, Some(value)));
    }
    let mut company = None;
    for link in object.links() {
        if !link.object.trim().eq_ignore_ascii_case("Company") {
            return Err(misplaced(link, MObjectType::Opportunity));
        }
        company = Some(batch.linked_company(link)?);
        // SMO-66: the opportunity's own field of that name gets the value, if it was not sent.
        if let Some(key) = link.key().filter(|_| link.id.is_none())
            && let Some(field) = batch.schema.opportunity_fields.find(&key.name)
            && is_writable(field)
            && !values.iter().any(|(named, _)| named.name == field.name)
            && let Ok(value) =
                crate::value::read(field.data_type, field.size, key.value.trim(), &batch.rules)
        {
            values.push((field.clone(), value));
        }
    }
    let Some(deal) = found else {
        let named = values
            .iter()
            .any(|(field, value)| field.name.as_ref() == "Name" && value.is_some());
        if batch.schema.rules.require_opportunity_name && !named {
            // SMO-24.
            return Err(RecordError::ParameterRequired(
                "Parameter Name is required".to_owned(),
            ));
        }
        let mut row = Opportunity {
            id: OpportunityId(0),
            company,
            attrs: Attrs::new(),
            created_at: batch.now,
            updated_at: batch.now,
        };
        set_values(&mut row.attrs, values, &batch.schema.instance.time_zone);
        let deal = batch.add_deal(row, true);
        return Ok(Done::Deal(deal, MObjectStatus::Created));
    };
    Ok(Done::Deal(deal, update(batch, deal, values, company)))
}

fn update(
    batch: &mut Batch<'_>,
    deal: DealRef,
    values: Vec<FieldValue>,
    company: Option<crate::ids::CompanyId>,
) -> MObjectStatus {
    let now = batch.now;
    let working = &mut batch.deals[deal];
    let moved = company.is_some() && working.row.company != company;
    if moved {
        working.row.company = company;
    }
    let zone = &batch.schema.instance.time_zone;
    let changes = set_values(&mut working.row.attrs, values, zone);
    if changes.is_empty() && !moved {
        // SMO-48.
        return MObjectStatus::Unchanged;
    }
    working.changed = true;
    working.row.updated_at = now;
    let is_new = working.is_new;
    batch.note_keys(deal);
    // SMO-75: on each lead with a role, once; ACT-61: not for what this call has created.
    if !changes.is_empty() && !is_new {
        let mut leads: Vec<_> = batch
            .parts_of(deal)
            .into_iter()
            .map(|part| batch.parts[part].row.lead)
            .collect();
        let name = batch.deal_name(deal);
        leads.sort_unstable();
        leads.dedup();
        batch.events.extend(
            leads
                .into_iter()
                .map(|lead| Event::DealChanged(deal, lead, name.clone(), changes.clone())),
        );
    }
    MObjectStatus::Updated
}
