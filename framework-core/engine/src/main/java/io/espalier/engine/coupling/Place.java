package io.espalier.engine.coupling;

import java.util.Objects;

/**
 * A value, or a constant as one of its readers sees it: where labels are.
 *
 * @param name the value or constant
 * @param use the constant as the coupling sees it, null for a computed value
 */
record Place(String name, ParameterUse use) {

    static Place of(String value) {
        return new Place(value, null);
    }

    static Place of(ParameterUse use) {
        return new Place(use.constant(), Objects.requireNonNull(use));
    }
}
