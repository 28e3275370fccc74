<?php
// Static lists: leads are put on them, asked for, and taken off.
require __DIR__ . '/common.php';

$client = connect();
$unique = uniqid();
$ann = lead_id($client, "ann.list.$unique@example.com");
$bob = lead_id($client, "bob.list.$unique@example.com");
$list = fn (string $operation, array $leads, string $name = 'Newsletter') => call($client, 'listOperation', [
    'listOperation' => $operation,
    'listKey' => ['keyType' => 'MKTOLISTNAME', 'keyValue' => $name],
    'listMemberList' => ['leadKey' => array_map('by_id', $leads)],
    'strict' => false,
])->result;
$statuses = fn (object $result) => array_column($result->statusList->leadStatus, 'status');

$answer = $list('ADDTOLIST', [$ann, $bob]);
check([true, null], [$answer->success, $answer->statusList], 'both are on the list: no statuses needed');
$answer = $list('REMOVEFROMLIST', [$bob]);
check(true, $answer->success, 'one is taken off');
$answer = $list('ISMEMBEROFLIST', [$ann, $bob]);
check([true, false], $statuses($answer), 'the other one is still there');
check(false, $answer->success, 'not all of them are');
$answer = $list('REMOVEFROMLIST', [$ann, $bob]);
check([true, false], $statuses($answer), 'who is not on the list cannot be taken off');
$list('ADDTOLIST', [$bob]);

// The members of a list are read with getMultipleLeads.
$position = null;
$members = [];
do {
    $page = call($client, 'getMultipleLeads', [
        'leadSelector' => selector('StaticListSelector', ['staticListName' => 'Newsletter']),
        'streamPosition' => $position,
        'batchSize' => 200,
    ])->result;
    $members = array_merge($members, array_column($page->leadRecordList->leadRecord ?? [], 'Id'));
    $position = $page->newStreamPosition;
} while ($page->remainingCount > 0);
check([false, true], [in_array($ann, $members, true), in_array($bob, $members, true)], 'the list has the one and not the other');
check(20111, fault_code(fn () => $list('ADDTOLIST', [$ann], "No such list $unique")), 'an unknown list is a fault');
