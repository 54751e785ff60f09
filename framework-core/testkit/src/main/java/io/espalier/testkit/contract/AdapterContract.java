package io.espalier.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.adapter.FrameworkAdapter;
import io.espalier.spi.adapter.GraphEdits;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.tensor.Tensor;
import io.espalier.testkit.GraphDifference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * What a {@link FrameworkAdapter} owes the engine: files recognised by their content, a lifted graph that computes what the
 * file computes, edits that arrive and touch nothing else, and one clear sentence about every broken file.
 *
 * <p>Return the adapter, a few small models that differ in what they store and how, and edits that fit them.
 */
public abstract class AdapterContract extends AdapterUnderTest {

    private static final long LARGE_FILE_BYTES = 1 << 20;
    private static final Map<String, String> PROVENANCE =
            Map.of("espalier.plan", "0123abcd", "espalier.note", "gr\u00f6\u00dfer = \"better\"? \u2713");

    @TestFactory
    @DisplayName("Its files are recognised by their content, whatever their names")
    Stream<DynamicTest> recognisesItsFiles() throws IOException {
        return eachModel(file -> {
            byte[] head = head(file);
            for (String name : List.of("model.txt", "model", "model.other", "M\u00d6DEL.BIN")) {
                Path renamed = Files.copy(file, file.resolveSibling(name));
                assertThat(adapter().recognises(renamed, head)).as(name).isTrue();
                Files.delete(renamed);
            }
            for (int length = 0; length < Math.min(64, head.length); length++) {
                // May be either, but must not throw.
                adapter().recognises(file, Arrays.copyOf(head, length));
            }
        });
    }

    @Test
    @DisplayName("Files of others are not recognised")
    void recognisesNothingElse() {
        ForeignHeads.except(adapter().name())
                .forEach((kind, head) -> assertThat(adapter().recognises(folder.resolve("model.bin"), head))
                        .as(kind)
                        .isFalse());
    }

    @TestFactory
    @DisplayName("The lifted graph computes what the native runtime computes")
    Stream<DynamicTest> liftParity() throws IOException {
        return eachModel(file -> {
            try (Model model = adapter().open(file)) {
                assertParity(file, model, model.graph());
            }
        });
    }

    @TestFactory
    @DisplayName("What a part of a model makes, the rest makes the outputs of")
    Stream<DynamicTest> parts() throws IOException {
        return eachModel(file -> {
            try (Model model = adapter().open(file)) {
                PartChecks.assertParts(model, inputs(file, model.graph(), 1), tolerance(file));
            }
        });
    }

    @TestFactory
    @DisplayName("Written without edits, a model stays the same")
    Stream<DynamicTest> writesWithoutEdits() throws IOException {
        return eachModel(file -> {
            Path copy = target("copy", file);
            try (Model model = adapter().open(file)) {
                model.write(copy, List.of(), Map.of());
                try (Model written = adapter().open(copy)) {
                    ModelChecks.assertSame(model.graph(), written.graph());
                    assertThat(written.graph().declared())
                            .isEqualTo(model.graph().declared());
                    assertThat(List.copyOf(written.metadata().entrySet()))
                            .isEqualTo(List.copyOf(model.metadata().entrySet()));
                    assertThat(written.byteSize()).isGreaterThanOrEqualTo(Files.size(copy));
                }
                compareNatively(file, copy, List.of());
            }
        });
    }

    @TestFactory
    @DisplayName("Edits arrive in the file, everything else stays, and the result runs")
    Stream<DynamicTest> edits() throws IOException {
        return eachModel(file -> {
            Path target = target("edited", file);
            try (Model model = adapter().open(file)) {
                List<Edit> edits = edits(file, model.graph());
                assertThat(edits).as("edits of %s", file.getFileName()).isNotEmpty();
                model.write(target, edits, Map.of());
                Graph expected = EditedGraph.of(model.graph(), edits);
                try (Model written = adapter().open(target)) {
                    ModelChecks.assertSame(expected, written.graph());
                    assertParity(file, written, expected);
                }
                compareNatively(file, target, edits);
            }
        });
    }

    @TestFactory
    @DisplayName("A node is removed and added again, or that is refused in one sentence and nothing is written")
    Stream<DynamicTest> replacesNodes() throws IOException {
        return eachModel(file -> {
            Path target = target("replaced", file);
            try (Model model = adapter().open(file)) {
                Node last = model.graph().nodes().get(model.graph().nodes().size() - 1);
                List<Edit> edits = List.of(new Edit.RemoveNode(last.id()), new Edit.AddNode(last, Map.of()));
                try {
                    model.write(target, edits, Map.of());
                } catch (InvalidInputException e) {
                    assertThat(e.getMessage()).hasLineCount(1).endsWith(".");
                    assertThat(target).doesNotExist();
                    return;
                }
                try (Model written = adapter().open(target)) {
                    ModelChecks.assertSame(model.graph(), written.graph());
                }
            }
        });
    }

    @TestFactory
    @DisplayName(
            "Operands of a sum are left out with what computes them, or that is refused in one sentence and nothing is written")
    Stream<DynamicTest> leavesNodesOut() throws IOException {
        return eachModel(file -> {
            try (Model model = adapter().open(file)) {
                for (List<Edit.Omit> omits : ResidualSums.of(model.graph())) {
                    Path target = target("omit", file);
                    try {
                        model.write(target, List.copyOf(omits), Map.of());
                    } catch (InvalidInputException e) {
                        assertThat(e.getMessage()).hasLineCount(1).endsWith(".");
                        assertThat(target).doesNotExist();
                        continue;
                    }
                    try (Model written = adapter().open(target)) {
                        ModelChecks.assertSame(GraphEdits.apply(model.graph(), List.copyOf(omits)), written.graph());
                    }
                    Files.delete(target);
                }
            }
        });
    }

    @TestFactory
    @DisplayName("A constant is given other numbers")
    Stream<DynamicTest> setsConstants() throws IOException {
        return eachModel(file -> {
            try (Model model = adapter().open(file)) {
                List<String> constants = settable(model.graph());
                for (String constant : constants) {
                    Tensor value = ModelChecks.changed(model.graph().constants().get(constant));
                    List<Edit> edits = List.of(new Edit.SetConstant(constant, value));
                    Path target = target("set", file);
                    model.write(target, edits, Map.of());
                    try (Model written = adapter().open(target)) {
                        ModelChecks.assertSame(EditedGraph.of(model.graph(), edits), written.graph());
                    }
                }
            }
        });
    }

    @TestFactory
    @DisplayName("Provenance is added or replaced behind the metadata that is there")
    Stream<DynamicTest> provenance() throws IOException {
        return eachModel(file -> {
            Path first = target("first", file);
            Path second = target("second", file);
            Map<String, String> expected = new LinkedHashMap<>();
            try (Model model = adapter().open(file)) {
                expected.putAll(model.metadata());
                model.write(first, List.of(), PROVENANCE);
            }
            expected.putAll(PROVENANCE);
            try (Model model = adapter().open(first)) {
                assertThat(model.metadata()).isEqualTo(expected);
                model.write(second, edits(file, model.graph()), Map.of("espalier.plan", "other"));
            }
            expected.put("espalier.plan", "other");
            try (Model model = adapter().open(second)) {
                assertThat(model.metadata()).isEqualTo(expected);
            }
        });
    }

    @TestFactory
    @DisplayName("The file that is open may be written over, and stays readable as it was")
    Stream<DynamicTest> writesOverTheOpenFile() throws IOException {
        return eachModel(file -> {
            Path copy = target("over", file);
            try (Model model = adapter().open(file)) {
                model.write(copy, List.of(), Map.of());
            }
            Graph expected;
            try (Model model = adapter().open(copy);
                    Model original = adapter().open(file)) {
                String digest = model.digest();
                List<Edit> edits = edits(file, model.graph());
                model.write(copy, edits, Map.of());
                ModelChecks.assertSame(original.graph(), model.graph());
                assertThat(model.digest()).isEqualTo(digest);
                expected = EditedGraph.of(original.graph(), edits);
                try (Model written = adapter().open(copy)) {
                    ModelChecks.assertSame(expected, written.graph());
                }
            }
        });
    }

    @TestFactory
    @DisplayName("A place that cannot be written is named, and nothing changes")
    Stream<DynamicTest> unwritablePlaces() throws IOException {
        return eachModel(file -> {
            Path plain = Files.writeString(folder.resolve("plain"), "kept");
            List<Path> places = List.of(
                    plain.resolve("out"),
                    folder.resolve("no-folder").resolve("out"),
                    folder,
                    folder.resolve("n".repeat(300)));
            Map<String, String> before = Snapshot.of(folder);
            try (Model model = adapter().open(file)) {
                List<Edit> edits = edits(file, model.graph());
                for (Path place : places) {
                    assertThatThrownBy(() -> model.write(place, edits, Map.of()))
                            .as("writing to %s", place)
                            .isInstanceOf(InvalidInputException.class)
                            .message()
                            .satisfies(message -> ModelChecks.assertOneSentence(message, place));
                    assertThat(Snapshot.of(folder))
                            .as("after writing to %s", place)
                            .isEqualTo(before);
                }
            }
        });
    }

    @TestFactory
    @DisplayName("Equal edits give equal bytes")
    Stream<DynamicTest> writesReproducibly() throws IOException {
        return eachModel(file -> {
            Path first = target("one", file);
            Path second = target("two", file);
            for (Path target : List.of(first, second)) {
                try (Model model = adapter().open(file)) {
                    model.write(target, edits(file, model.graph()), PROVENANCE);
                }
            }
            assertThat(Snapshot.of(second.getParent())).isEqualTo(Snapshot.of(first.getParent()));
        });
    }

    @TestFactory
    @DisplayName("The digest depends on the content and on nothing else")
    Stream<DynamicTest> digests() throws IOException {
        return eachModel(file -> {
            Path copy = target("copy", file);
            Path changed = target("changed", file);
            try (Model model = adapter().open(file)) {
                assertThat(model.digest()).matches("[0-9a-f]{64}").isEqualTo(model.digest());
                model.write(copy, List.of(), Map.of());
                String constant = settable(model.graph()).get(0);
                Tensor value = ModelChecks.changed(model.graph().constants().get(constant));
                model.write(changed, List.of(new Edit.SetConstant(constant, value)), Map.of());
            }
            String digest = digest(copy);
            assertThat(digest(changed)).isNotEqualTo(digest);
            assertThat(digest(Files.move(copy, copy.resolveSibling("renamed")))).isEqualTo(digest);
        });
    }

    @TestFactory
    @DisplayName("Several threads may open models")
    Stream<DynamicTest> opensInSeveralThreads() throws IOException {
        return eachModel(file -> {
            FrameworkAdapter adapter = adapter();
            ExecutorService threads = Executors.newFixedThreadPool(4);
            try (Model alone = adapter.open(file)) {
                List<Future<Optional<String>>> differences = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    differences.add(threads.submit(() -> {
                        try (Model model = adapter.open(file)) {
                            return GraphDifference.first(alone.graph(), model.graph());
                        }
                    }));
                }
                for (Future<Optional<String>> difference : differences) {
                    assertThat(difference.get()).isEmpty();
                }
            } finally {
                threads.shutdownNow();
            }
        });
    }

    @TestFactory
    @DisplayName("Opened, run, written and closed, a model leaves no open or temporary file")
    Stream<DynamicTest> leavesNothingBehind() throws IOException {
        return eachModel(file -> {
            Path target = target("written", file);
            use(file, target);
            Map<String, String> before = Snapshot.of(folder);
            Set<String> left = Set.of();
            // Other programs make temporary files too: a leak makes some every time.
            for (int attempt = 0; attempt < 5 && (attempt == 0 || !left.isEmpty()); attempt++) {
                Set<String> temporary = Snapshot.temporaryFiles();
                use(file, target);
                left = Snapshot.temporaryFiles();
                left.removeAll(temporary);
            }
            assertThat(left).as("temporary files").isEmpty();
            assertThat(Snapshot.of(folder)).isEqualTo(before);
            assertThat(Snapshot.openFiles(folder)).as("open files").isEmpty();
        });
    }

    private void use(Path file, Path target) {
        try (Model model = adapter().open(file);
                Runner runner = model.runner()) {
            runner.run(inputs(file, model.graph(), 1));
            model.write(target, edits(file, model.graph()), PROVENANCE);
        }
    }

    @Test
    @DisplayName("What is not there, and what is a folder, is refused by name")
    void refusesWhatIsNoFile() {
        for (Path path : List.of(folder.resolve("gone"), folder.resolve("no-folder/gone"), folder)) {
            assertThatThrownBy(() -> adapter().open(path).close())
                    .isInstanceOf(InvalidInputException.class)
                    .message()
                    .satisfies(message -> ModelChecks.assertOneSentence(message, path));
        }
    }

    @TestFactory
    @DisplayName("A file cut off is refused, or sound as far as it goes")
    Stream<DynamicTest> truncatedFiles() throws IOException {
        return eachModel(file -> damaged(file, 48, Damage::truncated));
    }

    @TestFactory
    @DisplayName("A file with bytes changed is refused, or opens as another sound model")
    Stream<DynamicTest> flippedBytes() throws IOException {
        return eachModel(file -> damaged(file, 200, Damage::flipped));
    }

    @TestFactory
    @DisplayName("Noise is refused")
    Stream<DynamicTest> noise() throws IOException {
        return eachModel(file -> damaged(file, 60, Damage::noise));
    }

    private void damaged(Path file, int seeds, BiFunction<byte[], Integer, byte[]> damage) throws IOException {
        byte[] whole = Files.readAllBytes(file);
        Path damaged = file.resolveSibling("damaged-" + file.getFileName());
        Path copy = target("damaged", file);
        // Large files take their time.
        int count = whole.length > LARGE_FILE_BYTES ? seeds / 4 : seeds;
        for (int seed = 0; seed < count; seed++) {
            Files.write(damaged, damage.apply(whole, seed));
            try {
                ModelChecks.assertSoundOrRefused(adapter(), damaged, copy);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("damage of seed " + seed + " to " + file.getFileName(), e);
            }
        }
        Files.delete(damaged);
    }
}
