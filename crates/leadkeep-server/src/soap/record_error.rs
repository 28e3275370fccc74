//! Errors of single leads and MObjects: the code first, then its title, then the detail (FLT-9).

use leadkeep_core::error::RecordError;
use mktows::FaultCode;

/// The text of a record's `error` element, like `20103 - Lead not found: IDNUM = 77`.
pub(super) fn text(error: &RecordError) -> String {
    let (code, detail) = match error {
        RecordError::LeadKeyRequired => (FaultCode::LeadKeyRequired, String::new()),
        RecordError::LeadKeyBad(detail) => (FaultCode::LeadKeyBad, detail.clone()),
        RecordError::LeadNotFound(detail) => (FaultCode::LeadNotFound, detail.clone()),
        RecordError::UnknownLeadFields(names) => (FaultCode::LeadAttributeBad, names.join(", ")),
        RecordError::LeadSyncFailed(detail) => (FaultCode::LeadSyncFailed, detail.clone()),
        RecordError::ParameterRequired(detail) => (FaultCode::ParameterRequired, detail.clone()),
        RecordError::BadParameter(detail) => (FaultCode::BadParameter, detail.clone()),
    };
    let title = sentence(code.title());
    let number = code.number();
    if detail.is_empty() {
        format!("{number} - {title}")
    } else {
        format!("{number} - {title}: {detail}")
    }
}

/// `Lead Key Required` as `Lead key required`.
fn sentence(title: &str) -> String {
    let mut words = title.split(' ');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |text, word| {
        format!("{text} {}", word.to_lowercase())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flt_09_texts_begin_with_the_code() {
        for (error, expected) in [
            (RecordError::LeadKeyRequired, "20101 - Lead key required"),
            (
                RecordError::LeadKeyBad("Lead key is ambiguous: EMAIL = a@x.com".into()),
                "20102 - Input error: Lead key is ambiguous: EMAIL = a@x.com",
            ),
            (
                RecordError::LeadNotFound("IDNUM = 77".into()),
                "20103 - Lead not found: IDNUM = 77",
            ),
            (
                RecordError::UnknownLeadFields(vec!["a".into(), "b".into()]),
                "20105 - Unknown lead field: a, b",
            ),
            (
                RecordError::LeadSyncFailed("City: too long".into()),
                "20106 - Lead sync failed: City: too long",
            ),
            (
                RecordError::ParameterRequired("Parameter Month is required".into()),
                "20109 - Parameter required: Parameter Month is required",
            ),
            (
                RecordError::BadParameter("Object name is not valid".into()),
                "20110 - Input error: Object name is not valid",
            ),
        ] {
            assert_eq!(text(&error), expected);
        }
    }
}
