package io.espalier.engine.coupling;

import io.espalier.engine.coupling.AppliedLine.AppliedOperand;
import io.espalier.engine.operator.IndexLine.AxisTerm;
import io.espalier.engine.operator.Letter;
import io.espalier.engine.operator.Letter.Marker;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What must be changed in the original, at full width, so that it computes what the pruned model computes: where an
 * operator sums over something that goes, it is multiplied by zero; where it takes a statistic, only what stays is shown
 * to it.
 */
public final class Masking {

    private final Coupling coupling;
    private final Removal removal;
    private final Survivors survivors;

    Masking(Coupling coupling, Removal removal) {
        this.coupling = coupling;
        this.removal = removal;
        this.survivors = coupling.survivors(removal);
    }

    /**
     * A factor of 0 and 1 for one operand.
     *
     * @param node first output of the node
     * @param slot the operand
     * @param shape shape of the factor, which broadcasts to the operand
     * @param values 0 where something goes, else 1; row-major
     */
    public record Mask(String node, int slot, List<Long> shape, float[] values) {}

    /**
     * A node that must see only what stays.
     *
     * @param node first output of the node
     * @param inputs for each operand that loses something, the positions to pick along its axes
     * @param outputs for each output that has lost something, where to find each original position along its axes;
     *     positions that went point anywhere
     */
    public record Narrowing(
            String node, Map<Integer, Map<Integer, int[]>> inputs, Map<Integer, Map<Integer, int[]>> outputs) {}

    /** All masks, in the order of the graph. */
    public List<Mask> masks() {
        List<Mask> masks = new ArrayList<>();
        coupling.applied().forEach((node, line) -> {
            if (!isNarrowed(line)) {
                masks.addAll(masks(node, line));
            }
        });
        return masks;
    }

    private List<Mask> masks(String node, AppliedLine line) {
        Set<String> kept = line.keptLetters();
        List<Mask> masks = new ArrayList<>();
        List<Set<Factor>> done = new ArrayList<>();
        for (boolean constants : new boolean[] {true, false}) {
            for (AppliedOperand operand : line.operands()) {
                if (operand.use() != null == constants) {
                    maskOperand(node, operand, kept, done, masks);
                }
            }
        }
        return masks;
    }

    /** Masks the fields of one operand that are summed over, unless another operand has done so. */
    private void maskOperand(
            String node, AppliedOperand operand, Set<String> kept, List<Set<Factor>> done, List<Mask> masks) {
        List<Factor> summed = new ArrayList<>();
        operand.letters().forEach((letter, factors) -> {
            if (letter.marker() == Marker.NONE && !kept.contains(letter.name())) {
                summed.addAll(factors);
            }
        });
        for (Field field : operand.layout().fields()) {
            Set<Factor> lost =
                    Set.copyOf(field.factors().stream().filter(summed::contains).toList());
            if (!lost.isEmpty() && !done.contains(lost) && loses(field)) {
                masks.add(mask(node, operand, field));
                done.add(lost);
            }
        }
    }

    private boolean loses(Field field) {
        return Arrays.stream(field.labels()).anyMatch(label -> removal.removes(coupling.classOf(label)));
    }

    private Mask mask(String node, AppliedOperand operand, Field field) {
        List<Long> shape = new ArrayList<>();
        List<Factor> order = new ArrayList<>();
        for (List<Factor> axis : operand.layout().axes()) {
            boolean covered = field.coversAny(axis);
            if (covered && !axis.stream().allMatch(Factor::isNumeric)) {
                throw new UnprovableException("an axis of '" + operand.value() + "' joins channels with an extent that"
                        + " is not known before the model runs");
            }
            shape.add(covered ? (long) Relations.size(axis) : 1L);
            order.addAll(covered ? axis : List.of());
        }
        int[] labels = field.labelsOver(order);
        float[] values = new float[labels.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = removal.removes(coupling.classOf(labels[i])) ? 0 : 1;
        }
        return new Mask(node, operand.slot(), List.copyOf(shape), values);
    }

    /** All nodes that take statistics over something that goes, in the order of the graph. */
    public List<Narrowing> narrowings() {
        List<Narrowing> narrowings = new ArrayList<>();
        coupling.applied().forEach((node, line) -> {
            if (isNarrowed(line)) {
                narrowings.add(narrowing(node, line));
            }
        });
        return narrowings;
    }

    private boolean isNarrowed(AppliedLine line) {
        return line.operands().stream()
                .anyMatch(operand -> operand.letters().entrySet().stream()
                        .anyMatch(entry -> entry.getKey().marker() == Marker.STATISTIC
                                && operand.layout().fields().stream()
                                        .anyMatch(field -> field.coversAny(entry.getValue()) && loses(field))));
    }

    private Narrowing narrowing(String node, AppliedLine line) {
        Map<Integer, Map<Integer, int[]>> inputs = new LinkedHashMap<>();
        Map<String, int[]> keptByLetters = new LinkedHashMap<>();
        for (AppliedOperand operand : line.operands()) {
            Map<Integer, int[]> axes = new LinkedHashMap<>();
            List<AxisTerm> terms = line.line().inputs().get(operand.slot()).orElseThrow();
            for (int axis = 0; axis < operand.layout().rank(); axis++) {
                Optional<int[]> positions = lost(operand.layout(), axis);
                if (positions.isPresent()) {
                    axes.put(axis, positions.get());
                    keptByLetters.put(names(terms.get(axis)), positions.get());
                }
            }
            if (!axes.isEmpty()) {
                inputs.put(operand.slot(), axes);
            }
        }
        Map<Integer, Map<Integer, int[]>> outputs = new LinkedHashMap<>();
        for (int slot = 0; slot < line.line().outputs().size(); slot++) {
            Map<Integer, int[]> axes = new LinkedHashMap<>();
            List<AxisTerm> terms = line.line().outputs().get(slot);
            for (int axis = 0; axis < terms.size(); axis++) {
                int[] kept = keptByLetters.get(names(terms.get(axis)));
                if (kept != null) {
                    axes.put(axis, kept);
                }
            }
            if (!axes.isEmpty()) {
                outputs.put(slot, axes);
            }
        }
        return new Narrowing(node, inputs, outputs);
    }

    private static String names(AxisTerm term) {
        return String.join(" ", term.letters().stream().map(Letter::name).toList());
    }

    private Optional<int[]> lost(Layout layout, int axis) {
        boolean loses = layout.fields().stream()
                .anyMatch(field -> field.coversAny(layout.axes().get(axis)) && loses(field));
        if (!loses) {
            return Optional.empty();
        }
        Optional<int[]> positions = survivors.positions(layout, axis);
        if (positions.isEmpty()) {
            throw new UnprovableException("a statistic is taken over channels joined with an extent that is not known"
                    + " before the model runs");
        }
        return positions;
    }

    /** The reference cannot be expressed; the removal may be right, but is not proved. */
    public static final class UnprovableException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        UnprovableException(String message) {
            super(message);
        }
    }
}
