import com.marketo.mktows.*;
import java.util.*;
import javax.xml.ws.BindingProvider;
import javax.xml.ws.handler.Handler;

/** What the examples share: a port whose calls are signed, and a check. */
final class Common {
    static final ObjectFactory MAKE = new ObjectFactory();
    static final String UNIQUE = UUID.randomUUID().toString().substring(0, 12);

    /** A port; the address in the WSDL is used as it stands. */
    static MktowsPort connect() throws Exception {
        String endpoint = System.getenv().getOrDefault("LEADKEEP_ENDPOINT", "http://127.0.0.1:8080/soap/mktows/3_1");
        java.net.URL wsdl = new java.net.URI(endpoint + "?WSDL").toURL();
        MktowsPort port = new MktMktowsApiService(wsdl).getMktowsApiSoapPort();
        List<Handler> chain = new ArrayList<>();
        chain.add(new Signer());
        ((BindingProvider) port).getBinding().setHandlerChain(chain);
        return port;
    }

    static ArrayOfAttribute attributes(String... pairs) {
        ArrayOfAttribute list = new ArrayOfAttribute();
        for (int at = 0; at < pairs.length; at += 2) {
            Attribute attribute = new Attribute();
            attribute.setAttrName(pairs[at]);
            attribute.setAttrValue(pairs[at + 1]);
            list.getAttribute().add(attribute);
        }
        return list;
    }

    static Attrib attrib(String name, String value) {
        Attrib attrib = new Attrib();
        attrib.setName(name);
        attrib.setValue(value);
        return attrib;
    }

    static ArrayOfAttrib attribs(String... pairs) {
        ArrayOfAttrib list = new ArrayOfAttrib();
        for (int at = 0; at < pairs.length; at += 2) {
            list.getAttrib().add(attrib(pairs[at], pairs[at + 1]));
        }
        return list;
    }

    /** The status of a lead with this address and values. */
    static SyncStatus syncLead(MktowsPort port, String email, String... pairs) {
        LeadRecord record = new LeadRecord();
        record.setEmail(MAKE.createLeadRecordEmail(email));
        record.setLeadAttributeList(MAKE.createLeadRecordLeadAttributeList(attributes(pairs)));
        ArrayOfLeadRecord records = new ArrayOfLeadRecord();
        records.getLeadRecord().add(record);
        ParamsSyncMultipleLeads params = new ParamsSyncMultipleLeads();
        params.setLeadRecordList(records);
        params.setDedupEnabled(MAKE.createParamsSyncMultipleLeadsDedupEnabled(true));
        return port.syncMultipleLeads(params).getResult().getSyncStatusList().getSyncStatus().get(0);
    }

    static void check(Object expected, Object came, String what) {
        if (!Objects.equals(expected, came)) {
            System.err.println(what + ": expected " + expected + ", came " + came);
            System.exit(1);
        }
        System.out.println("ok: " + what);
    }

    private Common() {}
}
