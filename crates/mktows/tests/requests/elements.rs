//! Elements by their names.

use super::*;

#[test]
fn req_02_names_are_case_sensitive_and_strangers_are_skipped() {
    let params = pages(
        "<BatchSize>1</BatchSize><batchsize>2</batchsize><x><batchSize>3</batchSize></x><batchSize>4</batchSize>",
    );
    assert_eq!(params.batch_size, Some(4));
}

#[test]
fn req_03_keys_of_lead_records_under_other_names() {
    for name in ["id", "leadId", "ID", "LeadID"] {
        let lead = lead(&format!("<{name}>6</{name}>"));
        assert_eq!(
            (lead.id, lead.loose_id.as_deref()),
            (None, Some("6")),
            "{name}"
        );
    }
    for name in ["email", "EMAIL", "eMail"] {
        let lead = lead(&format!("<{name}>a@b.c</{name}>"));
        assert_eq!(
            (lead.email, lead.loose_email.as_deref()),
            (None, Some("a@b.c")),
            "{name}"
        );
    }
    let foreign =
        lead("<foreignSysPersonID>x</foreignSysPersonID><foreignsystype>custom</foreignsystype>");
    assert_eq!(
        (
            foreign.loose_foreign_sys_person_id.as_deref(),
            foreign.loose_foreign_sys_type.as_deref()
        ),
        (Some("x"), Some("custom"))
    );
    // The right names stay what they are, and an id that is no number is none's fault under a wrong name.
    let both = lead("<Id>7</Id><id>x</id><Email>a</Email><email>b</email>");
    assert_eq!(
        (both.id, both.email.as_deref(), both.loose_id.as_deref()),
        (Some(7), Some("a"), Some("x"))
    );
}

#[test]
fn req_05_repeated_elements() {
    let record = |email: &str| format!("<leadRecord><Email>{email}</Email></leadRecord>");
    let joined = leads(&format!(
        "<leadRecordList>{}{}</leadRecordList><dedupEnabled>true</dedupEnabled><leadRecordList>{}</leadRecordList>",
        record("a"),
        record("b"),
        record("c")
    ));
    let emails: Vec<_> = joined.iter().map(|lead| lead.email.as_deref()).collect();
    assert_eq!(emails, [Some("a"), Some("b"), Some("c")]);
    let params = pages("<batchSize>1</batchSize><batchSize>2</batchSize>");
    assert_eq!(params.batch_size, Some(2));
    let values = pages(
        "<leadSelector><keyType>IDNUM</keyType><keyValues><stringItem>1</stringItem></keyValues>\
         <keyValues><stringItem>2</stringItem></keyValues></leadSelector>",
    );
    let Some(LeadSelector::LeadKey(selector)) = values.lead_selector else {
        panic!()
    };
    assert_eq!(selector.key_values, ["1", "2"]);
}

#[test]
fn req_07_selectors() {
    let selector = |attributes: &str, inside: &str| {
        pages(&format!(
            "<leadSelector {attributes}>{inside}</leadSelector>"
        ))
        .lead_selector
    };
    let keys = "<keyType>EMAIL</keyType><keyValues><stringItem>a</stringItem></keyValues>";
    for attributes in [
        "xsi:type='m:LeadKeySelector'",
        "xsi:type='LeadKeySelector'",
        "xsi:type='q1:LeadKeySelector' xmlns:q1='http://www.marketo.com/mktows/'",
        "xsi:type='nowhere:LeadKeySelector'",
        "xsi:type='m:Unknown'",
        "",
    ] {
        let Some(LeadSelector::LeadKey(found)) = selector(attributes, keys) else {
            panic!("{attributes}")
        };
        assert_eq!(
            (found.key_type, found.key_values),
            (LeadKeyRef::Email, vec!["a".to_owned()])
        );
    }
    for inside in [
        "<staticListName>L</staticListName>",
        "<staticListId>7</staticListId>",
        "<staticListName>L</staticListName><staticListId>7</staticListId>",
    ] {
        assert!(matches!(
            selector("", inside),
            Some(LeadSelector::StaticList(_))
        ));
    }
    let window = "<oldestUpdatedAt>2013-08-01T00:00:00Z</oldestUpdatedAt>";
    let Some(LeadSelector::LastUpdateAt(found)) = selector("", window) else {
        panic!()
    };
    assert_eq!(found.latest_updated_at, None);
    // The type decides where it is known.
    assert!(matches!(
        selector("xsi:type='m:StaticListSelector'", keys),
        Some(LeadSelector::StaticList(_))
    ));
    // Nothing in it: as if there were none (also nil with a type, as .NET may write it).
    for (attributes, inside) in [
        ("", ""),
        ("", "<other/>"),
        ("xsi:nil='true'", ""),
        ("xsi:nil='true' xsi:type='m:LeadKeySelector'", ""),
    ] {
        assert_eq!(selector(attributes, inside), None, "{attributes}");
    }
    let broken = |inside: &str| {
        refused(&format!(
            "<m:paramsGetMultipleLeads><leadSelector>{inside}</leadSelector></m:paramsGetMultipleLeads>"
        ))
    };
    for (inside, message) in [
        (
            "<keyType>FOO</keyType><keyValues><stringItem>a</stringItem></keyValues>",
            "FOO is not a valid lead key (20102)",
        ),
        (
            "<keyType>EMAIL</keyType>",
            "Parameter keyValues is required (20109)",
        ),
        (
            "<keyType>EMAIL</keyType><keyValues/>",
            "Parameter keyValues is required (20109)",
        ),
        (
            "<latestUpdatedAt>2013-08-01T00:00:00Z</latestUpdatedAt>",
            "Parameter oldestUpdatedAt is required (20109)",
        ),
        (
            "<staticListId>x</staticListId>",
            "staticListId: a whole number from -2147483648 to 2147483647 is expected, not `x` (20110)",
        ),
    ] {
        assert_eq!(broken(inside), message, "GML-32, GML-35: {inside}");
    }
}

#[test]
fn req_22_names_of_the_documentation() {
    let Request::GetLeadActivity(params) = read(
        "<m:paramsGetLeadActivity><leadKey><keyType>IDNUM</keyType><keyValue>1</keyValue></leadKey><activityFilter>\
         <includeAttributes><activityType>VisitWebpage</activityType><activityType>Fill Out Form</activityType>\
         <activityType/><activityType>ComputeSegmentation</activityType></includeAttributes>\
         <excludeAttributes><activityType> NewLead </activityType></excludeAttributes></activityFilter></m:paramsGetLeadActivity>",
    ) else {
        panic!()
    };
    let filter = params.activity_filter.unwrap();
    // GLA-7: display names and words of older schemas pass the reader.
    assert_eq!(
        filter.include_types.unwrap(),
        [
            ActivityTypeWord::from(ActivityType::VisitWebpage),
            ActivityTypeWord("Fill Out Form".to_owned()),
            ActivityTypeWord("ComputeSegmentation".to_owned())
        ]
    );
    assert_eq!(
        filter.exclude_types.unwrap(),
        [ActivityType::NewLead.into()]
    );

    let Request::SyncMObjects(params) = read(
        "<m:paramsSyncMObjects><mObjectList><mObject><type>Opportunity</type>\
         <externalKey><attrName>k</attrName><attrValue>v</attrValue></externalKey>\
         <mObjAssociationList><mObjAssociation><mObjType>Company</mObjType><id>1</id></mObjAssociation>\
         </mObjAssociationList></mObject></mObjectList><operation>INSERT</operation></m:paramsSyncMObjects>",
    ) else {
        panic!()
    };
    let object = &params.m_object_list[0];
    let key = object.external_key.as_ref().unwrap();
    assert_eq!((key.name.as_str(), key.value.as_str()), ("k", "v"));
    assert_eq!(object.association_list.as_ref().unwrap().len(), 1);

    let Request::SyncCustomObjects(params) = read(
        "<m:paramsSyncCustomObjects><objectTypeName>T</objectTypeName><customObjectList><customObject><customObjKeyList>\
         <attribute><attrName>k</attrName><attrValue>v</attrValue></attribute></customObjKeyList></customObject>\
         <customObj/></customObjectList></m:paramsSyncCustomObjects>",
    ) else {
        panic!()
    };
    assert_eq!(
        (params.obj_type_name.as_str(), params.custom_obj_list.len()),
        ("T", 2)
    );

    let Request::GetCustomObjects(params) = read(
        "<m:paramsGetCustomObjects><objTypeName>T</objTypeName><customObjKeyLists>\
         <keyList><attribute><attrName>a</attrName></attribute></keyList>\
         <keyList><attribute><attrName>b</attrName></attribute></keyList></customObjKeyLists></m:paramsGetCustomObjects>",
    ) else {
        panic!()
    };
    let keys = params.custom_obj_key_list.unwrap();
    assert_eq!((keys.len(), keys[0].attr_name.as_str()), (1, "a"));

    // LO-14: not in the last schema.
    let Request::ListOperation(params) = read(
        "<m:paramsListOperation><listOperation>ADDTOLIST</listOperation><listKey><keyType>MKTOLISTNAME</keyType>\
         <keyValue>l</keyValue></listKey><listMemberList><leadKey><keyType>IDNUM</keyType><keyValue>1</keyValue>\
         </leadKey></listMemberList><skipActivityLog>1</skipActivityLog></m:paramsListOperation>",
    ) else {
        panic!()
    };
    assert_eq!(params.skip_activity_log, Some(true));
}

// REQ-8, REQ-23: members without any content are none beside others, but what refers to another element has its content.
#[test]
fn req_08_members_without_content_are_none() {
    let Request::GetMObjects(params) = read(
        "<m:paramsGetMObjects><type>Opportunity</type><mObjCriteriaList><mObjCriteria/><mObjCriteria>\n </mObjCriteria>\
         <mObjCriteria id=\"c\"><attrName>Name</attrName><comparison>EQ</comparison><attrValue>x</attrValue></mObjCriteria>\
         <mObjCriteria href=\"#c\"/></mObjCriteriaList></m:paramsGetMObjects>",
    ) else {
        panic!()
    };
    let criteria = params.m_obj_criteria_list.unwrap();
    assert_eq!(criteria.len(), 2);
    assert_eq!(criteria[0], criteria[1]);
}

// STR-1: two kinds of positions, a text and a type of four members.
#[test]
fn str_01_positions() {
    assert_eq!(
        pages("<streamPosition>id:5:to:1</streamPosition>")
            .stream_position
            .as_deref(),
        Some("id:5:to:1")
    );
    let Request::GetLeadChanges(params) = read(
        "<m:paramsGetLeadChanges><startPosition><latestCreatedAt/><oldestCreatedAt>2013-08-01T00:13:13+00:00\
         </oldestCreatedAt><offset>ID:1086173</offset></startPosition></m:paramsGetLeadChanges>",
    ) else {
        panic!()
    };
    let position = params.start_position;
    assert_eq!(
        (
            position.latest_created_at,
            position.activity_created_at,
            position.offset.as_deref()
        ),
        (None, None, Some("ID:1086173"))
    );
    assert_eq!(
        position.oldest_created_at.unwrap().text(),
        "2013-08-01T00:13:13+00:00"
    );
}

#[test]
fn lmo_04_sco_13_what_may_be_left_out() {
    for body in [
        "<m:paramsListMObjects/>",
        "<m:paramsListMObjects><stranger/></m:paramsListMObjects>",
    ] {
        assert_eq!(
            read(body),
            Request::ListMObjects(mktows::ParamsListMObjects {})
        );
    }
    let Request::SyncCustomObjects(params) = read(
        "<m:paramsSyncCustomObjects><objTypeName>T</objTypeName><customObjList><customObj/></customObjList>\
         <operation/></m:paramsSyncCustomObjects>",
    ) else {
        panic!()
    };
    assert_eq!(params.operation, None);
}

#[test]
fn req_23_shared_elements() {
    let attribute = "<attribute><attrName>a</attrName><attrValue>v</attrValue></attribute>";
    // Forward, backward, of a value, of a list, and inside of another that is referred to.
    let found = leads(&format!(
        "<leadRecordList><leadRecord><Email id='e'>x</Email><leadAttributeList href='#l'/></leadRecord>\
         <leadRecord id='r'><Email href='#e'/><leadAttributeList id='l'>{attribute}</leadAttributeList></leadRecord>\
         <leadRecord href='#r'/><leadRecord href='#r'></leadRecord></leadRecordList>"
    ));
    assert_eq!(found.len(), 4);
    for lead in &found {
        assert_eq!(lead.email.as_deref(), Some("x"));
        assert_eq!(lead.lead_attribute_list, found[0].lead_attribute_list);
        assert_eq!(lead.lead_attribute_list.as_ref().unwrap().len(), 1);
    }
    // Prefixes that are declared outside of the target.
    let Request::GetMultipleLeads(params) = read(
        "<m:paramsGetMultipleLeads><leadSelector href='#s'/><x id='s' xsi:type='m:LeadKeySelector'><m:keyType>EMAIL</m:keyType>\
         <keyValues><stringItem>a</stringItem></keyValues></x></m:paramsGetMultipleLeads>",
    ) else {
        panic!()
    };
    assert!(matches!(
        params.lead_selector,
        Some(LeadSelector::LeadKey(_))
    ));
    // The first of two equal ids; an id alone does nothing; another document is nobody's target.
    let twice = leads(
        "<leadRecordList><leadRecord id='r'><Email>a</Email></leadRecord><leadRecord id='r'><Email>b</Email></leadRecord>\
         <leadRecord href='#r'/><leadRecord href='http://example.com/x'/></leadRecordList>",
    );
    let emails: Vec<_> = twice.iter().map(|lead| lead.email.as_deref()).collect();
    assert_eq!(emails, [Some("a"), Some("b"), Some("a"), None]);

    for (inside, reason) in [
        ("<leadRecord href='#no'/>", "nothing has the id `no`"),
        // Circles: to itself, to what stands around it, and by a detour.
        (
            "<leadRecord href='#a' id='a'/>",
            "the id `a` refers to itself",
        ),
        (
            "<leadRecord id='a'><Email href='#a'/></leadRecord>",
            "the id `a` refers to itself",
        ),
        (
            "<leadRecord><leadAttributeList href='#b'/></leadRecord><x id='b'><attribute href='#c'/></x>\
             <x id='c'><attrName href='#b'/></x>",
            "the id `b` refers to itself",
        ),
    ] {
        let fault = envelope(
            "",
            &format!(
                "<m:paramsSyncMultipleLeads><leadRecordList>{inside}</leadRecordList></m:paramsSyncMultipleLeads>"
            ),
        )
        .unwrap_err();
        assert_eq!(fault.text, format!("Request not understood: {reason}"));
    }
}
