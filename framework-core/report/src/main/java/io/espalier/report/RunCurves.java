package io.espalier.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Makes a curve of all runs that were asked for the same but for their targets. */
final class RunCurves {

    private static final String TOOL = "Espalier";

    private RunCurves() {}

    /**
     * Runs side by side, and beside other tools.
     *
     * @return no curve when there are not two points
     */
    static List<TradeOffCurve> of(List<? extends JsonNode> runs, List<TradeOffCurve> peers) {
        Map<Map<String, String>, List<JsonNode>> alike = new LinkedHashMap<>();
        for (JsonNode run : runs) {
            if (isSearch(run) || TradeOff.of(run).isPresent()) {
                alike.computeIfAbsent(settings(run), each -> new ArrayList<>()).add(run);
            }
        }
        CurveNames names = new CurveNames(List.copyOf(alike.keySet()));
        List<TradeOffCurve> curves = new ArrayList<>();
        alike.forEach((settings, members) ->
                curves.add(curve(TOOL + names.of(settings).map(": "::concat).orElse(""), members)));
        curves.addAll(peers);
        long points = curves.stream().mapToLong(each -> each.points().size()).sum();
        return points < 2 ? List.of() : curves;
    }

    private static TradeOffCurve curve(String name, List<JsonNode> runs) {
        JsonNode first = runs.get(0);
        if (isSearch(first)) {
            // Equal searches find equal curves.
            return TradeOffCurve.searched(name, first.path("search"));
        }
        String metric = first.has("accuracy")
                ? TradeOffCurve.ACCURACY
                : first.path("metric").path("name").asText();
        return new TradeOffCurve(
                name,
                metric,
                false,
                runs.stream().flatMap(run -> TradeOff.of(run).stream()).toList());
    }

    private static boolean isSearch(JsonNode run) {
        return !run.path("search").path("curve").isEmpty();
    }

    /** What runs of one curve have in common. */
    private static Map<String, String> settings(JsonNode run) {
        Map<String, String> settings = new TreeMap<>();
        run.path("options")
                .properties()
                .forEach(each -> settings.put(each.getKey(), each.getValue().asText()));
        settings.keySet().removeAll(CurveNames.ALIKE);
        settings.put(CurveNames.MODEL, run.path("model").asText());
        settings.put(CurveNames.TOOL, run.path("tool").asText());
        if (isSearch(run)) {
            settings.put(CurveNames.SEARCHED, run.path("search").path("goal").asText());
        }
        return settings;
    }
}
