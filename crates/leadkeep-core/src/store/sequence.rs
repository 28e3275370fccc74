//! Where ids come from.

/// The counters that ids come from. All start at 1, but for programs, lists and campaigns, which start at 1001
/// (DM-GEN-2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sequence {
    /// Leads.
    Lead,
    /// Companies.
    Company,
    /// Opportunities.
    Opportunity,
    /// Roles.
    Role,
    /// Programs.
    Program,
    /// Program costs.
    Cost,
    /// Static lists.
    List,
    /// Campaigns.
    Campaign,
    /// Workspaces.
    Workspace,
    /// Partitions.
    Partition,
    /// Custom object types.
    ObjectType,
    /// Custom object records.
    Record,
    /// Imports into lists.
    Import,
    /// Runs of campaigns.
    Run,
    /// Tasks of campaigns.
    Task,
}

impl Sequence {
    /// All of them.
    pub const ALL: [Self; 15] = [
        Self::Lead,
        Self::Company,
        Self::Opportunity,
        Self::Role,
        Self::Program,
        Self::Cost,
        Self::List,
        Self::Campaign,
        Self::Workspace,
        Self::Partition,
        Self::ObjectType,
        Self::Record,
        Self::Import,
        Self::Run,
        Self::Task,
    ];

    /// Its name in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Lead => "lead",
            Self::Company => "company",
            Self::Opportunity => "opportunity",
            Self::Role => "role",
            Self::Program => "program",
            Self::Cost => "cost",
            Self::List => "list",
            Self::Campaign => "campaign",
            Self::Workspace => "workspace",
            Self::Partition => "partition",
            Self::ObjectType => "object_type",
            Self::Record => "record",
            Self::Import => "import",
            Self::Run => "run",
            Self::Task => "task",
        }
    }

    /// The highest id that any of them gives (DM-GEN-1).
    pub const MAX: i64 = 2_147_483_647;

    /// The error of [`WriteTxn::allocate`](super::WriteTxn::allocate) when no ids are left.
    pub fn exhausted(self) -> super::StoreError {
        super::StoreError::Failed(format!("no numbers are left for another {}", self.as_str()))
    }

    /// The first id that it gives.
    pub fn first(self) -> i64 {
        match self {
            Self::Program | Self::List | Self::Campaign => 1001,
            _ => 1,
        }
    }
}
