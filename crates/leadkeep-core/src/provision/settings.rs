//! `[instance]`, `[rules]`, `[lead_keys]`.

use super::error::{At, shown};
use super::links::index_of;
use super::plan::{Kind, Plan};
use super::reader::Table;
use crate::schema::{Instance, InstanceBody, LeadKeyField, LeadKeyFields, Rules, names};
use crate::store::{DefinitionKind, StoreError};
use jiff::tz::TimeZone;
use serde_json::{Value, json};

/// The three tables; what is not named is `None` or not in the list.
#[derive(Debug, Clone, Default)]
pub(super) struct Settings {
    time_zone: Option<At<String>>,
    crm_sync: Option<At<bool>>,
    /// Each switch with its value in JSON, as [`Rules`] has it.
    rules: Vec<(&'static str, Value)>,
    blocked_fields: Option<At<Vec<At<String>>>>,
    lead_keys: Vec<(LeadKeyWord, At<String>)>,
}

/// A key of `[lead_keys]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LeadKeyWord {
    OwnerEmail,
    AccountId,
    LeadOwnerId,
    OpportunityId,
}

impl LeadKeyWord {
    pub(super) const ALL: [Self; 4] = [
        Self::OwnerEmail,
        Self::AccountId,
        Self::LeadOwnerId,
        Self::OpportunityId,
    ];

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::OwnerEmail => "LEADOWNEREMAIL",
            Self::AccountId => "SFDCACCOUNTID",
            Self::LeadOwnerId => "SFDCLEADOWNERID",
            Self::OpportunityId => "SFDCOPPTYID",
        }
    }

    pub(super) fn slot(self, keys: &mut LeadKeyFields) -> &mut Option<LeadKeyField> {
        match self {
            Self::OwnerEmail => &mut keys.lead_owner_email,
            Self::AccountId => &mut keys.sfdc_account_id,
            Self::LeadOwnerId => &mut keys.sfdc_lead_owner_id,
            Self::OpportunityId => &mut keys.sfdc_oppty_id,
        }
    }
}

pub(super) fn read(root: &Table<'_>) -> Settings {
    let mut settings = Settings::default();
    if let Some(table) = root.table("instance") {
        settings.time_zone = table
            .line("time_zone")
            .and_then(|name| time_zone(&table, name));
        settings.crm_sync = table.boolean("crm_sync");
        table.finish();
    }
    if let Some(table) = root.table("rules") {
        settings.rules = read_rules(&table);
        settings.blocked_fields = table.names("blocked_fields");
        table.finish();
    }
    if let Some(table) = root.table("lead_keys") {
        for word in LeadKeyWord::ALL {
            if let Some(field) = table.line(word.as_str()) {
                settings.lead_keys.push((word, field));
            }
        }
        table.finish();
    }
    settings
}

/// An IANA name, in its own spelling.
fn time_zone(table: &Table<'_>, name: At<String>) -> Option<At<String>> {
    let zone = TimeZone::get(&name.value).ok();
    match zone.as_ref().and_then(TimeZone::iana_name) {
        Some(known) => Some(At {
            value: known.to_owned(),
            place: name.place,
        }),
        None => {
            table.wrong(
                &name.place,
                "the IANA name of a time zone, like Europe/Berlin",
                shown(&name.value),
            );
            None
        }
    }
}

fn read_rules(table: &Table<'_>) -> Vec<(&'static str, Value)> {
    let mut rules = Vec::new();
    for key in [
        "adopt_foreign_ids",
        "strict_keys",
        "always_email",
        "website_from_email",
        "check_email",
        "null_clears_text",
        "cut_long_strings",
        "relink_custom_objects",
        "require_opportunity_name",
    ] {
        rules.extend(table.boolean(key).map(|at| (key, Value::from(at.value))));
    }
    for (key, words) in [
        ("duplicate_email", ["added", "updated"]),
        ("unknown_attribute", ["fault", "fail"]),
        ("unknown_include", ["ignore", "fault"]),
        ("end_of_stream", ["empty", "fault"]),
    ] {
        let word = table.word(key, &words.map(|word| (word, word)));
        rules.extend(word.map(|at| (key, Value::from(at.value))));
    }
    if let Some(groups) = table.names("shown_groups") {
        for group in &groups.value {
            if !["social", "datacom"].contains(&group.value.as_str()) {
                table.wrong(&group.place, "one of social, datacom", shown(&group.value));
            }
        }
        let mut groups: Vec<String> = groups.value.into_iter().map(|at| at.value).collect();
        groups.dedup();
        rules.push(("shown_groups", Value::from(groups)));
    }
    let days = table.integer("window_days", 0..=i64::from(u32::MAX));
    rules.extend(days.map(|at| ("window_days", Value::from(at.value))));
    rules
}

pub(super) fn apply(plan: &mut Plan<'_>, settings: &Settings) -> Result<(), StoreError> {
    apply_instance(plan, settings)?;
    apply_rules(plan, settings)?;
    apply_lead_keys(plan, settings)
}

fn apply_instance(plan: &mut Plan<'_>, settings: &Settings) -> Result<(), StoreError> {
    let old = &plan.schema.instance;
    let body = InstanceBody {
        time_zone: match &settings.time_zone {
            Some(name) => name.value.clone(),
            None => old.time_zone_name.clone(),
        },
        crm_sync: settings
            .crm_sync
            .as_ref()
            .map_or(old.crm_sync, |at| at.value),
    };
    let before = InstanceBody {
        time_zone: old.time_zone_name.clone(),
        crm_sync: old.crm_sync,
    };
    if body == before {
        return Ok(());
    }
    plan.report
        .compare("instance", &json!(before), &json!(body));
    plan.schema.instance = Instance {
        // The name was looked up when the file was read.
        time_zone: TimeZone::get(&body.time_zone).unwrap_or(TimeZone::UTC),
        time_zone_name: body.time_zone.clone(),
        crm_sync: body.crm_sync,
    };
    plan.define(DefinitionKind::Settings, names::INSTANCE.to_owned(), &body)
}

fn apply_rules(plan: &mut Plan<'_>, settings: &Settings) -> Result<(), StoreError> {
    let before = json!(plan.schema.rules);
    let mut after = before.clone();
    for (key, value) in &settings.rules {
        after[*key] = value.clone();
    }
    if let Some(blocked) = &settings.blocked_fields {
        after["blocked_fields"] = Value::from(blocked_fields(plan, &blocked.value));
    }
    if after == before {
        return Ok(());
    }
    // Only values that the reader let through are in here; a word that it refused is an error already.
    let Ok(rules) = serde_json::from_value::<Rules>(after.clone()) else {
        return Ok(());
    };
    plan.report.compare("rules", &before, &after);
    plan.define(DefinitionKind::Settings, names::RULES.to_owned(), &rules)?;
    plan.schema.rules = rules;
    Ok(())
}

/// The stored names of the fields that are to be blocked (COM-24).
fn blocked_fields(plan: &mut Plan<'_>, wanted: &[At<String>]) -> Vec<String> {
    let mut blocked: Vec<String> = Vec::with_capacity(wanted.len());
    for name in wanted {
        match plan.schema.lead_fields.find(&name.value) {
            Some(field) if blocked.iter().any(|other| *other == *field.name) => {}
            Some(field) => blocked.push(field.name.to_string()),
            None => plan.unknown_lead_field(&name.place, &name.value),
        }
    }
    blocked
}

/// COM-9, COM-10, DM-KEY-4: the field that a lead key looks up; it is indexed.
fn apply_lead_keys(plan: &mut Plan<'_>, settings: &Settings) -> Result<(), StoreError> {
    let mut keys = plan.schema.lead_keys.clone();
    for (word, wanted) in &settings.lead_keys {
        let Some(found) = lead_key_field(plan, *word, wanted) else {
            continue;
        };
        let slot = word.slot(&mut keys);
        if slot.as_ref() == Some(&found) {
            continue;
        }
        plan.report.changed(
            &format!("lead_keys {}", word.as_str()),
            &slot.as_ref().map_or("none".to_owned(), key_text),
            &key_text(&found),
        );
        *slot = Some(found);
    }
    if keys == plan.schema.lead_keys {
        return Ok(());
    }
    plan.define(DefinitionKind::Settings, names::LEAD_KEYS.to_owned(), &keys)?;
    plan.schema.lead_keys = keys;
    Ok(())
}

fn key_text(field: &LeadKeyField) -> String {
    match field {
        LeadKeyField::Lead(name) => format!("\"Lead.{name}\""),
        LeadKeyField::Opportunity(name) => format!("\"Opportunity.{name}\""),
    }
}

/// `Lead.<field>`, and for SFDCOPPTYID also `Opportunity.<field>`; hidden fields by their REST names.
fn lead_key_field(
    plan: &mut Plan<'_>,
    word: LeadKeyWord,
    wanted: &At<String>,
) -> Option<LeadKeyField> {
    let opportunities = word == LeadKeyWord::OpportunityId;
    let (object, name) = wanted.value.split_once('.').unwrap_or(("", ""));
    let (fields, kind) = match object {
        "Lead" => (&plan.schema.lead_fields, Kind::LeadField),
        "Opportunity" if opportunities => (&plan.schema.opportunity_fields, Kind::OpportunityField),
        _ => {
            let expected = if opportunities {
                "\"Lead.<field>\" or \"Opportunity.<field>\""
            } else {
                "\"Lead.<field>\""
            };
            plan.errors
                .push(&wanted.place, expected, shown(&wanted.value));
            return None;
        }
    };
    let Some(field) = fields.find(name).or_else(|| fields.stored(name)).cloned() else {
        match kind {
            Kind::LeadField => plan.unknown_lead_field(&wanted.place, name),
            _ => plan.unknown_opportunity_field(&wanted.place, name),
        }
        return None;
    };
    let Some(index) = index_of(&field) else {
        plan.errors.push(
            &wanted.place,
            "a field that is an attribute",
            format!("{}, an element of the record", shown(name)),
        );
        return None;
    };
    plan.writes.indexes.push(index);
    Some(match kind {
        Kind::LeadField => LeadKeyField::Lead(field.name.to_string()),
        _ => LeadKeyField::Opportunity(field.name.to_string()),
    })
}
