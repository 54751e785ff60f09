package io.espalier.metrics;

import java.util.List;

/**
 * Every meter, by its Micrometer name. The table in {@code docs/metrics.md} is made of this.
 *
 * <p>Run ids, paths, and names of layers or tensors are never tags: they are high-cardinality key values of the
 * observations, which tracers see and meters do not.
 */
public enum PruningMeter {
    RUN("pruning.run", Kind.OBSERVATION, "", List.of("adapter", "criterion", "outcome"), "A run, from start to end"),
    RUN_ACTIVE(
            "pruning.run.active",
            Kind.LONG_TASK,
            "",
            List.of("adapter"),
            "Runs whose end was not heard yet, and since when, counted from when this process heard of them"),
    RUN_SILENT(
            "pruning.run.silent",
            Kind.GAUGE,
            "",
            List.of(),
            "Runs whose end was not heard, and nothing else for five minutes: killed ones, for a day, and some that work long"),
    STEP("pruning.step", Kind.OBSERVATION, "", List.of("adapter", "outcome"), "One step: decide, cut, prove, measure"),
    LIFT("pruning.lift", Kind.OBSERVATION, "", List.of("adapter", "outcome"), "Open a model and lift it"),
    ANALYSE("pruning.analyse", Kind.OBSERVATION, "", List.of("adapter", "outcome"), "Find what goes together"),
    SCORE("pruning.score", Kind.OBSERVATION, "", List.of("adapter", "outcome"), "Score all channels"),
    PLAN("pruning.plan", Kind.OBSERVATION, "", List.of("adapter", "outcome"), "Decide what goes"),
    OPERATE("pruning.operate", Kind.OBSERVATION, "", List.of("adapter", "outcome"), "Apply the plan to the graph"),
    VERIFY(
            "pruning.verify",
            Kind.OBSERVATION,
            "",
            List.of("adapter", "outcome"),
            "Write the pruned model and compare it with the masked original"),
    REPAIR("pruning.repair", Kind.OBSERVATION, "", List.of("adapter", "outcome"), "Repair weights without training"),
    EVALUATE("pruning.evaluate", Kind.OBSERVATION, "", List.of("adapter", "outcome"), "Measure a model on data"),
    TIME("pruning.time", Kind.OBSERVATION, "", List.of("adapter", "outcome"), "Time original and pruned model"),
    SAVE("pruning.save", Kind.OBSERVATION, "", List.of("adapter", "outcome"), "Put results into their places"),
    FAILURES(
            "pruning.failures", Kind.COUNTER, "", List.of("adapter", "reason"), "Runs that failed, by kind of failure"),
    VERIFICATIONS(
            "pruning.verifications", Kind.COUNTER, "", List.of("adapter", "outcome"), "Proofs, by how they ended"),
    GROUPS_SCORED(
            "pruning.groups.scored", Kind.COUNTER, "", List.of("adapter", "criterion"), "Groups that were scored"),
    CHANNELS_REMOVED(
            "pruning.channels.removed",
            Kind.COUNTER,
            "",
            List.of("adapter"),
            "Coupled channels removed by finished runs"),
    PARAMETERS_REMOVED(
            "pruning.parameters.removed", Kind.COUNTER, "", List.of("adapter"), "Parameters removed by finished runs"),
    MACS_REMOVED(
            "pruning.macs.removed",
            Kind.COUNTER,
            "",
            List.of("adapter"),
            "Multiply-accumulates of one example removed by finished runs"),
    MODEL_PARAMETERS(
            "pruning.model.parameters", Kind.GAUGE, "", List.of("stage"), "Parameters in the run that finished last"),
    MODEL_MACS(
            "pruning.model.macs",
            Kind.GAUGE,
            "",
            List.of("stage"),
            "Multiply-accumulates of one example in the run that finished last"),
    MODEL_SIZE("pruning.model.size", Kind.GAUGE, "bytes", List.of("stage"), "Bytes of the model file, likewise"),
    MODEL_LATENCY(
            "pruning.model.latency",
            Kind.GAUGE,
            "seconds",
            List.of("stage"),
            "Median latency in the run that timed last"),
    ACCURACY(
            "pruning.accuracy",
            Kind.GAUGE,
            "ratio",
            List.of("stage"),
            "Share of examples that were right, 0 to 1, in the evaluation heard last"),
    LOSS("pruning.training.loss", Kind.GAUGE, "", List.of(), "Loss in the training heard last"),
    SPARSITY(
            "pruning.sparsity",
            Kind.GAUGE,
            "ratio",
            List.of(),
            "Share of parameters the run that finished last removed"),
    EVENTS("pruning.events.emitted", Kind.COUNTER, "", List.of("event.type"), "Events of runs that were heard"),
    EVENTS_FAILED(
            "pruning.events.failed",
            Kind.COUNTER,
            "",
            List.of("reason"),
            "Events that did not arrive or cannot be read"),
    EVENTS_LAG(
            "pruning.events.lag",
            Kind.GAUGE,
            "",
            List.of(),
            "Events heard from the run that Kafka has not acknowledged; 0 without forwarding"),
    PLUGINS("pruning.plugins", Kind.GAUGE, "", List.of("state"), "Plug-ins of this process"),
    PLUGIN_FAILURES(
            "pruning.plugin.failures",
            Kind.COUNTER,
            "",
            List.of("plugin", "kind"),
            "Plug-ins, or extensions of them, that are not used");

    /** What a meter measures. */
    public enum Kind {
        /** An observation; seen in meters as a timer. */
        OBSERVATION("timer"),
        LONG_TASK("long task timer"),
        COUNTER("counter"),
        GAUGE("gauge");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        /** The kind in Micrometer's words. */
        public String words() {
            return words;
        }
    }

    private final String meterName;
    private final Kind kind;
    private final String unit;
    private final List<String> tags;
    private final String description;

    PruningMeter(String meterName, Kind kind, String unit, List<String> tags, String description) {
        this.meterName = meterName;
        this.kind = kind;
        this.unit = unit;
        this.tags = tags;
        this.description = description;
    }

    /** Name in Micrometer, lower case with dots. */
    public String meterName() {
        return meterName;
    }

    /** What it measures. */
    public Kind kind() {
        return kind;
    }

    /** Base unit; empty when the name says it, and for timers, whose unit the registry chooses. */
    public String unit() {
        return unit;
    }

    /** Names of all its tags; each series has all of them. */
    public List<String> tags() {
        return tags;
    }

    /** One line for people. */
    public String description() {
        return description;
    }
}
