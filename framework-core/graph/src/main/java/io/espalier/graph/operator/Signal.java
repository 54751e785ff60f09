package io.espalier.graph.operator;

import static io.espalier.graph.operator.NotationText.letters;
import static io.espalier.graph.operator.NotationText.marked;
import static io.espalier.graph.operator.NotationText.operand;
import static io.espalier.graph.operator.OperatorDefinition.define;
import static io.espalier.spi.operator.SlotRole.SETTING;
import static io.espalier.spi.operator.SlotRole.SHAPE;

import io.espalier.graph.operator.OperatorDefinition.Builder;
import io.espalier.graph.shape.NodeScope;
import io.espalier.graph.symbol.Dim;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.tensor.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Spectra and windows. */
final class Signal {

    private Signal() {}

    static List<Builder> definitions() {
        return List.of(
                define("DFT")
                        .notation(Signal::fourier)
                        .shape(1, Signal::fourier)
                        .gradient(ImageGradients::fourier),
                define("STFT")
                        .notation(Signal::shortTimeFourier)
                        .shape(1, Signal::shortTimeFourier)
                        .decomposes(Signal::frames),
                define("HannWindow", "HammingWindow", "BlackmanWindow")
                        .shape(0, Signal::window)
                        .roles(SHAPE)
                        .moves(Movement.GENERATE),
                define("MelWeightMatrix")
                        .shape(0, Signal::mel)
                        .roles(SHAPE, SHAPE, SETTING, SETTING, SETTING)
                        .moves(Movement.GENERATE));
    }

    private static Optional<String> fourier(NodeView view) {
        int rank = view.rank(0);
        Optional<long[]> named = view.node().input(2).isPresent()
                ? view.numbers(2)
                : Optional.of(new long[] {view.node().intAttribute("axis", -2)});
        if (rank < 2 || named.isEmpty() || named.get().length != 1) {
            return Optional.empty();
        }
        int place = NodeView.position(named.get()[0], rank);
        List<String> before = marked(letters("a", rank), place, place + 1, "#");
        List<String> after = letters("a", rank);
        before.set(rank - 1, "#r");
        after.set(rank - 1, "~c");
        after.set(place, "~f");
        return Optional.of(operand("x", before) + " _ _ -> " + operand("y", after));
    }

    private static Optional<String> shortTimeFourier(NodeView view) {
        return switch (view.rank(0)) {
            case 2 -> Optional.of("s[n #t] _ w[#w] _ -> y[n ~f ~b ~c]");
            case 3 -> Optional.of("s[n #t #r] _ w[#w] _ -> y[n ~f ~b ~c]");
            default -> Optional.empty();
        };
    }

    /** Pieces of a signal, each transformed by itself. */
    private static void frames(Expansion e) {
        String step = one(e, e.wide(e.input(1)));
        String frame = e.has(3) ? one(e, e.wide(e.input(3))) : one(e, e.extents(e.input(2), 0, 1));
        String length = one(e, e.extents(e.input(0), 1, 2));
        String last = e.subtract(length, frame);
        String starts = range(e, e.add(last, e.constantIndex(1)), step);
        String positions = e.add(e.unsqueeze(starts, 1), range(e, frame, e.constantIndex(1)));
        String signal = e.rank(0) == 2 ? e.unsqueeze(e.input(0), -1) : e.input(0);
        String pieces = e.gather(signal, positions, 1);
        if (e.has(2)) {
            pieces = e.multiply(pieces, e.unsqueeze(e.input(2), -1));
        }
        Map<String, Attribute> half =
                Map.of("onesided", new Attribute.Int(e.node().intAttribute("onesided", 1)));
        e.put(0, e.compute("DFT", List.of(pieces, "", e.constantIndex(2)), half));
    }

    /** A number of one element, as a scalar. */
    private static String one(Expansion e, String number) {
        return e.reshape(number);
    }

    private static String range(Expansion e, String end, String step) {
        return e.compute("Range", List.of(e.constantIndex(0), end, step), Map.of());
    }

    private static void fourier(NodeScope scope) {
        List<Dim> output = new ArrayList<>(scope.shape(0));
        int rank = output.size();
        if (rank < 2) {
            throw scope.conflict("the input " + output + " has no axis to transform");
        }
        boolean half = scope.node().intAttribute("onesided", 0) == 1;
        boolean inverse = scope.node().intAttribute("inverse", 0) == 1;
        Optional<Dim> named =
                scope.integer(2, scope.node().intAttribute("axis", -2)).filter(Dim::isConstant);
        if (named.isEmpty()) {
            scope.put(0, scope.freshShape(0, rank));
            return;
        }
        int axis = scope.position(named.get().constant(), rank);
        Optional<Dim> length =
                scope.has(1) ? scope.integer(1, 0) : Optional.of(complete(output.get(axis), half && inverse));
        output.set(
                axis, length.map(full -> half && !inverse ? bins(full) : full).orElseGet(() -> scope.fresh(0, axis)));
        output.set(rank - 1, Dim.of(half && inverse ? 1 : 2));
        scope.put(0, output);
    }

    private static Dim bins(Dim length) {
        return length.floorDiv(2).plus(1);
    }

    private static Dim complete(Dim extent, boolean fromBins) {
        return fromBins ? extent.plus(-1).times(2) : extent;
    }

    private static void shortTimeFourier(NodeScope scope) {
        List<Dim> signal = scope.shape(0);
        if (signal.size() < 2) {
            throw scope.conflict("the signal " + signal + " has no time axis");
        }
        Optional<Dim> step = scope.integer(1, 0).filter(found -> found.bounds().lower() > 0);
        Optional<Dim> frame = scope.has(3)
                ? scope.integer(3, 0)
                : scope.knownShape(2).filter(shape -> shape.size() == 1).map(shape -> shape.get(0));
        boolean half = scope.node().intAttribute("onesided", 1) == 1;
        Dim frames = step.flatMap(hop -> frame.map(
                        length -> signal.get(1).minus(length).floorDiv(hop).plus(1)))
                .orElseGet(() -> scope.fresh(0, 1));
        Dim bins = frame.map(length -> half ? bins(length) : length).orElseGet(() -> scope.fresh(0, 2));
        scope.put(0, List.of(signal.get(0), frames, bins, Dim.of(2)));
    }

    private static void window(NodeScope scope) {
        Optional<DataType> type = DataType.ofOnnxNumber(scope.node().intAttribute("output_datatype", 1));
        Dim size = scope.integers(0)
                .filter(all -> all.size() == 1)
                .map(all -> all.get(0))
                .orElseGet(() -> scope.fresh(0, 0));
        scope.put(0, type, List.of(size));
    }

    private static void mel(NodeScope scope) {
        Optional<DataType> type = DataType.ofOnnxNumber(scope.node().intAttribute("output_datatype", 1));
        Dim rows = scope.has(1)
                ? scope.integer(1, 0).map(Signal::bins).orElseGet(() -> scope.fresh(0, 0))
                : scope.fresh(0, 0);
        Dim columns = scope.has(0) ? scope.integer(0, 0).orElseGet(() -> scope.fresh(0, 1)) : scope.fresh(0, 1);
        scope.put(0, type, List.of(rows, columns));
    }
}
