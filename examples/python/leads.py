"""Leads: written one by one and in batches, read by key and page by page, merged."""

from datetime import datetime, timedelta, timezone

from common import UNIQUE, check, values
from mktows import attributes, call, fault_code, selector

ANN = f"ann.{UNIQUE}@example.com"
BOB = f"bob.{UNIQUE}@example.com"


# syncMultipleLeads: one status a record, in the order of the records.
def batch(*records, dedup=True):
    return call("syncMultipleLeads", leadRecordList={"leadRecord": list(records)}, dedupEnabled=dedup).syncStatus


records = [
    {"Email": ANN, "leadAttributeList": attributes(FirstName="Ann", LastName="Müller", Company="Straße & Söhne <AG>")},
    {"Email": BOB, "leadAttributeList": attributes(FirstName="Bob")},
]
statuses = batch(*records)
check(["CREATED", "CREATED"], [one.status for one in statuses], "both leads are new")
check(["UPDATED", "UPDATED"], [one.status for one in batch(*records)], "the same call again creates nothing")
ann, bob = (one.leadId for one in statuses)
statuses = batch({"Id": 2000000000}, {"Id": bob})
check(["FAILED", "UPDATED"], [one.status for one in statuses], "a record that fails does not stop the others")
check("20103", statuses[0].error[:5], "its error begins with a code")
twin = batch({"Email": BOB}, dedup=False)[0]
check("CREATED", twin.status, "without de-duplication a second lead has the address")

# syncLead: one lead, with a key of your own, and the lead as it is afterwards.
record = {
    "Id": ann,
    "ForeignSysPersonId": f"crm-{UNIQUE}",
    "ForeignSysType": "CUSTOM",
    "leadAttributeList": attributes(Title="Engineer"),
}
answer = call("syncLead", leadRecord=record, returnLead=True)
check("UPDATED", answer.syncStatus.status, "the id finds the lead")
check(f"crm-{UNIQUE}", answer.leadRecord.ForeignSysPersonId, "it has a foreign id now")
answer = call("syncLead", leadRecord={"ForeignSysPersonId": f"crm-{UNIQUE}"}, returnLead=False)
check(ann, answer.leadId, "the foreign id finds it too")
record = {"Email": ANN, "leadAttributeList": attributes(FavouriteColour="red")}
check(20105, fault_code("syncLead", leadRecord=record, returnLead=False), "an unknown field is a fault")


# getLead: all leads that a key matches, newest first.
def get(kind, value):
    return call("getLead", leadKey={"keyType": kind, "keyValue": value})


found = get("EMAIL", ANN.upper())
check(1, found.count, "one lead has the address")
read = values(found.leadRecordList.leadRecord[0].leadAttributeList.attribute)
check("Müller", read["LastName"], "its name is read back")
check("Straße & Söhne <AG>", read["Company"], "its company is read back")
check("Engineer", read["Title"], "its title is read back")
found = get("EMAIL", BOB)
check([twin.leadId, bob], [one.Id for one in found.leadRecordList.leadRecord], "two leads have the other address")
nobody = {"keyType": "EMAIL", "keyValue": f"nobody.{UNIQUE}@example.com"}
check(20103, fault_code("getLead", leadKey=nobody), "no lead is a fault")

# getMultipleLeads: by keys ...
keys = selector("LeadKeySelector", keyType="IDNUM", keyValues={"stringItem": [ann, bob, 2000000000]})
found = call("getMultipleLeads", leadSelector=keys, includeAttributes={"stringItem": ["FirstName"]})
check(2, found.returnCount, "keys of nobody are left out")
read = values(found.leadRecordList.leadRecord[0].leadAttributeList.attribute)
check({"FirstName": "Ann"}, read, "only what was asked for comes")

# ... and everything that has changed lately, in pages.
now = datetime.now(timezone.utc)
window = selector(
    "LastUpdateAtSelector", oldestUpdatedAt=now - timedelta(hours=1), latestUpdatedAt=now + timedelta(minutes=1)
)
position, more, seen = None, True, []
while more:
    page = call(
        "getMultipleLeads",
        leadSelector=window,
        streamPosition=position,
        batchSize=200,
        includeAttributes={"stringItem": ["Email"]},
    )
    seen += [lead.Id for lead in page.leadRecordList.leadRecord]
    position, more = page.newStreamPosition, page.remainingCount > 0
check(set(), {ann, bob, twin.leadId} - set(seen), "the leads of this program are among them")
check(len(seen), len(set(seen)), "no lead comes twice")

# mergeLeads: Bob's twin becomes part of Bob.
status = call(
    "mergeLeads",
    winningLeadKeyList=attributes(IDNUM=str(bob)),
    losingLeadKeyLists={"keyList": [attributes(IDNUM=str(twin.leadId))]},
)
check("MERGED", status.status, "the leads are merged")
check([twin.leadId], status.losingLeadIdList.integerItem, "the loser is named")
check(1, get("EMAIL", BOB).count, "one lead has the address again")
loser = {"keyType": "IDNUM", "keyValue": twin.leadId}
check(20103, fault_code("getLead", leadKey=loser), "the loser is gone")
