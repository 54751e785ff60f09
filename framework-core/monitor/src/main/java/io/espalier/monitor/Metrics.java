package io.espalier.monitor;

import java.util.function.Supplier;

/**
 * Meters as text.
 *
 * @param type media type of the text
 * @param text asked at every request, from any thread
 */
public record Metrics(String type, Supplier<String> text) {}
