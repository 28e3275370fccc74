//! `leadkeep serve --demo`: the documented provisioning file and made-up data, loaded by the rules of calls.

use crate::exit::Failure;
use crate::{apply, data};
use anyhow::{Context, anyhow};
use leadkeep_core::custom_objects::{RecordInput, RecordStatus, sync_custom_objects};
use leadkeep_core::error::CallError;
use leadkeep_core::leads::{LeadInput, SyncMultipleLeads, SyncStatus, sync_multiple_leads};
use leadkeep_core::mobjects::{
    Association, ExternalKey, MObjectInput, MObjectStatus, SyncOperation, sync_mobjects,
};
use leadkeep_core::provision::ApplyOptions;
use leadkeep_sqlite::SqliteStore;
use std::collections::HashMap;

/// The complete example of the provisioning file.
const PROVISION: &str = include_str!("../../leadkeep-core/data/provision.toml");
/// What the sample data needs beyond it.
const MORE: &str = include_str!("../data/demo.toml");
/// A thousand leads, headed by display names.
const LEADS: &str = include_str!("../data/leads.csv");
/// Two hundred opportunities, headed by field names.
const OPPORTUNITIES: &str = include_str!("../data/opportunities.csv");
/// Who plays which part in them.
const ROLES: &str = include_str!("../data/opportunity-roles.csv");
/// Records of two custom object types.
const CUSTOM_OBJECTS: &str = include_str!("../data/custom-objects.json");
/// Objects that one call takes.
const OBJECTS_A_CALL: usize = 100;

/// Loads everything and says in a line what it was.
pub(crate) fn load(store: &SqliteStore) -> Result<String, Failure> {
    apply::apply(
        store,
        "the demo's provisioning file",
        PROVISION,
        ApplyOptions::default(),
    )?;
    apply::apply(
        store,
        "the demo's second provisioning file",
        MORE,
        ApplyOptions::default(),
    )?;
    let (taken, failed, ids) = leads(store)?;
    let opportunities = mobjects(store, opportunities()?)?;
    let roles = mobjects(store, roles(&ids)?)?;
    let records = custom_objects(store, &ids)?;
    Ok(format!(
        "demo      {taken} rows of leads loaded, {failed} refused on purpose; {opportunities} opportunities, {roles} \
         roles, {records} custom objects\n          user demo_user, key demo_key_0123456789abcdef"
    ))
}

/// Lead ids by address.
type Ids = HashMap<String, i64>;

/// Rows that were taken, rows that were refused, and the leads.
fn leads(store: &SqliteStore) -> Result<(usize, usize, Ids), Failure> {
    let (header, rows) = table(LEADS)?;
    let email = header
        .iter()
        .position(|name| name == "Email Address")
        .context("the sample has no addresses")?;
    let fields = data::read(store, move |_, schema| {
        let by_name: HashMap<_, _> = schema
            .lead_fields
            .iter()
            .map(|field| (field.display_name.clone(), field.name.to_string()))
            .collect();
        Ok(header
            .iter()
            .map(|name| by_name.get(name).cloned())
            .collect::<Vec<_>>())
    })?;
    let record = |row: &Vec<String>| {
        let cells = fields.iter().zip(row).filter(|(_, cell)| !cell.is_empty());
        let attributes = cells
            .filter_map(|(field, cell)| Some((field.clone()?, cell.clone())))
            .collect();
        LeadInput {
            attributes,
            ..LeadInput::default()
        }
    };
    let call = SyncMultipleLeads {
        records: rows.iter().map(record).collect(),
        dedup: true,
        max_records: rows.len(),
    };
    let outcomes: Result<_, CallError> = data::write(store, move |txn, schema, now| {
        sync_multiple_leads(txn, schema, now, &call, None)
    })?;
    let (outcomes, _spent) = outcomes?;
    let failed = outcomes
        .iter()
        .filter(|outcome| matches!(outcome.status, SyncStatus::Failed(_)))
        .count();
    let ids = rows
        .iter()
        .zip(&outcomes)
        .map(|(row, outcome)| (row[email].trim().to_owned(), outcome.lead))
        .collect();
    Ok((outcomes.len() - failed, failed, ids))
}

/// Header and rows of a sample.
fn table(text: &str) -> Result<(Vec<String>, Vec<Vec<String>>), Failure> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let cells = |row: &csv::StringRecord| row.iter().map(str::to_owned).collect::<Vec<_>>();
    let header = cells(reader.headers().context("the sample has no header")?);
    let rows: Result<Vec<_>, _> = reader
        .records()
        .map(|row| row.map(|row| cells(&row)))
        .collect();
    Ok((header, rows.context("the sample has a broken row")?))
}

/// Names and values of a row, without its empty cells.
fn named(header: &[String], row: &[String]) -> Vec<(String, String)> {
    header
        .iter()
        .cloned()
        .zip(row.iter().cloned())
        .filter(|(_, cell)| !cell.is_empty())
        .collect()
}

fn opportunities() -> Result<Vec<MObjectInput>, Failure> {
    let (header, rows) = table(OPPORTUNITIES)?;
    let object = |row: &Vec<String>| MObjectInput {
        object: "Opportunity".to_owned(),
        attributes: named(&header, row),
        ..MObjectInput::default()
    };
    Ok(rows.iter().map(object).collect())
}

fn roles(ids: &Ids) -> Result<Vec<MObjectInput>, Failure> {
    let (header, rows) = table(ROLES)?;
    rows.iter()
        .map(|row| {
            let (mut attributes, mut associations) = (Vec::new(), Vec::new());
            for (name, value) in named(&header, row) {
                match name.as_str() {
                    "opportunityId" => associations.push(Association {
                        object: "Opportunity".to_owned(),
                        id: None,
                        external_key: Some(ExternalKey { name, value }),
                    }),
                    "leadEmail" => associations.push(Association {
                        object: "Lead".to_owned(),
                        id: Some(lead(ids, &value)?),
                        external_key: None,
                    }),
                    _ => attributes.push((name, value)),
                }
            }
            Ok(MObjectInput {
                object: "OpportunityPersonRole".to_owned(),
                attributes,
                associations,
                ..MObjectInput::default()
            })
        })
        .collect()
}

fn lead(ids: &Ids, email: &str) -> Result<i64, Failure> {
    Ok(ids
        .get(email)
        .copied()
        .with_context(|| format!("the sample has no lead {email}"))?)
}

fn mobjects(store: &SqliteStore, objects: Vec<MObjectInput>) -> Result<usize, Failure> {
    for call in objects.chunks(OBJECTS_A_CALL) {
        let call = call.to_vec();
        let outcomes: Result<_, CallError> = data::write(store, move |txn, schema, now| {
            sync_mobjects(txn, schema, now, SyncOperation::Insert, &call)
        })?;
        if let Some(outcome) = outcomes?
            .into_iter()
            .find(|outcome| outcome.status != MObjectStatus::Created)
        {
            return Err(anyhow!("the sample was not loaded: {outcome:?}").into());
        }
    }
    Ok(objects.len())
}

/// The file of custom objects.
#[derive(serde::Deserialize)]
struct Sample {
    types: Vec<SampleType>,
}

#[derive(serde::Deserialize)]
struct SampleType {
    name: String,
    records: Vec<SampleRecord>,
}

#[derive(serde::Deserialize)]
struct SampleRecord {
    #[serde(rename = "leadEmail")]
    lead_email: Option<String>,
    keys: HashMap<String, String>,
    attributes: HashMap<String, String>,
}

fn custom_objects(store: &SqliteStore, ids: &Ids) -> Result<usize, Failure> {
    let sample: Sample =
        serde_json::from_str(CUSTOM_OBJECTS).context("the sample of custom objects is broken")?;
    let mut loaded = 0;
    for SampleType { name, records } in sample.types {
        let mut inputs = Vec::with_capacity(records.len());
        for record in records {
            let mut keys: Vec<_> = record.keys.into_iter().collect();
            if let Some(email) = record.lead_email {
                keys.push(("MKTOID".to_owned(), lead(ids, &email)?.to_string()));
            }
            inputs.push(RecordInput {
                keys,
                attributes: record.attributes.into_iter().collect(),
            });
        }
        loaded += inputs.len();
        let synced: Result<_, CallError> = data::write(store, move |txn, schema, now| {
            sync_custom_objects(txn, schema, now, &name, SyncOperation::Insert, &inputs)
        })?;
        if let Some(status) = synced?
            .outcomes
            .into_iter()
            .find(|status| *status != RecordStatus::Created)
        {
            return Err(anyhow!("the sample was not loaded: {status:?}").into());
        }
    }
    Ok(loaded)
}
