package io.espalier.engine.verify;

import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.coupling.channel.Masking;
import io.espalier.engine.coupling.channel.Removal;
import io.espalier.engine.coupling.label.LabelledAxis;
import io.espalier.graph.flow.FlatGraph;
import io.espalier.graph.operator.Operators;
import io.espalier.graph.shape.Shapes;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.criterion.ParameterRole;
import io.espalier.spi.graph.FreshNames;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.GraphIndex;
import io.espalier.spi.graph.Node;
import io.espalier.spi.operator.Trait;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The masked original as edits of the original: where all that is masked are weights, their slices become zero, and the
 * native runtime itself can run the reference, with the scales and the rounding it has.
 */
final class NativeReference {

    private final Graph graph;
    private final GraphIndex index;
    private final Operators operators;
    private final FreshNames names;
    private final Map<Place, Tensor> masked = new LinkedHashMap<>();

    /** An operand that holds weights. */
    private record Place(String node, int slot, String constant) {}

    private NativeReference(Graph graph, Operators operators, FreshNames names) {
        this.graph = graph;
        this.index = GraphIndex.of(graph);
        this.operators = operators;
        this.names = names;
    }

    /** The edits; empty when something else than weights is masked. */
    static Optional<List<Edit>> edits(Graph graph, Shapes shapes, Coupling coupling, Removal removal) {
        Masking masking = new Masking(coupling, removal);
        NativeReference reference =
                new NativeReference(FlatGraph.of(graph, shapes), coupling.operators(), FreshNames.of(graph));
        boolean expressible = masking.narrowings().isEmpty()
                && masking.masks().stream().allMatch(mask -> mask.divided().isEmpty() && reference.apply(mask));
        if (!expressible) {
            return Optional.empty();
        }
        coupling.labelledAxes().forEach(labelledAxis -> reference.silence(labelledAxis, coupling, removal));
        return Optional.of(reference.edits());
    }

    /**
     * Zeroes what computes a removed channel, too. Nobody reads it any more, but a runtime that scales by what it sees
     * would see it.
     */
    private void silence(LabelledAxis labelledAxis, Coupling coupling, Removal removal) {
        String constant = labelledAxis.use().constant();
        Tensor weights = graph.constants().get(constant);
        boolean computes = labelledAxis.role() == ParameterRole.PRODUCER || labelledAxis.role() == ParameterRole.BIAS;
        boolean plain = weights != null
                && labelledAxis.extents().size() == 1
                && weights.shape().get(labelledAxis.axis())
                        == labelledAxis.extents().get(0).longValue();
        if (!computes || !plain || !index.isReadOnce(constant)) {
            return;
        }
        Node reader = index.readers(constant).get(0).node();
        Optional<Tensor> zero = converts(reader) ? zeroPoint(reader) : Optional.empty();
        if (zero.isPresent() && zero.get().size() > 1 && !isSymmetric(zero.get())) {
            return;
        }
        int slot = index.readers(constant).get(0).slot();
        Place place = new Place(reader.id(), slot, constant);
        double neutral = zero.map(tensor -> Tensors.toDoubles(tensor)[0]).orElse(0.0);
        masked.put(
                place,
                masked(
                        masked.getOrDefault(place, weights),
                        mask(
                                labelledAxis,
                                coupling,
                                removal,
                                place,
                                weights.shape().size()),
                        neutral));
    }

    private static Masking.Mask mask(
            LabelledAxis labelledAxis, Coupling coupling, Removal removal, Place place, int rank) {
        int[] classes = coupling.classesAt(labelledAxis);
        float[] values = new float[classes.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = classes[i] >= 0 && removal.removes(classes[i]) ? 0 : 1;
        }
        List<Long> shape = new ArrayList<>(Collections.nCopies(rank - labelledAxis.axis(), 1L));
        shape.set(0, (long) values.length);
        return new Masking.Mask(place.node(), place.slot(), shape, values, Map.of());
    }

    private boolean apply(Masking.Mask mask) {
        Node node = index.node(mask.node()).orElseThrow();
        int slot = mask.slot();
        String value = node.inputs().get(slot);
        Optional<Tensor> zero = Optional.empty();
        for (Optional<Node> found = index.producer(value); found.isPresent(); found = index.producer(value)) {
            Node maker = found.get();
            boolean converts = converts(maker);
            if (!converts || !index.isReadOnce(value)) {
                return false;
            }
            zero = zero.isPresent() ? zero : zeroPoint(maker);
            node = maker;
            slot = 0;
            value = maker.inputs().get(0);
        }
        Tensor weights = graph.constants().get(value);
        boolean oneZero = zero.isEmpty() || zero.get().size() == 1 || isSymmetric(zero.get());
        if (weights == null || !oneZero) {
            return false;
        }
        Place place = new Place(node.id(), slot, value);
        double neutral = zero.map(tensor -> Tensors.toDoubles(tensor)[0]).orElse(0.0);
        masked.put(place, masked(masked.getOrDefault(place, weights), mask, neutral));
        return true;
    }

    /** Whether a node lies between stored weights and the numbers they stand for. */
    private boolean converts(Node node) {
        return operators.is(node, Trait.DEQUANTISES)
                || operators.is(node, Trait.CASTS)
                || operators.is(node, Trait.SUBTRACTS);
    }

    /** The stored number that stands for zero. */
    private Optional<Tensor> zeroPoint(Node maker) {
        Optional<String> name = maker.input(operators.is(maker, Trait.SUBTRACTS) ? 1 : 2);
        return name.map(value -> index.origin(value, node -> operators.is(node, Trait.CASTS)))
                .flatMap(index::constant);
    }

    private static boolean isSymmetric(Tensor zeros) {
        for (double zero : Tensors.toDoubles(zeros)) {
            if (zero != 0) {
                return false;
            }
        }
        return true;
    }

    private static Tensor masked(Tensor weights, Masking.Mask mask, double neutral) {
        double[] values = Tensors.toDoubles(weights);
        int rank = weights.shape().size();
        int offset = rank - mask.shape().size();
        for (int i = 0; i < values.length; i++) {
            int rest = i;
            int place = 0;
            int stride = 1;
            for (int axis = rank - 1; axis >= 0; axis--) {
                int extent = weights.shape().get(axis).intValue();
                int position = rest % extent;
                rest /= extent;
                int own = axis < offset ? 1 : mask.shape().get(axis - offset).intValue();
                place += own == 1 ? 0 : position * stride;
                stride *= own;
            }
            values[i] = mask.values()[place] == 0 ? neutral : values[i];
        }
        return Tensors.fromDoubles(weights.type(), weights.shape(), values);
    }

    private List<Edit> edits() {
        List<Edit> edits = new ArrayList<>();
        masked.forEach((place, value) -> edits.add(
                index.isReadOnce(place.constant())
                        ? new Edit.SetConstant(place.constant(), value)
                        : new Edit.SetInput(
                                place.node(),
                                place.slot(),
                                names.fresh(place.node() + "/masked" + place.slot()),
                                value)));
        return edits;
    }
}
