import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.*;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.xml.namespace.QName;
import javax.xml.soap.*;
import javax.xml.ws.handler.MessageContext;
import javax.xml.ws.handler.soap.*;

/** Puts a header signed now into each request. */
final class Signer implements SOAPHandler<SOAPMessageContext> {
    private static final String NAMESPACE = "http://www.marketo.com/mktows/";

    @Override
    public boolean handleMessage(SOAPMessageContext context) {
        if (!(Boolean) context.get(MessageContext.MESSAGE_OUTBOUND_PROPERTY)) {
            return true;
        }
        try {
            String user = System.getenv().getOrDefault("LEADKEEP_USER", "demo_user");
            String key = System.getenv().getOrDefault("LEADKEEP_KEY", "demo_key_0123456789abcdef");
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
