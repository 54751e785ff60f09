package io.espalier.engine;

import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.coupling.CouplingAnalysis;
import io.espalier.engine.coupling.channel.CoupledChannel;
import io.espalier.engine.coupling.channel.Group;
import io.espalier.engine.coupling.channel.Groups;
import io.espalier.engine.coupling.channel.Removal;
import io.espalier.graph.operator.Operators;
import io.espalier.graph.shape.Shapes;
import io.espalier.spi.graph.Graph;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** A graph with its shapes, its coupling and its groups, for tests. */
public record TestingAnalysis(Graph graph, Shapes shapes, Coupling coupling, List<Group> groups) {

    public static TestingAnalysis of(Graph graph) {
        Shapes shapes = Operators.standard().infer(graph);
        Coupling coupling = CouplingAnalysis.analyse(graph, shapes, Operators.standard());
        return new TestingAnalysis(graph, shapes, coupling, Groups.of(coupling, each -> each));
    }

    /** A removal of random channels that leaves one in every group. */
    public Removal randomRemoval(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<CoupledChannel> gone = new ArrayList<>();
        for (Group group : groups) {
            int stays = random.nextInt(group.channels().size());
            for (int channel = 0; channel < group.channels().size(); channel++) {
                if (channel != stays && random.nextInt(3) == 0) {
                    gone.add(group.channels().get(channel));
                }
            }
        }
        return Removal.of(gone);
    }
}
