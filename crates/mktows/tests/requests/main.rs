//! Requests rule by rule: what is read from which spelling, and what is refused how, and in which order.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

mod elements;
mod envelope;
mod missing;
mod values;

use jiff::tz::TimeZone;
use mktows::{
    ActivityType, ActivityTypeWord, AuthenticationHeaderInfo, Fault, FaultCode, ForeignSysType,
    LeadKeyRef, LeadRecord, LeadSelector, Limits, MKTOWS_NAMESPACE, Operation,
    ParamsGetMultipleLeads, Request, RequestEnvelope, SOAP_NAMESPACE, SoapFaultCode,
    SyncOperationEnum, read_request,
};

fn envelope(header: &str, body: &str) -> Result<RequestEnvelope, Fault> {
    let text = format!(
        "<s:Envelope xmlns:s='{SOAP_NAMESPACE}' xmlns:m='{MKTOWS_NAMESPACE}' \
         xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'>{header}<s:Body>{body}</s:Body></s:Envelope>"
    );
    read_request(text.as_bytes(), None, &Limits::default())
}

fn read(body: &str) -> Request {
    let envelope = envelope("", body).unwrap_or_else(|fault| panic!("{fault}\n{body}"));
    envelope
        .body
        .unwrap_or_else(|fault| panic!("{fault}\n{body}"))
}

/// The message of the fault of a body that is well-formed.
fn refused(body: &str) -> String {
    envelope("", body).unwrap().body.unwrap_err().message()
}

/// The message of the fault of an envelope that cannot be read.
fn misunderstood(text: &str) -> Fault {
    let fault = read_request(text.as_bytes(), None, &Limits::default()).unwrap_err();
    assert_eq!(fault.code, FaultCode::RequestNotUnderstood, "{text}");
    fault
}

fn leads(inside: &str) -> Vec<LeadRecord> {
    let Request::SyncMultipleLeads(params) = read(&format!(
        "<m:paramsSyncMultipleLeads>{inside}</m:paramsSyncMultipleLeads>"
    )) else {
        panic!()
    };
    params.lead_record_list
}

fn lead(inside: &str) -> LeadRecord {
    leads(&format!(
        "<leadRecordList><leadRecord>{inside}</leadRecord></leadRecordList>"
    ))
    .remove(0)
}

fn pages(inside: &str) -> ParamsGetMultipleLeads {
    let body = format!("<m:paramsGetMultipleLeads>{inside}</m:paramsGetMultipleLeads>");
    let Request::GetMultipleLeads(params) = read(&body) else {
        panic!()
    };
    params
}
