<?php
require __DIR__ . '/common.php';

$client = connect();
$unique = uniqid();
$leads = [
    ['Email' => "ann.$unique@example.com", 'leadAttributeList' => ['attribute' => [
        attribute('FirstName', 'Ann'), attribute('LastName', 'Müller'), attribute('Company', 'Acme & Sons <Ltd>'),
    ]]],
    ['Email' => "bob.$unique@example.com", 'leadAttributeList' => ['attribute' => [attribute('FirstName', 'Bob')]]],
];
$answer = call($client, 'syncMultipleLeads', ['leadRecordList' => ['leadRecord' => $leads], 'dedupEnabled' => true]);
$statuses = $answer->result->syncStatusList->syncStatus;
check('CREATED', $statuses[0]->status, 'the first lead is new');
check('CREATED', $statuses[1]->status, 'the second lead is new');

$again = call($client, 'syncMultipleLeads', ['leadRecordList' => ['leadRecord' => $leads], 'dedupEnabled' => true]);
check('UPDATED', $again->result->syncStatusList->syncStatus[0]->status, 'the same call again creates nothing');
check($statuses[0]->leadId, $again->result->syncStatusList->syncStatus[0]->leadId, 'and finds the same lead');

$found = call($client, 'getLead', ['leadKey' => ['keyType' => 'EMAIL', 'keyValue' => "ANN.$unique@example.com"]]);
check(1, $found->result->count, 'one lead has the address');
$record = $found->result->leadRecordList->leadRecord[0];
$values = by_name($record->leadAttributeList->attribute, 'attrName', 'attrValue');
check('Müller', $values['LastName'], 'its name is read back');
check('Acme & Sons <Ltd>', $values['Company'], 'its company is read back');
