package io.espalier.api;

import io.espalier.engine.coupling.channel.CoupledChannel;
import io.espalier.engine.layer.FileNames;
import io.espalier.spi.Stability;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Why the positions of one axis are removed together with others, or cannot be removed.
 *
 * @param name the value or constant that was asked about
 * @param reader first output of the node whose copy of the constant this is; empty where there is one for all
 * @param axis the axis
 * @param extent how the extent of the axis is written: a number, or an expression of symbols
 * @param inert why nothing can be removed along the axis at all; empty when something is known position by position
 * @param parts positions that are explained alike, in the order of their first position
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
public record AxisExplanation(
        String name, String reader, int axis, String extent, Optional<String> inert, List<Part> parts) {

    public AxisExplanation {
        parts = List.copyOf(parts);
    }

    static AxisExplanation of(
            io.espalier.engine.coupling.explain.AxisExplanation explained,
            Function<CoupledChannel, Cost> saved,
            FileNames names) {
        return new AxisExplanation(
                names.of(explained.name()),
                names.of(explained.reader()),
                explained.axis(),
                explained.extent(),
                explained.inert().map(names::in),
                explained.parts().stream()
                        .map(each -> Part.of(each, saved, names))
                        .toList());
    }

    /**
     * Positions of the axis that are explained alike; what is said of coupling is said of the channel of the first.
     *
     * @param positions the positions, ascending
     * @param removable with what they can be removed; empty when they cannot
     * @param members parameters that lose something together with the first position, or would
     * @param blockers what forbids to remove the first position; empty when it can be removed
     * @param reason why it cannot be removed where no operator forbids it; empty otherwise
     * @param flows values and parameters that carry the channel, with the operators between them
     */
    @Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
    public record Part(
            List<Integer> positions,
            Optional<Removable> removable,
            List<Member> members,
            List<Blocker> blockers,
            String reason,
            List<Flow> flows) {

        public Part {
            positions = List.copyOf(positions);
            members = List.copyOf(members);
            blockers = List.copyOf(blockers);
            flows = List.copyOf(flows);
        }

        static Part of(
                io.espalier.engine.coupling.explain.AxisExplanation.Part part,
                Function<CoupledChannel, Cost> saved,
                FileNames names) {
            return new Part(
                    Arrays.stream(part.positions()).boxed().toList(),
                    part.group()
                            .map(group -> new Removable(
                                    group.id(),
                                    group.channels().size(),
                                    saved.apply(part.channel().orElseThrow()))),
                    part.members().stream().map(each -> Member.of(each, names)).toList(),
                    part.barriers().stream()
                            .map(each -> Blocker.of(each, names))
                            .toList(),
                    names.in(part.reason()),
                    part.flows().stream().map(each -> Flow.of(each, names)).toList());
        }
    }

    /**
     * A coupled channel that can be removed.
     *
     * @param group number of its group
     * @param channels coupled channels of that group
     * @param saved what is saved by removing this one alone
     */
    @Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
    public record Removable(int group, int channels, Cost saved) {}

    /**
     * A parameter that loses something.
     *
     * @param axis where
     * @param positions how many positions of the axis are removed with one channel
     * @param path operators from the asked axis to it; empty for the asked axis itself
     * @param equalWidthsOf where it is not coupled through operators: the value or parameter whose rows must keep equal
     *     widths; empty otherwise
     */
    @Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
    public record Member(CoupledAxis axis, int positions, List<Step> path, String equalWidthsOf) {

        public Member {
            path = List.copyOf(path);
        }

        private static Member of(io.espalier.engine.coupling.explain.AxisExplanation.Member member, FileNames names) {
            return new Member(
                    CoupledAxis.of(member.labelledAxis(), names),
                    member.positions(),
                    member.path().stream().map(each -> Step.of(each, names)).toList(),
                    names.of(member.equalWidthsOf()));
        }
    }

    /**
     * Something that forbids a removal.
     *
     * @param barrier what, where and why
     * @param path operators from the asked axis to it
     */
    @Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
    public record Blocker(Barrier barrier, List<Step> path) {

        public Blocker {
            path = List.copyOf(path);
        }

        private static Blocker of(
                io.espalier.engine.coupling.explain.AxisExplanation.Blocker blocker, FileNames names) {
            return new Blocker(
                    Barrier.of(blocker.barrier(), names),
                    blocker.path().stream().map(each -> Step.of(each, names)).toList());
        }
    }

    /**
     * An operator that coupling passes.
     *
     * @param operator the operator with its domain
     * @param node first output of the node
     */
    @Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
    public record Step(String operator, String node) {

        private static Step of(io.espalier.engine.coupling.explain.AxisExplanation.Step step, FileNames names) {
            return new Step(step.operator(), names.of(step.node()));
        }
    }

    /**
     * A value or parameter that carries the channel from one operator to another.
     *
     * @param value its name
     * @param from the operator that computes it; empty for a parameter or an input of the model
     * @param to the operator that reads it; empty where nothing reads it
     */
    @Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
    public record Flow(String value, Optional<Step> from, Optional<Step> to) {

        private static Flow of(io.espalier.engine.coupling.explain.AxisExplanation.Flow flow, FileNames names) {
            return new Flow(
                    names.of(flow.value()),
                    flow.from().map(each -> Step.of(each, names)),
                    flow.to().map(each -> Step.of(each, names)));
        }
    }
}
