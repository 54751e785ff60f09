package io.espalier.api;

import io.espalier.engine.plan.Plan.Atoms;
import io.espalier.engine.plan.Plan.PlannedGroup;
import io.espalier.engine.plan.Plan.Settings;
import io.espalier.engine.plan.PlanFile;
import io.espalier.spi.Stability;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is removed from a model, and how it was decided. Holds no clock and no run id: the same model, settings and seed make
 * the same plan. Immutable; plans are equal when their JSON is.
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
public final class Plan {

    private final io.espalier.engine.plan.Plan plan;

    Plan(io.espalier.engine.plan.Plan plan) {
        this.plan = plan;
    }

    /**
     * Reads a plan file.
     *
     * @throws InputRefusedException when it cannot be read or is no plan
     */
    public static Plan read(Path file) {
        return Failures.translated(() -> new Plan(PlanFile.read(file)));
    }

    /**
     * Reads a plan from JSON, as {@code docs/plan.schema.json} describes it.
     *
     * @throws InputRefusedException when it is no plan
     */
    public static Plan parse(String json) {
        return Failures.translated(
                () -> new Plan(PlanFile.parse(json.getBytes(StandardCharsets.UTF_8), "given as text")));
    }

    /**
     * A residual block that is left out: the sum it ends in is its other operand alone.
     *
     * @param sum first output of the node that adds
     * @param branch the value that is no longer added
     * @param score share of the variance of the outputs that is lost without this block and those before it
     * @param parameters trained elements that are removed with it
     * @param macs multiply-accumulates that are removed with it
     */
    @Stability(value = Stability.Level.EVOLVING, since = "0.3.0")
    public record Block(String sum, String branch, double score, long parameters, long macs) {}

    /**
     * What is removed of a group: coupled channels that were ranked among each other.
     *
     * @param id number of the group in the model
     * @param name its first parameter
     * @param kept channels that remain
     * @param total channels it has
     * @param scores normalised scores in short
     * @param removed everything that is removed; empty when all channels remain
     */
    @Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
    public record Group(int id, String name, int kept, int total, Scores scores, List<Removed> removed) {
        public Group {
            removed = List.copyOf(removed);
        }

        private static Group of(PlannedGroup group) {
            return new Group(
                    group.id(),
                    group.name(),
                    group.kept(),
                    group.total(),
                    new Scores(
                            group.scores().minimum(),
                            group.scores().mean(),
                            group.scores().maximum()),
                    group.atoms().stream().map(Removed::of).toList());
        }
    }

    /** Normalised scores in short. */
    @Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
    public record Scores(double minimum, double mean, double maximum) {}

    /**
     * Positions of one axis of one parameter that are removed.
     *
     * @param parameter name of the parameter
     * @param axis the axis
     * @param extents what the axis is counted by, outermost first: its extent, or several numbers where positions differ
     *     from row to row, as the input channels of a grouped convolution do
     * @param positions row-major positions within the extents, ascending
     */
    @Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
    public record Removed(String parameter, int axis, List<Integer> extents, List<Integer> positions) {
        public Removed {
            extents = List.copyOf(extents);
            positions = List.copyOf(positions);
        }

        private static Removed of(Atoms atoms) {
            return new Removed(atoms.parameter(), atoms.axis(), atoms.extents(), atoms.positions());
        }
    }

    /**
     * A group that a pattern of names keeps.
     *
     * @param name its first parameter
     * @param channels channels it has
     * @param reason the pattern
     */
    @Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
    public record Ignored(String name, int channels, String reason) {}

    /** Name of the model file the plan is for, without folders. */
    public String model() {
        return plan.model().file();
    }

    /** SHA-256 of the model the plan is for, external data included, in lower-case hexadecimal. */
    public String modelDigest() {
        return plan.model().digest();
    }

    /** What shall remain, as the request said it. */
    public String target() {
        return plan.settings().target();
    }

    /** Name of the criterion that scored the channels. */
    public String criterion() {
        return plan.settings().criterion();
    }

    /** Name of the recipe that gave the settings which the request did not name; empty when it named all of them. */
    public Optional<String> recipe() {
        return plan.settings().recipe();
    }

    /** SHA-256 of the table of latencies that the plan was decided by; empty where no latency was the target. */
    public Optional<String> latencyTable() {
        return plan.settings().latencyTable();
    }

    /** The settings that chose the channels, by the name of their flag without dashes, as {@code docs/cli.md} lists them. */
    public List<Map.Entry<String, String>> choice() {
        Settings settings = plan.settings();
        List<Map.Entry<String, String>> choice = new ArrayList<>();
        choice.add(Map.entry("criterion", settings.criterion()));
        settings.criterionOptions()
                .forEach((name, value) -> choice.add(Map.entry("criterion-option", name + "=" + value)));
        choice.add(Map.entry("aggregate", settings.aggregate()));
        choice.add(Map.entry("normalise", settings.normalise()));
        choice.add(Map.entry("allocator", settings.allocator()));
        settings.allocatorOptions()
                .forEach((name, value) -> choice.add(Map.entry("allocator-option", name + "=" + value)));
        if (!settings.control().equals("none")) {
            choice.add(Map.entry("control", settings.control()));
        }
        if (settings.depth() > 0) {
            choice.add(Map.entry("depth", Integer.toString(settings.depth())));
        }
        choice.add(Map.entry("min-keep", Double.toString(settings.minKeep())));
        choice.add(Map.entry("round-to", Integer.toString(settings.roundTo())));
        return List.copyOf(choice);
    }

    /** Name of the allocator that chose among them. */
    public String allocator() {
        return plan.settings().allocator();
    }

    /** Cost of the original. */
    public Cost original() {
        return Cost.of(plan.original());
    }

    /** Cost of what is left. */
    public Cost predicted() {
        return Cost.of(plan.predicted());
    }

    /** Number of coupled channels that are removed. */
    public int removed() {
        return plan.removed();
    }

    /** Residual blocks that are left out before channels are removed, in the order in which they were chosen. */
    public List<Block> blocks() {
        return plan.blocks().stream()
                .map(each -> new Block(each.sum(), each.branch(), each.score(), each.parameters(), each.macs()))
                .toList();
    }

    /** All groups that were offered, in the order of the graph. */
    public List<Group> groups() {
        return plan.groups().stream().map(Group::of).toList();
    }

    /** Groups left alone because the request wanted it. */
    public List<Ignored> ignored() {
        return plan.ignored().stream()
                .map(each -> new Ignored(each.name(), each.channels(), each.reason()))
                .toList();
    }

    /** What cannot be removed, with the operator that forbids it. */
    public List<Frozen> frozen() {
        return plan.frozen().stream()
                .map(each -> new Frozen(
                        new Barrier(each.operator(), each.node(), each.value(), each.axis(), each.reason()),
                        each.classes(),
                        each.node()))
                .toList();
    }

    /** Operators that compute a statistic over fewer channels than before. */
    public List<Statistic> statistics() {
        return plan.statistics().stream()
                .map(each -> new Statistic(each.operator(), each.node(), each.value(), each.axis(), each.node()))
                .toList();
    }

    /** The plan as JSON, as in a plan file. */
    public String json() {
        return new String(PlanFile.bytes(plan), StandardCharsets.UTF_8);
    }

    /** SHA-256 of {@link #json()} in UTF-8, in lower-case hexadecimal. */
    public String digest() {
        return PlanFile.digest(plan);
    }

    io.espalier.engine.plan.Plan engine() {
        return plan;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Plan that && json().equals(that.json());
    }

    @Override
    public int hashCode() {
        return json().hashCode();
    }

    @Override
    public String toString() {
        return "plan for " + model() + ": " + removed() + " channels removed, " + target();
    }
}
