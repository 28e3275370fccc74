//! The one table of operations.

use crate::fault::Fault;
use crate::xml::XmlType;
use crate::xml::reader::{Reader, Tag};
use crate::xml::schema::Schema;
use crate::xml::writer::Writer;
use crate::xml::{FieldDef, Form, Mark, TypeDef, TypeKind};
use crate::*;

/// Whether an operation changes anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// It reads.
    Read,
    /// It writes.
    Write,
}

/// The part of the API that an operation belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Area {
    /// Leads.
    Leads,
    /// Histories.
    Activities,
    /// Opportunities, roles and programs.
    MObjects,
    /// Custom objects.
    CustomObjects,
    /// Static lists.
    Lists,
    /// Campaigns.
    Campaigns,
    /// Channels and tags.
    Programs,
}

macro_rules! operations {
    ($($name:ident $wire:literal $kind:ident $area:ident $limit:expr, $params:ty => $element:literal $result:ty;)+) => {
        /// An operation of the API, in the order of the portType.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Operation {
            $(#[doc = concat!("`", $wire, "`")] $name),+
        }

        impl Operation {
            /// All 23, in the order of the portType.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// Its name, as SOAPAction ends with it.
            pub fn name(self) -> &'static str {
                match self { $(Self::$name => $wire),+ }
            }

            /// Its name with a capital, as types and messages have it.
            pub fn type_stem(self) -> &'static str {
                match self { $(Self::$name => stringify!($name)),+ }
            }

            /// Whether it writes.
            pub fn kind(self) -> Kind {
                match self { $(Self::$name => Kind::$kind),+ }
            }

            /// The part of the API.
            pub fn area(self) -> Area {
                match self { $(Self::$name => Area::$area),+ }
            }

            /// Records that one call may carry or one page may hold, where the documentation names a number.
            pub fn batch_limit(self) -> Option<u32> {
                match self { $(Self::$name => $limit),+ }
            }

            /// Defines the types of its request and response.
            pub(crate) fn define(self, schema: &mut Schema) {
                match self {
                    $(Self::$name => {
                        <$params>::define(schema);
                        let form = Form { type_name: <$result>::type_name(), mark: Mark::Required };
                        let success = FieldDef { name: $element, form };
                        schema.add(TypeDef {
                            name: concat!("tns:Success", stringify!($name)),
                            kind: TypeKind::Sequence { base: None, fields: vec![success] },
                        });
                        <$result>::define(schema);
                    })+
                }
            }
        }

        /// A request of any operation.
        #[derive(Debug, Clone, PartialEq)]
        pub enum Request {
            $(#[doc = concat!("`", $wire, "`")] $name($params)),+
        }

        impl Request {
            /// The operation that it asks for.
            pub fn operation(&self) -> Operation {
                match self { $(Self::$name(_) => Operation::$name),+ }
            }

            pub(crate) fn read<'a>(operation: Operation, reader: &mut Reader<'a>, tag: &Tag<'a>) -> Result<Result<Self, Fault>, Fault> {
                match operation {
                    $(Operation::$name => {
                        let params = <$params>::read(reader, tag, &mut false)?;
                        Ok(match (reader.problem(), params) {
                            (Some(fault), _) => Err(fault),
                            (None, Some(params)) => Ok(Self::$name(params)),
                            (None, None) => Err(Fault::not_understood("the request is empty")),
                        })
                    })+
                }
            }

            pub(crate) fn write(&self, writer: &mut Writer, name: &str) {
                match self { $(Self::$name(params) => params.write(writer, name)),+ }
            }
        }

        $(impl From<$params> for Request {
            fn from(params: $params) -> Self {
                Self::$name(params)
            }
        })+

        /// A successful answer of any operation: what stands in `result`, or in `leadActivityList`.
        #[derive(Debug, Clone, PartialEq)]
        pub enum Response {
            $(#[doc = concat!("`", $wire, "`")] $name($result)),+
        }

        impl Response {
            /// The operation that it answers.
            pub fn operation(&self) -> Operation {
                match self { $(Self::$name(_) => Operation::$name),+ }
            }

            pub(crate) fn read<'a>(operation: Operation, reader: &mut Reader<'a>, tag: &Tag<'a>) -> Result<Option<Self>, Fault> {
                let mut response = None;
                while let Some(child) = reader.child(tag)? {
                    match operation {
                        $(Operation::$name if child.name == $element => {
                            response = reader.item::<$result>(&child)?.map(Self::$name);
                        })+
                        _ => reader.skip(&child)?,
                    }
                }
                match reader.problem() {
                    Some(fault) => Err(fault),
                    None => Ok(response),
                }
            }

            pub(crate) fn write(&self, writer: &mut Writer) {
                match self { $(Self::$name(result) => result.write(writer, $element)),+ }
            }
        }

        $(impl From<$result> for Response {
            fn from(result: $result) -> Self {
                Self::$name(result)
            }
        })+
    };
}

operations! {
    DeleteMObjects "deleteMObjects" Write MObjects Some(100), ParamsDeleteMObjects => "result" ResultDeleteMObjects;
    DescribeMObject "describeMObject" Read MObjects None, ParamsDescribeMObject => "result" ResultDescribeMObject;
    GetMObjects "getMObjects" Read MObjects Some(100), ParamsGetMObjects => "result" ResultGetMObjects;
    SyncMObjects "syncMObjects" Write MObjects Some(100), ParamsSyncMObjects => "result" ResultSyncMObjects;
    GetCampaignsForSource "getCampaignsForSource" Read Campaigns None, ParamsGetCampaignsForSource => "result" ResultGetCampaignsForSource;
    GetImportToListStatus "getImportToListStatus" Read Lists None, ParamsGetImportToListStatus => "result" ResultGetImportToListStatus;
    GetLead "getLead" Read Leads None, ParamsGetLead => "result" ResultGetLead;
    GetLeadActivity "getLeadActivity" Read Activities Some(100), ParamsGetLeadActivity => "leadActivityList" LeadActivityList;
    GetLeadChanges "getLeadChanges" Read Activities Some(1000), ParamsGetLeadChanges => "result" ResultGetLeadChanges;
    GetMultipleLeads "getMultipleLeads" Read Leads Some(1000), ParamsGetMultipleLeads => "result" ResultGetMultipleLeads;
    ImportToList "importToList" Write Lists None, ParamsImportToList => "result" ResultImportToList;
    ListMObjects "listMObjects" Read MObjects None, ParamsListMObjects => "result" ResultListMObjects;
    ListOperation "listOperation" Write Lists Some(1000), ParamsListOperation => "result" ResultListOperation;
    RequestCampaign "requestCampaign" Write Campaigns Some(100), ParamsRequestCampaign => "result" ResultRequestCampaign;
    ScheduleCampaign "scheduleCampaign" Write Campaigns None, ParamsScheduleCampaign => "result" ResultScheduleCampaign;
    SyncLead "syncLead" Write Leads Some(1), ParamsSyncLead => "result" ResultSyncLead;
    SyncMultipleLeads "syncMultipleLeads" Write Leads Some(300), ParamsSyncMultipleLeads => "result" ResultSyncMultipleLeads;
    SyncCustomObjects "syncCustomObjects" Write CustomObjects Some(100), ParamsSyncCustomObjects => "result" ResultSyncCustomObjects;
    DeleteCustomObjects "deleteCustomObjects" Write CustomObjects Some(100), ParamsDeleteCustomObjects => "result" ResultDeleteCustomObjects;
    GetCustomObjects "getCustomObjects" Read CustomObjects Some(100), ParamsGetCustomObjects => "result" ResultGetCustomObjects;
    MergeLeads "mergeLeads" Write Leads None, ParamsMergeLeads => "result" ResultMergeLeads;
    GetChannels "getChannels" Read Programs None, ParamsGetChannels => "result" ResultGetChannels;
    GetTags "getTags" Read Programs None, ParamsGetTags => "result" ResultGetTags;
}

impl Operation {
    /// The operation with this name, exactly.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|operation| operation.name() == name)
    }

    /// The operation whose name with a capital this is.
    pub(crate) fn from_type_stem(stem: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|operation| operation.type_stem() == stem)
    }
}
