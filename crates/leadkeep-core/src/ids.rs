//! Newtypes for the numbers that the store gives. Every entity counts for itself (DM-GEN-1).

use std::fmt;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )+};
}

ids! {
    /// The number of a lead, from 1, at most 2147483647, never given twice.
    LeadId,
    /// The number of a company row (DM-CO-2).
    CompanyId,
    /// The number of an opportunity.
    OpportunityId,
    /// The number of an opportunity person role.
    RoleId,
    /// The number of a program, from 1001 where the provisioning file gives none.
    ProgramId,
    /// The number of a program cost; one sequence over all programs (DM-CST-2).
    CostId,
    /// The number of a static list.
    ListId,
    /// The number of an import into a list.
    ImportId,
    /// The number of a smart campaign.
    CampaignId,
    /// The number of a run of a batch campaign.
    RunId,
    /// The number of a lead's way through a campaign.
    TaskId,
    /// The number of a workspace; 1 is `Default`.
    WorkspaceId,
    /// The number of a lead partition; 1 is `Default`.
    PartitionId,
    /// The number of an activity, in commit order (GLC-23).
    ActivityId,
    /// The number of a custom object type.
    ObjectTypeId,
    /// The number of a custom object record.
    RecordId,
}
