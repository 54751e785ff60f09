package io.espalier.cli;

import io.espalier.api.AxisExplanation;
import io.espalier.api.AxisExplanation.Blocker;
import io.espalier.api.AxisExplanation.Member;
import io.espalier.api.AxisExplanation.Part;
import io.espalier.api.AxisExplanation.Removable;
import io.espalier.api.AxisExplanation.Step;
import io.espalier.api.Barrier;
import io.espalier.api.Cost;
import io.espalier.cli.text.Clean;
import io.espalier.cli.text.Figures;
import io.espalier.cli.text.Table;
import io.espalier.cli.text.Table.Align;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** An explained axis in words. */
final class AxisText {

    private static final int STEPS_SHOWN = 6;
    private static final int RANGES_SHOWN = 8;

    private final RowLimit limit;
    private final List<String> lines = new ArrayList<>();

    /**
     * A text.
     *
     * @param limit how much of long lists is shown
     */
    AxisText(RowLimit limit) {
        this.limit = limit;
    }

    List<String> lines(AxisExplanation explanation) {
        lines.clear();
        lines.add("axis " + explanation.axis() + " of '" + explanation.name() + "', extent " + explanation.extent()
                + (explanation.reader().isEmpty() ? "" : ", as read by '" + explanation.reader() + "'"));
        explanation.inert().ifPresent(reason -> lines.add("  Nothing can be removed along it: " + reason + "."));
        limit.of(explanation.parts()).forEach(this::add);
        limit.omitted(explanation.parts()).ifPresent(lines::add);
        return lines.stream().map(Clean::text).toList();
    }

    private void add(Part part) {
        lines.add("");
        if (part.removable().isPresent()) {
            addGroup(part, part.removable().get());
        } else {
            addBarriers(part);
        }
    }

    private void addGroup(Part part, Removable removable) {
        Cost cost = removable.saved();
        lines.add(positions(part.positions()) + ": can be removed, in group "
                + removable.group() + " of "
                + Figures.count(removable.channels(), "coupled channel") + ".");
        lines.add("  Removing the channel of position " + part.positions().get(0) + " saves "
                + Figures.count(cost.parameters(), "parameter") + " and "
                + Figures.count(cost.macs(), "MAC") + ", and cuts:");
        addMembers(part);
    }

    private void addBarriers(Part part) {
        lines.add(positions(part.positions()) + ": " + "cannot be removed.");
        if (!part.reason().isEmpty()) {
            lines.add("  Because " + part.reason() + ".");
        }
        for (Blocker blocker : limit.of(part.blockers())) {
            lines.add("  Because of " + sentence(blocker.barrier()) + way(blocker) + ".");
        }
        limit.omitted(part.blockers()).ifPresent(lines::add);
        if (!part.members().isEmpty()) {
            lines.add("  Removing position " + part.positions().get(0) + " would cut:");
            addMembers(part);
        }
    }

    private static String sentence(Barrier barrier) {
        return barrier.operator().equals("output")
                ? "output '" + barrier.node() + "': " + barrier.reason()
                : barrier.operator() + " '" + barrier.node() + "', at "
                        + (barrier.axis() < 0 ? "" : "axis " + barrier.axis() + " of ") + "'" + barrier.value() + "': "
                        + barrier.reason();
    }

    private String way(Blocker blocker) {
        List<Step> before = blocker.path().stream()
                .filter(step -> !step.node().equals(blocker.barrier().node()))
                .toList();
        return before.isEmpty() ? "" : "; reached through " + steps(before);
    }

    private void addMembers(Part part) {
        Table table = new Table(Align.LEFT, Align.RIGHT, Align.LEFT, Align.LEFT);
        limit.of(part.members())
                .forEach(member -> table.row(
                        member.axis().toString(),
                        Integer.toString(member.positions()),
                        Json.word(member.axis().role()),
                        how(member)));
        lines.addAll(table.lines(4));
        limit.omitted(part.members()).ifPresent(lines::add);
    }

    private String how(Member member) {
        if (!member.equalWidthsOf().isEmpty()) {
            return "so that all rows of '" + member.equalWidthsOf() + "' keep the same number of positions";
        }
        return member.path().isEmpty() ? "the axis asked about" : "coupled through " + steps(member.path());
    }

    private String steps(List<Step> path) {
        if (limit.all() || path.size() <= STEPS_SHOWN) {
            return path.stream().map(AxisText::step).collect(Collectors.joining(", "));
        }
        int half = STEPS_SHOWN / 2;
        return path.subList(0, half).stream().map(AxisText::step).collect(Collectors.joining(", ")) + ", "
                + (path.size() - STEPS_SHOWN) + " more, "
                + path.subList(path.size() - half, path.size()).stream()
                        .map(AxisText::step)
                        .collect(Collectors.joining(", "));
    }

    private static String step(Step step) {
        return step.operator() + " '" + step.node() + "'";
    }

    /** Positions as ranges: {@code positions 0-63, 128}. */
    private static String positions(List<Integer> positions) {
        List<String> ranges =
                Stretch.of(positions).stream().map(Stretch::toString).toList();
        int shown = Math.min(RANGES_SHOWN, ranges.size());
        return (positions.size() == 1 ? "Position " : "Positions ")
                + IntStream.range(0, shown).mapToObj(ranges::get).collect(Collectors.joining(", "))
                + (shown == ranges.size() ? "" : " and " + (ranges.size() - shown) + " more stretches");
    }
}
