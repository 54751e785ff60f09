package io.espalier.monitor;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** What the server says by itself: to requests that are none, and when an answer failed. Names nothing of either. */
final class RefusedRequests implements Request.Handler {

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        Requests.protect(response.getHeaders());
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain; charset=utf-8");
        String sentence = response.getStatus() < 500 ? "this is no request" : "this could not be answered";
        response.write(true, ByteBuffer.wrap((sentence + "\n").getBytes(StandardCharsets.UTF_8)), callback);
        return true;
    }
}
