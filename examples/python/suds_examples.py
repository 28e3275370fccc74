"""syncMultipleLeads, syncMObjects and syncCustomObjects with suds."""

from suds.client import Client

from common import ENDPOINT, UNIQUE, check, signed, values

client = Client(ENDPOINT + "?WSDL", cache=None, location=ENDPOINT)
make = client.factory.create


def call(operation, *params):
    header = make("AuthenticationHeader")
    header.mktowsUserId, header.requestSignature, header.requestTimestamp = signed()
    client.set_options(soapheaders=header)
    return getattr(client.service, operation)(*params)


def filled(type_name, **members):
    made = make(type_name)
    for name, value in members.items():
        setattr(made, name, value)
    return made


def attributes(**pairs):
    items = [filled("Attribute", attrName=name, attrValue=value) for name, value in pairs.items()]
    return filled("ArrayOfAttribute", attribute=items)


def attribs(**pairs):
    return filled("ArrayOfAttrib", attrib=[filled("Attrib", name=name, value=value) for name, value in pairs.items()])


# Leads.
email = f"suds.{UNIQUE}@example.com"
record = filled("LeadRecord", Email=email, leadAttributeList=attributes(FirstName="Ann", Company="Söhne & Co <AG>"))
status = call("syncMultipleLeads", filled("ArrayOfLeadRecord", leadRecord=[record]), True).syncStatusList.syncStatus[0]
check("CREATED", status.status, "the lead is new")
found = call("getLead", filled("LeadKey", keyType="EMAIL", keyValue=email))
read = values(found.leadRecordList.leadRecord[0].leadAttributeList.attribute)
check("Söhne & Co <AG>", read["Company"], "its company is read back")

# A program cost, an opportunity and a role.
cost = filled("TypeAttrib", attrType="Cost", attrList=attribs(Month="2013-06", Amount="2000", Note=UNIQUE))
program = filled("MObject", type="Program", id=1970, typeAttribList=filled("ArrayOfTypeAttrib", typeAttrib=[cost]))
answer = call("syncMObjects", filled("ArrayOfMObject", mObject=[program]), "UPDATE")
check("UPDATED", answer.mObjStatusList.mObjStatus[0].status, "the program has a new cost")
key = filled("Attrib", name="opportunityId", value=f"suds-{UNIQUE}")
deal = filled("MObject", type="Opportunity", externalKey=key, attribList=attribs(Name="Q1 deal", Amount="501.00"))
links = [
    filled("MObjAssociation", mObjType="Opportunity", externalKey=key),
    filled("MObjAssociation", mObjType="Lead", id=status.leadId),
]
role = filled(
    "MObject",
    type="OpportunityPersonRole",
    attribList=attribs(Role="Influencer"),
    associationList=filled("ArrayOfMObjAssociation", mObjAssociation=links),
)
answer = call("syncMObjects", filled("ArrayOfMObject", mObject=[deal, role]), "UPSERT")
check(["CREATED", "CREATED"], [str(one.status) for one in answer.mObjStatusList.mObjStatus], "deal and role are new")
found = call("getMObjects", "Opportunity", None, key)
read = values(found.mObjectList.mObject[0].attribList.attrib, "name", "value")
check("501", read["Amount"], "the amount is read back")

# A custom object.
record = filled(
    "CustomObj",
    customObjKeyList=attributes(MKTOID=str(status.leadId), rid=UNIQUE),
    customObjAttributeList=attributes(city="SanMateo"),
)
records = filled("ArrayOfCustomObj", customObj=[record])
answer = call("syncCustomObjects", "RoadShow", records, "UPSERT")
check("CREATED", answer.syncCustomObjStatusList.syncCustomObjStatus[0].status, "the road show is new")
answer = call("syncCustomObjects", "RoadShow", records, "INSERT")
check("SKIPPED", answer.syncCustomObjStatusList.syncCustomObjStatus[0].status, "what is there is not inserted")
found = call(
    "getCustomObjects", "RoadShow", None, None, attributes(MKTOID=str(status.leadId)), make("ArrayOfString")
)
read = values(found.customObjList.customObj[0].customObjAttributeList.attribute)
check("SanMateo", read["city"], "the city is read back")
