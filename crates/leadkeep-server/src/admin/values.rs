//! Values of records as people read them.

use jiff::tz::TimeZone;
use leadkeep_core::attrs::Attrs;
use leadkeep_core::schema::FieldSet;
use leadkeep_core::value;

/// A field with its value.
pub(crate) struct FieldValue {
    pub(crate) display_name: String,
    /// The SOAP name.
    pub(crate) name: String,
    pub(crate) value: String,
}

/// The values that are there, in the order of the fields; times in the instance's zone.
pub(crate) fn values(fields: &FieldSet, attrs: &Attrs, zone: &TimeZone) -> Vec<FieldValue> {
    let values = fields.iter().filter_map(|field| {
        let kept = attrs.get(&field.name)?;
        Some(FieldValue {
            display_name: field.display_name.clone(),
            name: field.name.to_string(),
            value: value::write(field.data_type, kept, zone).into_owned(),
        })
    });
    values.collect()
}
