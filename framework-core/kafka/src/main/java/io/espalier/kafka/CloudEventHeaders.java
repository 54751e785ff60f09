package io.espalier.kafka;

import com.google.protobuf.Descriptors.FieldDescriptor;
import io.espalier.events.EventEnvelope;
import io.espalier.events.v1.PruningEvent;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/**
 * The envelope of an event as headers: CloudEvents 1.0 in binary mode, Kafka protocol binding. Not thread-safe.
 */
final class CloudEventHeaders {

    private static final Header VERSION = header("ce_specversion", bytes("1.0"));
    private static final Header PROTOBUF = header("content-type", bytes("application/protobuf"));

    private final Header subject;
    private final Map<Integer, Header> types = new HashMap<>();
    private final EventTimes times = new EventTimes();
    /** The source hardly ever changes within a run. */
    private String source;

    private Header sourceHeader;

    /** Headers of the events of one run. */
    CloudEventHeaders(String runId) {
        this.subject = header("ce_subject", bytes(runId));
    }

    List<Header> of(EventEnvelope event) {
        return List.of(
                PROTOBUF,
                VERSION,
                header("ce_id", event.id()),
                source(event.source()),
                types.computeIfAbsent(event.payload(), each -> header("ce_type", bytes(type(each)))),
                header("ce_time", times.text(event.seconds(), event.nanos())),
                subject);
    }

    private Header source(String of) {
        if (!of.equals(source)) {
            source = of;
            sourceHeader = header("ce_source", bytes(uri(of)));
        }
        return sourceHeader;
    }

    /** Full name of the payload's message; the name of the envelope for a payload this version does not know. */
    private static String type(int payload) {
        FieldDescriptor field = PruningEvent.getDescriptor().findFieldByNumber(payload);
        return field == null
                ? PruningEvent.getDescriptor().getFullName()
                : field.getMessageType().getFullName();
    }

    /** The source as a relative reference, which CloudEvents asks for. */
    private static String uri(String source) {
        return source.isEmpty()
                ? "espalier"
                : URLEncoder.encode(source, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static Header header(String name, byte[] value) {
        return new RecordHeader(name, value);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
