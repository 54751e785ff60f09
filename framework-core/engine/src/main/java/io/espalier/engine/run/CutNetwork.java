package io.espalier.engine.run;

import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.coupling.CouplingAnalysis;
import io.espalier.engine.coupling.channel.Removal;
import io.espalier.engine.surgery.EarlierClasses;
import io.espalier.engine.surgery.PrunedGraph;
import io.espalier.engine.surgery.Surgery;
import io.espalier.spi.Budget;
import io.espalier.spi.graph.Graph;
import java.util.BitSet;
import java.util.Optional;

/**
 * A network as it is scored: that of the file, or what earlier cuts left of it.
 *
 * @param graph the network
 * @param coupling what is coupled in it
 * @param classes for each of its classes, that of the original, -1 for none; empty when they are the same
 * @param earlier what is gone, in classes of the original
 */
record CutNetwork(Graph graph, Coupling coupling, Optional<int[]> classes, Removal earlier) {

    /** The network of the file. */
    static CutNetwork whole(Analysis analysis) {
        return new CutNetwork(analysis.graph(), analysis.coupling(), Optional.empty(), Removal.of(new BitSet()));
    }

    /** What a removal leaves of the network of the file. */
    static CutNetwork after(Analysis analysis, Removal earlier, Budget budget) {
        PrunedGraph cut = Surgery.prune(analysis.graph(), analysis.shapes(), analysis.coupling(), earlier);
        Coupling coupling = CouplingAnalysis.analyse(
                cut.graph(), cut.shapes(), analysis.coupling().operators(), budget);
        return new CutNetwork(
                cut.graph(), coupling, Optional.of(EarlierClasses.of(analysis.coupling(), earlier, coupling)), earlier);
    }
}
