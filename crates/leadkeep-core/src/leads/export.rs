//! All leads, one after the other, as rows of named columns.

use super::read::views;
use super::record::{Include, LeadView};
use crate::error::CallError;
use crate::ids::LeadId;
use crate::schema::Schema;
use crate::store::ReadTxn;
use jiff::Timestamp;
use std::collections::HashMap;
use std::sync::Arc;

/// Leads that are read at once.
const PAGE: usize = 1_000;

/// The columns that are elements of a record and no attributes.
const ELEMENTS: [&str; 4] = ["Id", "Email", "ForeignSysPersonId", "ForeignSysType"];

/// What is asked of a value: `Company = "X"`, `Company != "X"`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// The field, as it was named.
    pub field: String,
    /// Whether the value is to be this one, or is not.
    pub equal: bool,
    /// The value as it is written; empty is none.
    pub value: String,
}

impl std::str::FromStr for Condition {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let odd = || format!("expected FIELD = \"VALUE\" or FIELD != \"VALUE\", got `{text}`");
        let (before, value) = text.split_once('=').ok_or_else(odd)?;
        let (field, equal) = match before.strip_suffix('!') {
            Some(field) => (field, false),
            None => (before, true),
        };
        let (field, value) = (field.trim(), value.trim());
        // Quotes keep blanks; a value without them is itself.
        let value = match value.strip_prefix('"') {
            Some(rest) => rest.strip_suffix('"').ok_or_else(odd)?,
            None => value,
        };
        if field.is_empty() || value.contains('"') {
            return Err(odd());
        }
        Ok(Self {
            field: field.to_owned(),
            equal,
            value: value.to_owned(),
        })
    }
}

/// Which leads, and what of them.
#[derive(Debug, Clone, Default)]
pub struct LeadExport {
    /// The columns by SOAP name; without any, the elements of a record and all fields that a full record shows.
    pub fields: Vec<String>,
    /// Leads that were updated at this time or later.
    pub since: Option<Timestamp>,
    /// All must hold.
    pub conditions: Vec<Condition>,
}

/// Rows of an export.
#[derive(Debug)]
pub struct LeadRows {
    /// The names of the columns, in the spelling of their fields.
    pub columns: Vec<Arc<str>>,
    places: HashMap<Arc<str>, usize>,
    include: Include,
    /// The place of a column, which may be none that is shown, and what its value is to be.
    conditions: Vec<(usize, Condition)>,
    since: Timestamp,
}

impl LeadRows {
    /// Looks up what an export names.
    ///
    /// # Errors
    /// All names that no field has, at once.
    pub fn new(schema: &Schema, export: &LeadExport) -> Result<Self, CallError> {
        let mut unknown = Vec::new();
        let mut spelt = |name: &String| {
            let found = schema.lead_fields.find(name);
            if found.is_none() {
                unknown.push(name.clone());
            }
            found.map(|field| field.name.clone())
        };
        let mut columns: Vec<Arc<str>> = export.fields.iter().filter_map(&mut spelt).collect();
        let mut named = Vec::new();
        for condition in &export.conditions {
            named.extend(spelt(&condition.field).map(|name| (name, condition.clone())));
        }
        if !unknown.is_empty() {
            return Err(CallError::UnknownLeadFields(unknown));
        }
        if columns.is_empty() {
            let shown = schema
                .lead_fields
                .iter()
                .filter(|field| schema.is_shown(field));
            let mut shown: Vec<Arc<str>> = shown.map(|field| field.name.clone()).collect();
            shown.sort_by_key(|name| name.to_lowercase());
            columns = ELEMENTS.iter().map(|name| Arc::from(*name)).collect();
            columns.extend(
                shown
                    .into_iter()
                    .filter(|name| !ELEMENTS.contains(&name.as_ref())),
            );
        }
        let mut places = HashMap::new();
        for name in columns.iter().chain(named.iter().map(|(name, _)| name)) {
            let next = places.len();
            places.entry(name.clone()).or_insert(next);
        }
        // A column that is asked for twice is there once.
        let mut seen = std::collections::HashSet::new();
        columns.retain(|name| seen.insert(name.clone()));
        let names: Vec<String> = places.keys().map(|name| name.to_string()).collect();
        Ok(Self {
            include: Include::named(schema, Some(&names))?,
            conditions: named
                .into_iter()
                .map(|(name, condition)| (places[&name], condition))
                .collect(),
            since: export.since.unwrap_or(Timestamp::MIN),
            columns,
            places,
        })
    }

    /// How many leads there are before conditions are looked at.
    ///
    /// # Errors
    /// Those of the store.
    pub fn count(&self, txn: &mut dyn ReadTxn) -> Result<u64, CallError> {
        Ok(txn.count_leads_updated(self.since, Timestamp::MAX, None)?)
    }

    /// Gives every known lead, in the order of ids: the values of the columns, empty for none. `each` hears of each row, and
    /// `None` of a lead that the conditions leave out; what it breaks off with ends it.
    ///
    /// # Errors
    /// Those of the store.
    pub fn each<B>(
        &self,
        txn: &mut dyn ReadTxn,
        schema: &Schema,
        mut each: impl FnMut(Option<&[String]>) -> std::ops::ControlFlow<B>,
    ) -> Result<Option<B>, CallError> {
        let mut after = None;
        let mut row = vec![String::new(); self.places.len()];
        loop {
            let leads = txn.leads_updated(self.since, Timestamp::MAX, after, PAGE)?;
            let Some(last) = leads.last().map(|lead| lead.id) else {
                return Ok(None);
            };
            for lead in views(txn, schema, leads, &self.include)? {
                self.fill(&mut row, lead);
                let is_wanted = |(at, condition): &(usize, Condition)| {
                    (row[*at] == condition.value) == condition.equal
                };
                let is_wanted = self.conditions.iter().all(is_wanted);
                let shown = is_wanted.then(|| &row[..self.columns.len()]);
                if let std::ops::ControlFlow::Break(end) = each(shown) {
                    return Ok(Some(end));
                }
            }
            after = Some(LeadId(last.0));
        }
    }

    fn fill(&self, row: &mut [String], lead: LeadView) {
        row.iter_mut().for_each(String::clear);
        let mut put = |name: &str, value: String| {
            if let Some(at) = self.places.get(name) {
                row[*at] = value;
            }
        };
        put("Id", lead.id.to_string());
        put("Email", lead.email.unwrap_or_default());
        put("ForeignSysPersonId", lead.foreign_id.unwrap_or_default());
        let system = lead.foreign_system.map(|system| system.as_str().to_owned());
        put("ForeignSysType", system.unwrap_or_default());
        for attribute in lead.attributes {
            put(&attribute.name, attribute.value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_are_read() {
        let read = |text: &str| text.parse::<Condition>();
        let condition = |field: &str, equal, value: &str| {
            let (field, value) = (field.to_owned(), value.to_owned());
            Ok(Condition {
                field,
                equal,
                value,
            })
        };
        assert_eq!(
            read("Company = \"A & B\""),
            condition("Company", true, "A & B")
        );
        assert_eq!(read("Company!=\" x \""), condition("Company", false, " x "));
        assert_eq!(read("City=Bonn = 1"), condition("City", true, "Bonn = 1"));
        assert_eq!(read("City ="), condition("City", true, ""));
        for odd in ["", "Company", "= x", "!= x", "City = \"x", "City = x\""] {
            let error = read(odd).unwrap_err();
            assert!(
                error.contains("expected FIELD = \"VALUE\"") && error.contains(odd),
                "{error}"
            );
        }
    }
}
