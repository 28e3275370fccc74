//! What is missing, and which error is told.

use super::*;

#[test]
fn what_is_missing() {
    let key = "<leadKey><keyType>EMAIL</keyType><keyValue>a</keyValue></leadKey>";
    for (body, message) in [
        ("<m:paramsGetLead/>", "Lead key required (20101)"),
        (
            "<m:paramsGetLead><leadKey xsi:nil='true'/></m:paramsGetLead>",
            "Lead key required (20101)",
        ),
        (
            "<m:paramsGetLead><leadKey/></m:paramsGetLead>",
            "Lead key required (20101)",
        ),
        // COM-5.
        (
            "<m:paramsGetLead><leadKey><keyType>IDNUM</keyType><keyValue/></leadKey></m:paramsGetLead>",
            "Lead key value is not valid (20102)",
        ),
        (
            "<m:paramsGetLead><leadKey><keyType>IDNUM</keyType><keyValue xsi:nil='1'/></leadKey></m:paramsGetLead>",
            "Lead key value is not valid (20102)",
        ),
        (
            "<m:paramsGetLead><leadKey><keyValue>1</keyValue></leadKey></m:paramsGetLead>",
            "Lead key value is not valid (20102)",
        ),
        ("<m:paramsSyncLead/>", "Lead record required (20104)"),
        (
            "<m:paramsSyncLead><leadRecord/></m:paramsSyncLead>",
            "Lead record required (20104)",
        ),
        (
            "<m:paramsSyncMultipleLeads/>",
            "Lead record required (20104)",
        ),
        (
            "<m:paramsSyncMultipleLeads><leadRecordList/></m:paramsSyncMultipleLeads>",
            "Lead record required (20104)",
        ),
        (
            "<m:paramsSyncMultipleLeads><leadRecordList><lead/></leadRecordList></m:paramsSyncMultipleLeads>",
            "Lead record required (20104)",
        ),
        // GLA-18, GLC-3, DMO-9, GMO-27, SMO-41, XMO-8, GCO-22, SCO-23, XCO-8, ML-11, LO-23, ITL-24.
        ("<m:paramsGetLeadActivity/>", "Lead key required (20101)"),
        (
            "<m:paramsGetLeadChanges/>",
            "Parameter startPosition is required (20109)",
        ),
        (
            "<m:paramsGetLeadChanges><startPosition xsi:nil=\"true\"/></m:paramsGetLeadChanges>",
            "Parameter startPosition is required (20109)",
        ),
        (
            "<m:paramsDescribeMObject><objectName/></m:paramsDescribeMObject>",
            "Parameter objectName is required (20109)",
        ),
        (
            "<m:paramsGetMObjects/>",
            "Parameter type is required (20109)",
        ),
        (
            "<m:paramsSyncMObjects><operation>INSERT</operation></m:paramsSyncMObjects>",
            "Parameter mObjectList is required (20109)",
        ),
        (
            "<m:paramsSyncMObjects><mObjectList><mObject/></mObjectList></m:paramsSyncMObjects>",
            "Parameter operation is required (20109)",
        ),
        (
            "<m:paramsDeleteMObjects><mObjectList/></m:paramsDeleteMObjects>",
            "Parameter mObjectList is required (20109)",
        ),
        (
            "<m:paramsGetCustomObjects/>",
            "Parameter objTypeName is required (20109)",
        ),
        (
            "<m:paramsSyncCustomObjects><objTypeName>T</objTypeName></m:paramsSyncCustomObjects>",
            "Parameter customObjList is required (20109)",
        ),
        (
            "<m:paramsDeleteCustomObjects><objTypeName>T</objTypeName><customObjKeyLists/></m:paramsDeleteCustomObjects>",
            "Parameter customObjKeyLists is required (20109)",
        ),
        (
            "<m:paramsMergeLeads><winningLeadKeyList><attribute/></winningLeadKeyList><losingLeadKeyLists/></m:paramsMergeLeads>",
            "Parameter losingLeadKeyLists is required (20109)",
        ),
        (
            &format!(
                "<m:paramsListOperation><listOperation>ADDTOLIST</listOperation><listMemberList>{key}</listMemberList></m:paramsListOperation>"
            ),
            "Parameter listKey is required (20109)",
        ),
        (
            &format!(
                "<m:paramsListOperation><listOperation>ADDTOLIST</listOperation><listKey><keyValue>l</keyValue></listKey>\
                 <listMemberList>{key}</listMemberList></m:paramsListOperation>"
            ),
            "Parameter keyType is required (20109)",
        ),
        (
            "<m:paramsListOperation><listOperation>ADDTOLIST</listOperation><listKey><keyType>MKTOLISTNAME</keyType>\
             <keyValue>l</keyValue></listKey><listMemberList/></m:paramsListOperation>",
            "Lead key required (20101)",
        ),
        // REQ-8: a key without any content is not given.
        (
            "<m:paramsListOperation><listOperation>ADDTOLIST</listOperation><listKey><keyType>MKTOLISTNAME</keyType>\
             <keyValue>l</keyValue></listKey><listMemberList><leadKey xsi:nil=\"true\"/><leadKey/><leadKey></leadKey></listMemberList></m:paramsListOperation>",
            "Lead key required (20101)",
        ),
        (
            "<m:paramsImportToList><programName>p</programName><importFileRows><stringItem>r</stringItem></importFileRows>\
             <importListMode>LISTONLY</importListMode><listName>l</listName></m:paramsImportToList>",
            "Parameter importFileHeader is required (20109)",
        ),
        (
            "<m:paramsScheduleCampaign><campaignName>c</campaignName></m:paramsScheduleCampaign>",
            "Parameter programName is required (20109)",
        ),
    ] {
        assert_eq!(refused(body), message, "{body}");
    }
}

#[test]
fn the_first_error_wins() {
    for (body, message) in [
        // What is missing comes before what cannot be read, wherever they stand.
        (
            "<m:paramsSyncMObjects><operation>FOO</operation></m:paramsSyncMObjects>",
            "Parameter mObjectList is required (20109)",
        ),
        (
            "<m:paramsGetLeadActivity><batchSize>x</batchSize></m:paramsGetLeadActivity>",
            "Lead key required (20101)",
        ),
        // Then the order of the schema counts, not that of the message.
        (
            "<m:paramsGetMultipleLeads><batchSize>x</batchSize><lastUpdatedAt>y</lastUpdatedAt></m:paramsGetMultipleLeads>",
            "lastUpdatedAt: not a date-time: `y` (expected YYYY-MM-DDThh:mm:ss with an optional fraction and zone) (20110)",
        ),
        (
            "<m:paramsSyncCustomObjects/>",
            "Parameter objTypeName is required (20109)",
        ),
        // A key without a value is a bad value.
        (
            "<m:paramsListOperation><listMemberList><leadKey><keyType>IDNUM</keyType></leadKey></listMemberList>\
             <listKey><keyType>MKTOLISTNAME</keyType><keyValue>l</keyValue></listKey></m:paramsListOperation>",
            "Parameter listOperation is required (20109)",
        ),
        // The first record's.
        (
            "<m:paramsSyncMultipleLeads><dedupEnabled>x</dedupEnabled><leadRecordList><leadRecord><Id>1</Id></leadRecord>\
             <leadRecord><ForeignSysType>B</ForeignSysType><Id>A</Id></leadRecord><leadRecord><Id>C</Id></leadRecord>\
             </leadRecordList></m:paramsSyncMultipleLeads>",
            "Id: a whole number from -2147483648 to 2147483647 is expected, not `A` (20110)",
        ),
        // SML-50, SML-51: an id or a system that cannot be read is the call's error.
        (
            "<m:paramsSyncMultipleLeads><leadRecordList><leadRecord><ForeignSysType>SAP</ForeignSysType></leadRecord>\
             </leadRecordList></m:paramsSyncMultipleLeads>",
            "ForeignSysType: CUSTOM, SFDC, NETSUITE is expected, not `SAP` (20110)",
        ),
    ] {
        assert_eq!(refused(body), message, "{body}");
    }
}

#[test]
fn what_concerns_one_record_is_not_an_error_of_the_call() {
    // SMO-42, GMO-29, SML-30, COM-25: read as they come, for the rules to say what is wrong with them.
    let Request::SyncMObjects(params) = read(
        "<m:paramsSyncMObjects><mObjectList><mObject/><mObject><type>Nonsense</type><externalKey/><attribList><attrib/>\
         <attrib><value>v</value></attrib></attribList><associationList><mObjAssociation/></associationList></mObject>\
         </mObjectList><operation>INSERT</operation></m:paramsSyncMObjects>",
    ) else {
        panic!()
    };
    assert_eq!(params.m_object_list.len(), 2);
    assert_eq!(params.m_object_list[0].type_, None);
    assert_eq!(params.m_object_list[1].type_.as_deref(), Some("Nonsense"));
    assert_eq!(params.m_object_list[1].external_key, None);

    let Request::GetMObjects(params) = read(
        "<m:paramsGetMObjects><type>Program</type><mObjCriteriaList><mObjCriteria><attrName>Id</attrName>\
         <comparsion>EQ</comparsion><attrValue>1</attrValue></mObjCriteria><mObjCriteria><comparison>IN</comparison>\
         </mObjCriteria></mObjCriteriaList></m:paramsGetMObjects>",
    ) else {
        panic!()
    };
    let criteria = params.m_obj_criteria_list.unwrap();
    assert_eq!(criteria[0].comparison, None);
    assert_eq!(criteria[1].comparison.as_ref().unwrap().0, "IN");

    let found = leads(
        "<leadRecordList><leadRecord/><leadRecord xsi:nil='true'/><leadRecord><leadAttributeList><attribute/>\
         </leadAttributeList></leadRecord></leadRecordList>",
    );
    assert_eq!(found.len(), 3);
    assert_eq!(found[0], LeadRecord::default());
}
