package io.espalier.plugin.regularizers;

import io.espalier.spi.regularizer.RegularizerContext;
import io.espalier.spi.regularizer.RegularizerWorker;
import java.util.Map;
import java.util.function.IntToDoubleFunction;

/** Zeroes the channels of the smallest norms after each epoch, which may grow again in the next; after the last with what reads them. */
final class SoftPruning implements RegularizerWorker {

    private final RegularizerContext context;
    private final IntToDoubleFunction progress;
    private final Channels made;
    private final Channels whole;

    /**
     * Soft pruning.
     *
     * @param progress how much of the way to the target is done after an epoch, from 1
     */
    SoftPruning(RegularizerContext context, IntToDoubleFunction progress) {
        this.context = context;
        this.progress = progress;
        this.made = Channels.made(context.groups());
        this.whole = Channels.whole(context.groups());
    }

    @Override
    public void endEpoch(int epoch, Map<String, float[]> weights) {
        boolean isLast = epoch == context.epochs();
        double done = isLast ? 1 : progress.applyAsDouble(epoch);
        if (done <= 0) {
            return;
        }
        double[] squares = new double[made.count()];
        for (int channel = 0; channel < squares.length; channel++) {
            squares[channel] = made.dot(channel, weights, weights);
        }
        float[] chosen = new float[squares.length];
        made.mark(context.weakest(made.byGroup(made.inMeans(squares)), done), chosen);
        for (int channel = 0; channel < chosen.length; channel++) {
            if (chosen[channel] != 0) {
                (isLast ? whole : made).scale(channel, 0, weights);
            }
        }
    }
}
