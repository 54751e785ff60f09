package io.espalier.engine.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.espalier.engine.TestingAnalysis;
import io.espalier.engine.coupling.channel.Group;
import io.espalier.engine.coupling.label.LabelledAxis;
import io.espalier.engine.guard.PluginException;
import io.espalier.engine.layer.Layers;
import io.espalier.engine.score.NamePatterns.Choice;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.criterion.Evidence;
import io.espalier.spi.criterion.ImportanceCriterion;
import io.espalier.spi.criterion.ParameterAxis;
import io.espalier.spi.criterion.ParameterRole;
import io.espalier.spi.criterion.ScoringContext;
import io.espalier.spi.criterion.SliceCriterion;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.option.Options;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.TestingRunContext;
import io.espalier.testkit.model.GraphBuilder;
import io.espalier.testkit.model.ResidualNetworks;
import io.espalier.testkit.model.Scale;
import io.espalier.testkit.model.VisionTransformers;
import io.espalier.testkit.model.Window;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

class ScorerTest {

    private final Graph graph = ResidualNetworks.resnet18(7, Scale.SMALL);
    private final TestingAnalysis network = TestingAnalysis.of(graph);
    private final Layers layers = Layers.of(graph, Map.of());
    private final TestingRunContext context = new TestingRunContext(1);

    private SliceScores score(ImportanceCriterion criterion, Graph scored, int threads) {
        return new Scorer(criterion, Options.none(), threads, context).score(scored, network.coupling());
    }

    @Test
    void aChannelScoresTheSumOfItsSlicesOfEveryTrainedParameter() {
        Group group = network.groups().get(3);
        double expected = 0;
        for (LabelledAxis labelledAxis : group.labelledAxes()) {
            if (labelledAxis.role() == ParameterRole.NORM_STATISTIC) {
                continue;
            }
            Tensor tensor = graph.constants().get(labelledAxis.use().constant());
            double[] values = Tensors.toDoubles(tensor);
            int inner = 1;
            for (int axis = labelledAxis.axis() + 1; axis < tensor.shape().size(); axis++) {
                inner *= Math.toIntExact(tensor.shape().get(axis));
            }
            int[] classes = network.coupling().classesAt(labelledAxis);
            int extent = Math.toIntExact(tensor.shape().get(labelledAxis.axis()));
            for (int i = 0; i < values.length; i++) {
                boolean mine =
                        classes[i / inner % extent] == group.channels().get(2).classes()[0];
                expected += mine ? Math.abs(values[i]) : 0;
            }
        }

        double[] scores = score(new TestingCriterion(), graph, 1).ofChannels(group, Aggregation.SUM);

        assertThat(scores[2]).isCloseTo(expected, within(1e-9 * expected));
    }

    /** Stored integers of channels with different scales say nothing about which channel is small. */
    @Test
    void integersScoreAsTheNumbersTheyStandFor() {
        float[] scales = {0.5f, 0.01f, 2, 0.1f};
        double[] integers = new double[4 * 2];
        double[] numbers = new double[integers.length];
        for (int i = 0; i < integers.length; i++) {
            integers[i] = 120 + 3 * i;
            numbers[i] = (integers[i] - 128) * scales[i / 2];
        }
        GraphBuilder quantised = new GraphBuilder("quantised", 3);
        String x = quantised.input("x", "batch", 2, 5, 5);
        List<String> operands = List.of(
                quantised.constant("w", Tensors.fromDoubles(DataType.UINT8, List.of(4L, 2L, 1L, 1L), integers)),
                quantised.constant("scale", Tensors.floats(List.of(4L), scales)),
                quantised.constant("zero", Tensors.fromDoubles(DataType.UINT8, List.of(4L), 128, 128, 128, 128)));
        String weight = quantised.follow(quantised.node("DequantizeLinear", operands, "axis", 0), 4, 2, 1, 1);
        String y = quantised.relu(quantised.conv(x, weight, "", Window.same(1)));
        Graph built =
                quantised.output(quantised.conv("last", y, 3, Window.same(1))).build();
        TestingAnalysis analysis = TestingAnalysis.of(built);

        SliceScores scores =
                new Scorer(new TestingCriterion(), Options.none(), 1, context).score(built, analysis.coupling());

        double[] found = scores.ofChannels(analysis.groups().get(0), Aggregation.SUM);
        double[] last = Tensors.toDoubles(built.constants().get("last.weight"));
        for (int channel = 0; channel < 4; channel++) {
            double expected = Math.abs(numbers[2 * channel]) + Math.abs(numbers[2 * channel + 1]);
            for (int out = 0; out < 3; out++) {
                expected += Math.abs(last[4 * out + channel]);
            }
            assertThat(found[channel]).as("channel %d", channel).isCloseTo(expected, within(1e-4));
        }
    }

    @Test
    void threadsDoNotChangeTheResult() {
        SliceScores one = score(new TestingCriterion(), graph, 1);
        SliceScores many = score(new TestingCriterion(), graph, 4);

        for (Group group : network.groups()) {
            assertThat(many.ofChannels(group, Aggregation.SUM)).isEqualTo(one.ofChannels(group, Aggregation.SUM));
        }
    }

    @Test
    void onlyTheRolesOfTheCriterionTakePart() {
        SliceScores none = score(
                new TestingCriterionWith(1) {
                    @Override
                    public boolean scores(ParameterRole role) {
                        return false;
                    }
                },
                graph,
                1);

        assertThat(none.ofChannels(network.groups().get(0), Aggregation.SUM)).containsOnly(0);
    }

    @Test
    void numbersThatAreNotFiniteAreToldWithTheirParameter() {
        float[] broken = Tensors.toFloats(graph.constants().get("layer1.0.bn1.bias"));
        broken[3] = Float.NaN;
        broken[5] = Float.POSITIVE_INFINITY;
        Graph sick =
                graph.withConstants(Map.of("layer1.0.bn1.bias", Tensors.floats(List.of((long) broken.length), broken)));

        for (ImportanceCriterion criterion : List.of(new TestingCriterion(), new TestingCriterionWith(0))) {
            assertThatThrownBy(() -> score(criterion, sick, 1))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage(
                            "The parameter 'layer1.0.bn1.bias' holds 2 elements that are not a finite number (NaN or"
                                    + " infinity), the first at index 3; train or export the model again.");
        }
    }

    @Test
    void aCriterionThatBreaksItsPromiseIsNamed() {
        assertThatThrownBy(() -> score(new TestingCriterionWith(1, 1), graph, 1))
                .isInstanceOf(PluginException.class)
                .hasMessageContaining("'testing-fixed'")
                .hasMessageContaining("it returned 1 scores for the");
        assertThatThrownBy(() -> score(new TestingCriterionWith(Double.NaN), graph, 1))
                .isInstanceOf(PluginException.class)
                .hasMessageContaining("it scored slice 0 of")
                .hasMessageContaining("as NaN");
        assertThatThrownBy(() -> score(new TestingCriterionWith(Double.POSITIVE_INFINITY), graph, 1))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("'testing-fixed' scores slice 0 of");
    }

    @Test
    void evidenceWithoutDataIsRefusedBeforeAnythingIsScored() {
        ImportanceCriterion needy = new TestingCriterionWith(Double.NaN) {
            @Override
            public Set<Evidence<?>> evidence() {
                return Set.of(Evidence.LOSS_GRADIENTS);
            }
        };

        assertThatThrownBy(() -> score(needy, graph, 1))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("'testing-fixed' scores channels by what they compute on calibration data")
                .hasMessageContaining("there is none; give training inputs with --calibration");
    }

    @Test
    void aCriterionThatReadsEvidenceItDidNotDeclareIsNamed() {
        ImportanceCriterion greedy = new TestingCriterionWith(1) {
            @Override
            public double[] score(ParameterAxis axis, ScoringContext scoring) {
                scoring.evidence(Evidence.LOSS_GRADIENTS);
                return super.score(axis, scoring);
            }
        };

        assertThatThrownBy(() -> score(greedy, graph, 1))
                .isInstanceOf(PluginException.class)
                .hasMessageContaining("'testing-fixed'")
                .hasMessageContaining("did not declare the evidence 'loss-gradients'");
    }

    @Test
    void aCancelledRunStops() {
        context.cancel();

        assertThatThrownBy(() -> score(new TestingCriterion(), graph, 1)).isInstanceOf(CancellationException.class);
        assertThatThrownBy(() -> score(new TestingCriterion(), graph, 3)).isInstanceOf(CancellationException.class);
    }

    @Test
    void ignoredNamesFreezeTheirGroups() {
        Choice choice = new NamePatterns(List.of("layer1.?.bn1*"), List.of()).choose(network.groups(), layers);

        assertThat(choice.ignored())
                .extracting(ignored -> ignored.group().name())
                .containsExactly("layer1.0.conv1.weight", "layer1.1.conv1.weight");
        assertThat(choice.ignored().get(0).reason())
                .isEqualTo("'layer1.0.bn1.weight' is ignored by the pattern 'layer1.?.bn1*'");
        assertThat(choice.groups()).hasSize(network.groups().size() - 2);
    }

    @Test
    void onlyNamedGroupsArePruned() {
        Choice choice = new NamePatterns(List.of(), List.of("layer2.0.bn1.*")).choose(network.groups(), layers);

        assertThat(choice.groups()).extracting(Group::name).containsExactly("layer2.0.conv1.weight");
        assertThat(choice.ignored()).hasSize(network.groups().size() - 1);
    }

    @Test
    void patternsThatMatchNothingOrLeaveNothingAreRefused() {
        assertThatThrownBy(() -> new NamePatterns(List.of("layer9*"), List.of()).choose(network.groups(), layers))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("'layer9*' of --ignore matches no layer")
                .hasMessageContaining("conv1.weight");
        assertThatThrownBy(() -> new NamePatterns(List.of("*"), List.of()).choose(network.groups(), layers))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("leave no group");
    }

    /** Returns the same score for every slice, or a fixed number of them. */
    private static class TestingCriterionWith implements SliceCriterion {

        private final double score;
        private final int count;

        TestingCriterionWith(double score) {
            this(score, -1);
        }

        TestingCriterionWith(double score, int count) {
            this.score = score;
            this.count = count;
        }

        @Override
        public String name() {
            return "testing-fixed";
        }

        @Override
        public String description() {
            return "Fixed scores.";
        }

        @Override
        public double[] score(ParameterAxis axis, ScoringContext context) {
            double[] scores = new double[count < 0 ? axis.size() : count];
            Arrays.fill(scores, score);
            return scores;
        }
    }

    /** Scores the parameters of one role only. */
    private record OfRole(ParameterRole role) implements SliceCriterion {

        @Override
        public String name() {
            return "testing-role";
        }

        @Override
        public String description() {
            return "Scores one role.";
        }

        @Override
        public boolean scores(ParameterRole asked) {
            return asked == role;
        }

        @Override
        public double[] score(ParameterAxis axis, ScoringContext scoring) {
            return new double[axis.size()];
        }
    }

    @Test
    void groupsOfWhichACriterionReadsNothingAreLeftAlone() {
        for (ParameterRole role : ParameterRole.values()) {
            OfRole criterion = new OfRole(role);
            SliceScores scores = score(criterion, graph, 1);
            List<Group> read = network.groups().stream()
                    .filter(group -> group.labelledAxes().stream().anyMatch(axis -> axis.role() == role))
                    .toList();
            Choice all = NamePatterns.ALL.choose(network.groups(), layers);

            if (read.isEmpty()) {
                assertThatThrownBy(() -> Signal.readable(criterion, scores, all))
                        .isInstanceOf(InvalidInputException.class)
                        .hasMessageContaining("it reads no parameter");
            } else {
                Choice readable = Signal.readable(criterion, scores, all);

                assertThat(readable.groups()).as("%s", role).containsExactlyElementsOf(read);
                assertThat(readable.ignored()).hasSize(network.groups().size() - read.size());
            }
        }
    }

    @Test
    void onlyGroupsThatAreReadArePrunedInANetworkWithoutBatchNorm() {
        Graph vit = VisionTransformers.vit(7, VisionTransformers.Size.SMALL, VisionTransformers.Unpack.GATHER);
        TestingAnalysis transformer = TestingAnalysis.of(vit);
        OfRole scales = new OfRole(ParameterRole.NORM_SCALE);
        SliceScores scores = new Scorer(scales, Options.none(), 1, context).score(vit, transformer.coupling());

        Choice choice = Signal.readable(
                scales, scores, NamePatterns.ALL.choose(transformer.groups(), Layers.of(vit, Map.of())));

        assertThat(choice.groups())
                .isNotEmpty()
                .allSatisfy(group -> assertThat(group.labelledAxes())
                        .anySatisfy(axis -> assertThat(axis.role()).isEqualTo(ParameterRole.NORM_SCALE)));
        assertThat(choice.ignored())
                .isNotEmpty()
                .allSatisfy(ignored -> assertThat(ignored.reason())
                        .isEqualTo("the criterion 'testing-role' reads none of its parameters"));
    }
}
