import com.marketo.mktows.*;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.*;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.xml.namespace.QName;
import javax.xml.soap.*;
import javax.xml.ws.BindingProvider;
import javax.xml.ws.handler.*;
import javax.xml.ws.handler.soap.*;

/** What the examples share: a port whose calls are signed, and a check. */
final class Common {
    static final ObjectFactory MAKE = new ObjectFactory();
    static final String UNIQUE = UUID.randomUUID().toString().substring(0, 12);
    private static final String NAMESPACE = "http://www.marketo.com/mktows/";

    private static String setting(String name, String otherwise) {
        return System.getenv().getOrDefault(name, otherwise);
    }

    /** A port; the address in the WSDL is used as it stands. */
    static MktowsPort connect() throws Exception {
        String endpoint = setting("LEADKEEP_ENDPOINT", "http://127.0.0.1:8080/soap/mktows/3_1");
        java.net.URL wsdl = new java.net.URI(endpoint + "?WSDL").toURL();
        MktowsPort port = new MktMktowsApiService(wsdl).getMktowsApiSoapPort();
        List<Handler> chain = new ArrayList<>();
        chain.add(new Signer());
        ((BindingProvider) port).getBinding().setHandlerChain(chain);
        return port;
    }

    /** Puts a header signed now into each request. */
    private static final class Signer implements SOAPHandler<SOAPMessageContext> {
        @Override
        public boolean handleMessage(SOAPMessageContext context) {
            if (!(Boolean) context.get(MessageContext.MESSAGE_OUTBOUND_PROPERTY)) {
                return true;
            }
            try {
                String user = setting("LEADKEEP_USER", "demo_user");
                String key = setting("LEADKEEP_KEY", "demo_key_0123456789abcdef");
                String timestamp = OffsetDateTime.now(ZoneOffset.UTC).withNano(0).format(DateTimeFormatter.ISO_OFFSET_DATE_TIME);
                Mac mac = Mac.getInstance("HmacSHA1");
                mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
                StringBuilder signature = new StringBuilder();
                for (byte part : mac.doFinal((timestamp + user).getBytes(StandardCharsets.UTF_8))) {
                    signature.append(String.format("%02x", part));
                }
                SOAPEnvelope envelope = context.getMessage().getSOAPPart().getEnvelope();
                SOAPHeader header = envelope.getHeader() != null ? envelope.getHeader() : envelope.addHeader();
                SOAPHeaderElement block = header.addHeaderElement(new QName(NAMESPACE, "AuthenticationHeader", "mkt"));
                block.addChildElement("mktowsUserId").addTextNode(user);
                block.addChildElement("requestSignature").addTextNode(signature.toString());
                block.addChildElement("requestTimestamp").addTextNode(timestamp);
                return true;
            } catch (Exception error) {
                throw new IllegalStateException(error);
            }
        }

        @Override
        public boolean handleFault(SOAPMessageContext context) {
            return true;
        }

        @Override
        public void close(MessageContext context) {}

        @Override
        public Set<QName> getHeaders() {
            return Collections.emptySet();
        }
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
