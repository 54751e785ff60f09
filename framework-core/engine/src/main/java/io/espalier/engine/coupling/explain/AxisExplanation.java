package io.espalier.engine.coupling.explain;

import io.espalier.engine.coupling.channel.CoupledChannel;
import io.espalier.engine.coupling.channel.Group;
import io.espalier.engine.coupling.label.Barrier;
import io.espalier.engine.coupling.label.LabelledAxis;
import java.util.List;
import java.util.Optional;

/**
 * Why the positions of one axis are removed together with others, or cannot be removed.
 *
 * @param name the value or constant that was asked about
 * @param reader first output of the node whose copy of the constant this is, empty where there is one for all
 * @param axis the axis
 * @param extent how the extent of the axis is written: a number, or an expression of symbols
 * @param inert why nothing can be removed along the axis at all; empty when positions are labelled
 * @param parts positions that are explained alike, in the order of their first position
 */
public record AxisExplanation(
        String name, String reader, int axis, String extent, Optional<String> inert, List<Part> parts) {

    public AxisExplanation {
        parts = List.copyOf(parts);
    }

    /**
     * Positions of the axis that are explained alike; coupling is explained for the channel of the first one.
     *
     * @param positions the positions, ascending
     * @param group the group they are removed with, empty when they cannot be removed
     * @param channel the coupled channel of the first position, empty when it cannot be removed
     * @param members parameters that lose something together with the first position, or would
     * @param barriers what keeps the first position from being removed; empty when it can be removed
     * @param reason why it cannot be removed where no operator forbids it; empty otherwise
     * @param flows values and parameters that carry the channel, with the operators between them
     */
    public record Part(
            int[] positions,
            Optional<Group> group,
            Optional<CoupledChannel> channel,
            List<Member> members,
            List<Blocker> barriers,
            String reason,
            List<Flow> flows) {

        public Part {
            members = List.copyOf(members);
            barriers = List.copyOf(barriers);
            flows = List.copyOf(flows);
        }
    }

    /**
     * A parameter that loses something.
     *
     * @param labelledAxis where
     * @param positions how many positions of that axis are removed with one channel
     * @param path operators from the asked axis to it, empty for the asked axis itself
     * @param equalWidthsOf where it is not coupled through operators: the value or parameter whose rows must keep equal widths;
     *     empty otherwise
     */
    public record Member(LabelledAxis labelledAxis, int positions, List<Step> path, String equalWidthsOf) {

        public Member {
            path = List.copyOf(path);
        }
    }

    /**
     * Something that forbids a removal.
     *
     * @param barrier the barrier
     * @param path operators from the asked axis to it
     */
    public record Blocker(Barrier barrier, List<Step> path) {

        public Blocker {
            path = List.copyOf(path);
        }
    }

    /**
     * An operator that coupling passes.
     *
     * @param operator the operator with its domain
     * @param node first output of the node
     */
    public record Step(String operator, String node) {}

    /**
     * A value or parameter that carries the channel from one operator to another.
     *
     * @param value its name
     * @param from the operator that computes it; empty for a parameter or an input of the model
     * @param to the operator that reads it; empty where it is not read on
     */
    public record Flow(String value, Optional<Step> from, Optional<Step> to) {}
}
