package io.espalier.engine.depth;

import io.espalier.spi.adapter.Edit;
import io.espalier.spi.graph.Node;
import java.util.List;

/**
 * A branch that ends in a sum and can be left out: the sum then is its other operand, of the same type and shape.
 *
 * @param sum first output of the node that adds
 * @param kept the operand that remains, 0 or 1
 * @param branch name of the value that is no longer added
 * @param nodes what computes it and nothing else, in topological order
 * @param weighted those of them that multiply weights with data
 */
public record ResidualBlock(String sum, int kept, String branch, List<Node> nodes, List<Node> weighted) {

    public ResidualBlock {
        weighted = List.copyOf(weighted);
        nodes = List.copyOf(nodes);
    }

    /** The edit that leaves the block out. */
    public Edit.Bypass edit() {
        return new Edit.Bypass(sum, kept);
    }
}
