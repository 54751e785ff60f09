package io.espalier.graph.operator;

import io.espalier.graph.operator.IndexNotation.AxisTerm;
import io.espalier.graph.shape.Dim;
import io.espalier.graph.shape.ShapeRule;
import io.espalier.spi.graph.Node;
import io.espalier.spi.operator.OperatorSemantics;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The shapes of operators that a plug-in teaches, read off their index lines. */
public final class TaughtShapes implements ShapeRule {

    private final Map<String, OperatorSemantics> byOperator = new LinkedHashMap<>();

    private TaughtShapes(List<OperatorSemantics> taught) {
        taught.forEach(
                semantics -> semantics.operators().forEach(operator -> byOperator.putIfAbsent(operator, semantics)));
    }

    /** The shape rules of some taught operators. */
    public static List<ShapeRule> rules(List<OperatorSemantics> taught) {
        return taught.isEmpty() ? List.of() : List.of(new TaughtShapes(taught));
    }

    @Override
    public Set<String> operators() {
        return new TreeSet<>(byOperator.keySet());
    }

    @Override
    public List<Optional<List<Dim>>> infer(Node node, List<Optional<List<Dim>>> inputs) {
        List<Integer> ranks =
                inputs.stream().map(shape -> shape.map(List::size).orElse(-1)).toList();
        Optional<IndexNotation> line = byOperator
                .get(node.qualifiedOperator())
                .indexLine(node, ranks)
                .map(text -> IndexNotation.parse(text, ranks, IndexLines.integers(node)));
        if (line.isEmpty()) {
            return List.of();
        }
        Map<String, Dim> sizes = sizes(line.get(), inputs);
        return line.get().outputs().stream().map(axes -> shape(axes, sizes)).toList();
    }

    private static Map<String, Dim> sizes(IndexNotation line, List<Optional<List<Dim>>> inputs) {
        Map<String, Dim> sizes = new LinkedHashMap<>();
        line.sizes().forEach((letter, size) -> sizes.put(letter, Dim.of(size)));
        for (int slot = 0; slot < inputs.size(); slot++) {
            Optional<List<AxisTerm>> terms = line.inputs().get(slot);
            if (terms.isPresent()) {
                learn(terms.get(), inputs.get(slot).orElseThrow(), sizes);
            }
        }
        return sizes;
    }

    private static void learn(List<AxisTerm> terms, List<Dim> shape, Map<String, Dim> sizes) {
        for (int axis = 0; axis < terms.size(); axis++) {
            Dim rest = shape.get(axis);
            List<String> open = new ArrayList<>();
            for (Letter letter : terms.get(axis).letters()) {
                Dim known = terms.get(axis).letters().size() == 1 ? null : sizes.get(letter.name());
                if (known == null) {
                    open.add(letter.name());
                } else {
                    rest = rest.divideExactly(known).orElse(rest);
                }
            }
            if (open.size() == 1 && (!rest.equals(Dims.ONE) || !sizes.containsKey(open.get(0)))) {
                sizes.put(open.get(0), rest);
            }
        }
    }

    /** Empty when a letter is opaque or its size is not known: the operator may change such an extent. */
    private static Optional<List<Dim>> shape(List<AxisTerm> axes, Map<String, Dim> sizes) {
        List<Dim> shape = new ArrayList<>();
        for (AxisTerm axis : axes) {
            Dim extent = Dims.ONE;
            for (Letter letter : axis.letters()) {
                Dim size = sizes.get(letter.name());
                if (size == null || letter.marker() == Letter.Marker.OPAQUE) {
                    return Optional.empty();
                }
                extent = extent.times(size);
            }
            shape.add(extent);
        }
        return Optional.of(shape);
    }
}
