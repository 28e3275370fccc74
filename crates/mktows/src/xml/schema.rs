//! The schema as data: what the WSDL of a version is written from.

use crate::version::Version;

/// How often a member stands in its sequence, and what is written without a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// Once.
    Required,
    /// Once or not at all.
    Optional,
    /// Once, maybe nil.
    Nillable,
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
        !matches!(self, Self::Required | Self::Nillable)
    }

    /// nillable is true.
    pub fn is_nillable(self) -> bool {
        matches!(
            self,
            Self::Nillable | Self::OptionalNillable | Self::OptionalNillableEmpty
        )
    }
}

/// What a member is in the schema of one version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Form {
    /// Its type, with prefix.
    pub type_name: &'static str,
    /// How often.
    pub mark: Mark,
}

/// A member of a sequence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldDef {
    /// The element.
    pub name: &'static str,
    /// What it is.
    pub form: Form,
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

/// All types that were declared, as one version has them, in the order in which they were met.
#[derive(Debug)]
pub(crate) struct Schema {
    version: Version,
    pub(crate) types: Vec<TypeDef>,
}

impl Schema {
    /// A schema without types yet.
    pub(crate) fn new(version: Version) -> Self {
        Self {
            version,
            types: Vec::new(),
        }
    }

    /// Whose schema it is.
    pub(crate) fn version(&self) -> Version {
        self.version
    }

    /// Adds a type; tells whether it is new.
    pub(crate) fn add(&mut self, definition: TypeDef) -> bool {
        let new = self.types.iter().all(|known| known.name != definition.name);
        if new {
            self.types.push(definition);
        }
        new
    }
}
