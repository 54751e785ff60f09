package io.espalier.host;

/**
 * An extension on offer.
 *
 * @param point its kind, such as {@code criterion}
 * @param name its unique name
 * @param description one sentence
 */
public record ProviderInfo(String point, String name, String description) {}
