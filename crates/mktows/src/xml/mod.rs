//! One declaration a type: its plain Rust struct, its reader, its writer, and its part of the schema.
//!
//! `types!` declares sequences, `enumeration!` enumerations. The mark in front of a member's type says what the schema
//! says of it and what is written without a value (RSP-1, RSP-2, RSP-3, RSP-4, RSP-7):
//!
//! | mark | schema | Rust | in requests | without a value an answer has |
//! |---|---|---|---|---|
//! | `req` | required | `T` | missing is a fault | - |
//! | `reqempty` | required | `T: Default` | missing is a fault, empty is the default | - |
//! | `lax` | required | `T: Default` | missing is the default | the default |
//! | `laxopt` | required | `Option<T>` | may be missing | an empty element |
//! | `opt` | minOccurs 0 | `Option<T>` | may be missing | nothing |
//! | `nil` | nillable | `Option<T>` | may be missing | nil |
//! | `optnil` | minOccurs 0, nillable | `Option<T>` | may be missing | nil |
//! | `optempty`, `optnilempty` | as `opt`, `optnil` | `Option<T>` | may be missing | an empty element |
//! | `many` | repeated, no array around | `Vec<T>` | may be missing | nothing |
//! | `loose` | not in the schema | `Option<T>` | read under any case of its names (REQ-3) | nothing |
//!
//! Marks of versions follow the type, the oldest first. They decide what a version's schema holds and what is written
//! for it; what is read does not depend on them (END-3, END-4):
//!
//! | mark | meaning |
//! |---|---|
//! | `[since V2_3]` | the member is there from 2_3 on |
//! | `[until V2_2]` | the member is there up to 2_2 |
//! | `[before V2_7 req "xs:int"]` | before 2_7 it is `req`, and its type in the schema another; in Rust it stays |
//!
//! A number that is required and has no value, or one that its type in that version cannot hold, is written as `0`
//! (RSP-5).

pub(crate) mod date_time;
mod indented;
mod macros;
mod name;
pub(crate) mod reader;
mod references;
pub(crate) mod schema;
pub(crate) mod simple;
mod tokens;
pub(crate) mod writer;

pub use indented::indented;
pub(crate) use macros::{
    enumeration, items, slot_finish, slot_form, slot_is, slot_mark, slot_missing, slot_read,
    slot_read_plain, slot_schema_type, slot_type, slot_write, types,
};
pub use name::Name;
pub use schema::{FieldDef, Form, Mark, TypeDef, TypeKind};

use crate::fault::Fault;
use reader::{Reader, Tag};
use writer::Writer;

/// A type of the schema that can be read and written.
pub(crate) trait XmlType: Sized {
    /// Its name in the schema, with the prefix of its namespace.
    fn type_name() -> &'static str;

    /// Reads the content of an element up to its end tag.
    ///
    /// `given` tells whether there was anything: absent, nil and empty elements are all "not given" (REQ-8). A value
    /// that cannot be read is noted with the reader and gives `None`; an error ends the message.
    fn read<'a>(
        reader: &mut Reader<'a>,
        tag: &Tag<'a>,
        given: &mut bool,
    ) -> Result<Option<Self>, Fault>;

    /// Whether [`XmlType::of_text`] makes a value of every text.
    const IS_TEXT: bool = false;

    /// Makes a value of a text that needs no resolving.
    fn of_text(_: &str) -> Option<Self> {
        None
    }

    /// Writes the element as a whole.
    fn write(&self, writer: &mut Writer, name: &str);

    /// Whether there is nothing in it although it is there: an array without members.
    fn is_empty(&self) -> bool {
        false
    }

    /// Whether a type of the schema of another name can hold the value: numbers were shorter once.
    fn fits(&self, _type_name: &str) -> bool {
        true
    }

    /// What an element that is repeated does with the value before (REQ-5): arrays join, the rest replaces.
    fn join(before: &mut Option<Self>, value: Self) {
        *before = Some(value);
    }

    /// Adds its definition, and those of the types that it uses, to the schema.
    fn define(schema: &mut schema::Schema);
}

/// A type that stands in an array of its own.
pub(crate) trait Item: XmlType {
    /// The array's type name.
    const ARRAY: &'static str;
    /// The element of a member.
    const ITEM: &'static str;
    /// Another name that clients give to the member (REQ-22).
    const ALIAS: Option<&'static str> = None;
    /// A list that some put around the members once more (REQ-22): the first of them counts.
    const WRAPPER: Option<&'static str> = None;
    /// Whether a member without any content is one. Records are, for each has an outcome; empty keys and conditions, which toolkits make of
    /// nothing, are not given (REQ-8).
    const EMPTY_COUNTS: bool = true;
}

impl<T: Item> XmlType for Vec<T> {
    fn type_name() -> &'static str {
        T::ARRAY
    }

    fn read<'a>(
        reader: &mut Reader<'a>,
        tag: &Tag<'a>,
        given: &mut bool,
    ) -> Result<Option<Self>, Fault> {
        let mut items = Vec::new();
        // REQ-8: in requests an empty array is as none; answers tell it from nil (RSP-4, RSP-6).
        let is_request = reader.side() == writer::Side::Request;
        *given = !tag.nil && !is_request;
        let outer = reader.enter();
        while let Some(child) = reader.member_of(tag, T::ITEM)? {
            if child.name == T::ITEM || T::ALIAS == Some(child.name) {
                *given = true;
                if items.is_empty() {
                    // Arrays are seldom shorter than some: they need not grow step by step.
                    items.reserve(16);
                }
                if is_request && !T::EMPTY_COUNTS && reader.is_bare(&child) {
                    reader.skip(&child)?;
                    continue;
                }
                items.extend(reader.item::<T>(&child)?);
                reader.leave(outer, &[]);
            } else if T::WRAPPER == Some(child.name) && items.is_empty() {
                items = reader.item::<Self>(&child)?.unwrap_or_default();
                *given |= !items.is_empty();
            } else {
                reader.skip(&child)?;
            }
        }
        Ok(Some(items))
    }

    fn write(&self, writer: &mut Writer, name: &str) {
        writer.element(name, |writer| {
            let Some((first, rest)) = self.split_first() else {
                return;
            };
            let start = writer.len();
            first.write(writer, T::ITEM);
            writer.expect(writer.len() - start, rest.len());
            for item in rest {
                item.write(writer, T::ITEM);
            }
        });
    }

    fn is_empty(&self) -> bool {
        self.as_slice().is_empty()
    }

    fn join(before: &mut Option<Self>, value: Self) {
        match before {
            Some(items) => items.extend(value),
            None => *before = Some(value),
        }
    }

    fn define(schema: &mut schema::Schema) {
        let member = FieldDef {
            name: T::ITEM,
            form: Form {
                type_name: T::type_name(),
                mark: Mark::Many,
            },
        };
        if schema.add(TypeDef {
            name: T::ARRAY,
            kind: TypeKind::Sequence {
                base: None,
                fields: vec![member],
            },
        }) {
            T::define(schema);
        }
    }
}
