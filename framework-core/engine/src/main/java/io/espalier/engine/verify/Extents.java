package io.espalier.engine.verify;

import io.espalier.graph.operator.Operators;
import io.espalier.graph.shape.Shapes;
import io.espalier.graph.symbol.Dim;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Numbers for symbolic extents of inputs: pairwise distinct, batches of at least two, images of a usual size. */
final class Extents {

    /** How many assignments are tried, as long as the model accepts them. */
    static final int ASSIGNMENTS = 2;

    /** Elements of all inputs of one assignment: larger ones take memory and show nothing that smaller ones do not. */
    private static final long LARGEST = 1L << 24;

    private static final long[] BATCH = {2, 3};
    private static final long[][] IMAGE = {{64, 96}, {96, 64}, {48, 160}, {48, 96}, {32, 128}, {224, 256}, {512, 640}};
    private static final long[] OTHER = {7, 9, 11, 13, 17, 19, 12, 10, 8, 14, 16, 18};

    /** Windows of sound, for networks that take nothing shorter. */
    private static final long[] SOUND = {512, 576, 256, 288, 1536, 4000};

    private Extents() {}

    /**
     * Assignments to try, best first: networks often accept only some image sizes. Those that agree with what operators
     * demand of them are followed by those that do not, for the demands may be stricter than a runtime is.
     */
    static List<Map<String, Long>> candidates(
            Graph graph, Shapes shapes, Operators operators, Map<String, Long> fixed) {
        AgreeingSizes agreeing = new AgreeingSizes(SizeDemands.of(graph, shapes, operators), fixed.keySet());
        List<Map<String, Long>> usual = usual(graph, shapes, fixed);
        List<Map<String, Long>> assignments = new ArrayList<>();
        usual.forEach(each -> add(assignments, agreeing.near(each)));
        usual.forEach(each -> add(assignments, each));
        Map<Map<String, Long>, Long> elements = new HashMap<>();
        assignments.forEach(each -> elements.put(each, elements(graph, shapes, each)));
        long smallest = elements.values().stream().mapToLong(each -> each).min().orElse(0);
        assignments.removeIf(each -> elements.get(each) > Math.max(smallest, LARGEST));
        return assignments;
    }

    /** Elements of all inputs. */
    private static long elements(Graph graph, Shapes shapes, Map<String, Long> assignment) {
        double elements = 0;
        for (String input : graph.inputs().keySet()) {
            elements += shapes.require(input).stream()
                    .mapToDouble(extent -> extent.evaluate(assignment))
                    .reduce(1, (a, b) -> a * b);
        }
        return (long) elements;
    }

    private static List<Map<String, Long>> usual(Graph graph, Shapes shapes, Map<String, Long> fixed) {
        List<Map<String, Long>> assignments = new ArrayList<>();
        for (int which = 0; which < IMAGE.length; which++) {
            add(assignments, assign(graph, shapes, fixed, which, OptionalLong.empty()));
        }
        for (int which = 0; which < SOUND.length; which++) {
            add(assignments, assign(graph, shapes, fixed, which, OptionalLong.of(SOUND[which])));
        }
        for (Map<String, Long> assignment : List.copyOf(assignments)) {
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
            Graph graph,
            Shapes shapes,
            Operators operators,
            Map<String, Long> fixed,
            Optional<Map<String, Tensor>> data) {
        List<Map<String, Long>> candidates = candidates(graph, shapes, operators, fixed);
        List<Map<String, Long>> tried =
                new ArrayList<>(candidates.subList(0, Math.min(ASSIGNMENTS, candidates.size())));
        data.ifPresent(inputs -> tried.add(of(inputs, shapes, candidates.get(0))));
        return tried;
    }

    /**
     * The extents of given inputs.
     *
     * @param others extents of what is not given
     */
    static Map<String, Long> of(Map<String, Tensor> inputs, Shapes shapes, Map<String, Long> others) {
        Map<String, Long> found = new LinkedHashMap<>(others);
        inputs.forEach((input, tensor) -> read(shapes.require(input), tensor.shape(), found));
        return found;
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
