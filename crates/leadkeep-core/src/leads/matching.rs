//! Finding the lead of a record.

use super::batch::Batch;
use super::input::ForeignKey;
use super::prepare::Prepared;
use super::working::LeadRef;
use crate::error::RecordError;
use crate::ids::LeadId;
use crate::store::{ForeignId, ForeignSystem};

/// How a record found its lead.
#[derive(Debug, Clone, Copy)]
pub(super) enum Match {
    /// By id or foreign id.
    Key(LeadRef),
    /// By address.
    Email(LeadRef),
    /// Not by the record's keys, but its cookie has an anonymous owner, who becomes the lead (SL-34).
    Visitor(LeadRef),
    /// Not at all: a new one is made (SL-1).
    New,
}

const SYSTEMS: [ForeignSystem; 3] = [
    ForeignSystem::Custom,
    ForeignSystem::Sfdc,
    ForeignSystem::Netsuite,
];

impl Batch<'_> {
    /// By id, else by foreign id, else by address (SL-2, SL-4, SL-6, SML-2, SML-4, SML-10, DM-SYNC-1). All but addresses
    /// are unique (SL-3, DM-LEAD-4). What was found once is found again, so that a call can be repeated (COM-41, SML-55).
    ///
    /// A cookie identifies only when it stands alone (SL-33, DM-SYNC-1).
    pub(super) fn find(&self, record: &Prepared) -> Result<Match, RecordError> {
        let visitor = self.manners.visitor.and_then(|id| self.set.with_id(id));
        match (self.find_by_keys(record)?, visitor) {
            (Match::New, Some(visitor)) if record.has_no_key() => Ok(Match::Key(visitor)),
            (Match::New, Some(visitor)) if self.set.get(visitor).anonymous => {
                Ok(Match::Visitor(visitor))
            }
            (found, _) => Ok(found),
        }
    }

    fn find_by_keys(&self, record: &Prepared) -> Result<Match, RecordError> {
        if let Some(id) = record.id {
            // SML-31, SL-17, SL-39: an unknown id never creates. COM-12: a merged one leads to its winner.
            let lead = self.set.with_id(LeadId(id));
            return lead
                .map(Match::Key)
                .ok_or_else(|| RecordError::LeadNotFound(format!("IDNUM = {id}")));
        }
        if let Some(key) = &record.foreign {
            // SL-7, SML-40: whatever the flag says.
            if let Some(lead) = self.owner(key) {
                return Ok(Match::Key(lead));
            }
            // SML-35, SL-35, DM-SYNC-2: no second search by address, unless the switch says so.
            let adopts = self.schema.rules.adopt_foreign_ids && self.manners.dedup;
            let email = record.email.as_ref().and_then(|email| email.as_ref().ok());
            let lead = email
                .filter(|_| adopts)
                .and_then(|email| self.with_email(&email.folded));
            return Ok(lead.map_or(Match::New, Match::Email));
        }
        match &record.email {
            Some(Err(error)) => Err(error.clone()),
            // SL-12, SML-8, SML-11.
            Some(Ok(email)) if self.manners.dedup => Ok(self
                .with_email(&email.folded)
                .map_or(Match::New, Match::Email)),
            // SML-9: duplicates are meant.
            Some(Ok(_)) => Ok(Match::New),
            None if self.manners.keyless => Ok(Match::New),
            None => Err(RecordError::LeadKeyRequired),
        }
    }

    /// Of the leads of all partitions (DM-WSP-6).
    fn with_email(&self, folded: &str) -> Option<LeadRef> {
        self.set
            .with_email(folded, self.schema.rules.duplicate_email)
    }

    /// The lead that has a foreign id. One without a type is CUSTOM, else that of any type if exactly one lead has it
    /// (SL-37, DM-FSID-3).
    pub(super) fn owner(&self, key: &ForeignKey) -> Option<LeadRef> {
        let with = |system| self.set.with_foreign_id(system, &key.value);
        match key.system {
            Some(system) => with(system),
            None => with(ForeignSystem::Custom).or_else(|| {
                let [_, others @ ..] = SYSTEMS;
                let mut owners = others.into_iter().filter_map(with);
                let first = owners.next()?;
                owners.all(|lead| lead == first).then_some(first)
            }),
        }
    }
}

/// The foreign ids that a key may mean.
pub(super) fn candidates(key: &ForeignKey) -> impl Iterator<Item = ForeignId> + '_ {
    let meant = move |system: &ForeignSystem| key.system.is_none_or(|named| named == *system);
    SYSTEMS
        .into_iter()
        .filter(meant)
        .map(|system| foreign_id(key, system))
}

/// The foreign id that is given to a lead: CUSTOM where no type is named (SL-9, SML-50, DM-FSID-3).
pub(super) fn given_id(key: &ForeignKey) -> ForeignId {
    foreign_id(key, key.system.unwrap_or(ForeignSystem::Custom))
}

fn foreign_id(key: &ForeignKey, system: ForeignSystem) -> ForeignId {
    ForeignId {
        system,
        value: key.value.clone(),
    }
}
