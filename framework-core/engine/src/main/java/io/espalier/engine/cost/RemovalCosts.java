package io.espalier.engine.cost;

import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.coupling.Home;
import io.espalier.engine.coupling.ParameterUse;
import io.espalier.engine.coupling.Removal;
import io.espalier.engine.coupling.Survivors;
import io.espalier.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
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

        boolean loses(Removal removal) {
            return fields.stream().flatMapToInt(Arrays::stream).anyMatch(removal::removes);
        }

        boolean losesTheSame(Use other, Removal removal) {
            if (fields.size() != other.fields.size()) {
                return false;
            }
            for (int field = 0; field < fields.size(); field++) {
                int[] mine = fields.get(field);
                int[] others = other.fields.get(field);
                for (int i = 0; i < mine.length; i++) {
                    if (mine.length != others.length || removal.removes(mine[i]) != removal.removes(others[i])) {
                        return false;
                    }
                }
            }
            return true;
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
            uses.computeIfAbsent(use.constant(), constant -> new ArrayList<>()).add(new Use(use, unlabelled, classes));
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
     * Elements of a constant after a removal, cut as surgery does: in place when all its readers lose the same; else
     * readers that lose something else than the rest get copies, and the original stays as long as somebody reads it.
     */
    private long elements(String constant, List<Use> all, Removal removal) {
        Optional<Use> shared = all.stream()
                .filter(use -> use.use().isShared() && use.loses(removal))
                .findFirst();
        List<Use> own = all.stream()
                .filter(use -> !use.use().isShared() && use.loses(removal))
                .toList();
        boolean everyReader = own.size() == model.census().readers(constant);
        if (shared.isEmpty() && everyReader && own.stream().allMatch(use -> use.losesTheSame(own.get(0), removal))) {
            return own.get(0).kept(removal);
        }
        long copies = own.stream()
                .filter(use -> shared.isEmpty() || !use.losesTheSame(shared.get(), removal))
                .mapToLong(use -> use.kept(removal))
                .sum();
        long original = everyReader ? 0 : all.get(0).size();
        return copies + shared.map(use -> use.kept(removal)).orElse(original);
    }

    private long macs(Removal removal) {
        Survivors survivors = coupling.survivors(removal);
        Map<String, Optional<long[]>> known = new HashMap<>();
        return model.macs(value -> known.computeIfAbsent(
                value, name -> survivors.shape(name).map(model::evaluate).or(() -> model.extents(name))));
    }
}
