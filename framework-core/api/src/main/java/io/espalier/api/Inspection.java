package io.espalier.api;

import io.espalier.engine.cost.RemovalCosts;
import io.espalier.engine.coupling.Analysis;
import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.coupling.channel.Blocked;
import io.espalier.engine.coupling.channel.CoupledChannel;
import io.espalier.engine.coupling.channel.Groups;
import io.espalier.engine.coupling.channel.Removal;
import io.espalier.engine.coupling.channel.UnitWidth;
import io.espalier.engine.coupling.explain.AxisExplainer;
import io.espalier.engine.depth.ResidualBlock;
import io.espalier.engine.depth.ResidualBlocks;
import io.espalier.engine.depth.Shortened;
import io.espalier.engine.layer.FileNames;
import io.espalier.engine.layer.Layers;
import io.espalier.engine.open.GivenInputs;
import io.espalier.graph.cost.CostModel;
import io.espalier.graph.shape.Shapes;
import io.espalier.spi.Budget;
import io.espalier.spi.Stability;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.operator.OperatorSemantics;
import io.espalier.spi.tensor.Tensors;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A model with what the analysis says about it: what can be pruned, what cannot and why, and what it costs. Holds the model
 * open until it is closed; what it returns is immutable and may be kept, and names values as the file does: what only the lift
 * has made, such as the scale of a quantised weight, is called by a value of the file near it. Thread-safe.
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
public final class Inspection implements AutoCloseable {

    private final Model model;
    private final Analysis analysis;
    private final CostModel costs;
    private final List<io.espalier.engine.coupling.channel.Group> groups;
    private final RemovalCosts removals;
    private final Layers layers;
    private final FileNames names;

    private Inspection(Model model, List<OperatorSemantics> taught, Budget budget, Map<String, Long> extents) {
        this.model = model;
        this.names = FileNames.of(model);
        this.analysis = names.naming(() -> Analysis.of(model, taught, budget));
        this.costs = CostModel.of(model.graph(), analysis.shapes(), coupling().operators(), extents);
        this.groups = Groups.of(coupling(), each -> 0);
        this.removals = RemovalCosts.of(costs, coupling());
        this.layers = Layers.of(model);
    }

    static Inspection of(Extensions extensions, Path file, Map<String, Long> extents, GivenInputs given) {
        return Failures.translated(() -> {
            Model model = extensions.open(file, given);
            try {
                return new Inspection(model, extensions.operators(), extensions.budget(), extents);
            } catch (RuntimeException | Error e) {
                model.close();
                throw e;
            }
        });
    }

    /**
     * Coupled channels that are ranked among each other.
     *
     * @param id number of the group, from 0, in the order of the graph
     * @param name name of the first weight that computes its channels, else of the first parameter it prunes
     * @param channels its coupled channels
     * @param parametersPerChannel parameters that are removed with one of its channels; what the first cut of the group
     *     adds once, such as the copies of a constant that its readers no longer share, is not counted
     * @param axes what loses positions
     * @param layer how the group is shown
     */
    @Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
    public record Group(
            int id, String name, int channels, long parametersPerChannel, List<CoupledAxis> axes, GroupLayer layer) {
        public Group {
            axes = List.copyOf(axes);
        }
    }

    /**
     * An input that was given a value.
     *
     * @param input its name
     * @param type its element type, as {@code FLOAT32}
     * @param shape its extents, outermost first
     * @param elements its elements in row-major order
     */
    @Stability(value = Stability.Level.EVOLVING, since = "0.2.0")
    public record Given(String input, String type, List<Long> shape, List<Double> elements) {
        public Given {
            shape = List.copyOf(shape);
            elements = List.copyOf(elements);
        }
    }

    /** SHA-256 of the model, external data included, in lower-case hexadecimal. */
    public String digest() {
        return model.digest();
    }

    /** Number of operators in the graph. */
    public int operators() {
        return model.graph().nodes().size();
    }

    /** What the model costs. */
    public Cost cost() {
        return new Cost(costs.total().parameters(), costs.total().macs(), model.byteSize());
    }

    /** The extents of symbolic axes that costs are computed with. */
    public Map<String, Long> extents() {
        return costs.symbols();
    }

    /** The inputs that were given values, in the order of the graph. */
    public List<Given> given() {
        return model.graph().given().entrySet().stream()
                .map(each -> new Given(
                        each.getKey(),
                        each.getValue().type().name(),
                        each.getValue().shape(),
                        Arrays.stream(Tensors.toDoubles(each.getValue()))
                                .boxed()
                                .toList()))
                .toList();
    }

    /** What can be removed. */
    public synchronized List<Group> groups() {
        return groups.stream()
                .map(group -> new Group(
                        group.id(),
                        names.of(group.name()),
                        group.channels().size(),
                        removals.parametersPerChannel(group),
                        group.labelledAxes().stream()
                                .map(axis -> CoupledAxis.of(axis, names))
                                .distinct()
                                .toList(),
                        new GroupLayer(layers.name(group), UnitWidth.of(coupling(), group))))
                .toList();
    }

    /**
     * A residual block that can be left out: an operand of the sum it ends in.
     *
     * @param sum the value that the sum makes
     * @param layers its layers with weights
     * @param parameters trained elements that are removed with it
     * @param macs multiply-accumulates that are removed with it
     */
    @Stability(value = Stability.Level.EVOLVING, since = "0.3.0")
    public record Block(String sum, List<String> layers, long parameters, long macs) {
        public Block {
            layers = List.copyOf(layers);
        }
    }

    /** The residual blocks that can be left out, in the order of their sums. */
    public synchronized List<Block> blocks() {
        Shortened whole = Shortened.whole(model.graph());
        return ResidualBlocks.of(whole, shapes(), coupling().operators()).stream()
                .map(block -> block(block, whole.without(block).graph()))
                .toList();
    }

    private Block block(ResidualBlock block, Graph rest) {
        io.espalier.graph.cost.Cost left = CostModel.under(
                        rest, shapes(), coupling().operators(), costs.symbols())
                .total();
        return new Block(
                names.of(block.sum()),
                block.weighted().stream()
                        .map(node -> layers.name(node.qualifiedOperator(), node.id()))
                        .toList(),
                costs.total().parameters() - left.parameters(),
                costs.total().macs() - left.macs());
    }

    /** Coupled channels of all groups. */
    public long prunableChannels() {
        return groups.stream().mapToLong(group -> group.channels().size()).sum();
    }

    /** What cannot be removed, and why. */
    public synchronized List<Frozen> frozen() {
        return Blocked.in(coupling()).stream()
                .map(each -> new Frozen(
                        Barrier.of(each.barrier(), names),
                        each.classes(),
                        layers.name(each.barrier().operator(), each.barrier().node())))
                .toList();
    }

    /** Means and norms over channels that can be removed. */
    public synchronized List<Statistic> statistics() {
        return coupling().statistics().stream()
                .map(each -> new Statistic(
                        each.operator(),
                        names.of(each.node()),
                        names.of(each.value()),
                        each.axis(),
                        layers.name(each.operator(), each.node())))
                .toList();
    }

    /** Sentences about what the analysis could not find out. */
    public synchronized List<String> problems() {
        return shapes().problems().stream().map(names::in).toList();
    }

    /**
     * Explains one axis: what its positions are coupled with, through which operators, and what forbids to remove them. A
     * constant of which readers have copies of their own is explained for each.
     *
     * @param axis a value or weight and the number of its axis from 0, such as {@code conv1.weight:0}
     * @throws InputRefusedException when the model has no such value or axis
     */
    public synchronized List<AxisExplanation> explain(String axis) {
        return Failures.translated(() -> {
            AxisExplainer explainer = explainer();
            AxisName asked = AxisName.parse(axis, explainer);
            return explainer.explain(asked.name(), asked.axis()).stream()
                    .map(each -> AxisExplanation.of(each, this::saved, names))
                    .toList();
        });
    }

    /** What the first channel of each group is coupled with. */
    public synchronized List<AxisExplanation.Part> explainGroups() {
        return explainer().explainGroups().stream()
                .map(each -> AxisExplanation.Part.of(each, this::saved, names))
                .toList();
    }

    @Override
    public void close() {
        model.close();
    }

    Model model() {
        return model;
    }

    Shapes shapes() {
        return analysis.shapes();
    }

    Coupling coupling() {
        return analysis.coupling();
    }

    private AxisExplainer explainer() {
        return new AxisExplainer(analysis, groups);
    }

    /** What is removed with one channel alone. */
    private Cost saved(CoupledChannel channel) {
        io.espalier.graph.cost.Cost total = costs.total();
        io.espalier.graph.cost.Cost left = removals.of(Removal.of(List.of(channel)));
        return new Cost(
                total.parameters() - left.parameters(), total.macs() - left.macs(), total.bytes() - left.bytes());
    }
}
