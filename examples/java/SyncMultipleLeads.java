import com.marketo.mktows.*;

/** Creates a lead, updates it, and reads it back. */
public final class SyncMultipleLeads {
    public static void main(String[] args) throws Exception {
        MktowsPort port = Common.connect();
        String email = "java." + Common.UNIQUE + "@example.com";
        SyncStatus first = Common.syncLead(port, email, "FirstName", "Ann", "Company", "Söhne & Co <AG>");
        Common.check(LeadSyncStatus.CREATED, first.getStatus(), "the lead is new");
        Common.check(true, first.getError().isNil(), "there is no error");
        SyncStatus second = Common.syncLead(port, email, "FirstName", "Anna");
        Common.check(LeadSyncStatus.UPDATED, second.getStatus(), "the second call updates it");
        Common.check(first.getLeadId(), second.getLeadId(), "it is the same lead");

        LeadKey key = new LeadKey();
        key.setKeyType(LeadKeyRef.EMAIL);
        key.setKeyValue(email);
        ParamsGetLead params = new ParamsGetLead();
        params.setLeadKey(key);
        ResultGetLead found = port.getLead(params).getResult();
        Common.check(1, found.getCount(), "one lead has the address");
        LeadRecord record = found.getLeadRecordList().getValue().getLeadRecord().get(0);
        Common.check(true, record.getForeignSysPersonId().isNil(), "it has no foreign id");
        for (Attribute attribute : record.getLeadAttributeList().getValue().getAttribute()) {
            if (attribute.getAttrName().equals("Company")) {
                Common.check("Söhne & Co <AG>", attribute.getAttrValue(), "its company is read back");
            }
        }
    }
}
