package io.espalier.api;

import io.espalier.engine.run.SensitivityReport;
import io.espalier.engine.run.SensitivityRun;
import io.espalier.spi.Stability;
import java.util.List;
import java.util.Optional;

/**
 * What it costs to cut each group of coupled channels alone, with the cut that a run would make.
 *
 * @param original what the original costs
 * @param evaluation what the metric says of the original
 * @param compensator what repaired weights after each cut, when something did
 * @param groups the groups in the order of the graph
 * @param notes sentences for people
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.3.0")
public record Sensitivity(
        Cost original,
        Evaluation evaluation,
        Optional<String> compensator,
        List<GroupCuts> groups,
        List<String> notes) {

    public Sensitivity {
        groups = List.copyOf(groups);
        notes = List.copyOf(notes);
    }

    /**
     * A group, cut alone.
     *
     * @param name its name, as in plans
     * @param layer the best name of a layer that computes its channels
     * @param channels number of its coupled channels
     * @param cuts those that can be made; where every way is measured, those of one share follow each other
     */
    public record GroupCuts(String name, String layer, int channels, List<OneCut> cuts) {
        public GroupCuts {
            cuts = List.copyOf(cuts);
        }

        /** The cuts that a run would make, one a share. */
        public List<OneCut> taken() {
            return cuts.stream().filter(OneCut::isTaken).toList();
        }
    }

    /** Which ways to choose channels are measured, where the settings have several: a recipe for calibration data has. */
    public enum Ways {
        /**
         * The one that a run would take: it tries them all and takes the one whose outputs for calibration examples deviate least from those
         * of the original. Without calibration data, the first.
         */
        BEST,
        /** Each of them. */
        EACH,
        /** The first: nothing is compared, in a fraction of the time. */
        FIRST;

        SensitivityRun.Ways engine() {
            return SensitivityRun.Ways.valueOf(name());
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
    public record OneCut(int share, int kept, Cost cost, double value, String way, boolean isTaken) {}

    static Sensitivity of(SensitivityReport report) {
        return new Sensitivity(
                Cost.of(report.original()),
                Evaluation.of(report.evaluation()),
                report.compensator(),
                report.groups().stream()
                        .map(group -> new GroupCuts(
                                group.name(),
                                group.layer(),
                                group.channels(),
                                group.cuts().stream()
                                        .map(cut -> new OneCut(
                                                cut.share(),
                                                cut.kept(),
                                                Cost.of(cut.cost()),
                                                cut.value(),
                                                cut.way(),
                                                cut.isTaken()))
                                        .toList()))
                        .toList(),
                report.notes());
    }
}
