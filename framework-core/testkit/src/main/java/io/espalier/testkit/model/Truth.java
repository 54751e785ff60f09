package io.espalier.testkit.model;

import java.util.List;
import java.util.Set;

/**
 * What must be removed together in a graph, known from the way it was built.
 *
 * <p>Axes of extent 1 that a convolution has because every group reads one channel are not listed.
 *
 * @param classes atoms that go together, every class once; ordered by the first atom that was made
 * @param frozen atoms that must stay
 */
public record Truth(List<Set<Atom>> classes, Set<Atom> frozen) {

    /** One index of one axis of a constant. */
    public record Atom(String constant, int axis, int index) {

        @Override
        public String toString() {
            return constant + ":" + axis + "[" + index + "]";
        }
    }
}
