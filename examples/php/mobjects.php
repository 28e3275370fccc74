<?php
// Opportunities and the parts that leads have in them.
require __DIR__ . '/common.php';

$client = connect();
$unique = uniqid();
$lead = lead_id($client, "role.$unique@example.com");
$key = attrib('opportunityId', "php-$unique");

// listMObjects and describeMObject: which objects there are, and which fields they have.
$names = call($client, 'listMObjects', [])->result->objects;
check(['ActivityRecord', 'LeadRecord', 'Opportunity', 'OpportunityPersonRole'], $names, 'there are four objects');
$metadata = call($client, 'describeMObject', ['objectName' => 'Opportunity'])->result->metadata;
$types = array_column($metadata->fieldList->field, 'dataType', 'name');
check(['currency', 'date'], [$types['Amount'], $types['CloseDate']], 'an opportunity has an amount and a date');

// syncMObjects: an opportunity with a key of our own, and the part that a lead has in it, in one call.
$opportunity = ['type' => 'Opportunity', 'externalKey' => $key, 'attribList' => ['attrib' => [
    attrib('Name', 'Q1 deal'), attrib('Amount', '501.00'), attrib('CloseDate', '2014-10-24'), attrib('Probability', '80%'),
]]];
$role = ['type' => 'OpportunityPersonRole', 'attribList' => ['attrib' => [attrib('Role', 'Influencer/Champion')]],
    'associationList' => ['mObjAssociation' => [
        ['mObjType' => 'Opportunity', 'externalKey' => $key],
        ['mObjType' => 'Lead', 'id' => $lead],
    ]]];
$sync = fn (string $operation, array $objects) => call($client, 'syncMObjects', [
    'mObjectList' => ['mObject' => $objects], 'operation' => $operation,
])->result->mObjStatusList->mObjStatus;
$statuses = $sync('UPSERT', [$opportunity, $role]);
check(['CREATED', 'CREATED'], array_column($statuses, 'status'), 'opportunity and role are new');
check("php-$unique", $statuses[0]->externalKey->value, 'the key is echoed');
$opportunityId = $statuses[0]->id;
$roleId = $statuses[1]->id;
check('UNCHANGED', $sync('UPSERT', [$opportunity])[0]->status, 'the same again changes nothing');
check('SKIPPED', $sync('INSERT', [$opportunity])[0]->status, 'what is there is not inserted');
$status = $sync('UPDATE', [['type' => 'Opportunity', 'id' => $opportunityId, 'attribList' => ['attrib' => [attrib('Stage', 'Won')]]]])[0];
check('UPDATED', $status->status, 'the id finds it too');
$status = $sync('UPSERT', [['type' => 'Opportunity', 'attribList' => ['attrib' => [attrib('Colour', 'red')]]]])[0];
check(['FAILED', '20110'], [$status->status, substr($status->error, 0, 5)], 'an unknown field fails its object');

// getMObjects: by key, by criteria, by association.
$get = fn (array $params) => call($client, 'getMObjects', $params)->result;
$found = $get(['type' => 'Opportunity', 'externalKey' => $key])->mObjectList->mObject[0];
$values = attribs($found->attribList);
check(['501', '80', 'Won'], [$values['Amount'], $values['Probability'], $values['Stage']], 'its values are read back');
$found = $get(['type' => 'Opportunity', 'mObjCriteriaList' => ['mObjCriteria' => [
    ['attrName' => 'Amount', 'comparison' => 'LE', 'attrValue' => '501'],
    ['attrName' => 'opportunityId', 'comparison' => 'EQ', 'attrValue' => "php-$unique"],
]]]);
check([1, $opportunityId], [$found->returnCount, $found->mObjectList->mObject[0]->id], 'criteria find it');
$ofLead = ['type' => 'OpportunityPersonRole', 'mObjAssociationList' => ['mObjAssociation' => [
    ['mObjType' => 'Lead', 'id' => $lead],
]]];
check($roleId, $get($ofLead)->mObjectList->mObject[0]->id, 'the role is found by its lead');

// All opportunities, page by page: 100 in each.
$position = null;
$ids = [];
do {
    $page = $get(['type' => 'Opportunity', 'streamPosition' => $position]);
    $ids = array_merge($ids, array_column($page->mObjectList->mObject ?? [], 'id'));
    $position = $page->newStreamPosition;
} while ($page->hasMore);
check(true, in_array($opportunityId, $ids, true), 'it is among all opportunities');

// deleteMObjects: an opportunity takes its roles with it.
$delete = fn (int $id) => call($client, 'deleteMObjects', [
    'mObjectList' => ['mObject' => [['type' => 'Opportunity', 'id' => $id]]],
])->result->mObjStatusList->mObjStatus[0]->status;
check('DELETED', $delete($opportunityId), 'the opportunity is deleted');
check('UNCHANGED', $delete($opportunityId), 'what is gone is not deleted again');
check(0, $get(['type' => 'Opportunity', 'id' => $opportunityId])->returnCount, 'it is not found any more');
check(0, $get($ofLead)->returnCount, 'its role went with it');
