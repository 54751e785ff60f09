package io.espalier.kafka;

import java.time.Instant;

/** Which event of a topic or a journal is the first that a subscriber wants. */
sealed interface StartingPoint {

    /** The oldest there is. */
    record Beginning() implements StartingPoint {}

    /** The next that comes. */
    record Latest() implements StartingPoint {}

    /** The first since a time. */
    record Time(Instant instant) implements StartingPoint {}
}
