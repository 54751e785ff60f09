package io.espalier.engine.shape;

import io.espalier.spi.tensor.DataType;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** What is known of one value while inferring; contents of constants are read when somebody asks. */
final class Value {

    private final Optional<DataType> type;
    private final Optional<List<Dim>> shape;
    private final Supplier<Optional<Content>> source;
    private Optional<Content> content;
    private Optional<Progression> progression = Optional.empty();

    private Value(Optional<DataType> type, Optional<List<Dim>> shape, Supplier<Optional<Content>> source) {
        this.type = type;
        this.shape = shape.map(List::copyOf);
        this.source = source;
    }

    /** Whether the content is known or at least not read yet. */
    boolean mayHaveContent() {
        return content == null || content.isPresent();
    }

    static Value lazy(DataType type, List<Dim> shape, Supplier<Optional<Content>> content) {
        return new Value(Optional.of(type), Optional.of(shape), content);
    }

    static Value of(Optional<DataType> type, Optional<List<Dim>> shape, Optional<Content> content) {
        Value value = new Value(type, shape, null);
        value.content = content;
        return value;
    }

    static Value unknown() {
        return of(Optional.empty(), Optional.empty(), Optional.empty());
    }

    Optional<DataType> type() {
        return type;
    }

    Optional<List<Dim>> shape() {
        return shape;
    }

    Optional<Content> content() {
        if (content == null) {
            content = source.get();
        }
        return content;
    }

    /** What this value counts, when it does. */
    Optional<Progression> progression() {
        return progression;
    }

    /** The same value, known to count positions. */
    Value counting(Optional<Progression> counted) {
        if (counted.isEmpty()) {
            return this;
        }
        Value value = new Value(type, shape, source);
        value.content = content;
        value.progression = counted;
        return value;
    }

    Value withoutContent() {
        return of(type, shape, Optional.empty());
    }
}
