//! Users, workspaces, custom object types, channels, tags, campaigns.

use crate::ids::{CampaignId, ListId, ObjectTypeId, PartitionId, ProgramId, WorkspaceId};
use crate::value::DataType;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One encryption key of an API user.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserKey {
    /// The key, in the clear: HMAC needs it.
    pub key: String,
    /// From when on it is not valid any more (AUT-13).
    pub valid_until: Option<Timestamp>,
}

impl std::fmt::Debug for UserKey {
    /// Without the key itself: it must not get into a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("UserKey")
            .field("valid_until", &self.valid_until)
            .finish_non_exhaustive()
    }
}

/// A SOAP API user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiUser {
    /// mktowsUserId, compared exactly.
    pub id: String,
    /// Its keys, the current one first; older ones are valid for the overlap of a rotation (AUT-13).
    pub keys: Vec<UserKey>,
    /// A remark.
    pub note: String,
    /// Blocked: 20013 (AUT-12).
    pub disabled: bool,
    /// SKIPPED as FAILED, UNCHANGED as UPDATED in custom object calls (SCO-3).
    pub strict_statuses: bool,
}

/// A workspace (DM-WSP-1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Workspace {
    /// Its number; 1 is `Default`.
    pub id: WorkspaceId,
    /// Its name.
    pub name: String,
    /// Where its new leads go.
    pub primary_partition: PartitionId,
    /// All partitions that it sees.
    pub partitions: Vec<PartitionId>,
}

/// A lead partition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Partition {
    /// Its number; 1 is `Default`.
    pub id: PartitionId,
    /// Its name, unique in the instance.
    pub name: String,
}

/// Sends new leads to a partition (SL-24, SL-27).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssignmentRule {
    /// Only leads made for this workspace; without: all.
    pub workspace: Option<WorkspaceId>,
    /// Where matching leads go.
    pub partition: PartitionId,
    /// The stored name of the lead field that is looked at.
    pub field: String,
    /// Its value, compared without regard to case after parsing.
    pub equals: String,
}

/// What a link field of a custom object refers to (DM-COB-2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Link {
    /// `Lead.Id`.
    LeadId,
    /// `Lead.Email`.
    LeadEmail,
    /// Another lead field, by its stored name.
    LeadField(String),
    /// A company field, by its stored name.
    CompanyField(String),
    /// A dedupe field of another custom object type: its type's id and the field's name.
    Record(ObjectTypeId, String),
}

/// A field of a custom object type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectField {
    /// Its name.
    pub name: String,
    /// Its display name.
    pub display_name: String,
    /// Its data type.
    pub data_type: DataType,
    /// Characters, for strings.
    pub size: Option<u32>,
    /// Part of what makes a record unique (DM-COB-6).
    pub dedupe: bool,
    /// What it links to.
    pub link: Option<Link>,
}

/// A custom object type (DM-COB-1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomObject {
    /// Its number; not shown by the API.
    pub id: ObjectTypeId,
    /// objTypeName in its canonical spelling (GCO-6).
    pub name: String,
    /// Taken beside the name (SCO-36).
    pub display_name: String,
    /// A remark.
    pub description: String,
    /// A link field in the key list is an error (SCO-25).
    pub strict: bool,
    /// Its fields, in the order of the keys in answers (GCO-9).
    pub fields: Vec<ObjectField>,
}

/// The kind of program that a channel fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ChannelKind {
    /// Marketing Program.
    Program,
    /// Marketing Event; statuses have a check-in status.
    Event,
    /// Marketing Event; statuses may have a webinar behavior.
    Webinar,
    /// Nurture Program.
    Nurture,
    /// Email Program.
    Email,
}

impl ChannelKind {
    /// The type of program that has such channels (DM-PRG-2).
    pub fn program_type(self) -> &'static str {
        match self {
            Self::Program => "Marketing Program",
            Self::Event | Self::Webinar => "Marketing Event",
            Self::Nurture => "Nurture Program",
            Self::Email => "Email Program",
        }
    }
}

/// A status of a channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProgressionStatus {
    /// Its name, unique in the channel.
    pub name: String,
    /// Its step; not unique.
    pub step: i64,
    /// Whether it counts as success.
    pub success: bool,
    /// `Check-in Status` of events.
    pub check_in: Option<String>,
    /// `Webinar Behavior` of webinars.
    pub behavior: Option<String>,
}

/// A channel (DM-CHN-1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Channel {
    /// Its name.
    pub name: String,
    /// What it fits; without: all programs.
    pub kind: Option<ChannelKind>,
    /// Its statuses.
    pub statuses: Vec<ProgressionStatus>,
}

/// A tag type with its values, in order of definition (DM-TAG-1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TagType {
    /// Its name.
    pub name: String,
    /// Its values.
    pub values: Vec<String>,
}

/// Whether a campaign is requested or scheduled (DM-CMP-1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CampaignKind {
    /// Requested for single leads.
    Trigger,
    /// Scheduled over a list.
    Batch,
}

/// A smart campaign. Its steps are kept as they were provisioned.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Campaign {
    /// Its number.
    pub id: CampaignId,
    /// Its name; not unique.
    pub name: String,
    /// A remark.
    pub description: String,
    /// The program that it is in.
    pub program: Option<ProgramId>,
    /// Trigger or batch.
    pub kind: CampaignKind,
    /// Whether it is offered and runs.
    pub active: bool,
    /// `MKTOWS`, `SALES`.
    pub sources: Vec<String>,
    /// The list that a batch campaign runs over.
    pub list: Option<ListId>,
    /// Its steps, each an object with `do` and the step's keys. Lists and campaigns are named by their ids, fields by
    /// their stored names.
    pub steps: Vec<serde_json::Value>,
}
