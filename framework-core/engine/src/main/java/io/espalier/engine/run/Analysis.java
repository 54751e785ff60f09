package io.espalier.engine.run;

import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.coupling.CouplingAnalysis;
import io.espalier.engine.coupling.channel.Blocked;
import io.espalier.engine.layer.FileNames;
import io.espalier.engine.layer.Layers;
import io.espalier.graph.cost.CostModel;
import io.espalier.graph.operator.Operators;
import io.espalier.graph.shape.Shapes;
import io.espalier.spi.Budget;
import io.espalier.spi.adapter.Model;
import java.util.List;

/**
 * What is known of a model before anything is decided.
 *
 * @param model the open model
 * @param shapes the shape of every value
 * @param costs what it costs; bytes are those of the file
 * @param coupling what goes together
 * @param blocked what cannot go, with reasons
 * @param layers what people call its layers
 * @param names what its file calls its values
 */
record Analysis(
        Model model,
        Shapes shapes,
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
                lifted.costs(),
                coupling,
                Blocked.in(coupling),
                Layers.of(lifted.model()),
                FileNames.of(lifted.model()));
    }
}
