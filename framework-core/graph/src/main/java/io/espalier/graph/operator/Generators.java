package io.espalier.graph.operator;

import static io.espalier.graph.operator.NotationText.letters;
import static io.espalier.graph.operator.NotationText.operand;
import static io.espalier.graph.operator.OperatorDefinition.define;
import static io.espalier.spi.operator.SlotRole.DATA;
import static io.espalier.spi.operator.SlotRole.POSITIONS;
import static io.espalier.spi.operator.SlotRole.SETTING;
import static io.espalier.spi.operator.SlotRole.SHAPE;

import io.espalier.graph.operator.OperatorDefinition.Builder;
import io.espalier.graph.shape.Content;
import io.espalier.graph.shape.NodeScope;
import io.espalier.graph.shape.Progression;
import io.espalier.graph.shape.Value;
import io.espalier.graph.symbol.Dim;
import io.espalier.graph.symbol.Fraction;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Node;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** Operators that make values out of extents, settings and random numbers. */
final class Generators {

    private Generators() {}

    static List<Builder> definitions() {
        return List.of(
                define("Constant").shape(0, Generators::constant),
                define("ConstantOfShape")
                        .shape(1, Generators::constantOfShape)
                        .roles(SHAPE)
                        .moves(Movement.FILL),
                define("Range")
                        .shape(3, Generators::range)
                        .roles(POSITIONS, POSITIONS, POSITIONS)
                        .moves(Movement.RANGE),
                define("EyeLike").notation(NotationText::whole).shape(1, Generators::eyeLike),
                define("OneHot")
                        .notation(Generators::oneHot)
                        .shape(2, Generators::oneHot)
                        .roles(DATA, SHAPE, SETTING),
                define("RandomNormal")
                        .shape(0, Generators::random)
                        .draws(Generators::normal)
                        .moves(Movement.GENERATE),
                define("RandomUniform")
                        .shape(0, Generators::random)
                        .draws(Generators::uniform)
                        .moves(Movement.GENERATE),
                define("RandomNormalLike")
                        .notation(NotationText::whole)
                        .shape(1, Generators::randomLike)
                        .draws(Generators::normal),
                define("RandomUniformLike")
                        .notation(NotationText::whole)
                        .shape(1, Generators::randomLike)
                        .draws(Generators::uniform),
                define("Bernoulli")
                        .notation(NotationText::whole)
                        .shape(1, Generators::randomLike)
                        .draws((view, random) -> random.nextInt(2))
                        .decides(1),
                define("Multinomial")
                        .notation("x[n #c] -> y[n ~k]")
                        .shape(1, Generators::multinomial)
                        .draws(Generators::position)
                        .decides(1));
    }

    private static double normal(NodeView view, SplittableRandom random) {
        return view.node().realAttribute("mean", 0) + view.node().realAttribute("scale", 1) * random.nextGaussian();
    }

    private static double uniform(NodeView view, SplittableRandom random) {
        double low = view.node().realAttribute("low", 0);
        return low + (view.node().realAttribute("high", 1) - low) * random.nextDouble();
    }

    private static double position(NodeView view, SplittableRandom random) {
        return view.shape(0)
                .map(shape -> shape.get(1))
                .filter(Dim::isConstant)
                .map(extent -> (double) random.nextLong(extent.constant()))
                .orElse(0.0);
    }

    private static Optional<String> oneHot(NodeView view) {
        int rank = view.rank(0);
        if (rank < 0) {
            return Optional.empty();
        }
        List<String> axes = letters("a", rank);
        List<String> longer = new ArrayList<>(axes);
        longer.add(view.axis("axis", -1, rank + 1), "~d");
        return Optional.of(operand("i", axes) + " _ _ -> " + operand("y", longer));
    }

    private static void constant(NodeScope scope) {
        Node node = scope.node();
        if (node.attributes().get("value") instanceof Attribute.Constant constant) {
            scope.put(0, Value.constant(constant.value()));
        } else if (node.attributes().get("value_int") instanceof Attribute.Int number) {
            put(scope, DataType.INT64, Content.scalar(Fraction.of(number.value())));
        } else if (node.attributes().get("value_ints") instanceof Attribute.Ints numbers) {
            put(
                    scope,
                    DataType.INT64,
                    Content.vector(numbers.values().stream().map(Dim::of).toList()));
        } else if (node.attributes().get("value_float") instanceof Attribute.Real number) {
            put(scope, DataType.FLOAT32, new Content(List.of(), List.of(Fraction.of(number.value(), true))));
        } else if (node.attributes().get("value_floats") instanceof Attribute.Reals numbers) {
            List<Optional<Fraction>> elements = numbers.values().stream()
                    .map(value -> Fraction.of(value, true))
                    .toList();
            put(scope, DataType.FLOAT32, new Content(List.of((long) elements.size()), elements));
        } else if (node.attributes().get("value_strings") instanceof Attribute.Texts texts) {
            scope.put(0, Optional.empty(), List.of(Dim.of(texts.values().size())));
        } else if (node.attributes().get("value_string") instanceof Attribute.Text) {
            scope.put(0, Optional.empty(), List.of());
        }
    }

    private static void put(NodeScope scope, DataType type, Content content) {
        scope.put(0, Optional.of(type), content.shape().stream().map(Dim::of).toList(), Optional.of(content));
    }

    private static void constantOfShape(NodeScope scope) {
        Optional<Tensor> value = scope.node().attributes().get("value") instanceof Attribute.Constant constant
                ? Optional.of(constant.value())
                : Optional.empty();
        DataType type = value.map(Tensor::type).orElse(DataType.FLOAT32);
        Optional<List<Dim>> shape = scope.extents(0);
        if (shape.isEmpty()) {
            return;
        }
        Optional<Fraction> element = value.isPresent()
                ? value.filter(tensor -> tensor.size() == 1)
                        .flatMap(Content::of)
                        .flatMap(content -> content.elements().get(0))
                : Optional.of(Fraction.of(0));
        Optional<Content> content = Content.smallShape(shape.get()).map(small -> Content.filled(small, element));
        scope.put(0, Optional.of(type), shape.get(), content);
    }

    private static void range(NodeScope scope) {
        Optional<Fraction> start = scalar(scope, 0);
        Optional<Fraction> limit = scalar(scope, 1);
        Optional<Fraction> delta = scalar(scope, 2);
        Optional<Dim> length = start.flatMap(from -> limit.flatMap(to -> delta.flatMap(step -> to.minus(from)
                .dividedBy(step)
                .map(steps -> steps.ceil().numerator().max(Dim.ZERO)))));
        Dim extent = length.orElseGet(() -> scope.fresh(0, 0));
        Optional<Content> content = Content.smallShape(List.of(extent)).map(shape -> {
            List<Optional<Fraction>> elements = new ArrayList<>();
            for (long i = 0; i < shape.get(0); i++) {
                elements.add(
                        Optional.of(start.orElseThrow().plus(delta.orElseThrow().times(Fraction.of(i)))));
            }
            return new Content(shape, elements);
        });
        scope.put(0, scope.type(0), List.of(extent), content);
        scope.count(length.flatMap(found -> start.filter(Generators::isNumber)
                .flatMap(from -> delta.filter(Generators::isNumber)
                        .map(step -> Progression.of(
                                from.numerator().constant(), step.numerator().constant())))));
    }

    private static boolean isNumber(Fraction element) {
        return element.isInteger() && element.isConstant();
    }

    private static Optional<Fraction> scalar(NodeScope scope, int slot) {
        return scope.content(slot)
                .filter(content -> content.size() == 1)
                .flatMap(content -> content.elements().get(0));
    }

    private static void eyeLike(NodeScope scope) {
        scope.put(0, typeAttribute(scope).or(() -> scope.type(0)), scope.shape(0, 2));
    }

    private static void oneHot(NodeScope scope) {
        List<Dim> output = new ArrayList<>(scope.shape(0));
        int axis = scope.axis(-1, output.size() + 1);
        output.add(axis, scope.integer(1, 0).orElseGet(() -> scope.fresh(0, axis)));
        scope.put(0, scope.type(2), output, hotElements(scope, axis));
    }

    /** Lists of extents are made of one extent and ones this way. */
    private static Optional<Content> hotElements(NodeScope scope, int axis) {
        Optional<Content> indices = scope.content(0).filter(each -> each.size() == 1);
        Optional<Content> values = scope.content(2).filter(each -> each.size() == 2);
        Optional<Long> depth =
                scope.integer(1, 0).filter(Dim::isConstant).map(Dim::constant).filter(each -> each <= Content.LARGEST);
        if (indices.isEmpty() || values.isEmpty() || depth.isEmpty()) {
            return Optional.empty();
        }
        return Content.index(indices.get().elements().get(0), depth.get()).map(hot -> {
            List<Optional<Fraction>> elements = new ArrayList<>(Collections.nCopies(
                    depth.get().intValue(), values.get().elements().get(0)));
            elements.set(hot, values.get().elements().get(1));
            List<Long> shape = new ArrayList<>(indices.get().shape());
            shape.add(axis, depth.get());
            return new Content(shape, elements);
        });
    }

    private static Optional<DataType> typeAttribute(NodeScope scope) {
        return DataType.ofOnnxNumber(scope.node().intAttribute("dtype", 0));
    }

    private static void random(NodeScope scope) {
        List<Long> shape =
                scope.node().intsAttribute("shape").orElseThrow(() -> scope.conflict("the attribute shape is missing"));
        scope.put(
                0,
                typeAttribute(scope).orElse(DataType.FLOAT32),
                shape.stream().map(Dim::of).toList());
    }

    private static void randomLike(NodeScope scope) {
        scope.put(0, typeAttribute(scope).or(() -> scope.type(0)), scope.shape(0));
    }

    private static void multinomial(NodeScope scope) {
        Dim samples = Dim.of(scope.node().intAttribute("sample_size", 1));
        scope.put(
                0,
                typeAttribute(scope).orElse(DataType.INT32),
                List.of(scope.shape(0, 2).get(0), samples));
    }
}
