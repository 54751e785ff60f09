package io.espalier.engine.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.adapter.onnx.OnnxExecutor;
import io.espalier.engine.TestingAnalysis;
import io.espalier.engine.score.Scorer;
import io.espalier.spi.criterion.ActivationMaps;
import io.espalier.spi.criterion.ActivationStatistics;
import io.espalier.spi.criterion.ChannelCriterion;
import io.espalier.spi.criterion.ChannelGroup;
import io.espalier.spi.criterion.Evidence;
import io.espalier.spi.criterion.GroupEvidence;
import io.espalier.spi.criterion.ParameterAxis;
import io.espalier.spi.criterion.ParameterRole;
import io.espalier.spi.criterion.ScoringContext;
import io.espalier.spi.criterion.WeightInputs;
import io.espalier.spi.data.BatchOptions;
import io.espalier.spi.data.Batches;
import io.espalier.spi.data.Dataset;
import io.espalier.spi.execution.GraphExecutor.Settings;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.option.Options;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.TestingRunContext;
import io.espalier.testkit.model.ClassicNetworks;
import io.espalier.testkit.model.MobileNetworks;
import io.espalier.testkit.model.RandomInputs;
import io.espalier.testkit.model.Scale;
import io.espalier.testkit.model.VisionTransformers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EvidenceCollectorTest {

    private static final int CHECKED = 12;

    /** Depthwise convolutions, concatenations, attention. */
    static Stream<Graph> networks() {
        return Stream.of(
                MobileNetworks.mobilenetV2(1, Scale.SMALL),
                ClassicNetworks.densenetSmall(2),
                VisionTransformers.vit(3, VisionTransformers.Size.SMALL, VisionTransformers.Unpack.values()[0]));
    }

    private record InMemory(long size, Map<String, Tensor> arrays) implements Dataset {}

    /** The same example twice: the first is measured by a recovery, the second judges it. */
    private static Map<String, Tensor> twice(Graph graph) {
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        RandomInputs.FIRST.of(graph, 5).forEach((name, tensor) -> {
            double[] first = Tensors.toDoubles(Tensors.sliced(tensor, 0, new int[] {0}));
            double[] both = Arrays.copyOf(first, 2 * first.length);
            System.arraycopy(first, 0, both, first.length, first.length);
            inputs.put(name, Tensors.fromDoubles(tensor.type(), tensor.shape(), both));
        });
        return inputs;
    }

    private static EvidenceCollector collector(TestingAnalysis network, int threads) {
        TestingRunContext run = new TestingRunContext(1);
        Batches data = Batches.of(network.graph(), new InMemory(2, twice(network.graph())), BatchOptions.of(2), run);
        return new EvidenceCollector(
                network.graph(),
                network.coupling(),
                Optional.of(data),
                Map.of(),
                Optional.empty(),
                new OnnxExecutor(),
                run,
                threads);
    }

    private static GroupEvidence<WeightInputs> weights(EvidenceCollector collector) {
        return of(collector.collect(Set.of(Evidence.WEIGHT_INPUTS)), Evidence.WEIGHT_INPUTS);
    }

    @SuppressWarnings("unchecked")
    private static <T> T of(Map<Evidence<?>, Object> evidence, Evidence<T> kind) {
        return (T) evidence.get(kind);
    }

    private static List<ChannelGroup> groups(TestingAnalysis network) {
        List<ChannelGroup> groups = new ArrayList<>();
        new Scorer(new Listing(groups), Options.none(), 1, new TestingRunContext(1))
                .score(network.graph(), network.coupling(), Optional.of(collector(network, 1)));
        return groups;
    }

    @ParameterizedTest
    @MethodSource("networks")
    void momentsSayWhatTheOutputsLoseWithoutAChannel(Graph graph) {
        TestingAnalysis network = TestingAnalysis.of(graph);
        GroupEvidence<WeightInputs> evidence = weights(collector(network, 2));
        int checked = 0;
        for (ChannelGroup group : groups(network)) {
            for (WeightInputs reader : evidence.of(group)) {
                int channel = checked % group.size();
                boolean sampled = reader.samples() < 128;
                if (checked < CHECKED
                        && sampled
                        && Arrays.stream(reader.channels()).anyMatch(each -> each == channel)) {
                    double expected = lost(graph, group, channel, reader);
                    assertThat(energy(reader, channel))
                            .as("channel %d of %s in %s", channel, group.name(), reader.node())
                            .isCloseTo(expected, within(1e-3 * (expected + 1e-6)));
                    checked++;
                }
            }
        }
        assertThat(checked).isGreaterThan(5);
    }

    /** The squared difference of the outputs of a node when the weights that read a channel are zeroed, by running it. */
    private static double lost(Graph graph, ChannelGroup group, int channel, WeightInputs reader) {
        double[] elements = Tensors.toDoubles(graph.constants().get(reader.weight()));
        for (int axis = 0; axis < group.axes().size(); axis++) {
            ParameterAxis each = group.axes().get(axis);
            if (each.parameter().equals(reader.weight()) && each.role() == ParameterRole.CONSUMER) {
                int[] slices = group.slices(channel, axis);
                int[] next = {0};
                each.forEach((slice, value) -> {
                    int at = next[0]++;
                    elements[at] = Arrays.stream(slices).anyMatch(own -> own == slice) ? 0 : elements[at];
                });
            }
        }
        Tensor before = graph.constants().get(reader.weight());
        Map<String, Tensor> constants = new HashMap<>();
        constants.put(reader.weight(), Tensors.fromDoubles(before.type(), before.shape(), elements));
        double[] whole = run(graph, reader.node());
        double[] without = run(graph.withConstants(constants), reader.node());
        double sum = 0;
        for (int i = 0; i < whole.length; i++) {
            sum += Math.pow(whole[i] - without[i], 2);
        }
        return sum / 2;
    }

    private static double[] run(Graph graph, String value) {
        try (Runner runner = new OnnxExecutor().prepare(graph.withOutputs(List.of(value)), Settings.PLAIN)) {
            return Tensors.toDoubles(runner.run(twice(graph)).get(value));
        }
    }

    private static double energy(WeightInputs reader, int channel) {
        double sum = 0;
        int size = reader.inputs();
        for (int row = 0; row < reader.groups() * reader.outputs(); row++) {
            int group = row / reader.outputs();
            for (int i = 0; i < size; i++) {
                for (int j = 0; j < size; j++) {
                    boolean own = reader.channels()[group * size + i] == channel
                            && reader.channels()[group * size + j] == channel;
                    sum += own
                            ? reader.matrix()[row * size + i]
                                    * reader.gram()[(group * size + i) * size + j]
                                    * reader.matrix()[row * size + j]
                            : 0;
                }
            }
        }
        return sum;
    }

    @ParameterizedTest
    @MethodSource("networks")
    void statisticsAreThoseOfTheMaps(Graph graph) {
        TestingAnalysis network = TestingAnalysis.of(graph);
        Map<Evidence<?>, Object> evidence =
                collector(network, 1).collect(Set.of(Evidence.ACTIVATION_STATISTICS, Evidence.ACTIVATION_MAPS));
        GroupEvidence<ActivationStatistics> measured = of(evidence, Evidence.ACTIVATION_STATISTICS);
        GroupEvidence<ActivationMaps> mapped = of(evidence, Evidence.ACTIVATION_MAPS);
        int values = 0;
        for (ChannelGroup group : groups(network)) {
            List<ActivationStatistics> statistics = measured.of(group);
            List<ActivationMaps> maps = mapped.of(group);
            assertThat(maps).hasSameSizeAs(statistics);
            for (int i = 0; i < maps.size(); i++) {
                double[] value = run(graph, maps.get(i).value());
                double all = Arrays.stream(value).map(Math::abs).sum();
                double mine = 0;
                for (int channel = 0; channel < group.size(); channel++) {
                    double sum = 0;
                    int count = 0;
                    for (float[][] example : maps.get(i).maps()) {
                        for (float element : example[channel]) {
                            sum += Math.abs(element);
                            count++;
                        }
                    }
                    mine += sum;
                    assertThat(statistics.get(i).absoluteMeans()[channel])
                            .isCloseTo(sum / count, within(1e-9 + 1e-6 * sum));
                }
                assertThat(mine)
                        .as("%s in %s", group.name(), maps.get(i).value())
                        .isLessThanOrEqualTo(all * 1.000001);
                values++;
            }
        }
        assertThat(values).isGreaterThan(5);
    }

    @ParameterizedTest
    @MethodSource("networks")
    void threadsChangeNothing(Graph graph) {
        TestingAnalysis network = TestingAnalysis.of(graph);
        GroupEvidence<WeightInputs> one = weights(collector(network, 1));
        GroupEvidence<WeightInputs> three = weights(collector(network, 3));
        for (ChannelGroup group : groups(network)) {
            List<WeightInputs> expected = one.of(group);
            List<WeightInputs> found = three.of(group);
            assertThat(found).hasSameSizeAs(expected);
            for (int i = 0; i < found.size(); i++) {
                assertThat(found.get(i).gram()).isEqualTo(expected.get(i).gram());
            }
        }
    }

    /** Writes the groups down. */
    private record Listing(List<ChannelGroup> groups) implements ChannelCriterion {

        @Override
        public String name() {
            return "testing-listing";
        }

        @Override
        public String description() {
            return "Lists groups.";
        }

        @Override
        public double[] score(ChannelGroup group, ScoringContext context) {
            groups.add(group);
            return new double[group.size()];
        }
    }
}
