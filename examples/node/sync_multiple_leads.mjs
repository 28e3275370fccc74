import { attributes, call, check, list, unique, values } from './common.mjs';

const email = `node.${unique}@example.com`;
const leadRecord = [{ Email: email, leadAttributeList: attributes({ FirstName: 'Ann', Company: 'Söhne & Co <AG>' }) }];
const sync = async () =>
  list((await call('syncMultipleLeads', { leadRecordList: { leadRecord }, dedupEnabled: true })).syncStatusList.syncStatus)[0];
const first = await sync();
check('CREATED', first.status, 'the lead is new');
const second = await sync();
check(['UPDATED', first.leadId], [second.status, second.leadId], 'the same call again finds it');
const found = await call('getLead', { leadKey: { keyType: 'EMAIL', keyValue: email } });
check(1, found.count, 'one lead has the address');
const record = list(found.leadRecordList.leadRecord)[0];
check('Söhne & Co <AG>', values(record.leadAttributeList.attribute).Company, 'its company is read back');
