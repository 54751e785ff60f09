package io.espalier.host;

import io.espalier.spi.adapter.FrameworkAdapter;
import io.espalier.spi.allocator.SparsityAllocator;
import io.espalier.spi.compensator.WeightCompensator;
import io.espalier.spi.criterion.ImportanceCriterion;
import io.espalier.spi.data.DatasetReader;
import io.espalier.spi.execution.GraphExecutor;
import io.espalier.spi.metric.Metric;
import io.espalier.spi.operator.OperatorSemantics;
import io.espalier.spi.provider.Provider;
import io.espalier.spi.schedule.PruningSchedule;
import java.util.List;

/**
 * A kind of extension the host looks for.
 *
 * @param type the SPI interface, also the name of its services file
 * @param noun what people call an extension of this kind
 */
public record ExtensionPoint(Class<? extends Provider> type, String noun) {

    /** All kinds, in the order in which lists show them; a new kind is one line here. */
    public static final List<ExtensionPoint> ALL = List.of(
            new ExtensionPoint(FrameworkAdapter.class, "adapter"),
            new ExtensionPoint(GraphExecutor.class, "executor"),
            new ExtensionPoint(OperatorSemantics.class, "operator semantics"),
            new ExtensionPoint(ImportanceCriterion.class, "criterion"),
            new ExtensionPoint(SparsityAllocator.class, "allocator"),
            new ExtensionPoint(PruningSchedule.class, "schedule"),
            new ExtensionPoint(WeightCompensator.class, "compensator"),
            new ExtensionPoint(DatasetReader.class, "data set reader"),
            new ExtensionPoint(Metric.class, "metric"));

    /** The kind with this SPI interface. */
    public static ExtensionPoint of(Class<? extends Provider> type) {
        return ALL.stream()
                .filter(point -> point.type() == type)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(type.getName() + " is not an extension point"));
    }

    /** The services file that names extensions of this kind. */
    String servicesFile() {
        return "META-INF/services/" + type.getName();
    }
}
