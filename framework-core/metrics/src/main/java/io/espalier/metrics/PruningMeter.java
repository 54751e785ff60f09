package io.espalier.metrics;

import java.util.List;

/**
 * Every meter, by its Micrometer name. The table in {@code docs/metrics.md} is generated from it.
 *
 * <p>Run ids, paths, and names of layers or tensors are never tags: they are high-cardinality key values of the
 * observations, which tracers see and meters do not.
 */
public enum PruningMeter {
    RUN("pruning.run", Kind.OBSERVATION, "", List.of("adapter", "criterion", "outcome"), "Duration of a run"),
    RUN_ACTIVE(
            "pruning.run.active",
            Kind.LONG_TASK,
            "",
            List.of("adapter"),
            "Runs in progress, and for how long; the clock starts when this process receives the first event of a run"),
    RUN_SILENT(
            "pruning.run.silent",
            Kind.GAUGE,
            "",
            List.of(),
            "Unfinished runs without an event for five minutes: killed runs, counted for a day, and runs in a long step"),
    STEP(
            "pruning.step",
            Kind.OBSERVATION,
            "",
            List.of("adapter", "outcome"),
            "Duration of a pruning step: plan, surgery, proof, measurements"),
    LIFT(
            "pruning.lift",
            Kind.OBSERVATION,
            "",
            List.of("adapter", "outcome"),
            "Opening a model file and lifting it to the neutral graph"),
    ANALYSE("pruning.analyse", Kind.OBSERVATION, "", List.of("adapter", "outcome"), "Coupling analysis"),
    SCORE("pruning.score", Kind.OBSERVATION, "", List.of("adapter", "outcome"), "Scoring of all channels"),
    PLAN("pruning.plan", Kind.OBSERVATION, "", List.of("adapter", "outcome"), "Making of the plan"),
    OPERATE(
            "pruning.operate",
            Kind.OBSERVATION,
            "",
            List.of("adapter", "outcome"),
            "Surgery: the plan applied to the graph"),
    VERIFY(
            "pruning.verify",
            Kind.OBSERVATION,
            "",
            List.of("adapter", "outcome"),
            "Writing of the pruned model, and the proof that it equals the masked original"),
    REPAIR(
            "pruning.repair",
            Kind.OBSERVATION,
            "",
            List.of("adapter", "outcome"),
            "Weight compensation without training"),
    EVALUATE("pruning.evaluate", Kind.OBSERVATION, "", List.of("adapter", "outcome"), "Evaluation of a model on data"),
    TIME(
            "pruning.time",
            Kind.OBSERVATION,
            "",
            List.of("adapter", "outcome"),
            "Latency measurement of the original and the pruned model"),
    SAVE(
            "pruning.save",
            Kind.OBSERVATION,
            "",
            List.of("adapter", "outcome"),
            "Moving of the results to their final paths"),
    FAILURES("pruning.failures", Kind.COUNTER, "", List.of("adapter", "reason"), "Failed runs"),
    VERIFICATIONS("pruning.verifications", Kind.COUNTER, "", List.of("adapter", "outcome"), "Proofs, by verdict"),
    GROUPS_SCORED("pruning.groups.scored", Kind.COUNTER, "", List.of("adapter", "criterion"), "Scored groups"),
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
            "pruning.model.parameters", Kind.GAUGE, "", List.of("stage"), "Parameters, in the run that finished last"),
    MODEL_MACS(
            "pruning.model.macs",
            Kind.GAUGE,
            "",
            List.of("stage"),
            "Multiply-accumulates of one example, in the run that finished last"),
    MODEL_SIZE(
            "pruning.model.size",
            Kind.GAUGE,
            "bytes",
            List.of("stage"),
            "Size of the model file, in the run that finished last"),
    MODEL_LATENCY(
            "pruning.model.latency",
            Kind.GAUGE,
            "seconds",
            List.of("stage"),
            "Median latency, in the run that measured it last"),
    ACCURACY(
            "pruning.accuracy",
            Kind.GAUGE,
            "ratio",
            List.of("stage"),
            "Share of correct predictions, 0 to 1, in the last evaluation received"),
    LOSS("pruning.training.loss", Kind.GAUGE, "", List.of(), "Loss, in the last training event received"),
    SPARSITY(
            "pruning.sparsity",
            Kind.GAUGE,
            "ratio",
            List.of(),
            "Share of parameters removed, in the run that finished last"),
    EVENTS("pruning.events.emitted", Kind.COUNTER, "", List.of("event.type"), "Events received"),
    EVENTS_FAILED(
            "pruning.events.failed",
            Kind.COUNTER,
            "",
            List.of("reason"),
            "Events that were not delivered or cannot be decoded"),
    EVENTS_LAG(
            "pruning.events.lag",
            Kind.GAUGE,
            "",
            List.of(),
            "Events of the run that Kafka has not acknowledged yet; 0 without forwarding"),
    READERS_DOWN(
            "pruning.readers.down",
            Kind.GAUGE,
            "",
            List.of(),
            "Readers of events that do not read at the moment although they should"),
    READERS_RESTARTS(
            "pruning.readers.restarts",
            Kind.COUNTER,
            "",
            List.of(),
            "How often a reader of events failed and was started again"),
    PLUGINS("pruning.plugins", Kind.GAUGE, "", List.of("state"), "Plug-ins of this process, by state"),
    PLUGIN_FAILURES(
            "pruning.plugin.failures",
            Kind.COUNTER,
            "",
            List.of("plugin", "kind"),
            "Plug-ins, or providers of a plug-in, that could not be loaded");

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
