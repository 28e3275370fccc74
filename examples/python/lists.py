"""Static lists: leads are put on them, asked for, and taken off."""

from common import UNIQUE, check
from mktows import by_id, call, fault_code, lead_id, selector

ann = lead_id(f"ann.list.{UNIQUE}@example.com")
bob = lead_id(f"bob.list.{UNIQUE}@example.com")


def request(operation, *leads, name="Newsletter"):
    return {
        "listOperation": operation,
        "listKey": {"keyType": "MKTOLISTNAME", "keyValue": name},
        "listMemberList": {"leadKey": [by_id(lead) for lead in leads]},
        "strict": False,
    }


def on_list(operation, *leads):
    return call("listOperation", **request(operation, *leads))


def statuses(answer):
    return [one.status for one in answer.statusList.leadStatus]


answer = on_list("ADDTOLIST", ann, bob)
check((True, []), (answer.success, statuses(answer)), "both are on the list: no statuses needed")
check(True, on_list("REMOVEFROMLIST", bob).success, "one is taken off")
answer = on_list("ISMEMBEROFLIST", ann, bob)
check([True, False], statuses(answer), "the other one is still there")
check(False, answer.success, "not all of them are")
answer = on_list("REMOVEFROMLIST", ann, bob)
check([True, False], statuses(answer), "who is not on the list cannot be taken off")
on_list("ADDTOLIST", bob)

# The members of a list are read with getMultipleLeads.
position, more, members = None, True, []
while more:
    page = call(
        "getMultipleLeads",
        leadSelector=selector("StaticListSelector", staticListName="Newsletter"),
        streamPosition=position,
        batchSize=200,
    )
    members += [lead.Id for lead in page.leadRecordList.leadRecord]
    position, more = page.newStreamPosition, page.remainingCount > 0
check((False, True), (ann in members, bob in members), "the list has the one and not the other")
unknown = request("ADDTOLIST", ann, name=f"No such list {UNIQUE}")
check(20111, fault_code("listOperation", **unknown), "an unknown list is a fault")
