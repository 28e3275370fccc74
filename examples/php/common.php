<?php
// What all examples share: a SOAP client for the endpoint, and the signed header of each call.

function connect(): SoapClient
{
    $endpoint = getenv('LEADKEEP_ENDPOINT') ?: 'http://127.0.0.1:8080/soap/mktows/3_1';
    return new SoapClient($endpoint . '?WSDL', [
        'location' => $endpoint,
        'exceptions' => true,
        'cache_wsdl' => WSDL_CACHE_NONE,
        'features' => SOAP_SINGLE_ELEMENT_ARRAYS,
    ]);
}

function call(SoapClient $client, string $operation, array $params)
{
    $user = getenv('LEADKEEP_USER') ?: 'demo_user';
    $key = getenv('LEADKEEP_KEY') ?: 'demo_key_0123456789abcdef';
    $timestamp = date(DATE_W3C);
    $header = new stdClass();
    $header->mktowsUserId = $user;
    $header->requestSignature = hash_hmac('sha1', $timestamp . $user, $key);
    $header->requestTimestamp = $timestamp;
    $client->__setSoapHeaders([new SoapHeader('http://www.marketo.com/mktows/', 'AuthenticationHeader', $header)]);
    return $client->__soapCall($operation, [$params]);
}

function attribute(string $name, string $value): array
{
    return ['attrName' => $name, 'attrValue' => $value];
}

function attrib(string $name, string $value): array
{
    return ['name' => $name, 'value' => $value];
}

/** Values of an answer by their names. */
function by_name(array $list, string $name, string $value): array
{
    return array_column(array_map(fn ($item) => [$item->$name, $item->$value], $list), 1, 0);
}

function check($expected, $came, string $what): void
{
    if ($expected !== $came) {
        fwrite(STDERR, "$what: expected " . var_export($expected, true) . ', came ' . var_export($came, true) . "\n");
        exit(1);
    }
    echo "ok: $what\n";
}

/** The id of a lead with this address, made if it is not there. */
function lead_id(SoapClient $client, string $email): int
{
    $answer = call($client, 'syncMultipleLeads', [
        'leadRecordList' => ['leadRecord' => [['Email' => $email]]],
        'dedupEnabled' => true,
    ]);
    return $answer->result->syncStatusList->syncStatus[0]->leadId;
}
