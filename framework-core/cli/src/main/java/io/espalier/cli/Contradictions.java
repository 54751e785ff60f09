package io.espalier.cli;

import java.nio.file.Path;
import java.util.OptionalInt;
import picocli.CommandLine.ParseResult;

/** Finds flags that do not go together, before any work is done. */
final class Contradictions {

    private static final Path STANDARD_OUTPUT = Path.of("-");

    private Contradictions() {}

    /** Throws a usage failure for the first contradiction of a command that prunes. */
    static void check(PruneOptions options, SelectionOptions selection, ParseResult typed) {
        if (options.plan == null) {
            check(selection, typed);
        } else {
            checkReplay(typed);
        }
        checkOutput(options.output);
        checkMetric(options);
        checkRepair(options);
        if (options.fineTune != null && options.train.isEmpty()) {
            throw Failure.usage("--fine-tune needs training examples; name a file of them with --train");
        }
        options.checkMoment();
        options.search.check(selection.target != null && selection.target.startsWith("accuracy"));
        if (options.noLatency && options.latencyRuns != null) {
            throw Failure.usage("--latency-runs says how to measure latency, --no-latency says not to; leave one out");
        }
    }

    /** Throws a usage failure when nothing says what shall remain. */
    static void check(SelectionOptions selection, ParseResult typed) {
        if (selection.target == null && selection.depth().equals(OptionalInt.of(0))) {
            String replay = typed.commandSpec().findOption("--plan") == null ? "" : ", or --plan to replay a plan";
            throw Failure.usage(
                    "nothing says what shall remain; give --target, for instance --target macs=50%" + replay);
        }
        checkOptions(selection);
    }

    private static void checkOptions(SelectionOptions selection) {
        if (selection.criterion == null && !selection.criterionOptions.isEmpty()) {
            throw Failure.usage("--criterion-option sets an option of a criterion; name one with --criterion");
        }
        if (selection.allocator == null && !selection.allocatorOptions.isEmpty()) {
            throw Failure.usage("--allocator-option sets an option of an allocator; name one with --allocator");
        }
    }

    /** Throws a usage failure where a result would be asked of the standard output. */
    static void checkOutput(Path output) {
        if (output.equals(STANDARD_OUTPUT)) {
            throw Failure.usage("--output: results are files and are not written to the standard output; name a file");
        }
    }

    private static void checkReplay(ParseResult typed) {
        SelectionOptions.NAMES.stream()
                .filter(typed::hasMatchedOption)
                .findFirst()
                .ifPresent(name -> {
                    throw Failure.usage("the plan of --plan already says what is removed and why; leave out " + name);
                });
    }

    private static void checkMetric(PruneOptions options) {
        if (options.metric != null && options.data.isEmpty()) {
            throw Failure.usage("--metric measures labelled examples; name a file of them with --data");
        }
        if (options.metric == null && !options.metricOptions.isEmpty()) {
            throw Failure.usage("--metric-option sets an option of a metric; name one with --metric");
        }
    }

    private static void checkRepair(PruneOptions options) {
        if (options.repair != null && !options.repair.equals(PruneOptions.NOTHING) && !options.calibration.isGiven()) {
            throw Failure.usage("--repair needs training examples; name a file of them with --calibration");
        }
        if (options.plan != null && options.repair == null && options.calibration.isGiven()) {
            throw Failure.usage(
                    "the plan of --plan already says what is removed, so --calibration is for repairing weights;"
                            + " name a compensator with --repair, for instance --repair obs");
        }
        if (!options.calibration.isGiven() && !options.calibration.options.isEmpty()) {
            throw Failure.usage("--calibration-option sets an option of what reads --calibration; name a file with it");
        }
        if (PruneOptions.NOTHING.equals(options.repair) && options.plan != null) {
            throw Failure.usage("a replayed plan repairs nothing unless --repair names a compensator; leave it out");
        }
        if (options.repair == null && !options.repairOptions.isEmpty()) {
            throw Failure.usage("--repair-option sets an option of a compensator; name one with --repair");
        }
    }
}
