package io.espalier.plugin.allocators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.espalier.plugin.allocators.LossCurve.Point;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.allocator.ScoredGroup;
import io.espalier.spi.allocator.ScoredGroup.Saving;
import io.espalier.spi.allocator.SparsityAllocation.ChannelScores;
import io.espalier.spi.allocator.SparsityAllocator;
import io.espalier.spi.option.Options;
import io.espalier.testkit.TestingRunContext;
import io.espalier.testkit.contract.AllocatorContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SensitivityAllocatorTest extends AllocatorContract {

    private static final String HEAD = "group\tchannels\tkept\tlost\n";

    @TempDir
    private Path folder;

    private Path curves;

    @BeforeEach
    void measure() throws IOException {
        StringBuilder table = new StringBuilder(HEAD);
        for (int group = 0; group < 40; group++) {
            table.append("layer").append(group).append("\t8\t4\t0.01\n");
        }
        for (String group : List.of("stem", "head", "body", "tail")) {
            table.append(group).append("\t4\t2\t0.").append(group.length()).append('\n');
        }
        curves = Files.writeString(folder.resolve("curves.tsv"), table.toString());
    }

    @Override
    protected SparsityAllocator allocator() {
        return new SensitivityAllocator();
    }

    @Override
    protected Map<String, String> typedOptions() {
        return Map.of("curves", curves.toString(), "prior", "0");
    }

    private ChannelScores allocated(String table, List<ScoredGroup> groups) throws IOException {
        Files.writeString(curves, HEAD + table);
        return (ChannelScores) allocator()
                .allocate(
                        groups,
                        Options.resolve("allocator", allocator().options(), typedOptions()),
                        new TestingRunContext(0));
    }

    private static ScoredGroup group(String name, double... scores) {
        return new ScoredGroup(name, "conv", scores, channel -> new Saving(10, 1, 4));
    }

    @Test
    @DisplayName(
            "The weakest channels come first, each at what the next one costs on the convex curve, for each saving")
    void scores() throws IOException {
        ChannelScores scores =
                allocated("a\t4\t2\t0.2\nb\t4\t2\t0.02\n", List.of(group("a", 4, 3, 2, 1), group("b", 1, 2, 3, 4)));
        assertThat(scores.scores().get(0)).containsExactly(0.04, 0.04, 0.01, 0.01);
        assertThat(scores.scores().get(1)).containsExactly(0.001, 0.001, 0.049, 0.049);
    }

    @Test
    @DisplayName("A curve lies nowhere above what was measured, is convex, and ends where all is lost")
    void convex() {
        for (long seed = 1; seed <= 200; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            List<Point> measured = new ArrayList<>();
            for (int removed = 1; removed < 16; removed += 1 + random.nextInt(4)) {
                measured.add(new Point(removed, random.nextDouble(-0.1, 0.9)));
            }
            LossCurve curve = LossCurve.of(measured, new Point(16, 1));
            double[] slopes = IntStream.range(0, 16).mapToDouble(curve::slope).toArray();
            double[] sorted = slopes.clone();
            Arrays.sort(sorted);
            assertThat(slopes).as("seed %d", seed).containsExactly(sorted);
            for (Point point : measured) {
                double lost = Arrays.stream(slopes, 0, (int) point.removed()).sum();
                assertThat(lost).as("seed %d", seed).isLessThanOrEqualTo(Math.max(0, point.lost()) + 1e-12);
            }
            assertThat(Arrays.stream(slopes).sum()).as("seed %d", seed).isCloseTo(1, within(1e-9));
        }
    }

    @Test
    @DisplayName("No table, one of another model, and one that is none are refused")
    void refuses() throws IOException {
        assertThatThrownBy(() -> allocated("a\t4\t2\t0.2\n", List.of(group("b", 1, 2))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("'b'");
        assertThatThrownBy(() -> allocated("a\tfour\t2\t0.2\n", List.of(group("a", 1, 2))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("four");
        assertThatThrownBy(() -> allocator()
                        .allocate(
                                List.of(),
                                Options.resolve("allocator", allocator().options(), Map.of()),
                                new TestingRunContext(0)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("--curves");
    }
}
