package io.espalier.cli;

import io.espalier.engine.run.PruningRequest.Trail;
import io.espalier.engine.run.PruningRun;
import io.espalier.events.EventLoss;
import io.espalier.events.EventSink;
import io.espalier.host.Catalogue;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Spec;

/** A command that is a run of the engine: it shows progress, and ends in order when it is interrupted. */
abstract class RunCommand extends AbstractCommand {

    private static final Set<String> NOT_TOLD = Set.of("--help", "--json", "--verbose", "--quiet", "--no-color");

    @Spec
    CommandSpec spec;

    @Mixin
    MetricsOptions metricsOptions;

    RunCommand(Environment environment) {
        super(environment);
    }

    /** Who is told about a run of this command. */
    final Trail trail(Catalogue catalogue, List<? extends EventSink> sinks) {
        return new Trail(
                UUID.randomUUID().toString(),
                "espalier " + Versions.espalier(),
                spec.name(),
                options(),
                plugins(catalogue),
                Clock.systemUTC(),
                List.copyOf(sinks));
    }

    /** The meters of a run of this command; they show the plug-ins too. */
    final RunMetrics metrics(Catalogue catalogue) {
        RunMetrics metrics = RunMetrics.start(metricsOptions, this::say);
        metrics.plugins(catalogue);
        return metrics;
    }

    /** Does something with a run, showing its progress; listeners hear of every event after the journal has it. */
    final <T> T watched(
            List<EventSink> listeners, Function<List<EventSink>, PruningRun> run, Function<PruningRun, T> work) {
        List<EventSink> sinks = new ArrayList<>(listeners);
        try (ProgressLine progress =
                new ProgressLine(environment.err(), environment.errIsTerminal(), System::nanoTime)) {
            if (!common.quiet) {
                sinks.add(progress);
            }
            PruningRun started = run.apply(sinks);
            environment.interruption().cancelBy(started::cancel);
            return work.apply(started);
        }
    }

    /** Tells what was lost on the way to journal and listeners. */
    final void tell(List<EventLoss> losses) {
        losses.forEach(loss -> say(loss.count() + (loss.count() == 1 ? " event" : " events") + " lost by "
                + loss.where() + ": " + loss.reason()));
    }

    private static Map<String, String> plugins(Catalogue catalogue) {
        Map<String, String> plugins = new TreeMap<>();
        catalogue.plugins().forEach(plugin -> plugins.put(plugin.id(), plugin.version()));
        return plugins;
    }

    private Map<String, String> options() {
        Map<String, String> options = new TreeMap<>();
        for (OptionSpec option : spec.options()) {
            Object value = option.getValue();
            if (value != null && !NOT_TOLD.contains(option.longestName())) {
                options.put(option.longestName().substring(2), String.valueOf(value));
            }
        }
        return options;
    }
}
