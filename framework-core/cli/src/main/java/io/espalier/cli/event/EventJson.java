package io.espalier.cli.event;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/**
 * Messages in the JSON that Protocol Buffers define, which their libraries of any language read: names in camel case,
 * whole numbers of 64 bits as text, fields with their default value left out.
 *
 * <p>Written here, because {@code JsonFormat} would bring Guava and Gson.
 */
public final class EventJson {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final ObjectWriter WRITER = JsonMapper.builder()
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .build()
            .writer();
    private static final int NANOS_PER_MILLI = 1_000_000;
    private static final int NANOS_PER_MICRO = 1_000;

    private EventJson() {}

    /** A message as one line. */
    public static String line(Message message) {
        try {
            return WRITER.writeValueAsString(node(message));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode node(Message message) {
        if (message instanceof Timestamp time) {
            return NODES.textNode(
                    Instant.ofEpochSecond(time.getSeconds(), time.getNanos()).toString());
        }
        if (message instanceof Duration duration) {
            return NODES.textNode(text(duration));
        }
        ObjectNode node = NODES.objectNode();
        message.getAllFields().forEach((field, value) -> node.set(field.getJsonName(), node(field, value)));
        return node;
    }

    private static JsonNode node(FieldDescriptor field, Object value) {
        if (!field.isRepeated()) {
            return single(field, value);
        }
        ArrayNode array = NODES.arrayNode();
        ((List<?>) value).forEach(each -> array.add(single(field, each)));
        return array;
    }

    private static JsonNode single(FieldDescriptor field, Object value) {
        return switch (field.getType()) {
            case MESSAGE, GROUP -> node((Message) value);
            case ENUM -> NODES.textNode(((EnumValueDescriptor) value).getName());
            case BOOL -> NODES.booleanNode((Boolean) value);
            case STRING -> NODES.textNode((String) value);
            case BYTES -> NODES.textNode(Base64.getEncoder().encodeToString(((ByteString) value).toByteArray()));
            case DOUBLE, FLOAT -> number(((Number) value).doubleValue());
            case UINT64, FIXED64 -> NODES.textNode(Long.toUnsignedString((Long) value));
            case INT64, SINT64, SFIXED64 -> NODES.textNode(value.toString());
            case UINT32, FIXED32 -> NODES.numberNode(Integer.toUnsignedLong((Integer) value));
            case INT32, SINT32, SFIXED32 -> NODES.numberNode((Integer) value);
        };
    }

    private static JsonNode number(double value) {
        return Double.isFinite(value) ? NODES.numberNode(value) : NODES.textNode(Double.toString(value));
    }

    private static String text(Duration duration) {
        long nanos = Math.abs(duration.getNanos());
        String sign = duration.getSeconds() < 0 || duration.getNanos() < 0 ? "-" : "";
        String seconds = sign + Math.abs(duration.getSeconds());
        if (nanos == 0) {
            return seconds + "s";
        }
        String fraction = nanos % NANOS_PER_MILLI == 0
                ? String.format(Locale.ROOT, "%03d", nanos / NANOS_PER_MILLI)
                : nanos % NANOS_PER_MICRO == 0
                        ? String.format(Locale.ROOT, "%06d", nanos / NANOS_PER_MICRO)
                        : String.format(Locale.ROOT, "%09d", nanos);
        return seconds + "." + fraction + "s";
    }
}
