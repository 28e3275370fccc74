//! Finding definitions by name, as callers write them (DM-GEN-4).

use super::{
    ApiUser, Campaign, Channel, CustomObject, Exposure, Field, ObjectField, Partition, Schema,
    ShownGroup, TagType, Workspace,
};
use crate::ids::{CampaignId, ObjectTypeId, PartitionId, WorkspaceId};
use crate::value::{ValueRules, fold_chars, fold_text};
use std::sync::Arc;

/// Whether two names of programs, lists, campaigns, channels, tags, workspaces or types are one: case and trailing
/// blanks do not count (DM-GEN-4).
pub fn same_name(a: &str, b: &str) -> bool {
    // Without making new texts: stores of thousands of names are searched with this.
    let (a, b) = (a.trim_end(), b.trim_end());
    if a.is_ascii() && b.is_ascii() {
        return a.eq_ignore_ascii_case(b);
    }
    fold_chars(a).eq(fold_chars(b))
}

/// The form in which names are one if [`same_name`] takes them for one.
pub fn name_key(name: &str) -> String {
    fold_text(name.trim_end())
}

impl Schema {
    /// What readers of values need to know of this instance.
    pub fn value_rules(&self) -> ValueRules {
        ValueRules {
            zone: self.instance.time_zone.clone(),
            null_clears_text: self.rules.null_clears_text,
            cut_long_strings: self.rules.cut_long_strings,
            check_email: self.rules.check_email,
            cuts: self.cuts.clone(),
        }
    }

    /// The user with exactly this id.
    pub fn user(&self, id: &str) -> Option<&ApiUser> {
        self.users.iter().find(|user| user.id == id)
    }

    /// The lead or company field that a caller's name means (COM-26).
    pub fn lead_field(&self, name: &str) -> Option<&Arc<Field>> {
        self.lead_fields.find(name)
    }

    /// Whether full reads and describeMObject show the field: described ones, and optional ones whose group is
    /// switched on (DM-FLD-2, DM-READ-4).
    pub fn is_shown(&self, field: &Field) -> bool {
        match field.exposure {
            Exposure::Described => true,
            Exposure::Optional => {
                let group = if field.name.starts_with("MarketoSocial") {
                    ShownGroup::Social
                } else {
                    ShownGroup::Datacom
                };
                self.rules.shown_groups.contains(&group)
            }
            Exposure::Record | Exposure::OnRequest | Exposure::Internal => false,
        }
    }

    /// The custom object type with this name, else with this display name (SCO-36).
    pub fn custom_object(&self, name: &str) -> Option<&Arc<CustomObject>> {
        let name = name.trim_start();
        let by = |given: fn(&CustomObject) -> &str| {
            self.custom_objects
                .iter()
                .find(|object| same_name(given(object), name))
        };
        by(|object| &object.name).or_else(|| by(|object| &object.display_name))
    }

    /// The custom object type with this number.
    pub fn custom_object_by_id(&self, id: ObjectTypeId) -> Option<&Arc<CustomObject>> {
        self.custom_objects.iter().find(|object| object.id == id)
    }

    /// The channel with this name.
    pub fn channel(&self, name: &str) -> Option<&Channel> {
        self.channels
            .iter()
            .find(|channel| same_name(&channel.name, name))
    }

    /// The tag type with this name.
    pub fn tag(&self, name: &str) -> Option<&TagType> {
        self.tags.iter().find(|tag| same_name(&tag.name, name))
    }

    /// The workspace with this name.
    pub fn workspace(&self, name: &str) -> Option<&Workspace> {
        self.workspaces
            .iter()
            .find(|workspace| same_name(&workspace.name, name))
    }

    /// The workspace with this number.
    pub fn workspace_by_id(&self, id: WorkspaceId) -> Option<&Workspace> {
        self.workspaces.iter().find(|workspace| workspace.id == id)
    }

    /// The partition with this name.
    pub fn partition(&self, name: &str) -> Option<&Partition> {
        self.partitions
            .iter()
            .find(|partition| same_name(&partition.name, name))
    }

    /// The partition with this number.
    pub fn partition_by_id(&self, id: PartitionId) -> Option<&Partition> {
        self.partitions.iter().find(|partition| partition.id == id)
    }

    /// The campaign with this number.
    pub fn campaign(&self, id: CampaignId) -> Option<&Campaign> {
        self.campaigns.iter().find(|campaign| campaign.id == id)
    }
}

impl TagType {
    /// The value in its own spelling that a caller's text means: exactly, else without regard to case (SMO-60).
    pub fn value(&self, text: &str) -> Option<&str> {
        let exact = self.values.iter().find(|value| *value == text);
        exact
            .or_else(|| self.values.iter().find(|value| same_name(value, text)))
            .map(String::as_str)
    }
}

impl CustomObject {
    /// The field that a caller's name means: exactly, else without regard to case (SCO-36).
    pub fn field(&self, name: &str) -> Option<&ObjectField> {
        let exact = self.fields.iter().find(|field| field.name == name);
        exact.or_else(|| {
            let name = name.trim_start();
            self.fields
                .iter()
                .find(|field| same_name(&field.name, name))
        })
    }
}

impl Channel {
    /// Whether a program of this type can have the channel (DM-CHN-1, SMO-60).
    pub fn fits(&self, program_type: &str) -> bool {
        self.kind
            .is_none_or(|kind| same_name(kind.program_type(), program_type))
    }
}
