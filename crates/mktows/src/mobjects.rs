//! listMObjects, describeMObject, getMObjects, syncMObjects, deleteMObjects.

use crate::common::{Attrib, TypeAttrib};
use crate::xml::date_time::DateTime;
use crate::xml::simple::AnySimpleValue;
use crate::xml::{enumeration, items, types};

enumeration! {
    /// How a sync treats what exists and what does not.
    SyncOperationEnum {
        /// New ones are inserted, existing ones updated.
        Upsert = "UPSERT",
        /// New ones are inserted, existing ones skipped.
        Insert = "INSERT",
        /// Existing ones are updated, new ones skipped.
        Update = "UPDATE",
    }

    /// What became of an MObject.
    MObjStatusEnum {
        /// New.
        Created = "CREATED",
        /// Changed.
        Updated = "UPDATED",
        /// Gone.
        Deleted = "DELETED",
        /// Nothing was stored.
        Failed = "FAILED",
        /// Nothing was different.
        Unchanged = "UNCHANGED",
        /// The operation does not concern it.
        Skipped = "SKIPPED",
    }

    /// Declared by the schema and used nowhere: types travel as strings.
    MObjectTypeEnum {
        /// A deal.
        Opportunity = "Opportunity",
        /// Messages say OpportunityPersonRole.
        OpportunityLeadRole = "OpportunityLeadRole",
        /// A program.
        Program = "Program",
    }

    /// How a criterion compares.
    ComparisonEnum {
        /// Equal.
        Eq = "EQ",
        /// Not equal.
        Ne = "NE",
        /// Less.
        Lt = "LT",
        /// Less or equal.
        Le = "LE",
        /// Greater.
        Gt = "GT",
        /// Greater or equal.
        Ge = "GE",
    }
}

types! {
    /// An opportunity, a role or a program.
    #[derive(Default)]
    MObject {
        /// The object type; what it may be is for each record to say (SMO-42).
        type_: "type" laxopt String,
        /// Its number.
        id: "id" opt i32,
        /// A field of it and the value that identifies it.
        external_key: "externalKey" opt Attrib,
        /// When it was made; read only.
        created_at: "createdAt" opt DateTime,
        /// When it was last changed; read only.
        updated_at: "updatedAt" opt DateTime,
        /// Its attributes.
        attrib_list: "attribList" opt Vec<Attrib>,
        /// Costs, tags and tokens of a program.
        type_attrib_list: "typeAttribList" opt Vec<TypeAttrib>,
        /// What it is linked to. The documentation's table has another name (SMO-30, REQ-22).
        association_list: "associationList" | "mObjAssociationList" opt Vec<MObjAssociation>,
    }

    /// A link to another object.
    #[derive(Default)]
    MObjAssociation {
        /// The type of the other object.
        m_obj_type: "mObjType" lax String,
        /// Its number.
        id: "id" opt i32,
        /// A field of it and the value that identifies it.
        external_key: "externalKey" opt Attrib,
    }

    /// A condition.
    #[derive(Default)]
    MObjCriteria {
        /// The attribute.
        attr_name: "attrName" lax String,
        /// How it is compared; EQ if missing (GMO-29). Kept as text, since a client sends `IN`.
        comparison: "comparison" laxopt Comparison,
        /// With what.
        attr_value: "attrValue" lax AnySimpleValue,
    }

    /// What became of one MObject.
    MObjStatus {
        /// Its number; without one nil, before 2_7 `0` (RSP-5).
        id: "id" nil i32 [before V2_7 req "xs:int"],
        /// The external key that was sent.
        external_key: "externalKey" opt Attrib,
        /// The outcome.
        status: "status" req MObjStatusEnum,
        /// Why it failed.
        error: "error" opt String,
    }

    /// The description of an object.
    MObjectMetadata {
        /// Its name.
        name: "name" lax String,
        /// What it is.
        description: "description" nil String,
        /// Made by an administrator.
        is_custom: "isCustom" lax bool,
        /// Made for the API only.
        is_virtual: "isVirtual" lax bool,
        /// Its fields.
        field_list: "fieldList" lax Vec<MObjFieldMetadata>,
        /// When it was last changed.
        updated_at: "updatedAt" req DateTime,
    }

    /// The description of a field.
    MObjFieldMetadata {
        /// Its SOAP name.
        name: "name" lax String,
        /// What it is.
        description: "description" nil String,
        /// Its name in the screens.
        display_name: "displayName" nil String,
        /// The object that it belongs to.
        source_object: "sourceObject" nil String,
        /// Its data type.
        data_type: "dataType" lax String,
        /// Its length.
        size: "size" nil i32,
        /// Read only.
        is_readonly: "isReadonly" lax bool,
        /// Keeps its first value.
        is_update_blocked: "isUpdateBlocked" lax bool,
        /// Is the name of the object.
        is_name: "isName" nil bool,
        /// Is the key of the object.
        is_primary_key: "isPrimaryKey" lax bool,
        /// Made by an administrator.
        is_custom: "isCustom" lax bool,
        /// Travels in an attribute list.
        is_dynamic: "isDynamic" lax bool,
        /// In which.
        dynamic_field_ref: "dynamicFieldRef" nil String,
        /// When it was last changed.
        updated_at: "updatedAt" req DateTime,
    }

    /// Request of listMObjects (LMO-4).
    #[derive(Default)]
    ParamsListMObjects {}

    /// Request of describeMObject.
    ParamsDescribeMObject {
        /// The object.
        object_name: "objectName" req String,
    }

    /// Request of getMObjects.
    ParamsGetMObjects {
        /// The object type.
        type_: "type" req String,
        /// The number of the object.
        id: "id" opt i32,
        /// A field and its value.
        external_key: "externalKey" opt Attrib,
        /// Conditions; all must hold.
        m_obj_criteria_list: "mObjCriteriaList" opt Vec<MObjCriteria>,
        /// Links; all must hold.
        m_obj_association_list: "mObjAssociationList" | "associationList" opt Vec<MObjAssociation>,
        /// Tags, tokens and costs of programs.
        include_details: "includeDetails" opt bool,
        /// Where the previous page ended.
        stream_position: "streamPosition" opt String,
    }

    /// Request of syncMObjects.
    ParamsSyncMObjects {
        /// The objects.
        m_object_list: "mObjectList" req Vec<MObject>,
        /// One operation for all of them.
        operation: "operation" req SyncOperationEnum,
    }

    /// Request of deleteMObjects.
    ParamsDeleteMObjects {
        /// The objects.
        m_object_list: "mObjectList" req Vec<MObject>,
    }

    /// Result of listMObjects.
    #[derive(Default)]
    ResultListMObjects {
        /// The names.
        objects: "objects" many String,
    }

    /// Result of describeMObject.
    ResultDescribeMObject {
        /// The description.
        metadata: "metadata" req MObjectMetadata,
    }

    /// Result of getMObjects.
    #[derive(Default)]
    ResultGetMObjects {
        /// Objects in this answer.
        return_count: "returnCount" lax i32,
        /// Whether there is another page.
        has_more: "hasMore" lax bool,
        /// Where it begins.
        new_stream_position: "newStreamPosition" lax String,
        /// The objects.
        m_object_list: "mObjectList" opt Vec<MObject>,
    }

    /// Result of syncMObjects.
    #[derive(Default)]
    ResultSyncMObjects {
        /// One status an object, in the order of the request.
        m_obj_status_list: "mObjStatusList" lax Vec<MObjStatus>,
    }

    /// Result of deleteMObjects.
    #[derive(Default)]
    ResultDeleteMObjects {
        /// One status an object, in the order of the request.
        m_obj_status_list: "mObjStatusList" lax Vec<MObjStatus>,
    }
}

items! {
    MObject = "ArrayOfMObject" "mObject",
    MObjAssociation = "ArrayOfMObjAssociation" "mObjAssociation",
    MObjCriteria = "ArrayOfMObjCriteria" "mObjCriteria" counts false,
    MObjStatus = "ArrayOfMObjStatus" "mObjStatus",
    MObjFieldMetadata = "ArrayOfMObjFieldMetadata" "field",
}

/// A comparison as a client wrote it: a word of [`ComparisonEnum`], or one that only some servers take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison(pub String);

impl crate::xml::XmlType for Comparison {
    fn type_name() -> &'static str {
        ComparisonEnum::type_name()
    }

    fn read<'a>(
        reader: &mut crate::xml::reader::Reader<'a>,
        tag: &crate::xml::reader::Tag<'a>,
        given: &mut bool,
    ) -> Result<Option<Self>, crate::fault::Fault> {
        let text = reader.text(tag)?;
        *given = !text.trim().is_empty();
        Ok(Some(Self(text.trim().to_owned())))
    }

    fn write(&self, writer: &mut crate::xml::writer::Writer, name: &str) {
        writer.text(name, &self.0);
    }

    fn define(schema: &mut crate::xml::schema::Schema) {
        ComparisonEnum::define(schema);
    }
}
