package io.espalier.engine.coupling.propagate;

import io.espalier.engine.coupling.label.AxisFactor;
import io.espalier.engine.coupling.label.LabelMap;
import io.espalier.engine.coupling.label.Labels;
import io.espalier.engine.coupling.label.Layout;
import io.espalier.engine.coupling.label.ParameterUse;
import io.espalier.graph.symbol.Dim;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.GraphIndex;
import io.espalier.spi.graph.Node;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The constants of a graph with their labels.
 *
 * <p>A constant read by several operators keeps one set of labels when it is a weight; biases, scales and tables that
 * exporters have deduplicated get one set for each reader, and are cut for each reader.
 */
final class Parameters {

    private final GraphIndex index;
    private final Labels labels;
    private final Map<ParameterUse, Layout> layouts = new LinkedHashMap<>();

    Parameters(Graph graph, Labels labels) {
        this.index = GraphIndex.of(graph);
        this.labels = labels;
    }

    boolean contains(String value) {
        return index.constants().containsKey(value);
    }

    ParameterUse use(String constant, Node node, int slot, boolean isWeight) {
        if (isWeight || index.timesRead(constant) <= 1) {
            return ParameterUse.shared(constant);
        }
        if (isMatrix(index.constants().get(constant))) {
            axisByAxis(constant);
            return ParameterUse.shared(constant);
        }
        return new ParameterUse(constant, node.id(), slot);
    }

    /** An operator reads a constant as it is: where others cut the tensor, it gets a copy. */
    void readWhole(String value, Node node, int slot) {
        if (contains(value) && index.timesRead(value) > 1) {
            layouts.put(new ParameterUse(value, node.id(), slot), inert(value));
        }
    }

    /**
     * Whether a constant is a weight that is standardised or normalised when the model runs, rather than one of the
     * biases, scales and filled tables that exporters deduplicate: all its readers must continue to read one tensor.
     */
    private static boolean isMatrix(Tensor tensor) {
        return ParameterUse.carriesWeights(tensor)
                && tensor.shape().stream().filter(extent -> extent > 1).count() > 1
                && !isFilled(tensor);
    }

    private static boolean isFilled(Tensor tensor) {
        double[] values = Tensors.toDoubles(tensor);
        return Arrays.stream(values).allMatch(value -> value == values[0]);
    }

    boolean isLabelled(ParameterUse use) {
        return layouts.containsKey(use);
    }

    Layout layout(ParameterUse use) {
        Layout known = layouts.get(use);
        return known != null ? known : inert(use.constant());
    }

    void store(ParameterUse use, Layout layout) {
        layouts.put(use, layout);
    }

    Map<ParameterUse, Layout> layouts() {
        return layouts;
    }

    private Layout inert(String constant) {
        List<Dim> shape = new ArrayList<>();
        index.constants().get(constant).shape().forEach(extent -> shape.add(Dim.of(extent)));
        return Layout.inert(shape);
    }

    /** The labels of a constant that is moved around before it is used: one set for each axis. */
    Layout axisByAxis(String constant) {
        ParameterUse use = ParameterUse.shared(constant);
        Layout known = layouts.get(use);
        if (known != null) {
            return known;
        }
        Layout inert = inert(constant);
        if (!ParameterUse.carriesWeights(index.constants().get(constant))) {
            return inert;
        }
        List<LabelMap> maps = new ArrayList<>();
        for (List<AxisFactor> axis : inert.axes()) {
            if (!axis.isEmpty() && axis.get(0).count() > 0) {
                maps.add(new LabelMap(axis, labels.fresh(axis.get(0).count())));
            }
        }
        Layout labelled = inert.withMaps(maps);
        layouts.put(use, labelled);
        return labelled;
    }
}
