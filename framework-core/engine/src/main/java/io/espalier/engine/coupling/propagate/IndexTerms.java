package io.espalier.engine.coupling.propagate;

import io.espalier.engine.coupling.propagate.IndexTerm.Kind;
import io.espalier.graph.operator.Movement;
import io.espalier.graph.operator.OperatorDefinition;
import io.espalier.graph.operator.Operators;
import io.espalier.graph.shape.IntTensor;
import io.espalier.graph.shape.Progression;
import io.espalier.graph.shape.Progression.Column;
import io.espalier.graph.shape.Shapes;
import io.espalier.graph.symbol.Dim;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.GraphIndex;
import io.espalier.spi.graph.Node;
import io.espalier.spi.operator.Trait;
import io.espalier.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** Takes sums of counted positions apart. Nothing else may read the sums, because their constants are rewritten. */
final class IndexTerms {

    private final GraphIndex index;
    private final Shapes shapes;
    private final Operators operators;

    IndexTerms(Graph graph, Shapes shapes, Operators operators) {
        this.index = GraphIndex.of(graph);
        this.shapes = shapes;
        this.operators = operators;
    }

    /** The terms of an operand, empty when one of them is not understood. */
    Optional<List<IndexTerm>> of(Node reader, int slot) {
        List<IndexTerm> found = new ArrayList<>();
        String indices = reader.inputs().get(slot);
        List<Integer> axes =
                IntStream.range(0, shapes.require(indices).size()).boxed().toList();
        return collect(reader, slot, axes, found) ? Optional.of(found) : Optional.empty();
    }

    private boolean collect(Node reader, int slot, List<Integer> axes, List<IndexTerm> found) {
        String value = reader.inputs().get(slot);
        Tensor constant = index.constants().get(value);
        if (constant != null) {
            Optional<Column> column = Progression.of(constant)
                    .flatMap(Progression::single)
                    .filter(own -> IntStream.range(0, axes.size())
                            .allMatch(axis -> own.steps().get(axis) != 0
                                    || constant.shape().get(axis) == 1));
            column.ifPresent(own -> found.add(new IndexTerm(reader, slot, Kind.NUMBERS, own, 1, axes)));
            return column.isPresent() && operators.is(reader, Trait.ADDS);
        }
        Optional<Column> column = column(value);
        Node producer = index.producer(value).orElse(null);
        if (column.isEmpty() || producer == null) {
            return false;
        }
        if (operators.moves(producer, Movement.RANGE)) {
            return found.add(new IndexTerm(reader, slot, Kind.COUNTED, column.get(), 1, axes));
        }
        return index.isReadOnce(value) && computed(producer, axes, found);
    }

    private boolean computed(Node producer, List<Integer> axes, List<IndexTerm> found) {
        if (operators.is(producer, Trait.ADDS)) {
            return collect(producer, 0, broadcast(producer, 0, axes), found)
                    && collect(producer, 1, broadcast(producer, 1, axes), found);
        }
        if (operators.is(producer, Trait.MULTIPLIES)) {
            return scaled(producer, 0, axes, found) || scaled(producer, 1, axes, found);
        }
        if (operators.is(producer, Trait.CASTS) || operators.is(producer, Trait.IDENTITY)) {
            return collect(producer, 0, axes, found);
        }
        return regroups(producer) && collect(producer, 0, regrouped(producer, axes), found);
    }

    private boolean regroups(Node node) {
        return operators
                .of(node)
                .flatMap(OperatorDefinition::movement)
                .filter(Set.of(Movement.RESHAPE, Movement.SQUEEZE, Movement.UNSQUEEZE)::contains)
                .isPresent();
    }

    private Optional<Column> column(String value) {
        return shapes.progression(value).flatMap(Progression::single);
    }

    /** The axes of an operand that is broadcast to those of the result. */
    private List<Integer> broadcast(Node node, int slot, List<Integer> axes) {
        int rank = shapes.require(node.inputs().get(slot)).size();
        return axes.subList(axes.size() - rank, axes.size());
    }

    private boolean scaled(Node product, int slot, List<Integer> axes, List<IndexTerm> found) {
        Optional<Long> factor = shapes.content(product.inputs().get(slot))
                .flatMap(IntTensor::constants)
                .filter(elements -> elements.size() == 1)
                .map(elements -> elements.get(0));
        Optional<Column> own = column(product.inputs().get(1 - slot));
        List<Integer> counted = broadcast(product, 1 - slot, axes);
        List<IndexTerm> inner = new ArrayList<>();
        boolean isRange = collect(product, 1 - slot, counted, inner)
                && inner.stream().allMatch(term -> term.kind() == Kind.COUNTED);
        if (factor.isEmpty() || own.isEmpty() || !isRange) {
            return false;
        }
        return found.add(new IndexTerm(product, slot, Kind.FACTOR, own.get(), factor.get(), counted));
    }

    /** The axes before extents of 1 came or went. */
    private List<Integer> regrouped(Node node, List<Integer> axes) {
        List<Dim> extents = shapes.require(node.outputs().get(0));
        List<Integer> left = IntStream.range(0, axes.size())
                .filter(axis -> !extents.get(axis).is(1))
                .mapToObj(axes::get)
                .toList();
        List<Integer> result = new ArrayList<>();
        int next = 0;
        for (Dim extent : shapes.require(node.inputs().get(0))) {
            result.add(extent.is(1) ? -1 : left.get(next++));
        }
        return result;
    }
}
