package io.espalier.engine.surgery;

import io.espalier.graph.operator.Movement;
import io.espalier.graph.operator.Operators;
import io.espalier.graph.shape.IntTensor;
import io.espalier.graph.shape.Shapes;
import io.espalier.graph.symbol.Dim;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.graph.FreshNames;
import io.espalier.spi.graph.GraphIndex;
import io.espalier.spi.graph.Node;
import io.espalier.spi.operator.Trait;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Collects changes of operand elements and finds the place to make them: the operand itself when all of it is known, or
 * the pieces that a Concat joins and the operands that a Where chooses from.
 */
final class OperandPatches {

    private final GraphIndex index;
    private final FreshNames names;
    private final Shapes after;
    private final Operators operators;
    private final Map<Slot, Tensor> replaced = new LinkedHashMap<>();
    private final List<Edit> attributes = new ArrayList<>();

    private record Slot(String node, int slot) {}

    OperandPatches(GraphIndex index, FreshNames names, Shapes after, Operators operators) {
        this.index = index;
        this.names = names;
        this.after = after;
        this.operators = operators;
    }

    void removeAttribute(Node node, String attribute) {
        if (node.attributes().containsKey(attribute)) {
            attributes.add(new Edit.SetAttribute(node.id(), attribute, Optional.empty()));
        }
    }

    /**
     * Gives a node an operand of its own.
     *
     * @throws InvalidInputException when the operand follows from an input, which would then have no effect any more
     */
    void replace(Node node, int slot, Tensor value) {
        if (slot < node.inputs().size() && readsGiven(node.inputs().get(slot))) {
            throw fixed(node, node.inputs().get(slot));
        }
        Slot place = new Slot(node.id(), slot);
        Tensor earlier = replaced.putIfAbsent(place, value);
        if (earlier != null && !Arrays.equals(Tensors.toLongs(earlier), Tensors.toLongs(value))) {
            throw new IllegalStateException("two readers of '" + node.id() + "' need different extents");
        }
    }

    /** Changes some elements of a one-dimensional operand. */
    void patch(Node node, int slot, Map<Integer, Long> changes) {
        if (changes.isEmpty()) {
            return;
        }
        String operand = node.inputs().get(slot);
        Optional<List<Dim>> known = after.content(operand).flatMap(IntTensor::known);
        boolean isKnown = known.isPresent() && known.get().stream().allMatch(Dim::isConstant);
        if (isKnown && !readsGiven(operand)) {
            long[] values = known.get().stream().mapToLong(Dim::constant).toArray();
            changes.forEach((place, value) -> values[place] = value);
            replace(node, slot, vectorLike(operand, values));
            return;
        }
        patchPieces(node, operand, changes);
    }

    /**
     * Whether elements of an operand can be changed for this reader alone: all of it is known, or it is joined from
     * pieces that nothing else reads.
     */
    boolean isOwn(Node node, int slot) {
        if (after.content(node.inputs().get(slot)).flatMap(IntTensor::constants).isPresent()) {
            return true;
        }
        Optional<Node> producer = onlyReadHere(node, slot);
        while (producer.isPresent() && keepsElements(producer.get())) {
            producer = onlyReadHere(producer.get(), 0);
        }
        return producer.isPresent() && operators.moves(producer.get(), Movement.CONCAT);
    }

    private Optional<Node> onlyReadHere(Node node, int slot) {
        String operand = node.inputs().get(slot);
        return index.isReadOnce(operand) ? index.producer(operand) : Optional.empty();
    }

    /**
     * Changes the constant factor of a product that an element of an operand is, such as batch times heads, or the
     * constant divisor of a quotient.
     *
     * @return whether the element is such a product or quotient
     */
    boolean patchFactor(String operand, int place, Dim wanted) {
        Node producer = index.producer(operand).orElse(null);
        if (producer == null) {
            return false;
        }
        if (keepsElements(producer)
                || operators.moves(producer, Movement.SQUEEZE)
                || operators.moves(producer, Movement.UNSQUEEZE)) {
            return patchFactor(producer.inputs().get(0), place, wanted);
        }
        if (operators.moves(producer, Movement.CONCAT)) {
            return patchJoinedFactor(producer, place, wanted);
        }
        if (operators.is(producer, Trait.MULTIPLIES)) {
            return patchFactor(producer, 0, place, wanted) || patchFactor(producer, 1, place, wanted);
        }
        if (operators.is(producer, Trait.DIVIDES)) {
            return patchDivisor(producer, wanted);
        }
        return operators.is(producer, Trait.CHOOSES)
                && chosen(producer, place)
                        .map(slot -> patchFactor(producer.inputs().get(slot), place, wanted))
                        .orElse(false);
    }

    /** Whether the elements of a vector are those of the first operand, in the same order. */
    private boolean keepsElements(Node node) {
        return operators.is(node, Trait.CASTS)
                || operators.is(node, Trait.IDENTITY)
                || operators.moves(node, Movement.RESHAPE);
    }

    private boolean patchDivisor(Node quotient, Dim wanted) {
        String divisor = quotient.inputs().get(1);
        Optional<Dim> found = single(quotient.inputs().get(0)).flatMap(dividend -> dividend.divideExactly(wanted));
        if (found.filter(Dim::isConstant).isEmpty()
                || single(divisor).filter(Dim::isConstant).isEmpty()) {
            return false;
        }
        replace(quotient, 1, tensor(after, divisor, List.of(found.get().constant())));
        return true;
    }

    /** The only element of an operand. */
    private Optional<Dim> single(String operand) {
        return after.content(operand)
                .flatMap(IntTensor::known)
                .filter(elements -> elements.size() == 1)
                .map(elements -> elements.get(0));
    }

    private boolean patchJoinedFactor(Node concat, int place, Dim wanted) {
        int start = 0;
        for (String piece : concat.inputs()) {
            int length = length(piece, concat);
            if (place < start + length) {
                return patchFactor(piece, place - start, wanted);
            }
            start += length;
        }
        return false;
    }

    private boolean patchFactor(Node product, int slot, int place, Dim wanted) {
        Optional<IntTensor> factor = after.content(product.inputs().get(slot));
        Optional<IntTensor> other = after.content(product.inputs().get(1 - slot));
        Optional<List<Long>> numbers = factor.flatMap(IntTensor::constants).filter(each -> place < each.size());
        Optional<Dim> quotient = other.filter(each -> place < each.elements().size())
                .flatMap(each -> each.elements().get(place))
                .flatMap(wanted::divideExactly)
                .filter(Dim::isConstant);
        if (numbers.isEmpty() || quotient.isEmpty()) {
            return false;
        }
        double[] values = numbers.get().stream().mapToDouble(Long::doubleValue).toArray();
        values[place] = quotient.get().constant();
        DataType type = after.type(product.inputs().get(slot)).orElse(DataType.INT64);
        replace(product, slot, Tensors.fromDoubles(type, factor.get().shape(), values));
        return true;
    }

    /** A tensor of the type and shape of a value. */
    static Tensor tensor(Shapes before, String like, List<Long> values) {
        List<Long> shape = before.content(like).orElseThrow().shape();
        DataType type = before.type(like).orElse(DataType.INT64);
        return Tensors.fromDoubles(
                type, shape, values.stream().mapToDouble(Long::doubleValue).toArray());
    }

    private Tensor vectorLike(String operand, long... values) {
        DataType type = after.type(operand).orElse(DataType.INT64);
        double[] numbers = Arrays.stream(values).mapToDouble(value -> value).toArray();
        return type == DataType.INT64
                ? Tensors.vector(values)
                : Tensors.fromDoubles(type, List.of((long) values.length), numbers);
    }

    private void patchPieces(Node node, String operand, Map<Integer, Long> changes) {
        Node producer = index.producer(operand).orElse(null);
        if (producer != null && keepsElements(producer)) {
            patch(producer, 0, changes);
        } else if (producer != null && operators.moves(producer, Movement.CONCAT)) {
            patchJoined(producer, changes);
        } else if (producer != null && operators.is(producer, Trait.CHOOSES)) {
            patchChosen(producer, changes);
        } else {
            throw fixed(node, operand);
        }
    }

    private static InvalidInputException fixed(Node node, String operand) {
        return new InvalidInputException("The extents that '" + node.id() + "' (" + node.operator() + ") reads from '"
                + operand + "' change, and they cannot be rewritten; leave out what it reads with --ignore.");
    }

    /** Whether a value follows from the value of an input that was given, and not only from its extents. */
    private boolean readsGiven(String value) {
        Set<String> given = index.graph().given().keySet();
        if (given.isEmpty()) {
            return false;
        }
        Set<String> seen = new HashSet<>(Set.of(value));
        Deque<String> open = new ArrayDeque<>(seen);
        while (!open.isEmpty()) {
            String next = open.pop();
            if (given.contains(next)) {
                return true;
            }
            index.producer(next)
                    .filter(maker -> !operators.is(maker, Trait.READS_EXTENTS))
                    .ifPresent(
                            maker -> maker.inputs().stream().filter(seen::add).forEach(open::push));
        }
        return false;
    }

    private void patchJoined(Node concat, Map<Integer, Long> changes) {
        int start = 0;
        for (int piece = 0; piece < concat.inputs().size(); piece++) {
            int length = length(concat.inputs().get(piece), concat);
            Map<Integer, Long> own = new LinkedHashMap<>();
            for (int i = 0; i < length; i++) {
                Long value = changes.get(start + i);
                if (value != null) {
                    own.put(i, value);
                }
            }
            if (own.size() == length && length > 0) {
                long[] values = own.values().stream().mapToLong(Long::longValue).toArray();
                replace(concat, piece, vectorLike(concat.inputs().get(piece), values));
            } else {
                patch(concat, piece, own);
            }
            start += length;
        }
    }

    /** Each element is changed in the operand it is chosen from. */
    private void patchChosen(Node where, Map<Integer, Long> changes) {
        Map<Integer, Map<Integer, Long>> bySlot = new LinkedHashMap<>();
        changes.forEach((place, value) -> {
            int chosen = chosen(where, place)
                    .orElseThrow(() -> new IllegalStateException("it is not known which extent '" + where.id()
                            + "' (Where) chooses at " + place + ", so it cannot be rewritten"));
            bySlot.computeIfAbsent(chosen, slot -> new LinkedHashMap<>()).put(place, value);
        });
        bySlot.forEach((slot, own) -> patch(where, slot, own));
    }

    /** The slot that a Where takes an element from. */
    private Optional<Integer> chosen(Node where, int place) {
        return after.content(where.inputs().get(0))
                .filter(condition -> place < condition.elements().size())
                .flatMap(condition -> condition.elements().get(place))
                .filter(Dim::isConstant)
                .map(condition -> condition.constant() != 0 ? 1 : 2);
    }

    private int length(String piece, Node concat) {
        return after.shape(piece)
                .filter(shape -> shape.size() == 1 && shape.get(0).isConstant())
                .map(shape -> (int) shape.get(0).constant())
                .orElseThrow(() ->
                        new IllegalStateException("the pieces that '" + concat.id() + "' joins have unknown lengths"));
    }

    List<Edit> edits() {
        List<Edit> edits = new ArrayList<>();
        replaced.forEach((place, value) -> edits.add(
                new Edit.SetInput(place.node(), place.slot(), names.fresh(place.node() + "/" + place.slot()), value)));
        edits.addAll(attributes);
        return edits;
    }
}
