//! Values of elements: what is nothing, booleans, numbers, words, times.

use super::*;

#[test]
fn req_08_absent_nil_and_empty_are_one() {
    for none in [
        "",
        "<streamPosition/>",
        "<streamPosition></streamPosition>",
        "<streamPosition xsi:nil='true'/>",
        "<streamPosition xsi:nil='1'></streamPosition>",
        "<batchSize/><batchSize xsi:nil='true'/><lastUpdatedAt/><includeAttributes/>",
        "<batchSize>  </batchSize>",
        "<includeAttributes xsi:nil='true'/>",
        "<includeAttributes>\n</includeAttributes>",
    ] {
        assert_eq!(pages(none), ParamsGetMultipleLeads::default(), "{none}");
    }
    // A nil with content has content.
    let params = pages(
        "<streamPosition xsi:nil='true'>x</streamPosition>\
         <includeAttributes xsi:nil='true'><stringItem>a</stringItem></includeAttributes>",
    );
    assert_eq!(
        (params.stream_position.as_deref(), params.include_attributes),
        (Some("x"), Some(vec!["a".to_owned()]))
    );
    // White space is text where text is kept (REQ-13).
    assert_eq!(
        pages("<streamPosition> </streamPosition>")
            .stream_position
            .as_deref(),
        Some(" ")
    );
}

#[test]
fn req_08_req_13_values_of_attributes_are_kept_as_sent() {
    let value = |element: &str| {
        let lead = lead(&format!(
            "<leadAttributeList><attribute><attrName>a</attrName>{element}</attribute></leadAttributeList>"
        ));
        lead.lead_attribute_list.unwrap().remove(0).attr_value
    };
    for (element, text) in [
        ("", ""),
        ("<attrValue/>", ""),
        ("<attrValue xsi:nil='true'/>", ""),
        ("<attrValue> x </attrValue>", " x "),
        ("<attrValue>  </attrValue>", "  "),
        // VAL-10: a line end is a line feed, unless it is written as a reference.
        ("<attrValue>a\r\nb\rc\n</attrValue>", "a\nb\nc\n"),
        ("<attrValue>a&#13;&#10;b&#x0D;</attrValue>", "a\r\nb\r"),
        (
            "<attrValue><![CDATA[a\r\n<b>&amp;]]></attrValue>",
            "a\n<b>&amp;",
        ),
        ("<attrValue xsi:type='xsd:int'>007</attrValue>", "007"),
    ] {
        assert_eq!(value(element), text, "{element}");
    }
}

#[test]
fn req_09_booleans() {
    for (text, value) in [
        ("true", true),
        ("True", true),
        ("TRUE", true),
        ("1", true),
        ("yes", true),
        (" true\n", true),
        ("false", false),
        ("False", false),
        ("0", false),
        ("No", false),
    ] {
        let Request::SyncMultipleLeads(params) = read(&format!(
            "<m:paramsSyncMultipleLeads><leadRecordList><leadRecord/></leadRecordList>\
             <dedupEnabled>{text}</dedupEnabled></m:paramsSyncMultipleLeads>"
        )) else {
            panic!()
        };
        assert_eq!(params.dedup_enabled, Some(value), "{text}");
    }
    for text in ["t", "on", "2", "-1", "tru e", "ja"] {
        assert_eq!(
            refused(&format!(
                "<m:paramsSyncMultipleLeads><leadRecordList><leadRecord/></leadRecordList>\
                 <dedupEnabled>{text}</dedupEnabled></m:paramsSyncMultipleLeads>"
            )),
            format!("dedupEnabled: true or false is expected, not `{text}` (20110)")
        );
    }
}

#[test]
fn req_10_whole_numbers() {
    for (text, number) in [
        ("10", 10),
        ("+10", 10),
        ("-10", -10),
        ("0010", 10),
        (" 10\n", 10),
        ("10.0", 10),
        ("10.000", 10),
        ("2147483647", i32::MAX),
        ("-2147483648", i32::MIN),
    ] {
        let params = pages(&format!("<batchSize>{text}</batchSize>"));
        assert_eq!(params.batch_size, Some(number), "{text}");
    }
    for text in [
        "2147483648",
        "-2147483649",
        "10.5",
        "10.",
        ".0",
        "1e3",
        "0x10",
        "ten",
        "1 0",
        "--1",
        "١",
        &"9".repeat(1000),
    ] {
        let message = refused(&format!(
            "<m:paramsGetMultipleLeads><batchSize>{text}</batchSize></m:paramsGetMultipleLeads>"
        ));
        assert!(
            message.starts_with("batchSize: a whole number") && message.ends_with(" (20110)"),
            "{message}"
        );
        assert!(message.len() < 200, "short, whatever was sent");
    }
}

#[test]
fn req_11_enumerations() {
    let operation = |word: &str| {
        format!(
            "<m:paramsSyncMObjects><mObjectList><mObject/></mObjectList><operation>{word}</operation></m:paramsSyncMObjects>"
        )
    };
    for word in ["UPSERT", "upsert", "Upsert", " UPSERT\n"] {
        let Request::SyncMObjects(params) = read(&operation(word)) else {
            panic!()
        };
        assert_eq!(params.operation, SyncOperationEnum::Upsert, "{word}");
    }
    for word in ["UPSERTS", "UP SERT", "DELETE"] {
        assert_eq!(
            refused(&operation(word)),
            format!("operation: UPSERT, INSERT, UPDATE is expected, not `{word}` (20110)"),
            "SMO-41"
        );
    }
    assert_eq!(
        lead("<ForeignSysType>netsuite</ForeignSysType>").foreign_sys_type,
        Some(ForeignSysType::Netsuite)
    );
    // COM-3: a key type has a fault of its own.
    assert_eq!(
        refused(
            "<m:paramsGetLead><leadKey><keyType>E-MAIL</keyType><keyValue>a</keyValue></leadKey></m:paramsGetLead>"
        ),
        "E-MAIL is not a valid lead key (20102)"
    );
    // LO-18; and a list has other keys than a lead.
    assert_eq!(
        refused(
            "<m:paramsListOperation><listOperation>CLEARLIST</listOperation><listKey><keyType>MKTOLISTNAME</keyType>\
             <keyValue>l</keyValue></listKey><listMemberList><leadKey><keyType>IDNUM</keyType><keyValue>1</keyValue>\
             </leadKey></listMemberList></m:paramsListOperation>"
        ),
        "listOperation: ADDTOLIST, ISMEMBEROFLIST, REMOVEFROMLIST is expected, not `CLEARLIST` (20110)"
    );
}

#[test]
fn req_12_date_times() {
    let since =
        |text: &str| pages(&format!("<lastUpdatedAt>{text}</lastUpdatedAt>")).last_updated_at;
    for text in [
        "2013-08-01T18:22:30-07:00",
        "2013-08-02 01:22:30 UTC",
        "2013-08-02 10:22:30 +0900",
        " 2013-08-02T01:22:30.1234567Z ",
    ] {
        let time = since(text).unwrap();
        assert_eq!(time.text(), text.trim(), "RSP-10");
        assert_eq!(
            time.to_timestamp(&TimeZone::UTC).as_second(),
            1_375_406_550,
            "{text}"
        );
    }
    let day = since("2013-08-01").unwrap();
    let midnight = day.to_timestamp(&TimeZone::UTC);
    assert_eq!(midnight.to_string(), "2013-08-01T00:00:00Z");
    for text in ["yesterday", "2013-02-30", "2013-02-30T00:00:00Z"] {
        let message = refused(&format!(
            "<m:paramsGetMultipleLeads><lastUpdatedAt>{text}</lastUpdatedAt></m:paramsGetMultipleLeads>"
        ));
        assert!(
            message.starts_with("lastUpdatedAt: not a date-time") && message.ends_with("(20110)"),
            "{message}"
        );
    }
}

#[test]
fn req_14_references_of_other_kinds_mean_nothing() {
    for reference in [
        "&nbsp;",
        "&#0;",
        "&#1;",
        "&#xD800;",
        "&#xFFFF;",
        "&#x110000;",
        "&;",
        "&",
        "&a",
    ] {
        for place in [
            format!(
                "<m:paramsGetMultipleLeads><streamPosition>{reference}</streamPosition></m:paramsGetMultipleLeads>"
            ),
            format!("<m:paramsGetMultipleLeads>{reference}</m:paramsGetMultipleLeads>"),
            format!(
                "<m:paramsGetMultipleLeads><stranger>{reference}</stranger></m:paramsGetMultipleLeads>"
            ),
        ] {
            let fault = envelope("", &place).unwrap_err();
            assert_eq!(fault.code, FaultCode::RequestNotUnderstood, "{place}");
        }
    }
}
