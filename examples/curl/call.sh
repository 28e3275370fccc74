#!/usr/bin/env bash
# Signs and sends one message: call.sh OPERATION < params.xml
set -euo pipefail
endpoint=${LEADKEEP_ENDPOINT:-http://127.0.0.1:8080/soap/mktows/3_1}
user=${LEADKEEP_USER:-demo_user}
key=${LEADKEEP_KEY:-demo_key_0123456789abcdef}
timestamp=$(date -u +%Y-%m-%dT%H:%M:%S+00:00)
signature=$(printf '%s' "$timestamp$user" | openssl dgst -sha1 -hmac "$key" -r | cut -d' ' -f1)
params=$(cat)
curl --silent --show-error --header 'Content-Type: text/xml; charset=utf-8' \
    --header "SOAPAction: \"http://www.marketo.com/mktows/$1\"" --data-binary @- "$endpoint" <<XML
<?xml version="1.0" encoding="UTF-8"?>
<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/" xmlns:ns1="http://www.marketo.com/mktows/"><SOAP-ENV:Header><ns1:AuthenticationHeader><mktowsUserId>$user</mktowsUserId><requestSignature>$signature</requestSignature><requestTimestamp>$timestamp</requestTimestamp></ns1:AuthenticationHeader></SOAP-ENV:Header><SOAP-ENV:Body>$params</SOAP-ENV:Body></SOAP-ENV:Envelope>
XML
