//! Texts that come again and again.

use super::XmlType;
use super::reader::{Reader, Tag};
use super::schema::Schema;
use super::writer::Writer;
use crate::fault::Fault;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

/// The name or the type of an attribute: a text of its own where it was read, but one that many share in an answer with
/// thousands of attributes.
#[derive(Clone)]
pub struct Name(Kept);

#[derive(Clone)]
enum Kept {
    Own(String),
    Shared(Arc<str>),
    Word(&'static str),
}

impl Name {
    /// A name that is part of the program.
    pub const fn word(word: &'static str) -> Self {
        Self(Kept::Word(word))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Kept::Own(text) => text,
            Kept::Shared(text) => text,
            Kept::Word(text) => text,
        }
    }

    /// The text, as one of its own.
    pub fn into_string(self) -> String {
        match self.0 {
            Kept::Own(text) => text,
            Kept::Shared(text) => text.as_ref().to_owned(),
            Kept::Word(text) => text.to_owned(),
        }
    }
}

impl Default for Name {
    fn default() -> Self {
        Self::word("")
    }
}

impl Deref for Name {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_str().fmt(f)
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self)
    }
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Name {}

impl PartialEq<str> for Name {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for Name {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl From<String> for Name {
    fn from(text: String) -> Self {
        Self(Kept::Own(text))
    }
}

impl From<&str> for Name {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl From<Arc<str>> for Name {
    fn from(text: Arc<str>) -> Self {
        Self(Kept::Shared(text))
    }
}

impl XmlType for Name {
    fn type_name() -> &'static str {
        String::type_name()
    }

    fn read<'a>(
        reader: &mut Reader<'a>,
        tag: &Tag<'a>,
        given: &mut bool,
    ) -> Result<Option<Self>, Fault> {
        Ok(String::read(reader, tag, given)?.map(Self::from))
    }

    const IS_TEXT: bool = true;

    fn of_text(text: &str) -> Option<Self> {
        Some(text.into())
    }

    fn write(&self, writer: &mut Writer, name: &str) {
        writer.text(name, self);
    }

    fn define(_: &mut Schema) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_their_texts_however_they_are_kept() {
        let names = [
            Name::word("City"),
            Name::from("City"),
            Name::from(Arc::<str>::from("City")),
        ];
        for name in &names {
            assert_eq!(*name, names[0]);
            assert_eq!(*name, "City");
            assert_eq!(*name, *"City");
            assert_ne!(*name, Name::from("city"));
            assert_eq!(format!("{name} {name:?}"), "City \"City\"");
            assert_eq!(name.clone().into_string(), "City");
        }
        assert_eq!(Name::default(), "");
    }
}
