<?php
require __DIR__ . '/common.php';

$client = connect();
$unique = uniqid();
$lead = lead_id($client, "show.$unique@example.com");
$keys = [attribute('MKTOID', (string) $lead), attribute('rid', "php-$unique")];
$sync = fn (string $city, string $operation) => call($client, 'syncCustomObjects', [
    'objTypeName' => 'RoadShow',
    'customObjList' => ['customObj' => [[
        'customObjKeyList' => ['attribute' => $keys],
        'customObjAttributeList' => ['attribute' => [attribute('city', $city), attribute('zip', '94404')]],
    ]]],
    'operation' => $operation,
])->result->syncCustomObjStatusList->syncCustomObjStatus[0]->status;
check('CREATED', $sync('SanMateo', 'UPSERT'), 'the road show is new');
check('UPDATED', $sync('San Jose', 'UPSERT'), 'another city is a change');
check('UNCHANGED', $sync('San Jose', 'UPSERT'), 'the same city is none');
check('SKIPPED', $sync('Oslo', 'INSERT'), 'what is there is not inserted');
$found = call($client, 'getCustomObjects', [
    'objTypeName' => 'roadshow',
    'customObjKeyList' => ['attribute' => [attribute('MKTOID', (string) $lead)]],
    'includeAttributes' => ['stringItem' => []],
]);
check('RoadShow', $found->result->objTypeName, 'the type has its own spelling');
$record = $found->result->customObjList->customObj[0];
check('San Jose', by_name($record->customObjAttributeList->attribute, 'attrName', 'attrValue')['city'], 'the city is read back');
check("php-$unique", by_name($record->customObjKeyList->attribute, 'attrName', 'attrValue')['rid'], 'its key is read back');
