"""What is around programs: channels, tags, campaigns that can be requested, and the costs of a program."""

import random

from common import UNIQUE, check, values
from mktows import attribs, call

# getChannels: the statuses that a member of a program can have.
channels = call("getChannels", tag={"values": {"stringItem": ["Blog"]}}).tagStatus
check(["Blog"], [channel.tagValue for channel in channels], "the channel is there")
items = channels[0].statusList.progressionStatusItem
statuses = [values(item.progressionStatus.attrib, "name", "value") for item in items]
check(["Engaged", "Subscribed", "Visited"], [one["Status"] for one in statuses], "it has three statuses")
check({"Status": "Subscribed", "Step": "30", "Success": "true"}, statuses[1], "one of them is a success")

# getTags: what programs can be tagged with.
tags = call("getTags", tagList={"tag": [{"type": "Regions"}]}).tag
check(["North", "South", "East", "West", "EMEA"], tags[0]["values"].stringItem, "the regions are there")

# getCampaignsForSource: the campaigns that requestCampaign takes.
found = call("getCampaignsForSource", source="MKTOWS", name="Welcome", exactName=False)
check(1, found.returnCount, "one campaign has the word in its name")
campaign = found.campaignRecordList.campaignRecord[0]
check(
    (4496, "Trav-Demo-Program.Trigger: Welcome", "Greets a new subscriber"),
    (campaign.id, campaign.name, campaign.description),
    "it is in a program",
)

# A program gets another tag and a new cost.
region = random.choice(["North", "South", "East", "West"])
parts = [
    {"attrType": "Tag", "attrList": attribs(Type="Regions", Value=region)},
    {"attrType": "Cost", "attrList": attribs(Month="2013-06", Amount="2000", Note=UNIQUE)},
]
program = {"type": "Program", "id": 1970, "typeAttribList": {"typeAttrib": parts}}
status = call("syncMObjects", mObjectList={"mObject": [program]}, operation="UPDATE").mObjStatus[0]
check("UPDATED", status.status, "the program has a new cost")
found = call("getMObjects", type="Program", id=1970, includeDetails=True)
tags, costs = {}, {}
for part in found.mObjectList.mObject[0].typeAttribList.typeAttrib:
    read = values(part.attrList.attrib, "name", "value")
    if part.attrType == "Tag":
        tags[read["Type"]] = read["Value"]
    elif part.attrType == "Cost":
        costs[read.get("Note")] = read
check(("Blog", region), (tags["Channel"], tags["Regions"]), "its tags are read back")
check(("2013-06-01", "2000"), (costs[UNIQUE]["Month"], costs[UNIQUE]["Amount"]), "its cost is read back")
