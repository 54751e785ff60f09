package io.espalier.cli;

import io.espalier.api.Plan;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A plan with something of everything. */
final class TestingPlan {

    private static final String JSON = """
            {
              "schemaVersion": 1,
              "tool": "espalier 0.1.0",
              "model": {"file": "model.onnx", "digest": "%s"},
              "settings": {
                "criterion": "lp", "criterionOptions": {"p": "1.5"}, "aggregate": "sum", "normalise": "sum",
                "allocator": "global", "target": "macs=50%%", "minKeep": 0.1, "roundTo": 1, "heads": "whole",
                "ignore": [], "only": [], "seed": 7, "symbols": {"batch": 1}
              },
              "costs": {
                "original": {"parameters": 272090, "macs": 31021952, "bytes": 1088360},
                "predicted": {"parameters": 140000, "macs": 15500000, "bytes": 560000}
              },
              "blocks": [
                {"sum": "block.sum", "slot": 0, "branch": "block.b", "score": 0.0625, "parameters": 18560, "macs": 3612672}
              ],
              "groups": [
                {
                  "id": 0, "name": "stem.weight", "kept": 9, "total": 16,
                  "scores": {"minimum": 0.01, "mean": 0.0625, "maximum": 0.2},
                  "atoms": [{"parameter": "stem.weight", "field": 0, "axis": 0, "extents": [16], "positions": "0-6"}]
                },
                {
                  "id": 1, "name": "blocks\\u001b[1m.weight", "kept": 1024, "total": 2048,
                  "scores": {"minimum": 1e-7, "mean": 0.5, "maximum": 12.345678},
                  "atoms": [{"parameter": "w", "field": 0, "axis": 0, "extents": [2048], "positions": "0-1023"}]
                }
              ],
              "ignored": [
                {"name": "head.weight", "channels": 10, "reason": "'head.weight' is ignored by the pattern 'head*'"}
              ],
              "frozen": [%s],
              "statistics": [{"operator": "LayerNormalization", "node": "norm", "value": "x", "axis": 2}]
            }
            """;
    private static final String FROZEN = """
            {
              "operator": "output", "node": "y%1$d", "value": "y%1$d", "axis": %2$d,
              "reason": "it is an output", "classes": 5
            }
            """;

    private TestingPlan() {}

    /**
     * The plan.
     *
     * @param barriers how many axes are frozen
     */
    static Plan withBarriers(int barriers) {
        String frozen = IntStream.range(0, barriers)
                .mapToObj(i -> FROZEN.formatted(i, i == 0 ? -1 : 1))
                .collect(Collectors.joining(","));
        return Plan.parse(JSON.formatted("ab".repeat(32), frozen));
    }
}
