import { attributes, call, check, list, unique, values } from './common.mjs';

const leadRecord = [{ Email: `show.${unique}@example.com` }];
const leads = await call('syncMultipleLeads', { leadRecordList: { leadRecord }, dedupEnabled: true });
const lead = list(leads.syncStatusList.syncStatus)[0].leadId;
const sync = async (city, operation) => {
  const customObj = [
    { customObjKeyList: attributes({ MKTOID: lead, rid: unique }), customObjAttributeList: attributes({ city }) },
  ];
  const answer = await call('syncCustomObjects', { objTypeName: 'RoadShow', customObjList: { customObj }, operation });
  return list(answer.syncCustomObjStatusList.syncCustomObjStatus)[0].status;
};
check('CREATED', await sync('SanMateo', 'UPSERT'), 'the road show is new');
check('UNCHANGED', await sync('SanMateo', 'UPSERT'), 'the same again changes nothing');
check('SKIPPED', await sync('Oslo', 'INSERT'), 'what is there is not inserted');
const found = await call('getCustomObjects', {
  objTypeName: 'RoadShow',
  customObjKeyList: attributes({ MKTOID: lead }),
  includeAttributes: { stringItem: [] },
});
const record = list(found.customObjList.customObj)[0];
check('SanMateo', values(record.customObjAttributeList.attribute).city, 'the city is read back');
