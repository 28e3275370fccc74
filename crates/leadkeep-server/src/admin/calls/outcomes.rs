//! What became of each record of a call, out of its answer.

use mktows::{Limits, Operation, Response, read_response};

/// Rows that are shown at the most.
const MOST: usize = 1_000;

/// What became of a record.
pub(crate) struct RecordOutcome {
    /// Its place in the call, from 1.
    pub(crate) place: usize,
    /// The number or the keys by which the answer names it.
    pub(crate) name: String,
    /// The word of the API.
    pub(crate) status: &'static str,
    /// Why it failed.
    pub(crate) error: String,
}

/// The outcomes that an answer tells; none for answers without.
pub(crate) fn of(answer: &str, operation: Operation) -> Vec<RecordOutcome> {
    let Ok(response) = read_response(answer.as_bytes(), None, operation, &Limits::default()) else {
        return Vec::new();
    };
    let objects = |statuses: Vec<mktows::MObjStatus>| {
        numbered(statuses.into_iter().map(|own| {
            let id = own.id.map_or_else(String::new, |id| id.to_string());
            (id, own.status.as_str(), own.error)
        }))
    };
    let records = |statuses: Vec<mktows::SyncCustomObjStatus>| {
        numbered(statuses.into_iter().map(|own| {
            let keys = own.custom_obj_key_list.unwrap_or_default();
            let keys = keys.into_iter().map(|key| {
                let value = key.attr_value;
                format!("{} = {value}", key.attr_name)
            });
            let keys = keys.collect::<Vec<_>>().join(", ");
            (keys, own.status.as_str(), own.error)
        }))
    };
    match response {
        Response::SyncMultipleLeads(result) => numbered(
            result
                .sync_status_list
                .into_iter()
                .map(|own| (own.lead_id.to_string(), own.status.as_str(), own.error)),
        ),
        Response::SyncMObjects(result) => objects(result.m_obj_status_list),
        Response::DeleteMObjects(result) => objects(result.m_obj_status_list),
        Response::SyncCustomObjects(result) => records(result.sync_custom_obj_status_list),
        Response::DeleteCustomObjects(result) => records(result.delete_custom_obj_status_list),
        _ => Vec::new(),
    }
}

fn numbered(
    all: impl Iterator<Item = (String, &'static str, Option<String>)>,
) -> Vec<RecordOutcome> {
    all.take(MOST)
        .zip(1..)
        .map(|((name, status, error), place)| RecordOutcome {
            place,
            name,
            status,
            error: error.unwrap_or_default(),
        })
        .collect()
}
