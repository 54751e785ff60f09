package io.espalier.adapter.dl4j.lift;

import io.espalier.adapter.dl4j.config.ConfigNode;

/** Lifts layers of one class. Stateless. */
@FunctionalInterface
interface LayerRule {

    Signal lift(Scope scope, Layer layer, Signal input);

    /**
     * A layer to lift.
     *
     * @param node its configuration
     * @param frozen whether training leaves it as it is
     */
    record Layer(ConfigNode node, boolean frozen) {

        Parameters parameters(Scope scope) {
            return new Parameters(scope.draft(), node, frozen);
        }

        Layer inner(String field) {
            return new Layer(node.require(field), frozen);
        }
    }
}
