package io.espalier.engine.coupling.label;

import java.util.Objects;

/**
 * A value, or a constant as one of its readers sees it: where labels are.
 *
 * @param name the value or constant
 * @param use the constant as the coupling sees it, null for a computed value
 */
public record LabelledValue(String name, ParameterUse use) {

    public static LabelledValue of(String value) {
        return new LabelledValue(value, null);
    }

    public static LabelledValue of(ParameterUse use) {
        return new LabelledValue(use.constant(), Objects.requireNonNull(use));
    }
}
