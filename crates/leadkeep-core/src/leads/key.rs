//! Lead keys (COM-1 to COM-13).

use crate::error::CallError;
use crate::ids::LeadId;
use crate::schema::{LeadKeyField, Schema, SourceObject};
use crate::store::{ForeignId, ForeignSystem, LeadKey};

/// What a lead key names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LeadKeyType {
    /// The lead id.
    Idnum,
    /// The Munchkin cookie.
    Cookie,
    /// The address.
    Email,
    /// The address of the owner.
    LeadOwnerEmail,
    /// The CRM account.
    SfdcAccountId,
    /// The CRM contact.
    SfdcContactId,
    /// The CRM lead.
    SfdcLeadId,
    /// The CRM owner.
    SfdcLeadOwnerId,
    /// The CRM opportunity.
    SfdcOpptyId,
}

impl LeadKeyType {
    /// The word of the protocol.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Idnum => "IDNUM",
            Self::Cookie => "COOKIE",
            Self::Email => "EMAIL",
            Self::LeadOwnerEmail => "LEADOWNEREMAIL",
            Self::SfdcAccountId => "SFDCACCOUNTID",
            Self::SfdcContactId => "SFDCCONTACTID",
            Self::SfdcLeadId => "SFDCLEADID",
            Self::SfdcLeadOwnerId => "SFDCLEADOWNERID",
            Self::SfdcOpptyId => "SFDCOPPTYID",
        }
    }
}

/// The look-ups of a key, of which the leads together are meant; none if no field is assigned to the type (COM-9).
///
/// # Errors
/// When the value cannot be one of the type (COM-5, COM-6).
pub(super) fn look_ups(
    schema: &Schema,
    key_type: LeadKeyType,
    value: &str,
) -> Result<Vec<LeadKey>, CallError> {
    let value = value.trim();
    let bad = || CallError::LeadKeyBad("Lead key value is not valid".to_owned());
    if value.is_empty() {
        return Err(bad());
    }
    let keys = &schema.lead_keys;
    Ok(match key_type {
        LeadKeyType::Idnum => {
            let digits = value.len() <= 10 && value.bytes().all(|digit| digit.is_ascii_digit());
            let id = value
                .parse()
                .ok()
                .filter(|id| digits && *id > 0)
                .ok_or_else(bad)?;
            vec![LeadKey::Id(LeadId(id))]
        }
        // COM-7, COM-13: anonymous leads have no address.
        LeadKeyType::Email => vec![LeadKey::Email(value.to_lowercase())],
        LeadKeyType::Cookie => vec![LeadKey::Cookie(cookie(value))],
        LeadKeyType::LeadOwnerEmail => assigned(schema, keys.lead_owner_email.as_ref(), &[value]),
        LeadKeyType::SfdcAccountId => {
            assigned(schema, keys.sfdc_account_id.as_ref(), &crm_ids(value))
        }
        LeadKeyType::SfdcLeadOwnerId => {
            assigned(schema, keys.sfdc_lead_owner_id.as_ref(), &crm_ids(value))
        }
        LeadKeyType::SfdcOpptyId => assigned(schema, keys.sfdc_oppty_id.as_ref(), &crm_ids(value)),
        LeadKeyType::SfdcContactId | LeadKeyType::SfdcLeadId => match value.get(..15) {
            Some(prefix) if matches!(value.len(), 15 | 18) => {
                vec![LeadKey::SfdcPrefix(prefix.to_owned())]
            }
            _ => vec![LeadKey::Foreign(ForeignId {
                system: ForeignSystem::Sfdc,
                value: value.to_owned(),
            })],
        },
    })
}

/// A CRM id in the forms in which a field may hold it: 15 characters, or 18 of which the first 15 count (DM-KEY-3).
fn crm_ids(value: &str) -> Vec<&str> {
    match value.get(..15) {
        Some(short) if value.len() == 18 => vec![value, short],
        _ => vec![value],
    }
}

fn assigned(schema: &Schema, field: Option<&LeadKeyField>, values: &[&str]) -> Vec<LeadKey> {
    let Some(field) = field else {
        return Vec::new();
    };
    let key = |value: &&str| match field {
        LeadKeyField::Opportunity(name) => {
            LeadKey::OpportunityField(name.clone(), (*value).to_owned())
        }
        LeadKeyField::Lead(name) => {
            let company = schema
                .lead_fields
                .stored(name)
                .is_some_and(|field| field.source == SourceObject::Company);
            let make = if company {
                LeadKey::CompanyField
            } else {
                LeadKey::LeadField
            };
            make(name.clone(), (*value).to_owned())
        }
    };
    values.iter().map(key).collect()
}

/// The part of a cookie that counts: from `token:` on, with URL escapes undone (COM-4, COM-8).
fn cookie(value: &str) -> String {
    let decoded = value
        .replace("%26", "&")
        .replace("%3A", ":")
        .replace("%3a", ":");
    match decoded.find("token:") {
        Some(at) => decoded[at..].to_owned(),
        None => decoded,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn com_06_idnum_is_a_positive_number_of_at_most_ten_digits() {
        let schema = Schema::new_instance();
        let look = |value: &str| look_ups(&schema, LeadKeyType::Idnum, value);
        assert_eq!(look(" 0042 ").unwrap(), [LeadKey::Id(LeadId(42))]);
        for bad in ["", " ", "0", "-1", "1.0", "x", "12345678901", "+7", "٣"] {
            assert!(look(bad).is_err(), "COM-5: {bad}");
        }
    }

    #[test]
    fn com_08_cookies_compare_from_their_token_on() {
        for value in [
            "id:1-A-2&token:_mch-a-1-2",
            "id%3A1%26token%3A_mch-a-1-2",
            "token:_mch-a-1-2",
        ] {
            assert_eq!(cookie(value), "token:_mch-a-1-2", "COM-4");
        }
    }

    #[test]
    fn com_09_crm_ids_of_15_and_18_characters_are_one() {
        let schema = Schema::new_instance();
        let look = |value: &str| look_ups(&schema, LeadKeyType::SfdcLeadId, value).unwrap();
        assert_eq!(look("00Q123456789012"), look("00Q123456789012AAA"));
        assert!(
            look_ups(&schema, LeadKeyType::SfdcAccountId, "x")
                .unwrap()
                .is_empty(),
            "nothing is assigned"
        );
    }
}
