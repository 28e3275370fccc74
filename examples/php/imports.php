<?php
// Imports into a list of a program: rows as in a CSV file, done in the background.
require __DIR__ . '/common.php';

$client = connect();
$unique = uniqid();
$ann = "ann.import.$unique@example.com";
$bob = "bob.import.$unique@example.com";
$list = ['programName' => 'Trav-Demo-Program', 'listName' => 'Trav-Test-List'];
lead_id($client, $ann, ['Company' => 'Acme', 'City' => 'Oslo']);

/** A row of a CSV file: values with commas or quotes in them are quoted. */
function row(string ...$cells): string
{
    $quoted = fn (string $cell) => strpbrk($cell, ",\"\n") ? '"' . str_replace('"', '""', $cell) . '"' : $cell;
    return implode(',', array_map($quoted, $cells));
}

// importToList: columns have the names that people see. It answers at once.
$import = fn (string $mode, string $header, array $rows) => call($client, 'importToList', $list + [
    'importFileHeader' => $header,
    'importFileRows' => ['stringItem' => $rows],
    'importListMode' => $mode,
    'clearList' => false,
    'campaignName' => null,
])->result->importStatus;

// getImportToListStatus: asked until the import has ended. Once a minute is enough outside of an example.
$wait = function () use ($client, $list): object {
    for ($asked = 0; $asked < 300; $asked++) {
        $status = call($client, 'getImportToListStatus', $list)->result;
        if ($status->status !== 'PROCESSING') {
            return $status;
        }
        usleep(100_000);
    }
    fwrite(STDERR, "the import does not end\n");
    exit(1);
};
$counts = fn (object $status) => [$status->rowsImported, $status->rowsFailed, $status->rowsIgnored];

// Leads are created and updated, and put on the list. A row that fails is counted and stops nobody.
$status = $import('UPSERTLEADS', 'Email Address,First Name,Company Name,City', [
    row($ann, 'Ann', 'Acme, Inc.', ''),
    row($bob, 'Bob', 'Söhne "AG"', 'Bergen'),
    row('', 'Nobody', '', ''),
]);
check('PROCESSING', $status, 'the import is taken');
$status = $wait();
check('COMPLETE', $status->status, 'it is done');
check(3, $status->estimatedRows, 'it had three rows');
check([2, 1, 0], $counts($status), 'one of them had no key');
$lead = fn (string $email) => call($client, 'getLead', [
    'leadKey' => ['keyType' => 'EMAIL', 'keyValue' => $email],
])->result->leadRecordList->leadRecord[0];
$values = attributes($lead($ann)->leadAttributeList);
check(['Acme, Inc.', 'Oslo'], [$values['Company'], $values['City']], 'an empty cell changes nothing');
check('Söhne "AG"', attributes($lead($bob)->leadAttributeList)['Company'], 'the second lead is new');
$members = call($client, 'listOperation', [
    'listOperation' => 'ISMEMBEROFLIST',
    'listKey' => ['keyType' => 'MKTOLISTNAME', 'keyValue' => 'Trav-Demo-Program.Trav-Test-List'],
    'listMemberList' => ['leadKey' => [by_id($lead($ann)->Id), by_id($lead($bob)->Id)]],
])->result;
check(true, $members->success, 'both are on the list');

// LISTONLY creates and changes nobody.
$import('LISTONLY', 'Email Address,First Name', [row($ann, 'Anna'), row("nobody.$unique@example.com", 'Nobody')]);
$status = $wait();
check([0, 0, 2], $counts($status), 'a member and a stranger are ignored');
check('Ann', attributes($lead($ann)->leadAttributeList)['FirstName'], 'no value is changed');
check(20111, fault_code(fn () => call($client, 'getImportToListStatus', ['listName' => "No such list $unique"] + $list)), 'an unknown list is a fault');
