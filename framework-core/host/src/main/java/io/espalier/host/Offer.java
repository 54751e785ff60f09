package io.espalier.host;

import io.espalier.spi.provider.Provider;

/**
 * A usable extension.
 *
 * @param point its kind
 * @param name its name, checked
 * @param description one sentence
 * @param provider the instance that is handed out
 * @param owner where it comes from, for messages
 */
record Offer(ExtensionPoint point, String name, String description, Provider provider, String owner) {}
