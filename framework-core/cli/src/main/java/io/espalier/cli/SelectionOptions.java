package io.espalier.cli;

import io.espalier.api.RunRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What shall remain, and how the channels that go are chosen. */
final class SelectionOptions {

    private static final String AUTO = "auto";
    private static final Pattern SHARE = Pattern.compile("(\\d{1,3}(?:\\.\\d{1,9})?)(%?)");

    /** Names of all options here, as typed; a plan that is replayed has them inside. */
    static final List<String> NAMES = List.of(
            "--target",
            "--latency-table",
            "--latency-threads",
            "--latency-time",
            "--criterion",
            "--criterion-option",
            LossOption.NAME,
            "--aggregate",
            "--normalise",
            "--allocator",
            "--allocator-option",
            "--control",
            "--depth",
            "--steps",
            "--round-to",
            "--min-keep",
            "--heads",
            "--ignore",
            "--only",
            "--seed",
            "--dim",
            InputsOption.NAME);

    @Option(
            names = "--target",
            paramLabel = "METRIC=AMOUNT",
            description = "What remains at most: macs, params, bytes, channels or latency, as a share or an"
                    + " amount, like macs=50%%, params=3.2M, bytes=20MB, channels=70%%, latency=2ms. 'prune' also takes what is kept of the"
                    + " accuracy on --data: accuracy=-1 loses one point at most, accuracy=91.5%% keeps so much.")
    String target;

    @Option(
            names = "--latency-table",
            paramLabel = "FILE",
            description =
                    "The OUTPUT.latency.json of an earlier run that had a latency as its target, or minimised it: it is decided"
                            + " by what was measured then, and nothing is timed.")
    private Path latencyTable;

    @Option(
            names = "--latency-threads",
            paramLabel = "N",
            description =
                    "Threads of the runtime in which the model is timed for a latency as the target (default: 1).")
    private Integer latencyThreads;

    @Option(
            names = "--latency-time",
            paramLabel = "TIME",
            converter = TimeSpan.class,
            description = "How long it should take to time the model at several widths, about (default: 2m).")
    private Duration latencyTime;

    @Option(
            names = "--criterion",
            paramLabel = "NAME",
            description = "What makes a channel important (default: that of the recipe);"
                    + " 'espalier plugins list' names them.")
    String criterion;

    @Option(
            names = "--criterion-option",
            paramLabel = "NAME=VALUE",
            description = "An option of the criterion, like p=1.5; 'espalier plugins list -v' shows them.")
    Map<String, String> criterionOptions = new LinkedHashMap<>();

    @Mixin
    LossOption loss;

    @Option(
            names = "--aggregate",
            paramLabel = "HOW",
            description = "How the scores of coupled slices become one: sum, mean, max, product"
                    + " (default: that of the recipe).")
    String aggregate;

    @Option(
            names = {"--normalise", "--normalize"},
            paramLabel = "HOW",
            description = "How the scores of a group are made comparable with other groups: sum, none, mean, max,"
                    + " min-max, standard (default: that of the recipe).")
    String normalise;

    @Option(
            names = "--allocator",
            paramLabel = "NAME",
            description = "Which channels compete with each other (default: that of the recipe).")
    String allocator;

    @Option(
            names = "--allocator-option",
            paramLabel = "NAME=VALUE",
            description = "An option of the allocator, like cost=macs; 'espalier plugins list -v' shows them.")
    Map<String, String> allocatorOptions = new LinkedHashMap<>();

    @Option(
            names = "--control",
            paramLabel = "HOW",
            defaultValue = "none",
            description = "What scores are replaced by, to see what the choice is worth: none, or shuffled within each"
                    + " group by the seed (default: ${DEFAULT-VALUE}).")
    String control;

    @Option(
            names = "--depth",
            paramLabel = "N|auto",
            defaultValue = "0",
            description =
                    "Leave out N residual blocks, as of ResNets and transformers, before channels are removed: those"
                            + " without which the outputs for --calibration, or else for random inputs, change least. Without"
                            + " --target nothing more is removed. auto tries none, one and more with the same --target, and"
                            + " takes the number with which the outputs for --calibration change least (default:"
                            + " ${DEFAULT-VALUE}).")
    private String depth;

    @Option(
            names = "--steps",
            paramLabel = "N",
            description =
                    "Cut in this many steps, each of which removes the same share of what is left, or what the schedule"
                            + " says, and is scored on the network that the one before has left (default: 1, and that of"
                            + " the schedule).")
    Integer steps;

    @Option(
            names = "--round-to",
            paramLabel = "K|auto",
            defaultValue = "auto",
            description =
                    "Keep multiples of K channels in every group; auto takes what the runtime of the format is fast"
                            + " at, and finer steps in groups narrower than four times that (default: ${DEFAULT-VALUE}).")
    String roundTo;

    @Option(
            names = "--min-keep",
            paramLabel = "SHARE",
            defaultValue = "0.1",
            description = "Keep at least this share of every group, like 10%% or 0.1 (default: ${DEFAULT-VALUE});"
                    + " one channel is always kept.")
    String minKeep;

    @Option(
            names = "--heads",
            paramLabel = "HOW",
            defaultValue = "whole",
            description = "What attention loses: whole heads, equally many channels of every head (size), or both"
                    + " (default: ${DEFAULT-VALUE}).")
    String heads;

    @Option(
            names = "--ignore",
            paramLabel = "PATTERN",
            description = "Remove nothing of layers of this name: the path of an operator or module, or a parameter;"
                    + " * stands for any characters. May be given several times.")
    List<String> ignore = new ArrayList<>();

    @Option(
            names = "--only",
            paramLabel = "PATTERN",
            description = "Remove only channels that layers of this name compute; may be given several times.")
    List<String> only = new ArrayList<>();

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "Seed of everything random (default: ${DEFAULT-VALUE}).")
    long seed;

    /** A request for what these options say. */
    <R extends RunRequest<R>> R applyTo(R request) {
        R asked = target == null ? request : request.target(target);
        asked = criterion == null ? asked : asked.criterion(criterion, criterionOptions);
        asked = loss.isGiven() ? asked.loss(loss.name(), loss.options()) : asked;
        asked = aggregate == null ? asked : asked.aggregate(aggregate);
        asked = normalise == null ? asked : asked.normalise(normalise);
        asked = allocator == null ? asked : asked.allocator(allocator, allocatorOptions);
        asked = roundTo.equals(AUTO) ? asked : asked.roundTo(multiple(roundTo));
        asked = steps == null ? asked : asked.steps(steps);
        asked = latencyTable == null ? asked : asked.latencyTable(latencyTable);
        asked = latencyTime == null ? asked : asked.latencyTime(latencyTime);
        asked = latencyThreads == null ? asked : asked.latencyThreads(latencyThreads);
        OptionalInt blocks = depth();
        asked = blocks.isEmpty() ? asked.depthFound() : blocks.getAsInt() == 0 ? asked : asked.depth(blocks.getAsInt());
        return asked.minKeep(share(minKeep))
                .control(control)
                .heads(heads)
                .ignore(ignore.toArray(String[]::new))
                .only(only.toArray(String[]::new))
                .seed(seed);
    }

    /** How many residual blocks are left out; empty where that is to be found. */
    OptionalInt depth() {
        try {
            return depth.equals(AUTO) ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(depth));
        } catch (NumberFormatException e) {
            throw Failure.usage(
                    "--depth cannot be '" + depth + "'; give how many residual blocks are left out, or auto");
        }
    }

    /** Whether the target is a latency, for which a table is written. */
    boolean isTimed() {
        return target != null && target.strip().toLowerCase(Locale.ROOT).startsWith("latency");
    }

    private static int multiple(String typed) {
        try {
            return Integer.parseInt(typed);
        } catch (NumberFormatException e) {
            throw Failure.usage("--round-to cannot be '" + typed + "'; give a whole number of at least 1, or auto");
        }
    }

    /** A share of one, typed as {@code 0.1} or {@code 10%}. */
    private static double share(String typed) {
        Matcher matcher = SHARE.matcher(typed);
        double number = matcher.matches() ? Double.parseDouble(matcher.group(1)) : Double.NaN;
        double share = matcher.matches() && !matcher.group(2).isEmpty() ? number / 100 : number;
        if (!(share >= 0 && share <= 1)) {
            throw Failure.usage("--min-keep cannot be '" + typed + "'; give a share such as 10% or 0.1");
        }
        return share;
    }
}
