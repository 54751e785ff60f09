package io.espalier.adapter.onnx.lift;

import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is known of the types of values while a model is lifted: what the file declares, and what was inferred from an
 * earlier lift. Remembers what was asked for in vain. Not thread-safe.
 */
final class KnownTypes {

    private final Map<String, ValueType> declared = new HashMap<>();
    private final Map<String, ValueType> inferred;
    private final Set<String> unanswered = new HashSet<>();

    KnownTypes(Map<String, ValueType> inferred) {
        this.inferred = inferred;
    }

    void declare(String value, ValueType type) {
        declared.put(value, type);
    }

    void declare(String value, Tensor constant) {
        List<Dimension> shape =
                constant.shape().stream().<Dimension>map(Dimension.Fixed::new).toList();
        declare(value, new ValueType(constant.type(), Optional.of(shape)));
    }

    /** Takes back what the file declares of a value that is another one in the neutral graph. */
    void forget(String value) {
        declared.remove(value);
    }

    Optional<DataType> elementType(String value) {
        return answered(value, of(value).map(ValueType::type));
    }

    Optional<List<Dimension>> shape(String value) {
        return answered(
                value,
                of(value)
                        .flatMap(ValueType::shape)
                        .or(() -> Optional.ofNullable(inferred.get(value)).flatMap(ValueType::shape)));
    }

    private Optional<ValueType> of(String value) {
        return Optional.ofNullable(declared.get(value)).or(() -> Optional.ofNullable(inferred.get(value)));
    }

    private <T> Optional<T> answered(String value, Optional<T> answer) {
        if (answer.isEmpty()) {
            unanswered.add(value);
        }
        return answer;
    }

    /** Values whose element type or shape was asked for and is not known. */
    Set<String> unanswered() {
        return unanswered;
    }

    /** Whether a type says more of a value than what was inferred before. */
    boolean isNews(String value, ValueType type) {
        ValueType before = inferred.get(value);
        return before == null || before.shape().isEmpty() && type.shape().isPresent();
    }
}
