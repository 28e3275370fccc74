//! What the columns of an import mean (ITL-3, ITL-4, ITL-16, DM-NAM-5).

use super::accept::ImportMode;
use super::rows::cells;
use crate::campaigns::text::token_name;
use crate::error::CallError;
use crate::ids::CampaignId;
use crate::leads::LeadInput;
use crate::schema::{Exposure, Field, Schema};
use crate::store::StoreError;
use crate::value::fold_text;
use serde::{Deserialize, Serialize};

/// The parameter of the call.
const HEADER: &str = "importFileHeader";

/// Columns of a header at the most: fields and tokens are far fewer, and each is looked for.
const MAX_COLUMNS: usize = 2_000;

/// The documentation's short forms.
const SHORT: [(&str, &str); 3] = [
    ("email", "Email"),
    ("first", "FirstName"),
    ("last", "LastName"),
];

/// An import as its rows are to be understood, kept with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Plan {
    pub(super) mode: ImportMode,
    pub(super) clear: bool,
    /// The list as histories call it.
    pub(super) list: String,
    /// The campaign that the tokens of the rows are for.
    pub(super) campaign: Option<CampaignId>,
    /// The field by which leads are found, if not by number and address.
    #[serde(default)]
    pub(super) key: Option<String>,
    /// The header as it came.
    pub(super) header: String,
    pub(super) columns: Vec<Column>,
}

/// What a column holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Column {
    /// The number of the lead (ITL-15).
    Id,
    /// The address.
    Email,
    /// A field, by its stored name.
    Field(String),
    /// The field by which leads are found, and whether imports write it too.
    Key(String, bool),
    /// A token of the program, without `my.` and braces.
    Token(String),
    /// Nothing that there is, by its name in the header.
    Ignored(String),
}

impl Column {
    fn read(schema: &Schema, title: &str, key: Option<&str>) -> Self {
        let title = title.trim_start_matches('\u{feff}').trim();
        if is_token(title) {
            return Self::Token(token_name(title).to_owned());
        }
        match field(schema, title) {
            // Whoever names a key means it: a number in the file may be that of another instance.
            Some(field) if field.name.as_ref() == "Id" && key.is_none() => Self::Id,
            Some(field) if field.name.as_ref() == "Email" => Self::Email,
            Some(field) if Some(field.name.as_ref()) == key => {
                Self::Key(field.name.to_string(), field.is_written())
            }
            // What the system writes itself is taken from nobody (COM-28).
            Some(field) if field.is_written() => Self::Field(field.name.to_string()),
            _ => Self::Ignored(title.to_owned()),
        }
    }
}

fn is_token(title: &str) -> bool {
    let inner = title
        .strip_prefix("{{")
        .and_then(|it| it.strip_suffix("}}"));
    let group = inner.and_then(|inner| inner.split_once('.'));
    group.is_some_and(|(group, _)| group.trim().eq_ignore_ascii_case("my"))
}

/// By display name, then by SOAP name, then by the short forms, without regard to case.
fn field<'a>(schema: &'a Schema, title: &str) -> Option<&'a Field> {
    let wanted = fold_text(title);
    let shown = |field: &&Field| {
        field.exposure != Exposure::Internal && fold_text(field.display_name.trim()) == wanted
    };
    let fields = || schema.lead_fields.iter().map(AsRef::as_ref);
    // Of several fields with one display name one that can be written is meant.
    fields()
        .find(|field| shown(field) && field.is_written())
        .or_else(|| fields().find(shown))
        .or_else(|| schema.lead_field(title).map(AsRef::as_ref))
        .or_else(|| {
            let (_, name) = SHORT.iter().find(|(short, _)| *short == wanted)?;
            schema.lead_fields.stored(name).map(AsRef::as_ref)
        })
}

/// The stored name of a field by which leads are to be found; none for those by which they always are.
///
/// # Errors
/// 20110 for a name that no field has.
pub(super) fn key_field(schema: &Schema, name: &str) -> Result<Option<String>, CallError> {
    match field(schema, name.trim()) {
        Some(field) if matches!(field.name.as_ref(), "Id" | "Email") => Ok(None),
        Some(field) => Ok(Some(field.name.to_string())),
        None => Err(CallError::BadParameter {
            parameter: "key",
            reason: format!("no lead has a field {}", name.trim()),
        }),
    }
}

/// What the columns of a header mean, with the stored name of the field by which leads are found in place of
/// their numbers.
///
/// # Errors
/// 20109 for a header without a word (ITL-24), 20110 if no column says whom a row is about (ITL-16), and for too many columns.
pub(super) fn columns(
    schema: &Schema,
    header: &str,
    key: Option<&str>,
) -> Result<Vec<Column>, CallError> {
    if header.trim().is_empty() {
        return Err(CallError::ParameterRequired(HEADER));
    }
    let titles = cells(header);
    if titles.len() > MAX_COLUMNS {
        let came = titles.len();
        return Err(CallError::BadParameter {
            parameter: HEADER,
            reason: format!("at most {MAX_COLUMNS} columns are allowed, {came} came"),
        });
    }
    let columns: Vec<Column> = titles
        .iter()
        .map(|title| Column::read(schema, title, key))
        .collect();
    let is_key = |column: &Column| matches!(column, Column::Id | Column::Email | Column::Key(..));
    if !columns.iter().any(is_key) {
        let other = key.unwrap_or("Id");
        return Err(CallError::BadParameter {
            parameter: HEADER,
            reason: format!("a column Email Address or {other} is required"),
        });
    }
    Ok(columns)
}

/// What a row says.
pub(super) struct RowInput {
    pub(super) lead: LeadInput,
    /// Texts for tokens of the program; empty ones leave those as they are.
    pub(super) tokens: Vec<(String, String)>,
    /// The value of the key, of a row that has one.
    pub(super) key: Option<String>,
}

impl RowInput {
    /// Says by number which lead it is. Beside a number the address is a value like others (ITL-15).
    pub(super) fn is_about(&mut self, lead: i64, mode: ImportMode) {
        self.lead.id = Some(lead);
        if let Some(email) = self.lead.email.take()
            && mode == ImportMode::Upsert
        {
            self.lead.attributes.push(("Email".to_owned(), email));
        }
    }
}

impl Plan {
    pub(super) fn to_text(&self) -> Result<String, StoreError> {
        serde_json::to_string(self).map_err(|error| StoreError::Failed(error.to_string()))
    }

    pub(super) fn from_text(text: &str) -> Result<Self, StoreError> {
        serde_json::from_str(text)
            .map_err(|error| StoreError::Corrupt(format!("the plan of an import: {error}")))
    }

    /// Whether rows bring texts for tokens.
    pub(super) fn has_tokens(&self) -> bool {
        self.columns
            .iter()
            .any(|column| matches!(column, Column::Token(_)))
    }

    /// Names of columns that mean nothing, in the order of the header.
    pub(super) fn ignored(&self) -> Vec<&str> {
        let ignored = self.columns.iter().filter_map(|column| match column {
            Column::Ignored(name) => Some(name.as_str()),
            _ => None,
        });
        ignored.collect()
    }

    /// A row as a record. Cells that are missing at the end and empty ones say nothing (ITL-18, ITL-19, DM-IMP-4).
    ///
    /// # Errors
    /// Why the row fails (ITL-18, ITL-20).
    pub(super) fn row(&self, cells: Vec<String>) -> Result<RowInput, String> {
        let (came, expected) = (cells.len(), self.columns.len());
        if came > expected {
            return Err(format!("the header has {expected} cells, the row {came}"));
        }
        let mut row = RowInput {
            lead: LeadInput::default(),
            tokens: Vec::new(),
            key: None,
        };
        let mut email = None;
        for (column, cell) in self.columns.iter().zip(cells) {
            if cell.trim().is_empty() {
                continue;
            }
            match column {
                Column::Id => row.lead.id = number(&cell)?,
                Column::Email => email = Some(cell),
                // Rows of LISTONLY change no values (DM-IMP-2).
                Column::Field(name) if self.mode == ImportMode::Upsert => {
                    row.lead.attributes.push((name.clone(), cell));
                }
                Column::Key(name, is_written) => {
                    row.key = Some(cell.clone()).filter(|cell| !is_null(cell));
                    if *is_written && self.mode == ImportMode::Upsert {
                        row.lead.attributes.push((name.clone(), cell));
                    }
                }
                Column::Token(name) => row.tokens.push((name.clone(), cell)),
                Column::Field(_) | Column::Ignored(_) => {}
            }
        }
        match (row.lead.id, email, self.mode) {
            // ITL-15: beside a number the address is a value like others. Nobody has the address NULL.
            (Some(_), Some(email), ImportMode::Upsert) => {
                let email = if is_null(&email) {
                    String::new()
                } else {
                    email
                };
                row.lead.attributes.push(("Email".to_owned(), email));
            }
            (None, email, _) => row.lead.email = email.filter(|email| !is_null(email)),
            _ => {}
        }
        if row.lead.id.is_none() && row.lead.email.is_none() && row.key.is_none() {
            let other = self.key.as_deref().unwrap_or("Id");
            return Err(format!(
                "neither Email Address nor {other} says whom the row is about"
            ));
        }
        Ok(row)
    }
}

/// What clears a value (ITL-19).
pub(super) fn is_null(cell: &str) -> bool {
    cell.trim().eq_ignore_ascii_case("null")
}

fn number(cell: &str) -> Result<Option<i64>, String> {
    if is_null(cell) {
        return Ok(None);
    }
    let number = cell.trim().parse::<i64>().ok().filter(|id| *id > 0);
    match number {
        Some(id) => Ok(Some(id)),
        None => {
            let cell: String = cell.trim().chars().take(64).collect();
            Err(format!("Id: expected the number of a lead, got {cell}"))
        }
    }
}
