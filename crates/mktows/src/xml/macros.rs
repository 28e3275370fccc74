//! The macros by which types are declared; the table of marks is in the module above.

macro_rules! slot_type {
    (@slot many $t:ty) => { Vec<$t> };
    (@slot $mark:ident $t:ty) => { $t };
    (req $t:ty) => { $t };
    (reqempty $t:ty) => { $t };
    (lax $t:ty) => { $t };
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
    (reqempty $slot:ident) => {
        $slot?
    };
    (lax $slot:ident) => {
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
    (reqempty $t:ty, $slot:ident, $reader:ident, $child:ident) => {
        if $child.nil {
            $crate::xml::slot_read!(req $t, $slot, $reader, $child);
        } else if let Some(value) = $reader.item::<$t>(&$child)? {
            $slot = Some(value);
        }
    };
    ($mark:ident $t:ty, $slot:ident, $reader:ident, $child:ident) => {
        if let Some(value) = $reader.member::<$t>(&$child)? {
            <$t as $crate::xml::XmlType>::join(&mut $slot, value);
        }
    };
}

/// Reads a member ahead if it comes next, in the usual form, and is a text; an empty one is none (REQ-8).
macro_rules! slot_read_plain {
    (loose $t:ty, $slot:ident, $reader:ident, $tag:ident, $given:ident, $name:literal) => {};
    (many $t:ty, $slot:ident, $reader:ident, $tag:ident, $given:ident, $name:literal) => {};
    ($mark:ident $t:ty, $slot:ident, $reader:ident, $tag:ident, $given:ident, $name:literal) => {
        if <$t as $crate::xml::XmlType>::IS_TEXT
            && let Some(text) = $reader.plain_child($tag, $name)
        {
            *$given = true;
            if !text.is_empty() {
                $slot = <$t as $crate::xml::XmlType>::of_text(text);
            }
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
    (reqempty $t:ty, $slot:ident, $reader:ident, $outer:ident, $name:literal) => {
        $crate::xml::slot_missing!(req $t, $slot, $reader, $outer, $name)
    };
    ($mark:ident $t:ty, $slot:ident, $reader:ident, $outer:ident, $name:literal) => {};
}

/// Writes a member in the form that it has in the writer's version, or not at all (RSP-8).
macro_rules! slot_write {
    (req $value:expr, $form:expr, $writer:ident, $name:literal) => {
        if $form.is_some() {
            $crate::xml::XmlType::write(&$value, $writer, $name)
        }
    };
    (reqempty $value:expr, $form:expr, $writer:ident, $name:literal) => {
        $crate::xml::slot_write!(req $value, $form, $writer, $name)
    };
    (lax $value:expr, $form:expr, $writer:ident, $name:literal) => {
        $crate::xml::slot_write!(req $value, $form, $writer, $name)
    };
    (many $value:expr, $form:expr, $writer:ident, $name:literal) => {
        for item in &$value {
            $crate::xml::slot_write!(req *item, $form, $writer, $name);
        }
    };
    (loose $value:expr, $form:expr, $writer:ident, $name:literal) => {};
    ($mark:ident $value:expr, $form:expr, $writer:ident, $name:literal) => {
        if let Some(form) = $form {
            match &$value {
                Some(value) if $crate::xml::XmlType::fits(value, form.type_name) => {
                    $crate::xml::XmlType::write(value, $writer, $name)
                }
                _ => $writer.absent($name, form),
            }
        }
    };
}

/// The form of a member in a version; `None` if that version does not have it.
macro_rules! slot_form {
    ($version:expr, $mark:ident $type_name:expr;) => {
        Some($crate::xml::Form {
            type_name: $type_name,
            mark: $crate::xml::slot_mark!($mark),
        })
    };
    ($version:expr, $mark:ident $type_name:expr; [since $at:ident] $($rest:tt)*) => {
        if $version >= $crate::Version::$at {
            $crate::xml::slot_form!($version, $mark $type_name; $($rest)*)
        } else {
            None
        }
    };
    ($version:expr, $mark:ident $type_name:expr; [until $at:ident] $($rest:tt)*) => {
        if $version <= $crate::Version::$at {
            $crate::xml::slot_form!($version, $mark $type_name; $($rest)*)
        } else {
            None
        }
    };
    ($version:expr, $mark:ident $type_name:expr; [before $at:ident $old:ident $old_type:literal] $($rest:tt)*) => {
        if $version < $crate::Version::$at {
            $crate::xml::slot_form!($version, $old $old_type;)
        } else {
            $crate::xml::slot_form!($version, $mark $type_name; $($rest)*)
        }
    };
}

macro_rules! slot_mark {
    (req) => {
        $crate::xml::Mark::Required
    };
    (reqempty) => {
        $crate::xml::Mark::Required
    };
    (lax) => {
        $crate::xml::Mark::Required
    };
    (laxopt) => {
        $crate::xml::Mark::Required
    };
    (opt) => {
        $crate::xml::Mark::Optional
    };
    (nil) => {
        $crate::xml::Mark::Nillable
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
    (loose) => {
        $crate::xml::Mark::Hidden
    };
}

/// Declares sequences: `Name { field: "wireName" mark Type, ... }`; `| "name"` adds names that are taken for it, and
/// `as "xs:type"` is what the schema says where the value is kept as something else; marks of versions come last.
macro_rules! types {
    ($($(#[$meta:meta])* $name:ident {
        $($(#[$field_meta:meta])* $field:ident : $wire:literal $(| $alias:literal)* $mark:ident $t:ty $(as $schema_type:literal)? $([$($versions:tt)+])*),* $(,)?
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
                // Texts in the usual order and form, as nearly all are, are read without a look at anything else.
                $($crate::xml::slot_read_plain!($mark $t, $field, reader, tag, given, $wire);)*
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
                    $($crate::xml::slot_write!(
                        $mark self.$field,
                        $crate::xml::slot_form!(writer.version(), $mark $crate::xml::slot_schema_type!($t $(, $schema_type)?); $([$($versions)+])*),
                        writer, $wire
                    );)*
                });
            }

            fn define(schema: &mut $crate::xml::schema::Schema) {
                let fields: Vec<(&'static str, Option<$crate::xml::Form>)> = vec![$((
                    $wire,
                    $crate::xml::slot_form!(schema.version(), $mark $crate::xml::slot_schema_type!($t $(, $schema_type)?); $([$($versions)+])*),
                )),*];
                let fields = fields.into_iter().filter_map(|(name, form)| Some($crate::xml::FieldDef { name, form: form? }));
                let kind = $crate::xml::TypeKind::Sequence {
                    base: None,
                    fields: fields.filter(|field| field.form.mark != $crate::xml::Mark::Hidden).collect(),
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
    ($($t:ty = $array:literal $item:literal $(alias $alias:literal)? $(wrapper $wrapper:literal)? $(counts $counts:literal)?),+ $(,)?) => {$(
        impl $crate::xml::Item for $t {
            const ARRAY: &'static str = concat!("tns:", $array);
            const ITEM: &'static str = $item;
            $(const ALIAS: Option<&'static str> = Some($alias);)?
            $(const WRAPPER: Option<&'static str> = Some($wrapper);)?
            $(const EMPTY_COUNTS: bool = $counts;)?
        }
    )+};
}

pub(crate) use {
    enumeration, items, slot_finish, slot_form, slot_is, slot_mark, slot_missing, slot_read,
    slot_read_plain, slot_schema_type, slot_type, slot_write, types,
};
