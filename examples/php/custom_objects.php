<?php
// Custom objects: road shows that a lead was at.
require __DIR__ . '/common.php';

$client = connect();
$unique = uniqid();
$lead = lead_id($client, "show.$unique@example.com");
$keys = fn (string $show) => ['attribute' => [attribute('MKTOID', (string) $lead), attribute('rid', $show)]];

// syncCustomObjects: the keys say which record is meant.
$sync = fn (string $show, string $city, string $operation) => call($client, 'syncCustomObjects', [
    'objTypeName' => 'RoadShow',
    'customObjList' => ['customObj' => [[
        'customObjKeyList' => $keys($show),
        'customObjAttributeList' => ['attribute' => [attribute('city', $city), attribute('zip', '94404')]],
    ]]],
    'operation' => $operation,
])->result->syncCustomObjStatusList->syncCustomObjStatus[0];
check('CREATED', $sync("php-1-$unique", 'SanMateo', 'UPSERT')->status, 'the road show is new');
check('UPDATED', $sync("php-1-$unique", 'San Jose', 'UPSERT')->status, 'another city is a change');
check('UNCHANGED', $sync("php-1-$unique", 'San Jose', 'UPSERT')->status, 'the same city is none');
check('SKIPPED', $sync("php-1-$unique", 'Oslo', 'INSERT')->status, 'what is there is not inserted');
check('SKIPPED', $sync("php-2-$unique", 'Oslo', 'UPDATE')->status, 'what is not there is not updated');
check('CREATED', $sync("php-2-$unique", 'Oslo', 'INSERT')->status, 'it is inserted');
$failed = call($client, 'syncCustomObjects', [
    'objTypeName' => 'RoadShow',
    'customObjList' => ['customObj' => [[
        'customObjKeyList' => ['attribute' => [attribute('MKTOID', '2000000000'), attribute('rid', 'x')]],
    ]]],
    'operation' => 'UPSERT',
])->result->syncCustomObjStatusList->syncCustomObjStatus[0];
check(['FAILED', 'Lead not found with MKTOID = 2000000000'], [$failed->status, $failed->error], 'its lead must be there');

// getCustomObjects: a part of the key is enough; here a page for each record.
$get = fn (?string $position) => call($client, 'getCustomObjects', [
    'objTypeName' => 'roadshow',
    'customObjKeyList' => ['attribute' => [attribute('MKTOID', (string) $lead)]],
    'includeAttributes' => ['stringItem' => []],
    'batchSize' => 1,
    'streamPosition' => $position,
])->result;
$page = $get(null);
check(['RoadShow', 1], [$page->objTypeName, $page->remainingCount], 'the lead has two road shows');
$record = $page->customObjList->customObj[0];
check("php-1-$unique", attributes($record->customObjKeyList)['rid'], 'the first one is read back');
check('San Jose', attributes($record->customObjAttributeList)['city'], 'with its city');
$page = $get($page->newStreamPosition);
check('Oslo', attributes($page->customObjList->customObj[0]->customObjAttributeList)['city'], 'the second is on the next page');

// deleteCustomObjects: all keys of each record.
$delete = fn () => array_column(call($client, 'deleteCustomObjects', [
    'objTypeName' => 'RoadShow',
    'customObjKeyLists' => ['keyList' => [$keys("php-1-$unique"), $keys("php-2-$unique")]],
])->result->deleteCustomObjStatusList->syncCustomObjStatus, 'status');
check(['DELETED', 'DELETED'], $delete(), 'both are deleted');
check(['UNCHANGED', 'UNCHANGED'], $delete(), 'what is gone is not deleted again');
check(0, $get(null)->returnCount, 'none is left');
check(20110, fault_code(fn () => call($client, 'getCustomObjects', [
    'objTypeName' => 'NoSuchObject', 'includeAttributes' => ['stringItem' => []],
])), 'an unknown type is a fault');
