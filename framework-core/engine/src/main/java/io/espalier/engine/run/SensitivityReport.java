package io.espalier.engine.run;

import io.espalier.engine.evaluate.Evaluation;
import io.espalier.graph.cost.Cost;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What it costs to cut each group of coupled channels alone.
 *
 * @param model the model file
 * @param original what the original costs
 * @param evaluation what the metric says of the original
 * @param compensator what repaired weights after each cut, when something did
 * @param groups the groups in the order of the graph
 * @param notes sentences for people
 */
public record SensitivityReport(
        Path model,
        Cost original,
        Evaluation evaluation,
        Optional<String> compensator,
        List<GroupCuts> groups,
        List<String> notes) {

    public SensitivityReport {
        groups = List.copyOf(groups);
        notes = List.copyOf(notes);
    }

    /**
     * A group, cut alone.
     *
     * @param name its name, as in plans
     * @param layer the best name of a layer that computes its channels
     * @param channels number of its coupled channels
     * @param cuts those that can be made, in the order they were asked for; where every way is measured, those of one share follow each other
     */
    public record GroupCuts(String name, String layer, int channels, List<Cut> cuts) {
        public GroupCuts {
            cuts = List.copyOf(cuts);
        }
    }

    /**
     * One cut of a group.
     *
     * @param share what was to remain of the group, in percent
     * @param kept coupled channels that remain
     * @param cost what the model costs then
     * @param value what the metric says then
     * @param way how the channels were chosen, as criterion, aggregation, normalisation and allocator
     * @param isTaken whether a run would choose them so
     */
    public record Cut(int share, int kept, Cost cost, double value, String way, boolean isTaken) {}
}
