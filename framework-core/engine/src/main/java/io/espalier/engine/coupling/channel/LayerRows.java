package io.espalier.engine.coupling.channel;

import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.coupling.label.LabelClasses;
import io.espalier.engine.coupling.label.LabelledAxis;
import io.espalier.spi.criterion.ParameterRole;
import java.util.Arrays;
import java.util.BitSet;

/**
 * Finds rows that a layer computes or sums as one channel. The scales of a normalisation of whole groups make no channel
 * of a group: its columns may be removed one by one.
 */
final class LayerRows {

    private LayerRows() {}

    static BitSet of(Coupling coupling) {
        LabelClasses classes = coupling.classes();
        BitSet layers = new BitSet();
        coupling.labelledAxes().stream()
                .filter(LayerRows::isLayer)
                .forEach(axis -> Arrays.stream(coupling.classesAt(axis))
                        .filter(each -> each >= 0)
                        .forEach(layers::set));
        BitSet repeated = new BitSet();
        for (int each = 0; each < classes.count(); each++) {
            repeated.set(classes.tieOf(each), repeated.get(classes.tieOf(each)) || classes.isRepeated(each));
        }
        BitSet rows = new BitSet();
        // Several queries share a key: leaving out one of each would change how many share it.
        classes.rows().stream()
                .filter(row -> layers.get(row.row()) && !repeated.get(classes.tieOf(row.row())))
                .forEach(row -> rows.set(row.row()));
        return rows;
    }

    private static boolean isLayer(LabelledAxis axis) {
        return axis.role() == ParameterRole.PRODUCER || axis.role() == ParameterRole.CONSUMER;
    }
}
