package io.espalier.engine.cost;

import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.coupling.channel.CoupledChannel;
import io.espalier.engine.coupling.channel.Group;
import io.espalier.engine.coupling.channel.KeptIndices;
import io.espalier.engine.coupling.channel.Removal;
import io.espalier.engine.coupling.label.LabelledAxis;
import io.espalier.engine.coupling.label.ParameterUse;
import io.espalier.graph.cost.Cost;
import io.espalier.graph.cost.CostModel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * The exact cost of what a removal leaves, without touching the model: hundreds of candidates a second.
 *
 * <p>Immutable and thread-safe.
 */
public final class RemovalCosts {

    private final CostModel model;
    private final Coupling coupling;
    private final long addedBytes;
    /** The uses of each constant that has labels. */
    private final Map<String, List<Use>> uses = new LinkedHashMap<>();
    /** How many readers of a constant do not share it with the others. */
    private final Map<String, Integer> copies = new HashMap<>();

    /** A constant as one of its readers sees it. */
    private record Use(ParameterUse use, LabelledElements elements) {

        boolean isShared() {
            return use.isShared();
        }
    }

    private RemovalCosts(CostModel model, Coupling coupling, long addedBytes) {
        this.addedBytes = addedBytes;
        this.model = model;
        this.coupling = coupling;
        Map<ParameterUse, List<LabelledAxis>> labelledAxes = new LinkedHashMap<>();
        for (LabelledAxis labelledAxis : coupling.labelledAxes()) {
            labelledAxes
                    .computeIfAbsent(labelledAxis.use(), use -> new ArrayList<>())
                    .add(labelledAxis);
        }
        coupling.graph().parameters().keySet().stream()
                .filter(use -> !use.isShared())
                .forEach(use -> copies.merge(use.constant(), 1, Integer::sum));
        labelledAxes.forEach((use, all) -> {
            List<Long> shape = model.trainable().constants().get(use.constant()).shape();
            uses.computeIfAbsent(use.constant(), constant -> new ArrayList<>())
                    .add(new Use(use, new LabelledElements(shape, all, coupling)));
        });
    }

    /** The costs of what removals leave. */
    public static RemovalCosts of(CostModel model, Coupling coupling) {
        return of(model, coupling, 0);
    }

    /**
     * The costs of what removals leave in a file that is written anew.
     *
     * @param addedBytes bytes that writing adds, such as metadata
     */
    public static RemovalCosts of(CostModel model, Coupling coupling, long addedBytes) {
        return new RemovalCosts(model, coupling, addedBytes);
    }

    /** What is left after a removal costs. */
    public Cost of(Removal removal) {
        return new Cost(parameters(removal), macs(removal), bytes(removal));
    }

    /** Trained elements that are left. */
    public long parameters(Removal removal) {
        return model.total().parameters()
                - lost(removal, constant -> model.trainable().isTrained(constant) ? 1 : 0);
    }

    /**
     * Trained elements that are removed with one channel of a group. What the first cut of a group adds once, such as the
     * copies of a constant that its readers no longer share, is not counted.
     */
    public long parametersPerChannel(Group group) {
        List<CoupledChannel> channels = group.channels();
        Removal one = Removal.of(channels.subList(0, 1));
        long first = model.total().parameters() - parameters(one);
        long next = channels.size() == 1 ? first : parameters(one) - parameters(Removal.of(channels.subList(0, 2)));
        return Math.max(first, next);
    }

    /** Bytes that are left. */
    public long bytes(Removal removal) {
        return model.total().bytes()
                + (removal.isEmpty() ? 0 : addedBytes)
                - lost(
                        removal,
                        constant -> model.trainable()
                                .constants()
                                .get(constant)
                                .type()
                                .bytes());
    }

    /**
     * What constants lose.
     *
     * @param weight how much an element of a constant counts
     */
    private long lost(Removal removal, ToLongFunction<String> weight) {
        long lost = 0;
        for (Map.Entry<String, List<Use>> entry : uses.entrySet()) {
            String constant = entry.getKey();
            long each = weight.applyAsLong(constant);
            if (each > 0) {
                long size = model.trainable().constants().get(constant).size();
                lost += each * (size - elements(constant, entry.getValue(), removal));
            }
        }
        return lost;
    }

    /**
     * Elements of a constant after a removal, cut as surgery does: in place when all its readers lose the same; else
     * readers that lose something else than the rest, or nothing, get copies, and the original stays as long as somebody reads it.
     */
    private long elements(String constant, List<Use> all, Removal removal) {
        Optional<LabelledElements> shared = all.stream()
                .filter(Use::isShared)
                .map(Use::elements)
                .filter(elements -> elements.loses(removal))
                .findFirst();
        List<LabelledElements> own = all.stream()
                .filter(use -> !use.isShared())
                .map(Use::elements)
                .filter(elements -> elements.loses(removal))
                .toList();
        boolean everyReader = own.size() == model.trainable().readers(constant);
        if (shared.isEmpty() && everyReader && own.stream().allMatch(each -> each.losesTheSame(own.get(0), removal))) {
            return own.get(0).kept(removal);
        }
        long size = all.get(0).elements().size();
        long copied = own.stream()
                .filter(each -> shared.isEmpty() || !each.losesTheSame(shared.get(), removal))
                .mapToLong(each -> each.kept(removal))
                .sum();
        if (shared.isEmpty()) {
            return copied + (everyReader ? 0 : size);
        }
        long whole = size * (copies.getOrDefault(constant, 0) - own.size());
        return copied + whole + shared.get().kept(removal);
    }

    /** Multiply-accumulates that are left. */
    public long macs(Removal removal) {
        KeptIndices keptIndices = new KeptIndices(coupling, removal);
        Map<String, Optional<long[]>> known = new HashMap<>();
        return model.macs(value -> known.computeIfAbsent(
                value, name -> keptIndices.shape(name).map(model::evaluate).or(() -> model.extents(name))));
    }
}
