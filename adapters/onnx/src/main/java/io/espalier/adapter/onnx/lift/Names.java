package io.espalier.adapter.onnx.lift;

import io.espalier.adapter.onnx.proto.GraphProto;
import io.espalier.spi.graph.FreshNames;
import java.util.HashSet;
import java.util.Set;

/** Names of the neutral graph: those of the file, and new ones that clash with none of them. Not thread-safe. */
final class Names {

    private final Set<String> read;
    private final Set<String> claimed = new HashSet<>();
    private final FreshNames free = new FreshNames();

    Names(GraphProto graph) {
        this.read = NativeNames.read(graph);
        free.reserve(read);
        free.reserve(NativeNames.defined(graph));
    }

    /** Whether any node or graph output of the file reads a value of this name. */
    boolean isRead(String name) {
        return read.contains(name);
    }

    /** The neutral name of a value: its own, unless a value of another scope has claimed it. */
    String claim(String name) {
        return claimed.add(name) ? name : fresh(name);
    }

    /** A name that nobody has: the wish, or the wish with a number. */
    String fresh(String wish) {
        return free.fresh(wish);
    }
}
