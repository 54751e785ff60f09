package io.espalier.host;

import io.espalier.spi.adapter.FrameworkAdapter;
import io.espalier.spi.adapter.GraphWriter;
import io.espalier.spi.allocator.SparsityAllocator;
import io.espalier.spi.compensator.WeightCompensator;
import io.espalier.spi.criterion.ImportanceCriterion;
import io.espalier.spi.data.DatasetReader;
import io.espalier.spi.execution.GraphExecutor;
import io.espalier.spi.loss.Loss;
import io.espalier.spi.metric.Metric;
import io.espalier.spi.operator.OperatorSemantics;
import io.espalier.spi.optimizer.Optimizer;
import io.espalier.spi.provider.Noun;
import io.espalier.spi.provider.Provider;
import io.espalier.spi.regularizer.Regularizer;
import io.espalier.spi.schedule.PruningSchedule;
import java.util.List;

/**
 * A kind of extension the host looks for.
 *
 * @param type the SPI interface, also the name of its services file
 */
public record ExtensionPoint(Class<? extends Provider> type) {

    /** All kinds, in the order in which lists show them; a new kind is one line here. */
    public static final List<ExtensionPoint> ALL = List.of(
            new ExtensionPoint(FrameworkAdapter.class),
            new ExtensionPoint(GraphExecutor.class),
            new ExtensionPoint(GraphWriter.class),
            new ExtensionPoint(OperatorSemantics.class),
            new ExtensionPoint(ImportanceCriterion.class),
            new ExtensionPoint(SparsityAllocator.class),
            new ExtensionPoint(PruningSchedule.class),
            new ExtensionPoint(WeightCompensator.class),
            new ExtensionPoint(Loss.class),
            new ExtensionPoint(Optimizer.class),
            new ExtensionPoint(Regularizer.class),
            new ExtensionPoint(DatasetReader.class),
            new ExtensionPoint(Metric.class));

    /** The kind with this SPI interface. */
    public static ExtensionPoint of(Class<? extends Provider> type) {
        return ALL.stream()
                .filter(point -> point.type() == type)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(type.getName() + " is not an extension point"));
    }

    /** What people call an extension of this kind. */
    public String noun() {
        return type.getAnnotation(Noun.class).value();
    }

    /** The interfaces of which an extension implements one: the SPI interface, or the forms that it permits. */
    List<Class<?>> forms() {
        return type.isSealed() ? List.of(type.getPermittedSubclasses()) : List.of(type);
    }

    /** The services file that names extensions of this kind. */
    String servicesFile() {
        return "META-INF/services/" + type.getName();
    }
}
