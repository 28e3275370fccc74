//! Messages of leads, to core and back.

use super::{Caller, Refused, int, record_error};
use crate::app::App;
use jiff::tz::TimeZone;
use leadkeep_core::ids::LeadId;
use leadkeep_core::leads::{
    self, ForeignKey, KeyList, LeadInput, LeadKeyType, LeadSelection, LeadView, LooseKeys,
    MergeLeads, PreparedLeads, Selector, SyncLead, SyncMultipleLeads, SyncOutcome,
};
use leadkeep_core::schema::Schema;
use leadkeep_core::store::{ForeignSystem, ReadTxn};
use mktows::{
    Attribute, Fault, ForeignSysType, LeadKeyRef, LeadMergeStatusEnum, LeadRecord, LeadSelector,
    LeadSyncStatus, MergeStatus, Name, ParamsGetLead, ParamsGetMultipleLeads, ParamsMergeLeads,
    ParamsSyncLead, ParamsSyncMultipleLeads, Response, ResultGetLead, ResultGetMultipleLeads,
    ResultMergeLeads, ResultSyncLead, ResultSyncMultipleLeads, SyncStatus, Version, write_response,
};
use std::sync::Arc;

pub(super) async fn get_lead(
    app: &Arc<App>,
    params: ParamsGetLead,
    version: Version,
) -> Result<Vec<u8>, Refused> {
    let key = params.lead_key;
    let key_type = key_type(key.key_type);
    let rules = move |txn: &mut dyn ReadTxn, schema: &Schema, _| {
        let found = leads::get_lead(txn, schema, key_type, &key.key_value)?;
        let response = ResultGetLead {
            count: int(found.count),
            lead_record_list: Some(found.leads.into_iter().map(record).collect()),
        };
        Ok(write_response(&response.into(), version))
    };
    Ok(match key_type {
        // An owner, an account or an opportunity has many leads, the others hardly ever more than one.
        LeadKeyType::Idnum
        | LeadKeyType::Email
        | LeadKeyType::Cookie
        | LeadKeyType::SfdcContactId
        | LeadKeyType::SfdcLeadId => app.read_few(rules).await?,
        _ => app.read(rules).await?,
    })
}

pub(super) async fn get_multiple_leads(
    app: &Arc<App>,
    params: ParamsGetMultipleLeads,
    version: Version,
) -> Result<Vec<u8>, Refused> {
    let answer = app
        .read(move |txn, schema, now| {
            let zone = &schema.instance.time_zone;
            let selector = match &params.lead_selector {
                Some(given) => Some(selector(given, zone)),
                // GML-10: the only selection of the oldest clients.
                None => params
                    .last_updated_at
                    .as_ref()
                    .map(|since| Selector::Updated(since.to_timestamp(zone), None)),
            };
            let selection = LeadSelection {
                selector,
                position: params.stream_position.clone(),
                batch_size: params.batch_size.map(i64::from),
                include: params.include_attributes.clone(),
            };
            let page = leads::get_multiple_leads(txn, schema, now, &selection)?;
            let response = ResultGetMultipleLeads {
                return_count: int(page.leads.len()),
                remaining_count: int(page.remaining),
                new_stream_position: page.position,
                lead_record_list: Some(page.leads.into_iter().map(record).collect()),
            };
            Ok(write_response(&response.into(), version))
        })
        .await?;
    Ok(answer)
}

pub(super) async fn sync_lead(
    app: &Arc<App>,
    caller: &Caller,
    params: ParamsSyncLead,
) -> Result<Response, Refused> {
    let input = SyncLead {
        record: input(params.lead_record),
        workspace: caller
            .context
            .as_ref()
            .and_then(|context| context.target_workspace.clone()),
        cookie: params.marketo_cookie,
        return_lead: params.return_lead,
    };
    // As for several: what the record alone decides is done here.
    let mut prepared = app
        .schema
        .latest()
        .map(|schema| PreparedLeads::read(&schema, std::slice::from_ref(&input.record)));
    let (outcome, lead) = app
        .write(move |txn, schema, now| leads::sync_lead(txn, schema, now, &input, prepared.take()))
        .await?;
    Ok(ResultSyncLead {
        lead_id: int(outcome.lead),
        sync_status: status(outcome),
        lead_record: lead.map(record),
    }
    .into())
}

/// There is neither cookie nor header nor a lead in the answer (SML-20, SML-21).
pub(super) async fn sync_multiple_leads(
    app: &Arc<App>,
    params: ParamsSyncMultipleLeads,
) -> Result<Response, Refused> {
    let input = SyncMultipleLeads {
        records: params.lead_record_list.into_iter().map(input).collect(),
        // SML-27.
        dedup: params.dedup_enabled.unwrap_or(true),
        max_records: app.config.max_records,
    };
    // All that the records alone decide is done here, since calls write one after the other.
    let fits = input.records.len() <= input.max_records;
    let mut prepared = app
        .schema
        .latest()
        .filter(|_| fits)
        .map(|schema| PreparedLeads::read(&schema, &input.records));
    let (outcomes, _spent) = app
        .write(move |txn, schema, now| {
            leads::sync_multiple_leads(txn, schema, now, &input, prepared.take())
        })
        .await?;
    Ok(ResultSyncMultipleLeads {
        sync_status_list: outcomes.into_iter().map(status).collect(),
    }
    .into())
}

pub(super) async fn merge_leads(
    app: &Arc<App>,
    params: ParamsMergeLeads,
) -> Result<Response, Refused> {
    let losers = params.losing_lead_key_lists.into_iter();
    let input = MergeLeads {
        winner: key_list(params.winning_lead_key_list)?,
        losers: losers.map(key_list).collect::<Result<_, _>>()?,
    };
    let outcome = app
        .write(move |txn, schema, now| leads::merge_leads(txn, schema, now, &input))
        .await?;
    let ids = |losers: Vec<LeadId>| losers.into_iter().map(|id| int(id.0)).collect();
    let (status, losing_lead_id_list, error) = match outcome.losers {
        Ok(losers) => (LeadMergeStatusEnum::Merged, Some(ids(losers)), None),
        Err(error) => (
            LeadMergeStatusEnum::Failed,
            None,
            Some(record_error::text(&error)),
        ),
    };
    Ok(ResultMergeLeads {
        merge_status: MergeStatus {
            winning_lead_id: outcome.winner.map(|id| int(id.0)),
            losing_lead_id_list,
            status,
            error,
        },
    }
    .into())
}

/// Names of attributes are key types here (ML-2, ML-11, ML-17).
fn key_list(attributes: Vec<Attribute>) -> Result<KeyList, Fault> {
    let keys = attributes.into_iter().map(|attribute| {
        let key = LeadKeyRef::of_attribute(&attribute.attr_name)?;
        Ok((key_type(key), attribute.attr_value))
    });
    keys.collect()
}

pub(super) fn selector(selector: &LeadSelector, zone: &TimeZone) -> Selector {
    match selector {
        LeadSelector::LeadKey(keys) => {
            Selector::Keys(key_type(keys.key_type), keys.key_values.clone())
        }
        LeadSelector::StaticList(list) => Selector::StaticList(
            list.static_list_name.clone(),
            list.static_list_id.map(i64::from),
        ),
        LeadSelector::LastUpdateAt(window) => Selector::Updated(
            window.oldest_updated_at.to_timestamp(zone),
            window
                .latest_updated_at
                .as_ref()
                .map(|latest| latest.to_timestamp(zone)),
        ),
    }
}

pub(super) fn key_type(key: LeadKeyRef) -> LeadKeyType {
    match key {
        LeadKeyRef::Idnum => LeadKeyType::Idnum,
        LeadKeyRef::Cookie => LeadKeyType::Cookie,
        LeadKeyRef::Email => LeadKeyType::Email,
        LeadKeyRef::LeadOwnerEmail => LeadKeyType::LeadOwnerEmail,
        LeadKeyRef::SfdcAccountId => LeadKeyType::SfdcAccountId,
        LeadKeyRef::SfdcContactId => LeadKeyType::SfdcContactId,
        LeadKeyRef::SfdcLeadId => LeadKeyType::SfdcLeadId,
        LeadKeyRef::SfdcLeadOwnerId => LeadKeyType::SfdcLeadOwnerId,
        LeadKeyRef::SfdcOpptyId => LeadKeyType::SfdcOpptyId,
    }
}

fn input(record: LeadRecord) -> LeadInput {
    let system = record.foreign_sys_type.map(|system| match system {
        ForeignSysType::Custom => ForeignSystem::Custom,
        ForeignSysType::Sfdc => ForeignSystem::Sfdc,
        ForeignSysType::Netsuite => ForeignSystem::Netsuite,
    });
    let attributes = record.lead_attribute_list.unwrap_or_default();
    LeadInput {
        id: record.id.map(i64::from),
        email: record.email,
        foreign_id: record
            .foreign_sys_person_id
            .map(|value| ForeignKey { system, value }),
        attributes: attributes
            .into_iter()
            .map(|attribute| (attribute.attr_name.into_string(), attribute.attr_value))
            .collect(),
        loose: LooseKeys {
            id: record.loose_id,
            email: record.loose_email,
            foreign_id: record.loose_foreign_sys_person_id,
            foreign_system: record.loose_foreign_sys_type,
        },
    }
}

fn record(lead: LeadView) -> LeadRecord {
    let attributes = lead.attributes.into_iter().map(|attribute| Attribute {
        attr_name: attribute.name.into(),
        attr_type: Some(Name::word(attribute.data_type.as_str())),
        attr_value: attribute.value,
    });
    let attributes: Vec<Attribute> = attributes.collect();
    LeadRecord {
        id: Some(int(lead.id.0)),
        email: lead.email,
        foreign_sys_person_id: lead.foreign_id,
        foreign_sys_type: lead.foreign_system.map(|system| match system {
            ForeignSystem::Custom => ForeignSysType::Custom,
            ForeignSystem::Sfdc => ForeignSysType::Sfdc,
            ForeignSystem::Netsuite => ForeignSysType::Netsuite,
        }),
        // COM-18, RSP-6: without attributes it is nil.
        lead_attribute_list: Some(attributes).filter(|attributes| !attributes.is_empty()),
        ..LeadRecord::default()
    }
}

/// `error` is nil unless the record failed (SML-15, SL-16); the id is always digits (SML-16, RSP-5).
fn status(outcome: SyncOutcome) -> SyncStatus {
    let (status, error) = match outcome.status {
        leads::SyncStatus::Created => (LeadSyncStatus::Created, None),
        leads::SyncStatus::Updated => (LeadSyncStatus::Updated, None),
        leads::SyncStatus::Failed(error) => {
            (LeadSyncStatus::Failed, Some(record_error::text(&error)))
        }
    };
    SyncStatus {
        lead_id: int(outcome.lead),
        status,
        error,
    }
}
