package io.espalier.engine.coupling;

import io.espalier.engine.coupling.label.LabelClasses;
import io.espalier.engine.coupling.label.LabelledAxis;
import io.espalier.engine.coupling.label.LabelledGraph;
import io.espalier.engine.coupling.label.SliceMap;
import io.espalier.engine.coupling.label.StatisticCoupling;
import io.espalier.graph.operator.Operators;
import java.util.List;

/**
 * The result of the analysis: the labels of all values and parameters, and the classes of labels that must be removed
 * together.
 *
 * <p>Immutable and thread-safe.
 *
 * @param operators the operators that the graph was analysed with
 * @param graph the labels
 * @param classes the classes they form
 */
public record Coupling(Operators operators, LabelledGraph graph, LabelClasses classes) {

    /** Means and norms over channels that can be removed. */
    public List<StatisticCoupling> statistics() {
        return graph.statistics();
    }

    /** Every labelled index of every parameter, in the order of the graph. */
    public List<LabelledAxis> labelledAxes() {
        return graph.axes();
    }

    /** The class of each position of a labelled axis, -1 where a position cannot be removed. */
    public int[] classesAt(LabelledAxis axis) {
        int[] labels = graph.labels(axis).labels();
        int[] numbers = new int[labels.length];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = classes.of(labels[i]);
        }
        return numbers;
    }

    /** Which elements of a parameter belong to which position of a labelled axis. */
    public SliceMap slices(LabelledAxis axis) {
        return SliceMap.of(graph.parameters().get(axis.use()), graph.labels(axis));
    }
}
