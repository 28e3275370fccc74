//! What administrators define.

use jiff::Timestamp;

/// The kind of a definition: what administrators make, and calls only read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DefinitionKind {
    /// `[instance]`, `[rules]` and `[lead_keys]`.
    Settings,
    /// An API user.
    User,
    /// A workspace.
    Workspace,
    /// A lead partition.
    Partition,
    /// The assignment rules, in order.
    AssignmentRules,
    /// A custom field.
    Field,
    /// A custom object type.
    CustomObject,
    /// A channel.
    Channel,
    /// A tag type.
    Tag,
    /// A campaign.
    Campaign,
}

impl DefinitionKind {
    /// All of them, in the order in which [`ReadTxn::definitions`](super::ReadTxn::definitions) gives them.
    pub const ALL: [Self; 10] = [
        Self::Settings,
        Self::User,
        Self::Workspace,
        Self::Partition,
        Self::AssignmentRules,
        Self::Field,
        Self::CustomObject,
        Self::Channel,
        Self::Tag,
        Self::Campaign,
    ];

    /// Its name in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Settings => "settings",
            Self::User => "user",
            Self::Workspace => "workspace",
            Self::Partition => "partition",
            Self::AssignmentRules => "assignment_rules",
            Self::Field => "field",
            Self::CustomObject => "custom_object",
            Self::Channel => "channel",
            Self::Tag => "tag",
            Self::Campaign => "campaign",
        }
    }
}

/// One thing that an administrator defined.
#[derive(Debug, Clone, PartialEq)]
pub struct Definition {
    /// What it is.
    pub kind: DefinitionKind,
    /// What identifies it in its kind; made by the schema, compared exactly by stores.
    pub name: String,
    /// All of it, as JSON of the schema's types.
    pub body: String,
    /// When it was last changed.
    pub updated_at: Timestamp,
}
