package io.espalier.engine.depth;

import io.espalier.engine.coupling.CouplingAnalysis;
import io.espalier.engine.coupling.channel.Removal;
import io.espalier.engine.verify.TestingPruning;
import io.espalier.engine.verify.Verification;
import io.espalier.engine.verify.VerificationOptions;
import io.espalier.engine.verify.Verifier;
import io.espalier.graph.operator.Operators;
import io.espalier.graph.shape.Shapes;
import io.espalier.spi.graph.Graph;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A graph whose blocks are left out and whose channels are pruned. */
record TestingDepth(Graph graph, Shapes shapes) {

    private static final VerificationOptions ONE_SEED = new VerificationOptions(1, 1, Map.of(), Optional.empty());

    static TestingDepth of(Graph graph) {
        return new TestingDepth(graph, Operators.standard().infer(graph));
    }

    List<ResidualBlock> blocks() {
        return blocks(Shortened.whole(graph));
    }

    List<ResidualBlock> blocks(Shortened rest) {
        return ResidualBlocks.of(rest, shapes, Operators.standard());
    }

    /** What is left without a block. */
    Shortened without(ResidualBlock block) {
        return Shortened.whole(graph).without(block);
    }

    /** The pruning of what is left, by the shapes of the original. */
    TestingPruning pruning(Shortened rest) {
        return TestingPruning.of(
                rest.graph(), shapes, CouplingAnalysis.analyse(rest.graph(), shapes, Operators.standard()));
    }

    /** Proves that a graph is what is left, without some channels. */
    Verification verify(Shortened rest, Removal removal, Graph pruned) {
        return Verifier.verify(
                graph,
                rest.edits(),
                pruning(rest).coupling(),
                shapes,
                removal,
                pruned,
                TestingPruning.EXECUTOR,
                ONE_SEED);
    }
}
