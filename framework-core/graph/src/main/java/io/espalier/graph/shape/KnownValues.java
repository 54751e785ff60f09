package io.espalier.graph.shape;

import io.espalier.graph.symbol.Dim;
import io.espalier.spi.tensor.DataType;
import java.util.List;
import java.util.Optional;

/** What is known of the values of a graph by name, while shapes are inferred and afterwards. */
public interface KnownValues {

    /** Extents of a value, outermost first; empty when its rank is unknown or there is no such value. */
    Optional<List<Dim>> shape(String value);

    /** Element type of a value. */
    Optional<DataType> type(String value);

    /** Elements of a small integer or bool value as far as they are known without running the graph. */
    Optional<IntTensor> content(String value);

    /** How a value counts positions, when it is made of ranges alone. */
    Optional<Progression> progression(String value);

    /** How index tuples along the last axis of a value progress, when they count positions. */
    Optional<Progression> tuples(String value);
}
