<?php
require __DIR__ . '/common.php';

$client = connect();
$unique = uniqid();

// A cost of a program.
$answer = call($client, 'syncMObjects', ['mObjectList' => ['mObject' => [[
    'type' => 'Program',
    'id' => 1970,
    'typeAttribList' => ['typeAttrib' => [[
        'attrType' => 'Cost',
        'attrList' => ['attrib' => [attrib('Month', '2013-06'), attrib('Amount', '2000'), attrib('Note', $unique)]],
    ]]],
]]], 'operation' => 'UPDATE']);
check('UPDATED', $answer->result->mObjStatusList->mObjStatus[0]->status, 'the program has a new cost');
$found = call($client, 'getMObjects', ['type' => 'Program', 'id' => 1970, 'includeDetails' => true]);
$notes = [];
foreach ($found->result->mObjectList->mObject[0]->typeAttribList->typeAttrib as $typed) {
    $values = by_name($typed->attrList->attrib, 'name', 'value');
    $notes[$values['Note'] ?? ''] = $values;
}
check('2013-06-01', $notes[$unique]['Month'], 'its month is read back');

// An opportunity with a key of our own, and the part that a lead has in it, in one call.
$lead = lead_id($client, "role.$unique@example.com");
$answer = call($client, 'syncMObjects', ['mObjectList' => ['mObject' => [
    ['type' => 'Opportunity', 'externalKey' => attrib('opportunityId', "php-$unique"), 'attribList' => ['attrib' => [
        attrib('Name', 'Q1 deal'), attrib('Amount', '501.00'), attrib('CloseDate', '2014-10-24'), attrib('Probability', '80%'),
    ]]],
    ['type' => 'OpportunityPersonRole', 'attribList' => ['attrib' => [attrib('Role', 'Influencer/Champion')]],
        'associationList' => ['mObjAssociation' => [
            ['mObjType' => 'Opportunity', 'externalKey' => attrib('opportunityId', "php-$unique")],
            ['mObjType' => 'Lead', 'id' => $lead],
        ]]],
]], 'operation' => 'UPSERT']);
$statuses = $answer->result->mObjStatusList->mObjStatus;
check('CREATED', $statuses[0]->status, 'the opportunity is new');
check("php-$unique", $statuses[0]->externalKey->value, 'its key is echoed');
check('CREATED', $statuses[1]->status, 'the role is new');
$found = call($client, 'getMObjects', ['type' => 'Opportunity', 'externalKey' => attrib('opportunityId', "php-$unique")]);
$values = by_name($found->result->mObjectList->mObject[0]->attribList->attrib, 'name', 'value');
check('501', $values['Amount'], 'the amount is read back');
$found = call($client, 'getMObjects', ['type' => 'OpportunityPersonRole', 'mObjAssociationList' => ['mObjAssociation' => [
    ['mObjType' => 'Lead', 'id' => $lead],
]]]);
check($statuses[1]->id, $found->result->mObjectList->mObject[0]->id, 'the role is found by its lead');
