package io.espalier.cli.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.JsonFormat;
import io.espalier.events.v1.PruningEvent;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The JSON of events against the one that Protocol Buffers' own library writes and reads. */
class EventJsonTest {

    @Test
    @DisplayName("Random events of every type are written as Protocol Buffers write them, and read back the same")
    void likeTheLibrary() throws Exception {
        ObjectMapper mapper = new ObjectMapper();
        for (FieldDescriptor payload :
                PruningEvent.getDescriptor().getOneofs().get(0).getFields()) {
            for (long seed = 0; seed < 20; seed++) {
                Random random = new Random(seed);
                PruningEvent.Builder builder = PruningEvent.newBuilder()
                        .setRunId(text(random))
                        .setSequence(random.nextLong())
                        .setTime(time(random));
                PruningEvent event = builder.setField(payload, fill(builder.newBuilderForField(payload), random, 0))
                        .build();

                String line = EventJson.line(event);

                assertThat(line).as("seed %d", seed).doesNotContain("\n");
                assertThat(mapper.readTree(line))
                        .as("%s, seed %d", payload.getName(), seed)
                        .isEqualTo(mapper.readTree(JsonFormat.printer().print(event)));
                PruningEvent.Builder back = PruningEvent.newBuilder();
                JsonFormat.parser().merge(line, back);
                assertThat(back.build())
                        .as("%s, seed %d", payload.getName(), seed)
                        .isEqualTo(event);
            }
        }
    }

    private static Message fill(Message.Builder builder, Random random, int depth) {
        if (builder instanceof Timestamp.Builder) {
            return time(random);
        }
        if (builder instanceof Duration.Builder duration) {
            return duration.setSeconds(random.nextInt(1000))
                    .setNanos(nanos(random))
                    .build();
        }
        for (FieldDescriptor field : builder.getDescriptorForType().getFields()) {
            if (random.nextInt(5) == 0 || depth > 3) {
                continue;
            }
            if (field.isRepeated()) {
                for (int i = random.nextInt(3); i > 0; i--) {
                    builder.addRepeatedField(field, value(builder, field, random, depth));
                }
            } else {
                builder.setField(field, value(builder, field, random, depth));
            }
        }
        return builder.build();
    }

    private static Object value(Message.Builder builder, FieldDescriptor field, Random random, int depth) {
        return switch (field.getJavaType()) {
            case INT -> random.nextInt();
            case LONG -> random.nextLong();
            case FLOAT -> random.nextFloat();
            case DOUBLE -> random.nextInt(8) == 0 ? Double.NEGATIVE_INFINITY : random.nextGaussian();
            case BOOLEAN -> random.nextBoolean();
            case STRING -> text(random);
            case BYTE_STRING -> ByteString.copyFromUtf8(text(random));
            case ENUM -> constant(field.getEnumType(), random);
            case MESSAGE -> fill(builder.newBuilderForField(field), random, depth + 1);
        };
    }

    private static Object constant(EnumDescriptor type, Random random) {
        return type.getValues().get(random.nextInt(type.getValues().size()));
    }

    private static Timestamp time(Random random) {
        return Timestamp.newBuilder()
                .setSeconds(random.nextInt(2_000_000_000))
                .setNanos(nanos(random))
                .build();
    }

    private static int nanos(Random random) {
        int[] steps = {1, 1000, 1_000_000, 1_000_000_000};
        int step = steps[random.nextInt(4)];
        return random.nextInt(1_000_000_000) / step * step;
    }

    private static String text(Random random) {
        String[] texts = {"conv1", "a \"quoted\" \\ name", "caf\u00e9 \u0001\u2028", "<script>", "\ud83c\udf33"};
        return texts[random.nextInt(texts.length)];
    }
}
