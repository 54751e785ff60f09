package io.espalier.kafka;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Timestamp;
import io.espalier.events.v1.PruningEvent;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * The envelope of an event as headers: CloudEvents 1.0 in binary mode, Kafka protocol binding.
 */
final class CloudEventHeaders {

    private static final byte[] VERSION = bytes("1.0");
    private static final byte[] PROTOBUF = bytes("application/protobuf");

    private CloudEventHeaders() {}

    static Headers of(PruningEvent event) {
        return new RecordHeaders()
                .add("content-type", PROTOBUF)
                .add("ce_specversion", VERSION)
                .add("ce_id", bytes(event.getEventId()))
                .add("ce_source", bytes(uri(event.getSource())))
                .add("ce_type", bytes(type(event)))
                .add("ce_time", bytes(time(event.getTime())))
                .add("ce_subject", bytes(event.getRunId()));
    }

    /** Full name of the payload's message; the name of the envelope for a payload this version does not know. */
    static String type(PruningEvent event) {
        FieldDescriptor payload = event.getOneofFieldDescriptor(
                PruningEvent.getDescriptor().getOneofs().get(0));
        return payload == null
                ? PruningEvent.getDescriptor().getFullName()
                : payload.getMessageType().getFullName();
    }

    /** The source as a relative reference, which CloudEvents asks for. */
    private static String uri(String source) {
        return source.isEmpty()
                ? "espalier"
                : URLEncoder.encode(source, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static String time(Timestamp time) {
        return Instant.ofEpochSecond(time.getSeconds(), time.getNanos()).toString();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
