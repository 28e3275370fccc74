import com.marketo.mktows.*;

/** Creates a road show that a lead was at, and reads it back. */
public final class SyncCustomObjects {
    private static SyncStatusEnum sync(MktowsPort port, int lead, String city, SyncOperationEnum operation) {
        CustomObj object = new CustomObj();
        ArrayOfAttribute keys = Common.attributes("MKTOID", String.valueOf(lead), "rid", Common.UNIQUE);
        object.setCustomObjKeyList(Common.MAKE.createCustomObjCustomObjKeyList(keys));
        object.setCustomObjAttributeList(Common.MAKE.createCustomObjCustomObjAttributeList(Common.attributes("city", city)));
        ArrayOfCustomObj list = new ArrayOfCustomObj();
        list.getCustomObj().add(object);
        ParamsSyncCustomObjects params = new ParamsSyncCustomObjects();
        params.setObjTypeName("RoadShow");
        params.setCustomObjList(list);
        params.setOperation(Common.MAKE.createParamsSyncCustomObjectsOperation(operation));
        SyncCustomObjStatus status =
            port.syncCustomObjects(params).getResult().getSyncCustomObjStatusList().getSyncCustomObjStatus().get(0);
        return status.getStatus();
    }

    public static void main(String[] args) throws Exception {
        MktowsPort port = Common.connect();
        int lead = Common.syncLead(port, "show." + Common.UNIQUE + "@example.com").getLeadId();
        Common.check(SyncStatusEnum.CREATED, sync(port, lead, "SanMateo", SyncOperationEnum.UPSERT), "the road show is new");
        Common.check(SyncStatusEnum.UNCHANGED, sync(port, lead, "SanMateo", SyncOperationEnum.UPSERT), "the same again changes nothing");
        Common.check(SyncStatusEnum.SKIPPED, sync(port, lead, "Oslo", SyncOperationEnum.INSERT), "what is there is not inserted");

        ParamsGetCustomObjects params = new ParamsGetCustomObjects();
        params.setObjTypeName("RoadShow");
        params.setCustomObjKeyList(Common.MAKE.createParamsGetCustomObjectsCustomObjKeyList(Common.attributes("MKTOID", String.valueOf(lead))));
        params.setIncludeAttributes(new ArrayOfString());
        CustomObj found = port.getCustomObjects(params).getResult().getCustomObjList().getValue().getCustomObj().get(0);
        Common.check("SanMateo", found.getCustomObjAttributeList().getValue().getAttribute().get(0).getAttrValue(), "the city is read back");
    }
}
