package io.espalier.training;

import io.espalier.engine.evaluate.Evaluation;
import io.espalier.engine.run.NetworkCut;
import io.espalier.spi.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What training has come to: weights, statistics, averages, and the best of all epochs so far. Not thread-safe. */
final class TrainingState {

    private static final String WEIGHTS = "weights";
    static final String STATISTICS = "statistics";
    private static final String AVERAGE = "average";
    private static final String BEST = "best";

    private final Weights weights;
    private final Weights statistics;
    private final Optional<Weights> average;
    private Optional<Evaluation> bestMeasure = Optional.empty();
    private Optional<Weights> best = Optional.empty();
    private int bestEpoch;
    private int improvedEpoch;
    private int epoch;

    /**
     * The state before the first epoch.
     *
     * @param averages whether averages of the weights are the result
     */
    TrainingState(Weights weights, Weights statistics, boolean averages) {
        this(weights, statistics, averages ? Optional.of(weights.copy()) : Optional.empty());
    }

    private TrainingState(Weights weights, Weights statistics, Optional<Weights> average) {
        this.weights = weights;
        this.statistics = statistics;
        this.average = average;
    }

    /**
     * The state after a cut. What an epoch before it was worth is forgotten: the network was another.
     *
     * @param network what is left
     */
    TrainingState cut(NetworkCut cut, TrainingNetwork network) {
        boolean repaired = cut.isRepaired();
        Weights left = repaired ? Weights.of(network.model(), network.weights()) : weights.cut(cut, network.weights());
        TrainingState state = new TrainingState(
                left,
                repaired
                        ? Weights.of(network.model(), network.statistics())
                        : statistics.cut(cut, network.statistics()),
                average.map(each -> repaired ? left.copy() : each.cut(cut, network.weights())));
        state.epoch = epoch;
        state.bestEpoch = epoch;
        state.improvedEpoch = epoch;
        return state;
    }

    /** The state of the network with compactors. */
    TrainingState compacted(Compaction compaction) {
        return like(new TrainingState(
                weights.joined(compaction.identities()),
                statistics,
                average.map(each -> each.joined(compaction.identities()))));
    }

    /** The state once compactors are merged into the network. */
    TrainingState merged(Compaction compaction) {
        Map<String, Tensor> read = compaction.merged(read());
        return like(new TrainingState(
                weights.without(compaction::has).from(read),
                statistics.from(read),
                average.map(each -> each.without(compaction::has)
                        .from(compaction.merged(each.joined(statistics).tensors())))));
    }

    private TrainingState like(TrainingState state) {
        state.epoch = epoch;
        state.bestEpoch = bestEpoch;
        state.improvedEpoch = improvedEpoch;
        return state;
    }

    /** Goes back to the numbers of the best epoch, where one was better than the last. */
    void settle() {
        best.ifPresent(found -> {
            weights.set(found);
            statistics.set(found);
            average.ifPresent(each -> each.set(found));
        });
    }

    Weights weights() {
        return weights;
    }

    Weights statistics() {
        return statistics;
    }

    /** How many epochs have ended. */
    int epoch() {
        return epoch;
    }

    /** The epoch whose numbers are taken, from 1. */
    int bestEpoch() {
        return bestEpoch;
    }

    /**
     * How far training has come.
     *
     * @param epoch how many epochs have ended
     * @param bestEpoch the epoch whose numbers are taken
     * @param improvedEpoch the last epoch that was better than all before it; one that is as good is not
     * @param bestMeasure what validation said of the best epoch
     */
    record Progress(int epoch, int bestEpoch, int improvedEpoch, Optional<Evaluation> bestMeasure) {}

    Progress progress() {
        return new Progress(epoch, bestEpoch, improvedEpoch, bestMeasure);
    }

    /** Epochs since one was better than all before it. */
    int epochsInVain() {
        return epoch - improvedEpoch;
    }

    /** All numbers, by what they are. */
    Map<String, Weights> numbers() {
        Map<String, Weights> numbers = new LinkedHashMap<>();
        numbers.put(WEIGHTS, weights);
        numbers.put(STATISTICS, statistics);
        average.ifPresent(each -> numbers.put(AVERAGE, each));
        best.ifPresent(each -> numbers.put(BEST, each));
        return numbers;
    }

    /** The weights and statistics that a step reads, as tensors that change with them. */
    Map<String, Tensor> read() {
        Map<String, Tensor> read = weights.tensors();
        read.putAll(statistics.tensors());
        return read;
    }

    /** Goes on from an earlier epoch. */
    void goBack(int to, Map<String, Weights> numbers) {
        restore(new Progress(to, to, to, Optional.empty()), numbers);
    }

    /** All numbers but those of the best epoch. */
    Map<String, Weights> running() {
        Map<String, Weights> running = numbers();
        running.remove(BEST);
        return running;
    }

    /** Goes on from where training was. */
    void restore(Progress progress, Map<String, Weights> numbers) {
        epoch = progress.epoch();
        bestEpoch = progress.bestEpoch();
        improvedEpoch = progress.improvedEpoch();
        bestMeasure = progress.bestMeasure();
        weights.set(numbers.get(WEIGHTS));
        statistics.set(numbers.get(STATISTICS));
        average.ifPresent(each -> each.set(numbers.get(AVERAGE)));
        best = Optional.ofNullable(numbers.get(BEST));
    }

    /** Averages follow the weights; at first faster, so that where they began is soon forgotten. */
    void takeIn(double share, long step) {
        if (average.isEmpty()) {
            return;
        }
        float kept = (float) Math.min(share, (1.0 + step) / (10.0 + step));
        for (String name : weights.names()) {
            float[] mean = average.get().get(name);
            float[] now = weights.get(name);
            for (int i = 0; i < mean.length; i++) {
                mean[i] = kept * mean[i] + (1 - kept) * now[i];
            }
        }
    }

    /** Ends an epoch; of equally good ones the later counts. */
    void endEpoch(Optional<Evaluation> measure) {
        epoch++;
        boolean improved =
                measure.isEmpty() || bestMeasure.isEmpty() || !bestMeasure.get().isAsGoodAs(measure.get());
        improvedEpoch = improved ? epoch : improvedEpoch;
        boolean better =
                measure.isEmpty() || bestMeasure.isEmpty() || measure.get().isAsGoodAs(bestMeasure.get());
        if (better) {
            bestEpoch = epoch;
            bestMeasure = measure;
            best = measure.map(each -> now());
        }
    }

    private Weights now() {
        return average.orElse(weights).joined(statistics);
    }

    /** The numbers now. */
    Map<String, Tensor> values() {
        return now().tensors();
    }

    /** The numbers of the best epoch. */
    Map<String, Tensor> best() {
        return new LinkedHashMap<>(best.map(Weights::tensors).orElseGet(this::values));
    }
}
