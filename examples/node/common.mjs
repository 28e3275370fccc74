// What the examples share: the client with its signed header, and a check.
import { createHmac, randomUUID } from 'node:crypto';
import soap from 'soap';

const endpoint = process.env.LEADKEEP_ENDPOINT ?? 'http://127.0.0.1:8080/soap/mktows/3_1';
const user = process.env.LEADKEEP_USER ?? 'demo_user';
const key = process.env.LEADKEEP_KEY ?? 'demo_key_0123456789abcdef';

export const unique = randomUUID().slice(0, 12);

const client = await soap.createClientAsync(`${endpoint}?WSDL`, { endpoint });

/** Calls an operation with a header signed now, and gives its result. */
export async function call(operation, params) {
  const timestamp = new Date().toISOString();
  const signature = createHmac('sha1', key).update(timestamp + user).digest('hex');
  client.clearSoapHeaders();
  client.addSoapHeader(
    { 'tns:AuthenticationHeader': { mktowsUserId: user, requestSignature: signature, requestTimestamp: timestamp } },
    '',
    'tns',
    'http://www.marketo.com/mktows/',
  );
  const [answer] = await client[`${operation}Async`](params);
  return answer.result;
}

export const attributes = (pairs) => ({
  attribute: Object.entries(pairs).map(([attrName, attrValue]) => ({ attrName, attrValue })),
});

export const attribs = (pairs) => ({ attrib: Object.entries(pairs).map(([name, value]) => ({ name, value })) });

export const values = (list, name = 'attrName', value = 'attrValue') =>
  Object.fromEntries([list].flat().map((item) => [item[name], item[value]]));

/** One or many, always as a list. */
export const list = (items) => [items].flat();

export function check(expected, came, what) {
  if (JSON.stringify(expected) !== JSON.stringify(came)) {
    console.error(`${what}: expected ${JSON.stringify(expected)}, came ${JSON.stringify(came)}`);
    process.exit(1);
  }
  console.log(`ok: ${what}`);
}
