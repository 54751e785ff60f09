package com.example;

import io.espalier.adapter.dl4j.train.PrunedTraining;
import io.espalier.adapter.dl4j.train.PruningListener;
import io.espalier.adapter.dl4j.train.RegularizingListener;
import io.espalier.api.Espalier;
import io.espalier.engine.allocate.Target;
import io.espalier.engine.regularize.RegularizedNetwork;
import io.espalier.engine.regularize.RegularizerTask;
import io.espalier.engine.run.SeededContext;
import io.espalier.graph.operator.Operators;
import io.espalier.plugin.regularizers.HessoRegularizer;
import io.espalier.plugin.schedules.LinearSchedule;
import io.espalier.spi.RunContext;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.option.Options;
import io.espalier.spi.regularizer.RegularizerWorker;
import io.espalier.spi.schedule.PruningStep;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/** Trains a network of DL4J with a regularizer that makes channels zero before each of two cuts. */
public final class RegularizeWhileTraining {

    private static final RunContext CONTEXT = new SeededContext(1, () -> false);

    private RegularizeWhileTraining() {}

    /**
     * Trains for some epochs; at the end a share of the channels remains.
     *
     * @param updates batches of an epoch
     */
    public static MultiLayerNetwork train(
            MultiLayerNetwork network, DataSetIterator data, int epochs, int updates, double share) {
        LinearSchedule schedule = new LinearSchedule();
        Options options = Options.resolve("the schedule", schedule.options(), Map.of("steps", "2", "end", "0.7"));
        List<PruningStep> steps = schedule.steps(epochs, share, options, CONTEXT);
        network.addListeners(
                new RegularizingListener(steps, share, epochs, updates, RegularizeWhileTraining::regularize));
        return PrunedTraining.fit(
                network, data, epochs, new PruningListener(steps, share, RegularizeWhileTraining::prune));
    }

    /** Starts the regularizer on the channels that are left. */
    private static RegularizerWorker regularize(
            Model model, Set<String> weights, double share, long updates, int epochs) {
        HessoRegularizer hesso = new HessoRegularizer();
        Options options = Options.resolve("the regularizer", hesso.options(), Map.of("end", "0.7"));
        RegularizedNetwork channels =
                RegularizedNetwork.of(model.graph(), Operators.standard(), weights, Target.parse(target(share)));
        return hesso.start(new RegularizerTask(hesso.name(), options, channels, updates, epochs, CONTEXT));
    }

    /** One cut: the smallest channels go, which are zero. */
    private static void prune(Path input, Path output, double share) {
        try (Espalier espalier = Espalier.open()) {
            espalier.prune(input)
                    .target(target(share))
                    .criterion("l2")
                    .normalise("none")
                    .allocator("global")
                    .roundTo(1)
                    .withoutLatency()
                    .to(output);
        }
    }

    private static String target(double share) {
        return String.format(Locale.ROOT, "channels=%.2f%%", 100 * share);
    }
}
