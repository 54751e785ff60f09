package io.espalier.engine.evidence;

import io.espalier.engine.coupling.label.AppliedNotation;
import io.espalier.engine.coupling.label.AppliedNotation.AppliedOperand;
import io.espalier.engine.coupling.label.AxisFactor;
import io.espalier.engine.coupling.label.LabelMap;
import io.espalier.engine.coupling.label.Layout;
import io.espalier.engine.coupling.label.SliceMap;
import io.espalier.engine.recover.AllPositions;
import io.espalier.engine.recover.HeldArrays;
import io.espalier.engine.recover.RefittedFile;
import io.espalier.engine.recover.SequentialRefit;
import io.espalier.graph.operator.NodeView;
import io.espalier.graph.operator.Operators;
import io.espalier.graph.operator.WeightMatrix;
import io.espalier.graph.shape.Shapes;
import io.espalier.spi.compensator.KeptPositions;
import io.espalier.spi.compensator.Moments;
import io.espalier.spi.compensator.RefitSettings;
import io.espalier.spi.compensator.WeightFit;
import io.espalier.spi.criterion.ChannelGroup;
import io.espalier.spi.criterion.GroupEvidence;
import io.espalier.spi.criterion.WeightInputs;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Measures what is multiplied with each weight that reads channels, as a recovery of the uncut graph would. Used once. */
final class WeightInputSweep {

    /** Positions of each example that moments are summed over, at most. */
    private static final int POSITIONS = 128;

    private final SweepContext context;
    private final Graph graph;
    private final Operators operators;
    private final Shapes shapes;
    private final Map<String, Node> nodes = new HashMap<>();
    private final List<Measured> measured = new ArrayList<>();
    private final HeldArrays held = new HeldArrays();

    /**
     * A weight that reads channels.
     *
     * @param gram number of its products of inputs among the arrays that are held
     * @param classes the class that each input belongs to, -1 where it cannot be removed
     */
    private record Measured(WeightFit fit, int gram, int[] classes) {}

    WeightInputSweep(SweepContext context) {
        this.context = context;
        this.graph = context.graph();
        this.operators = context.coupling().operators();
        this.shapes = operators.infer(graph);
        graph.nodes().forEach(node -> nodes.put(node.id(), node));
    }

    GroupEvidence<WeightInputs> run() {
        KeptPositions all = new AllPositions(shapes);
        try (SequentialRefit walk = new SequentialRefit(
                graph,
                graph,
                all,
                context.data(),
                operators,
                context.executor(),
                new NamedProgress(context.run(), "measuring inputs of weights"),
                RefitSettings.ofRows(POSITIONS),
                Optional.empty(),
                RefittedFile.NONE,
                context.threads())) {
            walk.edits(fit -> {
                collect(fit);
                return List.of();
            });
        }
        return new HeldInputs();
    }

    /** What was measured, until it is closed. */
    private final class HeldInputs implements GroupEvidence<WeightInputs>, HeldEvidence {

        @Override
        public List<WeightInputs> of(ChannelGroup group) {
            return measured.stream()
                    .flatMap(each -> inputs(each, group).stream())
                    .toList();
        }

        @Override
        public void close() {
            held.close();
        }
    }

    private void collect(WeightFit fit) {
        Node node = nodes.get(fit.node());
        AppliedNotation applied = context.coupling().graph().applied().get(fit.node());
        if (node == null || applied == null) {
            return;
        }
        NodeView view = new NodeView(node, shapes);
        for (AppliedOperand operand : applied.operands()) {
            Optional<WeightMatrix> matrix = operand.isFixed()
                    ? operators
                            .of(node)
                            .flatMap(each -> WeightMatrix.of(each, view, operand.slot(), shape(operand.layout())))
                    : Optional.empty();
            if (matrix.isPresent()) {
                List<int[]> all = classes(operand, applied, matrix.get(), fit.moments());
                if (!all.isEmpty()) {
                    int gram = held.put(fit.moments().gram());
                    all.forEach(classes -> measured.add(new Measured(withSumsOnly(fit), gram, classes)));
                }
                return;
            }
        }
    }

    private static List<Long> shape(Layout layout) {
        return layout.axes().stream().map(axis -> (long) AxisFactor.count(axis)).toList();
    }

    /** For each labelled index that is contracted, the class of each input. */
    private List<int[]> classes(AppliedOperand operand, AppliedNotation applied, WeightMatrix matrix, Moments moments) {
        List<int[]> found = new ArrayList<>();
        for (LabelMap map : operand.layout().maps()) {
            if (isContracted(map, operand, applied)) {
                double[] arranged = matrix.matrix(
                        Tensors.fromDoubles(DataType.FLOAT64, shape(operand.layout()), classes(operand.layout(), map)));
                int[] classes = new int[moments.groups() * moments.inputs()];
                for (int i = 0; i < classes.length; i++) {
                    int group = i / moments.inputs();
                    classes[i] = (int) arranged[group * moments.outputs() * moments.inputs() + i % moments.inputs()];
                }
                if (Arrays.stream(classes).anyMatch(each -> each >= 0)) {
                    found.add(classes);
                }
            }
        }
        return found;
    }

    private static boolean isContracted(LabelMap map, AppliedOperand operand, AppliedNotation applied) {
        AxisFactor innermost = map.factors().get(map.factors().size() - 1);
        return operand.letters().entrySet().stream()
                .anyMatch(entry -> entry.getValue().contains(innermost)
                        && !applied.notation()
                                .outputLetters()
                                .contains(entry.getKey().name()));
    }

    /** The class of each element, -1 where it cannot be removed. */
    private double[] classes(Layout layout, LabelMap map) {
        SliceMap slices = SliceMap.of(layout, map);
        int[] numbers = {0};
        for (int[] table : slices.tables()) {
            int[] outer = numbers;
            numbers = IntStream.range(0, outer.length * table.length)
                    .map(i -> outer[i / table.length] + table[i % table.length])
                    .toArray();
        }
        return Arrays.stream(numbers)
                .mapToDouble(slice -> removable(map.labels()[slice]))
                .toArray();
    }

    private int removable(int label) {
        int number = context.coupling().classes().of(label);
        return number >= 0 && context.coupling().classes().frozen(number).isEmpty() ? number : -1;
    }

    /** Targets are of no interest, and products of inputs are held elsewhere. */
    private static WeightFit withSumsOnly(WeightFit fit) {
        Moments all = fit.moments();
        double[] none = new double[0];
        Moments inputs = new Moments(
                all.groups(), all.inputs(), all.outputs(), all.samples(), none, none, all.inputSums(), none, none);
        return new WeightFit(fit.node(), fit.weight(), fit.now(), fit.hasBias(), inputs);
    }

    private Optional<WeightInputs> inputs(Measured each, ChannelGroup group) {
        Map<Integer, Integer> channels = new HashMap<>();
        int[] numbers = ((ClassedGroup) group).classes();
        for (int channel = 0; channel < numbers.length; channel++) {
            channels.put(numbers[channel], channel);
        }
        int[] own = Arrays.stream(each.classes())
                .map(number -> channels.getOrDefault(number, -1))
                .toArray();
        Moments moments = each.fit().moments();
        return Arrays.stream(own).allMatch(channel -> channel < 0)
                ? Optional.empty()
                : Optional.of(new WeightInputs(
                        each.fit().node(),
                        each.fit().weight(),
                        moments.groups(),
                        moments.inputs(),
                        moments.outputs(),
                        own,
                        each.fit().now().weight(),
                        each.fit().hasBias(),
                        moments.samples(),
                        held.get(each.gram()),
                        moments.inputSums()));
    }
}
