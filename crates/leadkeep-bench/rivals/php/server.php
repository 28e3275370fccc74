<?php
// The rival in PHP: SoapServer over the WSDL, with the leads in APCu, which the workers share.
declare(strict_types=1);

final class Rival
{
    public function syncMultipleLeads(object $params): array
    {
        // One fetch and one store for all leads, and one step of the counter.
        $records = $params->leadRecordList->leadRecord ?? [];
        $keys = [];
        foreach ($records as $record) {
            $keys[] = self::key($record->Email);
        }
        $known = apcu_fetch($keys) ?: [];
        $ids = count($keys) - count($known);
        $id = $ids > 0 ? apcu_inc('ids', $ids) - $ids : 0;
        $created = $updated = $statuses = [];
        foreach ($records as $at => $record) {
            $key = $keys[$at];
            $attributes = $created[$key]['attributes'] ?? $known[$key]['attributes'] ?? [];
            foreach ($record->leadAttributeList->attribute ?? [] as $attribute) {
                $attributes[$attribute->attrName] = $attribute->attrValue;
            }
            if (isset($known[$key])) {
                $known[$key]['attributes'] = $attributes;
                $updated[$key] = $lead = $known[$key];
                $status = 'UPDATED';
            } else {
                $status = isset($created[$key]) ? 'UPDATED' : 'CREATED';
                $lead = ['id' => $created[$key]['id'] ?? ++$id, 'email' => $record->Email, 'attributes' => $attributes];
                $created[$key] = $lead;
            }
            $statuses[] = ['leadId' => $lead['id'], 'status' => $status, 'error' => null];
        }
        // Two workers can create or change the same lead at once: the last one wins. A lock would only slow this down.
        apcu_store($created + $updated);
        return ['result' => ['syncStatusList' => ['syncStatus' => $statuses]]];
    }

    public function getLead(object $params): array
    {
        $lead = apcu_fetch(self::key($params->leadKey->keyValue));
        if ($lead === false) {
            throw new SoapFault('SOAP-ENV:Client', '20103 - Lead not found');
        }
        $attributes = [];
        foreach ($lead['attributes'] as $name => $value) {
            $attributes[] = ['attrName' => $name, 'attrType' => 'string', 'attrValue' => $value];
        }
        $record = [
            'Id' => $lead['id'],
            'Email' => $lead['email'],
            'ForeignSysPersonId' => null,
            'ForeignSysType' => null,
            'leadAttributeList' => ['attribute' => $attributes],
        ];
        return ['result' => ['count' => 1, 'leadRecordList' => ['leadRecord' => [$record]]]];
    }

    private static function key(string $email): string
    {
        return 'lead:' . strtolower($email);
    }
}

$server = new SoapServer(__DIR__ . '/leadkeep.wsdl', [
    'cache_wsdl' => WSDL_CACHE_BOTH,
    'features' => SOAP_SINGLE_ELEMENT_ARRAYS,
]);
$server->setObject(new Rival());
$server->handle();
