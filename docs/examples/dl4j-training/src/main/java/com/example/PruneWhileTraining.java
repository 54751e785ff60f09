package com.example;

import io.espalier.adapter.dl4j.Dl4jAdapter;
import io.espalier.adapter.dl4j.train.LossListener;
import io.espalier.adapter.dl4j.train.PrunedTraining;
import io.espalier.adapter.dl4j.train.PruningListener;
import io.espalier.adapter.onnx.OnnxExecutor;
import io.espalier.engine.allocate.Target;
import io.espalier.engine.run.PruningRequest;
import io.espalier.engine.run.PruningRun;
import io.espalier.events.Events;
import io.espalier.events.Journal;
import io.espalier.events.v1.LossReported;
import io.espalier.events.v1.RunFinished;
import io.espalier.events.v1.RunStarted;
import io.espalier.plugin.allocators.UniformAllocator;
import io.espalier.plugin.magnitude.L1Criterion;
import io.espalier.plugin.schedules.LinearSchedule;
import io.espalier.spi.option.Options;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/** Trains a network of DL4J, and prunes it twice on the way. */
public final class PruneWhileTraining {

    private PruneWhileTraining() {}

    /** Trains for some epochs; at the end a share of the channels remains. The journal tells the losses. */
    public static MultiLayerNetwork train(
            MultiLayerNetwork network, DataSetIterator data, int epochs, double share, Path journal)
            throws IOException {
        try (Journal told = Journal.create(journal)) {
            Events events = new Events("training", "my trainer", Clock.systemUTC(), List.of(told));
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
                schedule.steps(epochs, share, options), share, PruneWhileTraining::prune);
        return PrunedTraining.fit(network, data, epochs, listener);
    }

    /** One cut: the engine scores, decides, cuts, proves and writes. */
    private static void prune(Path input, Path output, double share) {
        Target target = Target.parse(String.format(Locale.ROOT, "channels=%.2f%%", 100 * share));
        new PruningRun(new PruningRequest(
                        new PruningRequest.Input(input, new Dl4jAdapter(), new OnnxExecutor(), List.of()),
                        Optional.of(PruningRequest.Decision.of(
                                new L1Criterion(), Options.none(), new UniformAllocator(), target, 1)),
                        Optional.empty(),
                        PruningRequest.Costs.DEFAULT,
                        Optional.of(output),
                        new PruningRequest.Data(Optional.empty(), Optional.empty()),
                        Optional.empty(),
                        PruningRequest.Proof.DEFAULT,
                        new PruningRequest.Trail(
                                "training", "my trainer", "prune", Map.of(), Clock.systemUTC(), List.of()),
                        1))
                .prune();
    }
}
