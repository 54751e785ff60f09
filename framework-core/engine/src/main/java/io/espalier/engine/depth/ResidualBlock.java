package io.espalier.engine.depth;

import io.espalier.spi.adapter.Edit;
import io.espalier.spi.graph.Node;
import java.util.List;

/**
 * A branch that ends in a sum and can be left out: the sum then is what the other operands are, of the same type and shape.
 *
 * @param sum first output of the node that adds
 * @param slot the operand of the sum that it is, as the original has it
 * @param branch name of the value that is no longer added
 * @param nodes what computes it and nothing else, in topological order
 * @param weighted those of them that multiply weights with data
 */
public record ResidualBlock(String sum, int slot, String branch, List<Node> nodes, List<Node> weighted) {

    public ResidualBlock {
        weighted = List.copyOf(weighted);
        nodes = List.copyOf(nodes);
    }

    /** The edit that leaves the block out. */
    public Edit.Omit edit() {
        return new Edit.Omit(sum, slot);
    }
}
