package io.espalier.spi.operator;

import io.espalier.spi.Stability;

/** A property of an operator that the engine asks for, besides its index notation and the roles of its slots. */
@Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
public enum Trait {
    /** Computes each element of the output from one element of each operand, with broadcasting. */
    ELEMENT_WISE,
    /** Hands its first operand on unchanged. */
    IDENTITY,
    /** Hands its first operand on in another element type. */
    CASTS,
    /** Turns real numbers into integers with scale and zero point. */
    QUANTISES,
    /** Turns integers with scale and zero point into real numbers. */
    DEQUANTISES,
    /** Adds its operands, which are two, element by element. */
    ADDS,
    /** Adds all its operands, of which there may be any number, element by element. */
    ADDS_ALL,
    /** Subtracts its second operand from its first. */
    SUBTRACTS,
    /** Multiplies its operands element by element. */
    MULTIPLIES,
    /** Divides its first operand by its second. */
    DIVIDES,
    /** Takes each element from its second or third operand, as its first operand says. */
    CHOOSES,
    /** Compares its operands; the result is true or false. */
    COMPARES,
    /** Combines true and false. */
    LOGICAL,
    /** Has results in a bounded interval that it approaches but hardly leaves: saturation hides differences. */
    BOUNDED,
    /** Draws random numbers. */
    RANDOM,
    /** Computes a result that depends on the order of positions along an axis: cumulative sums, recurrent cells. */
    ORDERED,
    /** Reads elements of its first operand that its second operand names or marks when the model runs. */
    LOOKS_UP,
    /** Reads the extents of its operand and none of its elements. */
    READS_EXTENTS,
    /** Divides data by a norm or deviation and scales and shifts the result. */
    NORMALISES,
    /** Runs one of its sub-graphs. */
    BRANCHES
}
