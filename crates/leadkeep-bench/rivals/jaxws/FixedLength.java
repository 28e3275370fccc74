import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpPrincipal;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URI;

/**
 * Makes JAX-WS answer with a Content-Length.
 *
 * <p>It answers in chunks, except to clients of HTTP/1.0, for whom it collects the answer and sends it with its
 * length. So this tells JAX-WS, but not the HTTP server below it, that each client is one of these.
 */
final class FixedLength extends Filter {
    @Override
    public String description() {
        return "answers with a Content-Length";
    }

    @Override
    public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
        chain.doFilter(new OldExchange(exchange));
    }

    /** The exchange itself but for its protocol. */
    private static final class OldExchange extends HttpExchange {
        private final HttpExchange inner;

        OldExchange(HttpExchange inner) {
            this.inner = inner;
        }

        @Override
        public String getProtocol() {
            return "HTTP/1.0";
        }

        @Override
        public Headers getRequestHeaders() {
            return inner.getRequestHeaders();
        }

        @Override
        public Headers getResponseHeaders() {
            return inner.getResponseHeaders();
        }

        @Override
        public URI getRequestURI() {
            return inner.getRequestURI();
        }

        @Override
        public String getRequestMethod() {
            return inner.getRequestMethod();
        }

        @Override
        public HttpContext getHttpContext() {
            return inner.getHttpContext();
        }

        @Override
        public void close() {
            inner.close();
        }

        @Override
        public InputStream getRequestBody() {
            return inner.getRequestBody();
        }

        @Override
        public OutputStream getResponseBody() {
            return inner.getResponseBody();
        }

        @Override
        public void sendResponseHeaders(int status, long length) throws IOException {
            inner.sendResponseHeaders(status, length);
        }

        @Override
        public InetSocketAddress getRemoteAddress() {
            return inner.getRemoteAddress();
        }

        @Override
        public int getResponseCode() {
            return inner.getResponseCode();
        }

        @Override
        public InetSocketAddress getLocalAddress() {
            return inner.getLocalAddress();
        }

        @Override
        public Object getAttribute(String name) {
            return inner.getAttribute(name);
        }

        @Override
        public void setAttribute(String name, Object value) {
            inner.setAttribute(name, value);
        }

        @Override
        public void setStreams(InputStream request, OutputStream response) {
            inner.setStreams(request, response);
        }

        @Override
        public HttpPrincipal getPrincipal() {
            return inner.getPrincipal();
        }
    }
}
