<?php
// Campaigns: a trigger campaign is requested for leads, a batch campaign runs over its list.
require __DIR__ . '/common.php';

$client = connect();
$unique = uniqid();
$program = 'Trav-Demo-Program';
$ann = lead_id($client, "ann.campaign.$unique@example.com");
$bob = lead_id($client, "bob.campaign.$unique@example.com");

/** A value of a lead, null if there is none. */
$value = function (int $lead, string $name) use ($client): ?string {
    $found = call($client, 'getLead', ['leadKey' => by_id($lead)])->result->leadRecordList->leadRecord[0];
    return attributes($found->leadAttributeList)[$name] ?? null;
};

/** Waits for what a campaign does to a lead: its steps run after the call. */
$comes = function (string $expected, int $lead, string $name) use ($value): ?string {
    for ($asked = 0; $asked < 300 && $value($lead, $name) !== $expected; $asked++) {
        usleep(100_000);
    }
    return $value($lead, $name);
};

// requestCampaign: by its id ...
$found = call($client, 'getCampaignsForSource', ['source' => 'MKTOWS', 'name' => 'Trigger: Welcome', 'exactName' => true]);
$campaign = $found->result->campaignRecordList->campaignRecord[0]->id;
$answer = call($client, 'requestCampaign', [
    'source' => 'MKTOWS',
    'campaignId' => $campaign,
    'leadList' => ['leadKey' => [by_id($ann)]],
]);
check(true, $answer->result->success, 'the campaign is requested');
check('Contacted', $comes('Contacted', $ann, 'LeadStatus'), 'its first step changes a value');

// ... or by its name, with a text of our own for this run.
$answer = call($client, 'requestCampaign', [
    'source' => 'MKTOWS',
    'leadList' => ['leadKey' => [by_id($bob)]],
    'programName' => $program,
    'campaignName' => 'Trigger: Welcome',
    'programTokenList' => ['attrib' => [attrib('{{my.message}}', 'Welcome back')]],
]);
check(true, $answer->result->success, 'it is requested by its name too');
check('Contacted', $comes('Contacted', $bob, 'LeadStatus'), 'it does the same for the second lead');
$page = call($client, 'getLeadActivity', [
    'leadKey' => by_id($bob),
    'activityFilter' => ['includeTypes' => ['activityType' => ['RequestCampaign']]],
])->leadActivityList;
check(1, $page->returnCount, 'the request is in the history of the lead');
check("$program.Trigger: Welcome", $page->activityRecordList->activityRecord[0]->mktgAssetName, 'with the name of the campaign');
check(20113, fault_code(fn () => call($client, 'requestCampaign', [
    'source' => 'MKTOWS', 'campaignId' => 2000000000, 'leadList' => ['leadKey' => [by_id($ann)]],
])), 'an unknown campaign is a fault');

// scheduleCampaign: this one adds 5 to the score of everybody on its list.
call($client, 'listOperation', [
    'listOperation' => 'ADDTOLIST',
    'listKey' => ['keyType' => 'MKTOLISTNAME', 'keyValue' => "$program.Trav-Test-List"],
    'listMemberList' => ['leadKey' => [by_id($ann)]],
]);
$answer = call($client, 'scheduleCampaign', [
    'programName' => $program,
    'campaignName' => 'Batch Campaign Example',
    'campaignRunAt' => date(DATE_W3C),
    'programTokenList' => ['attrib' => [attrib('{{my.message}}', 'Hello again')]],
]);
check(true, $answer->result->success, 'the run is scheduled');
check('5', $comes('5', $ann, 'LeadScore'), 'it has reached the lead on the list');
check(null, $value($bob, 'LeadScore'), 'and nobody else');
check(20110, fault_code(fn () => call($client, 'scheduleCampaign', [
    'programName' => $program, 'campaignName' => 'Trigger: Welcome',
])), 'a trigger campaign cannot be scheduled');
