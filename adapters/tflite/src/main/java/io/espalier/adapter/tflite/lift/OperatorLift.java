package io.espalier.adapter.tflite.lift;

/** Says what one kind of native operator computes, in neutral operators. */
@FunctionalInterface
interface OperatorLift {

    /**
     * Lifts one operator.
     *
     * @throws NotLiftedException when this use of it cannot be said; it becomes a barrier
     */
    void lift(Draft draft);
}
