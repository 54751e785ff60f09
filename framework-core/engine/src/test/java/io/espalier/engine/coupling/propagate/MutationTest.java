package io.espalier.engine.coupling.propagate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.coupling.CouplingAnalysis;
import io.espalier.engine.coupling.label.AxisFactor;
import io.espalier.engine.coupling.label.LabelMap;
import io.espalier.engine.coupling.label.Layout;
import io.espalier.engine.coupling.propagate.TestingOperators.Case;
import io.espalier.engine.verify.TestingPruning;
import io.espalier.engine.verify.Verification;
import io.espalier.engine.verify.Verification.Outcome;
import io.espalier.graph.operator.Operators;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * A rule that puts labels one position off is noticed.
 *
 * <p>For every output axis along which an operator hands channels on, its labels are rolled by one; then nothing may be
 * left to remove, the cut must not fit, or a random removal must fail to verify.
 */
final class MutationTest {

    private static final long SEEDS = 6;

    /** Operators that hand no channels on: they make values of shapes alone, all positions of which are alike. */
    private static final Set<String> MAKERS = Set.of(
            "ConstantOfShape",
            "Shape",
            "Size",
            "Range",
            "RandomNormal",
            "RandomUniform",
            "HannWindow",
            "HammingWindow",
            "BlackmanWindow",
            "MelWeightMatrix");

    /** Operators that look at all of what they read. */
    private static final Set<String> SEEING_ALL = Set.of(
            "AffineGrid",
            "Bernoulli",
            "EyeLike",
            "Multinomial",
            "NonMaxSuppression",
            "NonZero",
            "RandomNormalLike",
            "RandomUniformLike",
            "STFT",
            "Unique");

    private record LabelledValue(String value, int axis) {}

    private record Mutant(Case original, LabelledValue place) {

        @Override
        public String toString() {
            return original + ", axis " + place.axis() + " of " + place.value();
        }
    }

    @TestFactory
    Stream<DynamicTest> rolledLabelsAreNoticed() {
        return mutants().stream()
                .map(mutant -> dynamicTest(
                        mutant.toString(),
                        () -> assertThat(notice(mutant)).as("%s", mutant).isPresent()));
    }

    @Test
    void everyOperatorThatHandsChannelsOnIsMutated() {
        Set<String> operators = new TreeSet<>();
        TestingOperators.all().forEach(each -> operators.add(each.operator()));
        operators.removeAll(MAKERS);
        operators.removeAll(SEEING_ALL);
        Set<String> mutated = mutants().stream()
                .map(mutant -> mutant.original().operator())
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(mutated).containsExactlyElementsOf(operators);
    }

    private static List<Mutant> mutants() {
        List<Mutant> mutants = new ArrayList<>();
        for (Case each : TestingOperators.all()) {
            Coupling coupling = TestingPruning.of(each.graph()).coupling();
            for (Node node : each.graph().nodes()) {
                if (node.qualifiedOperator().equals(each.operator()) && !MAKERS.contains(each.operator())) {
                    places(each.graph(), coupling, node).forEach(place -> mutants.add(new Mutant(each, place)));
                }
            }
        }
        return mutants;
    }

    /** Axes of outputs that somebody reads, along which something can go. */
    private static List<LabelledValue> places(Graph graph, Coupling coupling, Node node) {
        List<LabelledValue> places = new ArrayList<>();
        for (String output : node.outputs()) {
            boolean isRead = graph.outputs().contains(output)
                    || graph.nodes().stream().anyMatch(reader -> reader.inputs().contains(output));
            Optional<Layout> layout = isRead ? coupling.graph().layout(output) : Optional.empty();
            for (int axis = 0; layout.isPresent() && axis < layout.get().rank(); axis++) {
                if (changes(coupling, layout.get(), rolled(layout.get(), axis))) {
                    places.add(new LabelledValue(output, axis));
                }
            }
        }
        return places;
    }

    private static boolean changes(Coupling coupling, Layout before, Layout after) {
        for (int map = 0; map < before.maps().size(); map++) {
            int[] old = before.maps().get(map).labels();
            int[] changed = after.maps().get(map).labels();
            for (int i = 0; i < old.length; i++) {
                int one = coupling.classes().of(old[i]);
                int other = coupling.classes().of(changed[i]);
                if (one != other && canGo(coupling, one) && canGo(coupling, other)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean canGo(Coupling coupling, int classNumber) {
        return classNumber >= 0
                && coupling.classes().frozen(classNumber).isEmpty()
                && coupling.classes().isBase(classNumber);
    }

    /** The labels at each position of an axis are those of the next position. */
    private static Layout rolled(Layout layout, int axis) {
        List<AxisFactor> along = layout.axes().get(axis);
        List<LabelMap> maps = new ArrayList<>();
        for (LabelMap map : layout.maps()) {
            List<AxisFactor> covered = along.stream().filter(map::covers).toList();
            maps.add(covered.isEmpty() ? map : rolled(map, covered));
        }
        return layout.withMaps(maps);
    }

    private static LabelMap rolled(LabelMap map, List<AxisFactor> along) {
        List<AxisFactor> order = new ArrayList<>(
                map.factors().stream().filter(factor -> !along.contains(factor)).toList());
        order.addAll(along);
        int[] labels = map.labelsOver(order);
        int width = AxisFactor.count(along);
        int[] moved = new int[labels.length];
        for (int i = 0; i < labels.length; i++) {
            moved[i] = labels[i - i % width + (i + 1) % width];
        }
        return new LabelMap(map.factors(), new LabelMap(order, moved).labelsOver(map.factors()));
    }

    /** How a mutant is noticed; empty when it is not. */
    private static Optional<String> notice(Mutant mutant) {
        TestingPruning sound = TestingPruning.of(mutant.original().graph());
        OutputLayouts wrong = (node, slot, layout) ->
                node.outputs().get(slot).equals(mutant.place().value())
                        ? rolled(layout, mutant.place().axis())
                        : layout;
        Coupling coupling = CouplingAnalysis.analyse(sound.graph(), sound.shapes(), Operators.standard(), wrong);
        TestingPruning pruning = TestingPruning.of(sound.graph(), sound.shapes(), coupling);
        if (channels(pruning) < channels(sound)) {
            return Optional.of("fewer channels can go");
        }
        for (long seed = 1; seed <= SEEDS; seed++) {
            try {
                Verification verification = pruning.prove(pruning.randomRemoval(seed));
                if (verification.outcome() == Outcome.FAILED) {
                    return Optional.of(verification.reason());
                }
            } catch (IllegalStateException defect) {
                return Optional.of(defect.getMessage());
            }
        }
        return Optional.empty();
    }

    private static int channels(TestingPruning pruning) {
        return pruning.groups().stream()
                .mapToInt(group -> group.channels().size())
                .sum();
    }

    @Test
    void aRollIsNoIdentity() {
        AxisFactor rows = AxisFactor.of(2);
        AxisFactor columns = AxisFactor.of(3);
        LabelMap map = new LabelMap(List.of(rows, columns), new int[] {0, 1, 2, 3, 4, 5});
        assertThat(rolled(map, List.of(columns)).labels()).containsExactly(1, 2, 0, 4, 5, 3);
        assertThat(rolled(map, List.of(rows)).labels()).containsExactly(3, 4, 5, 0, 1, 2);
        assertThat(Arrays.stream(rolled(map, List.of(rows, columns)).labels())).containsExactly(1, 2, 3, 4, 5, 0);
    }
}
