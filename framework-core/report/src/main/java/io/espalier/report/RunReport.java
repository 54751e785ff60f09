package io.espalier.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.events.v1.PruningEvent;
import io.espalier.monitor.SavedPage;
import io.espalier.monitor.SavedRuns;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** A report of one run, or of several side by side. Immutable. */
public final class RunReport {

    private final List<ObjectNode> runs;
    private final List<TradeOffCurve> peers;

    private RunReport(List<ObjectNode> runs, List<TradeOffCurve> peers) {
        this.runs = List.copyOf(runs);
        this.peers = List.copyOf(peers);
    }

    /**
     * Reads what runs left beside their models.
     *
     * @param files of each run its model, or a file beside it
     * @throws IOException when a run has no journal or something cannot be read; with a sentence for people
     */
    public static RunReport read(List<Path> files) throws IOException {
        List<ObjectNode> runs = new ArrayList<>();
        Set<String> known = new HashSet<>();
        for (Path file : files) {
            RunFiles run = RunFiles.read(file);
            for (ObjectNode each : shown(run.events())) {
                if (known.add(each.get("id").textValue())) {
                    run.report()
                            .filter(report -> report.path("runId").equals(each.get("id")))
                            .ifPresent(report -> each.set("report", report));
                    run.search().ifPresent(search -> each.set("search", search));
                    runs.add(each);
                }
            }
        }
        return new RunReport(runs, List.of());
    }

    /**
     * This report with models of other tools beside the runs.
     *
     * @param points a text file: the line {@code tool macs parameters accuracy}, then one for each model, separated by tabs; the last three
     *     are shares from 0 to 1
     * @throws IOException when a line cannot be read; with a sentence for people
     */
    public RunReport beside(Path points) throws IOException {
        List<TradeOffCurve> more = new ArrayList<>(peers);
        more.addAll(PointsFile.read(points));
        return new RunReport(runs, more);
    }

    private List<TradeOffCurve> curves() {
        return runs.size() + peers.size() < 2 ? List.of() : RunCurves.of(runs, peers);
    }

    private static List<ObjectNode> shown(List<PruningEvent> events) {
        SavedRuns shown = new SavedRuns();
        events.forEach(shown::accept);
        return shown.all();
    }

    /** One page that needs no server and no network. */
    public String html() {
        return SavedPage.html(runs, curves().stream().map(CurveJson::of).toList());
    }

    /**
     * The report as Markdown.
     *
     * @param shown the figures that it refers to
     * @param place where each of them is found from the place of the text
     */
    public String markdown(List<Figure> shown, Function<Figure, String> place) {
        return new MarkdownReport(runs, curves(), shown, place).text();
    }

    /** The figures: of each run those that it has something to show for, and one of all. */
    public List<Figure> figures() {
        return Figures.of(runs, curves());
    }
}
