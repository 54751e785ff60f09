package io.espalier.engine.evidence;

import io.espalier.engine.evidence.ValueMaps.Elements;
import io.espalier.spi.criterion.ActivationMaps;
import io.espalier.spi.criterion.ActivationStatistics;
import io.espalier.spi.criterion.ChannelGroup;
import io.espalier.spi.criterion.GroupEvidence;
import io.espalier.spi.data.Batch;
import io.espalier.spi.data.BatchOptions;
import io.espalier.spi.data.Batches;
import io.espalier.spi.execution.GraphExecutor.Purpose;
import io.espalier.spi.execution.GraphExecutor.Settings;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Looks at the values that operators which contract read, where they carry channels. Used once. */
final class ActivationSweep {

    private static final int EXAMPLES_AT_ONCE = 8;
    private static final int MOST_MAPS = 64;

    private final SweepContext context;
    private final boolean wantsMaps;
    private final List<Watched> watched = new ArrayList<>();

    private record Watched(ValueChannels channels, ValueStatistics statistics, ValueMaps maps) {}

    ActivationSweep(SweepContext context, boolean wantsMaps) {
        this.context = context;
        this.wantsMaps = wantsMaps;
        ValueChannels.read(context.graph(), context.coupling())
                .forEach(channels ->
                        watched.add(new Watched(channels, new ValueStatistics(channels), new ValueMaps(channels))));
    }

    void run() {
        List<String> values =
                watched.stream().map(each -> each.channels().value()).distinct().toList();
        Batches batches = context.data().with(BatchOptions.of(EXAMPLES_AT_ONCE));
        BitSet mapped = mapped(batches.examples());
        Graph shown = context.graph().withOutputs(values);
        try (Runner runner = context.executor().prepare(shown, Settings.of(Purpose.EVALUATION))) {
            int done = 0;
            for (Batch batch : batches) {
                context.run().checkCancelled();
                context.run().progress("measuring activations", done++, batches.count());
                Map<String, Tensor> results = runner.run(batch.inputs());
                watched.forEach(each -> add(each, results, batch, mapped));
            }
            context.run().progress("measuring activations", done, batches.count());
        }
    }

    /** The examples whose maps are held. */
    private BitSet mapped(long examples) {
        BitSet chosen = new BitSet();
        RandomGenerator random = context.run().random("espalier", "activation-maps");
        int size = Math.toIntExact(examples);
        while (wantsMaps && chosen.cardinality() < Math.min(MOST_MAPS, size)) {
            chosen.set(random.nextInt(size));
        }
        return chosen;
    }

    private static void add(Watched each, Map<String, Tensor> results, Batch batch, BitSet mapped) {
        Tensor tensor = results.getOrDefault(
                each.channels().value(), batch.inputs().get(each.channels().value()));
        if (!tensor.type().isFloating() || tensor.size() == 0) {
            return;
        }
        int first = Math.toIntExact(tensor.shape().get(0));
        int fed = Math.toIntExact(
                batch.inputs().values().iterator().next().shape().get(0));
        long[] rows = batch.rows();
        int places = each.channels().classes().size();
        boolean hasRoom = each.maps().hasRoom();
        Map<Integer, Elements[]> examples = ValueMaps.fresh();
        each.channels().forEach(tensor, (position, place, element) -> {
            int row = (int) ((long) position * fed / first);
            if (row < rows.length) {
                each.statistics().add(place, element);
                if (hasRoom && mapped.get((int) rows[row])) {
                    examples.computeIfAbsent(position, none -> Elements.of(places))[place].add(element);
                }
            }
        });
        int axis = each.channels().lastFree();
        each.maps()
                .add(
                        examples.values(),
                        axis < 0 ? 1 : Math.toIntExact(tensor.shape().get(axis)));
    }

    GroupEvidence<ActivationStatistics> statistics() {
        return group -> watched.stream()
                .filter(each -> each.statistics().isComplete())
                .flatMap(each -> places(each, group).map(each.statistics()::of).stream())
                .toList();
    }

    GroupEvidence<ActivationMaps> maps() {
        return group -> watched.stream()
                .filter(each -> each.statistics().isComplete())
                .flatMap(each -> places(each, group).map(each.maps()::of).stream())
                .toList();
    }

    private static Optional<int[]> places(Watched each, ChannelGroup group) {
        return each.channels().places(group);
    }
}
