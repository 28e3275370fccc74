//! How opportunities, roles and programs are given (GMO-12 to GMO-20, GMO-24, GMO-25).

use super::input::{ExternalKey, MObjectType};
use crate::attrs::Attrs;
use crate::schema::{FieldSet, Schema};
use crate::store::{Opportunity, Program, Role};
use crate::value;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// An object as it is written.
#[derive(Debug, Clone, PartialEq)]
pub struct MObjectView {
    /// Its type.
    pub object: MObjectType,
    /// Its number.
    pub id: i64,
    /// The external key of the query, if it had one (GMO-24).
    pub external_key: Option<ExternalKey>,
    /// When it was made; not of programs (GMO-17).
    pub created_at: Option<Timestamp>,
    /// When it was last changed; not of programs.
    pub updated_at: Option<Timestamp>,
    /// Names and values, in order.
    pub attributes: Vec<(String, String)>,
    /// Tags, tokens and costs (GMO-12).
    pub typed: Vec<(&'static str, Vec<(&'static str, String)>)>,
    /// Type and number of what it is linked to (GMO-25).
    pub associations: Vec<(&'static str, i64)>,
}

/// Attributes with a value, by name; with `more` that are no attributes of the row (GMO-24, DM-OPP-11).
fn attributes(
    fields: &FieldSet,
    zone: &TimeZone,
    attrs: &Attrs,
    more: Vec<(String, String)>,
) -> Vec<(String, String)> {
    let stored = attrs.iter().filter_map(|(name, canonical)| {
        let field = fields.stored(name)?;
        Some((
            name.to_string(),
            value::write(field.data_type, canonical, zone).into_owned(),
        ))
    });
    let mut all: Vec<_> = stored.chain(more).collect();
    all.sort_by_cached_key(|(name, _)| name.to_lowercase());
    all
}

pub(super) fn deal_view(
    schema: &Schema,
    zone: &TimeZone,
    row: Opportunity,
    key: Option<&ExternalKey>,
) -> MObjectView {
    MObjectView {
        object: MObjectType::Opportunity,
        id: row.id.0,
        external_key: key.cloned(),
        created_at: Some(row.created_at),
        updated_at: Some(row.updated_at),
        attributes: attributes(&schema.opportunity_fields, zone, &row.attrs, Vec::new()),
        typed: Vec::new(),
        associations: row
            .company
            .map(|company| ("Company", company.0))
            .into_iter()
            .collect(),
    }
}

pub(super) fn role_view(schema: &Schema, zone: &TimeZone, row: Role) -> MObjectView {
    let more = vec![
        ("OpportunityId".to_owned(), row.opportunity.to_string()),
        ("PersonId".to_owned(), row.lead.to_string()),
    ];
    MObjectView {
        object: MObjectType::OpportunityPersonRole,
        id: row.id.0,
        external_key: None,
        created_at: Some(row.created_at),
        updated_at: Some(row.updated_at),
        attributes: attributes(&schema.role_fields, zone, &row.attrs, more),
        typed: Vec::new(),
        associations: vec![("Lead", row.lead.0), ("Opportunity", row.opportunity.0)],
    }
}

/// GMO-8, GMO-9, GMO-12 to GMO-20, DM-PRG-1, DM-PRG-7.
pub(super) fn program_view(schema: &Schema, row: Program, details: bool) -> MObjectView {
    let workspace = schema.workspace(&row.workspace);
    let mut attributes = vec![
        ("Name".to_owned(), row.name.clone()),
        ("Type".to_owned(), row.program_type.clone()),
        (
            "Workspace Id".to_owned(),
            workspace.map_or(1, |workspace| workspace.id.0).to_string(),
        ),
        (
            "Workspace Name".to_owned(),
            workspace.map_or(row.workspace.clone(), |workspace| workspace.name.clone()),
        ),
        ("Tree Path".to_owned(), tree_path(&row)),
        ("Is Archived".to_owned(), row.archived.to_string()),
    ];
    // GMO-19: as they are kept.
    attributes.extend(row.start.map(|start| ("Start Date".to_owned(), start)));
    attributes.extend(row.end.map(|end| ("End Date".to_owned(), end)));
    let mut typed = Vec::new();
    if details {
        // GMO-13: the channel first.
        typed.push((
            "Tag",
            vec![("Type", "Channel".to_owned()), ("Value", row.channel)],
        ));
        typed.extend(
            row.tags
                .into_iter()
                .map(|(kind, value)| ("Tag", vec![("Type", kind), ("Value", value)])),
        );
        // GMO-14.
        typed.extend(
            row.tokens
                .into_iter()
                .map(|(name, value)| ("Token", vec![("Name", name), ("Value", value)])),
        );
        // GMO-15, SMO-21.
        typed.extend(row.costs.into_iter().map(|cost| {
            let mut attributes = vec![
                ("Id", cost.id.to_string()),
                ("Month", cost.month),
                ("Amount", cost.amount),
            ];
            attributes.extend(cost.note.map(|note| ("Note", note)));
            ("Cost", attributes)
        }));
    }
    MObjectView {
        object: MObjectType::Program,
        id: row.id.0,
        external_key: None,
        created_at: None,
        updated_at: None,
        attributes,
        typed,
        associations: Vec::new(),
    }
}

/// Folder and name (DM-PRG-3).
pub(super) fn tree_path(program: &Program) -> String {
    format!("{}/{}", program.folder.trim_end_matches('/'), program.name)
}
