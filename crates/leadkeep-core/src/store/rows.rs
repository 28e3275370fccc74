//! The rows that stores keep, as the rules see them. Times are instants, kept in whole seconds.

use crate::attrs::{Attrs, push_json_string};
use crate::ids::{
    ActivityId, CampaignId, CompanyId, CostId, ImportId, LeadId, ListId, ObjectTypeId,
    OpportunityId, PartitionId, ProgramId, RecordId, RoleId, RunId, TaskId,
};
use jiff::Timestamp;
use std::borrow::Cow;
use std::sync::Arc;

/// The system that a foreign id comes from (DM-FSID-3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ForeignSystem {
    /// Any system of the caller's own.
    Custom,
    /// Salesforce.
    Sfdc,
    /// NetSuite.
    Netsuite,
}

impl ForeignSystem {
    /// The word of the protocol.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Custom => "CUSTOM",
            Self::Sfdc => "SFDC",
            Self::Netsuite => "NETSUITE",
        }
    }

    /// The system of a word that [`ForeignSystem::as_str`] gave.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Custom, Self::Sfdc, Self::Netsuite]
            .into_iter()
            .find(|system| system.as_str() == word)
    }
}

/// A key of a person in another system. One value of one system leads to one lead (DM-FSID-1).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ForeignId {
    /// The other system.
    pub system: ForeignSystem,
    /// The key there, trimmed; compared exactly (SL-37).
    pub value: String,
}

/// A Munchkin cookie, as it is compared (COM-8).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Cookie {
    /// The `id:` part, if there is one. Two that differ are no match; one that is missing matches all.
    pub account: Option<String>,
    /// The value from `token:` on.
    pub token: String,
}

impl Cookie {
    /// Whether two values are one cookie (COM-8).
    pub fn is(&self, other: &Self) -> bool {
        let differ = matches!((&self.account, &other.account), (Some(a), Some(b)) if a != b);
        self.token == other.token && !differ
    }
}

/// One person.
#[derive(Debug, Clone, PartialEq)]
pub struct Lead {
    /// Its number.
    pub id: LeadId,
    /// The address as sent, trimmed; found by its lower-case form.
    pub email: Option<String>,
    /// The foreign id that was attached last (DM-FSID-4). Filled by reads only.
    pub foreign_id: Option<ForeignId>,
    /// Values of the fields that belong to the person; those of the company are with [`Company::attrs`].
    pub attrs: Attrs,
    /// The company row; every lead has one (DM-CO-2).
    pub company: CompanyId,
    /// The lead partition (DM-WSP-1).
    pub partition: PartitionId,
    /// Whether only a cookie is known of it (DM-LEAD-2).
    pub anonymous: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When a value changed or an activity came last (COM-35).
    pub updated_at: Timestamp,
}

/// A company row: one lead's own, or shared by the leads with one company key.
#[derive(Debug, Clone, PartialEq)]
pub struct Company {
    /// Its number.
    pub id: CompanyId,
    /// The value of the company key field that leads share it by (DM-CO-3).
    pub key: Option<String>,
    /// Values of the company fields.
    pub attrs: Attrs,
}

/// The type of an activity, by its display name (`New Lead`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ActivityType(pub u16);

/// An activity before it is stored.
#[derive(Debug, Clone, PartialEq)]
pub struct NewActivity {
    /// Whose history it belongs to.
    pub lead: LeadId,
    /// When it happened.
    pub at: Timestamp,
    /// Its type, the number of `activity-types.csv`.
    pub activity_type: ActivityType,
    /// `mktgAssetName`: the name of the asset (ACT-2).
    pub asset: Option<String>,
    /// Attributes in order, without the closing `Lead ID`, which follows from the lead (ACT-3, ACT-51). Many activities of one call may share
    /// them.
    pub attributes: Arc<Vec<(Cow<'static, str>, String)>>,
    /// Name of the campaign that caused it (ACT-5).
    pub campaign: Option<String>,
}

impl NewActivity {
    /// Writes the attributes as a JSON list of pairs, the form in which stores keep them, to the end of a text.
    pub fn write_attributes(&self, out: &mut String) {
        out.push('[');
        for (at, (name, value)) in self.attributes.iter().enumerate() {
            out.push_str(if at > 0 { ",[" } else { "[" });
            push_json_string(out, name);
            out.push(',');
            push_json_string(out, value);
            out.push(']');
        }
        out.push(']');
    }
}

/// A stored activity.
#[derive(Debug, Clone, PartialEq)]
pub struct Activity {
    /// Its number, in commit order.
    pub id: ActivityId,
    /// What was written.
    pub what: NewActivity,
}

/// A deal.
#[derive(Debug, Clone, PartialEq)]
pub struct Opportunity {
    /// Its number.
    pub id: OpportunityId,
    /// The company that it is associated with.
    pub company: Option<CompanyId>,
    /// Its values.
    pub attrs: Attrs,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// The part that a lead plays in an opportunity (OpportunityPersonRole).
#[derive(Debug, Clone, PartialEq)]
pub struct Role {
    /// Its number.
    pub id: RoleId,
    /// The deal.
    pub opportunity: OpportunityId,
    /// The person.
    pub lead: LeadId,
    /// Its values without `OpportunityId` and `PersonId`: Role, IsPrimary, ExternalCreatedDate and custom ones.
    pub attrs: Attrs,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

impl Role {
    /// The name of the role as it takes part in the role's key: lower case, empty for none (DM-OPP-7).
    pub fn key_name(&self) -> String {
        self.attrs.get("Role").unwrap_or_default().to_lowercase()
    }
}

/// A program with what calls can read and change of it.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Program {
    /// Its number.
    pub id: ProgramId,
    /// Its name, unique without regard to case (DM-PRG-6).
    pub name: String,
    /// `Marketing Program`, `Marketing Event`, ... (DM-PRG-2).
    pub program_type: String,
    /// The name of its channel (GMO-13).
    pub channel: String,
    /// The name of its workspace.
    pub workspace: String,
    /// The folder path in front of its name in `Tree Path` (DM-PRG-3).
    pub folder: String,
    /// `YYYY-MM-DD hh:mm:ss` in the instance's zone; events only.
    pub start: Option<String>,
    /// As `start`.
    pub end: Option<String>,
    /// Whether reads leave it out by default (GMO-32).
    pub archived: bool,
    /// Tag type and value, in the order in which the types are defined.
    pub tags: Vec<(String, String)>,
    /// Token name without `my.` and braces, and its text, in the order of definition.
    pub tokens: Vec<(String, String)>,
    /// Its costs, ascending by id.
    #[serde(skip)]
    pub costs: Vec<Cost>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// A cost of a program in one month.
#[derive(Debug, Clone, PartialEq)]
pub struct Cost {
    /// Its number, of one sequence over all programs.
    pub id: CostId,
    /// The first day of the month, `YYYY-MM-01` (DM-CST-1).
    pub month: String,
    /// A canonical decimal, not below 0.
    pub amount: String,
    /// A remark of at most 255 characters.
    pub note: Option<String>,
}

/// A static list.
#[derive(Debug, Clone, PartialEq)]
pub struct StaticList {
    /// Its number.
    pub id: ListId,
    /// Its name, unique in its program or outside of programs (DM-LST-2).
    pub name: String,
    /// The program that it is in.
    pub program: Option<ProgramId>,
}

/// The state of an import (DM-IMP-1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ImportState {
    /// It waits or runs.
    Processing,
    /// All its rows are done.
    Complete,
    /// It could not be done.
    Failed,
    /// An administrator stopped it.
    Canceled,
}

impl ImportState {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::Processing,
        Self::Complete,
        Self::Failed,
        Self::Canceled,
    ];

    /// The word of the protocol.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Processing => "PROCESSING",
            Self::Complete => "COMPLETE",
            Self::Failed => "FAILED",
            Self::Canceled => "CANCELED",
        }
    }
}

/// An import of rows into a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// Its number; not shown by the API.
    pub id: ImportId,
    /// The list.
    pub list: ListId,
    /// What is to be done with the rows, as the rules wrote it down.
    pub plan: String,
    /// How far it is.
    pub state: ImportState,
    /// When it was taken.
    pub accepted_at: Timestamp,
    /// When its first row was done.
    pub started_at: Option<Timestamp>,
    /// When its last row was done.
    pub ended_at: Option<Timestamp>,
    /// How many rows it has; they are numbered from 1.
    pub rows: u64,
    /// Rows that did something.
    pub imported: u64,
    /// Rows that failed.
    pub failed: u64,
    /// Rows that did nothing.
    pub ignored: u64,
    /// What there is to say about it at the end.
    pub summary: Option<String>,
}

/// A row that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportFailure {
    /// Its number in the import, from 1.
    pub row: u64,
    /// The row as it came.
    pub text: String,
    /// Why it failed.
    pub reason: String,
}

/// The calls of an API user, as far as limits need them (LIM-1, LIM-2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallUsage {
    /// The user.
    pub user: String,
    /// The day, `YYYY-MM-DD` in the zone of the limits.
    pub day: String,
    /// Calls of that day.
    pub calls: u64,
    /// When the last calls began, in milliseconds since 1970-01-01 UTC.
    pub recent: Vec<i64>,
}

/// What an imported row says about the tokens of a campaign's next run for its lead (ITL-4, ITL-6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowTokens {
    /// The campaign.
    pub campaign: CampaignId,
    /// The lead of the row.
    pub lead: LeadId,
    /// Token name without `my.` and braces, and its text.
    pub tokens: Vec<(String, String)>,
}

/// A run of a batch campaign over its list (SC-15).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CampaignRun {
    /// Its number; not shown by the API.
    pub id: RunId,
    /// The campaign.
    pub campaign: CampaignId,
    /// When it is to begin.
    pub run_at: Timestamp,
    /// What stands for tokens of the program in this run, names as they came (SC-3).
    pub tokens: Vec<(String, String)>,
    /// Whether its campaign was cloned for it (SC-8).
    pub cloned: bool,
    /// When it was taken.
    pub accepted_at: Timestamp,
    /// The last lead of the list that was queued.
    pub position: LeadId,
    /// When all leads were queued.
    pub ended_at: Option<Timestamp>,
}

/// A lead on its way through the steps of a campaign (RC-17).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CampaignTask {
    /// Its number; not shown by the API.
    pub id: TaskId,
    /// The campaign.
    pub campaign: CampaignId,
    /// The lead.
    pub lead: LeadId,
    /// The place of the next step, from 0.
    pub step: u32,
    /// Whether that is the only one: it failed before.
    pub only_step: bool,
    /// What stands for tokens of the program, from the call (RC-6, SC-3).
    pub call_tokens: Vec<(String, String)>,
    /// The same from the lead's row in an import (ITL-6).
    pub row_tokens: Vec<(String, String)>,
    /// By how many campaigns in a row it was requested.
    pub depth: u32,
    /// When the step is to be done.
    pub due_at: Timestamp,
    /// How often the step was tried.
    pub attempts: u32,
    /// Why the step failed for good; it then waits for somebody.
    pub failure: Option<String>,
    /// When it was queued; when it failed.
    pub since: Timestamp,
}

/// A record of a custom object type.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// Its number; not shown by the API.
    pub id: RecordId,
    /// Its type.
    pub object: ObjectTypeId,
    /// What makes it unique in its type and orders it: made from the dedupe values so that the order of the keys
    /// is the order of the values (GCO-8), and equal keys are equal values (SCO-37).
    pub key: String,
    /// Field name and comparison value of each dedupe and link field that has a value, for look-ups. Reads give them
    /// in ascending order of name.
    pub lookup: Vec<(String, String)>,
    /// Its values, as first spelled.
    pub attrs: Attrs,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// How many rows there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Known and anonymous leads.
    pub leads: u64,
    /// Companies.
    pub companies: u64,
    /// Activities.
    pub activities: u64,
    /// Opportunities.
    pub opportunities: u64,
    /// Roles.
    pub roles: u64,
    /// Programs.
    pub programs: u64,
    /// Static lists.
    pub static_lists: u64,
    /// Custom object records.
    pub records: u64,
}
