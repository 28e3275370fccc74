//! `leadkeep apply`: brings the structure of an instance to what a TOML file says.
//!
//! [`parse`] reads the file, [`apply`] compares it with what is stored and writes the differences in the caller's
//! transaction. A key that the file does not name keeps what is stored; in a new thing it is the default (PRV-5). Lists
//! inside a table (fields, statuses, costs) are said in full: a key that one of their items does not name is its
//! default. Server configuration and records are not in the file (PRV-8). The
//! tables of later capabilities, like `[[rest_service]]`, are unknown keys until then (PRV-30).

mod campaigns;
mod channels;
mod custom_objects;
mod error;
mod export;
mod fields;
mod links;
mod lists;
mod plan;
mod programs;
mod reader;
mod report;
mod settings;
mod steps;
#[cfg(test)]
mod tests;
mod toml_text;
mod users;
mod workspaces;

pub use error::{ApplyError, ProvisionError};
pub use export::{all_programs, export, link_text};
pub use fields::TYPES as FIELD_TYPES;
pub(crate) use reader::is_name;
pub use report::{GeneratedKey, Report};
pub use toml_text::quoted;
pub use users::{UserError, user_add, user_revoke, user_rotate};

use crate::schema::{Schema, names};
use crate::store::WriteTxn;
use error::Errors;
use jiff::{SignedDuration, Timestamp};
use plan::{Kind, Plan};
use std::collections::HashSet;

/// A file that was read. What is wrong with it beyond the form of TOML is reported by [`apply`], together with
/// everything that only the store knows.
#[derive(Debug, Clone)]
pub struct Provision {
    settings: settings::Settings,
    users: Vec<users::UserTable>,
    workspaces: Vec<workspaces::WorkspaceTable>,
    assignment_rules: Option<Vec<workspaces::RuleTable>>,
    fields: Vec<fields::FieldTable>,
    custom_objects: Vec<custom_objects::ObjectTable>,
    channels: Vec<channels::ChannelTable>,
    tags: Vec<channels::TagTable>,
    programs: Vec<programs::ProgramTable>,
    lists: Vec<lists::ListTable>,
    campaigns: Vec<campaigns::CampaignTable>,
    declared: Declared,
    errors: Vec<ProvisionError>,
}

impl Provision {
    /// How many keys [`apply`] may ask for: as many as there are users without one.
    pub fn keys_needed(&self) -> usize {
        self.users.iter().filter(|user| user.needs_key()).count()
    }
}

/// The names that the file declares, also in tables that are wrong: references to them are not reported again.
#[derive(Debug, Clone, Default)]
struct Declared(HashSet<(Kind, String)>);

impl Declared {
    fn add(&mut self, kind: Kind, name: &str) {
        self.0.insert((kind, names::folded(name)));
    }

    fn contains(&self, kind: Kind, name: &str) -> bool {
        self.0.contains(&(kind, names::folded(name)))
    }
}

/// How a file is applied.
#[derive(Debug, Clone, Default)]
pub struct ApplyOptions {
    /// Report only; nothing is written (PRV-2).
    pub dry_run: bool,
    /// Also bring what calls may have changed since to the file's state (PRV-4).
    pub overwrite: bool,
    /// How long the old key of a user stays valid beside a new one (AUT-13).
    pub key_overlap: SignedDuration,
}

/// Reads the text of a provisioning file. It may come from a hostile hand: no text makes this fail in another way than
/// by errors.
///
/// # Errors
/// When the text is no TOML.
pub fn parse(text: &str) -> Result<Provision, Vec<ProvisionError>> {
    // An editor of Windows may have put a byte order mark in front.
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let document = reader::document(text)?;
    let source = reader::Source::new(text);
    let root = reader::Table::root(&source, &document);
    let mut declared = Declared::default();
    let mut provision = Provision {
        settings: settings::read(&root),
        users: users::read(&root),
        workspaces: workspaces::read(&root, &mut declared),
        assignment_rules: workspaces::read_rules(&root),
        fields: fields::read(&root, &mut declared),
        custom_objects: custom_objects::read(&root, &mut declared),
        channels: channels::read(&root, &mut declared),
        tags: channels::read_tags(&root, &mut declared),
        programs: programs::read(&root, &mut declared),
        lists: lists::read(&root, &mut declared),
        campaigns: campaigns::read(&root, &mut declared),
        declared: Declared::default(),
        errors: Vec::new(),
    };
    root.finish();
    provision.declared = declared;
    provision.errors = source.into_errors();
    Ok(provision)
}

/// Brings what is stored to what the file says, in the caller's transaction: all of it, or nothing if the caller rolls
/// back on an error (PRV-1). Applied again it changes nothing (PRV-2). Nothing is removed, and what would lose or
/// re-interpret data is refused (PRV-5).
///
/// `schema` is that of the transaction; `now` becomes the time of all changes; `new_key` gives a fresh random key of 40
/// characters for a user without one.
///
/// # Errors
/// [`ApplyError::Refused`] with everything that is wrong, by line; [`ApplyError::Store`] when the store fails.
pub fn apply(
    txn: &mut dyn WriteTxn,
    schema: &Schema,
    now: Timestamp,
    provision: &Provision,
    options: &ApplyOptions,
    new_key: &mut dyn FnMut() -> String,
) -> Result<Report, ApplyError> {
    let mut plan = Plan::new(txn, schema, now, options, &provision.declared)?;
    plan.errors = Errors(provision.errors.clone());
    // Fields first: rules, lead keys, links and steps name them. Then as things contain each other.
    fields::apply(&mut plan, &provision.fields)?;
    settings::apply(&mut plan, &provision.settings)?;
    users::apply(&mut plan, &provision.users, new_key)?;
    workspaces::apply(&mut plan, &provision.workspaces)?;
    workspaces::apply_rules(&mut plan, provision.assignment_rules.as_deref())?;
    custom_objects::apply(&mut plan, &provision.custom_objects)?;
    links::check_targets(&mut plan, &provision.fields, &provision.custom_objects);
    channels::apply(&mut plan, &provision.channels)?;
    channels::apply_tags(&mut plan, &provision.tags)?;
    programs::apply(&mut plan, &provision.programs)?;
    lists::apply(&mut plan, &provision.lists)?;
    campaigns::apply(&mut plan, &provision.campaigns)?;
    plan.finish()
}
