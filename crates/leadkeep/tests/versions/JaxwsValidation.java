import com.sun.net.httpserver.HttpServer;
import com.sun.xml.ws.developer.SchemaValidationFeature;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.namespace.QName;
import javax.xml.transform.Source;
import javax.xml.transform.stream.StreamSource;
import javax.xml.ws.BindingProvider;
import javax.xml.ws.Dispatch;
import javax.xml.ws.Service;
import javax.xml.ws.WebServiceException;

/**
 * Sends requests with JAX-WS RI, which holds them and their answers against the schema of the version's WSDL.
 *
 * <p>{@code JaxwsValidation FOLDER}: FOLDER has a folder a version, with a request (its params element) a file.
 */
public final class JaxwsValidation {
    private static final String NAMESPACE = "http://www.marketo.com/mktows/";
    private static final String UNKNOWN_ELEMENT =
        "<SOAP-ENV:Envelope xmlns:SOAP-ENV='http://schemas.xmlsoap.org/soap/envelope/' xmlns:ns1='" + NAMESPACE + "'>"
            + "<SOAP-ENV:Body><ns1:successListMObjects><result><objects>LeadRecord</objects><stranger/></result>"
            + "</ns1:successListMObjects></SOAP-ENV:Body></SOAP-ENV:Envelope>";

    /** Calls of any operation, by the WSDL of an address. */
    private static Dispatch<Source> dispatch(String endpoint) throws Exception {
        Service service =
            Service.create(new URI(endpoint + "?WSDL").toURL(), new QName(NAMESPACE, "MktMktowsApiService"));
        Dispatch<Source> dispatch = service.createDispatch(
            new QName(NAMESPACE, "MktowsApiSoapPort"), Source.class, Service.Mode.PAYLOAD, new SchemaValidationFeature());
        dispatch.getBinding().setHandlerChain(List.of(new Signer()));
        return dispatch;
    }

    /** Whether what the server answers to every call is refused: else nothing is held against the schema at all. */
    private static boolean refuses(Dispatch<Source> dispatch, InetSocketAddress liar) {
        String address = (String) dispatch.getRequestContext().get(BindingProvider.ENDPOINT_ADDRESS_PROPERTY);
        String other = "http://" + liar.getAddress().getHostAddress() + ":" + liar.getPort() + "/";
        dispatch.getRequestContext().put(BindingProvider.ENDPOINT_ADDRESS_PROPERTY, other);
        try {
            dispatch.invoke(request("<m:paramsListMObjects xmlns:m='" + NAMESPACE + "'/>"));
            return false;
        } catch (WebServiceException error) {
            return String.valueOf(error.getMessage()).contains("stranger");
        } finally {
            dispatch.getRequestContext().put(BindingProvider.ENDPOINT_ADDRESS_PROPERTY, address);
        }
    }

    private static Source request(String text) {
        return new StreamSource(new java.io.StringReader(text));
    }

    private static List<Path> sorted(Path folder) throws Exception {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted().collect(Collectors.toList());
        }
    }

    private static HttpServer liar() throws Exception {
        HttpServer liar = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        byte[] answer = UNKNOWN_ELEMENT.getBytes(StandardCharsets.UTF_8);
        liar.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().set("Content-Type", "text/xml; charset=utf-8");
            exchange.sendResponseHeaders(200, answer.length);
            try (OutputStream body = exchange.getResponseBody()) {
                body.write(answer);
            }
        });
        liar.start();
        return liar;
    }

    public static void main(String[] args) throws Exception {
        String endpoint = System.getenv("LEADKEEP_ENDPOINT");
        String base = endpoint.substring(0, endpoint.lastIndexOf('/') + 1);
        HttpServer liar = liar();
        for (Path version : sorted(Path.of(args[0]))) {
            Dispatch<Source> dispatch = dispatch(base + version.getFileName());
            if (!refuses(dispatch, liar.getAddress())) {
                System.err.println(version.getFileName() + ": an invalid answer was taken");
                System.exit(1);
            }
            for (Path file : sorted(version)) {
                if (!file.toString().endsWith(".xml")) {
                    continue;
                }
                String name = version.getFileName() + " " + file.getFileName();
                try {
                    dispatch.invoke(request(Files.readString(file)));
                } catch (WebServiceException error) {
                    System.err.println(name + ": " + error);
                    System.exit(1);
                }
                System.out.println("ok: " + name);
            }
        }
        liar.stop(0);
    }

    private JaxwsValidation() {}
}
