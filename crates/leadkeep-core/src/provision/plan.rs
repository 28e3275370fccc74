//! What an application of a file works on: the state that it leads to, and all that must be written to get there.

use super::error::{ApplyError, Errors, Place};
use super::export::all_programs;
use super::report::Report;
use super::{ApplyOptions, Declared};
use crate::ids::{ListId, ProgramId};
use crate::schema::{Exposure, FieldBody, Schema, definition, same_name};
use crate::store::{
    Cost, Definition, DefinitionKind, FieldIndex, Program, Sequence, StaticList, StoreError,
    WriteTxn,
};
use jiff::Timestamp;
use serde::Serialize;
use std::collections::BTreeMap;

/// The plan. `schema`, `programs` and `lists` start as what is stored and become what the file says; references are
/// looked up in them, so that tables may refer to each other in any order (PRV-7).
pub(super) struct Plan<'a> {
    pub(super) txn: &'a mut dyn WriteTxn,
    pub(super) now: Timestamp,
    pub(super) options: &'a ApplyOptions,
    pub(super) declared: &'a Declared,
    pub(super) schema: Schema,
    pub(super) programs: BTreeMap<ProgramId, Program>,
    pub(super) lists: BTreeMap<ListId, StaticList>,
    pub(super) errors: Errors,
    pub(super) report: Report,
    pub(super) writes: Writes,
    placeholder: i64,
}

/// What is written at the end, in a constant number of calls.
#[derive(Default)]
pub(super) struct Writes {
    pub(super) definitions: Vec<Definition>,
    pub(super) new_programs: Vec<ProgramId>,
    pub(super) changed_programs: Vec<ProgramId>,
    pub(super) costs: Vec<(ProgramId, Cost)>,
    pub(super) lists: Vec<ListId>,
    pub(super) indexes: Vec<FieldIndex>,
}

impl<'a> Plan<'a> {
    pub(super) fn new(
        txn: &'a mut dyn WriteTxn,
        schema: &Schema,
        now: Timestamp,
        options: &'a ApplyOptions,
        declared: &'a Declared,
    ) -> Result<Self, StoreError> {
        let programs = all_programs(txn)?;
        let programs = programs.into_iter().map(|program| (program.id, program));
        let lists = txn.static_lists()?;
        Ok(Self {
            txn,
            now,
            options,
            declared,
            schema: schema.clone(),
            programs: programs.collect(),
            lists: lists.into_iter().map(|list| (list.id, list)).collect(),
            errors: Errors::default(),
            report: Report::default(),
            writes: Writes::default(),
            placeholder: 0,
        })
    }

    /// The next id of a sequence. A dry run takes none: there it is a number that no row has.
    pub(super) fn next_id(&mut self, sequence: Sequence) -> Result<i64, StoreError> {
        if !self.options.dry_run
            && let Some(id) = self.txn.allocate(sequence, 1)?.first()
        {
            return Ok(*id);
        }
        self.placeholder -= 1;
        Ok(self.placeholder)
    }

    /// Keeps an id of the file from being given again.
    pub(super) fn reserve(&mut self, sequence: Sequence, id: i64) -> Result<(), StoreError> {
        if self.options.dry_run {
            return Ok(());
        }
        self.txn.reserve(sequence, id)
    }

    /// Notes a definition to be written.
    pub(super) fn define(
        &mut self,
        kind: DefinitionKind,
        name: String,
        body: &impl Serialize,
    ) -> Result<(), StoreError> {
        let definition = definition(kind, name, body, self.now)?;
        self.writes.definitions.push(definition);
        Ok(())
    }

    /// A reference that names nothing (PRV-7). If the file declares the name in a table that is itself wrong, that is
    /// said already.
    pub(super) fn unknown<'n>(
        &mut self,
        place: &Place,
        what: Kind,
        name: &str,
        known: impl IntoIterator<Item = &'n str>,
    ) {
        if !self.declared.contains(what, name) {
            self.errors.unknown(place, what.as_str(), name, known);
        }
    }

    /// A lead field that does not exist.
    pub(super) fn unknown_lead_field(&mut self, place: &Place, name: &str) {
        let fields = self.schema.lead_fields.clone();
        let known = fields
            .iter()
            .filter(|field| field.exposure != Exposure::Internal);
        self.unknown(
            place,
            Kind::LeadField,
            name,
            known.map(|field| field.name.as_ref()),
        );
    }

    /// An opportunity field that does not exist.
    pub(super) fn unknown_opportunity_field(&mut self, place: &Place, name: &str) {
        let fields = self.schema.opportunity_fields.clone();
        let known = fields
            .iter()
            .filter(|field| field.exposure != Exposure::Internal);
        self.unknown(
            place,
            Kind::OpportunityField,
            name,
            known.map(|field| field.name.as_ref()),
        );
    }

    /// What would lose or re-interpret data (PRV-5).
    pub(super) fn refuse(
        &mut self,
        place: &Place,
        stored: impl std::fmt::Display,
        reason: &str,
        got: impl Into<String>,
    ) {
        self.errors
            .push(place, format!("{stored}, as it is stored: {reason}"), got);
    }

    /// The program with a name.
    pub(super) fn program(&self, name: &str) -> Option<&Program> {
        self.programs
            .values()
            .find(|program| same_name(&program.name, name))
    }

    /// The custom fields of the plan, with the time of their last change.
    pub(super) fn custom_fields(&self) -> Vec<(FieldBody, Timestamp)> {
        let schema = &self.schema;
        schema
            .lead_fields
            .iter()
            .chain(schema.opportunity_fields.iter())
            .chain(schema.role_fields.iter())
            .filter(|field| field.custom)
            .map(|field| (FieldBody::of(field), field.updated_at))
            .collect()
    }

    /// Writes everything, unless something is wrong or this is a dry run (PRV-1, PRV-2).
    pub(super) fn finish(self) -> Result<Report, ApplyError> {
        if !self.errors.0.is_empty() {
            return Err(ApplyError::Refused(self.errors.sorted()));
        }
        if self.options.dry_run {
            return Ok(self.report);
        }
        let Self {
            txn,
            programs,
            lists,
            writes,
            report,
            ..
        } = self;
        let rows = |ids: &[ProgramId]| -> Vec<Program> {
            let found = ids.iter().filter_map(|id| programs.get(id));
            found.cloned().collect()
        };
        if !writes.definitions.is_empty() {
            txn.put_definitions(&writes.definitions)?;
        }
        if !writes.new_programs.is_empty() {
            txn.insert_programs(&rows(&writes.new_programs))?;
        }
        if !writes.changed_programs.is_empty() {
            txn.update_programs(&rows(&writes.changed_programs))?;
        }
        if !writes.costs.is_empty() {
            txn.put_costs(&writes.costs)?;
        }
        if !writes.lists.is_empty() {
            let changed: Vec<StaticList> = writes
                .lists
                .iter()
                .filter_map(|id| lists.get(id).cloned())
                .collect();
            txn.put_static_lists(&changed)?;
        }
        for index in &writes.indexes {
            txn.ensure_index(index)?;
        }
        Ok(report)
    }
}

/// What references name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    Workspace,
    Partition,
    LeadField,
    OpportunityField,
    CustomObject,
    Channel,
    Tag,
    Program,
    List,
    Campaign,
}

impl Kind {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Workspace => "the name of a workspace",
            Self::Partition => "the name of a partition",
            Self::LeadField => "the name of a lead field",
            Self::OpportunityField => "the name of an opportunity field",
            Self::CustomObject => "the name of a custom object type",
            Self::Channel => "the name of a channel",
            Self::Tag => "a tag type",
            Self::Program => "the name of a program",
            Self::List => "the name of a static list",
            Self::Campaign => "the id or the name of a campaign",
        }
    }
}
