#!/usr/bin/env bash
# syncMultipleLeads, syncMObjects and syncCustomObjects with curl and openssl.
set -euo pipefail
cd "$(dirname "$0")"
unique=$(date +%s)$$

check() { # text to find, answer, what it means
    case $2 in
        *"$1"*) echo "ok: $3" ;;
        *) echo "$3: expected $1 in $2" >&2; exit 1 ;;
    esac
}

answer=$(./call.sh syncMultipleLeads <<XML
<ns1:paramsSyncMultipleLeads><leadRecordList><leadRecord><Email>curl.$unique@example.com</Email><leadAttributeList><attribute><attrName>Company</attrName><attrValue>Acme &amp; Sons</attrValue></attribute></leadAttributeList></leadRecord></leadRecordList><dedupEnabled>true</dedupEnabled></ns1:paramsSyncMultipleLeads>
XML
)
check '<status>CREATED</status>' "$answer" 'the lead is new'
lead=$(sed 's/.*<leadId>\([0-9]*\)<.*/\1/' <<<"$answer" | tail -n 1)
answer=$(./call.sh getLead <<<"<ns1:paramsGetLead><leadKey><keyType>IDNUM</keyType><keyValue>$lead</keyValue></leadKey></ns1:paramsGetLead>")
check 'Acme &amp; Sons' "$answer" 'its company is read back'

answer=$(./call.sh syncMObjects <<XML
<ns1:paramsSyncMObjects><mObjectList><mObject><type>Program</type><id>1970</id><typeAttribList><typeAttrib><attrType>Cost</attrType><attrList><attrib><name>Month</name><value>2013-06</value></attrib><attrib><name>Amount</name><value>2000</value></attrib></attrList></typeAttrib></typeAttribList></mObject></mObjectList><operation>UPDATE</operation></ns1:paramsSyncMObjects>
XML
)
check '<status>UPDATED</status>' "$answer" 'the program has a new cost'
answer=$(./call.sh syncMObjects <<XML
<ns1:paramsSyncMObjects><mObjectList><mObject><type>Opportunity</type><externalKey><name>opportunityId</name><value>curl-$unique</value></externalKey><attribList><attrib><name>Name</name><value>Q1 deal</value></attrib></attribList></mObject><mObject><type>OpportunityPersonRole</type><attribList><attrib><name>Role</name><value>Influencer</value></attrib></attribList><associationList><mObjAssociation><mObjType>Lead</mObjType><id>$lead</id></mObjAssociation><mObjAssociation><mObjType>Opportunity</mObjType><externalKey><name>opportunityId</name><value>curl-$unique</value></externalKey></mObjAssociation></associationList></mObject></mObjectList><operation>UPSERT</operation></ns1:paramsSyncMObjects>
XML
)
check "<status>CREATED</status></mObjStatus><mObjStatus>" "$answer" 'deal and role are new'
answer=$(./call.sh getMObjects <<<"<ns1:paramsGetMObjects><type>Opportunity</type><externalKey><name>opportunityId</name><value>curl-$unique</value></externalKey></ns1:paramsGetMObjects>")
check '<value>Q1 deal</value>' "$answer" 'the deal is read back'

answer=$(./call.sh syncCustomObjects <<XML
<ns1:paramsSyncCustomObjects><objTypeName>RoadShow</objTypeName><customObjList><customObj><customObjKeyList><attribute><attrName>MKTOID</attrName><attrValue>$lead</attrValue></attribute><attribute><attrName>rid</attrName><attrValue>$unique</attrValue></attribute></customObjKeyList><customObjAttributeList><attribute><attrName>city</attrName><attrValue>SanMateo</attrValue></attribute></customObjAttributeList></customObj></customObjList><operation>UPSERT</operation></ns1:paramsSyncCustomObjects>
XML
)
check '<status>CREATED</status>' "$answer" 'the road show is new'
answer=$(./call.sh getCustomObjects <<<"<ns1:paramsGetCustomObjects><objTypeName>RoadShow</objTypeName><customObjKeyList><attribute><attrName>MKTOID</attrName><attrValue>$lead</attrValue></attribute></customObjKeyList><includeAttributes/></ns1:paramsGetCustomObjects>")
check '<attrValue>SanMateo</attrValue>' "$answer" 'the city is read back'
