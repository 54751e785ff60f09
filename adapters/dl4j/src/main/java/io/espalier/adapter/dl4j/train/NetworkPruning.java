package io.espalier.adapter.dl4j.train;

import java.nio.file.Path;

/**
 * Prunes a saved network. A run of the engine does it, and proves the result before it writes it; see the example in the
 * documentation.
 */
@FunctionalInterface
public interface NetworkPruning {

    /**
     * Prunes once.
     *
     * @param input the saved network, with the state of its updaters
     * @param output where the smaller network goes
     * @param share what remains of the network in {@code input}: above 0, below 1
     */
    void prune(Path input, Path output, double share);
}
