package io.espalier.spi.graph;

import io.espalier.spi.Stability;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/**
 * Gives out value names that nothing else has.
 *
 * <p>Whoever adds a value to a graph asks for its name here: a file may call its own values whatever it likes, also as we
 * would. The same requests give the same names. Not thread-safe.
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.2.0")
public final class FreshNames {

    private final Set<String> taken = new HashSet<>();

    /** Starts with no name taken, for a graph that is yet to be built. */
    public FreshNames() {}

    /** The names that are free in a graph and all its bodies. */
    public static FreshNames of(Graph graph) {
        FreshNames names = new FreshNames();
        names.collect(graph);
        return names;
    }

    private void collect(Graph graph) {
        taken.addAll(graph.inputs().keySet());
        taken.addAll(graph.constants().keySet());
        taken.addAll(graph.declared().keySet());
        taken.addAll(graph.outputs());
        for (Node node : graph.nodes()) {
            taken.addAll(node.inputs());
            taken.addAll(node.outputs());
            node.bodies().forEach(this::collect);
        }
    }

    /** Takes names that somebody else gives. */
    public void reserve(Collection<String> names) {
        taken.addAll(names);
    }

    /** Takes a free name: the wish, or the wish with the first number that makes it one. */
    public String fresh(String wish) {
        String name = wish;
        for (int i = 1; !taken.add(name); i++) {
            name = wish + "~" + i;
        }
        return name;
    }
}
