"""Histories: of one lead, and of all leads as a poller reads them."""

from datetime import datetime, timedelta, timezone

from common import UNIQUE, check, values
from mktows import by_id, call, fault_code, lead_id


# Where a poller stands that has read everything until now: it keeps nothing but the position.
def poll(position):
    records, more = [], True
    while more:
        page = call(
            "getLeadChanges",
            startPosition=position,
            activityNameFilter={"stringItem": ["New Lead", "Change Data Value"]},
            batchSize=1000,
        )
        if page.returnCount > 0:  # zeep reads an empty list as None
            records += page.leadChangeRecordList.leadChangeRecord
        position, more = page.newStartPosition, page.remainingCount > 0
    return records, position


_, position = poll({"oldestCreatedAt": datetime.now(timezone.utc) - timedelta(hours=1)})

# Something happens: a lead comes, and its title changes twice.
EMAIL = f"history.{UNIQUE}@example.com"
lead = lead_id(EMAIL, FirstName="Ann", Title="Engineer")
lead_id(EMAIL, Title="Head of Engineering")
lead_id(EMAIL, Title="CTO")

# getLeadChanges: what has happened since the position, oldest first.
records, position = poll(position)
ours = [record for record in records if record.mktPersonId == str(lead)]
expected = ["New Lead", "Change Data Value", "Change Data Value"]
check(expected, [record.activityType for record in ours], "the poller sees what happened")
check("CTO", values(ours[2].activityAttributes.attribute)["New Value"], "the last change comes last")
records, _ = poll(position)
check([], [record for record in records if record.mktPersonId == str(lead)], "nothing comes twice")


# getLeadActivity: one lead, newest first, a page at a time.
def history(**more):
    return call("getLeadActivity", leadKey=by_id(lead), **more)


page = history(batchSize=1)
record = page.activityRecordList.activityRecord[0]
check("Change Data Value", record.activityType, "the newest activity comes first")
check("Job Title", record.mktgAssetName, "it names the field")
read = values(record.activityAttributes.attribute)
check(["Head of Engineering", "CTO"], [read["Old Value"], read["New Value"]], "and both values")
page = history(batchSize=1, startPosition={"offset": page.newStartPosition.offset})
read = values(page.activityRecordList.activityRecord[0].activityAttributes.attribute)
check("Head of Engineering", read["New Value"], "the next page goes on before it")
page = history(activityFilter={"includeTypes": {"activityType": ["NewLead"]}})
check(1, page.returnCount, "a filter leaves one activity")
read = values(page.activityRecordList.activityRecord[0].activityAttributes.attribute)
check("Web service API", read["Source Type"], "it tells where the lead came from")
check(20103, fault_code("getLeadActivity", leadKey=by_id(2000000000)), "no lead is a fault")
