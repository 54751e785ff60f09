package io.espalier.spi.operator;

import io.espalier.spi.Stability;

/** What an input slot of an operator means. */
@Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
public enum SlotRole {
    /** What the operator computes with; also a slot about which nothing else is said. */
    DATA,
    /** Multiplied with data and summed. */
    WEIGHT,
    /** Added to what a contraction or an activation computes. */
    BIAS,
    /** Multiplied with normalised data. */
    SCALE,
    /** Added to normalised data. */
    SHIFT,
    /** A running mean or variance. */
    STATISTIC,
    /** The initial state of a recurrent cell or the cache of an earlier call. */
    STATE,
    /** A number of the formula: a bound, a ratio, a fill value, a threshold. */
    SETTING,
    /** The extents of the output, how often to repeat, how much to enlarge, or how many to take. */
    SHAPE,
    /** Numbers along an axis: where to start, to end, how far to step, how much to pad. */
    POSITIONS,
    /** Which axes the operator works on. */
    AXES,
    /** Which elements of another operand to read or to write. */
    INDICES,
    /** Rows that indices choose from. */
    TABLE,
    /** What one step of a quantised number stands for. */
    QUANTISATION_SCALE,
    /** The quantised number that stands for zero. */
    ZERO_POINT,
    /** True or false: which operand to choose from, which branch to take, what to keep. */
    CONDITION;

    /** Whether a slot holds extents and positions, which say how data lies, and no data. */
    public boolean isStructural() {
        return this == SHAPE || this == POSITIONS || this == AXES || this == INDICES;
    }

    /** Whether training changes what a slot holds. */
    public boolean isTrained() {
        return switch (this) {
            case DATA, WEIGHT, BIAS, SCALE, SHIFT, STATE, TABLE -> true;
            case STATISTIC, SETTING, SHAPE, POSITIONS, AXES, INDICES, QUANTISATION_SCALE, ZERO_POINT, CONDITION ->
                false;
        };
    }
}
