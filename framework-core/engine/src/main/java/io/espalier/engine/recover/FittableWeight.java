package io.espalier.engine.recover;

import io.espalier.spi.graph.Node;
import java.util.List;

/**
 * A weight that can be fitted, with all nodes that multiply data with it.
 *
 * @param applications at least one, in the order of their nodes
 * @param sharesBias whether all of them add one bias too
 */
record FittableWeight(List<Application> applications, boolean sharesBias) {

    FittableWeight {
        applications = List.copyOf(applications);
    }

    /** The first application. */
    Application first() {
        return applications.get(0);
    }

    /** The name of the constant. */
    String name() {
        return first().weight().constant();
    }

    /** The node that applies it first. */
    Node node() {
        return first().node();
    }

    /** Whether more than one node multiplies data with it. */
    boolean isTied() {
        return applications.size() > 1;
    }
}
