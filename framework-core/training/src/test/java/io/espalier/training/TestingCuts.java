package io.espalier.training;

import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.coupling.CouplingAnalysis;
import io.espalier.engine.coupling.channel.CoupledChannel;
import io.espalier.engine.coupling.channel.Group;
import io.espalier.engine.coupling.channel.Groups;
import io.espalier.engine.coupling.channel.Removal;
import io.espalier.engine.coupling.label.LabelledAxis;
import io.espalier.engine.run.NetworkCut;
import io.espalier.engine.run.NetworkCuts;
import io.espalier.engine.surgery.Surgery;
import io.espalier.graph.operator.Operators;
import io.espalier.graph.shape.Shapes;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Cuts of tests: some channels of every group, drawn from a seed. They are removed once, or held at zero from that moment on in a
 * network that keeps its widths.
 */
final class TestingCuts implements NetworkCuts {

    private static final Operators OPERATORS = Operators.standard();

    private final long seed;
    private final long moment;
    private final boolean masks;
    private final List<Long> made = new ArrayList<>();

    private TestingCuts(long seed, long moment, boolean masks) {
        this.seed = seed;
        this.moment = moment;
        this.masks = masks;
    }

    static TestingCuts cutting(long seed, long moment) {
        return new TestingCuts(seed, moment, false);
    }

    /** How many steps were over when cuts were made. */
    List<Long> made() {
        return made;
    }

    /** The same channels, masked. */
    TestingCuts masking() {
        return new TestingCuts(seed, moment, true);
    }

    @Override
    public List<Long> moments(long length) {
        return masks ? LongStream.rangeClosed(moment, length).boxed().toList() : List.of(moment);
    }

    @Override
    public NetworkCut next(Graph network, long over) {
        made.add(over);
        Graph left = masks ? masked(network) : cut(network);
        return new NetworkCut(network, left, masks ? this::masked : this::cut, List.of(), new byte[] {1});
    }

    @Override
    public NetworkCut again(Graph network, byte[] record, long over) {
        return next(network, over);
    }

    @Override
    public List<Edit> edits() {
        return List.of();
    }

    /** The network without the channels. */
    Graph cut(Graph network) {
        Shapes shapes = OPERATORS.infer(network);
        Coupling coupling = CouplingAnalysis.analyse(network, shapes, OPERATORS);
        return Surgery.prune(network, shapes, coupling, removal(coupling)).graph();
    }

    private Graph masked(Graph network) {
        Coupling coupling = CouplingAnalysis.analyse(network, OPERATORS.infer(network), OPERATORS);
        Removal removal = removal(coupling);
        Map<String, Tensor> constants = new LinkedHashMap<>();
        for (LabelledAxis axis : coupling.labelledAxes()) {
            String name = axis.use().constant();
            Tensor tensor = constants.getOrDefault(name, network.constants().get(name));
            int[] classes = coupling.classesAt(axis);
            float[] values = Tensors.toFloats(tensor);
            int inner = (int) tensor.shape().stream()
                    .skip(axis.axis() + 1L)
                    .reduce(1L, Math::multiplyExact)
                    .longValue();
            for (int i = 0; i < values.length; i++) {
                values[i] = removal.removes(classes[i / inner % classes.length]) ? 0 : values[i];
            }
            constants.put(name, Tensors.floats(tensor.shape(), values));
        }
        return network.withConstants(constants);
    }

    private Removal removal(Coupling coupling) {
        SplittableRandom random = new SplittableRandom(seed);
        List<CoupledChannel> channels = new ArrayList<>();
        for (Group group : Groups.of(coupling, each -> 0)) {
            int number = group.channels().size();
            int[] drawn = IntStream.range(0, number)
                    .filter(each -> random.nextInt(3) == 0)
                    .toArray();
            for (int each : drawn.length == 0 || drawn.length == number ? new int[] {0} : drawn) {
                channels.add(group.channels().get(each));
            }
        }
        return Removal.of(channels);
    }
}
