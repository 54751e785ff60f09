package io.espalier.training;

/**
 * How a training counts: a step for each batch, an update of the weights for several of them.
 *
 * @param epochs how often all examples are seen
 * @param batches steps of an epoch
 * @param accumulate steps of an update; what an epoch has left over makes none
 */
record Pace(int epochs, int batches, int accumulate) {

    /** Steps of the whole training. */
    long steps() {
        return steps(epochs);
    }

    /** Steps of the first epochs. */
    long steps(int first) {
        return (long) first * batches;
    }

    /** Updates in the first steps. */
    long updates(long steps) {
        return steps / batches * (batches / accumulate) + steps % batches / accumulate;
    }

    /** How long a regularizer is at work that prepares for a cut. */
    Regularized.Course course(Cuts.Stretch stretch) {
        long updates = updates(stretch.from());
        long epoch = stretch.from() / batches;
        long ended = (stretch.to() + batches - 1) / batches - epoch;
        return new Regularized.Course(updates, updates(stretch.to()) - updates, (int) epoch, (int) ended);
    }
}
