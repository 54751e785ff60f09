package io.espalier.adapter.onnx.lift;

import io.espalier.adapter.onnx.proto.GraphProto;
import io.espalier.adapter.onnx.proto.ModelProto;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Where a graph lies in its model: the attributes that lead from the main graph to it.
 *
 * @param steps outermost first; empty for the main graph
 */
public record GraphPath(List<Step> steps) {

    /** The main graph. */
    public static final GraphPath MAIN = new GraphPath(List.of());

    public GraphPath {
        steps = List.copyOf(steps);
    }

    /** The graph in an attribute of a node of this graph. */
    GraphPath child(int node, int attribute) {
        List<Step> longer = new ArrayList<>(steps);
        longer.add(new Step(node, attribute));
        return new GraphPath(longer);
    }

    /** Whether the graph is in one of some nodes of the main graph, at whatever depth. */
    public boolean startsIn(Set<Integer> nodes) {
        return !steps.isEmpty() && nodes.contains(steps.get(0).node());
    }

    /** The graph in a model that is read. */
    GraphProto in(ModelProto model) {
        GraphProto graph = model.getGraph();
        for (Step step : steps) {
            graph = graph.getNode(step.node()).getAttribute(step.attribute()).getG();
        }
        return graph;
    }

    /** The graph in a model. */
    public GraphProto.Builder in(ModelProto.Builder model) {
        GraphProto.Builder graph = model.getGraphBuilder();
        for (Step step : steps) {
            graph = graph.getNodeBuilder(step.node())
                    .getAttributeBuilder(step.attribute())
                    .getGBuilder();
        }
        return graph;
    }

    /**
     * One attribute that holds a graph.
     *
     * @param node index of the node in its graph
     * @param attribute index of the attribute in its node
     */
    public record Step(int node, int attribute) {}
}
