package io.espalier.monitor;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Takes whole requests, refuses what is not allowed, and hands the others to their pages. Thread-safe. */
final class Requests extends Handler.Abstract {

    private static final String CONTENT_SECURITY_POLICY = "default-src 'none'; script-src 'self'; style-src 'self';"
            + " img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    private static final List<HttpField> PROTECTION = List.of(
            new HttpField("Content-Security-Policy", CONTENT_SECURITY_POLICY),
            new HttpField("X-Content-Type-Options", "nosniff"),
            new HttpField("Referrer-Policy", "no-referrer"),
            new HttpField("Cross-Origin-Resource-Policy", "same-origin"),
            new HttpField("Cross-Origin-Opener-Policy", "same-origin"),
            new HttpField("Cache-Control", "no-store"));

    private final HostNames names;
    private final Map<String, Page> pages;
    private final Semaphore memory = new Semaphore(Exchange.MAX_BYTES_ON_THEIR_WAY);

    Requests(Address address, Map<String, Page> pages) {
        this.pages = Map.copyOf(pages);
        List<String> allowed = new ArrayList<>(address.names());
        allowed.add(address.host());
        this.names = new HostNames(allowed);
    }

    /** Headers that every answer has. */
    static void protect(HttpFields.Mutable headers) {
        PROTECTION.forEach(headers::put);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        protect(response.getHeaders());
        Exchange exchange = new Exchange(request, response, callback, memory);
        if (!names.allow(request.getHeaders().get(HttpHeader.HOST))) {
            exchange.send(421, "this server does not go by that name; start it with --allow-host NAME");
        } else if (!List.of("GET", "HEAD").contains(request.getMethod())) {
            response.getHeaders().put(HttpHeader.ALLOW, "GET, HEAD");
            exchange.send(405, "there is nothing to change here, only to look at");
        } else {
            route(exchange, request.getHttpURI().getPath());
        }
        return true;
    }

    private void route(Exchange exchange, String raw) {
        String path;
        try {
            path = URI.create(raw).getPath();
        } catch (IllegalArgumentException e) {
            exchange.send(400, "this is no path");
            return;
        }
        String[] parts = path.substring(Math.min(1, path.length())).split("/", 2);
        Page page = pages.get(parts[0]);
        if (page == null) {
            pages.get("").answer(exchange, path.substring(Math.min(1, path.length())));
        } else {
            page.answer(exchange, parts.length == 1 ? "" : parts[1]);
        }
    }
}
