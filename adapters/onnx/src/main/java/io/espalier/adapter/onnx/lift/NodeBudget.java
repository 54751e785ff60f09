package io.espalier.adapter.onnx.lift;

import io.espalier.spi.BudgetException;
import io.espalier.spi.Quoted;

/** Counts the nodes that writing out functions and loops adds. Not thread-safe. */
final class NodeBudget {

    private final long most;
    private long count;

    NodeBudget(long most) {
        this.most = most;
    }

    /**
     * Counts one more.
     *
     * @param cause what is written out, for the message
     * @throws BudgetException when there are too many
     */
    void add(String cause) {
        if (++count > most) {
            throw new BudgetException("more than " + most + " nodes would result from writing out " + Quoted.name(cause)
                    + " and what it calls; the option 'nodes' of the adapter allows more");
        }
    }
}
