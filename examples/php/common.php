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

/** Values of a lead, a custom object or an activity by their names. */
function attributes(object $list): array
{
    return array_column($list->attribute, 'attrValue', 'attrName');
}

/** Values of an opportunity, a role or a program by their names. */
function attribs(object $list): array
{
    return array_column($list->attrib, 'value', 'name');
}

/** The code of the fault that a call must end with, 0 if it does not. */
function fault_code(callable $call): int
{
    try {
        $call();
    } catch (SoapFault $fault) {
        return (int) $fault->detail->serviceException->code;
    }
    return 0;
}

function check($expected, $came, string $what): void
{
    if ($expected !== $came) {
        fwrite(STDERR, "$what: expected " . var_export($expected, true) . ', came ' . var_export($came, true) . "\n");
        exit(1);
    }
    echo "ok: $what\n";
}

/** The id of a lead with this address, made if it is not there, after these values were written. */
function lead_id(SoapClient $client, string $email, array $values = []): int
{
    $attributes = array_map('attribute', array_keys($values), $values);
    $answer = call($client, 'syncMultipleLeads', [
        'leadRecordList' => ['leadRecord' => [
            ['Email' => $email, 'leadAttributeList' => ['attribute' => $attributes]],
        ]],
        'dedupEnabled' => true,
    ]);
    return $answer->result->syncStatusList->syncStatus[0]->leadId;
}

/** A leadKey that names one lead by its id. */
function by_id(int $lead): array
{
    return ['keyType' => 'IDNUM', 'keyValue' => (string) $lead];
}

/** A leadSelector: one of LeadKeySelector, StaticListSelector, LastUpdateAtSelector. */
function selector(string $type, array $content): SoapVar
{
    return new SoapVar($content, SOAP_ENC_OBJECT, $type, 'http://www.marketo.com/mktows/');
}
