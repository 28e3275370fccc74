//! From definitions to a schema.

use super::bodies::names;
use super::{
    FieldBody, FieldObject, FieldSet, Instance, InstanceBody, LeadKeyFields, Partition, Rules,
    Schema, Workspace,
};
use crate::catalogue;
use crate::ids::{PartitionId, WorkspaceId};
use crate::store::{Definition, DefinitionKind, Result, StoreError};
use crate::value::CutCounter;
use jiff::tz::TimeZone;
use serde::de::DeserializeOwned;
use std::sync::Arc;

impl Schema {
    /// Builds the schema from the store's definitions; without any it is the schema of a new instance.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when a definition cannot be read.
    pub fn load(version: u64, definitions: &[Definition]) -> Result<Self> {
        let mut schema = Self {
            version,
            ..Self::new_instance()
        };
        let mut fields: Vec<(FieldBody, jiff::Timestamp)> = Vec::new();
        for definition in definitions {
            match definition.kind {
                DefinitionKind::Settings => schema.load_settings(definition)?,
                DefinitionKind::User => schema.users.push(body(definition)?),
                DefinitionKind::Workspace => {
                    let workspace: Workspace = body(definition)?;
                    replace(&mut schema.workspaces, workspace, |workspace| workspace.id);
                }
                DefinitionKind::Partition => {
                    let partition: Partition = body(definition)?;
                    replace(&mut schema.partitions, partition, |partition| partition.id);
                }
                DefinitionKind::AssignmentRules => schema.assignment_rules = body(definition)?,
                DefinitionKind::Field => fields.push((body(definition)?, definition.updated_at)),
                DefinitionKind::CustomObject => {
                    schema.custom_objects.push(Arc::new(body(definition)?));
                }
                DefinitionKind::Channel => schema.channels.push(body(definition)?),
                DefinitionKind::Tag => schema.tags.push(body(definition)?),
                DefinitionKind::Campaign => schema.campaigns.push(body(definition)?),
            }
        }
        schema.set_custom_fields(fields);
        Ok(schema)
    }

    /// The schema of an instance for which nothing was defined: UTC, the default rules, the standard fields, and the
    /// workspace and partition `Default` (DM-WSP-1).
    pub fn new_instance() -> Self {
        let mut schema = Self {
            version: 0,
            instance: Instance {
                time_zone: TimeZone::UTC,
                time_zone_name: "UTC".to_owned(),
                crm_sync: false,
            },
            rules: Rules::default(),
            lead_keys: LeadKeyFields::default(),
            lead_fields: FieldSet::default(),
            company_key: None,
            opportunity_fields: FieldSet::default(),
            role_fields: FieldSet::default(),
            custom_objects: Vec::new(),
            users: Vec::new(),
            workspaces: vec![Workspace {
                id: WorkspaceId(1),
                name: "Default".to_owned(),
                primary_partition: PartitionId(1),
                partitions: vec![PartitionId(1)],
            }],
            partitions: vec![Partition {
                id: PartitionId(1),
                name: "Default".to_owned(),
            }],
            assignment_rules: Vec::new(),
            channels: Vec::new(),
            tags: Vec::new(),
            campaigns: Vec::new(),
            cuts: CutCounter::default(),
        };
        schema.set_custom_fields(Vec::new());
        schema
    }

    fn load_settings(&mut self, definition: &Definition) -> Result<()> {
        match definition.name.as_str() {
            names::INSTANCE => {
                let InstanceBody {
                    time_zone: time_zone_name,
                    crm_sync,
                } = body(definition)?;
                self.instance = Instance {
                    time_zone: TimeZone::get(&time_zone_name)
                        .map_err(|error| corrupt(definition, &error))?,
                    time_zone_name,
                    crm_sync,
                };
            }
            names::RULES => self.rules = body(definition)?,
            names::LEAD_KEYS => self.lead_keys = body(definition)?,
            _ => return Err(corrupt(definition, &"unknown settings")),
        }
        Ok(())
    }

    /// Takes other custom fields, beside the standard ones.
    pub(crate) fn set_custom_fields(&mut self, custom: Vec<(FieldBody, jiff::Timestamp)>) {
        let mut of_leads = catalogue::lead_fields().to_vec();
        let mut of_opportunities = catalogue::opportunity_fields().to_vec();
        let mut of_roles = catalogue::role_fields().to_vec();
        for (body, updated_at) in custom {
            match body.object {
                FieldObject::Lead | FieldObject::Company => &mut of_leads,
                FieldObject::Opportunity => &mut of_opportunities,
                FieldObject::OpportunityPersonRole => &mut of_roles,
            }
            .push(body.into_field(updated_at));
        }
        // COM-24, DM-FLD-4: the administrator's list is the only one that blocks.
        for field in &mut of_leads {
            let blocked = &self.rules.blocked_fields;
            field.is_update_blocked = blocked.iter().any(|name| *name == *field.name);
        }
        self.lead_fields = FieldSet::new(of_leads);
        self.company_key = self
            .lead_fields
            .iter()
            .find(|field| field.company_key)
            .cloned();
        self.opportunity_fields = FieldSet::new(of_opportunities);
        self.role_fields = FieldSet::new(of_roles);
    }
}

/// Puts a definition in the place of the one with its id, or at the end.
fn replace<T, I: PartialEq>(all: &mut Vec<T>, new: T, id: impl Fn(&T) -> I) {
    match all.iter_mut().find(|old| id(old) == id(&new)) {
        Some(old) => *old = new,
        None => all.push(new),
    }
}

fn body<T: DeserializeOwned>(definition: &Definition) -> Result<T> {
    serde_json::from_str(&definition.body).map_err(|error| corrupt(definition, &error))
}

fn corrupt(definition: &Definition, reason: &dyn std::fmt::Display) -> StoreError {
    StoreError::Corrupt(format!(
        "definition {} {}: {reason}",
        definition.kind.as_str(),
        definition.name
    ))
}
