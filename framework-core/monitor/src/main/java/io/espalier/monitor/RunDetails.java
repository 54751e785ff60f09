package io.espalier.monitor;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.events.Evaluations;
import io.espalier.events.v1.EpochEnded;
import io.espalier.events.v1.Evaluated;
import io.espalier.events.v1.GroupsFound;
import io.espalier.events.v1.ModelLifted;
import io.espalier.events.v1.Planned;
import io.espalier.events.v1.PruningEvent;
import io.espalier.events.v1.RunFailed;
import io.espalier.events.v1.RunStarted;
import io.espalier.events.v1.Scored;
import io.espalier.events.v1.TrialEnded;
import java.util.LinkedHashMap;
import java.util.Map;

/** Adds to the summary of a run what its page shows. Not thread-safe. */
final class RunDetails {

    private static final int MAX_BARRIERS = 500;
    private static final int MAX_BUCKETS = 100;

    private final ObjectNode json;
    private final ArrayNode works;
    private final ArrayNode files;
    private final Map<String, ObjectNode> groups = new LinkedHashMap<>();
    private ObjectNode work;

    RunDetails(ObjectNode summary) {
        this.json = summary;
        this.works = json.putArray("works");
        this.files = json.putArray("files");
    }

    void take(PruningEvent event) {
        switch (event.getPayloadCase()) {
            case RUN_STARTED -> started(event.getRunStarted());
            case WORK_STARTED -> {
                endWork(event);
                work = works.addObject();
                work.put("name", Words.of(event.getWorkStarted().getWork(), "WORK_"));
                work.put("step", event.getWorkStarted().getStep());
                work.put("began", Words.millis(event.getTime()));
            }
            case MODEL_LIFTED -> lifted(event.getModelLifted());
            case GROUPS_FOUND -> found(event.getGroupsFound());
            case SCORED -> scored(event.getScored());
            case PLANNED -> planned(event.getPlanned());
            case OPERATED -> {
                json.put("parametersSliced", event.getOperated().getParametersSliced());
                json.put("elementsRemoved", event.getOperated().getElementsRemoved());
            }
            case REPAIRED -> {
                ObjectNode repair = json.putObject("repair");
                repair.put("compensator", Words.cut(event.getRepaired().getCompensator()));
                repair.put("parameters", event.getRepaired().getParametersChanged());
                repair.put("examples", event.getRepaired().getExamples());
            }
            case EPOCH_ENDED -> epoch(event.getEpochEnded());
            case TRIAL_ENDED -> trial(event.getTrialEnded());
            case SAVED -> {
                ObjectNode file = files.addObject();
                file.put("kind", Words.of(event.getSaved().getKind(), "SAVED_KIND_"));
                file.put("path", Words.cut(event.getSaved().getFile().getPath()));
                file.put("bytes", event.getSaved().getFile().getBytes());
                file.put("digest", Words.cut(event.getSaved().getFile().getDigest()));
            }
            case RUN_FINISHED -> endWork(event);
            case RUN_FAILED -> {
                endWork(event);
                failed(event.getRunFailed());
            }
            default -> {
                // In the summary already.
            }
        }
    }

    private void endWork(PruningEvent event) {
        if (work != null) {
            work.put("ended", Words.millis(event.getTime()));
        }
    }

    private void started(RunStarted started) {
        json.put("java", Words.cut(started.getJavaVersion()));
        json.put("os", Words.cut(started.getOsVersion()));
        json.put("seed", started.getSeed());
        json.put("digest", Words.cut(started.getInput().getDigest()));
        ObjectNode options = json.putObject("options");
        started.getOptionsList()
                .forEach(option -> options.put(Words.cut(option.getName()), Words.cut(option.getValue())));
        ObjectNode plugins = json.putObject("plugins");
        started.getPluginsList()
                .forEach(plugin -> plugins.put(Words.cut(plugin.getName()), Words.cut(plugin.getValue())));
    }

    private void lifted(ModelLifted lifted) {
        json.put("nodes", lifted.getNodes());
        ArrayNode unknown = json.putArray("unknownOperators");
        lifted.getUnknownOperatorsList().forEach(operator -> unknown.add(Words.cut(operator)));
    }

    private void found(GroupsFound found) {
        found.getGroupsList().forEach(group -> {
            ObjectNode row = group(group.getId(), group.getName());
            row.put("total", group.getCoupledChannels());
            row.put("prunable", group.getPrunableWidth());
        });
        ArrayNode barriers = json.putArray("barrierList");
        found.getBarriersList().stream().limit(MAX_BARRIERS).forEach(barrier -> {
            ObjectNode row = barriers.addObject();
            row.put("operator", Words.cut(barrier.getOperator()));
            row.put("value", Words.cut(barrier.getValue()));
            row.put("axis", barrier.getAxis());
            row.put("reason", Words.cut(barrier.getReason()));
        });
    }

    private void scored(Scored scored) {
        scored.getGroupsList().forEach(scores -> {
            ObjectNode node = group(scores.getGroup(), scores.getName()).putObject("scores");
            node.put("minimum", RunSummary.finite(scores.getMinimum()));
            node.put("mean", RunSummary.finite(scores.getMean()));
            node.put("maximum", RunSummary.finite(scores.getMaximum()));
            ArrayNode counts = node.putArray("counts");
            scores.getHistogram().getCountsList().stream().limit(MAX_BUCKETS).forEach(counts::add);
        });
    }

    private void planned(Planned planned) {
        planned.getGroupsList().forEach(plan -> {
            ObjectNode row = group(plan.getGroup(), plan.getName());
            row.put("kept", plan.getKept());
            row.put("total", plan.getTotal());
        });
    }

    private ObjectNode group(String id, String name) {
        return groups.computeIfAbsent(id, each -> {
            ObjectNode row = json.objectNode();
            row.put("id", Words.cut(id));
            row.put("name", Words.cut(name));
            return row;
        });
    }

    private void epoch(EpochEnded epoch) {
        ObjectNode row = json.withArrayProperty("epochs").addObject();
        row.put("number", epoch.getEpoch());
        row.put("loss", RunSummary.finite(epoch.getLoss()));
        row.put("rate", RunSummary.finite(epoch.getLearningRate()));
        if (epoch.hasTraining()) {
            measured(row.putObject("training"), epoch.getTraining());
        }
        if (epoch.hasValidation()) {
            measured(row.putObject("validation"), epoch.getValidation());
        }
    }

    private void trial(TrialEnded trial) {
        ObjectNode row = json.withArrayProperty("trials").addObject();
        row.put("number", trial.getNumber());
        row.put("most", trial.getMost());
        row.put("target", Words.cut(trial.getTarget()));
        row.put("reached", trial.getReached());
        if (trial.getReached()) {
            row.put("macs", trial.getCost().getMacs());
            row.put("parameters", trial.getCost().getParameters());
            row.put("keeps", trial.getKeeps());
        }
        if (!trial.getMetric().isEmpty()) {
            row.put("metric", Words.cut(trial.getMetric()));
            row.put("value", RunSummary.finite(trial.getValue()));
        }
        if (!trial.getWay().isEmpty()) {
            row.put("way", Words.cut(trial.getWay()));
        }
        if (trial.hasLatency()) {
            ObjectNode latency = row.putObject("latency");
            latency.put("original", trial.getLatency().getOriginalNanos());
            latency.put("predicted", trial.getLatency().getPredictedNanos());
            latency.put("measured", trial.getLatency().getMeasuredNanos());
        }
    }

    private static void measured(ObjectNode node, Evaluated evaluated) {
        node.put("value", RunSummary.finite(Evaluations.value(evaluated)));
        node.put("share", Evaluations.isShare(evaluated));
        node.put("name", Evaluations.isAccuracy(evaluated) ? "accuracy" : Words.cut(evaluated.getMetric()));
    }

    private void failed(RunFailed failed) {
        ArrayNode causes = json.putArray("causes");
        failed.getCausesList().forEach(cause -> {
            ObjectNode row = causes.addObject();
            row.put("type", Words.cut(cause.getType()));
            row.put("message", Words.cut(cause.getMessage()));
        });
    }

    ObjectNode json() {
        json.putArray("groupList").addAll(groups.values());
        return json;
    }
}
