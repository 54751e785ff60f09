package io.espalier.engine.coupling.channel;

import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.coupling.label.AppliedNotation;
import io.espalier.engine.coupling.label.Barrier;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A barrier with the number of classes that it keeps from being removed.
 *
 * @param barrier the barrier
 * @param classes number of classes
 */
public record Blocked(Barrier barrier, int classes) {

    /**
     * Why classes that hold parameters cannot be removed, in order of their first class. Axes of weights that no channel ever
     * had, such as those of a kernel, are not named, as little for computed weights as for constant ones.
     */
    public static List<Blocked> in(Coupling coupling) {
        Channels channels = new Channels(coupling, each -> 0, Heads.BOTH);
        channels.find();
        Map<Barrier, Integer> counts = new LinkedHashMap<>();
        channels.unreachable().stream()
                .filter(each -> !isOfWeight(each.reason(), coupling))
                .forEach(each -> counts.merge(each.reason(), 1, Integer::sum));
        return counts.entrySet().stream()
                .map(entry -> new Blocked(entry.getKey(), entry.getValue()))
                .toList();
    }

    /** Whether a barrier is at an operand that is computed from constants alone: a dequantised weight. */
    private static boolean isOfWeight(Barrier barrier, Coupling coupling) {
        AppliedNotation applied = coupling.graph().applied().get(barrier.node());
        return applied != null
                && applied.operands().stream()
                        .anyMatch(operand ->
                                operand.value().equals(barrier.value()) && operand.use() == null && operand.isFixed());
    }
}
