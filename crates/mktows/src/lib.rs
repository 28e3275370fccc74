//! The protocol of the Marketo SOAP API ("mktows"), and only it: bytes to typed messages and back.
//!
//! Both directions for both sides are here. A server reads with [`read_request`] and answers with
//! [`write_response`] or [`write_fault`]; a client writes with [`write_request`] and reads with [`read_response`].
//! Every type of the schema is declared once ([`mod@xml`] has the macros); its reader, its writer and its part of the
//! [`wsdl`] follow from the one declaration, so that they cannot disagree.
//!
//! ```
//! use mktows::{AuthenticationHeaderInfo, LeadKey, LeadKeyRef, Limits, ParamsGetLead, Request, Version};
//!
//! let request = Request::GetLead(ParamsGetLead {
//!     lead_key: LeadKey { key_type: LeadKeyRef::Email, key_value: "ann@example.com".into() },
//! });
//! let header = AuthenticationHeaderInfo::signed("demo_user", "demo_key", "2013-08-02T01:22:30Z");
//! let bytes = mktows::write_request(&header, None, &request, Version::LAST);
//!
//! let envelope = mktows::read_request(&bytes, None, &Limits::default())?;
//! assert_eq!(envelope.body, Ok(request));
//! # Ok::<(), mktows::Fault>(())
//! ```

mod activities;
mod campaigns;
mod common;
mod custom_objects;
mod encoding;
mod envelope;
mod fault;
mod header;
mod leads;
mod limits;
mod lists;
mod mobjects;
mod operation;
mod programs;
pub mod signature;
mod splice;
mod unused;
mod version;
pub mod wsdl;
pub mod xml;

pub use activities::*;
pub use campaigns::*;
pub use common::*;
pub use custom_objects::*;
pub use envelope::{
    RequestEnvelope, ResponseError, read_request, read_response, write_request, write_response,
};
pub use fault::{Fault, FaultCode, SoapFaultCode, write_fault};
pub use header::{AuthenticationHeaderInfo, MktowsContextHeaderInfo};
pub use leads::*;
pub use limits::Limits;
pub use lists::*;
pub use mobjects::*;
pub use operation::{Area, Kind, Operation, Request, Response};
pub use programs::*;
pub use splice::{Document, document_kind, envelope_around, with_header};
pub use version::Version;
pub use xml::date_time::DateTime;
pub use xml::simple::AnySimpleValue;
pub use xml::{Name, indented};

/// The namespace of the envelope: SOAP 1.1 (ENV-1).
pub const SOAP_NAMESPACE: &str = "http://schemas.xmlsoap.org/soap/envelope/";
/// The namespace of the messages, with its final slash.
pub const MKTOWS_NAMESPACE: &str = "http://www.marketo.com/mktows/";
/// The namespace of `nil` and `type`.
pub const XSI_NAMESPACE: &str = "http://www.w3.org/2001/XMLSchema-instance";
