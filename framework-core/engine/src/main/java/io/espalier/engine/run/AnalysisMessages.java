package io.espalier.engine.run;

import io.espalier.engine.coupling.channel.Group;
import io.espalier.engine.coupling.label.StatisticCoupling;
import io.espalier.engine.coupling.propagate.Propagation;
import io.espalier.engine.run.Analysis.Lifted;
import io.espalier.events.Summary;
import io.espalier.events.v1.Barrier;
import io.espalier.events.v1.Dimension;
import io.espalier.events.v1.FileReference;
import io.espalier.events.v1.GroupsFound;
import io.espalier.events.v1.Home;
import io.espalier.events.v1.ModelLifted;
import io.espalier.events.v1.OperatorSet;
import io.espalier.events.v1.ParameterRole;
import io.espalier.events.v1.ValueDescription;
import io.espalier.graph.cost.Cost;
import io.espalier.graph.shape.Shapes;
import io.espalier.spi.graph.Graph;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Payloads about what was found in a model. */
final class AnalysisMessages {

    private AnalysisMessages() {}

    static ModelLifted modelLifted(Path file, Lifted lifted) {
        Graph graph = lifted.model().graph();
        ModelLifted.Builder message = ModelLifted.newBuilder()
                .setModel(FileReference.newBuilder()
                        .setPath(file.toString())
                        .setDigest(lifted.model().digest())
                        .setBytes(lifted.model().byteSize()))
                .setNodes(graph.nodes().size())
                .setValues(lifted.shapes().values().size())
                .setCost(cost(lifted.costs().total()))
                .addAllUnknownOperators(Propagation.unknownOperators(graph, lifted.shapes(), lifted.operators()))
                .addOperatorSets(OperatorSet.newBuilder().setVersion(Graph.OPSET));
        graph.inputs().keySet().forEach(input -> message.addInputs(description(input, lifted.shapes())));
        graph.outputs().forEach(output -> message.addOutputs(description(output, lifted.shapes())));
        return Summary.fit(message.build());
    }

    static io.espalier.events.v1.Cost cost(Cost cost) {
        return io.espalier.events.v1.Cost.newBuilder()
                .setParameters(cost.parameters())
                .setMacs(cost.macs())
                .setBytes(cost.bytes())
                .build();
    }

    private static ValueDescription description(String value, Shapes shapes) {
        ValueDescription.Builder message = ValueDescription.newBuilder().setName(value);
        shapes.type(value).ifPresent(type -> message.setElementType(type.name().toLowerCase(Locale.ROOT)));
        shapes.shape(value)
                .ifPresent(shape -> shape.forEach(extent -> message.addShape(
                        extent.isConstant()
                                ? Dimension.newBuilder().setFixed(extent.constant())
                                : Dimension.newBuilder().setSymbol(extent.toString()))));
        return message.build();
    }

    static GroupsFound groupsFound(List<Group> groups, Analysis analysis) {
        List<StatisticCoupling> statistics = analysis.coupling().statistics();
        GroupsFound.Builder message = GroupsFound.newBuilder()
                .setGroupsTotal(groups.size())
                .setPrunableWidthTotal(groups.stream()
                        .mapToInt(group -> group.channels().size())
                        .sum())
                .setBarriersTotal(analysis.blocked().size())
                .setStatisticCouplingsTotal(statistics.size());
        groups.forEach(group -> message.addGroups(group(group, analysis)));
        analysis.blocked()
                .forEach(blocked -> message.addBarriers(Barrier.newBuilder()
                        .setValue(analysis.names().of(blocked.barrier().value()))
                        .setAxis(Math.max(0, blocked.barrier().axis()))
                        .setOperator(blocked.barrier().operator())
                        .setNode(analysis.names().of(blocked.barrier().node()))
                        .setReason(analysis.names().in(blocked.barrier().reason()))));
        statistics.forEach(each -> message.addStatisticCouplings(io.espalier.events.v1.StatisticCoupling.newBuilder()
                .setOperator(each.operator())
                .setNode(analysis.names().of(each.node()))));
        return Summary.fit(message.build());
    }

    static String id(int group) {
        return Integer.toString(group);
    }

    private static io.espalier.events.v1.Group group(Group group, Analysis analysis) {
        io.espalier.events.v1.Group.Builder message = io.espalier.events.v1.Group.newBuilder()
                .setId(id(group.id()))
                .setName(analysis.layers().name(group))
                .setCoupledChannels(group.channels().size())
                .setPrunableWidth(group.channels().size())
                .setHomesTotal(group.labelledAxes().size());
        group.labelledAxes()
                .forEach(labelledAxis -> message.addHomes(Home.newBuilder()
                        .setParameter(analysis.names().of(labelledAxis.use().constant()))
                        .setAxis(labelledAxis.axis())
                        .setRole(ParameterRole.valueOf(
                                "PARAMETER_ROLE_" + labelledAxis.role().name()))));
        return message.build();
    }
}
