package io.espalier.graph.operator;

import static io.espalier.graph.operator.IndexLines.operand;

import io.espalier.graph.operator.IndexLines.Rule;
import io.espalier.graph.shape.Dim;
import io.espalier.spi.tensor.DataType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Operators with weights, and those that multiply and sum like them; pools and resizes. */
final class LayerLines {

    private LayerLines() {}

    static void addTo(Map<String, Rule> rules) {
        rules.put("Conv", slid("x[n (g i) ~*] w[(g o) i #*k] b[(g o)] -> y[n (g o) ~*] | g=@group"));
        rules.put(
                "com.microsoft.FusedConv",
                slid("x[n (g i) ~*] w[(g o) i #*k] b[(g o)] z[n (g o) ~*] -> y[n (g o) ~*] | g=@group"));
        rules.put("ConvTranspose", slid("x[n (g i) ~*] w[(g i) o #*k] b[(g o)] -> y[n (g o) ~*] | g=@group"));
        rules.put("Gemm", LayerLines::gemm);
        rules.put("com.microsoft.FusedGemm", LayerLines::gemm);
        rules.put("MatMul", LayerLines::matMul);
        rules.put("com.microsoft.FusedMatMul", LayerLines::fusedMatMul);
        rules.put("com.microsoft.MatMulNBits", LayerLines::packedBits);
        rules.put("Einsum", LayerLines::einsum);
        for (String pool : List.of("AveragePool", "MaxPool", "LpPool")) {
            rules.put(pool, slid("x[n c ~*] -> y[n c ~*] indices[n c ~*]"));
        }
        rules.put("Resize", LayerLines::resize);
        rules.put("GridSample", line("x[n c #*] g[n #*g #t] -> y[n c ~*]"));
        rules.put("DeformConv", LayerLines::deformed);
        rules.put("MaxUnpool", LayerLines::unpool);
        rules.put("Col2Im", LayerLines::columnsToImage);
        rules.put("DepthToSpace", LayerLines::depthToSpace);
        rules.put("SpaceToDepth", line("x[n c (h #a) (w #b)] -> y[n (a b c) h w] | a=@blocksize, b=@blocksize"));
        rules.put("LSTM", view -> recurrent(view, 4, true));
        rules.put("GRU", view -> recurrent(view, 3, false));
        rules.put("RNN", view -> recurrent(view, 1, false));
    }

    private static Rule line(String text) {
        return view -> Optional.of(text);
    }

    /**
     * A line whose mixed axes are those a window slides over. Where it is one position wide and stands on each position
     * once, they correspond; not beside the places of maxima, which count positions of all axes together.
     */
    private static Rule slid(String text) {
        return view -> {
            int axes = view.rank(0) - 2;
            boolean places = view.node().outputs().size() > 1;
            if (axes < 1 || places || IntStream.range(0, axes).noneMatch(axis -> isSinglePosition(view, axis))) {
                return Optional.of(text);
            }
            String letters = IntStream.range(0, axes)
                    .mapToObj(axis -> (isSinglePosition(view, axis) ? "s" : "~s") + axis)
                    .collect(Collectors.joining(" "));
            return Optional.of(text.replace("~*", letters));
        };
    }

    private static boolean isSinglePosition(NodeView view, int axis) {
        Dim one = Dim.of(1);
        Optional<Dim> kernel = view.node()
                .intsAttribute("kernel_shape")
                .map(extents -> Dim.of(extents.get(axis)))
                .or(() -> view.shape(1).map(weight -> weight.get(axis + 2)));
        return kernel.equals(Optional.of(one))
                && isEverywhere(view, "strides", axis, 1)
                && isEverywhere(view, "pads", axis, 0)
                && isEverywhere(view, "output_padding", axis, 0)
                && view.node().intsAttribute("output_shape").isEmpty();
    }

    /** Whether an attribute that has one or two numbers for each axis that a window slides over has these. */
    private static boolean isEverywhere(NodeView view, String attribute, int axis, long expected) {
        List<Long> numbers = view.node().intsAttribute(attribute).orElse(List.of());
        int axes = view.rank(0) - 2;
        return IntStream.range(0, numbers.size())
                .filter(place -> place % axes == axis)
                .allMatch(place -> numbers.get(place) == expected);
    }

    private static Optional<String> gemm(NodeView view) {
        String a = view.node().intAttribute("transA", 0) != 0 ? "a[k m]" : "a[m k]";
        String b = view.node().intAttribute("transB", 0) != 0 ? "b[n k]" : "b[k n]";
        String c = switch (view.rank(2)) {
            case 2 -> "c[m n]";
            case 1 -> "c[n]";
            default -> "_";
        };
        return Optional.of(a + " " + b + " " + c + " -> y[m n]");
    }

    private static Optional<String> matMul(NodeView view) {
        boolean vectorLeft = view.rank(0) == 1;
        boolean vectorRight = view.rank(1) == 1;
        String batch = vectorLeft && vectorRight ? "" : "... ";
        String left = vectorLeft ? "a[k]" : "a[... m k]";
        String right = vectorRight ? "b[k]" : "b[... k n]";
        String rows = vectorLeft ? "" : "m ";
        String columns = vectorRight ? "" : "n";
        return Optional.of(left + " " + right + " -> y[" + batch + rows + columns + "]");
    }

    private static Optional<String> fusedMatMul(NodeView view) {
        return view.rank(0) > 1 && view.rank(1) > 1
                ? Optional.of(oriented(view, "A", "m", "k") + " " + oriented(view, "B", "k", "n") + " -> y[... m n]")
                : Optional.empty();
    }

    /** A matrix as it is before the transpositions of the fused operator: of its last axes, and of its first. */
    private static String oriented(NodeView view, String name, String rows, String columns) {
        boolean turned = view.node().intAttribute("trans" + name, 0) != 0;
        boolean batchTurned = view.node().intAttribute("transBatch" + name, 0) != 0;
        String first = turned ? columns : rows;
        String last = turned ? rows : columns;
        return "x[" + (batchTurned ? first + " ... " : "... " + first + " ") + last + "]";
    }

    /**
     * Weights of few bits, packed in blocks along the index that is summed: a block goes as a whole, with its scales.
     * Where zero points are packed across blocks, or the last block is not full, all blocks stay.
     */
    private static Optional<String> packedBits(NodeView view) {
        long block = view.node().intAttribute("block_size", 0);
        boolean whole = block > 0 && view.node().intAttribute("K", 0) % block == 0;
        boolean crossing = view.node().input(3).isPresent()
                && view.node().intAttribute("bits", 4) != Byte.SIZE
                && !view.shapes()
                        .type(view.node().inputs().get(3))
                        .map(DataType::isFloating)
                        .orElse(false);
        if (view.node().input(4).isPresent() || block <= 0) {
            return Optional.empty();
        }
        String k = whole && !crossing ? "(k #p)" : "#k";
        String blocks = whole && !crossing ? "k" : "#q";
        String zeros = crossing ? "#r" : blocks;
        return Optional.of("a[... " + k + "] b[n " + blocks + " #c] " + rows("s", blocks, view.rank(2))
                + " " + rows("z", zeros, view.rank(3)) + " _ d[n] -> y[... n] | n=@N, p=" + block
                + (whole && !crossing ? ", (k p)=@K" : ""));
    }

    private static String rows(String name, String columns, int rank) {
        return name + (rank == 1 ? "[(n " + columns + ")]" : "[n " + columns + "]");
    }

    private static Optional<String> einsum(NodeView view) {
        String equation = view.node().textAttribute("equation", "").replace(" ", "");
        String[] sides = equation.split("->", 2);
        List<String> operands = new ArrayList<>();
        for (String operand : sides[0].split(",")) {
            if (readsDiagonal(operand)) {
                return Optional.empty();
            }
            operands.add("x[" + spaced(operand) + "]");
        }
        String output = sides.length == 2 ? sides[1] : implicitOutput(sides[0]);
        return Optional.of(String.join(" ", operands) + " -> y[" + spaced(output) + "]");
    }

    /** A letter that an operand has twice ties an axis to another one of the same operand. */
    private static boolean readsDiagonal(String operand) {
        long letters = operand.chars().filter(Character::isLetter).count();
        return operand.chars().filter(Character::isLetter).distinct().count() < letters;
    }

    private static String implicitOutput(String inputs) {
        StringBuilder output = new StringBuilder(inputs.contains("...") ? "..." : "");
        inputs.chars()
                .filter(Character::isLetter)
                .filter(letter -> inputs.chars().filter(each -> each == letter).count() == 1)
                .sorted()
                .forEach(letter -> output.append((char) letter));
        return output.toString();
    }

    private static String spaced(String operand) {
        return operand.replace("...", "\u2026")
                .replaceAll("(.)", "$1 ")
                .replace("\u2026", "...")
                .trim();
    }

    /** Axes whose extent stays pass; the others are resampled. */
    private static Optional<String> resize(NodeView view) {
        Optional<List<Dim>> before = view.shape(0);
        Optional<List<Dim>> after = view.outputShape(0);
        if (before.isEmpty() || after.isEmpty()) {
            return Optional.empty();
        }
        List<String> axes = new ArrayList<>();
        for (int axis = 0; axis < before.get().size(); axis++) {
            boolean same = before.get().get(axis).equals(after.get().get(axis));
            axes.add((same ? "" : "~") + "a" + axis);
        }
        return Optional.of(operand("x", axes) + " _ _ _ -> " + operand("y", axes));
    }

    private static Optional<String> depthToSpace(NodeView view) {
        boolean columnsFirst = view.node()
                .textAttribute("mode", "DCR")
                .toUpperCase(Locale.ROOT)
                .equals("CRD");
        String depth = columnsFirst ? "(c #a #b)" : "(#a #b c)";
        return Optional.of("x[n " + depth + " h w] -> y[n c (h a) (w b)] | a=@blocksize, b=@blocksize");
    }

    /** Channels that share offsets are neighbours: as many must stay of each such group. */
    private static Optional<String> deformed(NodeView view) {
        boolean shared = view.node().intAttribute("offset_group", 1) == 1;
        String rest = " f[n #d #*o] b[(g o)] m[n #e #*o] -> y[n (g o) ~*] | g=@group";
        if (shared) {
            return Optional.of("x[n (g i) ~*] w[(g o) i #*k]" + rest);
        }
        return view.node().intAttribute("group", 1) == 1
                ? Optional.of("x[n (#q i) ~*] w[o (#q i) #*k] f[n #d #*o] b[o] m[n #e #*o] -> y[n o ~*] | q="
                        + view.node().intAttribute("offset_group", 1))
                : Optional.empty();
    }

    /** Indices count positions of the tensor that was pooled, channels included: they are right if they are pooled anew. */
    private static Optional<String> unpool(NodeView view) {
        return view.numbers(1).isPresent() ? Optional.empty() : Optional.of("x[n c ~*] i[n c ~*] _ -> y[n c ~*]");
    }

    private static Optional<String> columnsToImage(NodeView view) {
        Optional<long[]> block = view.numbers(2);
        Optional<List<Dim>> image = view.outputShape(0);
        if (block.isEmpty() || image.isEmpty()) {
            return Optional.empty();
        }
        List<String> axes = new ArrayList<>(List.of("n", "c"));
        axes.addAll(IndexLines.letters("~s", image.get().size() - 2));
        long size = Arrays.stream(block.get()).reduce(1, Math::multiplyExact);
        return Optional.of("x[n (c #k) #l] _ _ -> " + operand("y", axes) + " | k=" + size);
    }

    /**
     * One or two directions of a recurrent cell. The gates of a hidden unit carry one label, and the recurrent weight
     * carries it on both of its axes.
     */
    private static Optional<String> recurrent(NodeView view, int gates, boolean hasCell) {
        boolean batchFirst = view.node().intAttribute("layout", 0) == 1;
        if (batchFirst) {
            return Optional.empty();
        }
        String line = "x[~s n i] w[^d (#q h) i] r[^d (#q h) h'] b[^d (#u h)] _ h0[^d n h]"
                + (hasCell ? " c0[^d n h] p[^d (#v h)]" : "")
                + " -> y[~s d n h] yh[d n h]"
                + (hasCell ? " yc[d n h]" : "")
                + " | q=" + gates + ", u=" + 2 * gates + ", v=3, h=@hidden_size";
        return Optional.of(line);
    }
}
