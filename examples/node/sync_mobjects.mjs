import { attribs, call, check, list, unique, values } from './common.mjs';

const cost = { attrType: 'Cost', attrList: attribs({ Month: '2013-06', Amount: '2000', Note: unique }) };
const program = { type: 'Program', id: 1970, typeAttribList: { typeAttrib: [cost] } };
let answer = await call('syncMObjects', { mObjectList: { mObject: [program] }, operation: 'UPDATE' });
check('UPDATED', list(answer.mObjStatusList.mObjStatus)[0].status, 'the program has a new cost');

const leadRecord = [{ Email: `role.${unique}@example.com` }];
const leads = await call('syncMultipleLeads', { leadRecordList: { leadRecord }, dedupEnabled: true });
const lead = list(leads.syncStatusList.syncStatus)[0].leadId;
const externalKey = { name: 'opportunityId', value: `node-${unique}` };
const deal = { type: 'Opportunity', externalKey, attribList: attribs({ Name: 'Q1 deal', Amount: '501.00' }) };
const role = {
  type: 'OpportunityPersonRole',
  attribList: attribs({ Role: 'Influencer' }),
  associationList: { mObjAssociation: [{ mObjType: 'Opportunity', externalKey }, { mObjType: 'Lead', id: lead }] },
};
answer = await call('syncMObjects', { mObjectList: { mObject: [deal, role] }, operation: 'UPSERT' });
check(['CREATED', 'CREATED'], answer.mObjStatusList.mObjStatus.map((one) => one.status), 'deal and role are new');
const found = await call('getMObjects', { type: 'Opportunity', externalKey });
const read = list(found.mObjectList.mObject)[0];
check('501', values(read.attribList.attrib, 'name', 'value').Amount, 'the amount is read back');
