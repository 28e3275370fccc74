"""syncMultipleLeads, syncMObjects and syncCustomObjects with zeep."""

import zeep

from common import ENDPOINT, UNIQUE, check, signed, values

client = zeep.Client(ENDPOINT + "?WSDL")


def call(name, **params):
    user, signature, timestamp = signed()
    header = client.get_element("{http://www.marketo.com/mktows/}AuthenticationHeader")(
        mktowsUserId=user, requestSignature=signature, requestTimestamp=timestamp
    )
    # zeep unwraps elements that stand alone: `result`, and in it a list that is all there is.
    return getattr(client.service, name)(_soapheaders=[header], **params)


def attributes(**pairs):
    return {"attribute": [{"attrName": name, "attrValue": value} for name, value in pairs.items()]}


def attribs(**pairs):
    return {"attrib": [{"name": name, "value": value} for name, value in pairs.items()]}


# Leads.
email = f"zeep.{UNIQUE}@example.com"
record = {"Email": email, "leadAttributeList": attributes(FirstName="Ann", Company="Straße & Söhne <AG>")}
statuses = call("syncMultipleLeads", leadRecordList={"leadRecord": [record]}, dedupEnabled=True)
status = statuses.syncStatus[0]
check("CREATED", status.status, "the lead is new")
lead = status.leadId
found = call("getLead", leadKey={"keyType": "EMAIL", "keyValue": email})
check(1, found.count, "one lead has the address")
read = values(found.leadRecordList.leadRecord[0].leadAttributeList.attribute)
check("Straße & Söhne <AG>", read["Company"], "its company is read back")
selector = client.get_type("{http://www.marketo.com/mktows/}LeadKeySelector")(
    keyType="EMAIL", keyValues={"stringItem": [email]}
)
page = call("getMultipleLeads", leadSelector=selector, includeAttributes={"stringItem": ["FirstName"]})
check(1, page.returnCount, "a selector finds it too")

# A program cost, an opportunity and a role.
cost = {"attrType": "Cost", "attrList": attribs(Month="2013-06", Amount="2000", Note=UNIQUE)}
program = {"type": "Program", "id": 1970, "typeAttribList": {"typeAttrib": [cost]}}
answer = call("syncMObjects", mObjectList={"mObject": [program]}, operation="UPDATE")
check("UPDATED", answer.mObjStatus[0].status, "the program has a new cost")
key = {"name": "opportunityId", "value": f"zeep-{UNIQUE}"}
deal = {"type": "Opportunity", "externalKey": key, "attribList": attribs(Name="Q1 deal", Amount="501.00")}
links = [{"mObjType": "Opportunity", "externalKey": key}, {"mObjType": "Lead", "id": lead}]
role = {
    "type": "OpportunityPersonRole",
    "attribList": attribs(Role="Influencer"),
    "associationList": {"mObjAssociation": links},
}
answer = call("syncMObjects", mObjectList={"mObject": [deal, role]}, operation="UPSERT")
check(["CREATED", "CREATED"], [one.status for one in answer.mObjStatus], "deal and role are new")
found = call("getMObjects", type="Opportunity", externalKey=key)
read = values(found.mObjectList.mObject[0].attribList.attrib, "name", "value")
check("501", read["Amount"], "the amount is read back")

# A custom object.
def sync(city, operation):
    answer = call(
        "syncCustomObjects",
        objTypeName="RoadShow",
        customObjList={
            "customObj": [
                {
                    "customObjKeyList": attributes(MKTOID=str(lead), rid=UNIQUE),
                    "customObjAttributeList": attributes(city=city),
                }
            ]
        },
        operation=operation,
    )
    return answer.syncCustomObjStatus[0].status


check("CREATED", sync("SanMateo", "UPSERT"), "the road show is new")
check("UNCHANGED", sync("SanMateo", "UPSERT"), "the same again changes nothing")
check("SKIPPED", sync("Oslo", "INSERT"), "what is there is not inserted")
found = call(
    "getCustomObjects",
    objTypeName="RoadShow",
    customObjKeyList=attributes(MKTOID=str(lead)),
    includeAttributes={"stringItem": []},
)
check("SanMateo", values(found.customObjList.customObj[0].customObjAttributeList.attribute)["city"], "the city is read back")

# A fault.
try:
    call("getLead", leadKey={"keyType": "IDNUM", "keyValue": "2000000000"})
except zeep.exceptions.Fault as fault:
    check("20103 - Lead not found", fault.message, "a fault is a fault")
