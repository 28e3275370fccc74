//! What a store must be able to do.
//!
//! A store runs [`ReadWork`] and [`WriteWork`] in transactions and hands them a [`ReadTxn`] or [`WriteTxn`]. The
//! traits speak in batches and in domain types, so that a call of 300 records is a constant number of trait calls
//! and, on a database server, of round trips. A rule reads all that it needs for its batch, decides in memory, then
//! writes once. The contract suite (feature `testing`) pins what every store must answer.

mod definition;
mod filter;
mod key;
mod rows;
mod sequence;
mod work;

pub use definition::{Definition, DefinitionKind};
pub use filter::{ActivityFilter, LeadScope, TypeFilter};
pub use key::{EmailPick, FieldIndex, LeadKey, Pick};
pub use rows::{
    Activity, ActivityType, CallUsage, CampaignRun, CampaignTask, Company, Cookie, Cost, Counts,
    ForeignId, ForeignSystem, Import, ImportFailure, ImportState, Lead, NewActivity, Opportunity,
    Program, Record, Role, RowTokens, StaticList,
};
pub use sequence::Sequence;
pub use work::{MAX_RUNS, ReadWork, Rollback, Store, StoreError, WriteWork};

use crate::admins::{Admin, AuditEntry, Session, Sessions};
use crate::ids::{
    ActivityId, CampaignId, CompanyId, CostId, ImportId, LeadId, ListId, ObjectTypeId,
    OpportunityId, ProgramId, RecordId, RoleId, TaskId,
};
use jiff::Timestamp;

/// The result of a call to a store.
pub type Result<T> = std::result::Result<T, StoreError>;

/// Reads, all at one point in time.
///
/// Lists that are looked up by id come back in no particular order and without those that do not exist; the ids of one
/// call are distinct. Lists that are looked up by key have one entry a key, in the order of the keys. Times have whole
/// seconds, ids are positive, field names hold no line breaks or other control characters.
pub trait ReadTxn {
    /// The number of the current definitions; it rises with every change of them.
    fn schema_version(&mut self) -> Result<u64>;

    /// All definitions, by kind, then in the order in which they were first put.
    fn definitions(&mut self) -> Result<Vec<Definition>>;

    /// The ids of the known or anonymous leads behind each key, as many as `pick` asks for.
    ///
    /// In the order of [`Pick::first`].
    fn lead_ids(&mut self, keys: &[LeadKey], pick: Pick) -> Result<Vec<Vec<LeadId>>>;

    /// How many leads a key has (GL-3, GL-8).
    fn count_leads(&mut self, key: &LeadKey) -> Result<u64>;

    /// The ids of known leads whose field, or whose company's, begins with the text, by value, then by id. Other fields
    /// than those have no leads. Without an index ([`ReadTxn::has_index`]) all leads are looked at.
    fn lead_ids_by_prefix(
        &mut self,
        field: &FieldIndex,
        prefix: &str,
        limit: usize,
    ) -> Result<Vec<LeadId>>;

    /// Known leads with an id below `before`, the newest (highest) first.
    fn leads_before(&mut self, before: Option<LeadId>, limit: usize) -> Result<Vec<Lead>>;

    /// Whether look-ups by the field are fast (see [`WriteTxn::ensure_index`]).
    fn has_index(&mut self, index: &FieldIndex) -> Result<bool>;

    /// Leads by id; merged and deleted ones do not exist (COM-12).
    fn leads(&mut self, ids: &[LeadId]) -> Result<Vec<Lead>>;

    /// The lead that each of the given, merged ids finally leads to; ids that never lost a merge are left out
    /// (COM-12).
    fn merge_winners(&mut self, ids: &[LeadId]) -> Result<Vec<(LeadId, LeadId)>>;

    /// Known leads with `from <= updated_at < to` and an id above `after`, ascending by id (GML-12, GML-29, GML-38).
    fn leads_updated(
        &mut self,
        from: Timestamp,
        to: Timestamp,
        after: Option<LeadId>,
        limit: usize,
    ) -> Result<Vec<Lead>>;

    /// How many leads [`ReadTxn::leads_updated`] would give without a limit (GML-5).
    fn count_leads_updated(
        &mut self,
        from: Timestamp,
        to: Timestamp,
        after: Option<LeadId>,
    ) -> Result<u64>;

    /// Companies by id.
    fn companies(&mut self, ids: &[CompanyId]) -> Result<Vec<Company>>;

    /// The shared company of each company key value (DM-CO-3).
    fn companies_by_key(&mut self, keys: &[String]) -> Result<Vec<Option<Company>>>;

    /// Activities of a lead, latest first by time, then by id (GLA-3, GLA-22); only those after `before` in this
    /// order. A page of a long history costs what one of a short history does.
    fn activities_of_lead(
        &mut self,
        lead: LeadId,
        filter: &ActivityFilter,
        before: Option<(Timestamp, ActivityId)>,
        limit: usize,
    ) -> Result<Vec<Activity>>;

    /// How many activities [`ReadTxn::activities_of_lead`] would give (GLA-21).
    fn count_activities_of_lead(
        &mut self,
        lead: LeadId,
        filter: &ActivityFilter,
        before: Option<(Timestamp, ActivityId)>,
        limit: usize,
    ) -> Result<u64>;

    /// Activities of many leads with an id above `after`, ascending by id (GLC-2, GLC-24).
    fn activities_after(
        &mut self,
        scope: &LeadScope,
        filter: &ActivityFilter,
        after: Option<ActivityId>,
        limit: usize,
    ) -> Result<Vec<Activity>>;

    /// How many activities [`ReadTxn::activities_after`] would give (GLC-27).
    fn count_activities_after(
        &mut self,
        scope: &LeadScope,
        filter: &ActivityFilter,
        after: Option<ActivityId>,
        limit: usize,
    ) -> Result<u64>;

    /// When the activity with this id happened, or the last one before it that is still there.
    fn activity_time(&mut self, id: ActivityId) -> Result<Option<Timestamp>>;

    /// The highest id that an activity was ever given.
    fn last_activity_id(&mut self) -> Result<Option<ActivityId>>;

    /// Opportunities by id.
    fn opportunities(&mut self, ids: &[OpportunityId]) -> Result<Vec<Opportunity>>;

    /// The ids of the opportunities whose field has exactly the value, newest first; one entry a (field, value).
    fn opportunity_ids_by_field(
        &mut self,
        keys: &[(String, String)],
        pick: Pick,
    ) -> Result<Vec<Vec<OpportunityId>>>;

    /// The ids of the opportunities of each company, ascending.
    fn opportunity_ids_by_company(
        &mut self,
        companies: &[CompanyId],
    ) -> Result<Vec<Vec<OpportunityId>>>;

    /// Opportunities with an id above `after`, ascending.
    fn opportunities_after(
        &mut self,
        after: Option<OpportunityId>,
        limit: usize,
    ) -> Result<Vec<Opportunity>>;

    /// Opportunities with an id below `before`, the newest (highest) first.
    fn opportunities_before(
        &mut self,
        before: Option<OpportunityId>,
        limit: usize,
    ) -> Result<Vec<Opportunity>>;

    /// Roles by id.
    fn roles(&mut self, ids: &[RoleId]) -> Result<Vec<Role>>;

    /// The role with each (opportunity, lead, role name in lower case, empty for none) (SMO-43).
    fn role_ids_by_key(
        &mut self,
        keys: &[(OpportunityId, LeadId, String)],
    ) -> Result<Vec<Option<RoleId>>>;

    /// All roles of the opportunities, ascending by id.
    fn roles_of_opportunities(&mut self, opportunities: &[OpportunityId]) -> Result<Vec<Role>>;

    /// All roles of the leads, ascending by id.
    fn roles_of_leads(&mut self, leads: &[LeadId]) -> Result<Vec<Role>>;

    /// Roles with an id above `after`, ascending.
    fn roles_after(&mut self, after: Option<RoleId>, limit: usize) -> Result<Vec<Role>>;

    /// Programs by id, with their costs.
    fn programs(&mut self, ids: &[ProgramId]) -> Result<Vec<Program>>;

    /// The id of the program with each name, whatever its case (DM-GEN-4).
    fn program_ids_by_name(&mut self, names: &[String]) -> Result<Vec<Option<ProgramId>>>;

    /// Programs with an id above `after`, ascending, with their costs.
    fn programs_after(&mut self, after: Option<ProgramId>, limit: usize) -> Result<Vec<Program>>;

    /// Which of the cost ids are taken, and by which program.
    fn cost_owners(&mut self, ids: &[CostId]) -> Result<Vec<Option<ProgramId>>>;

    /// All static lists, ascending by id.
    fn static_lists(&mut self) -> Result<Vec<StaticList>>;

    /// Whether each lead is a member of its list.
    fn are_list_members(&mut self, members: &[(ListId, LeadId)]) -> Result<Vec<bool>>;

    /// Known members of a list with an id above `after`, ascending by id (GML-12, GML-38).
    fn list_members(
        &mut self,
        list: ListId,
        after: Option<LeadId>,
        limit: usize,
    ) -> Result<Vec<Lead>>;

    /// How many leads [`ReadTxn::list_members`] would give without a limit (GML-5).
    fn count_list_members(&mut self, list: ListId, after: Option<LeadId>) -> Result<u64>;

    /// Members that are leaving a list (see [`WriteTxn::mark_list_leaving`]), ascending.
    fn leaving_members(&mut self, list: ListId, limit: usize) -> Result<Vec<LeadId>>;

    /// Those of the leads that are leaving a list.
    fn are_leaving(&mut self, list: ListId, leads: &[LeadId]) -> Result<Vec<LeadId>>;

    /// Imports with a number below `before`, the latest first.
    fn imports_before(&mut self, before: Option<ImportId>, limit: usize) -> Result<Vec<Import>>;

    /// The import into a list that was taken last (ITS-8).
    fn latest_import(&mut self, list: ListId) -> Result<Option<Import>>;

    /// Of each list the first import that is not done, in the order in which they were taken (ITL-22).
    fn open_imports(&mut self) -> Result<Vec<Import>>;

    /// What imported rows say about the tokens of a campaign's next run, lead by lead; nothing for the others (ITL-6).
    fn row_tokens(
        &mut self,
        campaign: CampaignId,
        leads: &[LeadId],
    ) -> Result<Vec<Vec<(String, String)>>>;

    /// What is kept of the calls of users, by user.
    fn call_usage(&mut self) -> Result<Vec<CallUsage>>;

    /// All admin users, in the order of their names.
    fn admins(&mut self) -> Result<Vec<Admin>>;

    /// The session whose token has this hash.
    fn session(&mut self, token: &[u8]) -> Result<Option<Session>>;

    /// What was changed by admin users, with a number below `before`, the latest first.
    fn audit_before(&mut self, before: Option<i64>, limit: usize) -> Result<Vec<AuditEntry>>;

    /// Runs that are not done and whose time has come, by time, then by number.
    fn due_runs(&mut self, now: Timestamp, limit: usize) -> Result<Vec<CampaignRun>>;

    /// Runs of a campaign at a time, done or not, ascending by number (SC-13).
    fn runs_at(&mut self, campaign: CampaignId, run_at: Timestamp) -> Result<Vec<CampaignRun>>;

    /// Runs of a campaign, done or not, the latest first by time, then by number.
    fn latest_runs(&mut self, campaign: CampaignId, limit: usize) -> Result<Vec<CampaignRun>>;

    /// How many runs of clones were taken since a time (SC-8).
    fn count_clone_runs(&mut self, since: Timestamp) -> Result<u64>;

    /// Tasks that have not failed and whose time has come, by time, then by number.
    fn due_tasks(&mut self, now: Timestamp, limit: usize) -> Result<Vec<CampaignTask>>;

    /// The tasks that there are, ascending by number.
    fn tasks(&mut self, ids: &[TaskId]) -> Result<Vec<CampaignTask>>;

    /// Failed tasks with a number above `after`, ascending.
    fn failed_tasks(&mut self, after: Option<TaskId>, limit: usize) -> Result<Vec<CampaignTask>>;

    /// The first rows of an import that are not done: their numbers and texts.
    fn import_rows(&mut self, import: ImportId, limit: usize) -> Result<Vec<(u64, String)>>;

    /// Failed rows of an import after a number, ascending.
    fn import_failures(
        &mut self,
        import: ImportId,
        after: u64,
        limit: usize,
    ) -> Result<Vec<ImportFailure>>;

    /// The records of a type with the given keys (see [`Record::key`]).
    fn records_by_key(
        &mut self,
        object: ObjectTypeId,
        keys: &[String],
    ) -> Result<Vec<Option<Record>>>;

    /// Records of a type in ascending order of key, above `after`, that satisfy the filter.
    ///
    /// `filter` holds for each named field the comparison values (see [`Record::lookup`]) of which one must match;
    /// all fields must match (GCO-13). No filter: all records.
    fn records_after(
        &mut self,
        object: ObjectTypeId,
        filter: &[(String, Vec<String>)],
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<Record>>;

    /// How many records [`ReadTxn::records_after`] would give without a limit (GCO-21).
    fn count_records(
        &mut self,
        object: ObjectTypeId,
        filter: &[(String, Vec<String>)],
        after: Option<&str>,
    ) -> Result<u64>;

    /// How many records of its type have each value in a dedupe or link field: type, field, comparison value (SCO-28).
    fn count_records_with(&mut self, values: &[(ObjectTypeId, String, String)])
    -> Result<Vec<u64>>;

    /// How many rows of each kind there are.
    fn counts(&mut self) -> Result<Counts>;

    /// Whether any row has a value in the field, for changes of its definition (PRV-5).
    fn field_in_use(&mut self, field: &FieldIndex) -> Result<bool>;

    /// The length in characters of the longest value of the field, 0 without any (PRV-5).
    fn longest_value(&mut self, field: &FieldIndex) -> Result<usize>;
}

/// Writes. They are visible to later reads of the same transaction.
///
/// Rows that are inserted must be new in their id and in their keys (the key of a company, opportunity, lead and name of
/// a role, the name of a program, type and key of a record), rows that are updated in their keys; otherwise
/// the store gives [`StoreError::Failed`]. Updates, touches and deletes of rows that do not exist do nothing.
pub trait WriteTxn: ReadTxn {
    /// Fresh ids of a sequence, ascending, above all that were ever given (DM-GEN-1). Ids of a call that was rolled
    /// back may be given again, for nobody has seen them.
    ///
    /// # Errors
    /// [`StoreError::Failed`] when there would be ids above [`Sequence::MAX`].
    fn allocate(&mut self, sequence: Sequence, count: usize) -> Result<Vec<i64>>;

    /// Makes sure that the sequence never gives an id up to `used`, which is at most [`Sequence::MAX`].
    fn reserve(&mut self, sequence: Sequence, used: i64) -> Result<()>;

    /// Replaces or adds definitions by (kind, name), and raises the schema version. One that is replaced keeps its
    /// place; an empty list changes nothing.
    fn put_definitions(&mut self, definitions: &[Definition]) -> Result<()>;

    /// Makes look-ups by this field fast from now on; does nothing if they are.
    fn ensure_index(&mut self, index: &FieldIndex) -> Result<()>;

    /// Adds leads with the ids that they carry. [`Lead::foreign_id`] is not written: see
    /// [`WriteTxn::attach_foreign_ids`].
    fn insert_leads(&mut self, leads: &[Lead]) -> Result<()>;

    /// Replaces leads as a whole, but for [`Lead::foreign_id`].
    fn update_leads(&mut self, leads: &[Lead]) -> Result<()>;

    /// Moves the updated time of leads, and nothing else (COM-35).
    fn touch_leads(&mut self, leads: &[LeadId], at: Timestamp) -> Result<()>;

    /// Gives foreign ids to leads, in order; one that another lead has moves (DM-FSID-2), one attached later is the
    /// one shown (COM-20).
    fn attach_foreign_ids(&mut self, ids: &[(ForeignId, LeadId)]) -> Result<()>;

    /// Gives cookies to leads, in order; one that another lead has moves (DM-COOK-1, DM-COOK-2). One without its account is the one of the
    /// newest lead that has its token, and keeps the account that it has there (COM-8).
    fn attach_cookies(&mut self, cookies: &[(Cookie, LeadId)]) -> Result<()>;

    /// Makes the losers part of the winner: their activities with ids and times, foreign ids, cookies and list
    /// memberships go over to it, their rows are deleted, and their ids lead to it for good, as do the ids that led to
    /// them (DM-MRG-3, DM-MRG-4, DM-MRG-6). The foreign id that the winner shows stays. Roles and records are not
    /// touched.
    fn absorb_leads(&mut self, winner: LeadId, losers: &[LeadId]) -> Result<()>;

    /// Adds companies with the ids that they carry.
    fn insert_companies(&mut self, companies: &[Company]) -> Result<()>;

    /// Replaces companies as a whole.
    fn update_companies(&mut self, companies: &[Company]) -> Result<()>;

    /// Deletes those of the companies that no lead and no opportunity uses any more (DM-CO-3, DM-DEL-3).
    fn delete_unused_companies(&mut self, ids: &[CompanyId]) -> Result<()>;

    /// Adds activities, which are kept for good (ACT-12); their ids follow the order of the list and of the commits (GLC-23). Their times need not (ACT-8).
    fn append_activities(&mut self, activities: &[NewActivity]) -> Result<()>;

    /// Adds opportunities with the ids that they carry.
    fn insert_opportunities(&mut self, opportunities: &[Opportunity]) -> Result<()>;

    /// Replaces opportunities as a whole.
    fn update_opportunities(&mut self, opportunities: &[Opportunity]) -> Result<()>;

    /// Deletes opportunities; their roles must be gone.
    fn delete_opportunities(&mut self, ids: &[OpportunityId]) -> Result<()>;

    /// Adds roles with the ids that they carry.
    fn insert_roles(&mut self, roles: &[Role]) -> Result<()>;

    /// Replaces roles as a whole.
    fn update_roles(&mut self, roles: &[Role]) -> Result<()>;

    /// Deletes roles.
    fn delete_roles(&mut self, ids: &[RoleId]) -> Result<()>;

    /// Adds programs with the ids that they carry, and their costs.
    fn insert_programs(&mut self, programs: &[Program]) -> Result<()>;

    /// Replaces programs as a whole, but for their costs.
    fn update_programs(&mut self, programs: &[Program]) -> Result<()>;

    /// Adds or replaces costs by id.
    fn put_costs(&mut self, costs: &[(ProgramId, Cost)]) -> Result<()>;

    /// Adds or replaces static lists by id; members stay.
    fn put_static_lists(&mut self, lists: &[StaticList]) -> Result<()>;

    /// Marks all members of a list as leaving. They are members until they are removed, and stay if they are added again.
    fn mark_list_leaving(&mut self, list: ListId) -> Result<()>;

    /// Adds an import with the id that it carries, and its rows in order.
    fn insert_import(&mut self, import: &Import, rows: &[String]) -> Result<()>;

    /// Replaces an import as a whole; its rows stay.
    fn update_import(&mut self, import: &Import) -> Result<()>;

    /// Says that the rows of an import up to a number are done, and which of them failed.
    fn finish_import_rows(
        &mut self,
        import: ImportId,
        up_to: u64,
        failures: &[ImportFailure],
    ) -> Result<()>;

    /// Keeps what imported rows say about tokens, in order; a later one of the same campaign and lead replaces.
    fn put_row_tokens(&mut self, rows: &[RowTokens]) -> Result<()>;

    /// Drops what imported rows said about the tokens of a campaign, for some leads or for all.
    fn delete_row_tokens(&mut self, campaign: CampaignId, leads: Option<&[LeadId]>) -> Result<()>;

    /// Keeps the calls of users; of each the last figures.
    fn put_call_usage(&mut self, usage: &[CallUsage]) -> Result<()>;

    /// Adds or replaces an admin user by name.
    fn put_admin(&mut self, admin: &Admin) -> Result<()>;

    /// Adds or replaces a session by token.
    fn put_session(&mut self, session: &Session) -> Result<()>;

    /// Deletes sessions.
    fn delete_sessions(&mut self, sessions: &Sessions) -> Result<()>;

    /// Writes down what was changed; numbers follow the order of the list and of the commits.
    fn append_audit(&mut self, entries: &[AuditEntry]) -> Result<()>;

    /// Adds a run with the number that it carries.
    fn insert_run(&mut self, run: &CampaignRun) -> Result<()>;

    /// Replaces a run as a whole.
    fn update_run(&mut self, run: &CampaignRun) -> Result<()>;

    /// Adds tasks with the numbers that they carry.
    fn insert_tasks(&mut self, tasks: &[CampaignTask]) -> Result<()>;

    /// Replaces tasks as a whole, by number.
    fn update_tasks(&mut self, tasks: &[CampaignTask]) -> Result<()>;

    /// Deletes tasks.
    fn delete_tasks(&mut self, ids: &[TaskId]) -> Result<()>;

    /// Deletes leads with their activities, foreign ids, cookies, memberships and tasks, and what imported rows said for
    /// them (DM-DEL-2). Ids that led to them lead nowhere. Roles, records and companies are not touched.
    fn delete_leads(&mut self, leads: &[LeadId]) -> Result<()>;

    /// Adds leads to lists; those that are members stay so (DM-LST-4).
    fn add_list_members(&mut self, members: &[(ListId, LeadId)], at: Timestamp) -> Result<()>;

    /// Takes leads out of lists.
    fn remove_list_members(&mut self, members: &[(ListId, LeadId)]) -> Result<()>;

    /// Adds records with the ids that they carry.
    fn insert_records(&mut self, records: &[Record]) -> Result<()>;

    /// Replaces records as a whole, by id.
    fn update_records(&mut self, records: &[Record]) -> Result<()>;

    /// Deletes records.
    fn delete_records(&mut self, ids: &[RecordId]) -> Result<()>;
}
