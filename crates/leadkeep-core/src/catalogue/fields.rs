//! `data/lead.csv`, `data/opportunity.csv`, `data/opportunity_person_role.csv`: the standard fields (DM-FLD-1).

use crate::schema::{Exposure, Field, SourceObject, WriteRule};
use crate::value::DataType;
use jiff::Timestamp;
use serde::Deserialize;
use std::sync::LazyLock;

#[derive(Deserialize)]
struct Row {
    soap_name: String,
    rest_name: String,
    display_name: String,
    data_type: DataType,
    size: Option<u32>,
    source_object: SourceObject,
    is_readonly: bool,
    is_update_blocked: bool,
    exposure: String,
    write_rule: String,
    #[serde(default)]
    aliases: String,
}

/// When the standard fields were defined, as the metadata show it (DMO-13): the time that the original showed for its
/// own records.
pub fn defined_at() -> Timestamp {
    Timestamp::constant(1_262_304_000, 0)
}

fn read(text: &'static str) -> Result<Vec<Field>, csv::Error> {
    Ok(super::rows::<Row>(text)?.into_iter().map(field).collect())
}

fn field(row: Row) -> Field {
    let hidden = row.soap_name.is_empty();
    Field {
        name: if hidden {
            row.rest_name.as_str()
        } else {
            row.soap_name.as_str()
        }
        .into(),
        display_name: row.display_name,
        description: String::new(),
        data_type: row.data_type,
        size: row.size,
        source: row.source_object,
        // DM-FLD-2. `element`: shown by the record itself under another name, and no attribute.
        exposure: match row.exposure.as_str() {
            "record" => Exposure::Record,
            "described" => Exposure::Described,
            "optional" => Exposure::Optional,
            "on-request" => Exposure::OnRequest,
            _ => Exposure::Internal,
        },
        // DM-FLD-3
        write_rule: match row.write_rule.as_str() {
            "normal" | "record element or attribute" => WriteRule::Normal,
            "create-default" => WriteRule::CreateDefault,
            "system" => WriteRule::System,
            "record element" => WriteRule::RecordElement,
            "reference" => WriteRule::Reference,
            "required" => WriteRule::Required,
            _ => WriteRule::Internal,
        },
        is_readonly: row.is_readonly,
        is_update_blocked: row.is_update_blocked,
        custom: false,
        aliases: row
            .aliases
            .split(';')
            .map(str::trim)
            .filter(|alias| !alias.is_empty())
            .map(str::to_owned)
            .collect(),
        rest_name: Some(row.rest_name).filter(|name| !name.is_empty()),
        external_key: false,
        company_key: false,
        updated_at: defined_at(),
    }
}

/// The standard fields of leads and their companies, hidden ones too.
pub fn lead_fields() -> &'static [Field] {
    // The tables are part of the program, and a test reads them.
    static FIELDS: LazyLock<Vec<Field>> =
        LazyLock::new(|| read(include_str!("../../data/lead.csv")).unwrap_or_default());
    &FIELDS
}

/// The standard fields of opportunities.
pub fn opportunity_fields() -> &'static [Field] {
    static FIELDS: LazyLock<Vec<Field>> =
        LazyLock::new(|| read(include_str!("../../data/opportunity.csv")).unwrap_or_default());
    &FIELDS
}

/// The standard fields of opportunity person roles.
pub fn role_fields() -> &'static [Field] {
    static FIELDS: LazyLock<Vec<Field>> = LazyLock::new(|| {
        read(include_str!("../../data/opportunity_person_role.csv")).unwrap_or_default()
    });
    &FIELDS
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(fields: &[Field], exposure: Exposure) -> usize {
        let shown = fields.iter().filter(|field| field.exposure == exposure);
        shown.count()
    }

    #[test]
    fn dm_fld_2_exposures_of_lead_fields() {
        // DM-FLD-1, DM-FLD-2, DMO-14
        let fields = read(include_str!("../../data/lead.csv")).unwrap();
        assert_eq!(fields.len(), 131);
        for (exposure, expected) in [
            (Exposure::Record, 3),
            (Exposure::Described, 42),
            (Exposure::Optional, 29),
            (Exposure::OnRequest, 19),
            (Exposure::Internal, 38),
        ] {
            assert_eq!(count(&fields, exposure), expected, "{exposure:?}");
        }
    }

    #[test]
    fn dm_fld_3_write_rules() {
        let named = |fields: &'static [Field], name: &str| {
            fields
                .iter()
                .find(|field| field.name.as_ref() == name)
                .unwrap()
        };
        for (field, write_rule, source) in [
            (
                named(lead_fields(), "Email"),
                WriteRule::Normal,
                SourceObject::Lead,
            ),
            (
                named(lead_fields(), "Id"),
                WriteRule::RecordElement,
                SourceObject::Lead,
            ),
            (
                named(lead_fields(), "Company"),
                WriteRule::Normal,
                SourceObject::Company,
            ),
            (
                named(lead_fields(), "LeadScore"),
                WriteRule::Normal,
                SourceObject::LeadInterest,
            ),
            (
                named(lead_fields(), "OriginalSourceType"),
                WriteRule::CreateDefault,
                SourceObject::Lead,
            ),
            (
                named(lead_fields(), "Contact Company"),
                WriteRule::System,
                SourceObject::Lead,
            ),
            (
                named(lead_fields(), "sfdcAccountId"),
                WriteRule::System,
                SourceObject::Company,
            ),
            (
                named(opportunity_fields(), "CompanyId"),
                WriteRule::Reference,
                SourceObject::Opportunity,
            ),
            (
                named(opportunity_fields(), "createdAt"),
                WriteRule::System,
                SourceObject::Opportunity,
            ),
            (
                named(role_fields(), "PersonId"),
                WriteRule::Required,
                SourceObject::OpportunityPersonRole,
            ),
        ] {
            assert_eq!(
                (field.write_rule, field.source),
                (write_rule, source),
                "{}",
                field.name
            );
        }
        assert_eq!(
            named(lead_fields(), "Address").aliases,
            ["Street"],
            "DM-NAM-2"
        );
        assert_eq!(count(opportunity_fields(), Exposure::Described), 21);
        assert_eq!(count(role_fields(), Exposure::Described), 6);
    }

    #[test]
    fn dm_co_1_company_fields_ride_on_the_lead() {
        let company = read(include_str!("../../data/company.csv")).unwrap();
        for field in company
            .iter()
            .filter(|field| field.exposure != Exposure::Internal)
        {
            let on_lead = lead_fields()
                .iter()
                .find(|other| other.name == field.name)
                .unwrap();
            assert_eq!(on_lead, field);
        }
    }
}
