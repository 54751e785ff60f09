package io.espalier.engine.run;

import io.espalier.engine.coupling.channel.KeptIndices;
import io.espalier.engine.coupling.channel.KeptIndices.Cut;
import io.espalier.engine.coupling.label.ParameterUse;
import io.espalier.spi.compensator.KeptPositions;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** What a cut keeps, as a compensator sees it. Immutable and thread-safe. */
final class CutPositions implements KeptPositions {

    private final KeptIndices kept;
    private final Map<String, Tensor> constants;
    private final Map<String, Node> nodes = new LinkedHashMap<>();
    private final Map<ParameterUse, Cut> cuts = new LinkedHashMap<>();

    CutPositions(Graph original, KeptIndices kept) {
        this.kept = kept;
        this.constants = original.allConstants();
        collect(original);
        kept.cuts().forEach(cut -> cuts.put(cut.use(), cut));
    }

    private void collect(Graph graph) {
        for (Node node : graph.nodes()) {
            nodes.put(node.id(), node);
            node.bodies().forEach(this::collect);
        }
    }

    @Override
    public Optional<int[]> ofValue(String value, int axis) {
        Tensor constant = constants.get(value);
        if (constant != null) {
            return ofConstant(ParameterUse.shared(value), constant, axis);
        }
        return kept.kept(value).isPresent() ? kept.positions(value, axis) : Optional.empty();
    }

    @Override
    public Optional<int[]> ofInput(String node, int slot, int axis) {
        String value = Optional.ofNullable(nodes.get(node))
                .flatMap(each -> each.input(slot))
                .orElse("");
        ParameterUse own = new ParameterUse(value, node, slot);
        return cuts.containsKey(own) ? ofConstant(own, constants.get(value), axis) : ofValue(value, axis);
    }

    private Optional<int[]> ofConstant(ParameterUse use, Tensor constant, int axis) {
        Cut cut = cuts.get(use);
        return cut == null
                ? Optional.of(
                        IntStream.range(0, Math.toIntExact(constant.shape().get(axis)))
                                .toArray())
                : cut.axes().map(axes -> axes.get(axis).clone());
    }
}
