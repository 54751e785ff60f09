package io.espalier.cli;

import io.espalier.engine.cost.CostModel;
import io.espalier.engine.cost.RemovalCosts;
import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.coupling.CouplingAnalysis;
import io.espalier.engine.coupling.Group;
import io.espalier.engine.operator.IndexLines;
import io.espalier.engine.shape.ShapeInference;
import io.espalier.engine.shape.Shapes;
import io.espalier.host.Catalogue;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.operator.OperatorSemantics;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A model with what the analysis says about it.
 *
 * @param model the open model
 * @param shapes shapes of all its values
 * @param coupling what goes together
 * @param costs what it costs
 * @param groups coupled channels that compete
 * @param removals costs of what removals leave
 */
record Inspection(
        Model model, Shapes shapes, Coupling coupling, CostModel costs, List<Group> groups, RemovalCosts removals)
        implements AutoCloseable {

    static Inspection of(Catalogue catalogue, Path file, Map<String, Long> dims) {
        Model model = ModelFile.open(catalogue, file);
        try {
            return of(catalogue, model, dims);
        } catch (RuntimeException | Error e) {
            model.close();
            throw e;
        }
    }

    private static Inspection of(Catalogue catalogue, Model model, Map<String, Long> dims) {
        Shapes shapes = ShapeInference.infer(model.graph());
        IndexLines lines = IndexLines.standard().with(catalogue.all(OperatorSemantics.class));
        Coupling coupling = CouplingAnalysis.analyse(model.graph(), shapes, lines);
        CostModel costs = CostModel.of(model.graph(), shapes, dims);
        return new Inspection(model, shapes, coupling, costs, coupling.groups(each -> 0), costs.removals(coupling));
    }

    /** Coupled channels of all groups. */
    long prunableChannels() {
        return groups.stream().mapToLong(group -> group.channels().size()).sum();
    }

    /** Parameters that go with the first channel of a group alone. */
    long parametersPerChannel(Group group) {
        return costs.total().parameters()
                - removals.of(coupling.removal(group.channels().subList(0, 1))).parameters();
    }

    @Override
    public void close() {
        model.close();
    }
}
