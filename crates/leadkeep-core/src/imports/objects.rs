//! Rows of files as opportunities, roles, and records of custom objects, by the rules of syncMObjects and
//! syncCustomObjects (UPSERT).

use super::plan::is_null;
use super::report::ImportColumn;
use super::rows::{cells, is_blank};
use crate::custom_objects::{
    MAX_RECORDS, RecordInput, RecordStatus, object_type, sync_custom_objects,
};
use crate::error::CallError;
use crate::mobjects::{
    Association, ExternalKey, MAX_OBJECTS, MObjectInput, MObjectStatus, MObjectType, SyncOperation,
    fields_of, sync_mobjects,
};
use crate::schema::{CustomObject, Field, FieldSet, ObjectField, Schema, WriteRule};
use crate::store::WriteTxn;
use crate::value::fold_text;
use jiff::Timestamp;
use std::sync::Arc;

/// Rows of one call of [`ObjectImport::apply`] at the most: those of one call of the API.
pub const OBJECT_ROWS: usize = if MAX_OBJECTS < MAX_RECORDS {
    MAX_OBJECTS
} else {
    MAX_RECORDS
};

/// What rows are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ObjectKind {
    /// Opportunities, found by this field, or by their numbers.
    Opportunities(Option<String>),
    /// Roles, found by their opportunity, their lead and their name.
    Roles,
    /// Records of a type, found by its dedupe fields.
    Records(String),
}

/// An import of objects: what its columns mean.
#[derive(Debug)]
pub struct ObjectImport {
    target: Target,
    /// Which columns say what a row is about, of which each row needs one; empty where the rules say so themselves.
    named_by: String,
    columns: Vec<(String, Column)>,
}

#[derive(Debug)]
enum Target {
    MObjects(MObjectType),
    Records(Arc<CustomObject>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Column {
    /// The number of the object.
    Id,
    /// A value; also the key, if it is one.
    Field { name: String, is_key: bool },
    /// What the object is linked to, by its type and a field of it.
    Link { object: &'static str, field: String },
    /// Nothing that there is.
    Ignored,
}

/// What became of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowOutcome {
    /// A new object.
    Created,
    /// A changed one.
    Updated,
    /// One that had all of these values.
    Unchanged,
    /// Nothing was in the row.
    Blank,
    /// Nothing of it was stored: why.
    Failed(String),
}

impl ObjectImport {
    /// Reads a header, a line of comma-separated names: display names or SOAP names of fields, without regard to case; of
    /// opportunities and roles `Lead.FIELD`, `Opportunity.FIELD` and `Company.FIELD` too, which link to what has the value
    /// in that field.
    ///
    /// # Errors
    /// 20110 for an unknown type, a key that is no field, and a header that does not say which object a row is about.
    pub fn new(schema: &Schema, kind: &ObjectKind, header: &str) -> Result<Self, CallError> {
        let titles = cells(header);
        let missing = |reason: String| CallError::BadParameter {
            parameter: "header",
            reason,
        };
        let (object, key) = match kind {
            ObjectKind::Records(name) => {
                let object = object_type(schema, name)?;
                let columns = name_columns(titles, |title| record_column(&object, title));
                let is_there = |field: &&ObjectField| {
                    let named = |column: &Column| matches!(column, Column::Field { name, .. } if *name == field.name);
                    columns.iter().any(|(_, column)| named(column))
                };
                let keys = object.fields.iter().filter(|field| field.dedupe);
                let absent: Vec<&str> = keys
                    .filter(|field| !is_there(field))
                    .map(|field| field.name.as_str())
                    .collect();
                if !absent.is_empty() {
                    let names = absent.join(", ");
                    return Err(missing(format!(
                        "the key fields of {} are required: {names}",
                        object.name
                    )));
                }
                let target = Target::Records(object);
                return Ok(Self {
                    target,
                    named_by: String::new(),
                    columns,
                });
            }
            ObjectKind::Opportunities(key) => (MObjectType::Opportunity, key.as_deref()),
            ObjectKind::Roles => (MObjectType::OpportunityPersonRole, None),
        };
        let fields = fields_of(schema, object).ok_or(CallError::BadObjectName)?;
        let key = match key {
            Some(name) => {
                let found = field_of(fields, name).ok_or_else(|| CallError::BadParameter {
                    parameter: "key",
                    reason: format!("{} has no field {name}", object.as_str()),
                })?;
                Some(found.name.to_string())
            }
            None => None,
        };
        let columns = name_columns(titles, |title| {
            mobject_column(schema, fields, title, key.as_deref())
        });
        if object == MObjectType::Opportunity && !columns.iter().any(|(_, column)| column.is_name())
        {
            return Err(missing(match key {
                Some(key) => format!("a column {key} is required, which is the key"),
                None => {
                    "a key is required, the field by which opportunities are found, or a column Id"
                        .to_owned()
                }
            }));
        }
        let named_by = match object {
            MObjectType::Opportunity => key.unwrap_or_else(|| "Id".to_owned()),
            _ => String::new(),
        };
        Ok(Self {
            target: Target::MObjects(object),
            named_by,
            columns,
        })
    }

    /// The columns, in the order of the header.
    pub fn columns(&self) -> Vec<ImportColumn> {
        let column = |(title, column): &(String, Column)| ImportColumn {
            title: title.clone(),
            meaning: match column {
                Column::Id => Some("Id".to_owned()),
                Column::Field { name, .. } => Some(name.clone()),
                Column::Link { object, field } => Some(format!("{object}.{field}")),
                Column::Ignored => None,
            },
        };
        self.columns.iter().map(column).collect()
    }

    /// Creates and changes the objects of rows, lines of comma-separated values, no more than [`OBJECT_ROWS`]. Empty cells change
    /// nothing, NULL clears. One outcome a row; one that fails stops no other.
    ///
    /// # Errors
    /// Those of the store.
    pub fn apply(
        &self,
        txn: &mut dyn WriteTxn,
        schema: &Schema,
        now: Timestamp,
        rows: &[&str],
    ) -> Result<Vec<RowOutcome>, CallError> {
        let read = rows.iter().map(|row| self.cells(row));
        let read: Vec<Result<Vec<(&Column, String)>, RowOutcome>> = read.collect();
        let good = read.iter().flatten();
        let mut done = match &self.target {
            Target::MObjects(object) => {
                let objects: Vec<_> = good.map(|row| mobject(*object, row)).collect();
                sync(&objects, |objects| {
                    let upsert = SyncOperation::Upsert;
                    let outcomes = sync_mobjects(txn, schema, now, upsert, objects)?;
                    Ok(outcomes
                        .into_iter()
                        .map(|done| done.status.into())
                        .collect())
                })?
            }
            Target::Records(object) => {
                let records: Vec<_> = good.map(|row| record(row)).collect();
                sync(&records, |records| {
                    let upsert = SyncOperation::Upsert;
                    let name = &object.name;
                    let done = sync_custom_objects(txn, schema, now, name, upsert, records)?;
                    Ok(done.outcomes.into_iter().map(RowOutcome::from).collect())
                })?
            }
        }
        .into_iter();
        let outcome = |row: Result<_, RowOutcome>| match row {
            Ok(_) => done.next().unwrap_or(RowOutcome::Blank),
            Err(outcome) => outcome,
        };
        Ok(read.into_iter().map(outcome).collect())
    }

    /// What a row says: its cells that are not empty, with `NULL` as an empty value, which clears.
    fn cells(&self, row: &str) -> Result<Vec<(&Column, String)>, RowOutcome> {
        let cells = cells(row);
        if is_blank(&cells) {
            return Err(RowOutcome::Blank);
        }
        let (came, expected) = (cells.len(), self.columns.len());
        if came > expected {
            let text = format!("the header has {expected} cells, the row {came}");
            return Err(RowOutcome::Failed(text));
        }
        let mut row = Vec::with_capacity(cells.len());
        for ((_, column), cell) in self.columns.iter().zip(cells) {
            if cell.trim().is_empty() || *column == Column::Ignored {
                continue;
            }
            let cell = if is_null(&cell) { String::new() } else { cell };
            if *column == Column::Id && !cell.is_empty() && cell.trim().parse::<i64>().is_err() {
                let cell: String = cell.trim().chars().take(64).collect();
                return Err(RowOutcome::Failed(format!(
                    "Id: expected a number, got {cell}"
                )));
            }
            row.push((column, cell));
        }
        // One that is about none would be a new one with each import.
        let is_named = |(column, cell): &(&Column, String)| column.is_name() && !cell.is_empty();
        if !self.named_by.is_empty() && !row.iter().any(is_named) {
            let text = format!("a value of {} is required", self.named_by);
            return Err(RowOutcome::Failed(text));
        }
        Ok(row)
    }
}

impl Column {
    /// Whether it says which object a row is about.
    fn is_name(&self) -> bool {
        match self {
            Self::Id => true,
            Self::Field { is_key, .. } => *is_key,
            Self::Link { .. } | Self::Ignored => false,
        }
    }
}

/// Asks nothing of a call without objects, which the API refuses.
fn sync<T>(
    objects: &[T],
    call: impl FnOnce(&[T]) -> Result<Vec<RowOutcome>, CallError>,
) -> Result<Vec<RowOutcome>, CallError> {
    match objects {
        [] => Ok(Vec::new()),
        objects => call(objects),
    }
}

fn name_columns(titles: Vec<String>, mean: impl Fn(&str) -> Column) -> Vec<(String, Column)> {
    let column = |title: String| {
        let title = title.trim_start_matches('\u{feff}').trim().to_owned();
        let column = mean(&title);
        (title, column)
    };
    titles.into_iter().map(column).collect()
}

/// By SOAP name, then by display name.
fn field_of<'a>(fields: &'a FieldSet, title: &str) -> Option<&'a Field> {
    let wanted = fold_text(title.trim());
    let shown = |field: &&Arc<Field>| fold_text(field.display_name.trim()) == wanted;
    let known = fields.find(title).or_else(|| fields.iter().find(shown));
    known.map(AsRef::as_ref)
}

fn mobject_column(schema: &Schema, fields: &FieldSet, title: &str, key: Option<&str>) -> Column {
    if let Some((object, field)) = title.split_once('.') {
        let object = ["Lead", "Opportunity", "Company"]
            .into_iter()
            .find(|known| known.eq_ignore_ascii_case(object.trim()));
        let of_object = match object {
            Some("Opportunity") => schema.opportunity_fields.find(field),
            Some(_) => schema.lead_field(field),
            None => None,
        };
        if let (Some(object), Some(field)) = (object, of_object) {
            let field = field.name.to_string();
            return Column::Link { object, field };
        }
    }
    let Some(field) = field_of(fields, title) else {
        return Column::Ignored;
    };
    let name = field.name.to_string();
    match (name.as_str(), field.write_rule) {
        // Whoever names a key means it: a number in the file may be that of another instance.
        ("Id", _) if key.is_some_and(|key| key != "Id") => Column::Ignored,
        ("Id", _) => Column::Id,
        // What an export calls so.
        ("CompanyId", _) => Column::Link {
            object: "Company",
            field: "Id".to_owned(),
        },
        _ if Some(name.as_str()) == key => Column::Field { name, is_key: true },
        (_, WriteRule::Normal | WriteRule::CreateDefault | WriteRule::Required) => Column::Field {
            name,
            is_key: false,
        },
        _ => Column::Ignored,
    }
}

fn record_column(object: &CustomObject, title: &str) -> Column {
    let wanted = fold_text(title);
    let shown = |field: &&ObjectField| fold_text(field.display_name.trim()) == wanted;
    let field = object
        .field(title)
        .or_else(|| object.fields.iter().find(shown));
    match field {
        Some(field) => Column::Field {
            name: field.name.clone(),
            is_key: field.dedupe,
        },
        None => Column::Ignored,
    }
}

fn mobject(object: MObjectType, row: &[(&Column, String)]) -> MObjectInput {
    let mut input = MObjectInput {
        object: object.as_str().to_owned(),
        ..MObjectInput::default()
    };
    for (column, cell) in row {
        match column {
            Column::Id => input.id = cell.trim().parse().ok(),
            Column::Field { name, is_key } => {
                if *is_key {
                    input.external_key = Some(ExternalKey {
                        name: name.clone(),
                        value: cell.clone(),
                    });
                }
                input.attributes.push((name.clone(), cell.clone()));
            }
            // NULL links to nothing.
            Column::Link { object, field } if !cell.is_empty() => {
                let id = cell.trim().parse().ok().filter(|_| field == "Id");
                input.associations.push(Association {
                    object: (*object).to_owned(),
                    id,
                    external_key: id.is_none().then(|| ExternalKey {
                        name: field.clone(),
                        value: cell.clone(),
                    }),
                });
            }
            Column::Link { .. } | Column::Ignored => {}
        }
    }
    // A number says which one it is; the key is a value like others then.
    if input.id.is_some() {
        input.external_key = None;
    }
    input
}

fn record(row: &[(&Column, String)]) -> RecordInput {
    let mut input = RecordInput::default();
    for (column, cell) in row {
        if let Column::Field { name, is_key } = column {
            let pair = (name.clone(), cell.clone());
            match is_key {
                true => input.keys.push(pair),
                false => input.attributes.push(pair),
            }
        }
    }
    input
}

impl From<MObjectStatus> for RowOutcome {
    fn from(status: MObjectStatus) -> Self {
        match status {
            MObjectStatus::Created => Self::Created,
            MObjectStatus::Updated | MObjectStatus::Deleted => Self::Updated,
            MObjectStatus::Unchanged | MObjectStatus::Skipped => Self::Unchanged,
            MObjectStatus::Failed(error) => Self::Failed(error.to_string()),
        }
    }
}

impl From<RecordStatus> for RowOutcome {
    fn from(status: RecordStatus) -> Self {
        match status {
            RecordStatus::Created => Self::Created,
            RecordStatus::Updated | RecordStatus::Deleted => Self::Updated,
            RecordStatus::Failed(refusal) => Self::Failed(refusal.to_string()),
            _ => Self::Unchanged,
        }
    }
}

#[cfg(test)]
mod tests;
