package io.espalier.spi.graph;

import io.espalier.spi.Stability;
import io.espalier.spi.tensor.Tensor;
import java.util.List;

/** A constant property of a node. */
@Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
public sealed interface Attribute {

    /** An integer. */
    record Int(long value) implements Attribute {}

    /** A floating-point number. */
    record Real(double value) implements Attribute {}

    /** A string. */
    record Text(String value) implements Attribute {}

    /** A list of integers. */
    record Ints(List<Long> values) implements Attribute {
        public Ints {
            values = List.copyOf(values);
        }
    }

    /** A list of floating-point numbers. */
    record Reals(List<Double> values) implements Attribute {
        public Reals {
            values = List.copyOf(values);
        }
    }

    /** A list of strings. */
    record Texts(List<String> values) implements Attribute {
        public Texts {
            values = List.copyOf(values);
        }
    }

    /** A constant tensor. */
    record Constant(Tensor value) implements Attribute {}

    /** A sub-graph, such as a branch of {@code If}; it may read values of the graphs around it. */
    record Body(Graph graph) implements Attribute {}
}
