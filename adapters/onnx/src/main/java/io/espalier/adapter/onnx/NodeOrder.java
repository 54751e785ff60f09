package io.espalier.adapter.onnx;

import io.espalier.adapter.onnx.lift.NativeNames;
import io.espalier.adapter.onnx.lift.TopologicalOrder;
import io.espalier.adapter.onnx.proto.GraphProto;
import io.espalier.adapter.onnx.proto.NodeProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The order of the nodes of a native graph after some were added. */
final class NodeOrder {

    private NodeOrder() {}

    /**
     * Drops empty nodes and moves the last ones to before the first that reads them; others move where they must.
     *
     * @param added how many of the last nodes are moved, themselves in topological order
     */
    static void settle(GraphProto.Builder graph, int added) {
        int first = graph.getNodeCount() - added;
        List<NodeProto> kept = graph.getNodeList().subList(0, first).stream()
                .filter(node -> !node.getOpType().isEmpty())
                .toList();
        List<NodeProto> moved = List.copyOf(graph.getNodeList().subList(first, graph.getNodeCount()));
        graph.clearNode().addAllNode(joined(kept, moved));
        if (added > 0) {
            List<NodeProto> sorted = TopologicalOrder.of(graph.build()).stream()
                    .map(graph::getNode)
                    .toList();
            graph.clearNode().addAllNode(sorted);
        }
    }

    private static List<NodeProto> joined(List<NodeProto> kept, List<NodeProto> moved) {
        Map<String, Integer> firstReader = new HashMap<>();
        for (int i = 0; i < kept.size(); i++) {
            for (String name : NativeNames.read(kept.get(i))) {
                firstReader.putIfAbsent(name, i);
            }
        }
        Map<Integer, List<NodeProto>> places = new TreeMap<>();
        for (int i = moved.size() - 1; i >= 0; i--) {
            NodeProto node = moved.get(i);
            int place = node.getOutputList().stream()
                    .filter(name -> !name.isEmpty())
                    .mapToInt(name -> firstReader.getOrDefault(name, kept.size()))
                    .min()
                    .orElse(kept.size());
            NativeNames.read(node).forEach(name -> firstReader.merge(name, place, Math::min));
            places.computeIfAbsent(place, key -> new ArrayList<>()).add(node);
        }
        List<NodeProto> joined = new ArrayList<>();
        for (int i = 0; i <= kept.size(); i++) {
            List<NodeProto> here = places.getOrDefault(i, List.of());
            for (int j = here.size() - 1; j >= 0; j--) {
                joined.add(here.get(j));
            }
            if (i < kept.size()) {
                joined.add(kept.get(i));
            }
        }
        return joined;
    }
}
