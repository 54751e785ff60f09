package io.espalier.kafka;

import io.espalier.events.v1.PruningEvent;
import java.util.Optional;

/**
 * Something on the topic, or in a journal, that no handler was given.
 *
 * @param where topic, partition and offset, or the journal, for people
 * @param reason why, in a few words
 * @param value the bytes; empty when there are none
 * @param event the event, when it is one but its payload is of a type this version does not know
 */
public record Undecodable(String where, String reason, byte[] value, Optional<PruningEvent> event) {}
