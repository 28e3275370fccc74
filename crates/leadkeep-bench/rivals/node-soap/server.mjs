// The rival in Node: the soap package over the WSDL, with the leads in a Map.
import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import soap from 'soap';

const leads = new Map();

function syncMultipleLeads({ leadRecordList }) {
    const syncStatus = (leadRecordList?.leadRecord ?? []).map(({ Email, leadAttributeList }) => {
        const key = Email.toLowerCase();
        let lead = leads.get(key);
        const status = lead === undefined ? 'CREATED' : 'UPDATED';
        if (lead === undefined) {
            lead = { id: leads.size + 1, email: Email, attributes: new Map() };
            leads.set(key, lead);
        }
        for (const { attrName, attrValue } of leadAttributeList?.attribute ?? []) {
            lead.attributes.set(attrName, attrValue);
        }
        return { leadId: lead.id, status, error: null };
    });
    return { result: { syncStatusList: { syncStatus } } };
}

function getLead({ leadKey }) {
    const lead = leads.get(leadKey.keyValue.toLowerCase());
    if (lead === undefined) {
        throw { Fault: { faultcode: 'soap:Client', faultstring: '20103 - Lead not found', statusCode: 500 } };
    }
    const attribute = Array.from(lead.attributes, ([attrName, attrValue]) => ({ attrName, attrType: 'string', attrValue }));
    const leadRecord = {
        Id: lead.id,
        Email: lead.email,
        ForeignSysPersonId: null,
        ForeignSysType: null,
        leadAttributeList: { attribute },
    };
    return { result: { count: 1, leadRecordList: { leadRecord } } };
}

// No connection is ever closed for its age or silence.
const options = { noDelay: true, requestTimeout: 0, headersTimeout: 0, keepAliveTimeout: 0 };
// The package leaves other paths than its own to this listener.
const server = createServer(options, (request, response) => response.writeHead(404).end());
soap.listen(server, {
    path: '/soap/mktows/3_1',
    services: { MktMktowsApiService: { MktowsApiSoapPort: { syncMultipleLeads, getLead } } },
    xml: readFileSync('leadkeep.wsdl', 'utf8'),
    uri: 'leadkeep.wsdl',
    // Without this, answers have no Content-Length.
    enableChunkedEncoding: false,
    callback(error, { wsdl }) {
        if (error) {
            throw error;
        }
        // The package writes xsi:nil, but declares only prefixes of the WSDL.
        wsdl.xmlnsInEnvelope += ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';
        server.listen({ host: '127.0.0.1', port: Number(process.argv[2]) });
    },
});
