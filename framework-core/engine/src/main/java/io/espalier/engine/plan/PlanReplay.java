package io.espalier.engine.plan;

import io.espalier.engine.coupling.CoupledChannel;
import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.coupling.Group;
import io.espalier.engine.coupling.Heads;
import io.espalier.engine.coupling.Home;
import io.espalier.engine.coupling.Removal;
import io.espalier.engine.plan.Plan.Atoms;
import io.espalier.engine.plan.Plan.PlannedGroup;
import io.espalier.spi.InvalidInputException;
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
    private final Map<String, List<Home>> homes = new LinkedHashMap<>();
    /** The positions that hold each class. */
    private final BitSet classesWithHome = new BitSet();

    private PlanReplay(Coupling coupling) {
        this.coupling = coupling;
        for (Home home : coupling.homes()) {
            homes.computeIfAbsent(home.use().constant(), constant -> new ArrayList<>())
                    .add(home);
            Arrays.stream(coupling.classesAt(home)).filter(each -> each >= 0).forEach(classesWithHome::set);
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

    private Removal removal(Plan plan) {
        BitSet gone = new BitSet();
        Map<Home, BitSet> named = new LinkedHashMap<>();
        for (PlannedGroup group : plan.groups()) {
            for (Atoms atoms : group.atoms()) {
                Home home = home(atoms);
                int[] classes = coupling.classesAt(home);
                for (int position : atoms.positions()) {
                    if (classes[position] < 0) {
                        throw refused("position " + position + " on axis " + atoms.axis() + " of '" + atoms.parameter()
                                + "' always stays");
                    }
                    gone.set(classes[position]);
                    named.computeIfAbsent(home, each -> new BitSet()).set(position);
                }
            }
        }
        requireWholeClasses(gone, named);
        return coupling.removal(channels(gone));
    }

    private Home home(Atoms atoms) {
        for (Home home : homes.getOrDefault(atoms.parameter(), List.of())) {
            boolean sameIndex = home.field() == atoms.field()
                    && home.axis() == atoms.axis()
                    && PlanMaker.reader(home).equals(atoms.reader());
            if (sameIndex && home.extents().equals(atoms.extents())) {
                return home;
            }
            if (sameIndex) {
                throw refused("'" + atoms.parameter() + "' has extents " + home.extents() + " on axis " + atoms.axis()
                        + ", not " + atoms.extents());
            }
        }
        throw refused("'" + atoms.parameter() + "'"
                + atoms.reader()
                        .map(reader -> " as read by '" + reader.node() + "'")
                        .orElse("")
                + " has no channels on axis " + atoms.axis());
    }

    /** Atoms of one class go together. */
    private void requireWholeClasses(BitSet gone, Map<Home, BitSet> named) {
        for (Home home : coupling.homes()) {
            int[] classes = coupling.classesAt(home);
            BitSet here = named.getOrDefault(home, new BitSet());
            for (int position = 0; position < classes.length; position++) {
                if (classes[position] >= 0 && gone.get(classes[position]) && !here.get(position)) {
                    throw refused("it removes a part of a channel only: position " + position + " on axis "
                            + home.axis() + " of '" + home.use() + "' would have to go too");
                }
            }
        }
    }

    /** The channels whose atoms all go; together they must account for every atom. */
    private List<CoupledChannel> channels(BitSet gone) {
        // Score 0 for what goes makes columns that go together with each other.
        List<Group> groups = coupling.groups(each -> gone.get(each) || !classesWithHome.get(each) ? 0 : 1, Heads.BOTH);
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
        return coupling.homes().stream()
                .filter(home ->
                        Arrays.stream(coupling.classesAt(home)).anyMatch(each -> each >= 0 && classes.get(each)))
                .limit(1)
                .map(home -> "what it names on axis " + home.axis() + " of '" + home.use() + "'")
                .collect(Collectors.joining());
    }

    private static InvalidInputException refused(String reason) {
        return new InvalidInputException(
                "The plan does not fit the model: " + reason + ". Make the plan again for this model.");
    }
}
