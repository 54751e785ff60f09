package io.espalier.graph.shape;

import io.espalier.graph.symbol.Dim;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/** What is known of one value while inferring; contents of constants are read when somebody asks. */
public final class Value {

    private final Optional<DataType> type;
    private final Optional<List<Dim>> shape;
    private final Optional<Tensor> constant;
    private Optional<Content> content;
    private Optional<Progression> progression = Optional.empty();

    private Value(Optional<DataType> type, Optional<List<Dim>> shape, Optional<Tensor> constant) {
        this.type = type;
        this.shape = shape.map(List::copyOf);
        this.constant = constant;
    }

    /** Whether the content is known or at least not read yet. */
    public boolean mayHaveContent() {
        return content == null || content.isPresent();
    }

    public static Value constant(Tensor tensor) {
        List<Dim> shape = tensor.shape().stream().map(Dim::of).toList();
        return new Value(Optional.of(tensor.type()), Optional.of(shape), Optional.of(tensor));
    }

    public static Value of(Optional<DataType> type, Optional<List<Dim>> shape, Optional<Content> content) {
        Value value = new Value(type, shape, Optional.empty());
        value.content = content;
        return value;
    }

    public static Value unknown() {
        return of(Optional.empty(), Optional.empty(), Optional.empty());
    }

    public Optional<DataType> type() {
        return type;
    }

    public Optional<List<Dim>> shape() {
        return shape;
    }

    public Optional<Content> content() {
        if (content == null) {
            content = constant.flatMap(Content::of);
        }
        return content;
    }

    /** The elements, unless they are real numbers. */
    public Optional<IntTensor> integers() {
        return type.filter(DataType::isFloating).isEmpty() ? content().map(Content::toIntegers) : Optional.empty();
    }

    /** What this value counts, when it is computed and does. */
    public Optional<Progression> progression() {
        return progression;
    }

    /** How the elements progress, of computed values and constants alike. */
    public Optional<Progression> numbers() {
        return progression.or(() -> constant.flatMap(Progression::of));
    }

    /** How index tuples along the last axis progress, of computed values and constants alike. */
    public Optional<Progression> tuples() {
        return progression.or(() -> constant.flatMap(Progression::tuplesOf));
    }

    /** The same value, known to count positions. */
    public Value counting(Optional<Progression> counted) {
        if (counted.isEmpty()) {
            return this;
        }
        Value value = new Value(type, shape, constant);
        value.content = content;
        value.progression = counted;
        return value;
    }

    public Value withoutContent() {
        return of(type, shape, Optional.empty());
    }
}
