package io.espalier.dist;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Seeded damage to a protobuf message that keeps its encoding whole: numbers, names and entries of lists are exchanged. */
final class ProtoMutation {

    private static final long[] EDGES = {
        0,
        1,
        2,
        3,
        5,
        7,
        -1,
        -2,
        16,
        1_000_003,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        1L << 40,
        Long.MAX_VALUE,
        Long.MIN_VALUE
    };

    private ProtoMutation() {}

    /** A message with one field, somewhere in it, changed. */
    static Message changed(Message message, Random random) {
        Message.Builder builder = message.toBuilder();
        change(builder, random);
        return builder.build();
    }

    private static void change(Message.Builder message, Random random) {
        List<FieldDescriptor> fields = new ArrayList<>(message.getAllFields().keySet());
        if (fields.isEmpty()) {
            return;
        }
        FieldDescriptor field = fields.get(random.nextInt(fields.size()));
        if (field.isRepeated()) {
            changeList(message, field, random);
        } else if (field.getJavaType() == JavaType.MESSAGE && random.nextInt(12) > 0) {
            change(message.getFieldBuilder(field), random);
        } else if (random.nextInt(4) == 0) {
            message.clearField(field);
        } else {
            message.setField(field, other(field, message.getField(field), random));
        }
    }

    private static void changeList(Message.Builder message, FieldDescriptor field, Random random) {
        int count = message.getRepeatedFieldCount(field);
        int place = random.nextInt(count);
        if (field.getJavaType() == JavaType.MESSAGE && random.nextInt(12) > 0) {
            change(message.getRepeatedFieldBuilder(field, place), random);
            return;
        }
        List<Object> entries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            entries.add(message.getRepeatedField(field, i));
        }
        switch (random.nextInt(4)) {
            case 0 -> entries.remove(place);
            case 1 -> entries.add(place, entries.get(random.nextInt(count)));
            case 2 -> entries.set(place, entries.get(random.nextInt(count)));
            default -> entries.set(place, other(field, entries.get(place), random));
        }
        message.setField(field, entries);
    }

    private static Object other(FieldDescriptor field, Object value, Random random) {
        long edge = EDGES[random.nextInt(EDGES.length)];
        return switch (field.getJavaType()) {
            case INT -> (int) edge;
            case LONG -> edge;
            case FLOAT -> (float) edge;
            case DOUBLE -> (double) edge;
            case BOOLEAN -> !(Boolean) value;
            case STRING -> random.nextBoolean() ? "" : value + "\u001b[31m";
            case BYTE_STRING -> ((ByteString) value).substring(0, ((ByteString) value).size() / 2);
            case ENUM ->
                field.getEnumType()
                        .getValues()
                        .get(random.nextInt(field.getEnumType().getValues().size()));
            case MESSAGE -> ((Message) value).getDefaultInstanceForType();
        };
    }
}
