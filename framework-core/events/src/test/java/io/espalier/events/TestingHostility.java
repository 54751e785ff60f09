package io.espalier.events;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import io.espalier.events.v1.Barrier;
import io.espalier.events.v1.Cause;
import io.espalier.events.v1.Cost;
import io.espalier.events.v1.Evaluated;
import io.espalier.events.v1.EvaluationStage;
import io.espalier.events.v1.FileReference;
import io.espalier.events.v1.Group;
import io.espalier.events.v1.GroupPlan;
import io.espalier.events.v1.GroupScores;
import io.espalier.events.v1.GroupsFound;
import io.espalier.events.v1.Histogram;
import io.espalier.events.v1.IgnoredGroup;
import io.espalier.events.v1.LatencyMeasured;
import io.espalier.events.v1.LossReported;
import io.espalier.events.v1.ModelLifted;
import io.espalier.events.v1.Operated;
import io.espalier.events.v1.Planned;
import io.espalier.events.v1.ProgressReported;
import io.espalier.events.v1.PruningEvent;
import io.espalier.events.v1.Repaired;
import io.espalier.events.v1.Resources;
import io.espalier.events.v1.RunFailed;
import io.espalier.events.v1.RunFinished;
import io.espalier.events.v1.RunStarted;
import io.espalier.events.v1.Saved;
import io.espalier.events.v1.SavedKind;
import io.espalier.events.v1.Scored;
import io.espalier.events.v1.Setting;
import io.espalier.events.v1.VerificationOutcome;
import io.espalier.events.v1.Verified;
import io.espalier.events.v1.Work;
import io.espalier.events.v1.WorkStarted;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Events, records and journals as somebody with bad intentions, or a bad disk, would leave them; the same for a seed. */
public final class TestingHostility {

    private static final long[] NUMBERS = {
        Long.MIN_VALUE, -1, 0, 1, Integer.MAX_VALUE, 1L << 53, 253_402_300_800L, -62_135_596_801L, Long.MAX_VALUE
    };
    private static final double[] FRACTIONS = {
        Double.NaN, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, -0.0, 1e308, -1e308, Double.MIN_VALUE
    };
    private static final String[] TEXTS = {
        "",
        "\u001b[2J\u001b]0;owned\u0007",
        "<script>document.title='owned'</script><img src=x onerror=alert(1)>",
        "\u202egnp.exe\u0000\r\n\u2028\u0085",
        "__proto__",
        "../../..",
        "\ud83d\ude00".repeat(250),
        "x".repeat(100_000),
        "%n%s%%'\"\\",
    };

    private final Random random;

    public TestingHostility(long seed) {
        this.random = new Random(seed);
    }

    /**
     * A journal.
     *
     * @param bytes the file
     * @param sound the events in it that nobody has touched, in order
     */
    public record Journal(byte[] bytes, List<PruningEvent> sound) {}

    /** A run that emits every kind of event. */
    public static List<PruningEvent> run(String id) {
        List<PruningEvent> told = new ArrayList<>();
        Instant time = Instant.parse("2026-11-23T08:00:00.123456789Z");
        Events events = new Events(id, "test", Clock.fixed(time, ZoneOffset.UTC), List.of(told::add));
        payloads().forEach(events::emit);
        return told;
    }

    private static List<Message> payloads() {
        Cost cost = Cost.newBuilder().setParameters(9).setMacs(90).setBytes(36).build();
        Resources resources = Resources.newBuilder()
                .setHeapUsedBytes(5)
                .setHeapLimitBytes(9)
                .setProcessorTime(Duration.newBuilder().setSeconds(3))
                .setProcessors(2)
                .build();
        Setting setting =
                Setting.newBuilder().setName("target").setValue("macs=50%").build();
        FileReference file = FileReference.newBuilder()
                .setPath("m.onnx")
                .setDigest("ab")
                .setBytes(36)
                .build();
        return List.of(
                RunStarted.newBuilder()
                        .setCommand("prune")
                        .setFramework("onnx")
                        .setInput(file)
                        .addOptions(setting)
                        .addPlugins(setting)
                        .build(),
                WorkStarted.newBuilder().setWork(Work.WORK_LIFT).build(),
                ModelLifted.newBuilder()
                        .setNodes(3)
                        .setCost(cost)
                        .setModel(file)
                        .addUnknownOperators("x")
                        .build(),
                ProgressReported.newBuilder()
                        .setPhase("scoring")
                        .setDone(1)
                        .setTotal(3)
                        .setResources(resources)
                        .build(),
                GroupsFound.newBuilder()
                        .setGroupsTotal(1)
                        .setBarriersTotal(1)
                        .addGroups(Group.newBuilder().setId("g").setName("conv").setCoupledChannels(8))
                        .addBarriers(Barrier.newBuilder()
                                .setOperator("Softmax")
                                .setValue("v")
                                .setReason("r"))
                        .build(),
                Scored.newBuilder()
                        .setCriterion("l1")
                        .setGroupsTotal(1)
                        .addGroups(GroupScores.newBuilder()
                                .setGroup("g")
                                .setName("conv")
                                .setHistogram(Histogram.newBuilder().setUpper(1).addAllCounts(List.of(1L, 4L))))
                        .build(),
                WorkStarted.newBuilder().setWork(Work.WORK_PLAN).setStep(1).build(),
                Planned.newBuilder()
                        .setAllocator("global")
                        .setTarget("macs=50%")
                        .addGroups(GroupPlan.newBuilder()
                                .setGroup("g")
                                .setName("conv")
                                .setKept(4)
                                .setTotal(8))
                        .addIgnored(IgnoredGroup.newBuilder().setName("head").setReason("r"))
                        .addBounds(setting)
                        .setOriginal(cost)
                        .setPredicted(cost)
                        .setChannelsKept(4)
                        .setChannelsTotal(8)
                        .build(),
                Operated.newBuilder().setEdits(1).setElementsRemoved(4).build(),
                Verified.newBuilder()
                        .setOutcome(VerificationOutcome.VERIFICATION_OUTCOME_PROVED)
                        .setMaxRelativeDifference(1e-7)
                        .setTolerance(1e-4)
                        .build(),
                Repaired.newBuilder().setCompensator("bn").setExamples(5).build(),
                Evaluated.newBuilder()
                        .setStage(EvaluationStage.EVALUATION_STAGE_CUT)
                        .setMetric("mse")
                        .setValue(0.5)
                        .build(),
                LossReported.newBuilder().setStep(4).setLoss(0.5).build(),
                LatencyMeasured.newBuilder()
                        .setOriginalMedianNanos(9)
                        .setPrunedMedianNanos(5)
                        .build(),
                Saved.newBuilder()
                        .setKind(SavedKind.SAVED_KIND_MODEL)
                        .setFile(file)
                        .build(),
                RunFailed.newBuilder()
                        .setMessage("m")
                        .addCauses(Cause.newBuilder().setType("t").setMessage("m"))
                        .setElapsed(Duration.newBuilder().setSeconds(7))
                        .setResources(resources)
                        .build(),
                RunFinished.newBuilder()
                        .setOriginal(cost)
                        .setPruned(cost)
                        .setVerification(VerificationOutcome.VERIFICATION_OUTCOME_PROVED)
                        .setElapsed(Duration.newBuilder().setSeconds(7))
                        .setResources(resources)
                        .build());
    }

    /** An event with one value, or the bytes of it, replaced; perhaps an event still. */
    public byte[] record(PruningEvent event) {
        byte[] bytes = event.toByteArray();
        return switch (random.nextInt(8)) {
            case 0 -> Arrays.copyOf(bytes, random.nextInt(bytes.length));
            case 1 -> flipped(bytes);
            case 2 -> invalidText(bytes);
            case 3 -> nested(bytes);
            case 4 -> unknown(event);
            default -> ((PruningEvent) valueReplaced(event)).toByteArray();
        };
    }

    /** The journal of a run in which a third of the records is hostile. */
    public Journal journal(List<PruningEvent> run) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        List<PruningEvent> sound = new ArrayList<>();
        boolean lengthLied = false;
        for (PruningEvent event : run) {
            int kind = random.nextInt(12);
            if (kind == 0) {
                file.writeBytes(noise());
            }
            byte[] record = kind >= 1 && kind <= 3 ? record(event) : event.toByteArray();
            boolean lies = kind == 4;
            file.writeBytes(length(lies ? lie(record.length) : record.length));
            file.writeBytes(record);
            // A length that is too large may swallow the record behind it.
            if (!lengthLied && !lies && Arrays.equals(record, event.toByteArray())) {
                sound.add(event);
            }
            lengthLied = lies;
        }
        return new Journal(file.toByteArray(), List.copyOf(sound));
    }

    private int lie(int length) {
        return switch (random.nextInt(4)) {
            case 0 -> 0;
            case 1 -> length + 1 + random.nextInt(20);
            case 2 -> Math.max(1, length - 1 - random.nextInt(20));
            default -> random.nextInt();
        };
    }

    private static byte[] length(int length) {
        byte[] bytes = new byte[CodedOutputStream.computeUInt32SizeNoTag(length)];
        try {
            CodedOutputStream.newInstance(bytes).writeUInt32NoTag(length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes;
    }

    private byte[] noise() {
        byte[] noise = new byte[1 + random.nextInt(random.nextInt(20) == 0 ? 300_000 : 300)];
        if (random.nextBoolean()) {
            random.nextBytes(noise);
        }
        return noise;
    }

    private byte[] flipped(byte[] bytes) {
        byte[] flipped = bytes.clone();
        for (int i = random.nextInt(3); i >= 0; i--) {
            flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return flipped;
    }

    private byte[] invalidText(byte[] bytes) {
        byte[] invalid = bytes.clone();
        invalid[random.nextInt(invalid.length)] = (byte) 0xFF;
        return invalid;
    }

    /** Groups in groups in groups, as no event has them, and perhaps never closed. */
    private byte[] nested(byte[] bytes) {
        int depth = 1 + random.nextInt(100_000);
        byte[] nested = Arrays.copyOf(bytes, bytes.length + 2 * depth);
        Arrays.fill(nested, bytes.length, bytes.length + depth, (byte) (7 << 3 | 3));
        Arrays.fill(nested, bytes.length + depth, nested.length, (byte) (7 << 3 | (random.nextBoolean() ? 4 : 3)));
        return nested;
    }

    /** Known fields with another wire type, and fields of a newer version. */
    private byte[] unknown(PruningEvent event) {
        int number = 1 + random.nextInt(40);
        Field.Builder field = Field.newBuilder();
        switch (random.nextInt(4)) {
            case 0 -> field.addVarint(random.nextLong());
            case 1 -> field.addFixed32(random.nextInt());
            case 2 -> field.addFixed64(random.nextLong());
            default -> field.addLengthDelimited(ByteString.copyFrom(new byte[] {8, 0, 9, 0}));
        }
        UnknownFieldSet fields =
                UnknownFieldSet.newBuilder().addField(number, field.build()).build();
        byte[] bytes = event.toByteArray();
        byte[] more = fields.toByteArray();
        byte[] both = Arrays.copyOf(bytes, bytes.length + more.length);
        System.arraycopy(more, 0, both, bytes.length, more.length);
        return both;
    }

    private Message valueReplaced(Message message) {
        if (message instanceof Timestamp || message instanceof Duration) {
            return time(message);
        }
        List<FieldDescriptor> fields = new ArrayList<>(message.getAllFields().keySet());
        if (fields.isEmpty() || random.nextInt(6) == 0) {
            fields = message.getDescriptorForType().getFields();
        }
        if (fields.isEmpty()) {
            return message;
        }
        FieldDescriptor field = fields.get(random.nextInt(fields.size()));
        Message.Builder builder = message.toBuilder();
        if (field.isRepeated()) {
            int count = message.getRepeatedFieldCount(field);
            Object before = count == 0 ? null : message.getRepeatedField(field, 0);
            builder.addRepeatedField(field, value(field, before, builder));
        } else {
            builder.setField(field, value(field, message.getField(field), builder));
        }
        return builder.build();
    }

    private Message time(Message message) {
        long seconds = NUMBERS[random.nextInt(NUMBERS.length)];
        int nanos = random.nextBoolean() ? 0 : random.nextInt();
        return message instanceof Timestamp
                ? Timestamp.newBuilder().setSeconds(seconds).setNanos(nanos).build()
                : Duration.newBuilder().setSeconds(seconds).setNanos(nanos).build();
    }

    private Object value(FieldDescriptor field, Object before, Message.Builder owner) {
        long number = NUMBERS[random.nextInt(NUMBERS.length)];
        return switch (field.getJavaType()) {
            case INT -> (int) number;
            case LONG -> number;
            case DOUBLE -> FRACTIONS[random.nextInt(FRACTIONS.length)];
            case FLOAT -> (float) FRACTIONS[random.nextInt(FRACTIONS.length)];
            case BOOLEAN -> random.nextBoolean();
            case STRING -> TEXTS[random.nextInt(TEXTS.length)];
            case BYTE_STRING -> ByteString.copyFrom("x", StandardCharsets.UTF_8);
            case ENUM -> field.getEnumType().findValueByNumberCreatingIfUnknown(random.nextInt());
            case MESSAGE ->
                valueReplaced(
                        before instanceof Message inner
                                ? inner
                                : owner.newBuilderForField(field).build());
        };
    }
}
