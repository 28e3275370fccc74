"""Campaigns: a trigger campaign is requested for leads, a batch campaign runs over its list."""

import time
from datetime import datetime, timezone

from common import UNIQUE, check, values
from mktows import attribs, by_id, call, fault_code, lead_id

PROGRAM = "Trav-Demo-Program"
ann = lead_id(f"ann.campaign.{UNIQUE}@example.com")
bob = lead_id(f"bob.campaign.{UNIQUE}@example.com")


def value(lead, name):
    """A value of a lead, None if there is none."""
    found = call("getLead", leadKey=by_id(lead)).leadRecordList.leadRecord[0]
    return values(found.leadAttributeList.attribute).get(name)


def comes(expected, lead, name):
    """Waits for what a campaign does to a lead: its steps run after the call."""
    for _ in range(300):
        if value(lead, name) == expected:
            break
        time.sleep(0.1)
    return value(lead, name)


# requestCampaign: by its id ...
found = call("getCampaignsForSource", source="MKTOWS", name="Trigger: Welcome", exactName=True)
campaign = found.campaignRecordList.campaignRecord[0].id
success = call("requestCampaign", source="MKTOWS", campaignId=campaign, leadList={"leadKey": [by_id(ann)]})
check(True, success, "the campaign is requested")
check("Contacted", comes("Contacted", ann, "LeadStatus"), "its first step changes a value")

# ... or by its name, with a text of our own for this run.
success = call(
    "requestCampaign",
    source="MKTOWS",
    leadList={"leadKey": [by_id(bob)]},
    programName=PROGRAM,
    campaignName="Trigger: Welcome",
    programTokenList=attribs(**{"{{my.message}}": "Welcome back"}),
)
check(True, success, "it is requested by its name too")
check("Contacted", comes("Contacted", bob, "LeadStatus"), "it does the same for the second lead")
requests = {"includeTypes": {"activityType": ["RequestCampaign"]}}
page = call("getLeadActivity", leadKey=by_id(bob), activityFilter=requests)
check(1, page.returnCount, "the request is in the history of the lead")
asset = page.activityRecordList.activityRecord[0].mktgAssetName
check(f"{PROGRAM}.Trigger: Welcome", asset, "with the name of the campaign")
unknown = {"source": "MKTOWS", "campaignId": 2000000000, "leadList": {"leadKey": [by_id(ann)]}}
check(20113, fault_code("requestCampaign", **unknown), "an unknown campaign is a fault")

# scheduleCampaign: this one adds 5 to the score of everybody on its list.
call(
    "listOperation",
    listOperation="ADDTOLIST",
    listKey={"keyType": "MKTOLISTNAME", "keyValue": f"{PROGRAM}.Trav-Test-List"},
    listMemberList={"leadKey": [by_id(ann)]},
)
success = call(
    "scheduleCampaign",
    programName=PROGRAM,
    campaignName="Batch Campaign Example",
    campaignRunAt=datetime.now(timezone.utc),
    programTokenList=attribs(**{"{{my.message}}": "Hello again"}),
)
check(True, success, "the run is scheduled")
check("5", comes("5", ann, "LeadScore"), "it has reached the lead on the list")
check(None, value(bob, "LeadScore"), "and nobody else")
trigger = {"programName": PROGRAM, "campaignName": "Trigger: Welcome"}
check(20110, fault_code("scheduleCampaign", **trigger), "a trigger campaign cannot be scheduled")
