package io.espalier.engine.coupling.label;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The labels of all values and parameters of a graph, in the order of the graph.
 *
 * @param parameters layouts of constants
 * @param values layouts of computed values and inputs, by name
 * @param applied for each node whose operator is described by index notation, by {@code Node.id()}, how it was applied
 * @param statistics means and norms over labelled axes
 * @param axes every labelled index of every parameter
 * @param repetitions how repeated axes of unknown extent are divided
 */
public record LabelledGraph(
        Map<ParameterUse, Layout> parameters,
        Map<String, Layout> values,
        Map<String, AppliedNotation> applied,
        List<StatisticCoupling> statistics,
        List<LabelledAxis> axes,
        Repetitions repetitions) {

    public LabelledGraph {
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        applied = Collections.unmodifiableMap(new LinkedHashMap<>(applied));
        statistics = List.copyOf(statistics);
        axes = List.copyOf(axes);
    }

    /** The layout of a value, or of a constant that all its readers share. */
    public Optional<Layout> layout(String value) {
        Layout computed = values.get(value);
        return computed != null
                ? Optional.of(computed)
                : Optional.ofNullable(parameters.get(ParameterUse.shared(value)));
    }

    /** What a reader of a constant reads: a copy of its own, or what all others share. */
    public ParameterUse use(String constant, String node, int slot) {
        ParameterUse own = new ParameterUse(constant, node, slot);
        return parameters.containsKey(own) ? own : ParameterUse.shared(constant);
    }

    /** The labels of one labelled index. */
    public LabelMap labels(LabelledAxis axis) {
        return parameters.get(axis.use()).maps().get(axis.map());
    }
}
