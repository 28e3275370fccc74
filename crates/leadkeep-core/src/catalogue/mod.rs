//! What every instance has from the start: the standard fields and the activity types (DMO-14).
//!
//! The tables lie in `data/`; a row that is added there needs no code.

mod activities;
mod activity_record;
mod fields;

pub use activities::{ActivityTypeInfo, activity_type, activity_types};
pub use activity_record::{ActivityRecordField, activity_record_fields};
pub use fields::{defined_at, lead_fields, opportunity_fields, role_fields};

/// The rows of a table in `data/`, each read into `T`.
fn rows<T: serde::de::DeserializeOwned>(text: &'static str) -> Result<Vec<T>, csv::Error> {
    csv::Reader::from_reader(text.as_bytes())
        .deserialize()
        .collect()
}
