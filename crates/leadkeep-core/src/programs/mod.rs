//! Programs: how they are found, and their channels and tags as they are listed (getChannels, getTags).

mod channels;
mod find;
mod tags;
#[cfg(test)]
mod tests;

pub use channels::{ChannelView, channels};
pub(crate) use find::{full_name, is_inside, program_by_name, program_names};
pub use tags::{TagView, tags};

/// What a tag of a request asks for: a type, values, both, or neither.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TagFilter {
    /// The tag type.
    pub tag_type: Option<String>,
    /// Its values.
    pub values: Vec<String>,
}

impl TagFilter {
    fn tag_type(&self) -> Option<&str> {
        let name = self.tag_type.as_deref().map(str::trim);
        name.filter(|name| !name.is_empty())
    }

    fn values(&self) -> Vec<&str> {
        let values = self.values.iter().map(|value| value.trim());
        values.filter(|value| !value.is_empty()).collect()
    }
}

/// The tag type that channels are (DM-PRG-7).
const CHANNEL: &str = "Channel";
