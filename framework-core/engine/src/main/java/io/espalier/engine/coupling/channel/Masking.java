package io.espalier.engine.coupling.channel;

import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.coupling.label.AppliedNotation;
import io.espalier.engine.coupling.label.AppliedNotation.AppliedOperand;
import io.espalier.engine.coupling.label.AxisFactor;
import io.espalier.engine.coupling.label.LabelMap;
import io.espalier.engine.coupling.label.Layout;
import io.espalier.graph.operator.IndexNotation.AxisTerm;
import io.espalier.graph.operator.Letter;
import io.espalier.graph.operator.Letter.Marker;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The changes that make the original, at full width, compute the same as the pruned model: where an operator sums over
 * removed positions, they are multiplied by zero; where it takes a statistic, it is given the kept positions only.
 */
public final class Masking {

    private static final long UNKNOWN = -1;

    private final Coupling coupling;
    private final Removal removal;
    private final KeptIndices keptIndices;

    /** The masking that a removal needs. */
    public Masking(Coupling coupling, Removal removal) {
        this.coupling = coupling;
        this.removal = removal;
        this.keptIndices = new KeptIndices(coupling, removal);
    }

    /**
     * A factor of 0 and 1 for one operand.
     *
     * @param node first output of the node
     * @param slot the operand
     * @param shape shape of the factor, which broadcasts to the operand once its axes are divided
     * @param values 0 where a position is removed, else 1; row-major
     * @param divided for axes that join channels with an extent not known before the model runs: the extents they are
     *     divided into, with -1 for the unknown one
     */
    public record Mask(String node, int slot, List<Long> shape, float[] values, Map<Integer, List<Long>> divided) {}

    /**
     * The kept positions of an axis.
     *
     * @param positions the positions that are kept
     * @param divided where the axis joins channels with an extent not known before the model runs: the extents it is
     *     divided into, with -1 for the unknown one; else empty
     * @param divisor index in {@code divided} of the extent that the positions are counted along
     */
    public record Pick(int[] positions, List<Long> divided, int divisor) {}

    /**
     * A node that must read only the kept positions.
     *
     * @param node first output of the node
     * @param inputs for each operand that loses something, the kept positions of its axes
     * @param outputs for each output that has lost something, the kept positions of its axes
     */
    public record Narrowing(
            String node, Map<Integer, Map<Integer, Pick>> inputs, Map<Integer, Map<Integer, Pick>> outputs) {}

    /** All masks, in the order of the graph. */
    public List<Mask> masks() {
        List<Mask> masks = new ArrayList<>();
        coupling.graph().applied().forEach((node, applied) -> {
            if (!isNarrowed(applied)) {
                masks.addAll(masks(node, applied));
            }
        });
        return masks;
    }

    private List<Mask> masks(String node, AppliedNotation applied) {
        Set<String> kept = applied.notation().outputLetters();
        List<Mask> masks = new ArrayList<>();
        List<Set<AxisFactor>> done = new ArrayList<>();
        // Of packed integers no factor takes anything out, of their scales it does.
        applied.operands().stream()
                .sorted(Comparator.comparing(AppliedOperand::isFloating)
                        .thenComparing(AppliedOperand::isFixed)
                        .reversed())
                .forEach(operand -> maskOperand(node, operand, kept, done, masks));
        return masks;
    }

    /** Masks the label maps of one operand that are summed over, unless another operand has done so. */
    private void maskOperand(
            String node, AppliedOperand operand, Set<String> kept, List<Set<AxisFactor>> done, List<Mask> masks) {
        List<AxisFactor> summed = new ArrayList<>();
        operand.letters().forEach((letter, factors) -> {
            if (letter.marker() == Marker.NONE && !kept.contains(letter.name())) {
                summed.addAll(factors);
            }
        });
        for (LabelMap map : operand.layout().maps()) {
            Set<AxisFactor> lost =
                    Set.copyOf(map.factors().stream().filter(summed::contains).toList());
            if (!lost.isEmpty() && !done.contains(lost) && losesPartOfARow(map, lost)) {
                masks.add(mask(node, operand, map));
                done.add(lost);
            }
        }
    }

    private boolean loses(LabelMap map) {
        return Arrays.stream(map.labels())
                .anyMatch(label -> removal.removes(coupling.classes().of(label)));
    }

    /** Whether removed positions are summed into a position that is kept. */
    private boolean losesPartOfARow(LabelMap map, Set<AxisFactor> summed) {
        List<AxisFactor> order = new ArrayList<>(map.factors().stream()
                .filter(factor -> !summed.contains(factor))
                .toList());
        int rows = AxisFactor.count(order);
        order.addAll(map.factors().stream().filter(summed::contains).toList());
        int[] labels = map.labelsOver(order);
        int width = labels.length / rows;
        for (int row = 0; row < rows; row++) {
            long removed = Arrays.stream(labels, row * width, (row + 1) * width)
                    .filter(label -> removal.removes(coupling.classes().of(label)))
                    .count();
            if (removed > 0 && (rows == 1 || removed < width)) {
                return true;
            }
        }
        return false;
    }

    private Mask mask(String node, AppliedOperand operand, LabelMap map) {
        List<Long> shape = new ArrayList<>();
        List<AxisFactor> order = new ArrayList<>();
        Map<Integer, List<Long>> divided = new LinkedHashMap<>();
        for (int axis = 0; axis < operand.layout().rank(); axis++) {
            List<AxisFactor> factors = operand.layout().axes().get(axis);
            boolean covered = map.coversAny(factors);
            if (covered && !factors.stream().allMatch(AxisFactor::isNumeric)) {
                List<Long> extents = division(factors, operand.value());
                divided.put(axis, extents);
                extents.forEach(extent -> shape.add(Math.max(extent, 1)));
                order.addAll(factors.stream().filter(AxisFactor::isNumeric).toList());
            } else {
                shape.add(covered ? (long) AxisFactor.count(factors) : 1L);
                order.addAll(covered ? factors : List.of());
            }
        }
        int[] labels = map.labelsOver(order);
        float[] values = new float[labels.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = removal.removes(coupling.classes().of(labels[i])) ? 0 : 1;
        }
        return new Mask(node, operand.slot(), List.copyOf(shape), values, divided);
    }

    /** The extents an axis is divided into: neighbouring factors of unknown size count as one. */
    private static List<Long> division(List<AxisFactor> factors, String value) {
        List<Long> extents = new ArrayList<>();
        for (AxisFactor factor : factors) {
            boolean continues = !factor.isNumeric() && !extents.isEmpty() && extents.get(extents.size() - 1) == UNKNOWN;
            if (!continues) {
                extents.add(factor.isNumeric() ? factor.count() : UNKNOWN);
            }
        }
        if (extents.stream().filter(extent -> extent == UNKNOWN).count() > 1) {
            throw new UnprovableException("an axis of '" + value + "' joins channels with several extents that are not"
                    + " known before the model runs");
        }
        return List.copyOf(extents);
    }

    /** All nodes that take statistics over an axis that loses positions, in the order of the graph. */
    public List<Narrowing> narrowings() {
        List<Narrowing> narrowings = new ArrayList<>();
        coupling.graph().applied().forEach((node, applied) -> {
            if (isNarrowed(applied)) {
                narrowings.add(narrowing(node, applied));
            }
        });
        return narrowings;
    }

    private boolean isNarrowed(AppliedNotation applied) {
        return applied.operands().stream()
                .anyMatch(operand -> operand.letters().entrySet().stream()
                        .anyMatch(entry -> entry.getKey().marker().isStatistic()
                                && operand.layout().maps().stream()
                                        .anyMatch(map -> map.coversAny(entry.getValue()) && loses(map))));
    }

    private Narrowing narrowing(String node, AppliedNotation applied) {
        Set<String> counted = countedLetters(applied);
        Map<Integer, Map<Integer, Pick>> inputs = new LinkedHashMap<>();
        Map<String, Pick> keptByLetters = new LinkedHashMap<>();
        for (AppliedOperand operand : applied.operands()) {
            Map<Integer, Pick> axes = new LinkedHashMap<>();
            List<AxisTerm> terms =
                    applied.notation().inputs().get(operand.slot()).orElseThrow();
            for (int axis = 0; axis < operand.layout().rank(); axis++) {
                boolean isCounted =
                        terms.get(axis).letters().stream().anyMatch(letter -> counted.contains(letter.name()));
                Optional<Pick> pick = isCounted ? lost(operand, axis) : Optional.empty();
                if (pick.isPresent()) {
                    axes.put(axis, pick.get());
                    keptByLetters.put(names(terms.get(axis)), pick.get());
                }
            }
            if (!axes.isEmpty()) {
                inputs.put(operand.slot(), axes);
            }
        }
        Map<Integer, Map<Integer, Pick>> outputs = new LinkedHashMap<>();
        for (int slot = 0; slot < applied.notation().outputs().size(); slot++) {
            Map<Integer, Pick> axes = new LinkedHashMap<>();
            List<AxisTerm> terms = applied.notation().outputs().get(slot);
            for (int axis = 0; axis < terms.size(); axis++) {
                Pick kept = keptByLetters.get(names(terms.get(axis)));
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

    /** The letters of axes that statistics are taken over; what is lost along others is masked by who reads the result. */
    private static Set<String> countedLetters(AppliedNotation applied) {
        return applied.operands().stream()
                .flatMap(operand -> operand.letters().keySet().stream())
                .filter(letter -> letter.marker().isStatistic())
                .map(Letter::name)
                .collect(Collectors.toSet());
    }

    private static String names(AxisTerm term) {
        return String.join(" ", term.letters().stream().map(Letter::name).toList());
    }

    private Optional<Pick> lost(AppliedOperand operand, int axis) {
        Layout layout = operand.layout();
        List<AxisFactor> factors = layout.axes().get(axis);
        boolean loses = layout.maps().stream().anyMatch(map -> map.coversAny(factors) && loses(map));
        if (!loses) {
            return Optional.empty();
        }
        Optional<int[]> positions = keptIndices.positions(layout, axis);
        return Optional.of(
                positions.isPresent() ? new Pick(positions.get(), List.of(), 0) : pickFromPart(operand, factors));
    }

    private Pick pickFromPart(AppliedOperand operand, List<AxisFactor> factors) {
        List<Long> divided = division(factors, operand.value());
        List<AxisFactor> known = factors.stream().filter(AxisFactor::isNumeric).toList();
        List<AxisFactor> losing = known.stream()
                .filter(factor -> operand.layout().maps().stream().anyMatch(map -> map.covers(factor) && loses(map)))
                .toList();
        if (losing.size() > 1) {
            throw new UnprovableException(
                    "a statistic of '" + operand.value() + "' is taken over several indices joined"
                            + " with an extent that is not known before the model runs");
        }
        int number = known.indexOf(losing.get(0));
        int unknown = divided.indexOf(UNKNOWN);
        int divisor = unknown <= number ? number + 1 : number;
        return new Pick(keptIndices.positions(operand.layout(), losing).orElseThrow(), divided, divisor);
    }

    /** The reference cannot be expressed; the removal may be right, but is not proved. */
    public static final class UnprovableException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        UnprovableException(String message) {
            super(message);
        }
    }
}
