//! getLead, getMultipleLeads, syncLead, syncMultipleLeads, mergeLeads.

use crate::common::Attribute;
use crate::fault::Fault;
use crate::xml::date_time::DateTime;
use crate::xml::reader::{Reader, Tag};
use crate::xml::schema::Schema;
use crate::xml::writer::Writer;
use crate::xml::{TypeDef, TypeKind, XmlType, enumeration, items, types};

enumeration! {
    /// What a lead key names.
    LeadKeyRef refused(Fault::bad_key_type) {
        /// The lead id.
        Idnum = "IDNUM",
        /// The Munchkin cookie.
        Cookie = "COOKIE",
        /// The e-mail address.
        Email = "EMAIL",
        /// The address of the owner.
        LeadOwnerEmail = "LEADOWNEREMAIL",
        /// The CRM account.
        SfdcAccountId = "SFDCACCOUNTID",
        /// The CRM contact.
        SfdcContactId = "SFDCCONTACTID",
        /// The CRM lead.
        SfdcLeadId = "SFDCLEADID",
        /// The CRM owner.
        SfdcLeadOwnerId = "SFDCLEADOWNERID",
        /// The CRM opportunity.
        SfdcOpptyId = "SFDCOPPTYID",
    }

    /// The system of a foreign id.
    ForeignSysType {
        /// Any system of the caller's own.
        Custom = "CUSTOM",
        /// Salesforce.
        Sfdc = "SFDC",
        /// NetSuite.
        Netsuite = "NETSUITE",
    }

    /// What became of a lead record.
    LeadSyncStatus {
        /// A new lead.
        Created = "CREATED",
        /// An existing lead, changed or not.
        Updated = "UPDATED",
        /// Nothing was stored.
        Failed = "FAILED",
    }

    /// What became of a merge.
    LeadMergeStatusEnum {
        /// The losers are part of the winner.
        Merged = "MERGED",
        /// Nothing was merged.
        Failed = "FAILED",
    }
}

types! {
    /// A key type and a value.
    LeadKey {
        /// What is named.
        key_type: "keyType" req LeadKeyRef,
        /// By which value.
        key_value: "keyValue" req String,
    }

    /// A lead: four fixed elements and its attributes (COM-14).
    #[derive(Default)]
    LeadRecord {
        /// The lead id.
        id: "Id" optnil i32,
        /// The e-mail address.
        email: "Email" optnil String,
        /// The key in another system.
        foreign_sys_person_id: "ForeignSysPersonId" optnil String,
        /// That system.
        foreign_sys_type: "ForeignSysType" optnil ForeignSysType,
        /// The other fields.
        lead_attribute_list: "leadAttributeList" optnil Vec<Attribute>,
        /// The lead id under a wrong name (REQ-3).
        loose_id: "id" | "leadId" loose String,
        /// The address under a wrong name (REQ-3).
        loose_email: "email" loose String,
        /// The foreign id under a wrong name (REQ-3).
        loose_foreign_sys_person_id: "foreignSysPersonId" loose String,
        /// The foreign system under a wrong name (REQ-3).
        loose_foreign_sys_type: "foreignSysType" loose String,
    }

    /// What became of one lead record.
    SyncStatus {
        /// The lead, 0 if there is none (RSP-5).
        lead_id: "leadId" req i32,
        /// The outcome.
        status: "status" req LeadSyncStatus,
        /// Why it failed.
        error: "error" optnil String,
    }

    /// What became of a merge.
    MergeStatus {
        /// The winner.
        winning_lead_id: "winningLeadId" optnil i32,
        /// The losers, in request order.
        losing_lead_id_list: "losingLeadIdList" optnil Vec<i32>,
        /// The outcome.
        status: "status" req LeadMergeStatusEnum,
        /// Why it failed.
        error: "error" optnil String,
    }

    /// Leads by key; at most 100 keys count (GML-2).
    LeadKeySelector {
        /// What the values are.
        key_type: "keyType" req LeadKeyRef,
        /// The values.
        key_values: "keyValues" req Vec<String>,
    }

    /// Leads of a static list.
    #[derive(Default)]
    StaticListSelector {
        /// Its name.
        static_list_name: "staticListName" optnil String,
        /// Its id.
        static_list_id: "staticListId" optnil i32,
    }

    /// Leads by time of update.
    LastUpdateAtSelector {
        /// Until, exclusive (GML-29).
        latest_updated_at: "latestUpdatedAt" optnil DateTime,
        /// Since.
        oldest_updated_at: "oldestUpdatedAt" req DateTime,
    }

    /// Request of getLead.
    ParamsGetLead {
        /// The lead or leads.
        lead_key: "leadKey" req LeadKey,
    }

    /// Request of getMultipleLeads.
    #[derive(Default)]
    ParamsGetMultipleLeads {
        /// Which leads.
        lead_selector: "leadSelector" opt LeadSelector,
        /// Deprecated: leads updated since (GML-10).
        last_updated_at: "lastUpdatedAt" opt DateTime,
        /// Where the previous page ended.
        stream_position: "streamPosition" optnil String,
        /// The size of a page (GML-19).
        batch_size: "batchSize" optnil i32,
        /// The fields that are wanted; all without.
        include_attributes: "includeAttributes" opt Vec<String>,
    }

    /// Request of syncLead.
    ParamsSyncLead {
        /// The lead.
        lead_record: "leadRecord" req LeadRecord,
        /// Whether the answer holds the lead; false if missing (SL-46).
        return_lead: "returnLead" lax bool,
        /// The Munchkin cookie.
        marketo_cookie: "marketoCookie" optnil String,
    }

    /// Request of syncMultipleLeads. As in all requests children may be in any namespace (SML-22, REQ-1), `True` is
    /// true (SML-25, REQ-9), and an Id that is no number is 20110 (SML-51, REQ-10).
    ParamsSyncMultipleLeads {
        /// The leads.
        lead_record_list: "leadRecordList" req Vec<LeadRecord>,
        /// Whether e-mail addresses identify; true if missing (SML-27).
        dedup_enabled: "dedupEnabled" optnil bool,
    }

    /// Request of mergeLeads.
    ParamsMergeLeads {
        /// The winner, as key types and values.
        winning_lead_key_list: "winningLeadKeyList" req Vec<Attribute>,
        /// The losers.
        losing_lead_key_lists: "losingLeadKeyLists" req Vec<Vec<Attribute>>,
        /// Merge in the CRM too; in the schema from 2_7.
        merge_in_sales: "mergeInSales" opt bool [since V2_7],
    }

    /// Result of getLead.
    #[derive(Default)]
    ResultGetLead {
        /// How many leads match.
        count: "count" lax i32,
        /// The leads.
        lead_record_list: "leadRecordList" optnil Vec<LeadRecord>,
    }

    /// Result of getMultipleLeads.
    #[derive(Default)]
    ResultGetMultipleLeads {
        /// Leads in this answer.
        return_count: "returnCount" lax i32,
        /// Leads after this page.
        remaining_count: "remainingCount" lax i32,
        /// Where the next page begins; may be empty.
        new_stream_position: "newStreamPosition" lax String,
        /// The leads.
        lead_record_list: "leadRecordList" optnil Vec<LeadRecord>,
    }

    /// Result of syncLead.
    ResultSyncLead {
        /// The lead.
        lead_id: "leadId" req i32,
        /// The outcome.
        sync_status: "syncStatus" req SyncStatus,
        /// The lead after the call, if asked for.
        lead_record: "leadRecord" optnil LeadRecord,
    }

    /// Result of syncMultipleLeads.
    #[derive(Default)]
    ResultSyncMultipleLeads {
        /// One status a record, in the order of the request (SML-13).
        sync_status_list: "syncStatusList" lax Vec<SyncStatus>,
    }

    /// Result of mergeLeads.
    ResultMergeLeads {
        /// The outcome.
        merge_status: "mergeStatus" req MergeStatus,
    }
}

items! {
    LeadRecord = "ArrayOfLeadRecord" "leadRecord",
    LeadKey = "ArrayOfLeadKey" "leadKey" counts false,
    SyncStatus = "ArrayOfSyncStatus" "syncStatus",
}

/// Which leads a call is about; the one abstract type of the schema.
#[derive(Debug, Clone, PartialEq)]
pub enum LeadSelector {
    /// By key.
    LeadKey(LeadKeySelector),
    /// By static list.
    StaticList(StaticListSelector),
    /// By time of update.
    LastUpdateAt(LastUpdateAtSelector),
}

impl XmlType for LeadSelector {
    fn type_name() -> &'static str {
        "tns:LeadSelector"
    }

    // REQ-7: `xsi:type` decides by its local name; where it is absent or unknown, the children do.
    fn read<'a>(
        reader: &mut Reader<'a>,
        tag: &Tag<'a>,
        given: &mut bool,
    ) -> Result<Option<Self>, Fault> {
        let mut key_type = None;
        let mut key_values: Option<Vec<String>> = None;
        let mut list = StaticListSelector::default();
        let mut latest_updated_at = None;
        let mut oldest_updated_at = None;
        let mut kind = match tag.xsi_type {
            Some("LeadKeySelector") => Some(Kind::LeadKey),
            Some("StaticListSelector") => Some(Kind::StaticList),
            Some("LastUpdateAtSelector") => Some(Kind::LastUpdateAt),
            _ => None,
        };
        let mut any = false;
        let outer = reader.enter();
        while let Some(child) = reader.child(tag)? {
            let told = match child.name {
                "keyType" => {
                    key_type = reader.member(&child)?;
                    Kind::LeadKey
                }
                "keyValues" => {
                    key_values
                        .get_or_insert_default()
                        .extend(reader.member::<Vec<String>>(&child)?.unwrap_or_default());
                    Kind::LeadKey
                }
                "staticListName" => {
                    list.static_list_name = reader.member(&child)?;
                    Kind::StaticList
                }
                "staticListId" => {
                    list.static_list_id = reader.member(&child)?;
                    Kind::StaticList
                }
                "latestUpdatedAt" => {
                    latest_updated_at = reader.member(&child)?;
                    Kind::LastUpdateAt
                }
                "oldestUpdatedAt" => {
                    oldest_updated_at = reader.member(&child)?;
                    Kind::LastUpdateAt
                }
                _ => {
                    reader.skip(&child)?;
                    continue;
                }
            };
            any = true;
            kind.get_or_insert(told);
        }
        // REQ-8: .NET names the type of what it leaves nil.
        if tag.nil && !any {
            kind = None;
        }
        *given = kind.is_some();
        let selector = match kind {
            None => None,
            Some(Kind::LeadKey) => {
                let key_values = key_values.filter(|values| !values.is_empty());
                if key_type.is_none() {
                    reader.missing(outer, Self::type_name(), "keyType");
                }
                if key_values.is_none() {
                    reader.missing(outer, Self::type_name(), "keyValues");
                }
                key_type.zip(key_values).map(|(key_type, key_values)| {
                    Self::LeadKey(LeadKeySelector {
                        key_type,
                        key_values,
                    })
                })
            }
            Some(Kind::StaticList) => Some(Self::StaticList(list)),
            Some(Kind::LastUpdateAt) => {
                if oldest_updated_at.is_none() {
                    reader.missing(outer, Self::type_name(), "oldestUpdatedAt");
                }
                oldest_updated_at.map(|oldest_updated_at| {
                    Self::LastUpdateAt(LastUpdateAtSelector {
                        latest_updated_at,
                        oldest_updated_at,
                    })
                })
            }
        };
        reader.leave(
            outer,
            &[
                "keyType",
                "keyValues",
                "staticListName",
                "staticListId",
                "latestUpdatedAt",
                "oldestUpdatedAt",
            ],
        );
        Ok(selector)
    }

    fn write(&self, writer: &mut Writer, name: &str) {
        writer.uses_xsi();
        match self {
            Self::LeadKey(LeadKeySelector {
                key_type,
                key_values,
            }) => {
                writer.element_with(name, " xsi:type=\"ns1:LeadKeySelector\"", |writer| {
                    key_type.write(writer, "keyType");
                    key_values.write(writer, "keyValues");
                });
            }
            Self::StaticList(StaticListSelector {
                static_list_name,
                static_list_id,
            }) => {
                writer.element_with(name, " xsi:type=\"ns1:StaticListSelector\"", |writer| {
                    if let Some(list) = static_list_name {
                        list.write(writer, "staticListName");
                    }
                    if let Some(id) = static_list_id {
                        id.write(writer, "staticListId");
                    }
                });
            }
            Self::LastUpdateAt(LastUpdateAtSelector {
                latest_updated_at,
                oldest_updated_at,
            }) => {
                writer.element_with(name, " xsi:type=\"ns1:LastUpdateAtSelector\"", |writer| {
                    if let Some(latest) = latest_updated_at {
                        latest.write(writer, "latestUpdatedAt");
                    }
                    oldest_updated_at.write(writer, "oldestUpdatedAt");
                });
            }
        }
    }

    fn define(schema: &mut Schema) {
        if schema.add(TypeDef {
            name: Self::type_name(),
            kind: TypeKind::Abstract,
        }) {
            extend::<LeadKeySelector>(schema);
            extend::<StaticListSelector>(schema);
            extend::<LastUpdateAtSelector>(schema);
        }
    }
}

#[derive(Clone, Copy)]
enum Kind {
    LeadKey,
    StaticList,
    LastUpdateAt,
}

/// Defines a type as an extension of the selector.
fn extend<T: XmlType>(schema: &mut Schema) {
    T::define(schema);
    let definition = schema
        .types
        .iter_mut()
        .find(|definition| definition.name == T::type_name());
    if let Some(TypeDef {
        kind: TypeKind::Sequence { base, .. },
        ..
    }) = definition
    {
        *base = Some(LeadSelector::type_name());
    }
}

impl LeadKeyRef {
    /// The key type that the name of an attribute says, as mergeLeads writes its keys (ML-2, ML-17).
    ///
    /// # Errors
    /// 20102 for any other name (ML-11).
    pub fn of_attribute(name: &str) -> Result<Self, Fault> {
        let name = name.trim();
        Self::from_word(name).ok_or_else(|| Fault::bad_key_type("", name, &[]))
    }
}
