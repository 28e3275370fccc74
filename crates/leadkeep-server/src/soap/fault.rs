//! Refusals of the rules as faults of the protocol: the one place where they meet.

use crate::call_span::CallSpan;
use leadkeep_core::error::CallError;
use leadkeep_core::store::StoreError;
use mktows::{Fault, FaultCode, Operation};

/// 20011 with nothing but the call's name (FLT-10).
pub(super) fn internal(call: &CallSpan) -> Fault {
    Fault::new(
        FaultCode::InternalError,
        format!("Internal error, call {}", call.id),
    )
}

/// The fault of a refusal (protocol section 7.1). What went wrong inside is logged, and stays inside.
pub(super) fn fault(error: CallError, call: &CallSpan) -> Fault {
    match error {
        CallError::LeadKeyRequired => Fault::missing("leadKey"),
        CallError::LeadKeyBad(text) => Fault::new(FaultCode::LeadKeyBad, text),
        CallError::LeadNotFound { key_type, value } => Fault::new(
            FaultCode::LeadNotFound,
            format!("No lead found with {key_type} = {value}"),
        ),
        CallError::LeadRecordRequired => Fault::missing("leadRecord"),
        CallError::UnknownLeadFields(names) => {
            let operation = call.operation().map_or("The", Operation::name);
            let text = format!(
                "{operation} operation failed: unknown fields for import: {}",
                names.join(", ")
            );
            Fault::new(FaultCode::LeadAttributeBad, text)
        }
        CallError::LeadSyncFailed(text) => Fault::new(FaultCode::LeadSyncFailed, text),
        CallError::UnknownActivityType(name) => Fault::unknown_activity_type(&name),
        CallError::ListNotFound(name) => {
            Fault::new(FaultCode::ListNotFound, format!("List {name} not found"))
        }
        CallError::ProgramNotFound(name) => {
            Fault::new(FaultCode::BadParameter, format!("Program {name} not found"))
        }
        CallError::CampaignNotFound(name) => Fault::new(
            FaultCode::CampaignNotFound,
            format!("Campaign {name} not found"),
        ),
        CallError::CloneLimit(most) => Fault::new(
            FaultCode::RequestLimitExceeded,
            format!("Request limit of {most} clones of programs a day exceeded"),
        ),
        CallError::NoImport(list) => Fault::new(
            FaultCode::BadParameter,
            format!("No import found for list {list}"),
        ),
        CallError::LeadOwnerNotFound { key_type, value } => Fault::new(
            FaultCode::LeadOwnerNotFound,
            format!("No lead owner found with {key_type} = {value}"),
        ),
        CallError::ParameterRequired(parameter) => Fault::new(
            FaultCode::ParameterRequired,
            format!("Parameter {parameter} is required"),
        ),
        CallError::BadParameter { parameter, reason } => Fault::bad_parameter(parameter, &reason),
        CallError::BadObjectName => Fault::new(FaultCode::BadParameter, "Object name is not valid"),
        CallError::TimeRange(days) => Fault::new(
            FaultCode::TimeRange,
            format!("Time range exceeds {days} days"),
        ),
        CallError::BadStreamPosition => {
            Fault::new(FaultCode::BadStreamPosition, "Stream position is not valid")
        }
        CallError::StreamAtEnd => Fault::new(FaultCode::StreamAtEnd, "No more records"),
        CallError::Store(StoreError::Unavailable(reason)) => {
            call.log(|| {
                tracing::error!(reason, "the store is not available");
            });
            Fault::new(FaultCode::InternalErrorSevere, "Internal error")
        }
        CallError::Store(error) => {
            call.log(|| {
                tracing::error!(%error, "the store failed");
            });
            internal(call)
        }
    }
}
