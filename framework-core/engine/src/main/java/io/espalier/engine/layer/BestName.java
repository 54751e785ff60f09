package io.espalier.engine.layer;

import io.espalier.spi.graph.LayerName;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Which of its names tells a person most about a layer. In this order: the path of its module, the path of its operator, the
 * path of one of its constants, another name of its operator, another name of one of its constants, its operator with a
 * number. Names that exporters make up are passed over.
 *
 * @param text the name
 * @param isTelling whether it says where in the network the layer is
 */
record BestName(String text, boolean isTelling) {

    /** Names that an exporter numbers because it knows no better. */
    private static final Pattern MADE_UP =
            Pattern.compile("onnx::.*|arith\\.constant.*|(Stateful)?PartitionedCall.*|tensor\\d*|(val_)?\\d+");

    private static final Pattern PATH = Pattern.compile("[^/.]*\\p{L}[^/.]*[/.].*|/[^/]+/.*");

    /**
     * The best name.
     *
     * @param known what the file calls the layer
     * @param constants names of constants that no other layer reads
     * @param numbered its operator with a number
     */
    static BestName of(LayerName known, List<String> constants, String numbered) {
        return first(List.of(known.module()), module -> !module.isEmpty())
                .or(() -> first(known.operators(), BestName::isPath))
                .or(() -> first(constants, BestName::isPath))
                .map(path -> new BestName(path, true))
                .orElseGet(() -> new BestName(
                        first(known.operators(), BestName::isGiven)
                                .or(() -> first(constants, BestName::isGiven))
                                .orElse(numbered),
                        false));
    }

    private static Optional<String> first(List<String> names, Predicate<String> condition) {
        return names.stream().filter(condition).findFirst();
    }

    private static boolean isPath(String name) {
        return isGiven(name) && PATH.matcher(name).matches();
    }

    /** Whether somebody gave the name, rather than an exporter that knew no better. */
    static boolean isGiven(String name) {
        return !MADE_UP.matcher(name).matches();
    }
}
