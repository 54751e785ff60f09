package io.espalier.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import picocli.CommandLine.ParseResult;

/** Finds flags that do not go together, before any work is done. */
final class Contradictions {

    private Contradictions() {}

    /** Throws a usage failure for the first contradiction of a command that prunes. */
    static void check(Path model, PruneOptions options, SelectionOptions selection, ParseResult typed) {
        if (options.plan == null) {
            check(selection, typed);
        } else {
            checkReplay(typed);
        }
        checkMetric(options);
        checkRepair(options);
        if (options.noLatency && options.latencyRuns != null) {
            throw Failure.usage("--latency-runs says how to measure latency, --no-latency says not to; leave one out");
        }
        if (options.latencyRuns != null && options.latencyRuns < 1) {
            throw Failure.usage("--latency-runs cannot be " + options.latencyRuns + "; give a number of at least 1");
        }
        checkThreads(options.threads);
        checkOutput(model, options);
    }

    /** Throws a usage failure when nothing says what shall remain. */
    static void check(SelectionOptions selection, ParseResult typed) {
        if (selection.target == null) {
            String replay = typed.commandSpec().findOption("--plan") == null ? "" : ", or --plan to replay a plan";
            throw Failure.usage(
                    "nothing says what shall remain; give --target, for instance --target macs=50%" + replay);
        }
    }

    private static void checkReplay(ParseResult typed) {
        SelectionOptions.NAMES.stream()
                .filter(typed::hasMatchedOption)
                .findFirst()
                .ifPresent(name -> {
                    throw Failure.usage("the plan of --plan already says what goes and why; leave out " + name);
                });
    }

    static void checkThreads(int threads) {
        if (threads < 1) {
            throw Failure.usage("--threads cannot be " + threads + "; give a number of at least 1");
        }
    }

    static void checkPlanOutput(Path model, Path output) {
        if (isSame(model, output)) {
            throw Failure.usage("the plan would replace the model; give another --output");
        }
    }

    private static void checkMetric(PruneOptions options) {
        if (options.metric != null && options.data == null) {
            throw Failure.usage("--metric measures labelled examples; name a file of them with --data");
        }
        if (options.metric == null && !options.metricOptions.isEmpty()) {
            throw Failure.usage("--metric-option sets an option of a metric; name one with --metric");
        }
    }

    private static void checkRepair(PruneOptions options) {
        if (options.repair != null && options.calibration == null) {
            throw Failure.usage("--repair needs training examples; name a file of them with --calibration");
        }
        if (options.repair == null && options.calibration != null) {
            throw Failure.usage("--calibration is for repairing weights; name a compensator with --repair,"
                    + " for instance --repair bn");
        }
        if (options.repair == null && !options.repairOptions.isEmpty()) {
            throw Failure.usage("--repair-option sets an option of a compensator; name one with --repair");
        }
        if (options.data != null && options.calibration != null && isSame(options.data, options.calibration)) {
            throw Failure.usage(
                    "--calibration and --data are the same file; measuring on what the weights were repaired"
                            + " with would flatter the result, so give two files");
        }
    }

    private static void checkOutput(Path model, PruneOptions options) {
        if (isSame(model, options.output) && !options.force) {
            throw Failure.usage("the output would replace the model that is pruned; give another --output,"
                    + " or --force if that is meant");
        }
        for (Path input : inputs(options)) {
            if (isSame(input, options.output)) {
                throw Failure.usage(
                        "the output would replace '" + input + "', which the run reads; give another --output");
            }
        }
    }

    private static List<Path> inputs(PruneOptions options) {
        return Stream.of(options.plan, options.data, options.calibration)
                .filter(Objects::nonNull)
                .toList();
    }

    private static boolean isSame(Path one, Path other) {
        try {
            return Files.exists(one) && Files.exists(other)
                    ? Files.isSameFile(one, other)
                    : one.toAbsolutePath()
                            .normalize()
                            .equals(other.toAbsolutePath().normalize());
        } catch (IOException e) {
            // Whatever makes them incomparable is told by whoever opens them.
            return false;
        }
    }
}
