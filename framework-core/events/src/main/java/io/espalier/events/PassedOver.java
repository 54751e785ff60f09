package io.espalier.events;

/**
 * A stretch of a journal that is not its next event and was passed over, because events follow.
 *
 * @param offset bytes before it
 * @param bytes its length
 * @param reason why it is no event, in a few words
 */
public record PassedOver(long offset, long bytes, String reason) {}
