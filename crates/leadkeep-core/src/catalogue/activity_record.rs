//! `data/activity_record.csv`: the fields of ActivityRecord as describeMObject lists them (DMO-3, DMO-5).

use serde::Deserialize;
use std::sync::LazyLock;

/// A field of ActivityRecord. All are read-only and have neither display name nor dynamic reference (DMO-3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActivityRecordField {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub description: String,
    /// The word of its type; times are `dateTime` here (DMO-6).
    pub data_type: String,
    /// Its size, for strings and numbers.
    pub size: Option<u32>,
    /// The object that its value comes from.
    pub source_object: String,
    /// Whether it names the record.
    pub is_name: bool,
    /// Whether it identifies the record.
    pub is_primary_key: bool,
}

#[derive(Deserialize)]
struct Row {
    soap_name: String,
    data_type: String,
    size: Option<u32>,
    source_object: String,
    is_name: bool,
    is_primary_key: bool,
    description: String,
    exposure: String,
}

fn read() -> Result<Vec<ActivityRecordField>, csv::Error> {
    let rows = super::rows::<Row>(include_str!("../../data/activity_record.csv"))?;
    Ok(rows
        .into_iter()
        .filter(|row| row.exposure == "described")
        .map(|row| ActivityRecordField {
            name: row.soap_name,
            description: row.description,
            data_type: row.data_type,
            size: row.size,
            source_object: row.source_object,
            is_name: row.is_name,
            is_primary_key: row.is_primary_key,
        })
        .collect())
}

/// The eleven fields, in the order of the table (DMO-5).
pub fn activity_record_fields() -> &'static [ActivityRecordField] {
    // The table is part of the program, and a test reads it.
    static FIELDS: LazyLock<Vec<ActivityRecordField>> =
        LazyLock::new(|| read().unwrap_or_default());
    &FIELDS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dmo_5_activity_record_has_eleven_fields() {
        // DMO-3, DMO-5, DMO-6
        let fields = read().unwrap();
        assert_eq!(fields.len(), 11);
        let named = |is: fn(&ActivityRecordField) -> bool| -> Vec<&str> {
            let found = fields.iter().filter(|field| is(field));
            found.map(|field| field.name.as_str()).collect()
        };
        assert_eq!(named(|field| field.is_name), ["activityType"]);
        assert_eq!(named(|field| field.is_primary_key), ["id"]);
        assert_eq!(
            named(|field| field.data_type == "dateTime"),
            ["activityDateTime"]
        );
    }
}
