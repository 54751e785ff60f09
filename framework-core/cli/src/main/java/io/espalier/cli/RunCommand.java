package io.espalier.cli;

import io.espalier.api.Cancellation;
import io.espalier.api.Espalier;
import io.espalier.api.WatchedRequest;
import io.espalier.events.EventLoss;
import io.espalier.events.EventSink;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Spec;

/** A command that is a run of the engine: it shows progress, and ends in order when it is interrupted. */
abstract class RunCommand extends AbstractCommand {

    private static final Set<String> NOT_TOLD = Set.of("--help", "--json", "--verbose", "--quiet", "--no-color");

    private static final Set<String> NOT_RECORDED = Set.of(
            "--output",
            "--target",
            "--minimize",
            "--minimise",
            "--max-trials",
            "--max-time",
            "--force",
            ConfigOption.NAME,
            SearchOptions.FROM_SEARCH,
            SearchOptions.PICK);

    @Spec
    CommandSpec spec;

    @Mixin
    MetricsOptions metricsOptions;

    RunCommand(Environment environment) {
        super(environment);
    }

    /** The meters of a run of this command; they show the plug-ins too. */
    final RunMetrics metrics(Espalier espalier) {
        RunMetrics metrics = RunMetrics.start(metricsOptions, this::say);
        metrics.plugins(espalier.plugins());
        return metrics;
    }

    /** Does what is asked for, showing its progress; listeners hear of every event after the journal has it. */
    final <R extends WatchedRequest<R>, T> T watched(R request, List<EventSink> listeners, Function<R, T> work) {
        try (ProgressLine progress =
                new ProgressLine(environment.err(), environment.errIsTerminal(), System::nanoTime)) {
            if (!common.quiet) {
                progress.start();
            }
            Cancellation cancellation = new Cancellation();
            R heard = request.journalled(options()).cancelledBy(cancellation);
            for (EventSink listener : listeners) {
                heard = heard.onEvent(listener);
            }
            environment.interruption().cancelBy(cancellation::cancel);
            return work.apply(common.quiet ? heard : heard.onEvent(progress));
        }
    }

    /** Tells what was lost on the way to journal and listeners. */
    final void tell(List<EventLoss> losses) {
        losses.forEach(loss -> say(loss.count() + (loss.count() == 1 ? " event" : " events") + " lost by "
                + loss.where() + ": " + loss.reason()));
    }

    /** What was typed, by option, from which the command can be given again: without what only says how to run. */
    final Map<String, List<String>> arguments() {
        Map<String, List<String>> typed = new TreeMap<>();
        for (ArgSpec each : spec.commandLine().getParseResult().matchedArgs()) {
            String name = each instanceof OptionSpec option
                    ? option.longestName()
                    : "--" + each.paramLabel().toLowerCase(Locale.ROOT);
            if (!NOT_TOLD.contains(name) && !NOT_RECORDED.contains(name)) {
                typed.put(name.substring(2), each.originalStringValues());
            }
        }
        return typed;
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
