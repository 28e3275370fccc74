//! The schema as data: what the WSDL is written from.

/// How often a member stands in its sequence, and what is written without a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// Once.
    Required,
    /// Once or not at all.
    Optional,
    /// As [`Mark::Optional`]; always written from 3_0 on, never before (GLA-17).
    Since30,
    /// Once, maybe nil.
    Nillable,
    /// As [`Mark::Nillable`]; before 2_7 not nillable, and `0` stands for nil.
    NillableOrZero,
    /// Once, nil, or not at all.
    OptionalNillable,
    /// As [`Mark::Optional`], but written as an empty element.
    OptionalEmpty,
    /// As [`Mark::OptionalNillable`], but written as an empty element.
    OptionalNillableEmpty,
    /// Any number of times.
    Many,
    /// Not in the schema.
    Hidden,
}

impl Mark {
    /// minOccurs is 0.
    pub fn is_optional(self) -> bool {
        !matches!(self, Self::Required | Self::Nillable | Self::NillableOrZero)
    }

    /// nillable is true.
    pub fn is_nillable(self) -> bool {
        matches!(
            self,
            Self::Nillable
                | Self::NillableOrZero
                | Self::OptionalNillable
                | Self::OptionalNillableEmpty
        )
    }
}

/// A member of a sequence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldDef {
    /// The element.
    pub name: &'static str,
    /// Its type, with prefix.
    pub type_name: &'static str,
    /// How often.
    pub mark: Mark,
}

/// A named type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeDef {
    /// Its name, with prefix.
    pub name: &'static str,
    /// What it is.
    pub kind: TypeKind,
}

/// What a type is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TypeKind {
    /// A string with these values.
    Enumeration(Vec<&'static str>),
    /// A sequence of members, maybe on top of another type.
    Sequence {
        /// The type that it extends.
        base: Option<&'static str>,
        /// Its own members, in order.
        fields: Vec<FieldDef>,
    },
    /// A type without members that others extend.
    Abstract,
}

/// All types that were declared, in the order in which they were met.
#[derive(Debug, Default)]
pub(crate) struct Schema {
    pub(crate) types: Vec<TypeDef>,
}

impl Schema {
    /// Adds a type; tells whether it is new.
    pub(crate) fn add(&mut self, definition: TypeDef) -> bool {
        let new = self.types.iter().all(|known| known.name != definition.name);
        if new {
            self.types.push(definition);
        }
        new
    }
}
