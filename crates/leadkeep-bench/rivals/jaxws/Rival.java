import com.marketo.mktows.*;
import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.jws.WebService;
import javax.xml.namespace.QName;
import javax.xml.soap.SOAPConstants;
import javax.xml.soap.SOAPException;
import javax.xml.soap.SOAPFactory;
import javax.xml.ws.Endpoint;
import javax.xml.ws.soap.SOAPFaultException;

/**
 * A server of two mktows operations as JAX-WS gives it, over a hash map in memory: the rival of the benchmarks.
 *
 * <p>The class above it is made by wsimport; its operations end with a fault.
 */
@WebService(
        endpointInterface = "com.marketo.mktows.MktowsPort",
        targetNamespace = "http://www.marketo.com/mktows/",
        serviceName = "MktMktowsApiService",
        portName = "MktowsApiSoapPort")
public final class Rival extends MktMktowsApiService_MktowsApiSoapPortImpl {
    private final Map<String, Lead> leads = new ConcurrentHashMap<>();
    private final AtomicInteger lastId = new AtomicInteger();

    /** A lead; whoever touches its attributes holds its lock. */
    private static final class Lead {
        final int id;
        final String email;
        final Map<String, String> attributes = new HashMap<>();

        Lead(int id, String email) {
            this.id = id;
            this.email = email;
        }
    }

    @Override
    public SuccessSyncMultipleLeads syncMultipleLeads(ParamsSyncMultipleLeads params) {
        ArrayOfSyncStatus statuses = new ArrayOfSyncStatus();
        for (LeadRecord record : params.getLeadRecordList().getLeadRecord()) {
            statuses.getSyncStatus().add(sync(record));
        }
        ResultSyncMultipleLeads result = new ResultSyncMultipleLeads();
        result.setSyncStatusList(statuses);
        SuccessSyncMultipleLeads answer = new SuccessSyncMultipleLeads();
        answer.setResult(result);
        return answer;
    }

    private SyncStatus sync(LeadRecord record) {
        SyncStatus status = new SyncStatus();
        String key = key(record.getEmail());
        Lead lead = leads.get(key);
        if (lead == null) {
            Lead fresh = new Lead(lastId.incrementAndGet(), record.getEmail());
            lead = leads.putIfAbsent(key, fresh);
            if (lead == null) {
                lead = fresh;
                status.setStatus(LeadSyncStatus.CREATED);
            }
        }
        if (status.getStatus() == null) {
            status.setStatus(LeadSyncStatus.UPDATED);
        }
        status.setLeadId(lead.id);
        if (record.getLeadAttributeList() != null) {
            synchronized (lead) {
                for (Attribute attribute : record.getLeadAttributeList().getAttribute()) {
                    lead.attributes.put(attribute.getAttrName(), attribute.getAttrValue());
                }
            }
        }
        return status;
    }

    @Override
    public SuccessGetLead getLead(ParamsGetLead params) {
        Lead lead = leads.get(key(params.getLeadKey().getKeyValue()));
        if (lead == null) {
            throw notFound();
        }
        ArrayOfAttribute attributes = new ArrayOfAttribute();
        synchronized (lead) {
            lead.attributes.forEach((name, value) -> attributes.getAttribute().add(attribute(name, value)));
        }
        LeadRecord record = new LeadRecord();
        record.setId(lead.id);
        record.setEmail(lead.email);
        record.setLeadAttributeList(attributes);
        ArrayOfLeadRecord records = new ArrayOfLeadRecord();
        records.getLeadRecord().add(record);
        ResultGetLead result = new ResultGetLead();
        result.setCount(1);
        result.setLeadRecordList(records);
        SuccessGetLead answer = new SuccessGetLead();
        answer.setResult(result);
        return answer;
    }

    private static Attribute attribute(String name, String value) {
        Attribute attribute = new Attribute();
        attribute.setAttrName(name);
        attribute.setAttrType("string");
        attribute.setAttrValue(value);
        return attribute;
    }

    private static String key(String email) {
        return email == null ? "" : email.toLowerCase(Locale.ROOT);
    }

    private static SOAPFaultException notFound() {
        try {
            QName client = new QName(SOAPConstants.URI_NS_SOAP_ENVELOPE, "Client");
            return new SOAPFaultException(SOAPFactory.newInstance().createFault("20103 - Lead not found", client));
        } catch (SOAPException failed) {
            throw new IllegalStateException(failed);
        }
    }

    public static void main(String[] arguments) throws Exception {
        InetSocketAddress address =
                new InetSocketAddress(InetAddress.getByName("127.0.0.1"), Integer.parseInt(arguments[0]));
        HttpServer server = HttpServer.create(address, 1024);
        // A thread is held only while its call is served, not by the idle connection, so that few serve many.
        server.setExecutor(Executors.newFixedThreadPool(4 * Runtime.getRuntime().availableProcessors()));
        HttpContext context = server.createContext("/");
        context.getFilters().add(new FixedLength());
        Endpoint.create(new Rival()).publish(context);
        server.start();
    }
}
