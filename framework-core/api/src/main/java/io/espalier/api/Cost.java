package io.espalier.api;

import io.espalier.spi.Stability;

/**
 * What a model costs.
 *
 * @param parameters trained elements; running statistics of normalisations do not count
 * @param macs multiply-accumulates of one run, with the extents of the request for symbolic axes
 * @param bytes bytes of the file, external data included
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
public record Cost(long parameters, long macs, long bytes) {

    static Cost of(io.espalier.graph.cost.Cost cost) {
        return new Cost(cost.parameters(), cost.macs(), cost.bytes());
    }
}
