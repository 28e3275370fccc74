//! Types that the schema declares and no operation uses; compiled clients have classes for them.

use crate::xml::schema::Schema;
use crate::xml::{FieldDef, Form, Mark, TypeDef, TypeKind};

/// Adds them to the schema.
pub(crate) fn define(schema: &mut Schema) {
    let field = |name, type_name, mark| FieldDef {
        name,
        form: Form { type_name, mark },
    };
    let sequence = |fields| TypeKind::Sequence { base: None, fields };
    schema.add(TypeDef {
        name: "tns:ArrayOfBase64Binary",
        kind: sequence(vec![field("base64Binary", "xs:base64Binary", Mark::Many)]),
    });
    schema.add(TypeDef {
        name: "tns:VersionedItem",
        kind: sequence(vec![
            field("id", "xs:integer", Mark::Required),
            field("name", "xs:string", Mark::Required),
            field("type", "xs:string", Mark::OptionalNillable),
            field("description", "xs:string", Mark::OptionalNillable),
            field("timestamp", "xs:dateTime", Mark::Required),
        ]),
    });
    schema.add(TypeDef {
        name: "tns:ArrayOfVersionedItem",
        kind: sequence(vec![field(
            "versionedItem",
            "tns:VersionedItem",
            Mark::Many,
        )]),
    });
}
