package io.espalier.engine.evidence;

import io.espalier.engine.loss.LossGraph;
import io.espalier.spi.data.Batch;
import io.espalier.spi.data.Batches;
import io.espalier.spi.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * What the runs of a sweep are fed with; reports progress and ends when the run is cancelled.
 *
 * @param phase what people read of the sweep
 * @param byExample whether each example of a batch is a run of its own
 * @param besides what each run is fed besides
 */
record FedRuns(SweepContext context, String phase, boolean byExample, Map<String, Tensor> besides) {

    /** The runs over some data, in its order. */
    Iterable<Map<String, Tensor>> of(Batches data, LossGraph loss) {
        return () -> {
            AtomicLong begun = new AtomicLong();
            return StreamSupport.stream(data.spliterator(), false)
                    .flatMap(batch -> {
                        context.run().checkCancelled();
                        context.run().progress(phase, begun.getAndAdd(batch.size()), data.examples());
                        return of(batch, loss);
                    })
                    .iterator();
        };
    }

    private Stream<Map<String, Tensor>> of(Batch batch, LossGraph loss) {
        Stream<Map<String, Tensor>> fed = byExample
                ? IntStream.range(0, batch.size()).mapToObj(row -> loss.inputs(batch, row))
                : Stream.of(loss.inputs(batch));
        return besides.isEmpty() ? fed : fed.map(this::withOthers);
    }

    private Map<String, Tensor> withOthers(Map<String, Tensor> inputs) {
        Map<String, Tensor> all = new LinkedHashMap<>(inputs);
        all.putAll(besides);
        return all;
    }
}
