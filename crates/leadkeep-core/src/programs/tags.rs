//! getTags.

use super::{CHANNEL, TagFilter};
use crate::schema::{Schema, TagType, same_name};

/// A tag type with values, as it is listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagView {
    /// The tag type.
    pub name: String,
    /// Its values.
    pub values: Vec<String>,
}

/// The tag types that are asked for with the values that are asked for, in the order of their definition (GT-1, GT-3,
/// GT-4, DM-TAG-4); all without filters (GT-2, GT-10). A type that several filters name has the values of all (GT-8).
/// Channels are none of them (GT-9).
pub fn tags(schema: &Schema, filters: &[TagFilter]) -> Vec<TagView> {
    let types = schema.tags.iter();
    let types = types.filter(|tag| !same_name(&tag.name, CHANNEL));
    types.filter_map(|tag| view(tag, filters)).collect()
}

/// The values of a type that any filter asks for; no type without a match (GT-6).
fn view(tag: &TagType, filters: &[TagFilter]) -> Option<TagView> {
    let whole = |filter: &TagFilter| {
        let is_type = filter
            .tag_type()
            .is_none_or(|name| same_name(name, &tag.name));
        is_type && filter.values().is_empty()
    };
    if filters.is_empty() || filters.iter().any(whole) {
        return Some(TagView {
            name: tag.name.clone(),
            values: tag.values.clone(),
        });
    }
    let is_wanted = |value: &&String| {
        filters.iter().any(|filter| {
            let is_type = filter
                .tag_type()
                .is_none_or(|name| same_name(name, &tag.name));
            // GT-7.
            is_type
                && filter
                    .values()
                    .iter()
                    .any(|wanted| same_name(wanted, value))
        })
    };
    let values: Vec<String> = tag.values.iter().filter(is_wanted).cloned().collect();
    (!values.is_empty()).then(|| TagView {
        name: tag.name.clone(),
        values,
    })
}
