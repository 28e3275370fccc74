//! Faults: the documented codes, their titles and texts, and their bytes (FLT-1 to FLT-10).

use crate::xml::simple::quoted;
use crate::xml::writer::escape;
use std::fmt;

/// The faultcode element.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SoapFaultCode {
    /// The message is to blame.
    Client,
    /// The server is to blame: 10001 and 20011 (FLT-2).
    Server,
    /// Another envelope namespace (ENV-1).
    VersionMismatch,
    /// A header block that must be understood and is not (REQ-19).
    MustUnderstand,
}

impl SoapFaultCode {
    /// The local part of the code.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Client => "Client",
            Self::Server => "Server",
            Self::VersionMismatch => "VersionMismatch",
            Self::MustUnderstand => "MustUnderstand",
        }
    }
}

macro_rules! fault_codes {
    ($($(#[$meta:meta])* $name:ident = $code:literal $title:literal),+ $(,)?) => {
        /// A documented error code.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum FaultCode {
            $($(#[$meta])* $name),+
        }

        impl FaultCode {
            /// All codes.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The number.
            pub fn number(self) -> u32 {
                match self { $(Self::$name => $code),+ }
            }

            /// The title that stands in faultstring; two codes share one (FLT-12).
            pub fn title(self) -> &'static str {
                match self { $(Self::$name => $title),+ }
            }
        }
    };
}

fault_codes! {
    /// The store is unavailable; start-up or shutdown.
    InternalErrorSevere = 10001 "Internal Error",
    /// Any unexpected error in a call.
    InternalError = 20011 "Internal Error",
    /// The message is no SOAP message that can be read.
    RequestNotUnderstood = 20012 "Request Not Understood",
    /// The user is blocked.
    AccessDenied = 20013 "Access Denied",
    /// Unknown user or wrong signature.
    AuthenticationFailed = 20014 "Authentication failed",
    /// The calls of today are used up.
    RequestLimitExceeded = 20015 "Request Limit Exceeded",
    /// The timestamp is outside of its window.
    RequestExpired = 20016 "Request Expired",
    /// A part of the AuthenticationHeader is missing.
    InvalidRequest = 20017 "Invalid Request",
    /// No such operation.
    UnsupportedOperation = 20019 "Unsupported Operation",
    /// The window of a selector is too wide.
    TimeRange = 20022 "Time range specified in query filter exceeded limit",
    /// Too many calls in 20 seconds.
    RateLimitExceeded = 20023 "Rate Limit Exceeded",
    /// Too many calls at once.
    ConcurrencyLimitExceeded = 20024 "Concurrency Limit Exceeded",
    /// A lead key is missing.
    LeadKeyRequired = 20101 "Lead Key Required",
    /// A lead key cannot be used.
    LeadKeyBad = 20102 "Input error",
    /// No lead has the key.
    LeadNotFound = 20103 "Lead not found",
    /// A lead record is missing.
    LeadDetailRequired = 20104 "Lead Detail Required",
    /// A lead attribute with a bad name.
    LeadAttributeBad = 20105 "Unknown lead field",
    /// The lead could not be created or updated.
    LeadSyncFailed = 20106 "Lead Sync Failed",
    /// A filter names a bad activity type.
    ActivityKeyBad = 20107 "Activity Key Bad",
    /// The key names a lead owner that does not exist.
    LeadOwnerNotFound = 20108 "Lead Owner Not Found",
    /// A parameter is missing.
    ParameterRequired = 20109 "Parameter Required",
    /// A parameter has a bad value.
    BadParameter = 20110 "Input error",
    /// No such list.
    ListNotFound = 20111 "List Not Found",
    /// No such campaign.
    CampaignNotFound = 20113 "Campaign Not Found",
    /// The stream position cannot be read.
    BadStreamPosition = 20122 "Bad Stream Position",
    /// The stream is used up.
    StreamAtEnd = 20123 "Stream at End",
}

impl FaultCode {
    /// The code with a number, if it is documented.
    pub fn from_number(number: u32) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|code| code.number() == number)
    }

    /// Whether clients repeat a call after this code (FLT-11). Never used for an error of a record.
    pub fn is_retryable(self) -> bool {
        matches!(
            self,
            Self::InternalErrorSevere
                | Self::InternalError
                | Self::RequestLimitExceeded
                | Self::RequestExpired
                | Self::RateLimitExceeded
                | Self::ConcurrencyLimitExceeded
        )
    }
}

/// A refusal of a whole call, as the client gets it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Who is to blame.
    pub soap_code: SoapFaultCode,
    /// The documented code.
    pub code: FaultCode,
    /// What precedes ` (code)` in `message` (FLT-5).
    pub text: String,
}

impl Fault {
    /// A fault with the SOAP code that belongs to its code (FLT-2).
    pub fn new(code: FaultCode, text: impl Into<String>) -> Self {
        let soap_code = match code {
            FaultCode::InternalErrorSevere | FaultCode::InternalError => SoapFaultCode::Server,
            _ => SoapFaultCode::Client,
        };
        Self {
            soap_code,
            code,
            text: text.into(),
        }
    }

    /// 20012.
    pub fn not_understood(reason: &str) -> Self {
        Self::new(
            FaultCode::RequestNotUnderstood,
            // What the reason quotes may be as long as the message.
            format!(
                "Request not understood: {}",
                reason.chars().take(300).collect::<String>()
            ),
        )
    }

    /// 20012 for another envelope version (ENV-1).
    pub(crate) fn version_mismatch() -> Self {
        let fault = Self::not_understood("the envelope is not one of SOAP 1.1");
        Self {
            soap_code: SoapFaultCode::VersionMismatch,
            ..fault
        }
    }

    /// 20012 for a header block that must be understood (REQ-19).
    pub(crate) fn must_understand(block: &str) -> Self {
        let fault = Self::not_understood(&format!(
            "the header {} must be understood, and is not",
            quoted(block)
        ));
        Self {
            soap_code: SoapFaultCode::MustUnderstand,
            ..fault
        }
    }

    /// 20014: unknown user, wrong signature, or no header at all (AUT-5, AUT-10).
    pub fn authentication_failed() -> Self {
        Self::new(FaultCode::AuthenticationFailed, "Authentication failed")
    }

    /// 20019.
    pub fn unsupported_operation(name: &str) -> Self {
        let name: String = name.chars().take(64).collect();
        Self::new(
            FaultCode::UnsupportedOperation,
            format!("Operation {name} is not supported"),
        )
    }

    /// 20110 for an element whose value cannot be used.
    pub fn bad_parameter(element: &str, reason: &str) -> Self {
        Self::new(FaultCode::BadParameter, format!("{element}: {reason}"))
    }

    /// What a missing parameter is answered with: 20101, 20104 or 20109 (protocol section 7.1).
    pub fn missing(element: &str) -> Self {
        Self::missing_in("", element)
    }

    /// What an element that is missing from a type is answered with: 20101, 20102, 20104 or 20109 (protocol section
    /// 7.1, COM-5).
    pub(crate) fn missing_in(type_name: &str, element: &str) -> Self {
        match (type_name, element) {
            (_, "leadKey" | "listMemberList") => {
                Self::new(FaultCode::LeadKeyRequired, "Lead key required")
            }
            (_, "leadRecord" | "leadRecordList") => {
                Self::new(FaultCode::LeadDetailRequired, "Lead record required")
            }
            ("tns:LeadKey", "keyType" | "keyValue") | ("tns:LeadSelector", "keyType") => {
                Self::new(FaultCode::LeadKeyBad, "Lead key value is not valid")
            }
            _ => Self::new(
                FaultCode::ParameterRequired,
                format!("Parameter {element} is required"),
            ),
        }
    }

    /// 20110 for a word that an enumeration does not have (REQ-11).
    pub(crate) fn not_enumerated(element: &str, word: &str, words: &[&str]) -> Self {
        let words = if words.len() > 12 {
            "a value of the schema".to_owned()
        } else {
            words.join(", ")
        };
        Self::bad_parameter(
            element,
            &format!("{words} is expected, not {}", quoted(word)),
        )
    }

    /// 20102 for a word that is no key type (COM-3).
    pub(crate) fn bad_key_type(_: &str, word: &str, _: &[&str]) -> Self {
        let word: String = word.chars().take(64).collect();
        Self::new(
            FaultCode::LeadKeyBad,
            format!("{word} is not a valid lead key"),
        )
    }

    /// 20107 for a word that is no activity type (GLA-7).
    pub fn unknown_activity_type(word: &str) -> Self {
        let word: String = word.chars().take(64).collect();
        Self::new(
            FaultCode::ActivityKeyBad,
            format!("Unknown activity type {word}"),
        )
    }

    /// `message`: the text and the code in parentheses (FLT-5).
    pub fn message(&self) -> String {
        format!("{} ({})", self.text, self.code.number())
    }

    /// `faultstring`: the code and its title (FLT-3).
    pub fn fault_string(&self) -> String {
        format!("{} - {}", self.code.number(), self.code.title())
    }

    /// The HTTP status of every fault (FLT-7).
    pub const HTTP_STATUS: u16 = 500;
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.fault_string(), self.text)
    }
}

impl std::error::Error for Fault {}

/// The bytes of a fault, in the layout that clients search by text (FLT-1, FLT-4, FLT-6, FLT-8).
pub fn write_fault(fault: &Fault) -> Vec<u8> {
    let mut out = String::with_capacity(700);
    out.push_str(concat!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n",
        "<SOAP-ENV:Envelope xmlns:SOAP-ENV=\"http://schemas.xmlsoap.org/soap/envelope/\"><SOAP-ENV:Body><SOAP-ENV:Fault>",
        "<faultcode>SOAP-ENV:"
    ));
    out.push_str(fault.soap_code.as_str());
    out.push_str("</faultcode><faultstring>");
    out.push_str(&fault.fault_string());
    out.push_str(concat!(
        "</faultstring><detail><ns1:serviceException xmlns:ns1=\"http://www.marketo.com/mktows/\">",
        "<name>mktServiceException</name><message>"
    ));
    escape(&mut out, &fault.message());
    out.push_str("</message><code>");
    out.push_str(&fault.code.number().to_string());
    out.push_str("</code></ns1:serviceException></detail></SOAP-ENV:Fault></SOAP-ENV:Body></SOAP-ENV:Envelope>\n");
    out.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flt_01_a_fault_to_the_byte() {
        let text = String::from_utf8(write_fault(&Fault::authentication_failed())).unwrap();
        assert_eq!(
            text,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <SOAP-ENV:Envelope xmlns:SOAP-ENV=\"http://schemas.xmlsoap.org/soap/envelope/\"><SOAP-ENV:Body><SOAP-ENV:Fault>\
             <faultcode>SOAP-ENV:Client</faultcode><faultstring>20014 - Authentication failed</faultstring><detail>\
             <ns1:serviceException xmlns:ns1=\"http://www.marketo.com/mktows/\"><name>mktServiceException</name>\
             <message>Authentication failed (20014)</message><code>20014</code></ns1:serviceException></detail>\
             </SOAP-ENV:Fault></SOAP-ENV:Body></SOAP-ENV:Envelope>\n"
        );
    }

    #[test]
    fn flt_02_the_server_is_to_blame_for_internal_errors_only() {
        for code in FaultCode::ALL {
            let server = matches!(code.number(), 10001 | 20011);
            assert_eq!(
                Fault::new(*code, "x").soap_code == SoapFaultCode::Server,
                server,
                "{code:?}"
            );
            assert_eq!(FaultCode::from_number(code.number()), Some(*code));
        }
        assert_eq!(FaultCode::from_number(20018), None);
    }

    #[test]
    fn flt_03_flt_05_flt_12_texts() {
        let fault = Fault::new(FaultCode::LeadNotFound, "No lead found with EMAIL = a&b");
        assert_eq!(fault.fault_string(), "20103 - Lead not found");
        assert_eq!(fault.message(), "No lead found with EMAIL = a&b (20103)");
        assert!(
            String::from_utf8(write_fault(&fault))
                .unwrap()
                .contains("a&amp;b")
        );
        assert_eq!(
            FaultCode::LeadKeyBad.title(),
            FaultCode::BadParameter.title()
        );
    }

    #[test]
    fn flt_11_codes_that_make_clients_repeat() {
        let retryable: Vec<u32> = FaultCode::ALL
            .iter()
            .filter(|code| code.is_retryable())
            .map(|code| code.number())
            .collect();
        assert_eq!(retryable, [10001, 20011, 20015, 20016, 20023, 20024]);
    }
}
