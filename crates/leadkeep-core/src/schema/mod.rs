//! What administrators define: settings, fields, custom object types, channels, tags, campaigns, workspaces, users.
//!
//! A [`Schema`] is one immutable picture of all definitions. Calls read it from a [`SchemaCache`], which loads a new
//! one as soon as the store's schema version has moved.

mod bodies;
mod cache;
mod definitions;
mod field;
mod load;
mod lookup;
mod settings;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
#[cfg(test)]
mod tests;

pub(crate) use bodies::{FieldBody, InstanceBody, definition, names};
pub use cache::SchemaCache;
pub use definitions::{
    ApiUser, AssignmentRule, Campaign, CampaignKind, Channel, ChannelKind, CustomObject, Link,
    ObjectField, Partition, ProgressionStatus, TagType, UserKey, Workspace,
};
pub use field::{Exposure, Field, FieldObject, FieldSet, SourceObject, WriteRule};
pub(crate) use field::{FieldPlace, FieldPlaces, PlaceMemo};
pub use lookup::{name_key, same_name};
pub use settings::{
    EndOfStream, Instance, LeadKeyField, LeadKeyFields, Rules, ShownGroup, UnknownAttribute,
    UnknownInclude,
};

use std::sync::Arc;

/// All definitions at one version.
#[derive(Debug, Clone)]
pub struct Schema {
    /// The store's schema version that this is.
    pub version: u64,
    /// `[instance]`.
    pub instance: Instance,
    /// `[rules]`: the switches.
    pub rules: Rules,
    /// `[lead_keys]`.
    pub lead_keys: LeadKeyFields,
    /// The fields of leads and their companies, standard and custom.
    pub lead_fields: FieldSet,
    /// The lead or company field by which leads share a company (DM-CO-3).
    pub company_key: Option<Arc<Field>>,
    /// The fields of opportunities.
    pub opportunity_fields: FieldSet,
    /// The fields of roles.
    pub role_fields: FieldSet,
    /// Custom object types.
    pub custom_objects: Vec<Arc<CustomObject>>,
    /// API users.
    pub users: Vec<ApiUser>,
    /// Workspaces; `Default` is always there.
    pub workspaces: Vec<Workspace>,
    /// Partitions; `Default` is always there.
    pub partitions: Vec<Partition>,
    /// Assignment rules, in the order in which they are tried.
    pub assignment_rules: Vec<AssignmentRule>,
    /// Channels.
    pub channels: Vec<Channel>,
    /// Tag types, in order of definition.
    pub tags: Vec<TagType>,
    /// Campaigns.
    pub campaigns: Vec<Campaign>,
    /// Counts the values that were cut (VAL-8).
    pub cuts: crate::value::CutCounter,
}
