package io.espalier.spi.graph;

import io.espalier.spi.Stability;

/** The declared extent of an axis: a number, a name shared by equal extents, or unknown. */
@Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
public sealed interface Dimension {

    /** A known extent. */
    record Fixed(long extent) implements Dimension {}

    /** An extent that is the same wherever the name occurs, such as {@code batch}. */
    record Symbol(String name) implements Dimension {}

    /** An extent about which nothing is declared. */
    record Unknown() implements Dimension {}
}
