package io.espalier.cli;

import io.espalier.engine.cost.RemovalCosts;
import io.espalier.engine.coupling.Analysis;
import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.coupling.channel.CoupledChannel;
import io.espalier.engine.coupling.channel.Group;
import io.espalier.engine.coupling.channel.Groups;
import io.espalier.engine.coupling.channel.Removal;
import io.espalier.engine.coupling.explain.AxisExplainer;
import io.espalier.graph.cost.Cost;
import io.espalier.graph.cost.CostModel;
import io.espalier.graph.shape.Shapes;
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
 * @param analysis its shapes and its coupling
 * @param costs what it costs
 * @param groups coupled channels that compete
 * @param removals costs of what removals leave
 */
record Inspection(Model model, Analysis analysis, CostModel costs, List<Group> groups, RemovalCosts removals)
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
        Analysis analysis = Analysis.of(model.graph(), catalogue.all(OperatorSemantics.class));
        Coupling coupling = analysis.coupling();
        CostModel costs = CostModel.of(model.graph(), analysis.shapes(), coupling.operators(), dims);
        return new Inspection(model, analysis, costs, Groups.of(coupling, each -> 0), RemovalCosts.of(costs, coupling));
    }

    /** Shapes of all values. */
    Shapes shapes() {
        return analysis.shapes();
    }

    /** Its coupling. */
    Coupling coupling() {
        return analysis.coupling();
    }

    /** Explains axes of this model. */
    AxisExplainer explainer() {
        return new AxisExplainer(analysis, groups);
    }

    /** What goes with one channel alone. */
    Cost saved(CoupledChannel channel) {
        Cost total = costs.total();
        Cost left = removals.of(Removal.of(List.of(channel)));
        return new Cost(
                total.parameters() - left.parameters(), total.macs() - left.macs(), total.bytes() - left.bytes());
    }

    /** Coupled channels of all groups. */
    long prunableChannels() {
        return groups.stream().mapToLong(group -> group.channels().size()).sum();
    }

    /** Parameters that go with the first channel of a group alone. */
    long parametersPerChannel(Group group) {
        return saved(group.channels().get(0)).parameters();
    }

    @Override
    public void close() {
        model.close();
    }
}
