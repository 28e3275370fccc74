//! One declaration a type: its plain Rust struct, its reader, its writer, and its part of the schema.
//!
//! `types!` declares sequences, `enumeration!` enumerations. The mark in front of a member's type says what the schema
//! says of it and what is written without a value (RSP-1, RSP-2, RSP-3, RSP-4, RSP-7):
//!
//! | mark | schema | Rust | in requests | without a value an answer has |
//! |---|---|---|---|---|
//! | `req` | required | `T` | missing is a fault | - |
//! | `lax` | required | `T: Default` | missing is the default | the default |
//! | `laxopt` | required | `Option<T>` | may be missing | an empty element |
//! | `opt` | minOccurs 0 | `Option<T>` | may be missing | nothing |
//! | `nil` | nillable | `Option<T>` | may be missing | nil |
//! | `optnil` | minOccurs 0, nillable | `Option<T>` | may be missing | nil |
//! | `optempty`, `optnilempty` | as `opt`, `optnil` | `Option<T>` | may be missing | an empty element |
//! | `nilzero` | nillable | `Option<T>` | may be missing | nil, `0` before 2_7 |
//! | `since30` | minOccurs 0, for addresses before 3_0 | `T: Default` | - | the default, before 3_0 nothing |
//! | `many` | repeated, no array around | `Vec<T>` | may be missing | nothing |
//! | `hidden` | not in the schema | `Option<T>` | read where a client sends it | nothing |
//! | `loose` | not in the schema | `Option<T>` | read under any case of its names (REQ-3) | nothing |

pub(crate) mod reader;
pub(crate) mod schema;
pub(crate) mod simple;
pub(crate) mod writer;

pub use schema::{FieldDef, Mark, TypeDef, TypeKind};

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

    /// Writes the element as a whole.
    fn write(&self, writer: &mut Writer, name: &str);

    /// Whether there is nothing in it although it is there: an array without members.
    fn is_empty(&self) -> bool {
        false
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
        *given = !tag.nil && reader.side() == writer::Side::Response;
        let outer = reader.enter();
        while let Some(child) = reader.child(tag)? {
            if child.name == T::ITEM || T::ALIAS == Some(child.name) {
                *given = true;
                if items.is_empty() {
                    // Arrays are seldom shorter than some: they need not grow step by step.
                    items.reserve(16);
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
            for item in self {
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
            type_name: T::type_name(),
            mark: Mark::Many,
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

macro_rules! slot_type {
    (@slot many $t:ty) => { Vec<$t> };
    (@slot $mark:ident $t:ty) => { $t };
    (req $t:ty) => { $t };
    (lax $t:ty) => { $t };
    (since30 $t:ty) => { $t };
    (many $t:ty) => { Vec<$t> };
    ($mark:ident $t:ty) => { Option<$t> };
}

macro_rules! slot_schema_type {
    ($t:ty) => {
        <$t as $crate::xml::XmlType>::type_name()
    };
    ($t:ty, $name:literal) => {
        $name
    };
}

macro_rules! slot_finish {
    (req $slot:ident) => {
        $slot?
    };
    (lax $slot:ident) => {
        $slot.unwrap_or_default()
    };
    (since30 $slot:ident) => {
        $slot.unwrap_or_default()
    };
    (many $slot:ident) => {
        $slot.unwrap_or_default()
    };
    ($mark:ident $slot:ident) => {
        $slot
    };
}

/// Names count exactly (REQ-2), but for those that only lenient readers know (REQ-3).
macro_rules! slot_is {
    (loose $name:ident $($wire:literal)+) => {
        [$($wire),+].iter().any(|wire| $name.eq_ignore_ascii_case(wire))
    };
    ($mark:ident $name:ident $($wire:literal)+) => {
        matches!($name, $($wire)|+)
    };
}

macro_rules! slot_read {
    (many $t:ty, $slot:ident, $reader:ident, $child:ident) => {
        if let Some(item) = $reader.item::<$t>(&$child)? {
            $slot.get_or_insert_with(Vec::new).push(item);
        }
    };
    ($mark:ident $t:ty, $slot:ident, $reader:ident, $child:ident) => {
        if let Some(value) = $reader.member::<$t>(&$child)? {
            <$t as $crate::xml::XmlType>::join(&mut $slot, value);
        }
    };
}

macro_rules! slot_missing {
    (req $t:ty, $slot:ident, $reader:ident, $outer:ident, $name:literal) => {
        if $slot
            .as_ref()
            .is_none_or(<$t as $crate::xml::XmlType>::is_empty)
        {
            $reader.missing($outer, <Self as $crate::xml::XmlType>::type_name(), $name);
        }
    };
    ($mark:ident $t:ty, $slot:ident, $reader:ident, $outer:ident, $name:literal) => {};
}

macro_rules! slot_write {
    (req $t:ty, $value:expr, $writer:ident, $name:literal) => {
        $crate::xml::XmlType::write(&$value, $writer, $name)
    };
    (lax $t:ty, $value:expr, $writer:ident, $name:literal) => {
        $crate::xml::XmlType::write(&$value, $writer, $name)
    };
    (since30 $t:ty, $value:expr, $writer:ident, $name:literal) => {
        if $writer.version() >= $crate::Version::V3_0 {
            $crate::xml::XmlType::write(&$value, $writer, $name)
        }
    };
    (many $t:ty, $value:expr, $writer:ident, $name:literal) => {
        for item in &$value {
            $crate::xml::XmlType::write(item, $writer, $name);
        }
    };
    (hidden $t:ty, $value:expr, $writer:ident, $name:literal) => {};
    (loose $t:ty, $value:expr, $writer:ident, $name:literal) => {};
    ($mark:ident $t:ty, $value:expr, $writer:ident, $name:literal) => {
        match &$value {
            Some(value) => $crate::xml::XmlType::write(value, $writer, $name),
            None => $writer.absent($name, $crate::xml::slot_mark!($mark)),
        }
    };
}

macro_rules! slot_mark {
    (req) => {
        $crate::xml::Mark::Required
    };
    (lax) => {
        $crate::xml::Mark::Required
    };
    (laxopt) => {
        $crate::xml::Mark::Required
    };
    (since30) => {
        $crate::xml::Mark::Since30
    };
    (opt) => {
        $crate::xml::Mark::Optional
    };
    (nil) => {
        $crate::xml::Mark::Nillable
    };
    (nilzero) => {
        $crate::xml::Mark::NillableOrZero
    };
    (optnil) => {
        $crate::xml::Mark::OptionalNillable
    };
    (optempty) => {
        $crate::xml::Mark::OptionalEmpty
    };
    (optnilempty) => {
        $crate::xml::Mark::OptionalNillableEmpty
    };
    (many) => {
        $crate::xml::Mark::Many
    };
    (hidden) => {
        $crate::xml::Mark::Hidden
    };
    (loose) => {
        $crate::xml::Mark::Hidden
    };
}

/// Declares sequences: `Name { field: "wireName" mark Type, ... }`; `| "name"` adds names that are taken for it, and
/// `as "xs:type"` is what the schema says where the value is kept as something else.
macro_rules! types {
    ($($(#[$meta:meta])* $name:ident {
        $($(#[$field_meta:meta])* $field:ident : $wire:literal $(| $alias:literal)* $mark:ident $t:ty $(as $schema_type:literal)?),* $(,)?
    })+) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq)]
        pub struct $name {
            $($(#[$field_meta])* pub $field: $crate::xml::slot_type!($mark $t)),*
        }

        impl $crate::xml::XmlType for $name {
            fn type_name() -> &'static str {
                concat!("tns:", stringify!($name))
            }

            #[allow(unused_mut, unused_variables, reason = "types without members need neither")]
            fn read<'a>(
                reader: &mut $crate::xml::reader::Reader<'a>,
                tag: &$crate::xml::reader::Tag<'a>,
                given: &mut bool,
            ) -> Result<Option<Self>, $crate::fault::Fault> {
                $(let mut $field: Option<$crate::xml::slot_type!(@slot $mark $t)> = None;)*
                let outer = reader.enter();
                // REQ-4: in any order.
                while let Some(child) = reader.child(tag)? {
                    *given = true;
                    match child.name {
                        $(name if $crate::xml::slot_is!($mark name $wire $($alias)*) => {
                            $crate::xml::slot_read!($mark $t, $field, reader, child);
                        })*
                        _ => reader.skip(&child)?,
                    }
                }
                $($crate::xml::slot_missing!($mark $t, $field, reader, outer, $wire);)*
                reader.leave(outer, &[$($wire),*]);
                // A required member without a value has been noted as missing.
                let build = move || Some(Self { $($field: $crate::xml::slot_finish!($mark $field)),* });
                Ok(build())
            }

            #[allow(unused_variables, reason = "types without members need no writer")]
            fn write(&self, writer: &mut $crate::xml::writer::Writer, name: &str) {
                writer.element(name, |writer| {
                    $($crate::xml::slot_write!($mark $t, self.$field, writer, $wire);)*
                });
            }

            fn define(schema: &mut $crate::xml::schema::Schema) {
                let fields: Vec<$crate::xml::FieldDef> = vec![$($crate::xml::FieldDef {
                    name: $wire,
                    type_name: $crate::xml::slot_schema_type!($t $(, $schema_type)?),
                    mark: $crate::xml::slot_mark!($mark),
                }),*];
                let kind = $crate::xml::TypeKind::Sequence {
                    base: None,
                    fields: fields.into_iter().filter(|field| field.mark != $crate::xml::Mark::Hidden).collect(),
                };
                if schema.add($crate::xml::TypeDef { name: <Self as $crate::xml::XmlType>::type_name(), kind }) {
                    $(<$t as $crate::xml::XmlType>::define(schema);)*
                }
            }
        }
    )+};
}

/// Declares enumerations: `Name refused(fault function) { Variant = "WORD", ... }`.
macro_rules! enumeration {
    ($($(#[$meta:meta])* $name:ident $(refused($fault:path))? { $($(#[$variant_meta:meta])* $variant:ident = $word:literal),+ $(,)? })+) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$variant_meta])* $variant),+
        }

        impl $name {
            /// All values, in the order of the schema.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word on the wire.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word),+
                }
            }

            /// The value of a word: trimmed, exactly, then without regard to case (REQ-11).
            pub fn from_word(word: &str) -> Option<Self> {
                let word = word.trim();
                let all = || Self::ALL.iter().copied();
                all().find(|value| value.as_str() == word)
                    .or_else(|| all().find(|value| value.as_str().eq_ignore_ascii_case(word)))
            }
        }

        impl $crate::xml::XmlType for $name {
            fn type_name() -> &'static str {
                concat!("tns:", stringify!($name))
            }

            fn read<'a>(
                reader: &mut $crate::xml::reader::Reader<'a>,
                tag: &$crate::xml::reader::Tag<'a>,
                given: &mut bool,
            ) -> Result<Option<Self>, $crate::fault::Fault> {
                let text = reader.text(tag)?;
                *given = !text.trim().is_empty();
                let value = Self::from_word(&text);
                if *given && value.is_none() {
                    #[allow(unused_mut, unused_assignments, reason = "most enumerations have the common fault")]
                    let mut refused: fn(&str, &str, &[&str]) -> $crate::fault::Fault = $crate::fault::Fault::not_enumerated;
                    $(refused = $fault;)?
                    let words: Vec<&str> = Self::ALL.iter().map(|value| value.as_str()).collect();
                    reader.refused(refused(tag.name, text.trim(), &words));
                }
                Ok(value)
            }

            fn write(&self, writer: &mut $crate::xml::writer::Writer, name: &str) {
                writer.text(name, self.as_str());
            }

            fn define(schema: &mut $crate::xml::schema::Schema) {
                let words = vec![$($word),+];
                schema.add($crate::xml::TypeDef {
                    name: <Self as $crate::xml::XmlType>::type_name(),
                    kind: $crate::xml::TypeKind::Enumeration(words),
                });
            }
        }
    )+};
}

macro_rules! items {
    ($($t:ty = $array:literal $item:literal $(alias $alias:literal)? $(wrapper $wrapper:literal)?),+ $(,)?) => {$(
        impl $crate::xml::Item for $t {
            const ARRAY: &'static str = concat!("tns:", $array);
            const ITEM: &'static str = $item;
            $(const ALIAS: Option<&'static str> = Some($alias);)?
            $(const WRAPPER: Option<&'static str> = Some($wrapper);)?
        }
    )+};
}

pub(crate) use {
    enumeration, items, slot_finish, slot_is, slot_mark, slot_missing, slot_read, slot_schema_type,
    slot_type, slot_write, types,
};
