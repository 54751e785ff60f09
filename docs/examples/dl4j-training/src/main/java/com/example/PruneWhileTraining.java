package com.example;

import io.espalier.adapter.dl4j.train.LossListener;
import io.espalier.adapter.dl4j.train.PrunedTraining;
import io.espalier.adapter.dl4j.train.PruningListener;
import io.espalier.api.Espalier;
import io.espalier.engine.run.SeededContext;
import io.espalier.events.Events;
import io.espalier.events.Journal;
import io.espalier.events.v1.LossReported;
import io.espalier.events.v1.RunFinished;
import io.espalier.events.v1.RunStarted;
import io.espalier.plugin.schedules.LinearSchedule;
import io.espalier.spi.option.Options;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/** Trains a network of DL4J, and prunes it twice during training. */
public final class PruneWhileTraining {

    private PruneWhileTraining() {}

    /** Trains for some epochs; at the end a share of the channels remains. The journal records the losses. */
    public static MultiLayerNetwork train(
            MultiLayerNetwork network, DataSetIterator data, int epochs, double share, Path journal)
            throws IOException {
        try (Journal file = Journal.create(journal)) {
            Events events = new Events("training", "my trainer", Clock.systemUTC(), List.of(file));
            events.emit(RunStarted.newBuilder()
                    .setCommand("train")
                    .setFramework("dl4j")
                    .build());
            network.addListeners(new LossListener(8, (step, epoch, loss) -> events.emit(LossReported.newBuilder()
                    .setStep(step)
                    .setEpoch(epoch)
                    .setLoss(loss)
                    .build())));
            MultiLayerNetwork trained = train(network, data, epochs, share);
            events.emit(RunFinished.getDefaultInstance());
            return trained;
        }
    }

    private static MultiLayerNetwork train(MultiLayerNetwork network, DataSetIterator data, int epochs, double share) {
        LinearSchedule schedule = new LinearSchedule();
        Options options = Options.resolve("the schedule", schedule.options(), Map.of("steps", "2", "end", "0.7"));
        PruningListener listener = new PruningListener(
                schedule.steps(epochs, share, options, new SeededContext(1, () -> false)), share, PruneWhileTraining::prune);
        return PrunedTraining.fit(network, data, epochs, listener);
    }

    /** One cut: channels are scored and chosen, removed, and the result is proved and written. */
    private static void prune(Path input, Path output, double share) {
        try (Espalier espalier = Espalier.open()) {
            espalier.prune(input)
                    .target(String.format(Locale.ROOT, "channels=%.2f%%", 100 * share))
                    .allocator("uniform")
                    .withoutLatency()
                    .to(output);
        }
    }
}
