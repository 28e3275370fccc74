"""Opportunities and the parts that leads have in them."""

from common import UNIQUE, check, values
from mktows import attribs, call, lead_id

lead = lead_id(f"role.{UNIQUE}@example.com")
KEY = {"name": "opportunityId", "value": f"zeep-{UNIQUE}"}

# listMObjects and describeMObject: which objects there are, and which fields they have.
names = call("listMObjects")
check(["ActivityRecord", "LeadRecord", "Opportunity", "OpportunityPersonRole"], names, "there are four objects")
metadata = call("describeMObject", objectName="Opportunity")
types = {field.name: field.dataType for field in metadata.fieldList.field}
check(("currency", "date"), (types["Amount"], types["CloseDate"]), "an opportunity has an amount and a date")


# syncMObjects: an opportunity with a key of our own, and the part that a lead has in it, in one call.
def sync(operation, *objects):
    return call("syncMObjects", mObjectList={"mObject": list(objects)}, operation=operation).mObjStatus


opportunity = {
    "type": "Opportunity",
    "externalKey": KEY,
    "attribList": attribs(Name="Q1 deal", Amount="501.00", CloseDate="2014-10-24", Probability="80%"),
}
links = [{"mObjType": "Opportunity", "externalKey": KEY}, {"mObjType": "Lead", "id": lead}]
role = {
    "type": "OpportunityPersonRole",
    "attribList": attribs(Role="Influencer/Champion"),
    "associationList": {"mObjAssociation": links},
}
statuses = sync("UPSERT", opportunity, role)
check(["CREATED", "CREATED"], [one.status for one in statuses], "opportunity and role are new")
check(KEY["value"], statuses[0].externalKey.value, "the key is echoed")
opportunity_id, role_id = (one.id for one in statuses)
check("UNCHANGED", sync("UPSERT", opportunity)[0].status, "the same again changes nothing")
check("SKIPPED", sync("INSERT", opportunity)[0].status, "what is there is not inserted")
won = {"type": "Opportunity", "id": opportunity_id, "attribList": attribs(Stage="Won")}
check("UPDATED", sync("UPDATE", won)[0].status, "the id finds it too")
status = sync("UPSERT", {"type": "Opportunity", "attribList": attribs(Colour="red")})[0]
check(("FAILED", "20110"), (status.status, status.error[:5]), "an unknown field fails its object")


# getMObjects: by key, by criteria, by association.
def get(kind, **params):
    return call("getMObjects", type=kind, **params)


found = get("Opportunity", externalKey=KEY).mObjectList.mObject[0]
read = values(found.attribList.attrib, "name", "value")
check(["501", "80", "Won"], [read["Amount"], read["Probability"], read["Stage"]], "its values are read back")
criteria = [
    {"attrName": "Amount", "comparison": "LE", "attrValue": "501"},
    {"attrName": "opportunityId", "comparison": "EQ", "attrValue": KEY["value"]},
]
found = get("Opportunity", mObjCriteriaList={"mObjCriteria": criteria})
check([opportunity_id], [one.id for one in found.mObjectList.mObject], "criteria find it")
of_lead = {"mObjAssociation": [{"mObjType": "Lead", "id": lead}]}
found = get("OpportunityPersonRole", mObjAssociationList=of_lead)
check([role_id], [one.id for one in found.mObjectList.mObject], "the role is found by its lead")

# All opportunities, page by page: 100 in each.
position, more, ids = None, True, []
while more:
    page = get("Opportunity", streamPosition=position)
    ids += [one.id for one in page.mObjectList.mObject]
    position, more = page.newStreamPosition, page.hasMore
check(True, opportunity_id in ids, "it is among all opportunities")


# deleteMObjects: an opportunity takes its roles with it.
def delete(number):
    objects = {"mObject": [{"type": "Opportunity", "id": number}]}
    return call("deleteMObjects", mObjectList=objects).mObjStatus[0].status


check("DELETED", delete(opportunity_id), "the opportunity is deleted")
check("UNCHANGED", delete(opportunity_id), "what is gone is not deleted again")
check(0, get("Opportunity", id=opportunity_id).returnCount, "it is not found any more")
check(0, get("OpportunityPersonRole", mObjAssociationList=of_lead).returnCount, "its role went with it")
