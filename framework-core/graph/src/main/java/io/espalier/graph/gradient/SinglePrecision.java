package io.espalier.graph.gradient;

import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/** A graph whose real numbers are all in single precision, whatever they were: inputs, constants and what nodes convert to. */
final class SinglePrecision {

    private static final Set<DataType> OTHERS = Set.of(DataType.FLOAT16, DataType.BFLOAT16, DataType.FLOAT64);
    /** Attributes that name the element type of a result. */
    private static final Set<String> TYPES = Set.of("to", "dtype", "output_dtype");

    private SinglePrecision() {}

    static Graph of(Graph graph) {
        return new Graph(
                graph.name(),
                each(graph.inputs(), SinglePrecision::single),
                graph.outputs(),
                graph.nodes().stream().map(SinglePrecision::single).toList(),
                each(graph.constants(), SinglePrecision::single),
                each(graph.declared(), SinglePrecision::single),
                each(graph.given(), SinglePrecision::single));
    }

    private static <T> Map<String, T> each(Map<String, T> map, UnaryOperator<T> change) {
        Map<String, T> changed = new LinkedHashMap<>();
        map.forEach((name, value) -> changed.put(name, change.apply(value)));
        return changed;
    }

    private static boolean isOther(DataType type) {
        return OTHERS.contains(type);
    }

    private static ValueType single(ValueType type) {
        return isOther(type.type()) ? new ValueType(DataType.FLOAT32, type.shape()) : type;
    }

    private static Tensor single(Tensor tensor) {
        return isOther(tensor.type()) ? Tensors.converted(tensor, DataType.FLOAT32) : tensor;
    }

    private static Node single(Node node) {
        Node result = node;
        for (Map.Entry<String, Attribute> attribute : node.attributes().entrySet()) {
            Optional<Attribute> changed = changed(attribute.getKey(), attribute.getValue());
            if (changed.isPresent()) {
                result = result.withAttribute(attribute.getKey(), changed.get());
            }
        }
        return result;
    }

    private static Optional<Attribute> changed(String name, Attribute attribute) {
        if (attribute instanceof Attribute.Constant constant) {
            return Optional.of(new Attribute.Constant(single(constant.value())));
        }
        if (attribute instanceof Attribute.Body body) {
            return Optional.of(new Attribute.Body(of(body.graph())));
        }
        boolean names = attribute instanceof Attribute.Int && TYPES.contains(name);
        return names
                ? DataType.ofOnnxNumber(((Attribute.Int) attribute).value())
                        .filter(SinglePrecision::isOther)
                        .map(type -> new Attribute.Int(DataType.FLOAT32.onnxNumber()))
                : Optional.empty();
    }
}
