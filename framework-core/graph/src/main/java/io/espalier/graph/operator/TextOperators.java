package io.espalier.graph.operator;

import static io.espalier.graph.operator.OperatorDefinition.define;

import io.espalier.graph.operator.OperatorDefinition.Builder;
import io.espalier.graph.shape.NodeScope;
import io.espalier.graph.symbol.Dim;
import io.espalier.spi.tensor.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Operators on texts, which are values without an element type. */
final class TextOperators {

    private TextOperators() {}

    static List<Builder> definitions() {
        return List.of(
                define("StringConcat")
                        .notation("x[...] y[...] -> z[...]")
                        .shape(
                                2,
                                scope -> scope.put(
                                        0,
                                        Optional.empty(),
                                        Broadcast.of(scope, List.of(scope.shape(0), scope.shape(1))))),
                define("RegexFullMatch")
                        .notation("x[...] -> y[...]")
                        .shape(1, scope -> scope.put(0, DataType.BOOL, scope.shape(0))),
                define("StringSplit").notation("x[...] -> y[... ~k] z[...]").shape(1, TextOperators::split),
                define("StringNormalizer").notation(NotationText::whole).shape(1, TextOperators::normalise),
                define("TfIdfVectorizer").notation(NotationText::whole).shape(1, TextOperators::count));
    }

    private static void split(NodeScope scope) {
        List<Dim> parts = new ArrayList<>(scope.shape(0));
        parts.add(scope.fresh(0, parts.size()));
        scope.put(0, Optional.empty(), parts);
        scope.put(1, DataType.INT64, scope.shape(0));
    }

    /** Words that are not wanted are left out of the last axis. */
    private static void normalise(NodeScope scope) {
        List<Dim> output = new ArrayList<>(scope.shape(0));
        int last = output.size() - 1;
        if (last >= 0 && scope.node().attributes().containsKey("stopwords")) {
            output.set(last, scope.fresh(0, last));
        }
        scope.put(0, Optional.empty(), output);
    }

    private static void count(NodeScope scope) {
        List<Dim> output = new ArrayList<>(scope.shape(0));
        int last = output.size() - 1;
        if (last < 0) {
            throw scope.conflict("a scalar has no words");
        }
        Optional<Dim> columns = scope.node()
                .intsAttribute("ngram_indexes")
                .flatMap(all -> all.stream().max(Long::compare))
                .map(largest -> Dim.of(largest + 1));
        output.set(last, columns.orElseGet(() -> scope.fresh(0, last)));
        scope.put(0, DataType.FLOAT32, output);
    }
}
