//! Name and value pairs that several areas use.

use crate::xml::{Name, items, types};

types! {
    /// A field of a lead, an activity or a custom object with its value.
    #[derive(Default)]
    Attribute {
        /// The SOAP name of the field.
        attr_name: "attrName" lax Name,
        /// The data type, in lead records of answers only (COM-19); ignored in requests (COM-23).
        attr_type: "attrType" optnil Name,
        /// The value; empty clears it, as nil and a missing element do (REQ-8, COM-25).
        attr_value: "attrValue" lax String,
    }

    /// An attribute of an MObject, an external key, or a token.
    #[derive(Default)]
    Attrib {
        /// Its name. A connector writes `attrName` (REQ-22).
        name: "name" | "attrName" lax String,
        /// Its value; empty clears it (REQ-8).
        value: "value" | "attrValue" lax String,
    }

    /// Attributes of one kind in a program: `Cost`, `Tag`, `Token`.
    #[derive(Default)]
    TypeAttrib {
        /// The kind.
        attr_type: "attrType" lax String,
        /// Its attributes.
        attr_list: "attrList" opt Vec<Attrib>,
    }
}

items! {
    Attribute = "ArrayOfAttribute" "attribute" wrapper "keyList",
    Vec<Attribute> = "ArrayOfKeyList" "keyList",
    Attrib = "ArrayOfAttrib" "attrib",
    TypeAttrib = "ArrayOfTypeAttrib" "typeAttrib",
}
