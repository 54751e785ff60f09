package io.espalier.engine.run;

import io.espalier.engine.allocate.Target;
import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.coupling.CouplingAnalysis;
import io.espalier.engine.coupling.channel.Blocked;
import io.espalier.engine.depth.Shortened;
import io.espalier.engine.layer.FileNames;
import io.espalier.engine.layer.Layers;
import io.espalier.engine.plan.Plan.PlannedBlock;
import io.espalier.graph.cost.Cost;
import io.espalier.graph.cost.CostModel;
import io.espalier.graph.operator.Operators;
import io.espalier.graph.shape.Shapes;
import io.espalier.spi.Budget;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.graph.Graph;
import java.util.List;

/**
 * What is known of a model before anything is decided.
 *
 * @param model the open model
 * @param shapes the shape of every value
 * @param original what it costs; bytes are those of the file
 * @param shortened its graph, without the residual blocks that are left out
 * @param blocks what the plan says of these blocks
 * @param costs what that costs
 * @param coupling what goes together in it
 * @param blocked what cannot go, with reasons
 * @param layers what people call its layers
 * @param names what its file calls its values
 */
record Analysis(
        Model model,
        Shapes shapes,
        Cost original,
        Shortened shortened,
        List<PlannedBlock> blocks,
        CostModel costs,
        Coupling coupling,
        List<Blocked> blocked,
        Layers layers,
        FileNames names) {

    /** What is known before the coupling. */
    record Lifted(Model model, Shapes shapes, CostModel costs, Operators operators, Budget budget) {}

    static Lifted lift(Model model, PruningRequest request) {
        Operators operators = Operators.standard().with(request.input().semantics());
        Budget budget = request.input().budget();
        Shapes shapes =
                FileNames.of(model).naming(() -> io.espalier.engine.coupling.Analysis.shapes(model, operators, budget));
        CostModel costs = request.replay()
                .map(plan -> CostModel.under(
                        model.graph(), shapes, operators, plan.settings().symbols()))
                .orElseGet(() -> CostModel.of(
                        model.graph(), shapes, operators, request.costs().symbols()));
        return new Lifted(model, shapes, costs.inFile(model.byteSize()), operators, budget);
    }

    static Analysis of(Lifted lifted) {
        Coupling coupling =
                CouplingAnalysis.analyse(lifted.model().graph(), lifted.shapes(), lifted.operators(), lifted.budget());
        return new Analysis(
                lifted.model(),
                lifted.shapes(),
                lifted.costs().total(),
                Shortened.whole(lifted.model().graph()),
                List.of(),
                lifted.costs(),
                coupling,
                Blocked.in(coupling),
                Layers.of(lifted.model()),
                FileNames.of(lifted.model()));
    }

    /** The same of what is left without residual blocks. */
    Analysis without(Shortened rest, List<PlannedBlock> gone, Budget budget) {
        Coupling left = CouplingAnalysis.analyse(rest.graph(), shapes, coupling.operators(), budget);
        return new Analysis(
                model, shapes, original, rest, gone, costsOf(rest.graph()), left, Blocked.in(left), layers, names);
    }

    /** The costs of a graph that is left of the model; of its file the bytes of constants are missing. */
    CostModel costsOf(Graph graph) {
        CostModel left = CostModel.under(graph, shapes, coupling.operators(), costs.symbols());
        long constants = bytes(model.graph()) - bytes(graph);
        return left.inFile(original.bytes() - constants);
    }

    private static long bytes(Graph graph) {
        return graph.allConstants().values().stream()
                .mapToLong(tensor -> tensor.size() * tensor.type().bytes())
                .sum();
    }

    /** A target for what is left, of which shares are shares of the original. */
    Target target(Target asked) {
        return switch (asked.metric()) {
            case MACS -> asked.ofTotal(original.macs());
            case PARAMS -> asked.ofTotal(original.parameters());
            case BYTES -> asked.ofTotal(original.bytes());
            case CHANNELS, LATENCY -> asked;
        };
    }

    /** The graph that channels are removed from. */
    Graph graph() {
        return shortened.graph();
    }
}
