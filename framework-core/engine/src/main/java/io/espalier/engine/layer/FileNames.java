package io.espalier.engine.layer;

import io.espalier.graph.shape.UnusableGraphException;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the file calls the values of a neutral graph. What only the lift has made is called by a value of the file near it:
 * the one that it is named after, else the next one that is computed from it, else the next one that it is computed from.
 * Not thread-safe.
 */
public final class FileNames {

    /** A number behind a name that was taken, or the role behind the value that something is named after. */
    private static final Pattern ADDED = Pattern.compile("(?:~\\d+|/[^/]*)$");

    private static final Pattern QUOTED = Pattern.compile("'([^']+)'");

    private final Model model;
    private final Map<String, String> nearest = new HashMap<>();
    private Map<String, List<String>> neighbours = Map.of();

    private FileNames(Model model) {
        this.model = model;
    }

    /** The names of the values of a model. */
    public static FileNames of(Model model) {
        return new FileNames(model);
    }

    /** The name of a value, or of one near it; what is no value of the graph has the name it has. */
    public String of(String name) {
        return neighbours().containsKey(name) ? nearest.computeIfAbsent(name, this::find) : name;
    }

    /** A sentence in which the quoted names of values are those of the file. */
    public String in(String sentence) {
        return QUOTED.matcher(sentence).replaceAll(quoted -> Matcher.quoteReplacement("'" + of(quoted.group(1)) + "'"));
    }

    /**
     * What an analysis of the graph finds.
     *
     * @throws UnusableGraphException when the analysis throws it, with the names of the file
     */
    public <T> T naming(Supplier<T> analysis) {
        try {
            return analysis.get();
        } catch (UnusableGraphException e) {
            throw new UnusableGraphException(in(e.getMessage()), e);
        }
    }

    private String find(String value) {
        if (model.isInFile(value)) {
            return value;
        }
        return namesake(value).or(() -> neighbour(value)).orElse(value);
    }

    private Optional<String> namesake(String value) {
        String name = value;
        for (Matcher added = ADDED.matcher(name); added.find(); added = ADDED.matcher(name)) {
            name = name.substring(0, added.start());
            if (model.isInFile(name)) {
                return Optional.of(name);
            }
        }
        return Optional.empty();
    }

    private Optional<String> neighbour(String value) {
        Deque<String> waiting = new ArrayDeque<>(List.of(value));
        Set<String> seen = new HashSet<>(waiting);
        while (!waiting.isEmpty()) {
            for (String next : neighbours().getOrDefault(waiting.remove(), List.of())) {
                if (model.isInFile(next)) {
                    return Optional.of(next);
                }
                if (seen.add(next)) {
                    waiting.add(next);
                }
            }
        }
        return Optional.empty();
    }

    /** For each value, what is computed from it, then what it is computed from. */
    private Map<String, List<String>> neighbours() {
        if (neighbours.isEmpty()) {
            neighbours = new HashMap<>();
            collect(model.graph(), true);
            collect(model.graph(), false);
        }
        return neighbours;
    }

    private void collect(Graph graph, boolean forwards) {
        for (Node node : graph.nodes()) {
            for (String value : forwards ? node.inputs() : node.outputs()) {
                neighbours
                        .computeIfAbsent(value, key -> new ArrayList<>())
                        .addAll(forwards ? node.outputs() : node.inputs());
            }
            neighbours.remove("");
            node.bodies().forEach(body -> collect(body, forwards));
        }
    }
}
