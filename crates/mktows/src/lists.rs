//! listOperation, importToList, getImportToListStatus.

use crate::leads::LeadKey;
use crate::xml::date_time::DateTime;
use crate::xml::{enumeration, items, types};

enumeration! {
    /// What a list key names.
    ListKeyType {
        /// A static list by name.
        MktoListName = "MKTOLISTNAME",
        /// The list of a sales user.
        MktoSalesUserId = "MKTOSALESUSERID",
        /// The list of a CRM user.
        SfdcLeadOwnerId = "SFDCLEADOWNERID",
    }

    /// What is done with a list.
    ListOperationType {
        /// Leads join.
        AddToList = "ADDTOLIST",
        /// Are they members?
        IsMemberOfList = "ISMEMBEROFLIST",
        /// Leads leave.
        RemoveFromList = "REMOVEFROMLIST",
    }

    /// What an import does with rows.
    ImportToListModeEnum {
        /// Leads are created or updated, then join.
        UpsertLeads = "UPSERTLEADS",
        /// Existing leads join.
        ListOnly = "LISTONLY",
    }

    /// The state of an import.
    ImportToListStatusEnum {
        /// It waits or runs.
        Processing = "PROCESSING",
        /// It has ended.
        Complete = "COMPLETE",
        /// It could not be done.
        Failed = "FAILED",
        /// An administrator stopped it.
        Canceled = "CANCELED",
    }
}

types! {
    /// A list.
    ListKey {
        /// How it is named.
        key_type: "keyType" req ListKeyType,
        /// Its name.
        key_value: "keyValue" req String,
    }

    /// What is true of one lead.
    LeadStatus {
        /// The key as sent.
        lead_key: "leadKey" req LeadKey,
        /// Whether it is so.
        status: "status" lax bool,
    }

    /// Request of listOperation.
    ParamsListOperation {
        /// What is to be done.
        list_operation: "listOperation" req ListOperationType,
        /// With which list.
        list_key: "listKey" req ListKey,
        /// And which leads.
        list_member_list: "listMemberList" req Vec<LeadKey>,
        /// All or nothing.
        strict: "strict" optnil bool,
        /// Writes no activities; in the schema up to 2_2 (LO-14).
        skip_activity_log: "skipActivityLog" optnil bool [until V2_2],
    }

    /// Request of importToList.
    ParamsImportToList {
        /// The program that the list is in.
        program_name: "programName" req String,
        /// The header line.
        import_file_header: "importFileHeader" req String,
        /// The rows.
        import_file_rows: "importFileRows" req Vec<String>,
        /// What is done with them.
        import_list_mode: "importListMode" req ImportToListModeEnum,
        /// The list.
        list_name: "listName" req String,
        /// Whether it is emptied before.
        clear_list: "clearList" lax bool,
        /// The campaign that uses the tokens of the rows.
        campaign_name: "campaignName" nil String,
    }

    /// Request of getImportToListStatus.
    #[derive(Default)]
    ParamsGetImportToListStatus {
        /// The program.
        program_name: "programName" opt String,
        /// The list.
        list_name: "listName" opt String,
    }

    /// Result of listOperation.
    #[derive(Default)]
    ResultListOperation {
        /// Whether all is so.
        success: "success" lax bool,
        /// One status a lead.
        status_list: "statusList" optnil Vec<LeadStatus>,
    }

    /// Result of importToList.
    ResultImportToList {
        /// The state.
        import_status: "importStatus" req ImportToListStatusEnum,
    }

    /// Result of getImportToListStatus.
    ResultGetImportToListStatus {
        /// The state.
        status: "status" req ImportToListStatusEnum,
        /// When it began.
        started_time: "startedTime" optnil DateTime,
        /// When it ended.
        ended_time: "endedTime" optnil DateTime,
        /// Seconds left.
        estimated_time: "estimatedTime" optnil i32,
        /// Rows of the call.
        estimated_rows: "estimatedRows" optnil i32,
        /// Rows that did something.
        rows_imported: "rowsImported" optnil i32,
        /// Rows that failed.
        rows_failed: "rowsFailed" optnil i32,
        /// Rows that did nothing.
        rows_ignored: "rowsIgnored" optnil i32,
        /// One line.
        import_summary: "importSummary" optnil String,
    }
}

items! {
    LeadStatus = "ArrayOfLeadStatus" "leadStatus",
}
