package io.espalier.graph.shape;

import io.espalier.spi.tensor.DataType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Normalisations: the first output has the shape of the first input. */
final class NormalizationRules {

    private NormalizationRules() {}

    static void register(RuleTable table) {
        table.add(
                1,
                ElementwiseRules::sameShape,
                "GroupNormalization",
                "InstanceNormalization",
                "LpNormalization",
                "LRN",
                "MeanVarianceNormalization",
                "RMSNormalization");
        table.add(1, ElementwiseRules::sameShape, "com.microsoft.GroupNorm");
        table.add(1, NormalizationRules::batch, "BatchNormalization");
        table.add(
                1,
                NormalizationRules::layer,
                "LayerNormalization",
                "SimplifiedLayerNormalization",
                "com.microsoft.SimplifiedLayerNormalization");
        table.add(
                1,
                NormalizationRules::skip,
                "com.microsoft.SkipLayerNormalization",
                "com.microsoft.SkipSimplifiedLayerNormalization");
        table.add(1, NormalizationRules::skipGroup, "com.microsoft.SkipGroupNorm");
        table.add(3, NormalizationRules::embedding, "com.microsoft.EmbedLayerNormalization");
    }

    private static void batch(NodeScope scope) {
        List<Dim> input = scope.shape(0);
        scope.put(0, input);
        if (input.size() < 2) {
            return;
        }
        for (int slot = 1; slot < scope.node().outputs().size(); slot++) {
            scope.put(slot, scope.type(3), List.of(input.get(1)));
        }
    }

    private static void layer(NodeScope scope) {
        List<Dim> input = scope.shape(0);
        int axis = input.isEmpty() ? 0 : scope.axis(-1, input.size());
        List<Dim> statistics = new ArrayList<>(input);
        Collections.fill(statistics.subList(axis, statistics.size()), Dim.ONE);
        scope.put(0, input);
        Optional<DataType> type = OnnxTypes.of(scope.node().intAttribute("stash_type", 1));
        scope.put(1, type, statistics);
        scope.put(2, type, statistics);
    }

    private static void skip(NodeScope scope) {
        List<Dim> input = scope.shape(0);
        if (input.isEmpty()) {
            throw scope.conflict("a scalar cannot be normalised");
        }
        List<Dim> statistics = new ArrayList<>(input);
        statistics.set(input.size() - 1, Dim.ONE);
        scope.put(0, input);
        scope.put(1, DataType.FLOAT32, statistics);
        scope.put(2, DataType.FLOAT32, statistics);
        scope.put(3, input);
    }

    private static void skipGroup(NodeScope scope) {
        scope.put(0, scope.shape(0));
        scope.put(1, scope.shape(0));
    }

    private static void embedding(NodeScope scope) {
        List<Dim> tokens = scope.shape(0, 2);
        List<Dim> table = scope.shape(2, 2);
        List<Dim> output = List.of(tokens.get(0), tokens.get(1), table.get(1));
        scope.put(0, scope.type(2), output);
        scope.put(1, DataType.INT32, List.of(tokens.get(0)));
        scope.put(2, scope.type(2), output);
    }
}
