package io.espalier.engine.real;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.engine.coupling.channel.Blocked;
import io.espalier.engine.coupling.channel.Group;
import io.espalier.engine.coupling.channel.Removal;
import io.espalier.engine.verify.Verification;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.criterion.ParameterRole;
import io.espalier.testkit.RealModels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sentence embedder with decomposed attention: its heads and its feed-forward units are found without being told. */
final class MiniLmTest {

    private static final int LAYERS = 6;
    private static final int HEADS = 12;
    private static final int HEAD_SIZE = 32;
    private static final int WIDTH = HEADS * HEAD_SIZE;
    private static final int UNITS = 1536;

    @TempDir
    private Path folder;

    private TestingPruner open(String resource) {
        return TestingPruner.open(RealModels.copy(resource, folder));
    }

    @Test
    void headsAndFeedForwardUnitsAndNothingElseCanGo() {
        try (TestingPruner pruner = open(RealModels.MINILM)) {
            List<Integer> widths = pruner.groups().stream()
                    .map(group -> group.channels().size())
                    .toList();
            assertThat(widths)
                    .hasSize(2 * LAYERS)
                    .containsOnly(HEADS, UNITS)
                    .filteredOn(width -> width == HEADS)
                    .hasSize(LAYERS);
        }
    }

    @Test
    void everyHeadTakesItsSliceOfAllFourProjections() {
        try (TestingPruner pruner = open(RealModels.MINILM)) {
            for (Group group : pruner.groups()) {
                if (group.channels().size() == HEADS) {
                    IntStream.range(0, HEADS).forEach(head -> checkHead(pruner, group, head));
                }
            }
        }
    }

    private static void checkHead(TestingPruner pruner, Group group, int head) {
        Removal removal = Removal.of(List.of(group.channels().get(head)));
        // Columns of the transposed weights that exporters write are the rows of query, key and value.
        Map<List<Integer>, Integer> slices = new TreeMap<>((one, other) -> Arrays.compare(
                one.stream().mapToInt(i -> i).toArray(),
                other.stream().mapToInt(i -> i).toArray()));
        int[] kept =
                IntStream.range(0, WIDTH).filter(row -> row / HEAD_SIZE != head).toArray();
        for (Edit edit : pruner.edits(removal)) {
            if (edit instanceof Edit.Keep keep) {
                assertThat(keep.indices()).as("%s", keep).isEqualTo(kept);
                int rank =
                        pruner.graph().constants().get(keep.constant()).shape().size();
                slices.merge(List.of(rank, keep.axis()), 1, Integer::sum);
            }
        }
        assertThat(slices)
                .isEqualTo(Map.of(
                        List.of(1, 0), 3, // biases of query, key and value
                        List.of(2, 1), 3, // their weights
                        List.of(2, 0), 1)); // the output projection
    }

    @Test
    void aFeedForwardUnitTakesOneRowOneBiasAndOneColumn() {
        try (TestingPruner pruner = open(RealModels.MINILM)) {
            assertThat(pruner.groups())
                    .filteredOn(group -> group.channels().size() == UNITS)
                    .allSatisfy(group -> assertThat(group.labelledAxes())
                            .extracting(labelledAxis -> List.of(labelledAxis.role(), labelledAxis.axis()))
                            .containsExactlyInAnyOrder(
                                    List.of(ParameterRole.PRODUCER, 1),
                                    List.of(ParameterRole.BIAS, 0),
                                    List.of(ParameterRole.CONSUMER, 0)));
        }
    }

    @Test
    void theResidualStreamStaysBecauseItIsTheOutput() {
        try (TestingPruner pruner = open(RealModels.MINILM)) {
            List<Blocked> output = Blocked.in(pruner.coupling).stream()
                    .filter(blocked -> blocked.barrier().operator().equals("output"))
                    .toList();
            assertThat(output).singleElement().satisfies(blocked -> {
                assertThat(blocked.classes()).isEqualTo(WIDTH);
                assertThat(blocked.barrier().value())
                        .isEqualTo(pruner.graph().outputs().get(0));
            });
        }
    }

    /** Dynamically quantised: integer products of rounded activations, as onnxruntime.quantization writes them. */
    @Test
    void theQuantisedNetworkLosesWhatTheOtherLoses() throws Exception {
        Path file = RealModels.copy(RealModels.MINILM_INT8, folder);
        Path target = folder.resolve("pruned.onnx");
        try (TestingPruner pruner = TestingPruner.open(file);
                TestingPruner plain = open(RealModels.MINILM)) {
            assertThat(pruner.shapes.values())
                    .allSatisfy(value ->
                            assertThat(pruner.shapes.shape(value)).as(value).isPresent());
            assertThat(pruner.groups().stream().map(group -> group.channels().size()))
                    .isEqualTo(plain.groups().stream()
                            .map(group -> group.channels().size())
                            .toList());
            for (long seed = 1; seed <= 3; seed++) {
                Removal removal = pruner.random(0.2 * seed, seed);
                pruner.write(removal, target);
                Verification verification = pruner.verify(removal, target);
                assertThat(verification.outcome())
                        .as("seed %d: %s", seed, verification)
                        .isEqualTo(Verification.Outcome.PROVED);
                assertThat(verification.maxRelative())
                        .as("seed %d: what goes does not widen the ranges that are taken at run time", seed)
                        .isLessThan(1e-4);
            }
        }
        assertThat(Files.size(target)).isLessThan(Files.size(file) * 9 / 10);
    }
}
