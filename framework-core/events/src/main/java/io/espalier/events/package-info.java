/**
 * The story of a run: events stamped by {@link io.espalier.events.Events}, kept in a {@link io.espalier.events.Journal}
 * and read back. The schema is {@code pruning.events.v1}; its generated classes lie in {@code io.espalier.events.v1}.
 */
package io.espalier.events;
