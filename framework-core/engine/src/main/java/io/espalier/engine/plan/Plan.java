package io.espalier.engine.plan;

import io.espalier.graph.cost.Cost;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What goes, and how it was decided. Holds no clock and no run id: the same model, options and seed make the same plan.
 *
 * @param tool name and version of the program that decided
 * @param model the model the plan is for
 * @param settings how it was decided
 * @param original cost before
 * @param predicted cost of what is left
 * @param blocks residual blocks that are left out, in this order, before anything else
 * @param groups all groups that were offered, in the order of the graph
 * @param ignored groups left alone because a user wanted it, or because the criterion reads none of their parameters
 * @param frozen what cannot be removed, with the operator that forbids it
 * @param statistics operators that see fewer channels than before
 * @param recovery what a compensator changed after the cut, recorded beside the pruned file; no part of the decision
 */
public record Plan(
        String tool,
        ModelReference model,
        Settings settings,
        Cost original,
        Cost predicted,
        List<PlannedBlock> blocks,
        List<PlannedGroup> groups,
        List<IgnoredGroup> ignored,
        List<FrozenAxis> frozen,
        List<Statistic> statistics,
        Optional<Recovery> recovery) {

    /** Version of the form of the file. */
    public static final int SCHEMA_VERSION = 1;

    public Plan {
        blocks = List.copyOf(blocks);
        groups = List.copyOf(groups);
        ignored = List.copyOf(ignored);
        frozen = List.copyOf(frozen);
        statistics = List.copyOf(statistics);
    }

    /** The same decision beside a file with recovered weights. */
    public Plan withRecovery(Recovery recorded) {
        return with(settings, Optional.of(recorded));
    }

    /** The decision alone. */
    public Plan withoutRecovery() {
        return with(settings, Optional.empty());
    }

    /** The same decision, which a table of latencies with this digest has made. */
    public Plan timedBy(String digest) {
        return with(settings.timedBy(digest), recovery);
    }

    private Plan with(Settings how, Optional<Recovery> recorded) {
        return new Plan(tool, model, how, original, predicted, blocks, groups, ignored, frozen, statistics, recorded);
    }

    /** Number of channels that go. */
    public int removed() {
        return groups.stream().mapToInt(group -> group.total() - group.kept()).sum();
    }

    /**
     * A model file.
     *
     * @param file its name, without folders
     * @param digest SHA-256 in lower-case hexadecimal, external data included
     */
    public record ModelReference(String file, String digest) {}

    /**
     * How it was decided.
     *
     * @param criterion name of the criterion
     * @param criterionOptions its options, defaults included
     * @param aggregate how scores of slices become scores of channels
     * @param normalise how scores of groups are made comparable
     * @param allocator name of the allocator
     * @param allocatorOptions its options, defaults included
     * @param control what scores are replaced by: none, or shuffled within each group
     * @param target what remains
     * @param steps how many cuts it took, each scored anew
     * @param depth how many residual blocks are left out
     * @param minKeep share of every group that stays
     * @param roundTo widths are multiples of this
     * @param heads what was offered of attention heads
     * @param ignore patterns of parameters left alone
     * @param only patterns of the only parameters that may be pruned
     * @param seed seed of everything random
     * @param symbols extents of symbolic dimensions that costs are computed with
     * @param inputs values of inputs that were given
     * @param calibration the data that channels were scored on; empty when weights alone were
     * @param loss what gradients were taken of; empty when none were
     * @param recipe name of the recipe that gave the settings which were not asked for; empty when all were
     * @param latencyTable SHA-256 of the table of latencies that it was decided by; empty where no latency was the target
     */
    public record Settings(
            String criterion,
            Map<String, String> criterionOptions,
            String aggregate,
            String normalise,
            String allocator,
            Map<String, String> allocatorOptions,
            String control,
            String target,
            int steps,
            int depth,
            double minKeep,
            int roundTo,
            String heads,
            List<String> ignore,
            List<String> only,
            long seed,
            Map<String, Long> symbols,
            Map<String, InputValue> inputs,
            Optional<Calibration> calibration,
            Optional<ScoredLoss> loss,
            Optional<String> recipe,
            Optional<String> latencyTable) {

        public Settings {
            allocatorOptions = Collections.unmodifiableMap(new TreeMap<>(allocatorOptions));
            criterionOptions = Collections.unmodifiableMap(new TreeMap<>(criterionOptions));
            ignore = List.copyOf(ignore);
            only = List.copyOf(only);
            symbols = Collections.unmodifiableMap(new TreeMap<>(symbols));
            inputs = Collections.unmodifiableMap(new TreeMap<>(inputs));
        }

        /** The same, decided by a table of latencies. */
        private Settings timedBy(String digest) {
            return new Settings(
                    criterion,
                    criterionOptions,
                    aggregate,
                    normalise,
                    allocator,
                    allocatorOptions,
                    control,
                    target,
                    steps,
                    depth,
                    minKeep,
                    roundTo,
                    heads,
                    ignore,
                    only,
                    seed,
                    symbols,
                    inputs,
                    calibration,
                    loss,
                    recipe,
                    Optional.of(digest));
        }

        /** The values of inputs as tensors. */
        public Map<String, Tensor> givenInputs() {
            Map<String, Tensor> tensors = new TreeMap<>();
            inputs.forEach((name, value) -> tensors.put(name, value.tensor()));
            return tensors;
        }
    }

    /**
     * The value of an input.
     *
     * @param type element type
     * @param shape extents, outermost first
     * @param elements in row-major order
     */
    public record InputValue(DataType type, List<Long> shape, List<Double> elements) {
        public InputValue {
            shape = List.copyOf(shape);
            elements = List.copyOf(elements);
        }

        /** The value that a tensor holds. */
        public static InputValue of(Tensor tensor) {
            return new InputValue(
                    tensor.type(),
                    tensor.shape(),
                    Arrays.stream(Tensors.toDoubles(tensor)).boxed().toList());
        }

        Tensor tensor() {
            return Tensors.fromDoubles(
                    type,
                    shape,
                    elements.stream().mapToDouble(Double::doubleValue).toArray());
        }
    }

    /**
     * Data that channels were scored on.
     *
     * @param evidence the kinds of evidence that were measured on it, in their order
     * @param examples number of examples
     * @param digest SHA-256 of its arrays, in lower-case hexadecimal
     */
    public record Calibration(List<String> evidence, long examples, String digest) {
        public Calibration {
            evidence = List.copyOf(evidence);
        }
    }

    /**
     * A loss that channels were scored by.
     *
     * @param name its name, or that of its file
     * @param options its options, defaults included
     */
    public record ScoredLoss(String name, Map<String, String> options) {
        public ScoredLoss {
            options = Collections.unmodifiableMap(new TreeMap<>(options));
        }
    }

    /**
     * A residual block that is left out: an operand of the sum that it ends in.
     *
     * @param sum first output of the node that adds
     * @param slot the operand, counted from 0
     * @param branch the value that is no longer added
     * @param score share of the variance of the outputs that is lost without it, from 0 to 1
     * @param parameters trained elements that are removed with it
     * @param macs multiply-accumulates that are removed with it
     */
    public record PlannedBlock(String sum, int slot, String branch, double score, long parameters, long macs) {}

    /**
     * What goes of a group.
     *
     * @param id number of the group in the graph
     * @param name its first parameter
     * @param kept channels that stay
     * @param total channels it has
     * @param scores normalised scores in short
     * @param atoms everything that goes; empty when all channels stay
     */
    public record PlannedGroup(int id, String name, int kept, int total, ScoreSummary scores, List<Atoms> atoms) {
        public PlannedGroup {
            atoms = List.copyOf(atoms);
        }
    }

    /** Normalised scores in short. */
    public record ScoreSummary(double minimum, double mean, double maximum) {}

    /**
     * Positions of one labelled index of one parameter that go.
     *
     * @param parameter name of the constant
     * @param reader the input whose copy of the constant this is, when readers differ
     * @param field which labelled index of the constant, from 0
     * @param axis the axis the positions lie on
     * @param extents extents of the labelled index
     * @param positions row-major positions within the extents, in ascending order
     */
    public record Atoms(
            String parameter,
            Optional<Reader> reader,
            int field,
            int axis,
            List<Integer> extents,
            List<Integer> positions) {
        public Atoms {
            extents = List.copyOf(extents);
            positions = List.copyOf(positions);
        }
    }

    /**
     * An input of a node.
     *
     * @param node first output of the node
     * @param slot the input, from 0
     */
    public record Reader(String node, int slot) {}

    /** A group that a pattern keeps. */
    public record IgnoredGroup(String name, int channels, String reason) {}

    /**
     * Classes of atoms that cannot go.
     *
     * @param operator the operator that forbids it
     * @param node first output of its node
     * @param value the value whose axis is concerned
     * @param axis the axis, -1 when all are concerned
     * @param reason completes "cannot be removed because ..."
     * @param classes how many classes this keeps
     */
    public record FrozenAxis(String operator, String node, String value, int axis, String reason, int classes) {}

    /** A mean or norm over channels which may go. */
    public record Statistic(String operator, String node, String value, int axis) {}

    /**
     * What changed weights after the cut.
     *
     * @param compensator name of the compensator, of {@value #TRAINING}, or of both
     * @param constants the constants that it gave other elements
     * @param graph digest of the whole graph when it changed more than elements, else empty
     * @param synthetic whether the calibration was made from the model and not observed
     * @param training how the weights were trained, when they were
     */
    public record Recovery(
            String compensator,
            List<RecoveredConstant> constants,
            Optional<String> graph,
            boolean synthetic,
            Optional<Training> training) {

        /** What stands for training where a compensator has its name. */
        public static final String TRAINING = "training";

        /**
         * How weights were trained after the cut.
         *
         * @param loss name of the loss
         * @param optimizer name of the optimizer, with its options
         * @param epochs how often all examples were seen
         * @param examples how many there are
         * @param teacher what the model was trained to agree with besides the labels
         */
        public record Training(String loss, String optimizer, int epochs, long examples, Optional<String> teacher) {}

        /** A recovery on examples that were observed. */
        public Recovery(String compensator, List<RecoveredConstant> constants, Optional<String> graph) {
            this(compensator, constants, graph, false, Optional.empty());
        }

        /** The same recovery, on examples that were made from the model or not. */
        public Recovery on(boolean madeUp) {
            return new Recovery(compensator, constants, graph, madeUp, training);
        }

        /** The same recovery, with training or without. */
        public Recovery trained(Optional<Training> how) {
            return new Recovery(compensator, constants, graph, synthetic, how);
        }

        public Recovery {
            constants = List.copyOf(constants);
        }

        /**
         * A constant with other elements than the cut left it.
         *
         * @param name its name in the graph
         * @param digest SHA-256 of its type, shape and elements
         */
        public record RecoveredConstant(String name, String digest) {}
    }
}
