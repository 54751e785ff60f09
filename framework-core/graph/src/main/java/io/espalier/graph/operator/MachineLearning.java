package io.espalier.graph.operator;

import static io.espalier.graph.operator.NotationText.letters;
import static io.espalier.graph.operator.NotationText.operand;
import static io.espalier.graph.operator.OperatorDefinition.define;
import static io.espalier.spi.operator.SlotRole.DATA;
import static io.espalier.spi.operator.SlotRole.INDICES;

import io.espalier.graph.operator.OperatorDefinition.Builder;
import io.espalier.graph.shape.NodeScope;
import io.espalier.graph.symbol.Dim;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Node;
import io.espalier.spi.tensor.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What stands around networks in pipelines, of domain {@code ai.onnx.ml}: preprocessing, trees, linear models and labels.
 * What they learned lies in attributes, so that nothing can be removed from what they see. Texts are values without an
 * element type, and a sequence of maps is the matrix of their values.
 */
final class MachineLearning {

    private static final String DOMAIN = "ai.onnx.ml.";

    private MachineLearning() {}

    static List<Builder> definitions() {
        return List.of(
                learned("Normalizer")
                        .notation("x[... !c] -> y[... c]")
                        .shape(1, scope -> scope.put(0, DataType.FLOAT32, scope.shape(0))),
                learned("Imputer").notation("x[... #c] -> y[... c]").sameShape(),
                learned("Binarizer").notation("x[...] -> y[...]").sameShape().decides(1),
                learned("LabelEncoder", "CategoryMapper")
                        .notation("x[...] -> y[...]")
                        .shape(1, scope -> scope.put(0, labelType(scope), scope.shape(0)))
                        .decides(1),
                learned("ArrayFeatureExtractor")
                        .notation(MachineLearning::extractor)
                        .shape(2, MachineLearning::extractor)
                        .roles(DATA, INDICES),
                learned("FeatureVectorizer")
                        .notation(MachineLearning::vectorizer)
                        .shape(1, MachineLearning::vectorizer),
                learned("OneHotEncoder")
                        .notation("x[...] -> y[... ~k]")
                        .shape(1, MachineLearning::oneHot)
                        .decides(1),
                learned("ZipMap")
                        .notation("x[... #c] -> y[... c]")
                        .shape(1, scope -> scope.put(0, DataType.FLOAT32, scope.shape(0))),
                whole("LinearRegressor").shape(1, scope -> rows(scope, 0, targets(scope, "targets"))),
                whole("SVMRegressor").shape(1, scope -> rows(scope, 0, Dim.ONE)),
                whole("LinearClassifier").shape(1, MachineLearning::linear).decides(1),
                whole("SVMClassifier")
                        .shape(1, scope -> classes(scope, scope.fresh(1, 1)))
                        .decides(1),
                whole("TreeEnsemble", "TreeEnsembleRegressor")
                        .shape(1, scope -> rows(scope, 0, targets(scope, "n_targets")))
                        .decides(1),
                whole("TreeEnsembleClassifier")
                        .shape(1, scope -> classes(scope, labels(scope.node()).orElseGet(() -> scope.fresh(1, 1))))
                        .decides(1));
    }

    private static Builder learned(String... names) {
        return define(Stream.of(names).map(DOMAIN::concat).toArray(String[]::new));
    }

    /** Operators in which every element of the operand may change every element of the results. */
    private static Builder whole(String... names) {
        return learned(names).notation(NotationText::whole);
    }

    private static Optional<DataType> labelType(NodeScope scope) {
        Node node = scope.node();
        boolean fromNumbers = scope.type(0).isPresent();
        if (node.attributes().get("values_tensor") instanceof Attribute.Constant values) {
            return Optional.of(values.value().type());
        }
        if (node.attributes().containsKey("values_floats")) {
            return Optional.of(DataType.FLOAT32);
        }
        boolean mapper = node.operator().equals("CategoryMapper");
        return node.attributes().containsKey("values_int64s") || mapper && !fromNumbers
                ? Optional.of(DataType.INT64)
                : Optional.empty();
    }

    /** Picks positions of the last axis; a vector counts as one row. */
    private static Optional<String> extractor(NodeView view) {
        int rank = view.rank(0);
        if (rank < 1 || view.rank(1) < 0) {
            return Optional.empty();
        }
        List<String> rows = letters("a", rank - 1);
        List<String> picked = new ArrayList<>(rank == 1 ? List.of("1") : rows);
        picked.add("~k");
        List<String> axes = new ArrayList<>(rows);
        axes.add("#v");
        return Optional.of(
                operand("x", axes) + " " + operand("i", letters("#i", view.rank(1))) + " -> " + operand("y", picked));
    }

    private static void extractor(NodeScope scope) {
        List<Dim> data = scope.shape(0);
        if (data.isEmpty()) {
            throw scope.conflict("a scalar has no positions");
        }
        List<Dim> output = new ArrayList<>(data.size() == 1 ? List.of(Dim.ONE) : data.subList(0, data.size() - 1));
        output.add(Dims.product(scope.shape(1)));
        scope.put(0, output);
    }

    private static Optional<String> vectorizer(NodeView view) {
        List<String> parts = new ArrayList<>();
        for (int slot = 0; slot < view.node().inputs().size(); slot++) {
            parts.add(operand("x", letters("#x" + slot + "_", Math.max(view.rank(slot), 0))));
        }
        return Optional.of(String.join(" ", parts) + " -> y[~n ~k]");
    }

    private static void vectorizer(NodeScope scope) {
        Dim features = scope.node()
                .intsAttribute("inputdimensions")
                .map(all -> Dim.of(all.stream().mapToLong(Long::longValue).sum()))
                .orElseGet(() -> scope.fresh(0, 1));
        rows(scope, 0, features);
    }

    private static void oneHot(NodeScope scope) {
        List<Dim> output = new ArrayList<>(scope.shape(0));
        output.add(length(scope.node(), "cats_int64s", "cats_strings").orElseGet(() -> scope.fresh(0, output.size())));
        scope.put(0, DataType.FLOAT32, output);
    }

    /** Two labels may be told apart by one function. */
    private static void linear(NodeScope scope) {
        Optional<Dim> labels = labels(scope.node());
        Optional<Dim> functions = length(scope.node(), "intercepts");
        boolean pair = labels.equals(Optional.of(Dim.of(2))) && functions.equals(Optional.of(Dim.ONE));
        classes(scope, (pair ? labels : functions.or(() -> labels)).orElseGet(() -> scope.fresh(1, 1)));
    }

    private static Optional<Dim> labels(Node node) {
        return length(node, "classlabels_strings", "classlabels_int64s", "classlabels_ints");
    }

    private static void classes(NodeScope scope, Dim scores) {
        boolean named = length(scope.node(), "classlabels_strings").isPresent();
        scope.put(0, named ? Optional.empty() : Optional.of(DataType.INT64), List.of(batch(scope)));
        rows(scope, 1, scores);
    }

    private static Dim targets(NodeScope scope, String attribute) {
        return Dim.of(scope.node().intAttribute(attribute, 1));
    }

    /** A matrix with a row for each row of the operand. */
    private static void rows(NodeScope scope, int slot, Dim columns) {
        boolean asGiven = scope.node().operator().equals("TreeEnsemble");
        scope.put(slot, asGiven ? scope.type(0) : Optional.of(DataType.FLOAT32), List.of(batch(scope), columns));
    }

    private static Dim batch(NodeScope scope) {
        List<Dim> input = scope.shape(0);
        return input.size() < 2 ? Dim.ONE : input.get(0);
    }

    /** The length of the first list among attributes that is not empty. */
    private static Optional<Dim> length(Node node, String... attributes) {
        return Stream.of(attributes)
                .map(name -> node.attributes().get(name))
                .mapToInt(MachineLearning::length)
                .filter(length -> length > 0)
                .mapToObj(Dim::of)
                .findFirst();
    }

    private static int length(Attribute list) {
        if (list instanceof Attribute.Ints ints) {
            return ints.values().size();
        }
        if (list instanceof Attribute.Reals reals) {
            return reals.values().size();
        }
        return list instanceof Attribute.Texts texts ? texts.values().size() : 0;
    }
}
