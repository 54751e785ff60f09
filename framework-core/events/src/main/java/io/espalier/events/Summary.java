package io.espalier.events;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.Comparator;
import java.util.Optional;

/**
 * Cuts the lists of a payload until it fits into an event.
 *
 * <p>Meant for payloads that say how long their lists would be ({@code groups_total} and the like), so that a reader
 * sees what was left out.
 */
public final class Summary {

    // Room for the envelope: ids, time and source.
    private static final int MAX_PAYLOAD = Events.MAX_BYTES - 4096;

    private Summary() {}

    /**
     * The payload itself when it fits; else with the ends of its longest lists left out.
     *
     * @throws IllegalArgumentException when it does not fit even with empty lists
     */
    @SuppressWarnings("unchecked")
    public static <M extends Message> M fit(M payload) {
        Message fitting = payload;
        while (fitting.getSerializedSize() > MAX_PAYLOAD) {
            fitting = halveLongest(fitting);
        }
        return (M) fitting;
    }

    private static Message halveLongest(Message message) {
        FieldDescriptor longest = longestList(message)
                .orElseThrow(() -> new IllegalArgumentException(message.getDescriptorForType()
                                .getName() + " takes " + message.getSerializedSize() + " bytes without any list"));
        Message.Builder builder = message.toBuilder().clearField(longest);
        for (int i = 0; i < message.getRepeatedFieldCount(longest) / 2; i++) {
            builder.addRepeatedField(longest, message.getRepeatedField(longest, i));
        }
        return builder.build();
    }

    private static Optional<FieldDescriptor> longestList(Message message) {
        return message.getAllFields().keySet().stream()
                .filter(FieldDescriptor::isRepeated)
                .max(Comparator.<FieldDescriptor>comparingInt(field -> listBytes(message, field))
                        .thenComparing(Comparator.comparingInt(FieldDescriptor::getNumber)
                                .reversed()));
    }

    private static int listBytes(Message message, FieldDescriptor field) {
        return message.getSerializedSize()
                - message.toBuilder().clearField(field).build().getSerializedSize();
    }
}
