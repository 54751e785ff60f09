package io.espalier.monitor;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Semaphore;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** One request and its answer, which is sent without waiting for whoever asked. */
final class Exchange {

    /** Of answers that are being sent, all of them together. */
    static final int MAX_BYTES_ON_THEIR_WAY = 32 << 20;

    private final Request request;
    private final Response response;
    private final Callback callback;
    private final Semaphore memory;

    Exchange(Request request, Response response, Callback callback, Semaphore memory) {
        this.request = request;
        this.response = response;
        this.callback = callback;
        this.memory = memory;
    }

    void send(int status, String type, byte[] body) {
        if (!memory.tryAcquire(body.length)) {
            send(503, "too much is being sent at the moment; ask again");
            return;
        }
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
        response.write(true, ByteBuffer.wrap(body), Callback.from(callback, () -> memory.release(body.length)));
    }

    void send(int status, String sentence) {
        byte[] body = (sentence + "\n").getBytes(StandardCharsets.UTF_8);
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain; charset=utf-8");
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
        response.write(true, ByteBuffer.wrap(body), callback);
    }

    void json(int status, String json) {
        send(status, "application/json", json.getBytes(StandardCharsets.UTF_8));
    }

    void json(String json) {
        json(200, json);
    }

    /** Begins an answer without an end. */
    EventStream stream() {
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/event-stream");
        return new EventStream(request.getConnectionMetaData().getConnection(), response, callback);
    }
}
