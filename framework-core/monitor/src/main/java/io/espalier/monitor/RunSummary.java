package io.espalier.monitor;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Timestamp;
import io.espalier.events.Evaluations;
import io.espalier.events.v1.Cost;
import io.espalier.events.v1.Evaluated;
import io.espalier.events.v1.FailureKind;
import io.espalier.events.v1.LatencyMeasured;
import io.espalier.events.v1.PruningEvent;
import io.espalier.events.v1.Resources;
import io.espalier.events.v1.RunFailed;
import io.espalier.events.v1.RunStarted;
import io.espalier.events.v1.Setting;
import io.espalier.events.v1.VerificationOutcome;
import io.espalier.events.v1.Verified;
import io.espalier.events.v1.Work;
import java.util.Set;

/**
 * What the list of runs shows of one run, as JSON that is brought up to date by every event. Of a size that does not
 * depend on the model: texts are cut. Not thread-safe.
 */
final class RunSummary {

    /** Options of a run that its entry in the list shows, before the run itself reports what it chose. */
    private static final Set<String> SETTINGS = Set.of("target", "criterion", "allocator", "repair");

    private final ObjectNode json = JsonNodeFactory.instance.objectNode();
    private final EpochCount epochs = new EpochCount(json);

    RunSummary(String id, Timestamp first) {
        json.put("id", Words.cut(id));
        json.put("state", "running");
        json.put("started", Words.millis(first));
    }

    ObjectNode json() {
        return json;
    }

    long started() {
        return json.get("started").longValue();
    }

    void take(PruningEvent event) {
        // Never back: events that come from two places may come in any order.
        json.put("heard", Math.max(json.path("heard").longValue(), Words.millis(event.getTime())));
        switch (event.getPayloadCase()) {
            case RUN_STARTED -> started(event.getRunStarted());
            case WORK_STARTED -> {
                json.put("work", Words.of(event.getWorkStarted().getWork(), "WORK_"));
                json.put("step", event.getWorkStarted().getStep());
                json.remove("progress");
                if (event.getWorkStarted().getWork() == Work.WORK_TRAIN) {
                    epochs.trains(event.getTime());
                }
            }
            case PROGRESS_REPORTED -> {
                ObjectNode progress = json.putObject("progress");
                progress.put("phase", Words.cut(event.getProgressReported().getPhase()));
                progress.put("done", event.getProgressReported().getDone());
                progress.put("total", event.getProgressReported().getTotal());
                progress.put(
                        "within",
                        Words.cut(String.join(", ", event.getProgressReported().getWithinList())));
                resources(event.getProgressReported().getResources());
            }
            case MODEL_LIFTED -> cost("original", event.getModelLifted().getCost());
            case GROUPS_FOUND -> {
                json.put("groups", event.getGroupsFound().getGroupsTotal());
                json.put("barriers", event.getGroupsFound().getBarriersTotal());
            }
            case SCORED -> json.put("criterion", Words.cut(event.getScored().getCriterion()));
            case PLANNED -> {
                json.put("target", Words.cut(event.getPlanned().getTarget()));
                json.put("allocator", Words.cut(event.getPlanned().getAllocator()));
                json.put("kept", event.getPlanned().getChannelsKept());
                json.put("channels", event.getPlanned().getChannelsTotal());
                cost("original", event.getPlanned().getOriginal());
                cost("pruned", event.getPlanned().getPredicted());
            }
            case VERIFIED -> verified(event.getVerified());
            case EVALUATED -> evaluated(event.getEvaluated());
            case LATENCY_MEASURED -> timed(event.getLatencyMeasured());
            case LOSS_REPORTED -> {
                ObjectNode loss = json.putObject("loss");
                loss.put("step", event.getLossReported().getStep());
                loss.put("epoch", event.getLossReported().getEpoch());
                loss.put("value", finite(event.getLossReported().getLoss()));
            }
            case EPOCH_ENDED -> epochs.take(event.getEpochEnded(), event.getTime());
            case RUN_FINISHED -> {
                ended("finished");
                json.put("elapsed", Words.millis(event.getRunFinished().getElapsed()));
                resources(event.getRunFinished().getResources());
                cost("original", event.getRunFinished().getOriginal());
                cost("pruned", event.getRunFinished().getPruned());
                verdict(event.getRunFinished().getVerification());
            }
            case RUN_FAILED -> failed(event.getRunFailed());
            default -> {
                // Seen in the details of the run.
            }
        }
    }

    private void started(RunStarted started) {
        json.put("command", Words.cut(started.getCommand()));
        json.put("tool", Words.cut(started.getToolVersion()));
        json.put("model", Words.cut(started.getInput().getPath()));
        json.put("adapter", Words.cut(started.getFramework()));
        for (Setting option : started.getOptionsList()) {
            if (SETTINGS.contains(option.getName()) && !option.getValue().isEmpty()) {
                json.put(option.getName(), Words.cut(option.getValue()));
            }
        }
    }

    private void cost(String name, Cost cost) {
        ObjectNode node = json.putObject(name);
        node.put("parameters", cost.getParameters());
        node.put("macs", cost.getMacs());
        node.put("bytes", cost.getBytes());
    }

    private void verified(Verified verified) {
        ObjectNode node = json.putObject("verification");
        node.put("outcome", Words.of(verified.getOutcome(), "VERIFICATION_OUTCOME_"));
        node.put("difference", finite(verified.getMaxRelativeDifference()));
        node.put("tolerance", finite(verified.getTolerance()));
        node.put("inputs", verified.getInputsTried());
        node.put("reason", Words.cut(verified.getReason()));
    }

    /** Of a run whose verification was not heard of; a run that only made a plan has none. */
    private void verdict(VerificationOutcome outcome) {
        if (!json.has("verification") && outcome != VerificationOutcome.VERIFICATION_OUTCOME_UNSPECIFIED) {
            json.putObject("verification").put("outcome", Words.of(outcome, "VERIFICATION_OUTCOME_"));
        }
    }

    private void evaluated(Evaluated evaluated) {
        boolean accuracy = Evaluations.isAccuracy(evaluated);
        ObjectNode node = json.withObjectProperty(accuracy ? "accuracy" : "metric");
        node.put(Words.of(evaluated.getStage(), "EVALUATION_STAGE_"), finite(Evaluations.value(evaluated)));
        node.put("examples", evaluated.getExamples());
        if (!accuracy) {
            node.put("name", Words.cut(evaluated.getMetric()));
            node.put("share", Evaluations.isShare(evaluated));
            node.put("higherIsBetter", evaluated.getHigherIsBetter());
        }
    }

    private void timed(LatencyMeasured latency) {
        ObjectNode node = json.putObject("latency");
        node.put("original", latency.getOriginalMedianNanos());
        node.put("pruned", latency.getPrunedMedianNanos());
        if (latency.getHighRatio() > 0) {
            node.put("lowRatio", latency.getLowRatio());
            node.put("highRatio", latency.getHighRatio());
        }
    }

    private void resources(Resources resources) {
        if (resources.getHeapUsedBytes() > 0) {
            ObjectNode node = json.putObject("resources");
            node.put("heap", resources.getHeapUsedBytes());
            node.put("heapLimit", resources.getHeapLimitBytes());
            node.put("processor", Words.millis(resources.getProcessorTime()));
        }
    }

    private void failed(RunFailed failed) {
        ended(failed.getKind() == FailureKind.FAILURE_KIND_CANCELLED ? "cancelled" : "failed");
        json.put("elapsed", Words.millis(failed.getElapsed()));
        ObjectNode node = json.putObject("failure");
        node.put("kind", Words.of(failed.getKind(), "FAILURE_KIND_"));
        node.put("message", Words.cut(failed.getMessage()));
    }

    private void ended(String state) {
        json.put("state", state);
        json.remove("progress");
    }

    /** JSON has no NaN. */
    static Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }
}
