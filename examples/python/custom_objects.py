"""Custom objects: road shows that a lead was at."""

from common import UNIQUE, check, values
from mktows import attributes, call, fault_code, lead_id

lead = lead_id(f"show.{UNIQUE}@example.com")
FIRST, SECOND = f"zeep-1-{UNIQUE}", f"zeep-2-{UNIQUE}"


def keys(show, owner=lead):
    return attributes(MKTOID=str(owner), rid=show)


# syncCustomObjects: the keys say which record is meant.
def sync(operation, key_list, **fields):
    record = {"customObjKeyList": key_list, "customObjAttributeList": attributes(**fields)}
    answer = call(
        "syncCustomObjects", objTypeName="RoadShow", customObjList={"customObj": [record]}, operation=operation
    )
    return answer.syncCustomObjStatus[0]


check("CREATED", sync("UPSERT", keys(FIRST), city="SanMateo").status, "the road show is new")
check("UPDATED", sync("UPSERT", keys(FIRST), city="San Jose").status, "another city is a change")
check("UNCHANGED", sync("UPSERT", keys(FIRST), city="San Jose").status, "the same city is none")
check("SKIPPED", sync("INSERT", keys(FIRST), city="Oslo").status, "what is there is not inserted")
check("SKIPPED", sync("UPDATE", keys(SECOND), city="Oslo").status, "what is not there is not updated")
check("CREATED", sync("INSERT", keys(SECOND), city="Oslo").status, "it is inserted")
failed = sync("UPSERT", keys("x", owner=2000000000))
check(("FAILED", "Lead not found with MKTOID = 2000000000"), (failed.status, failed.error), "its lead must be there")


# getCustomObjects: a part of the key is enough; here a page for each record.
def get(position=None):
    return call(
        "getCustomObjects",
        objTypeName="roadshow",
        customObjKeyList=attributes(MKTOID=str(lead)),
        includeAttributes={"stringItem": []},
        batchSize=1,
        streamPosition=position,
    )


page = get()
check(("RoadShow", 1), (page.objTypeName, page.remainingCount), "the lead has two road shows")
record = page.customObjList.customObj[0]
check(FIRST, values(record.customObjKeyList.attribute)["rid"], "the first one is read back")
check("San Jose", values(record.customObjAttributeList.attribute)["city"], "with its city")
page = get(page.newStreamPosition)
record = page.customObjList.customObj[0]
check("Oslo", values(record.customObjAttributeList.attribute)["city"], "the second is on the next page")


# deleteCustomObjects: all keys of each record.
def delete():
    key_lists = {"keyList": [keys(FIRST), keys(SECOND)]}
    answer = call("deleteCustomObjects", objTypeName="RoadShow", customObjKeyLists=key_lists)
    return [one.status for one in answer.syncCustomObjStatus]


check(["DELETED", "DELETED"], delete(), "both are deleted")
check(["UNCHANGED", "UNCHANGED"], delete(), "what is gone is not deleted again")
check(0, get().returnCount, "none is left")
unknown = {"objTypeName": "NoSuchObject", "includeAttributes": {"stringItem": []}}
check(20110, fault_code("getCustomObjects", **unknown), "an unknown type is a fault")
