<?php
// Leads: written one by one and in batches, read by key and page by page, merged.
require __DIR__ . '/common.php';

$client = connect();
$unique = uniqid();
$ann = "ann.$unique@example.com";
$bob = "bob.$unique@example.com";

// syncMultipleLeads: one status a record, in the order of the records.
$batch = fn (array $records, bool $dedup = true) => call($client, 'syncMultipleLeads', [
    'leadRecordList' => ['leadRecord' => $records], 'dedupEnabled' => $dedup,
])->result->syncStatusList->syncStatus;
$records = [
    ['Email' => $ann, 'leadAttributeList' => ['attribute' => [
        attribute('FirstName', 'Ann'), attribute('LastName', 'Müller'), attribute('Company', 'Acme & Sons <Ltd>'),
    ]]],
    ['Email' => $bob, 'leadAttributeList' => ['attribute' => [attribute('FirstName', 'Bob')]]],
];
$statuses = $batch($records);
check(['CREATED', 'CREATED'], array_column($statuses, 'status'), 'both leads are new');
check(['UPDATED', 'UPDATED'], array_column($batch($records), 'status'), 'the same call again creates nothing');
$annId = $statuses[0]->leadId;
$bobId = $statuses[1]->leadId;
$statuses = $batch([['Id' => 2000000000], ['Id' => $bobId]]);
check(['FAILED', 'UPDATED'], array_column($statuses, 'status'), 'a record that fails does not stop the others');
check('20103', substr($statuses[0]->error, 0, 5), 'its error begins with a code');
$twin = $batch([['Email' => $bob]], false)[0];
check('CREATED', $twin->status, 'without de-duplication a second lead has the address');

// syncLead: one lead, with a key of your own, and the lead as it is afterwards.
$answer = call($client, 'syncLead', [
    'leadRecord' => [
        'Id' => $annId,
        'ForeignSysPersonId' => "crm-$unique",
        'ForeignSysType' => 'CUSTOM',
        'leadAttributeList' => ['attribute' => [attribute('Title', 'Engineer')]],
    ],
    'returnLead' => true,
]);
check('UPDATED', $answer->result->syncStatus->status, 'the id finds the lead');
check("crm-$unique", $answer->result->leadRecord->ForeignSysPersonId, 'it has a foreign id now');
$answer = call($client, 'syncLead', ['leadRecord' => ['ForeignSysPersonId' => "crm-$unique"], 'returnLead' => false]);
check($annId, $answer->result->leadId, 'the foreign id finds it too');
check(20105, fault_code(fn () => call($client, 'syncLead', [
    'leadRecord' => ['Email' => $ann, 'leadAttributeList' => ['attribute' => [attribute('FavouriteColour', 'red')]]],
    'returnLead' => false,
])), 'an unknown field is a fault');

// getLead: all leads that a key matches, newest first.
$get = fn (string $type, $value) => call($client, 'getLead', [
    'leadKey' => ['keyType' => $type, 'keyValue' => (string) $value],
])->result;
$found = $get('EMAIL', strtoupper($ann));
check(1, $found->count, 'one lead has the address');
$values = attributes($found->leadRecordList->leadRecord[0]->leadAttributeList);
check('Müller', $values['LastName'], 'its name is read back');
check('Acme & Sons <Ltd>', $values['Company'], 'its company is read back');
check('Engineer', $values['Title'], 'its title is read back');
$found = $get('EMAIL', $bob);
check([$twin->leadId, $bobId], array_column($found->leadRecordList->leadRecord, 'Id'), 'two leads have the other address');
check(20103, fault_code(fn () => $get('EMAIL', "nobody.$unique@example.com")), 'no lead is a fault');

// getMultipleLeads: by keys ...
$found = call($client, 'getMultipleLeads', [
    'leadSelector' => selector('LeadKeySelector', [
        'keyType' => 'IDNUM', 'keyValues' => ['stringItem' => [(string) $annId, (string) $bobId, '2000000000']],
    ]),
    'includeAttributes' => ['stringItem' => ['FirstName']],
])->result;
check(2, $found->returnCount, 'keys of nobody are left out');
check(['FirstName' => 'Ann'], attributes($found->leadRecordList->leadRecord[0]->leadAttributeList), 'only what was asked for comes');

// ... and everything that has changed lately, in pages.
$position = null;
$seen = [];
do {
    $page = call($client, 'getMultipleLeads', [
        'leadSelector' => selector('LastUpdateAtSelector', [
            'oldestUpdatedAt' => date(DATE_W3C, time() - 3600), 'latestUpdatedAt' => date(DATE_W3C, time() + 60),
        ]),
        'streamPosition' => $position,
        'batchSize' => 200,
        'includeAttributes' => ['stringItem' => ['Email']],
    ])->result;
    $seen = array_merge($seen, array_column($page->leadRecordList->leadRecord ?? [], 'Id'));
    $position = $page->newStreamPosition;
} while ($page->remainingCount > 0);
check([], array_diff([$annId, $bobId, $twin->leadId], $seen), 'the leads of this program are among them');
check(count($seen), count(array_unique($seen)), 'no lead comes twice');

// mergeLeads: Bob's twin becomes part of Bob.
$key = fn (int $lead) => ['attribute' => [attribute('IDNUM', (string) $lead)]];
$status = call($client, 'mergeLeads', [
    'winningLeadKeyList' => $key($bobId), 'losingLeadKeyLists' => ['keyList' => [$key($twin->leadId)]],
])->result->mergeStatus;
check('MERGED', $status->status, 'the leads are merged');
check([$twin->leadId], $status->losingLeadIdList->integerItem, 'the loser is named');
check(1, $get('EMAIL', $bob)->count, 'one lead has the address again');
check(20103, fault_code(fn () => $get('IDNUM', $twin->leadId)), 'the loser is gone');
