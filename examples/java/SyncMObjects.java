import com.marketo.mktows.*;
import java.util.List;

/** Adds a cost to a program, creates an opportunity and a role in it, and reads them back. */
public final class SyncMObjects {
    private static List<MObjStatus> sync(MktowsPort port, SyncOperationEnum operation, MObject... objects) {
        ArrayOfMObject list = new ArrayOfMObject();
        list.getMObject().addAll(List.of(objects));
        ParamsSyncMObjects params = new ParamsSyncMObjects();
        params.setMObjectList(list);
        params.setOperation(operation);
        return port.syncMObjects(params).getResult().getMObjStatusList().getMObjStatus();
    }

    private static MObject object(String type) {
        MObject object = new MObject();
        object.setType(type);
        return object;
    }

    public static void main(String[] args) throws Exception {
        MktowsPort port = Common.connect();
        TypeAttrib cost = new TypeAttrib();
        cost.setAttrType("Cost");
        cost.setAttrList(Common.attribs("Month", "2013-06", "Amount", "2000", "Note", Common.UNIQUE));
        MObject program = object("Program");
        program.setId(1970);
        program.setTypeAttribList(new ArrayOfTypeAttrib());
        program.getTypeAttribList().getTypeAttrib().add(cost);
        Common.check(MObjStatusEnum.UPDATED, sync(port, SyncOperationEnum.UPDATE, program).get(0).getStatus(), "the program has a new cost");

        int lead = Common.syncLead(port, "role." + Common.UNIQUE + "@example.com").getLeadId();
        MObject deal = object("Opportunity");
        deal.setExternalKey(Common.attrib("opportunityId", "java-" + Common.UNIQUE));
        deal.setAttribList(Common.attribs("Name", "Q1 deal", "Amount", "501.00"));
        MObjAssociation toDeal = new MObjAssociation();
        toDeal.setMObjType("Opportunity");
        toDeal.setExternalKey(deal.getExternalKey());
        MObjAssociation toLead = new MObjAssociation();
        toLead.setMObjType("Lead");
        toLead.setId(lead);
        MObject role = object("OpportunityPersonRole");
        role.setAttribList(Common.attribs("Role", "Influencer"));
        role.setAssociationList(new ArrayOfMObjAssociation());
        role.getAssociationList().getMObjAssociation().addAll(List.of(toDeal, toLead));
        List<MObjStatus> statuses = sync(port, SyncOperationEnum.UPSERT, deal, role);
        Common.check(MObjStatusEnum.CREATED, statuses.get(0).getStatus(), "the opportunity is new");
        Common.check(MObjStatusEnum.CREATED, statuses.get(1).getStatus(), "the role is new");

        ParamsGetMObjects params = new ParamsGetMObjects();
        params.setType("Opportunity");
        params.setExternalKey(deal.getExternalKey());
        MObject found = port.getMObjects(params).getResult().getMObjectList().getMObject().get(0);
        for (Attrib attrib : found.getAttribList().getAttrib()) {
            if (attrib.getName().equals("Amount")) {
                Common.check("501", attrib.getValue(), "the amount is read back");
            }
        }
    }
}
