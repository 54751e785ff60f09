package io.espalier.engine.surgery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.espalier.engine.TestingAnalysis;
import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.coupling.channel.Removal;
import io.espalier.engine.coupling.label.LabelledAxis;
import io.espalier.spi.graph.Graph;
import io.espalier.testkit.model.ClassicNetworks;
import io.espalier.testkit.model.MobileNetworks;
import io.espalier.testkit.model.ResidualNetworks;
import io.espalier.testkit.model.Scale;
import io.espalier.testkit.model.VisionTransformers;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class EarlierClassesTest {

    private static final List<LongFunction<Graph>> NETWORKS = List.of(
            seed -> ResidualNetworks.resnext50(seed, Scale.SMALL),
            seed -> MobileNetworks.mobilenetV2(seed, Scale.SMALL),
            ClassicNetworks::densenetSmall,
            seed -> VisionTransformers.vit(seed, VisionTransformers.Size.SMALL, VisionTransformers.Unpack.values()[0]));

    /** Every class that is kept is found again, as one class, wherever it lies. */
    @TestFactory
    Stream<DynamicTest> classesOfACutGraphAreThoseThatWereKept() {
        return LongStream.rangeClosed(1, 8)
                .mapToObj(seed -> dynamicTest("seed " + seed, () -> {
                    TestingAnalysis network = TestingAnalysis.of(
                            NETWORKS.get((int) (seed % NETWORKS.size())).apply(seed));
                    Removal removal = network.randomRemoval(seed);
                    PrunedGraph cut = Surgery.prune(network.graph(), network.shapes(), network.coupling(), removal);
                    Coupling after = TestingAnalysis.of(cut.graph()).coupling();

                    int[] classes = EarlierClasses.of(network.coupling(), removal, after);

                    Set<Integer> kept = new TreeSet<>();
                    for (LabelledAxis axis : network.coupling().labelledAxes()) {
                        for (int each : network.coupling().classesAt(axis)) {
                            if (each >= 0 && !removal.removes(each)) {
                                kept.add(each);
                            }
                        }
                    }
                    assertThat(IntStream.of(classes)
                                    .filter(each -> each >= 0)
                                    .sorted()
                                    .toArray())
                            .containsExactly(
                                    kept.stream().mapToInt(each -> each).toArray());
                }));
    }
}
