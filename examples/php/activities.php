<?php
// Histories: of one lead, and of all leads as a poller reads them.
require __DIR__ . '/common.php';

$client = connect();
$unique = uniqid();

// Where a poller stands that has read everything until now: it keeps nothing but the position.
$poll = function (object|array $position) use ($client): array {
    $records = [];
    do {
        $page = call($client, 'getLeadChanges', [
            'startPosition' => $position,
            'activityNameFilter' => ['stringItem' => ['New Lead', 'Change Data Value']],
            'batchSize' => 1000,
        ])->result;
        array_push($records, ...($page->leadChangeRecordList->leadChangeRecord ?? []));
        $position = $page->newStartPosition;
    } while ($page->remainingCount > 0);
    return [$records, $position];
};
[, $position] = $poll(['oldestCreatedAt' => date(DATE_W3C, time() - 3600)]);

// Something happens: a lead comes, and its title changes twice.
$email = "history.$unique@example.com";
$lead = lead_id($client, $email, ['FirstName' => 'Ann', 'Title' => 'Engineer']);
lead_id($client, $email, ['Title' => 'Head of Engineering']);
lead_id($client, $email, ['Title' => 'CTO']);

// getLeadChanges: what has happened since the position, oldest first.
[$records, $position] = $poll($position);
$ours = array_values(array_filter($records, fn ($record) => $record->mktPersonId === (string) $lead));
check(['New Lead', 'Change Data Value', 'Change Data Value'], array_column($ours, 'activityType'), 'the poller sees what happened');
check('CTO', attributes($ours[2]->activityAttributes)['New Value'], 'the last change comes last');
[$records] = $poll($position);
check([], array_filter($records, fn ($record) => $record->mktPersonId === (string) $lead), 'nothing comes twice');

// getLeadActivity: one lead, newest first, a page at a time.
$history = fn (array $more) => call($client, 'getLeadActivity', ['leadKey' => by_id($lead)] + $more)->leadActivityList;
$page = $history(['batchSize' => 1]);
$record = $page->activityRecordList->activityRecord[0];
check('Change Data Value', $record->activityType, 'the newest activity comes first');
check('Job Title', $record->mktgAssetName, 'it names the field');
$values = attributes($record->activityAttributes);
check(['Head of Engineering', 'CTO'], [$values['Old Value'], $values['New Value']], 'and both values');
$page = $history(['batchSize' => 1, 'startPosition' => ['offset' => $page->newStartPosition->offset]]);
$values = attributes($page->activityRecordList->activityRecord[0]->activityAttributes);
check('Head of Engineering', $values['New Value'], 'the next page goes on before it');
$page = $history(['activityFilter' => ['includeTypes' => ['activityType' => ['NewLead']]]]);
check(1, $page->returnCount, 'a filter leaves one activity');
$values = attributes($page->activityRecordList->activityRecord[0]->activityAttributes);
check('Web service API', $values['Source Type'], 'it tells where the lead came from');
check(20103, fault_code(fn () => call($client, 'getLeadActivity', ['leadKey' => by_id(2000000000)])), 'no lead is a fault');
