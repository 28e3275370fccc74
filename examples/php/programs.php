<?php
// What is around programs: channels, tags, campaigns that can be requested, and the costs of a program.
require __DIR__ . '/common.php';

$client = connect();
$unique = uniqid();

// getChannels: the statuses that a member of a program can have.
$channels = call($client, 'getChannels', ['tag' => ['values' => ['stringItem' => ['Blog']]]])->result->tags->tagStatus;
check(['Blog'], array_column($channels, 'tagValue'), 'the channel is there');
$statuses = array_map('attribs', array_column($channels[0]->statusList->progressionStatusItem, 'progressionStatus'));
check(['Engaged', 'Subscribed', 'Visited'], array_column($statuses, 'Status'), 'it has three statuses');
check(['Status' => 'Subscribed', 'Step' => '30', 'Success' => 'true'], $statuses[1], 'one of them is a success');

// getTags: what programs can be tagged with.
$tags = call($client, 'getTags', ['tagList' => ['tag' => [['type' => 'Regions']]]])->result->tagList->tag;
check(['North', 'South', 'East', 'West', 'EMEA'], $tags[0]->values->stringItem, 'the regions are there');

// getCampaignsForSource: the campaigns that requestCampaign takes.
$found = call($client, 'getCampaignsForSource', ['source' => 'MKTOWS', 'name' => 'Welcome', 'exactName' => false])->result;
check(1, $found->returnCount, 'one campaign has the word in its name');
$campaign = $found->campaignRecordList->campaignRecord[0];
check(
    [4496, 'Trav-Demo-Program.Trigger: Welcome', 'Greets a new subscriber'],
    [$campaign->id, $campaign->name, $campaign->description],
    'it is in a program'
);

// A program gets another tag and a new cost.
$typed = fn (string $type, array $list) => ['attrType' => $type, 'attrList' => ['attrib' => $list]];
$regions = ['North', 'South', 'East', 'West'];
$region = $regions[array_rand($regions)];
$status = call($client, 'syncMObjects', ['mObjectList' => ['mObject' => [[
    'type' => 'Program',
    'id' => 1970,
    'typeAttribList' => ['typeAttrib' => [
        $typed('Tag', [attrib('Type', 'Regions'), attrib('Value', $region)]),
        $typed('Cost', [attrib('Month', '2013-06'), attrib('Amount', '2000'), attrib('Note', $unique)]),
    ]],
]]], 'operation' => 'UPDATE'])->result->mObjStatusList->mObjStatus[0];
check('UPDATED', $status->status, 'the program has a new cost');
$found = call($client, 'getMObjects', ['type' => 'Program', 'id' => 1970, 'includeDetails' => true])->result;
$tags = $costs = [];
foreach ($found->mObjectList->mObject[0]->typeAttribList->typeAttrib as $part) {
    $values = attribs($part->attrList);
    if ($part->attrType === 'Tag') {
        $tags[$values['Type']] = $values['Value'];
    } elseif ($part->attrType === 'Cost') {
        $costs[$values['Note'] ?? ''] = $values;
    }
}
check(['Blog', $region], [$tags['Channel'], $tags['Regions']], 'its tags are read back');
check(['2013-06-01', '2000'], [$costs[$unique]['Month'], $costs[$unique]['Amount']], 'its cost is read back');
