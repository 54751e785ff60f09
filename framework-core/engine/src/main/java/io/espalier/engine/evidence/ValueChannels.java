package io.espalier.engine.evidence;

import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.coupling.label.AxisFactor;
import io.espalier.engine.coupling.label.LabelMap;
import io.espalier.engine.coupling.label.Layout;
import io.espalier.engine.coupling.label.SliceMap;
import io.espalier.graph.operator.NodeView;
import io.espalier.graph.operator.Operators;
import io.espalier.graph.shape.Shapes;
import io.espalier.spi.criterion.ChannelGroup;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where the classes of one labelled index lie in a value. Immutable.
 *
 * @param value name of the value
 * @param tables for each axis, what each of its positions adds to the number of a slice; empty where labels do not lie along it
 * @param places for each slice the place of its class among the classes here, -1 where it cannot be removed
 * @param classes numbers of the classes, by place
 */
record ValueChannels(String value, List<int[]> tables, int[] places, Map<Integer, Integer> classes) {

    /** Receives elements. */
    @FunctionalInterface
    interface Visitor {
        void accept(int example, int place, double element);
    }

    /** The labelled indices of the values that operators which contract read, in the order of the graph. */
    static List<ValueChannels> read(Graph graph, Coupling coupling) {
        return valuesRead(graph, coupling.operators()).stream()
                .flatMap(value -> of(value, coupling).stream())
                .toList();
    }

    /** The values that operators which contract read and that depend on the inputs, in the order of the graph. */
    private static Set<String> valuesRead(Graph graph, Operators operators) {
        Shapes shapes = operators.infer(graph);
        Set<String> varying = new LinkedHashSet<>(graph.inputs().keySet());
        Set<String> read = new LinkedHashSet<>();
        for (Node node : graph.nodes()) {
            List<String> data = node.reads().stream().filter(varying::contains).toList();
            if (!data.isEmpty()) {
                varying.addAll(node.outputs());
            }
            NodeView view = new NodeView(node, shapes);
            if (operators.of(node).filter(each -> each.contracts(view)).isPresent()) {
                read.addAll(data);
            }
        }
        return read;
    }

    /** The labelled indices of a value; those on axes of unknown extent are left out. */
    static List<ValueChannels> of(String value, Coupling coupling) {
        List<ValueChannels> found = new ArrayList<>();
        Optional<Layout> layout = coupling.graph().layout(value);
        for (LabelMap map : layout.map(Layout::maps).orElse(List.of())) {
            tables(layout.get(), map).ifPresent(tables -> found.add(of(value, tables, map, coupling)));
        }
        return found;
    }

    private static ValueChannels of(String value, List<int[]> tables, LabelMap map, Coupling coupling) {
        Map<Integer, Integer> classes = new HashMap<>();
        int[] places = new int[map.labels().length];
        for (int slice = 0; slice < places.length; slice++) {
            int number = coupling.classes().of(map.labels()[slice]);
            boolean removable = number >= 0 && coupling.classes().frozen(number).isEmpty();
            places[slice] = removable ? classes.computeIfAbsent(number, each -> classes.size()) : -1;
        }
        return new ValueChannels(value, tables, places, Map.copyOf(classes));
    }

    private static Optional<List<int[]>> tables(Layout layout, LabelMap map) {
        List<int[]> tables = new ArrayList<>();
        for (List<AxisFactor> axis : layout.axes()) {
            if (!map.coversAny(axis)) {
                tables.add(new int[0]);
            } else if (axis.stream().allMatch(AxisFactor::isNumeric)) {
                tables.add(SliceMap.table(axis, map));
            } else {
                return Optional.empty();
            }
        }
        return Optional.of(tables);
    }

    /** Whether examples lie along the first axis. */
    boolean hasExamples() {
        return tables.size() > 1 && tables.get(0).length == 0;
    }

    /** The last axis that holds neither examples nor channels; -1 when there is none. */
    int lastFree() {
        for (int axis = tables.size() - 1; axis > 0; axis--) {
            if (tables.get(axis).length == 0) {
                return axis;
            }
        }
        return -1;
    }

    /** The places of the classes of a group, by channel; empty when one of them has no elements here. */
    Optional<int[]> places(ChannelGroup group) {
        int[] numbers = ((ClassedGroup) group).classes();
        return Arrays.stream(numbers).allMatch(classes::containsKey)
                ? Optional.of(Arrays.stream(numbers).map(classes::get).toArray())
                : Optional.empty();
    }

    /** Feeds the elements of all classes here, in the order of storage. */
    void forEach(Tensor tensor, Visitor visitor) {
        double[] elements = Tensors.toDoubles(tensor);
        int rank = tables.size();
        int[] shape = tensor.shape().stream().mapToInt(Math::toIntExact).toArray();
        int[] index = new int[rank];
        int inner = shape[rank - 1];
        int[] last = tables.get(rank - 1).length == 0 ? new int[inner] : tables.get(rank - 1);
        for (int start = 0; start < elements.length; start += inner) {
            int slice = 0;
            for (int axis = 0; axis < rank - 1; axis++) {
                slice += tables.get(axis).length == 0 ? 0 : tables.get(axis)[index[axis]];
            }
            for (int i = 0; i < inner; i++) {
                int place = places[slice + last[i]];
                if (place >= 0) {
                    visitor.accept(hasExamples() ? index[0] : 0, place, elements[start + i]);
                }
            }
            for (int axis = rank - 2; axis >= 0 && ++index[axis] == shape[axis]; axis--) {
                index[axis] = 0;
            }
        }
    }
}
