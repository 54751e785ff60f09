package io.espalier.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.spi.execution.GraphExecutor;
import io.espalier.spi.execution.GraphExecutor.Settings;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.operator.OperatorParts;
import io.espalier.spi.operator.OperatorSemantics;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.contract.PlainLetters.Place;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What {@link OperatorSemantics} owe the engine: a notation that says what the operator does to positions, and parts that compute what it
 * computes. The author says in plain Java what that is.
 *
 * <p>A letter without a sign, outside of parentheses and without a size is put to the test: positions are removed along it, which must remove
 * them from the outputs that have it, and nothing else; where no output has it, must be as if they were zero.
 */
public abstract class OperatorContract extends ProviderContract<OperatorSemantics> {

    private static final double TOLERANCE = 1e-4;

    protected OperatorContract() {
        super(OperatorSemantics.class);
    }

    /**
     * An application of an operator.
     *
     * @param node reads and makes values of any names
     * @param inputs an array for each slot that the node has
     */
    public record Application(Node node, List<Tensor> inputs) {

        List<Integer> ranks() {
            return OperatorContract.ranks(inputs);
        }
    }

    /** A new instance of the semantics under test. */
    protected abstract OperatorSemantics semantics();

    /** Applications of all operators that are taught, with extents that differ from axis to axis. */
    protected abstract List<Application> applications();

    /**
     * What an operator computes.
     *
     * @param node one of {@link #applications()}
     * @param inputs its inputs, or parts of them
     * @return an array for each output of the node
     */
    protected abstract List<Tensor> computed(Node node, List<Tensor> inputs);

    /** Runs the parts; by default the first executor on the class path. */
    protected GraphExecutor executor() {
        return FoundExecutor.onClassPath();
    }

    /** Normally distributed numbers. */
    protected static Tensor normal(long seed, long... extents) {
        List<Long> shape = Tensors.shape(extents);
        float[] values = new float[shape.stream().mapToInt(Long::intValue).reduce(1, Math::multiplyExact)];
        Random random = new Random(seed);
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return Tensors.floats(shape, values);
    }

    @Override
    protected final OperatorSemantics provider() {
        return semantics();
    }

    @Test
    void operatorsHaveADomainAndAnApplication() {
        List<String> applied = applications().stream()
                .map(application -> application.node().qualifiedOperator())
                .toList();
        assertThat(semantics().operators())
                .isNotEmpty()
                .doesNotHaveDuplicates()
                .allMatch(operator -> operator.indexOf('.') > 0, "has a domain")
                .allMatch(applied::contains, "is applied");
    }

    @Test
    void theNotationHasAnOperandForEverySlotAndALetterForEveryAxis() {
        for (Application application : applications()) {
            PlainLetters letters = PlainLetters.of(notation(application));
            List<Tensor> outputs = computed(application.node(), application.inputs());
            assertFit(letters.inputs(), application.ranks());
            assertFit(letters.outputs(), ranks(outputs));
        }
    }

    private static void assertFit(List<List<String>> operands, List<Integer> ranks) {
        assertThat(operands).hasSizeGreaterThanOrEqualTo(ranks.size());
        for (int slot = 0; slot < ranks.size(); slot++) {
            assertThat(PlainLetters.fit(operands.get(slot), ranks.get(slot)))
                    .as("axes %s of operand %d, which has rank %d", operands.get(slot), slot, ranks.get(slot))
                    .isTrue();
        }
    }

    @Test
    void equalQuestionsHaveEqualAnswersAndUnknownRanksAnAnswer() {
        for (Application application : applications()) {
            List<Integer> unknown = Collections.nCopies(application.inputs().size(), -1);
            for (List<Integer> ranks : List.of(application.ranks(), unknown)) {
                assertThat(semantics().indexNotation(application.node(), ranks))
                        .isEqualTo(semantics().indexNotation(application.node(), ranks));
            }
        }
    }

    @Test
    void positionsGoAsTheNotationSays() {
        for (Application application : applications()) {
            String notation = notation(application);
            PlainLetters letters = PlainLetters.of(notation);
            for (String letter : letters.letters(notation)) {
                assertGoes(application, letters, letter);
            }
        }
    }

    private void assertGoes(Application application, PlainLetters letters, String letter) {
        List<Place> places = PlainLetters.places(letters.inputs(), letter, application.ranks());
        int extent = places.stream()
                .mapToInt(place -> extent(application.inputs(), place))
                .max()
                .orElse(1);
        places.removeIf(place -> extent(application.inputs(), place) != extent);
        int[] kept = IntStream.range(0, extent).filter(i -> i % 2 == 0).toArray();
        List<Tensor> whole = computed(application.node(), application.inputs());
        List<Tensor> zeroed = computed(application.node(), changed(application.inputs(), places, kept, true));
        List<Tensor> cut = computed(application.node(), changed(application.inputs(), places, kept, false));
        List<Place> passed = PlainLetters.places(letters.outputs(), letter, ranks(whole));
        for (int slot = 0; slot < whole.size(); slot++) {
            int output = slot;
            List<Place> here =
                    passed.stream().filter(place -> place.operand() == output).toList();
            List<Tensor> expected = here.isEmpty() ? zeroed : changed(whole, here, kept, false);
            assertClose("letter " + letter + " of " + notation(application), cut.get(slot), expected.get(slot));
        }
    }

    /** Tensors without the positions that are not kept, or with zeros there. */
    private static List<Tensor> changed(List<Tensor> tensors, List<Place> places, int[] kept, boolean zeroed) {
        List<Tensor> changed = new ArrayList<>(tensors);
        for (Place place : places) {
            Tensor tensor = changed.get(place.operand());
            changed.set(
                    place.operand(),
                    zeroed ? zeroed(tensor, place.axis()) : Tensors.sliced(tensor, place.axis(), kept));
        }
        return changed;
    }

    /** Zeros at the odd positions of an axis. */
    private static Tensor zeroed(Tensor tensor, int axis) {
        double[] values = Tensors.toDoubles(tensor);
        long extent = tensor.shape().get(axis);
        long inner = tensor.shape().stream().skip(axis + 1L).reduce(1L, Math::multiplyExact);
        for (int i = 0; i < values.length; i++) {
            values[i] = i / inner % extent % 2 == 0 ? values[i] : 0;
        }
        return Tensors.fromDoubles(tensor.type(), tensor.shape(), values);
    }

    @Test
    void partsComputeWhatTheOperatorComputes() {
        for (Application application : applications()) {
            Optional<OperatorParts> parts = semantics().parts(application.node(), application.ranks());
            if (parts.isPresent()) {
                List<Tensor> expected = computed(application.node(), application.inputs());
                List<Tensor> actual = run(parts.get(), application.inputs());
                assertThat(actual).hasSameSizeAs(expected);
                for (int slot = 0; slot < expected.size(); slot++) {
                    assertClose("output " + slot + " of the parts", actual.get(slot), expected.get(slot));
                }
            }
        }
    }

    private List<Tensor> run(OperatorParts parts, List<Tensor> inputs) {
        Map<String, ValueType> types = new LinkedHashMap<>();
        Map<String, Tensor> values = new LinkedHashMap<>();
        for (int slot = 0; slot < inputs.size(); slot++) {
            Tensor input = inputs.get(slot);
            List<Dimension> shape =
                    input.shape().stream().<Dimension>map(Dimension.Fixed::new).toList();
            types.put(parts.inputs().get(slot), new ValueType(input.type(), Optional.of(shape)));
            values.put(parts.inputs().get(slot), input);
        }
        Graph graph = new Graph("parts", types, parts.outputs(), parts.nodes(), parts.constants(), Map.of());
        try (Runner runner = executor().prepare(graph, Settings.PLAIN)) {
            Map<String, Tensor> outputs = runner.run(values);
            return parts.outputs().stream().map(outputs::get).toList();
        }
    }

    private static void assertClose(String what, Tensor actual, Tensor expected) {
        assertThat(Outputs.difference(expected, actual, TOLERANCE)).as(what).isEmpty();
    }

    private String notation(Application application) {
        Optional<String> notation = semantics().indexNotation(application.node(), application.ranks());
        assertThat(notation).as("notation of %s", application.node()).isPresent();
        return notation.get();
    }

    private static List<Integer> ranks(List<Tensor> tensors) {
        return tensors.stream().map(tensor -> tensor.shape().size()).toList();
    }

    private static int extent(List<Tensor> tensors, Place place) {
        return tensors.get(place.operand()).shape().get(place.axis()).intValue();
    }
}
