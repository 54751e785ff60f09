package io.espalier.adapter.dl4j.lift;

import io.espalier.adapter.dl4j.config.Network;
import io.espalier.adapter.dl4j.config.Step;
import io.espalier.adapter.dl4j.lift.LayerRule.Layer;
import io.espalier.adapter.dl4j.lift.Signal.Form;
import io.espalier.adapter.dl4j.store.FlatArray;
import io.espalier.adapter.support.Attributes;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.Quoted;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.Node;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.DataType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Lifts a network into the neutral graph.
 *
 * <p>A saved network does not say how large its images are. Extents behind the channels stay open where every size would
 * do; otherwise one of at least sixteen that the layers agree on is taken.
 */
public final class NetworkLifter {

    private static final int LARGEST_EXTENT = 2048;
    private static final int SMALLEST_LIKELY_EXTENT = 16;
    private static final int PROBED_FROM = 40;
    private static final int PROBED_TO = 48;
    private static final int MOST_AXES = 3;

    private final Network network;
    private final FlatArray data;
    private final ChannelOrder order;
    private final Map<Long, Set<Integer>> contradictions = new HashMap<>();

    private NetworkLifter(Network network, FlatArray data) {
        this.network = network;
        this.data = data;
        this.order = ChannelOrder.of(network);
    }

    /**
     * Lifts a network.
     *
     * @param data the flat vector of parameters
     * @throws InvalidInputException when parts of it do not fit together or cannot be lifted
     */
    public static LiftedNetwork lift(Network network, FlatArray data) {
        NetworkLifter lifter = new NetworkLifter(network, data);
        Pass pass = lifter.pass(lifter.extents());
        if (pass.draft.parameterCount() != data.length()) {
            throw new InvalidInputException("The network is damaged: its configuration has "
                    + pass.draft.parameterCount() + " parameters, but coefficients.bin holds " + data.length()
                    + "; save the network again.");
        }
        return pass.draft.finish(network.kind().name(), pass.outputs);
    }

    /** One attempt to lift with some extents of inputs. */
    private record Pass(GraphDraft draft, List<String> outputs) {}

    private List<Long> extents() {
        List<Long> extents = new ArrayList<>();
        boolean volumes = network.inputs().stream()
                .anyMatch(input -> Hint.of(network, input).form().equals(Optional.of(Form.VOLUME)));
        for (int axis = 0; axis < MOST_AXES; axis++) {
            // Volumes are never left open: runs at the usual extents of open axes would take minutes.
            extents.add(!volumes && isFree(axis) ? Signal.UNKNOWN : fitting(axis));
        }
        return extents;
    }

    /** Whether the layers agree along an axis when all inputs have this extent along all of theirs. */
    private boolean agrees(int axis, long extent) {
        return !contradictions
                .computeIfAbsent(
                        extent,
                        each -> pass(Collections.nCopies(MOST_AXES, each)).draft.contradictions())
                .contains(axis);
    }

    private boolean isFree(int axis) {
        for (long extent = PROBED_FROM; extent < PROBED_TO; extent++) {
            if (!agrees(axis, extent)) {
                return false;
            }
        }
        return true;
    }

    private long fitting(int axis) {
        for (long extent = SMALLEST_LIKELY_EXTENT; extent <= LARGEST_EXTENT; extent++) {
            if (agrees(axis, extent)) {
                return mostHalved(axis, extent);
            }
        }
        for (long extent = 1; extent < SMALLEST_LIKELY_EXTENT; extent++) {
            if (agrees(axis, extent)) {
                return extent;
            }
        }
        throw new InvalidInputException("The network cannot be lifted: no input of up to " + LARGEST_EXTENT
                + " positions fits all of its layers; save it with the input type it was made for.");
    }

    /** Of the extents that follow each other and all fit, the one that can be halved most often: that of most images. */
    private long mostHalved(int axis, long first) {
        long best = first;
        for (long extent = first + 1; extent < 2 * first && agrees(axis, extent); extent++) {
            if (Long.numberOfTrailingZeros(extent) > Long.numberOfTrailingZeros(best)) {
                best = extent;
            }
        }
        return best;
    }

    private Pass pass(List<Long> extents) {
        GraphDraft draft = new GraphDraft(data, order);
        draft.reserve(network.inputs());
        draft.reserve(network.steps().stream().map(Step::name).toList());
        Map<String, Signal> signals = new LinkedHashMap<>();
        for (String input : network.inputs()) {
            signals.put(input, input(draft, input, extents));
        }
        for (Step step : network.steps()) {
            List<Signal> inputs = step.inputs().stream().map(signals::get).toList();
            signals.put(step.name(), step(draft, step, inputs));
        }
        return new Pass(draft, outputs(draft, signals));
    }

    private Signal input(GraphDraft draft, String name, List<Long> extents) {
        Hint hint = Hint.of(network, name);
        Form form = hint.form().orElse(Form.FEED_FORWARD);
        boolean coded = form == Form.INDEX || form == Form.INDEX_OVER_TIME;
        if (hint.channels().isEmpty()) {
            throw new InvalidInputException("The network cannot be lifted: no layer says how many channels the input "
                    + Quoted.name(name) + " has.");
        }
        Signal signal =
                new Signal(name, form, new Extent.Fixed(hint.channels().get()), extents.subList(0, form.spaceAxes()));
        draft.input(name, type(signal, coded ? DataType.INT64 : DataType.FLOAT32));
        return coded ? signal : signal.named(new Scope(draft, name).enter(name, form.spaceAxes()));
    }

    private ValueType type(Signal signal, DataType type) {
        List<Dimension> shape = new ArrayList<>();
        shape.add(new Dimension.Symbol("batch"));
        if (signal.form() == Form.INDEX) {
            shape.add(new Dimension.Fixed(1));
        } else if (signal.form() != Form.INDEX_OVER_TIME) {
            shape.add(new Dimension.Fixed(signal.channels().original()));
        }
        for (int axis = 0; axis < signal.space().size(); axis++) {
            long extent = signal.space().get(axis);
            shape.add(
                    extent == Signal.UNKNOWN
                            ? new Dimension.Symbol(axisName(signal, axis))
                            : new Dimension.Fixed(extent));
        }
        if (order == ChannelOrder.LAST && !signal.form().equals(Form.INDEX_OVER_TIME)) {
            Collections.rotate(shape.subList(1, shape.size()), -1);
        }
        return new ValueType(type, Optional.of(shape));
    }

    private static String axisName(Signal signal, int axis) {
        return switch (signal.form()) {
            case IMAGE -> List.of("height", "width").get(axis);
            case VOLUME -> List.of("depth", "height", "width").get(axis);
            default -> "time";
        };
    }

    private Signal step(GraphDraft draft, Step step, List<Signal> inputs) {
        int before = draft.size();
        Scope scope = new Scope(draft, step.name());
        Signal signal = step.isLayer() ? layer(scope, step, inputs.get(0)) : vertex(scope, step, inputs);
        boolean made = draft.rename(signal.value(), step.name(), before);
        draft.nameLayer(step.name(), before);
        return made ? signal.named(step.name()) : signal;
    }

    private Signal layer(Scope scope, Step step, Signal input) {
        Signal prepared = PreProcessorRules.lift(scope, step.preProcessor(), input);
        return LayerRules.lift(scope, new Layer(step.node(), false), prepared);
    }

    private Signal vertex(Scope scope, Step step, List<Signal> inputs) {
        return VertexRules.rule(step.node().type())
                .orElseThrow(() -> scope.refused("is a " + step.node().type() + ", which cannot be lifted"))
                .lift(scope, step.node(), inputs);
    }

    private List<String> outputs(GraphDraft draft, Map<String, Signal> signals) {
        List<String> outputs = new ArrayList<>();
        for (String output : network.outputs()) {
            Signal signal = signals.get(output);
            String value = signal.value();
            if (signal.form() == Form.FEED_FORWARD_OVER_TIME) {
                value = merged(draft, output, signal);
            } else if (order == ChannelOrder.LAST && signal.rank() > 2) {
                value = new Scope(draft, output).leave(signal);
            } else if (!value.equals(output)) {
                draft.add(Node.of("Identity", List.of(value), List.of(output), Map.of()));
                value = output;
            }
            outputs.add(value);
        }
        return outputs;
    }

    /** The library returns batch and time merged, batch running fastest. */
    private static String merged(GraphDraft draft, String output, Signal signal) {
        Scope scope = new Scope(draft, output);
        String byTime = scope.transpose(signal.value(), 2, 0, 1);
        String shape = scope.vector("merged", -1, signal.channels().original());
        return scope.op("Reshape", Attributes.none(), byTime, shape);
    }
}
