//! `[instance]`, `[rules]` and `[lead_keys]` of the provisioning file.

use crate::store::EmailPick;
use serde::{Deserialize, Serialize};

/// `[instance]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Instance {
    /// The zone of every time that is written (RSP-9, DM-VAL-13).
    pub time_zone: jiff::tz::TimeZone,
    /// Its IANA name.
    pub time_zone_name: String,
    /// Opportunities and roles belong to a CRM (SMO-77).
    pub crm_sync: bool,
}

/// What an unknown attribute name does in syncMultipleLeads (SML-23).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum UnknownAttribute {
    /// Fault 20105 for the whole call.
    #[default]
    Fault,
    /// The record fails.
    Fail,
}

/// What an unknown name in includeAttributes does (GML-24).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum UnknownInclude {
    /// Nothing.
    #[default]
    Ignore,
    /// Fault 20105.
    Fault,
}

/// What getMObjects answers past its end (GMO-23).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EndOfStream {
    /// An empty page.
    #[default]
    Empty,
    /// Fault 20123.
    Fault,
}

/// Groups of optional fields (DM-FLD-2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ShownGroup {
    /// `MarketoSocial...`
    Social,
    /// `Marketo Jigsaw ...`
    Datacom,
}

/// `[rules]`: choices that the reference leaves open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rules {
    /// Which of several leads with one address is meant (COM-2).
    pub duplicate_email: EmailPick,
    /// An unknown foreign id goes to the lead with the record's address (SL-35, SML-35).
    pub adopt_foreign_ids: bool,
    /// No misspelt keys and no keys out of attributes (REQ-3).
    pub strict_keys: bool,
    /// What an unknown attribute does (SML-23).
    pub unknown_attribute: UnknownAttribute,
    /// What an unknown name in includeAttributes does (GML-24).
    pub unknown_include: UnknownInclude,
    /// Email is filled though includeAttributes does not name it (GML-18).
    pub always_email: bool,
    /// Lead fields that keep their first value (COM-24).
    pub blocked_fields: Vec<String>,
    /// Optional fields that are shown (DM-READ-4).
    pub shown_groups: Vec<ShownGroup>,
    /// A new lead without Website gets the domain of its address (COM-34).
    pub website_from_email: bool,
    /// Addresses are checked (DM-VAL-10).
    pub check_email: bool,
    /// `NULL` and `null` clear text fields too (COM-25).
    pub null_clears_text: bool,
    /// Over-long strings are cut (VAL-8).
    pub cut_long_strings: bool,
    /// No opportunity without Name (SMO-24).
    pub require_opportunity_name: bool,
    /// A merge gives the losers' records to the winner (DM-MRG-5).
    pub relink_custom_objects: bool,
    /// getMObjects past its end (GMO-23).
    pub end_of_stream: EndOfStream,
    /// Widest LastUpdateAtSelector window in days, 0 for any (GML-13).
    pub window_days: u32,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            duplicate_email: EmailPick::Added,
            adopt_foreign_ids: false,
            strict_keys: false,
            unknown_attribute: UnknownAttribute::Fault,
            unknown_include: UnknownInclude::Ignore,
            always_email: false,
            blocked_fields: vec!["AnonymousIP".to_owned()],
            shown_groups: Vec::new(),
            website_from_email: true,
            check_email: false,
            null_clears_text: false,
            cut_long_strings: false,
            require_opportunity_name: false,
            relink_custom_objects: false,
            end_of_stream: EndOfStream::Empty,
            window_days: 30,
        }
    }
}

/// The field that a lead key looks up (COM-9, COM-10).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum LeadKeyField {
    /// A lead or company field, by its stored name.
    Lead(String),
    /// An opportunity field: the leads with a role on such an opportunity (SFDCOPPTYID only).
    Opportunity(String),
}

/// `[lead_keys]`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LeadKeyFields {
    /// LEADOWNEREMAIL.
    pub lead_owner_email: Option<LeadKeyField>,
    /// SFDCACCOUNTID.
    pub sfdc_account_id: Option<LeadKeyField>,
    /// SFDCLEADOWNERID.
    pub sfdc_lead_owner_id: Option<LeadKeyField>,
    /// SFDCOPPTYID.
    pub sfdc_oppty_id: Option<LeadKeyField>,
}
