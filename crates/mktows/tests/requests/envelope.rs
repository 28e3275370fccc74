//! The envelope and its headers.

use super::*;

#[test]
fn env_02_env_07_the_child_of_the_body() {
    let known = "<m:paramsListMObjects/>";
    assert_eq!(read(known).operation(), Operation::ListMObjects);
    for (body, reason) in [
        ("", "the Body is empty"),
        ("text", "the Body is empty"),
        (
            "<m:paramsListMObjects/><m:paramsListMObjects/>",
            "the Body has two children",
        ),
        (
            "<paramsListMObjects/>",
            "paramsListMObjects is not in the namespace http://www.marketo.com/mktows/",
        ),
        (
            "<paramsListMObjects xmlns='http://www.marketo.com/mktows'/>",
            "paramsListMObjects is not in the namespace http://www.marketo.com/mktows/",
        ),
        ("<x:paramsListMObjects/>", "the prefix `x` is not declared"),
    ] {
        assert_eq!(
            envelope("", body).unwrap_err().text,
            format!("Request not understood: {reason}"),
            "{body}"
        );
    }
    for (body, name) in [
        ("<m:paramsFoo><a/></m:paramsFoo>", "Foo"),
        ("<m:foo/>", "foo"),
        ("<m:getLead/>", "getLead"),
        ("<m:params/>", ""),
        ("<m:paramsgetLead/>", "getLead"),
        ("<m:successGetLead/>", "successGetLead"),
    ] {
        assert_eq!(
            refused(body),
            format!("Operation {name} is not supported (20019)"),
            "{body}"
        );
    }
    let long = format!("<m:params{}/>", "x".repeat(1000));
    assert!(refused(&long).len() < 120);
}

#[test]
fn env_03_the_name_of_the_body_is_told() {
    let envelope = envelope("", "<m:paramsFoo/>").unwrap();
    assert_eq!(envelope.body_name, "paramsFoo");
}

#[test]
fn env_01_the_envelope() {
    let inside = format!("<s:Body><p:paramsListMObjects xmlns:p='{MKTOWS_NAMESPACE}'/></s:Body>");
    for namespace in [
        "http://www.w3.org/2003/05/soap-envelope",
        "http://schemas.xmlsoap.org/soap/envelope",
        "x",
    ] {
        let fault = misunderstood(&format!(
            "<s:Envelope xmlns:s='{namespace}'>{inside}</s:Envelope>"
        ));
        assert_eq!(
            (fault.soap_code, fault.fault_string().as_str()),
            (
                SoapFaultCode::VersionMismatch,
                "20012 - Request Not Understood"
            )
        );
    }
    for (text, reason) in [
        ("", "the message is empty"),
        ("   \n", "the message is empty"),
        ("{\"a\": 1}", "there is text outside of the envelope"),
        ("<html/>", "the message is html, not an Envelope"),
        (
            &format!("<s:Envelope xmlns:s='{SOAP_NAMESPACE}'/>"),
            "there is no Body element",
        ),
        (
            &format!("<s:Envelope xmlns:s='{SOAP_NAMESPACE}'><Body/></s:Envelope>"),
            "there is no Body element",
        ),
        (
            &format!("<s:Envelope xmlns:s='{SOAP_NAMESPACE}'>{inside}{inside}</s:Envelope>"),
            "there are two Body elements",
        ),
        (
            &format!("<s:Envelope xmlns:s='{SOAP_NAMESPACE}'>{inside}</s:Envelope><a/>"),
            "something follows the envelope",
        ),
        (
            &format!("<s:Envelope xmlns:s='{SOAP_NAMESPACE}'>{inside}</s:Envelope> x"),
            "there is text outside of the envelope",
        ),
    ] {
        let fault = misunderstood(text);
        assert_eq!(
            (fault.soap_code, fault.text),
            (
                SoapFaultCode::Client,
                format!("Request not understood: {reason}")
            ),
            "{text}"
        );
    }
}

const AUTHENTICATION: &str = "<mktowsUserId>u</mktowsUserId><requestSignature>s</requestSignature>\
    <requestTimestamp> 2013-08-02T01:22:30Z\n</requestTimestamp><partnerId>p</partnerId><audit>a</audit><mode>x</mode>";

#[test]
fn aut_02_aut_10_aut_11_the_authentication_header() {
    let qualified = AUTHENTICATION.replace("</", "</m:").replace("<m", "<m:m");
    let qualified = qualified
        .replace("<r", "<m:r")
        .replace("<p", "<m:p")
        .replace("<a", "<m:a");
    for header in [
        format!("<m:AuthenticationHeader>{AUTHENTICATION}</m:AuthenticationHeader>"),
        format!("<AuthenticationHeader>{AUTHENTICATION}</AuthenticationHeader>"),
        format!("<m:AuthenticationHeader>{qualified}</m:AuthenticationHeader>"),
        // REQ-19.
        format!(
            "<m:AuthenticationHeader s:mustUnderstand='1' s:actor='x'>{AUTHENTICATION}</m:AuthenticationHeader>"
        ),
        format!(
            "<m:MktowsContextHeader/><x/><m:AuthenticationHeader>{AUTHENTICATION}</m:AuthenticationHeader>"
        ),
    ] {
        let read = envelope(
            &format!("<s:Header>{header}</s:Header>"),
            "<m:paramsListMObjects/>",
        )
        .unwrap();
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(
            read.authentication,
            Some(AuthenticationHeaderInfo {
                mktows_user_id: text("u"),
                request_signature: text("s"),
                // AUT-3: exactly as sent.
                request_timestamp: text(" 2013-08-02T01:22:30Z\n"),
                partner_id: text("p"),
                audit: text("a"),
                mode: text("x"),
            }),
            "{header}"
        );
    }
    for missing in [
        "",
        "<s:Header/>",
        "<s:Header><o:AuthenticationHeader xmlns:o='other'/></s:Header>",
    ] {
        let read = envelope(missing, "<m:paramsListMObjects/>").unwrap();
        assert_eq!(read.authentication, None, "{missing}");
    }
    for empty in [
        "<m:AuthenticationHeader/>",
        "<m:AuthenticationHeader xsi:nil='true'/>",
        "<m:AuthenticationHeader><mktowsUserId/><requestSignature xsi:nil='1'/></m:AuthenticationHeader>",
    ] {
        let read = envelope(
            &format!("<s:Header>{empty}</s:Header>"),
            "<m:paramsListMObjects/>",
        )
        .unwrap();
        assert_eq!(
            read.authentication,
            Some(AuthenticationHeaderInfo::default())
        );
    }
}

#[test]
fn aut_14_two_authentication_headers() {
    let one = "<m:AuthenticationHeader/>";
    for header in [
        format!("<s:Header>{one}{one}</s:Header>"),
        format!("<s:Header>{one}</s:Header><s:Header>{one}</s:Header>"),
    ] {
        let fault = envelope(&header, "<m:paramsListMObjects/>").unwrap_err();
        assert_eq!(fault.code, FaultCode::RequestNotUnderstood);
    }
}

#[test]
fn ctx_02_ctx_04_the_context_header() {
    for (header, workspace) in [
        (
            "<m:MktowsContextHeader><targetWorkspace> default </targetWorkspace></m:MktowsContextHeader>",
            Some(" default "),
        ),
        (
            "<m:MktowsContextHeader><targetWorkspace/></m:MktowsContextHeader>",
            None,
        ),
        (
            "<m:MktowsContextHeader><targetWorkspace xsi:nil='true'/></m:MktowsContextHeader>",
            None,
        ),
        ("<m:MktowsContextHeader/>", None),
        ("", None),
    ] {
        // On any operation.
        let read = envelope(
            &format!("<s:Header>{header}</s:Header>"),
            "<m:paramsListMObjects/>",
        )
        .unwrap();
        assert_eq!(
            read.context
                .and_then(|context| context.target_workspace)
                .as_deref(),
            workspace,
            "{header}"
        );
    }
}

#[test]
fn req_19_headers_that_must_be_understood() {
    for (header, understood) in [
        ("<o:To xmlns:o='o'>x</o:To>", true),
        ("<o:To xmlns:o='o' s:mustUnderstand='0'/>", true),
        ("<o:To xmlns:o='o' s:mustUnderstand='1'/>", false),
        ("<m:Other s:mustUnderstand='1'><a/></m:Other>", false),
        ("<m:MktowsContextHeader s:mustUnderstand='1'/>", true),
    ] {
        let read = envelope(
            &format!("<s:Header>{header}</s:Header>"),
            "<m:paramsListMObjects/>",
        );
        match read {
            Ok(_) => assert!(understood, "{header}"),
            Err(fault) => {
                assert!(!understood, "{header}");
                assert_eq!(
                    (fault.soap_code, fault.code),
                    (
                        SoapFaultCode::MustUnderstand,
                        FaultCode::RequestNotUnderstood
                    )
                );
            }
        }
    }
}
