package io.espalier.graph.shape;

/**
 * How the outputs of an operator follow from its inputs. Immutable and thread-safe.
 *
 * @param needed number of leading inputs whose shape must be known before the rule is asked
 * @param rule the rule
 */
public record ShapeRule(int needed, Rule rule) {

    /** Demands that the shape of every input that is present be known. */
    public static final int ALL = Integer.MAX_VALUE;

    /** Says what it knows of the outputs; what it does not mention stays unknown. */
    @FunctionalInterface
    public interface Rule {

        /**
         * Infers the outputs of one node.
         *
         * @throws ShapeConflict when the inputs contradict each other
         */
        void infer(NodeScope scope);
    }
}
