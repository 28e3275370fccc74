//! Why objects are refused, in words.

use super::input::{Association, ExternalKey, MObjectType};
use crate::error::RecordError;
use crate::schema::Schema;

/// SMO-44, SMO-63.
pub(super) fn not_found(object: &str, key: &str) -> RecordError {
    RecordError::BadParameter(format!("{object} {key} not found"))
}

/// SMO-63.
pub(super) fn not_found_by(object: &str, key: &ExternalKey) -> RecordError {
    not_found(
        object,
        &format!("with {} = {}", key.name.trim(), key.value.trim()),
    )
}

/// SMO-63: a link that leads to nothing.
pub(super) fn dangling(object: &str, link: &Association) -> RecordError {
    match (link.id, link.key()) {
        (None, Some(key)) => not_found_by(object, key),
        (id, _) => not_found(object, &id.unwrap_or_default().to_string()),
    }
}

/// DM-EXT-7.
pub(super) fn nameless(link: &Association) -> RecordError {
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

/// SMO-77: of roles too, in the same words.
pub(super) fn managed_by_crm(schema: &Schema) -> Result<(), RecordError> {
    match schema.instance.crm_sync {
        true => Err(RecordError::BadParameter(
            "Opportunity is managed by the CRM".to_owned(),
        )),
        false => Ok(()),
    }
}
