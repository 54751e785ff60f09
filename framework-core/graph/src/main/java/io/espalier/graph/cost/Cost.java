package io.espalier.graph.cost;

/**
 * What a model costs.
 *
 * @param parameters trained elements; running statistics of normalisations do not count
 * @param macs multiply-accumulates of one run with the symbol values of the {@link CostModel}
 * @param bytes bytes of all constants, or of the file they lie in
 */
public record Cost(long parameters, long macs, long bytes) {}
