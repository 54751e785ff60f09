package io.espalier.engine.verify;

import io.espalier.graph.shape.Shapes;
import io.espalier.graph.symbol.Dim;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Numbers for symbolic extents of inputs: pairwise distinct, batches of at least two, images of a usual size. */
final class Extents {

    /** How many assignments are tried, as long as the model accepts them. */
    static final int ASSIGNMENTS = 2;

    private static final long[] BATCH = {2, 3};
    private static final long[][] IMAGE = {{64, 96}, {96, 64}, {48, 160}, {48, 96}, {32, 128}, {224, 256}, {512, 640}};
    private static final long[] OTHER = {7, 9, 11, 13, 17, 19, 12, 10, 8, 14, 16, 18};

    /** Windows of sound, for networks that take nothing shorter. */
    private static final long[] SOUND = {512, 576, 256, 288, 1536, 4000};

    private Extents() {}

    /** Assignments to try, best first: networks often accept only some image sizes. */
    static List<Map<String, Long>> candidates(Graph graph, Shapes shapes, Map<String, Long> fixed) {
        List<Map<String, Long>> assignments = new ArrayList<>();
        for (int which = 0; which < IMAGE.length; which++) {
            add(assignments, assign(graph, shapes, fixed, which, OptionalLong.empty()));
        }
        for (int which = 0; which < SOUND.length; which++) {
            add(assignments, assign(graph, shapes, fixed, which, OptionalLong.of(SOUND[which])));
        }
        for (Map<String, Long> assignment :
                List.copyOf(assignments.subList(0, Math.min(ASSIGNMENTS, assignments.size())))) {
            add(assignments, withBatchOfOne(assignment, graph, shapes, fixed));
        }
        return assignments;
    }

    /** Some networks keep a state of one example, whatever they declare. */
    private static Map<String, Long> withBatchOfOne(
            Map<String, Long> assignment, Graph graph, Shapes shapes, Map<String, Long> fixed) {
        Map<String, Long> one = new LinkedHashMap<>(assignment);
        for (String input : graph.inputs().keySet()) {
            List<Dim> shape = shapes.require(input);
            if (!shape.isEmpty()) {
                shape.get(0).symbols().forEach(symbol -> one.put(symbol, fixed.getOrDefault(symbol, 1L)));
            }
        }
        return one;
    }

    /** The assignments that are tried first, and those that data of the user have. */
    static List<Map<String, Long>> tried(
            Graph graph, Shapes shapes, Map<String, Long> fixed, Optional<Map<String, Tensor>> data) {
        List<Map<String, Long>> candidates = candidates(graph, shapes, fixed);
        List<Map<String, Long>> tried =
                new ArrayList<>(candidates.subList(0, Math.min(ASSIGNMENTS, candidates.size())));
        data.ifPresent(inputs -> {
            Map<String, Long> found = new LinkedHashMap<>(candidates.get(0));
            inputs.forEach((input, tensor) -> read(shapes.require(input), tensor.shape(), found));
            tried.add(found);
        });
        return tried;
    }

    private static void read(List<Dim> shape, List<Long> extents, Map<String, Long> found) {
        for (int axis = 0; axis < Math.min(shape.size(), extents.size()); axis++) {
            for (String symbol : shape.get(axis).symbols()) {
                if (shape.get(axis).equals(Dim.symbol(symbol))) {
                    found.put(symbol, extents.get(axis));
                }
            }
        }
    }

    private static void add(List<Map<String, Long>> assignments, Map<String, Long> assignment) {
        if (!assignments.contains(assignment)) {
            assignments.add(assignment);
        }
    }

    /** Channels come second, unless the last axis, but no other behind the batch, is a number: then they come last. */
    private static boolean isImage(List<Dim> shape, int axis) {
        return shape.size() >= 4
                && (axis >= 2 || axis == 1 && shape.get(shape.size() - 1).isConstant());
    }

    /**
     * One assignment.
     *
     * @param sound length of a window of sound: then the second extent of a state, which exporters leave without a name,
     *     is the batch
     */
    private static Map<String, Long> assign(
            Graph graph, Shapes shapes, Map<String, Long> fixed, int which, OptionalLong sound) {
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
                    boolean image = isImage(shape, axis);
                    boolean batch = axis == 0 || sound.isPresent() && axis == 1 && shape.size() == 3;
                    long other = sound.orElse(OTHER[(6 * (which % 2) + others) % OTHER.length]);
                    others += batch || image ? 0 : 1;
                    long extent = batch
                            ? BATCH[which % BATCH.length]
                            : image ? IMAGE[which % IMAGE.length][images++ % 2] : other;
                    assignment.put(symbol, extent);
                }
            }
        }
        return assignment;
    }
}
