package io.espalier.events;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.DescriptorProto.ReservedRange;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto.EnumReservedRange;
import com.google.protobuf.DescriptorProtos.EnumValueDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.DescriptorProtos.OneofDescriptorProto;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.TextFormat;
import io.espalier.events.v1.PruningEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The schema of today against the committed one. The committed descriptor set is text, so that a review shows what
 * changed.
 */
class SchemaCompatibilityTest {

    private static final Path COMMITTED = Path.of("src/test/resources/pruning/events/v1/descriptors.txtpb");
    private static final String REFRESH =
            "to commit the present schema deliberately, run: ./mvnw -pl framework-core/events test"
                    + " -Dtest=SchemaCompatibilityTest -Despalier.schema.accept=";

    @BeforeAll
    static void refreshWhenAsked() throws IOException {
        String accepted = System.getProperty("espalier.schema.accept", "nothing");
        boolean compatible = accepted.equals("additions")
                && SchemaCompatibility.breaks(committed(), present()).isEmpty();
        if (compatible || accepted.equals("breaking")) {
            Files.writeString(COMMITTED, TextFormat.printer().printToString(present()));
        }
    }

    @Test
    void committedSchemaIsNotBroken() throws IOException {
        assertThat(SchemaCompatibility.breaks(committed(), present()))
                .as("readers of pruning.events.v1 would break: reserve what is removed, or begin v2; if v1 was never"
                        + " released, " + REFRESH + "breaking")
                .isEmpty();
    }

    @Test
    void committedSchemaIsUpToDate() throws IOException {
        assertThat(committed().equals(present()))
                .as("the schema has changed; " + REFRESH + "additions")
                .isTrue();
    }

    @Test
    void seesEveryKindOfBreak() {
        assertBreak(message -> message.removeField(0), "pruning.T.kept = 1 was removed");
        assertBreak(message -> message.getFieldBuilder(0).setNumber(9), "pruning.T.kept = 1 was removed or renumbered");
        assertBreak(message -> message.getFieldBuilder(0).setName("other"), "was renamed to other");
        assertBreak(
                message -> message.getFieldBuilder(0).setType(FieldDescriptorProto.Type.TYPE_INT64),
                "was retyped from TYPE_STRING to TYPE_INT64");
        assertBreak(
                message -> message.getFieldBuilder(0).setLabel(FieldDescriptorProto.Label.LABEL_REPEATED),
                "changed from LABEL_OPTIONAL to LABEL_REPEATED");
        assertBreak(message -> message.getFieldBuilder(1).clearOneofIndex(), "moved into or out of a oneof");
        assertBreak(DescriptorProto.Builder::clearReservedRange, "no longer reserves 5");
        assertBreak(DescriptorProto.Builder::clearReservedName, "no longer reserves 'gone'");
        assertBreak(message -> message.setName("U"), "message pruning.T is gone");
        assertBreak(message -> message.getEnumTypeBuilder(0).removeValue(1), "pruning.T.E.ONE = 1 was removed");
        assertBreak(message -> message.getEnumTypeBuilder(0).getValueBuilder(1).setName("UNO"), "was renamed to UNO");
        assertBreak(message -> message.getEnumTypeBuilder(0).setName("F"), "enum pruning.T.E is gone");
        assertBreak(
                message -> message.removeField(0)
                        .addReservedRange(ReservedRange.newBuilder().setStart(1).setEnd(2)),
                "pruning.T.kept = 1 was removed");
    }

    @Test
    void allowsAdditionsAndReservedRemovals() {
        assertThat(breaks(message -> message.addField(field("more", 7)))).isEmpty();
        assertThat(breaks(message -> message.removeField(0)
                        .addReservedName("kept")
                        .addReservedRange(ReservedRange.newBuilder().setStart(1).setEnd(2))))
                .isEmpty();
        assertThat(breaks(message -> message.getEnumTypeBuilder(0)
                        .removeValue(1)
                        .addReservedName("ONE")
                        .addReservedRange(
                                EnumReservedRange.newBuilder().setStart(1).setEnd(1))))
                .isEmpty();
    }

    private static void assertBreak(Consumer<DescriptorProto.Builder> change, String said) {
        assertThat(breaks(change)).anySatisfy(text -> assertThat(text).contains(said));
    }

    private static List<String> breaks(Consumer<DescriptorProto.Builder> change) {
        DescriptorProto before = DescriptorProto.newBuilder()
                .setName("T")
                .addField(field("kept", 1))
                .addField(field("chosen", 2).setOneofIndex(0))
                .addOneofDecl(OneofDescriptorProto.newBuilder().setName("choice"))
                .addReservedRange(ReservedRange.newBuilder().setStart(5).setEnd(6))
                .addReservedName("gone")
                .addEnumType(EnumDescriptorProto.newBuilder()
                        .setName("E")
                        .addValue(EnumValueDescriptorProto.newBuilder()
                                .setName("ZERO")
                                .setNumber(0))
                        .addValue(EnumValueDescriptorProto.newBuilder()
                                .setName("ONE")
                                .setNumber(1)))
                .build();
        DescriptorProto.Builder after = before.toBuilder();
        change.accept(after);
        return SchemaCompatibility.breaks(set(before), set(after.build()));
    }

    private static FieldDescriptorProto.Builder field(String name, int number) {
        return FieldDescriptorProto.newBuilder()
                .setName(name)
                .setNumber(number)
                .setType(FieldDescriptorProto.Type.TYPE_STRING)
                .setLabel(FieldDescriptorProto.Label.LABEL_OPTIONAL);
    }

    private static FileDescriptorSet set(DescriptorProto message) {
        return FileDescriptorSet.newBuilder()
                .addFile(FileDescriptorProto.newBuilder().setPackage("pruning").addMessageType(message))
                .build();
    }

    private static FileDescriptorSet committed() throws IOException {
        return TextFormat.parse(Files.readString(COMMITTED), FileDescriptorSet.class);
    }

    private static FileDescriptorSet present() {
        Set<FileDescriptor> files = new LinkedHashSet<>();
        collect(PruningEvent.getDescriptor().getFile(), files);
        FileDescriptorSet.Builder set = FileDescriptorSet.newBuilder();
        files.stream()
                .filter(file -> file.getPackage().equals("pruning.events.v1"))
                .sorted(Comparator.comparing(FileDescriptor::getName))
                .forEach(file -> set.addFile(file.toProto()));
        return set.build();
    }

    private static void collect(FileDescriptor file, Set<FileDescriptor> files) {
        if (files.add(file)) {
            file.getDependencies().forEach(dependency -> collect(dependency, files));
        }
    }
}
