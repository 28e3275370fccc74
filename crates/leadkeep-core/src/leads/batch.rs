//! One call at work: what it knows, and what becomes of each record.

use super::events::Event;
use super::input::SyncStatus;
use super::matching::{Match, candidates};
use super::prepare::{Address, Prepared};
use super::values::is_email;
use super::working::{LeadRef, Wanted, WorkingSet};
use crate::activities::Origin;
use crate::error::{CallError, RecordError};
use crate::ids::LeadId;
use crate::schema::{Field, FieldPlace, Schema, SourceObject, Workspace};
use crate::store::WriteTxn;
use jiff::Timestamp;
use std::sync::Arc;

/// The highest lead id (DM-GEN-1).
const MAX_ID: i64 = i32::MAX as i64;

/// Where the two calls differ.
#[derive(Debug, Clone, Copy)]
pub(super) struct Manners<'a> {
    /// An address beside another key is stored (SL-7, SL-8), or is not (SML-5, SML-34, SML-36).
    pub(super) email_is_written: bool,
    /// Addresses identify (SML-7, SML-8, SML-9).
    pub(super) dedup: bool,
    /// A record without a key makes a lead (SL-32), or fails (SML-3, SML-30, DM-LEAD-3).
    pub(super) keyless: bool,
    /// The workspace that the lead is meant for (SL-23).
    pub(super) workspace: Option<&'a Workspace>,
    /// Who writes.
    pub(super) origin: &'a Origin,
    /// Who has the cookie of the call (SL-33, SL-34).
    pub(super) visitor: Option<LeadId>,
}

/// The lead of an outcome, before ids are given.
#[derive(Debug, Clone, Copy)]
pub(super) enum Named {
    /// A lead of the working set.
    Lead(LeadRef),
    /// A number that the record gave, or 0 (SML-44).
    Number(i64),
}

impl Named {
    /// The number in the answer.
    pub(super) fn number(self, ids: &[LeadId]) -> i64 {
        match self {
            Self::Lead(lead) => ids[lead].0,
            Self::Number(number) => number,
        }
    }
}

/// A call that has read all that it needs, and decides record by record in memory.
pub(super) struct Batch<'a> {
    pub(super) schema: &'a Schema,
    pub(super) manners: Manners<'a>,
    /// The time of the call, in whole seconds as it is kept, so that a record cannot tell an earlier record of its call
    /// from an earlier call.
    pub(super) now: Timestamp,
    pub(super) fields: Fields<'a>,
    pub(super) set: WorkingSet,
    pub(super) events: Vec<Event<'a>>,
}

/// Fields that rules of leads name.
pub(super) struct Fields<'a> {
    pub(super) email: Option<&'a Arc<Field>>,
    pub(super) email_invalid: Option<&'a Arc<Field>>,
    pub(super) website: Option<&'a Arc<Field>>,
    /// Those that say where a lead came from, with what they say (DM-NEW-1), in the order of their names.
    pub(super) sources: Vec<(FieldPlace, &'a str)>,
}

impl<'a> Batch<'a> {
    /// Reads all that the records name. Stores run writes as if one came after the other, so that nobody else makes a
    /// lead of the same key before this call has written (COM-40).
    pub(super) fn begin(
        txn: &mut dyn WriteTxn,
        schema: &'a Schema,
        now: Timestamp,
        manners: Manners<'a>,
        records: &[Prepared],
    ) -> Result<Self, CallError> {
        let mut wanted = Wanted::default();
        wanted.ids.extend(manners.visitor);
        for record in records {
            want(&mut wanted, schema, manners, record);
        }
        let field = |name| schema.lead_fields.stored(name);
        let (kind, info) = manners.origin.lead_source();
        let sources = [
            ("OriginalSourceType", kind),
            ("OriginalSourceInfo", info),
            ("RegistrationSourceType", kind),
            ("RegistrationSourceInfo", info),
        ];
        let place = |(name, source)| Some((schema.lead_fields.stored_place(name)?, source));
        let mut sources: Vec<_> = sources.into_iter().filter_map(place).collect();
        sources.sort_by_key(|(place, _)| schema.lead_fields.exact_rank(*place));
        Ok(Self {
            schema,
            manners,
            now: Timestamp::from_second(now.as_second()).unwrap_or(now),
            fields: Fields {
                email: field("Email"),
                email_invalid: field("EmailInvalid"),
                website: field("Website"),
                sources,
            },
            set: WorkingSet::load(txn, wanted, schema.rules.duplicate_email)?,
            events: Vec::with_capacity(records.len()),
        })
    }

    /// Decides and applies one record, with attributes or without (SL-45, SML-46). One that fails leaves no trace
    /// (SML-43).
    pub(super) fn record(&mut self, record: &mut Prepared) -> (Named, SyncStatus) {
        let found = match self.find(record) {
            Ok(found) => found,
            Err(error) => {
                let named = Named::Number(record.id.unwrap_or_default());
                return (named, SyncStatus::Failed(error));
            }
        };
        let named = match found {
            Match::Key(lead) | Match::Email(lead) | Match::Visitor(lead) => Named::Lead(lead),
            Match::New => Named::Number(0),
        };
        match self.apply(found, record) {
            Ok((lead, status)) => (Named::Lead(lead), status),
            // SML-44: the matched lead.
            Err(error) => (named, SyncStatus::Failed(error)),
        }
    }

    /// Whether the lead that was found has a value of a field already, which stays if the field is blocked for updates.
    fn is_kept(&self, found: Match, place: FieldPlace) -> bool {
        let (Match::Key(lead) | Match::Email(lead) | Match::Visitor(lead)) = found else {
            return false;
        };
        let field = self.schema.lead_fields.at(place);
        match is_email(field) {
            true => self.set.get(lead).email.is_some(),
            false => self.set.value(lead, field).is_some(),
        }
    }

    /// Nothing changes before the last thing that can fail has been looked at.
    fn apply(
        &mut self,
        found: Match,
        record: &mut Prepared,
    ) -> Result<(LeadRef, SyncStatus), RecordError> {
        if let Some(error) = record.error.take() {
            return Err(error);
        }
        let blocked = std::mem::take(&mut record.values.blocked);
        if let Some((_, error)) = blocked
            .into_iter()
            .find(|(place, _)| !self.is_kept(found, *place))
        {
            return Err(error);
        }
        match found {
            Match::New => {
                // SML-35: also beside a foreign id. SML-37, SL-40: the attribute is what is stored, else the element.
                let element = record.email.take().transpose()?;
                let attribute = record.values.email.take();
                let email = attribute.map_or(element, |email| email.map(Address::new));
                Ok((self.create(record, email), SyncStatus::Created))
            }
            Match::Key(lead) | Match::Visitor(lead) => {
                match found {
                    // SL-34: nobody was there before, so it goes where a new lead would go.
                    Match::Visitor(_) => self.set.change(lead).partition = self.partition(lead),
                    _ => self.must_be_in_workspace(lead)?,
                }
                if self.manners.email_is_written && record.values.email.is_none() {
                    // SL-7, SL-8, SL-41. In a batch the element has no effect (SML-5, SML-34, SML-36).
                    let element = record.email.take().transpose()?;
                    record.values.email = element.map(|email| Some(email.text));
                }
                self.update(lead, record);
                // SL-11, DM-COOK-3: whoever is synced by a cookie is known from then on.
                if self.manners.visitor.is_some() {
                    self.become_known(lead);
                }
                Ok((lead, SyncStatus::Updated))
            }
            // SL-26: a lead found by its address is updated where it is.
            Match::Email(lead) => {
                self.update(lead, record);
                Ok((lead, SyncStatus::Updated))
            }
        }
    }
}

/// Collects what must be read for a record.
fn want(wanted: &mut Wanted, schema: &Schema, manners: Manners<'_>, record: &Prepared) {
    let email = record.email.as_ref().and_then(|email| email.as_ref().ok());
    let mut finds_by_email = false;
    if let Some(id) = record.id {
        if (1..=MAX_ID).contains(&id) {
            wanted.ids.push(LeadId(id));
        }
    } else if manners.dedup && (record.foreign.is_none() || schema.rules.adopt_foreign_ids) {
        finds_by_email = record.foreign.is_none();
        wanted
            .emails
            .extend(email.map(|email| email.folded.clone()));
    }
    if let Some(key) = &record.foreign {
        wanted.foreign.extend(candidates(key));
    }
    // A record that finds its lead by the address that it also writes takes it away from nobody.
    let new = record.values.email.as_ref().map(Option::as_deref);
    let keeps = |new: Option<&str>| {
        let (Some(new), Some(email)) = (new, email) else {
            return false;
        };
        finds_by_email && new.to_lowercase() == *email.folded
    };
    let element = manners.email_is_written && !finds_by_email && email.is_some();
    if element || new.is_some_and(|new| !keeps(new)) {
        match email.filter(|_| finds_by_email) {
            Some(email) => wanted.addresses_taken.push(email.folded.clone()),
            None => wanted.address_changes += 1,
        }
    }
    for (place, value) in &record.values.fields {
        let field = schema.lead_fields.at(*place);
        let is_key = |key: &Arc<Field>| field.name == key.name;
        if schema.company_key.as_ref().is_some_and(is_key) {
            wanted.companies = true;
            wanted.company_keys.extend(value.clone());
        }
        wanted.companies |= field.source == SourceObject::Company;
    }
}
