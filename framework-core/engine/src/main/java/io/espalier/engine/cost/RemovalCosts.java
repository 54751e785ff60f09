package io.espalier.engine.cost;

import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.coupling.Home;
import io.espalier.engine.coupling.ParameterUse;
import io.espalier.engine.coupling.Removal;
import io.espalier.engine.coupling.Survivors;
import io.espalier.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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

    /**
     * A constant as one of its readers sees it.
     *
     * @param unlabelled elements at each combination of labelled positions
     * @param fields classes at the positions of each field
     */
    private record Use(ParameterUse use, long unlabelled, List<int[]> fields) {

        long kept(Removal removal) {
            long kept = unlabelled;
            for (int[] classes : fields) {
                int positions = 0;
                for (int each : classes) {
                    positions += removal.removes(each) ? 0 : 1;
                }
                kept *= positions;
            }
            return kept;
        }

        long size() {
            long size = unlabelled;
            for (int[] classes : fields) {
                size *= classes.length;
            }
            return size;
        }
    }

    RemovalCosts(CostModel model, Coupling coupling, long addedBytes) {
        this.addedBytes = addedBytes;
        this.model = model;
        this.coupling = coupling;
        Map<ParameterUse, List<int[]>> fields = new LinkedHashMap<>();
        for (Home home : coupling.homes()) {
            fields.computeIfAbsent(home.use(), use -> new ArrayList<>()).add(coupling.classesAt(home));
        }
        fields.forEach((use, classes) -> {
            long unlabelled = model.census().constants().get(use.constant()).size();
            for (int[] field : classes) {
                unlabelled /= field.length;
            }
            uses.computeIfAbsent(use.constant(), constant -> new ArrayList<>())
                    .add(new Use(use, unlabelled, classes));
        });
    }

    /** What is left after a removal costs. */
    public Cost of(Removal removal) {
        long parameters = model.total().parameters();
        long bytes = model.total().bytes() + (removal.isEmpty() ? 0 : addedBytes);
        for (Map.Entry<String, List<Use>> entry : uses.entrySet()) {
            Tensor constant = model.census().constants().get(entry.getKey());
            long lost = constant.size() - elements(entry.getKey(), entry.getValue(), removal);
            parameters -= model.census().isTrained(entry.getKey()) ? lost : 0;
            bytes -= lost * constant.type().bytes();
        }
        return new Cost(parameters, macs(removal), bytes);
    }

    /**
     * Elements of a constant after a removal. A reader that loses other positions than the rest gets a copy of its own;
     * the original stays as long as somebody reads it.
     */
    private long elements(String constant, List<Use> all, Removal removal) {
        long elements = 0;
        int copies = 0;
        boolean shared = false;
        for (Use use : all) {
            long kept = use.kept(removal);
            if (use.use().isShared()) {
                elements += kept;
                shared = true;
            } else if (kept < use.size()) {
                elements += kept;
                copies++;
            }
        }
        boolean original = !shared && copies < model.census().readers(constant);
        return original ? elements + all.get(0).size() : elements;
    }

    private long macs(Removal removal) {
        Survivors survivors = coupling.survivors(removal);
        Map<String, Optional<long[]>> known = new HashMap<>();
        return model.macs(value -> known.computeIfAbsent(
                value,
                name -> survivors.shape(name).map(model::evaluate).or(() -> model.extents(name))));
    }
}
