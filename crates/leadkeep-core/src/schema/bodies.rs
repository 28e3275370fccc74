//! How definitions are stored: their names and the JSON of their bodies.

use super::{Exposure, Field, FieldObject, SourceObject, WriteRule};
use crate::ids::CampaignId;
use crate::store::{Definition, DefinitionKind, StoreError};
use crate::value::DataType;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// `[instance]`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct InstanceBody {
    pub(crate) time_zone: String,
    pub(crate) crm_sync: bool,
}

/// A custom field.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct FieldBody {
    pub(crate) object: FieldObject,
    pub(crate) name: String,
    pub(crate) display_name: String,
    pub(crate) description: String,
    #[serde(rename = "type")]
    pub(crate) data_type: DataType,
    pub(crate) size: Option<u32>,
    pub(crate) external_key: bool,
    pub(crate) company_key: bool,
}

impl FieldBody {
    /// The field as calls see it: described, and written as sent (DMO-7, DM-READ-4).
    pub(crate) fn into_field(self, updated_at: Timestamp) -> Field {
        Field {
            rest_name: Some(self.name.clone()),
            name: self.name.into(),
            display_name: self.display_name,
            description: self.description,
            data_type: self.data_type,
            size: self.size,
            source: match self.object {
                FieldObject::Lead => SourceObject::Lead,
                FieldObject::Company => SourceObject::Company,
                FieldObject::Opportunity => SourceObject::Opportunity,
                FieldObject::OpportunityPersonRole => SourceObject::OpportunityPersonRole,
            },
            exposure: Exposure::Described,
            write_rule: WriteRule::Normal,
            is_readonly: false,
            is_update_blocked: false,
            custom: true,
            aliases: Vec::new(),
            external_key: self.external_key,
            company_key: self.company_key,
            updated_at,
        }
    }

    /// What was defined of a custom field.
    pub(crate) fn of(field: &Field) -> Self {
        Self {
            object: match field.source {
                SourceObject::Lead | SourceObject::LeadInterest => FieldObject::Lead,
                SourceObject::Company => FieldObject::Company,
                SourceObject::Opportunity => FieldObject::Opportunity,
                SourceObject::OpportunityPersonRole => FieldObject::OpportunityPersonRole,
            },
            name: field.name.to_string(),
            display_name: field.display_name.clone(),
            description: field.description.clone(),
            data_type: field.data_type,
            size: field.size,
            external_key: field.external_key,
            company_key: field.company_key,
        }
    }
}

/// The names of definitions: what identifies one in its kind (PRV-6).
pub(crate) mod names {
    use super::{CampaignId, FieldObject};
    use crate::value::fold_text;

    pub(crate) const INSTANCE: &str = "instance";
    pub(crate) const RULES: &str = "rules";
    pub(crate) const LEAD_KEYS: &str = "lead_keys";
    pub(crate) const ASSIGNMENT_RULES: &str = "all";

    /// A name as DM-GEN-4 compares it: without regard to case and to trailing blanks.
    pub(crate) fn folded(name: &str) -> String {
        fold_text(name.trim_end())
    }

    /// Leads and companies share their field names (DM-NAM-6).
    pub(crate) fn field(object: FieldObject, name: &str) -> String {
        let object = match object {
            FieldObject::Lead | FieldObject::Company => "lead",
            FieldObject::Opportunity => "opportunity",
            FieldObject::OpportunityPersonRole => "role",
        };
        format!("{object}.{}", folded(name))
    }

    pub(crate) fn campaign(id: CampaignId) -> String {
        id.to_string()
    }
}

/// A definition with its body.
pub(crate) fn definition(
    kind: DefinitionKind,
    name: String,
    body: &impl Serialize,
    now: Timestamp,
) -> Result<Definition, StoreError> {
    let body = serde_json::to_string(body)
        .map_err(|error| StoreError::Failed(format!("{} {name}: {error}", kind.as_str())))?;
    Ok(Definition {
        kind,
        name,
        body,
        updated_at: now,
    })
}
