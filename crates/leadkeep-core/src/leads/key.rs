//! Lead keys (COM-1 to COM-13).

use crate::error::CallError;
use crate::ids::LeadId;
use crate::schema::{LeadKeyField, Schema, SourceObject};
use crate::store::{Cookie, ForeignId, ForeignSystem, LeadKey};
use crate::value;

/// What a lead key names; each word once, whatever the documentation lists twice (GL-7).
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
/// No lead is behind two of them.
///
/// # Errors
/// 20102 when the value cannot be one of the type (COM-3, COM-5, COM-6, GL-6).
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
    let assigned = |field: &Option<LeadKeyField>, values: Vec<String>| match field {
        Some(field) => field_keys(schema, field, values),
        None => Vec::new(),
    };
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
        LeadKeyType::Email => vec![LeadKey::Email(value.to_lowercase().into())],
        LeadKeyType::Cookie => vec![LeadKey::Cookie(cookie(value))],
        // COM-10: as it was written, and in lower case, since addresses are compared without regard to case.
        LeadKeyType::LeadOwnerEmail => {
            let values = vec![value.to_owned(), value.to_lowercase()];
            assigned(&keys.lead_owner_email, values)
        }
        LeadKeyType::SfdcAccountId => assigned(&keys.sfdc_account_id, crm_ids(value)),
        LeadKeyType::SfdcLeadOwnerId => assigned(&keys.sfdc_lead_owner_id, crm_ids(value)),
        LeadKeyType::SfdcOpptyId => assigned(&keys.sfdc_oppty_id, crm_ids(value)),
        // DM-KEY-4.
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

/// A CRM id in the forms in which a field may hold it: as given, of 15 characters, and of 18, of which the last three
/// only say which of the others are capitals (DM-KEY-3, COM-9).
fn crm_ids(value: &str) -> Vec<String> {
    const CHECK_LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";
    let mut forms = vec![value.to_owned()];
    if let Some(short) = value.get(..15)
        && matches!(value.len(), 15 | 18)
        && short.bytes().all(|letter| letter.is_ascii_alphanumeric())
    {
        let mut long = short.to_owned();
        for part in short.as_bytes().chunks(5) {
            let capitals = part.iter().rev().fold(0, |bits, letter| {
                bits * 2 + usize::from(letter.is_ascii_uppercase())
            });
            long.push(char::from(CHECK_LETTERS[capitals]));
        }
        forms.extend([short.to_owned(), long]);
    }
    forms
}

/// The look-ups of the values of a field, each once and as the field keeps it.
fn field_keys(schema: &Schema, field: &LeadKeyField, values: Vec<String>) -> Vec<LeadKey> {
    let (name, definition, make): (_, _, fn(String, String) -> LeadKey) = match field {
        LeadKeyField::Opportunity(name) => {
            let definition = schema.opportunity_fields.stored(name);
            (name, definition, LeadKey::OpportunityField)
        }
        LeadKeyField::Lead(name) => match schema.lead_fields.stored(name) {
            Some(field) if field.source == SourceObject::Company => {
                (name, Some(field), LeadKey::CompanyField)
            }
            field => (name, field, LeadKey::LeadField),
        },
    };
    let rules = schema.value_rules();
    let mut keys: Vec<LeadKey> = Vec::new();
    for value in values {
        // A value that the field cannot have is nobody's.
        let kept = definition.and_then(|field| {
            value::read(field.data_type, None, &value, &rules)
                .ok()
                .flatten()
        });
        if let Some(key) = kept.map(|kept| make(name.clone(), kept))
            && !keys.contains(&key)
        {
            keys.push(key);
        }
    }
    keys
}

/// A cookie as it is compared: its token and, if there is one, the account in front, with URL escapes undone (COM-4, COM-8).
pub(super) fn cookie(value: &str) -> Cookie {
    let decoded = value
        .trim()
        .replace("%26", "&")
        .replace("%3A", ":")
        .replace("%3a", ":");
    let Some(at) = decoded.find("token:") else {
        return Cookie {
            account: None,
            token: decoded,
        };
    };
    let account = decoded[..at]
        .split('&')
        .find_map(|part| part.strip_prefix("id:"))
        .filter(|account| !account.is_empty());
    Cookie {
        account: account.map(str::to_owned),
        token: decoded[at..].to_owned(),
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
            assert_eq!(cookie(value).token, "token:_mch-a-1-2", "COM-4");
        }
        let cookies = [
            "id:1-A-2&token:x",
            "token:x",
            "id:9-Z-9&token:x",
            "id:1-A-2&token:X",
        ]
        .map(cookie);
        let same = cookies.each_ref().map(|other| cookies[0].is(other));
        assert_eq!(same, [true, true, false, false]);
        assert_eq!(cookie("strange").token, "strange");
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
