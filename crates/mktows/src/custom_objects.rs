//! getCustomObjects, syncCustomObjects, deleteCustomObjects.

use crate::common::Attribute;
use crate::mobjects::SyncOperationEnum;
use crate::xml::{enumeration, items, types};

enumeration! {
    /// What became of a custom object. Two values more than any original schema had (WSD-6, SCO-3).
    SyncStatusEnum {
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
}

types! {
    /// A custom object.
    #[derive(Default)]
    CustomObj {
        /// The fields that identify it.
        custom_obj_key_list: "customObjKeyList" optnil Vec<Attribute>,
        /// Its other fields.
        custom_obj_attribute_list: "customObjAttributeList" optnil Vec<Attribute>,
    }

    /// What became of one custom object.
    SyncCustomObjStatus {
        /// The type in its canonical spelling.
        obj_type_name: "objTypeName" lax String,
        /// The keys as sent.
        custom_obj_key_list: "customObjKeyList" optnil Vec<Attribute>,
        /// The outcome.
        status: "status" req SyncStatusEnum,
        /// Why it failed.
        error: "error" optnil String,
    }

    /// Request of getCustomObjects.
    ParamsGetCustomObjects {
        /// The type. The documentation's tables have other names for this and others (REQ-22).
        obj_type_name: "objTypeName" | "objectTypeName" req String,
        /// Where the previous page ended.
        stream_position: "streamPosition" optnil String,
        /// The size of a page.
        batch_size: "batchSize" optnil i32,
        /// What identifies the objects, in part or in whole.
        custom_obj_key_list: "customObjKeyList" | "customObjKeyLists" optnil Vec<Attribute>,
        /// The fields that are wanted; all without.
        include_attributes: "includeAttributes" lax Vec<String>,
    }

    /// Request of syncCustomObjects.
    ParamsSyncCustomObjects {
        /// The type.
        obj_type_name: "objTypeName" | "objectTypeName" req String,
        /// The objects.
        custom_obj_list: "customObjList" | "customObjectList" req Vec<CustomObj>,
        /// UPSERT if missing (SCO-13).
        operation: "operation" optnil SyncOperationEnum,
    }

    /// Request of deleteCustomObjects.
    ParamsDeleteCustomObjects {
        /// The type.
        obj_type_name: "objTypeName" | "objectTypeName" req String,
        /// The keys, a list an object.
        custom_obj_key_lists: "customObjKeyLists" req Vec<Vec<Attribute>>,
    }

    /// Result of getCustomObjects.
    #[derive(Default)]
    ResultGetCustomObjects {
        /// The type in its canonical spelling.
        obj_type_name: "objTypeName" lax String,
        /// Objects in this answer.
        return_count: "returnCount" lax i32,
        /// Objects after this page.
        remaining_count: "remainingCount" lax i32,
        /// Where the next page begins.
        new_stream_position: "newStreamPosition" lax String,
        /// The objects.
        custom_obj_list: "customObjList" optnil Vec<CustomObj>,
    }

    /// Result of syncCustomObjects.
    #[derive(Default)]
    ResultSyncCustomObjects {
        /// One status an object, in the order of the request.
        sync_custom_obj_status_list: "syncCustomObjStatusList" lax Vec<SyncCustomObjStatus>,
    }

    /// Result of deleteCustomObjects.
    #[derive(Default)]
    ResultDeleteCustomObjects {
        /// One status an object, in the order of the request (XCO-2).
        delete_custom_obj_status_list: "deleteCustomObjStatusList" lax Vec<SyncCustomObjStatus>,
    }
}

items! {
    CustomObj = "ArrayOfCustomObj" "customObj" alias "customObject",
    SyncCustomObjStatus = "ArrayOfSyncCustomObjStatus" "syncCustomObjStatus",
}
