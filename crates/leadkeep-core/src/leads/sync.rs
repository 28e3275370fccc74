//! syncMultipleLeads and syncLead: one engine, and the few points where they differ.

use super::input::{ForeignKey, SyncLead, SyncMultipleLeads, SyncOutcome, SyncStatus};
use super::prepare::{Prepared, is_email, prepare};
use super::read::one_view;
use super::record::LeadView;
use super::working::{LeadRef, Wanted, WorkingSet};
use crate::activities;
use crate::attrs::Attrs;
use crate::error::{CallError, RecordError};
use crate::ids::{CompanyId, LeadId, PartitionId, WorkspaceId};
use crate::schema::{AssignmentRule, Field, Schema, UnknownAttribute, Workspace};
use crate::store::{ForeignId, ForeignSystem, Lead, NewActivity, WriteTxn};
use jiff::Timestamp;
use std::sync::Arc;

/// The highest lead id (DM-GEN-1).
const MAX_ID: i64 = i32::MAX as i64;

/// Creates or updates several leads (SML-1 to SML-55). One outcome a record, in the order of the records (SML-13).
///
/// # Errors
/// When the call as a whole is refused: too many records (SML-28), none (SML-29), or unknown attribute names, unless
/// the switch `unknown_attribute` leaves them to the records (SML-23). Nothing is stored then.
pub fn sync_multiple_leads(
    txn: &mut dyn WriteTxn,
    schema: &Schema,
    now: Timestamp,
    input: &SyncMultipleLeads,
) -> Result<Vec<SyncOutcome>, CallError> {
    if input.records.is_empty() {
        // SML-26, SML-29.
        return Err(CallError::LeadRecordRequired);
    }
    if input.records.len() > input.max_records {
        let reason = format!(
            "at most {} records are allowed, {} came",
            input.max_records,
            input.records.len()
        );
        return Err(CallError::BadParameter {
            parameter: "leadRecordList",
            reason,
        });
    }
    let rules = schema.value_rules();
    let mut records: Vec<Prepared> = input
        .records
        .iter()
        .map(|record| prepare(schema, &rules, record))
        .collect();
    if schema.rules.unknown_attribute == UnknownAttribute::Fault {
        refuse_unknown(&records)?;
    }
    for record in &mut records {
        if !record.unknown.is_empty() {
            record.error = Some(RecordError::UnknownLeadFields(std::mem::take(
                &mut record.unknown,
            )));
        }
    }
    let manners = Manners {
        email_is_written: false,
        dedup: input.dedup,
        keyless: false,
        workspace: None,
    };
    let mut call = Call::begin(txn, schema, now, manners, &records)?;
    let mut outcomes = Vec::with_capacity(records.len());
    for record in &mut records {
        // SML-41, SML-42: each record sees what earlier ones did. SML-45: one that fails stops no other.
        outcomes.push(call.record(txn, record)?);
    }
    let ids = call.write(txn)?;
    Ok(outcomes
        .into_iter()
        .map(|(lead, status)| SyncOutcome {
            lead: lead.number(&ids),
            status,
        })
        .collect())
}

/// Creates or updates one lead (SL-1 to SL-47). Gives the outcome, which is never FAILED (SL-44), and the lead after
/// the call if it is wanted (SL-14).
///
/// # Errors
/// Every refusal of the record is one of the call.
pub fn sync_lead(
    txn: &mut dyn WriteTxn,
    schema: &Schema,
    now: Timestamp,
    input: &SyncLead,
) -> Result<(SyncOutcome, Option<LeadView>), CallError> {
    if input
        .cookie
        .as_deref()
        .is_some_and(|cookie| !cookie.trim().is_empty())
    {
        return Err(CallError::Unsupported("marketoCookie"));
    }
    let workspace = target_workspace(schema, input.workspace.as_deref())?;
    let rules = schema.value_rules();
    let mut record = prepare(schema, &rules, &input.record);
    if record.has_no_key() && !record.has_attributes {
        // SL-20, SL-32.
        return Err(CallError::LeadRecordRequired);
    }
    // SL-18.
    refuse_unknown(std::slice::from_ref(&record))?;
    let manners = Manners {
        email_is_written: true,
        dedup: true,
        keyless: true,
        workspace,
    };
    let mut call = Call::begin(txn, schema, now, manners, std::slice::from_ref(&record))?;
    let (lead, status) = call.record(txn, &mut record)?;
    if let SyncStatus::Failed(error) = status {
        return Err(match error {
            // SL-17.
            RecordError::LeadNotFound(_) => CallError::LeadNotFound {
                key_type: "IDNUM",
                value: record.id.unwrap_or_default().to_string(),
            },
            // SL-21, SL-30, SL-42, SL-43.
            RecordError::LeadSyncFailed(reason) => CallError::LeadSyncFailed(reason),
            error => CallError::LeadSyncFailed(error.to_string()),
        });
    }
    let ids = call.write(txn)?;
    let outcome = SyncOutcome {
        lead: lead.number(&ids),
        status,
    };
    let view = match input.return_lead {
        true => one_view(txn, schema, LeadId(outcome.lead))?,
        false => None,
    };
    Ok((outcome, view))
}

/// SL-18, SML-23: all unknown names of all records, each once.
fn refuse_unknown(records: &[Prepared]) -> Result<(), CallError> {
    let mut names: Vec<String> = Vec::new();
    for name in records.iter().flat_map(|record| &record.unknown) {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    if names.is_empty() {
        Ok(())
    } else {
        Err(CallError::UnknownLeadFields(names))
    }
}

/// The workspace of the context header (SL-23, SL-29, SL-31, CTX-3, CTX-4).
fn target_workspace<'a>(
    schema: &'a Schema,
    name: Option<&str>,
) -> Result<Option<&'a Workspace>, CallError> {
    let Some(name) = name.map(str::trim).filter(|name| !name.is_empty()) else {
        return Ok(None);
    };
    match schema.workspace(name) {
        // Workspaces are off: naming Default says nothing.
        Some(_) if schema.workspaces.len() == 1 => Ok(None),
        Some(workspace) => Ok(Some(workspace)),
        None => {
            let name: String = name.chars().take(64).collect();
            Err(CallError::BadParameter {
                parameter: "targetWorkspace",
                reason: format!("there is no workspace {name}"),
            })
        }
    }
}

/// Where the two calls differ.
#[derive(Debug, Clone, Copy)]
struct Manners<'a> {
    /// An address beside another key is stored (SL-7, SL-8), or is not (SML-5, SML-34, SML-36).
    email_is_written: bool,
    /// Addresses identify (SML-8, SML-9).
    dedup: bool,
    /// A record without a key makes a lead (SL-32), or fails (SML-30).
    keyless: bool,
    /// The workspace that the lead is meant for.
    workspace: Option<&'a Workspace>,
}

/// The lead of an outcome, before ids are given.
#[derive(Debug, Clone, Copy)]
enum Named {
    /// A lead of the working set.
    Lead(LeadRef),
    /// A number that the record gave, or 0 (SML-44).
    Number(i64),
}

impl Named {
    fn number(self, ids: &[LeadId]) -> i64 {
        match self {
            Self::Lead(lead) => ids[lead].0,
            Self::Number(number) => number,
        }
    }
}

/// How a record found its lead.
enum Match {
    /// By id or foreign id.
    Key(LeadRef),
    /// By address.
    Email(LeadRef),
    /// Not at all: a new one is made.
    New,
}

/// A change of history, before ids are given.
enum Event {
    Created(LeadRef, Option<String>),
    Changed(LeadRef, String, Option<String>, Option<String>),
}

struct Call<'a> {
    schema: &'a Schema,
    manners: Manners<'a>,
    now: Timestamp,
    day: String,
    company_key: Option<Arc<Field>>,
    set: WorkingSet,
    events: Vec<Event>,
}

impl<'a> Call<'a> {
    fn begin(
        txn: &mut dyn WriteTxn,
        schema: &'a Schema,
        now: Timestamp,
        manners: Manners<'a>,
        records: &[Prepared],
    ) -> Result<Self, CallError> {
        let company_key = schema
            .lead_fields
            .iter()
            .find(|field| field.company_key)
            .cloned();
        let mut wanted = Wanted::default();
        for record in records {
            if let Some(id) = record.id.filter(|id| (1..=MAX_ID).contains(id)) {
                wanted.ids.push(LeadId(id));
            }
            if let Some(key) = &record.foreign {
                wanted.foreign.extend(candidates(key));
            }
            if let Some(Ok(email)) = &record.email {
                let identifies = record.id.is_none() && record.foreign.is_none() && manners.dedup;
                let adopts = record.foreign.is_some() && schema.rules.adopt_foreign_ids;
                if identifies || adopts {
                    wanted.emails.push(email.to_lowercase());
                }
            }
            if let Some(key) = &company_key {
                let value = record
                    .values
                    .iter()
                    .find(|(field, _)| field.name == key.name);
                wanted
                    .company_keys
                    .extend(value.and_then(|(_, value)| value.clone()));
            }
        }
        let set = WorkingSet::load(txn, wanted, schema.rules.duplicate_email)?;
        // ACT-24: the day in the instance's zone.
        let day = now
            .to_zoned(schema.instance.time_zone.clone())
            .strftime("%Y-%m-%d")
            .to_string();
        Ok(Self {
            schema,
            manners,
            now,
            day,
            company_key,
            set,
            events: Vec::new(),
        })
    }

    /// Decides and applies one record.
    fn record(
        &mut self,
        txn: &mut dyn WriteTxn,
        record: &mut Prepared,
    ) -> Result<(Named, SyncStatus), CallError> {
        let found = match self.find(txn, record)? {
            Ok(found) => found,
            Err(error) => {
                return Ok((
                    Named::Number(record.id.unwrap_or_default()),
                    SyncStatus::Failed(error),
                ));
            }
        };
        let failed = |lead: Named, error: RecordError| Ok((lead, SyncStatus::Failed(error)));
        let named = match found {
            Match::Key(lead) | Match::Email(lead) => Named::Lead(lead),
            Match::New => Named::Number(0),
        };
        if let Some(error) = record.error.take() {
            return failed(named, error);
        }
        match found {
            Match::New => {
                // SML-37: on insert the attribute is what is stored, else the element.
                let element = match record.email.take() {
                    Some(Ok(email)) => Some(email),
                    Some(Err(error)) => return failed(named, error),
                    None => None,
                };
                let email = record.new_email.take().unwrap_or(element);
                Ok((Named::Lead(self.create(record, email)), SyncStatus::Created))
            }
            Match::Key(lead) => {
                if let Some(error) = self.outside_of_workspace(lead) {
                    return failed(named, error);
                }
                if self.manners.email_is_written && record.new_email.is_none() {
                    // SL-7, SL-8, SL-40, SL-41; in a batch the element is not written (SML-5, SML-36).
                    match record.email.take() {
                        Some(Ok(email)) => record.new_email = Some(Some(email)),
                        Some(Err(error)) => return failed(named, error),
                        None => {}
                    }
                }
                self.update(lead, record);
                Ok((named, SyncStatus::Updated))
            }
            // SL-26: by address, the header is ignored.
            Match::Email(lead) => {
                self.update(lead, record);
                Ok((named, SyncStatus::Updated))
            }
        }
    }

    /// Finds the lead of a record: id, foreign id, address, in this order (SML-4, SML-10, DM-SYNC-1).
    fn find(
        &mut self,
        txn: &mut dyn WriteTxn,
        record: &Prepared,
    ) -> Result<Result<Match, RecordError>, CallError> {
        if let Some(id) = record.id {
            // SML-31, SL-17: an unknown id never creates; COM-12: a merged one leads to its winner.
            let lead = self.set.with_id(LeadId(id));
            return Ok(lead
                .map(Match::Key)
                .ok_or_else(|| RecordError::LeadNotFound(format!("IDNUM = {id}"))));
        }
        let email = match &record.email {
            Some(Ok(email)) => Some(email.to_lowercase()),
            // An address that cannot be one finds nobody.
            Some(Err(error)) if record.foreign.is_none() => return Ok(Err(error.clone())),
            _ => None,
        };
        let pick = self.schema.rules.duplicate_email;
        if let Some(key) = &record.foreign {
            if let Some((_, lead)) = self.owner(key) {
                return Ok(Ok(Match::Key(lead)));
            }
            // SML-35, SL-35: no second search by address, unless the switch says so.
            if let Some(email) = email.filter(|_| self.schema.rules.adopt_foreign_ids)
                && let Some(lead) = self.set.with_email(txn, &email, pick)?
            {
                return Ok(Ok(Match::Key(lead)));
            }
            return Ok(Ok(Match::New));
        }
        match email {
            Some(email) if self.manners.dedup => Ok(Ok(self
                .set
                .with_email(txn, &email, pick)?
                .map_or(Match::New, Match::Email))),
            Some(_) => Ok(Ok(Match::New)),
            None if self.manners.keyless => Ok(Ok(Match::New)),
            None => Ok(Err(RecordError::LeadKeyRequired)),
        }
    }

    /// The lead with a foreign id, and the id in full (SL-37).
    fn owner(&self, key: &ForeignKey) -> Option<(ForeignId, LeadRef)> {
        let mut owners =
            candidates(key).filter_map(|id| Some((self.set.with_foreign_id(&id)?, id)));
        let first = owners.next().map(|(lead, id)| (id, lead))?;
        // CUSTOM comes first; any other system counts only if it is one lead's alone.
        let custom = first.0.system == ForeignSystem::Custom;
        (custom || key.system.is_some() || owners.all(|(lead, _)| lead == first.1)).then_some(first)
    }

    /// SL-25, SL-30.
    fn outside_of_workspace(&self, lead: LeadRef) -> Option<RecordError> {
        let workspace = self.manners.workspace?;
        let lead = &self.set.get(lead).lead;
        (lead.partition != workspace.primary_partition).then(|| {
            RecordError::LeadSyncFailed(format!(
                "Lead {} is not in the primary partition of workspace {}",
                lead.id, workspace.name
            ))
        })
    }

    fn create(&mut self, record: &mut Prepared, email: Option<String>) -> LeadRef {
        let website = email.as_deref().and_then(domain);
        let lead = self.set.create(Lead {
            id: LeadId(0),
            email,
            foreign_id: None,
            attrs: Attrs::new(),
            company: CompanyId(0),
            partition: PartitionId(1),
            anonymous: false,
            created_at: self.now,
            updated_at: self.now,
        });
        self.apply_values(lead, std::mem::take(&mut record.values), None, true);
        // DM-NEW-1: where the caller named no source.
        for name in [
            "OriginalSourceType",
            "OriginalSourceInfo",
            "RegistrationSourceType",
            "RegistrationSourceInfo",
        ] {
            self.default_value(lead, name, activities::SOURCE.to_owned());
        }
        // COM-34, SL-22.
        if let Some(website) = website.filter(|_| self.schema.rules.website_from_email) {
            self.default_value(lead, "Website", website);
        }
        self.set.change(lead).partition = self.partition(lead);
        if let Some(key) = &record.foreign {
            self.set.attach(full_id(key), lead);
        }
        let name = self.name(lead);
        self.events.push(Event::Created(lead, name));
        lead
    }

    fn default_value(&mut self, lead: LeadRef, name: &str, value: String) {
        if let Some(field) = self.schema.lead_fields.stored(name)
            && self.set.value(lead, field).is_none()
        {
            self.set.set_value(lead, field, Some(value));
        }
    }

    /// First and last name, if there are any.
    fn name(&self, lead: LeadRef) -> Option<String> {
        let attrs = &self.set.get(lead).lead.attrs;
        let parts: Vec<&str> = ["FirstName", "LastName"]
            .into_iter()
            .filter_map(|name| attrs.get(name))
            .collect();
        (!parts.is_empty()).then(|| parts.join(" "))
    }

    /// Where a new lead goes: the first rule that matches, else the workspace's primary partition (SL-24, SL-27).
    fn partition(&self, lead: LeadRef) -> PartitionId {
        let workspace = self
            .manners
            .workspace
            .or_else(|| self.schema.workspace_by_id(WorkspaceId(1)));
        let matches = |rule: &&AssignmentRule| {
            let meant = rule
                .workspace
                .is_none_or(|id| workspace.is_some_and(|workspace| workspace.id == id));
            let field = self.schema.lead_fields.stored(&rule.field);
            let value = field.and_then(|field| match is_email(field) {
                true => self.set.get(lead).lead.email.as_deref(),
                false => self.set.value(lead, field),
            });
            meant && value.is_some_and(|value| value.to_lowercase() == rule.equals.to_lowercase())
        };
        let rule = self.schema.assignment_rules.iter().find(matches);
        rule.map(|rule| rule.partition)
            .or(workspace.map(|workspace| workspace.primary_partition))
            .unwrap_or(PartitionId(1))
    }

    fn update(&mut self, lead: LeadRef, record: &mut Prepared) {
        self.apply_values(
            lead,
            std::mem::take(&mut record.values),
            record.new_email.take(),
            false,
        );
        if let Some(key) = &record.foreign {
            // SML-4, SML-17, SML-33: the foreign id goes to this lead, unless it has it.
            if self.owner(key).is_none_or(|(_, owner)| owner != lead) {
                self.set.attach(full_id(key), lead);
            }
            self.become_known(lead);
        }
    }

    /// Stores the values of a record; of a lead that existed each change is written down (COM-29, COM-31, COM-32).
    fn apply_values(
        &mut self,
        lead: LeadRef,
        values: Vec<(Arc<Field>, Option<String>)>,
        mut email: Option<Option<String>>,
        is_new: bool,
    ) {
        if let Some(key) = self.company_key.clone()
            && let Some((_, value)) = values.iter().find(|(field, _)| field.name == key.name)
            && (self.set.value(lead, &key) != value.as_deref())
        {
            self.set.move_to_company(lead, value.clone());
        }
        let named = |name: &str| values.iter().any(|(field, _)| field.name.as_ref() == name);
        let resets_invalid = !named("EmailInvalid");
        for (field, value) in values {
            // ACT-21: fields in the order of their names, the address among them.
            if field.name.as_ref() > "Email"
                && let Some(email) = email.take()
            {
                self.apply_email(lead, email, resets_invalid);
            }
            let before = self.set.value(lead, &field);
            // COM-24: a blocked field takes its first value only. COM-32: the same value is no change.
            if before == value.as_deref() || (field.is_update_blocked && before.is_some()) {
                continue;
            }
            let after = value.clone();
            let before = self.set.set_value(lead, &field, value);
            self.changed(lead, is_new, &field, before, after);
            if matches!(field.name.as_ref(), "FirstName" | "LastName") {
                self.become_known(lead);
            }
        }
        if let Some(email) = email {
            self.apply_email(lead, email, resets_invalid);
        }
    }

    fn changed(
        &mut self,
        lead: LeadRef,
        is_new: bool,
        field: &Field,
        before: Option<String>,
        after: Option<String>,
    ) {
        self.set.change(lead).updated_at = self.now;
        if !is_new {
            self.events.push(Event::Changed(
                lead,
                field.display_name.clone(),
                before,
                after,
            ));
        }
    }

    /// SML-6, SML-38, SML-39.
    fn apply_email(&mut self, lead: LeadRef, email: Option<String>, resets_invalid: bool) {
        let Some(field) = self.schema.lead_fields.stored("Email").cloned() else {
            return;
        };
        let current = &self.set.get(lead).lead.email;
        if *current == email || (field.is_update_blocked && current.is_some()) {
            return;
        }
        let before = self.set.set_email(lead, email.clone());
        self.changed(lead, false, &field, before, email);
        self.become_known(lead);
        // DM-VAL-11: a new address is not known to be invalid.
        if let Some(invalid) = self.schema.lead_fields.stored("EmailInvalid").cloned()
            && resets_invalid
            && self.set.value(lead, &invalid) == Some("1")
        {
            let before = self.set.set_value(lead, &invalid, Some("0".to_owned()));
            self.changed(lead, false, &invalid, before, Some("0".to_owned()));
        }
    }

    /// DM-LEAD-2, SML-52.
    fn become_known(&mut self, lead: LeadRef) {
        if self.set.get(lead).lead.anonymous {
            self.set.change(lead).anonymous = false;
        }
    }

    /// Writes all leads, then what happened to them. Gives the ids by place.
    fn write(self, txn: &mut dyn WriteTxn) -> Result<Vec<LeadId>, CallError> {
        let ids = self.set.write(txn)?;
        let (now, day) = (self.now, self.day);
        let history: Vec<NewActivity> = self
            .events
            .into_iter()
            .map(|event| match event {
                // COM-30, COM-33, SML-53.
                Event::Created(lead, name) => {
                    activities::new_lead(ids[lead], now, name, day.clone())
                }
                Event::Changed(lead, field, old, new) => {
                    activities::change_data_value(ids[lead], now, &field, old, new)
                }
            })
            .collect();
        txn.append_activities(&history)?;
        Ok(ids)
    }
}

/// The ids that a key may mean: without a system CUSTOM first, then the others (SL-37, SML-50).
fn candidates(key: &ForeignKey) -> impl Iterator<Item = ForeignId> + '_ {
    [
        ForeignSystem::Custom,
        ForeignSystem::Sfdc,
        ForeignSystem::Netsuite,
    ]
    .into_iter()
    .filter(|system| key.system.is_none_or(|named| named == *system))
    .map(|system| ForeignId {
        system,
        value: key.value.clone(),
    })
}

/// The id that is attached: CUSTOM where no system is named (SL-9, DM-FSID-3).
fn full_id(key: &ForeignKey) -> ForeignId {
    ForeignId {
        system: key.system.unwrap_or(ForeignSystem::Custom),
        value: key.value.clone(),
    }
}

/// The text after the last `@`, in lower case (DM-NEW-2).
fn domain(email: &str) -> Option<String> {
    let (_, domain) = email.rsplit_once('@')?;
    (!domain.is_empty()).then(|| domain.to_lowercase())
}
