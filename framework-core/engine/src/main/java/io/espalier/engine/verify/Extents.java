package io.espalier.engine.verify;

import io.espalier.engine.shape.Dim;
import io.espalier.engine.shape.Shapes;
import io.espalier.spi.graph.Graph;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Numbers for symbolic extents of inputs: pairwise distinct, batches of at least two, images of a usual size. */
final class Extents {

    private static final long[] BATCH = {2, 3};
    private static final long[][] IMAGE = {{64, 96}, {96, 64}, {48, 160}, {48, 96}, {32, 128}, {224, 256}, {512, 640}};
    private static final long[] OTHER = {7, 9, 11, 13, 17, 19, 12, 10, 8, 14, 16, 18};

    private Extents() {}

    /** Assignments to try, best first: networks often accept only some image sizes. */
    static List<Map<String, Long>> candidates(Graph graph, Shapes shapes, Map<String, Long> fixed) {
        List<Map<String, Long>> assignments = new ArrayList<>();
        for (int which = 0; which < IMAGE.length; which++) {
            Map<String, Long> assignment = assign(graph, shapes, fixed, which);
            if (!assignments.contains(assignment)) {
                assignments.add(assignment);
            }
        }
        return assignments;
    }

    private static Map<String, Long> assign(Graph graph, Shapes shapes, Map<String, Long> fixed, int which) {
        Map<String, Long> assignment = new LinkedHashMap<>(fixed);
        int images = 0;
        int others = 0;
        for (String input : graph.inputs().keySet()) {
            List<Dim> shape = shapes.require(input);
            for (int axis = 0; axis < shape.size(); axis++) {
                for (String symbol : shape.get(axis).symbols()) {
                    if (assignment.containsKey(symbol)) {
                        continue;
                    }
                    boolean image = shape.size() >= 4 && axis >= 2;
                    long extent = axis == 0
                            ? BATCH[which % BATCH.length]
                            : image ? IMAGE[which][images++ % 2] : OTHER[(6 * (which % 2) + others++) % OTHER.length];
                    assignment.put(symbol, extent);
                }
            }
        }
        return assignment;
    }
}
