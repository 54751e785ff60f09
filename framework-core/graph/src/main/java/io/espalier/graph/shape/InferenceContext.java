package io.espalier.graph.shape;

import io.espalier.graph.symbol.Dim;
import io.espalier.spi.graph.Graph;
import java.util.List;

/** What a rule may ask of the inference that runs it. */
interface InferenceContext extends KnownValues {

    /** What is known of a value so far. */
    Value value(String name);

    /** A symbol for an extent nobody knows. */
    Dim fresh(String value, int axis, long minimum);

    /** Infers a sub-graph whose inputs are given by its caller; what the caller does not know may be declared. */
    List<Value> body(Graph body, List<Value> inputs);
}
