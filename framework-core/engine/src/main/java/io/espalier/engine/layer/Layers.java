package io.espalier.engine.layer;

import io.espalier.engine.coupling.channel.Group;
import io.espalier.engine.coupling.label.LabelledAxis;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.criterion.ParameterRole;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.LayerName;
import io.espalier.spi.graph.Node;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The layers of a model by the names that people know, and those that a group of coupled channels belongs to. A layer is an
 * operator that combines parameters with data.
 *
 * <p>Exporters make one tensor of equal ones. Where its readers are pruned apart, its name is the name of none of them. Not
 * thread-safe.
 */
public final class Layers {

    private static final LayerName NAMELESS = LayerName.ofModule("");

    private final LayerReaders readers;
    private final Map<String, LayerName> known;
    private final Predicate<String> inFile;
    private final Map<String, Integer> numbers = new HashMap<>();
    private final Map<Named, Integer> counts = new HashMap<>();
    private final Map<String, Layer> layers = new HashMap<>();

    /** Nodes of one operator with one name; an empty one counts all of them. */
    private record Named(String operator, String name) {}

    private Layers(Graph graph, Map<String, LayerName> known, Predicate<String> inFile) {
        this.inFile = inFile;
        this.readers = new LayerReaders(graph);
        this.known = known;
        readers.nodes().forEach((id, node) -> {
            String operator = node.qualifiedOperator();
            numbers.put(id, counts.merge(new Named(operator, ""), 1, Integer::sum));
            known.getOrDefault(id, NAMELESS)
                    .operators()
                    .forEach(name -> counts.merge(new Named(operator, name), 1, Integer::sum));
        });
    }

    /**
     * The layers of a graph that is one with its file.
     *
     * @param known what the file calls them, by first output of their nodes
     */
    public static Layers of(Graph graph, Map<String, LayerName> known) {
        return new Layers(graph, known, value -> true);
    }

    /** The layers of a model. What only the lift has made lends no layer its name. */
    public static Layers of(Model model) {
        return new Layers(model.graph(), model.layers(), model::isInFile);
    }

    /**
     * Names of what computes the channels of a group: of its layers, and of its parameters that are one for all who read
     * them.
     */
    public Set<String> computing(Group group) {
        Set<String> computing = names(group, axis -> axis.role() != ParameterRole.CONSUMER);
        return computing.isEmpty() ? touched(group) : computing;
    }

    /** Names of all of which a group removes anything, be it only channels that are read. */
    public Set<String> touched(Group group) {
        return names(group, axis -> true);
    }

    /**
     * The best name of a layer that computes the channels of a group: the first whose name says where it is, those with
     * weights before others.
     */
    public String name(Group group) {
        List<Layer> ranked = Stream.<Predicate<LabelledAxis>>of(
                        axis -> axis.role() == ParameterRole.PRODUCER, axis -> axis.role() != ParameterRole.CONSUMER)
                .flatMap(wanted -> layers(group, wanted).stream())
                .toList();
        return ranked.stream()
                .filter(Layer::telling)
                .findFirst()
                .or(() -> ranked.stream().findFirst())
                .map(Layer::name)
                .orElse(group.name());
    }

    /**
     * What layers compute, in the order of the graph: for each operator that has a matrix or a larger weight, the channels of the first.
     * Norms and biases are left out.
     */
    public List<LayerAxis> computed(List<Group> groups) {
        Map<Node, LabelledAxis> axes = new HashMap<>();
        groups.stream()
                .flatMap(group -> group.labelledAxes().stream())
                .filter(axis -> axis.role() == ParameterRole.PRODUCER)
                .filter(axis -> readers.rank(axis.use().constant()) > 1)
                .forEach(axis -> readers.of(axis.use()).forEach(node -> axes.putIfAbsent(node, axis)));
        return readers.nodes().values().stream()
                .filter(axes::containsKey)
                .map(node -> new LayerAxis(layer(node).name(), axes.get(node)))
                .toList();
    }

    /**
     * The best name of a node; its first output when the graph has no such node.
     *
     * @param operator the operator with its domain; what is named after a value but is no node, such as an output, has another
     * @param node first output of the node
     */
    public String name(String operator, String node) {
        Node found = readers.nodes().get(node);
        return found == null || !found.qualifiedOperator().equals(operator)
                ? node
                : layer(found).name();
    }

    /**
     * All names of a node, its parameters included; none when the graph has no such node.
     *
     * @param node its first output
     */
    public Set<String> names(String node) {
        Node found = readers.nodes().get(node);
        return found == null ? Set.of() : layer(found).names();
    }

    private Set<String> names(Group group, Predicate<LabelledAxis> wanted) {
        Set<String> names = new LinkedHashSet<>();
        layers(group, wanted).forEach(layer -> names.addAll(layer.names()));
        group.labelledAxes().stream()
                .filter(wanted)
                .filter(axis -> axis.use().isShared())
                .map(axis -> axis.use().constant())
                .filter(inFile)
                .forEach(names::add);
        return names;
    }

    private List<Layer> layers(Group group, Predicate<LabelledAxis> wanted) {
        Set<Node> nodes = new LinkedHashSet<>();
        group.labelledAxes().stream().filter(wanted).forEach(axis -> nodes.addAll(readers.of(axis.use())));
        return nodes.stream().map(this::layer).toList();
    }

    private Layer layer(Node node) {
        return layers.computeIfAbsent(node.id(), id -> layer(node, known.getOrDefault(id, NAMELESS)));
    }

    private Layer layer(Node node, LayerName name) {
        List<String> constants =
                readers.ownConstants(node).stream().filter(inFile).toList();
        String numbered = node.qualifiedOperator() + " " + numbers.get(node.id());
        Set<String> names = new LinkedHashSet<>(name.operators());
        names.add(name.module());
        names.addAll(constants);
        names.add(numbered);
        names.remove("");
        List<String> distinct = name.operators().stream()
                .filter(each -> counts.get(new Named(node.qualifiedOperator(), each)) == 1)
                .toList();
        BestName best = BestName.of(new LayerName(name.module(), distinct), constants, numbered);
        return new Layer(node.id(), best.text(), best.isTelling(), names);
    }
}
