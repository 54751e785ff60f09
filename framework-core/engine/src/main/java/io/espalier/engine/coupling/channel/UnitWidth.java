package io.espalier.engine.coupling.channel;

import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.coupling.label.LabelledAxis;
import io.espalier.spi.criterion.ParameterRole;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Optional;

/**
 * How many channels a coupled channel is worth. One of an attention head is as many as the head is wide, and where groups of
 * a normalisation or of a convolution must stay equally wide, it is one of every such group.
 */
public final class UnitWidth {

    private UnitWidth() {}

    /** How many channels of the first layer that computes them one coupled channel of a group removes, on average. */
    public static double of(Coupling coupling, Group group) {
        Optional<LabelledAxis> axis = group.labelledAxes().stream()
                .min(Comparator.comparing((LabelledAxis each) -> each.role() != ParameterRole.PRODUCER)
                        .thenComparing(each -> each.role() == ParameterRole.CONSUMER));
        if (axis.isEmpty()) {
            return 1;
        }
        BitSet removable = new BitSet();
        group.channels().forEach(channel -> Arrays.stream(channel.classes()).forEach(removable::set));
        long positions = Arrays.stream(coupling.classesAt(axis.get()))
                .filter(each -> each >= 0 && removable.get(each))
                .count();
        return (double) positions / group.channels().size();
    }
}
