package io.espalier.engine.plan;

import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.coupling.channel.CoupledChannel;
import io.espalier.engine.coupling.channel.Group;
import io.espalier.engine.coupling.channel.Groups;
import io.espalier.engine.coupling.channel.Heads;
import io.espalier.engine.coupling.channel.Removal;
import io.espalier.engine.coupling.label.LabelledAxis;
import io.espalier.engine.depth.ResidualBlock;
import io.espalier.engine.depth.ResidualBlocks;
import io.espalier.engine.depth.Shortened;
import io.espalier.engine.plan.Plan.Atoms;
import io.espalier.engine.plan.Plan.PlannedBlock;
import io.espalier.engine.plan.Plan.PlannedGroup;
import io.espalier.graph.operator.Operators;
import io.espalier.graph.shape.Shapes;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.graph.Graph;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Turns the atoms of a plan into a removal again.
 *
 * <p>A plan is refused when an atom does not exist in the model, or when its atoms are not exactly what some coupled
 * channels remove.
 */
public final class PlanReplay {

    private final Coupling coupling;
    private final Map<String, List<LabelledAxis>> labelledAxes = new LinkedHashMap<>();
    /** The positions that hold each class. */
    private final BitSet classesWithHome = new BitSet();

    private PlanReplay(Coupling coupling) {
        this.coupling = coupling;
        for (LabelledAxis labelledAxis : coupling.labelledAxes()) {
            labelledAxes
                    .computeIfAbsent(labelledAxis.use().constant(), constant -> new ArrayList<>())
                    .add(labelledAxis);
            Arrays.stream(coupling.classesAt(labelledAxis))
                    .filter(each -> each >= 0)
                    .forEach(classesWithHome::set);
        }
    }

    /**
     * The removal a plan describes.
     *
     * @throws InvalidInputException when the plan does not fit the model
     */
    public static Removal removal(Plan plan, Coupling coupling) {
        return new PlanReplay(coupling).removal(plan);
    }

    /**
     * The removal of some classes, with all that goes with them.
     *
     * @throws InvalidInputException when they are parts of channels
     */
    public static Removal removal(BitSet classes, Coupling coupling) {
        return Removal.of(new PlanReplay(coupling).channels(classes));
    }

    /**
     * A graph without the blocks that a plan leaves out.
     *
     * @param shapes shapes of the graph
     * @throws InvalidInputException when the graph has no such block
     */
    public static Shortened shortened(Plan plan, Graph graph, Shapes shapes, Operators operators) {
        Shortened shortened = Shortened.whole(graph);
        for (PlannedBlock planned : plan.blocks()) {
            ResidualBlock found = ResidualBlocks.of(shortened, shapes, operators).stream()
                    .filter(block -> block.sum().equals(planned.sum()) && block.slot() == planned.slot())
                    .findFirst()
                    .orElseThrow(() -> refused("no block ends in '" + planned.sum() + "'"));
            shortened = shortened.without(found);
        }
        return shortened;
    }

    private Removal removal(Plan plan) {
        BitSet gone = new BitSet();
        Map<LabelledAxis, BitSet> named = new LinkedHashMap<>();
        for (PlannedGroup group : plan.groups()) {
            for (Atoms atoms : group.atoms()) {
                LabelledAxis labelledAxis = labelledAxis(atoms);
                int[] classes = coupling.classesAt(labelledAxis);
                for (int position : atoms.positions()) {
                    if (classes[position] < 0) {
                        throw refused("position " + position + " on axis " + atoms.axis() + " of '" + atoms.parameter()
                                + "' always stays");
                    }
                    gone.set(classes[position]);
                    named.computeIfAbsent(labelledAxis, each -> new BitSet()).set(position);
                }
            }
        }
        requireWholeClasses(gone, named);
        return Removal.of(channels(gone));
    }

    private LabelledAxis labelledAxis(Atoms atoms) {
        for (LabelledAxis labelledAxis : labelledAxes.getOrDefault(atoms.parameter(), List.of())) {
            boolean sameIndex = labelledAxis.map() == atoms.field()
                    && labelledAxis.axis() == atoms.axis()
                    && PlanMaker.reader(labelledAxis).equals(atoms.reader());
            if (sameIndex && labelledAxis.extents().equals(atoms.extents())) {
                return labelledAxis;
            }
            if (sameIndex) {
                throw refused("'" + atoms.parameter() + "' has extents " + labelledAxis.extents() + " on axis "
                        + atoms.axis() + ", not " + atoms.extents());
            }
        }
        throw refused("'" + atoms.parameter() + "'"
                + atoms.reader()
                        .map(reader -> " as read by '" + reader.node() + "'")
                        .orElse("")
                + " has no channels on axis " + atoms.axis());
    }

    /** Atoms of one class go together. */
    private void requireWholeClasses(BitSet gone, Map<LabelledAxis, BitSet> named) {
        for (LabelledAxis labelledAxis : coupling.labelledAxes()) {
            int[] classes = coupling.classesAt(labelledAxis);
            BitSet here = named.getOrDefault(labelledAxis, new BitSet());
            for (int position = 0; position < classes.length; position++) {
                if (classes[position] >= 0 && gone.get(classes[position]) && !here.get(position)) {
                    throw refused("it removes a part of a channel only: position " + position + " on axis "
                            + labelledAxis.axis() + " of '" + labelledAxis.use() + "' would have to go too");
                }
            }
        }
    }

    /** The channels whose atoms all go; together they must account for every atom. */
    private List<CoupledChannel> channels(BitSet gone) {
        // Score 0 for what goes makes columns that go together with each other.
        List<Group> groups =
                Groups.of(coupling, each -> gone.get(each) || !classesWithHome.get(each) ? 0 : 1, Heads.BOTH);
        List<CoupledChannel> channels = groups.stream()
                .flatMap(group -> group.channels().stream())
                .filter(channel -> Arrays.stream(channel.classes()).anyMatch(gone::get))
                .filter(channel -> Arrays.stream(channel.classes())
                        .filter(classesWithHome::get)
                        .allMatch(gone::get))
                .toList();
        BitSet left = (BitSet) gone.clone();
        channels.forEach(channel -> Arrays.stream(channel.classes()).forEach(left::clear));
        if (!left.isEmpty()) {
            throw refused("it removes a part of a channel only: " + example(left)
                    + " cannot go without what is coupled to it");
        }
        return channels;
    }

    private String example(BitSet classes) {
        return coupling.labelledAxes().stream()
                .filter(labelledAxis -> Arrays.stream(coupling.classesAt(labelledAxis))
                        .anyMatch(each -> each >= 0 && classes.get(each)))
                .limit(1)
                .map(labelledAxis ->
                        "what it names on axis " + labelledAxis.axis() + " of '" + labelledAxis.use() + "'")
                .collect(Collectors.joining());
    }

    private static InvalidInputException refused(String reason) {
        return new InvalidInputException(
                "The plan does not fit the model: " + reason + ". Make the plan again for this model.");
    }
}
