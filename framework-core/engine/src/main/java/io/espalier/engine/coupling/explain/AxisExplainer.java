package io.espalier.engine.coupling.explain;

import io.espalier.engine.coupling.Analysis;
import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.coupling.channel.Closure;
import io.espalier.engine.coupling.channel.CoupledChannel;
import io.espalier.engine.coupling.channel.Group;
import io.espalier.engine.coupling.channel.WidthCheck;
import io.espalier.engine.coupling.explain.AxisExplanation.Blocker;
import io.espalier.engine.coupling.explain.AxisExplanation.Flow;
import io.espalier.engine.coupling.explain.AxisExplanation.Member;
import io.espalier.engine.coupling.explain.AxisExplanation.Part;
import io.espalier.engine.coupling.explain.AxisExplanation.Step;
import io.espalier.engine.coupling.label.Barrier;
import io.espalier.engine.coupling.label.LabelMap;
import io.espalier.engine.coupling.label.LabelledAxis;
import io.espalier.engine.coupling.label.LabelledValue;
import io.espalier.engine.coupling.label.Layout;
import io.espalier.engine.coupling.propagate.OutputLayouts;
import io.espalier.engine.coupling.propagate.Propagation;
import io.espalier.graph.flow.FlatGraph;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Explains axes: what is removed with their positions, coupled through which operators, or what keeps them from being
 * removed.
 *
 * <p>The paths are found by a second walk over the graph that records what each operator relates. Not thread-safe.
 */
public final class AxisExplainer {

    private final Analysis analysis;
    /** The graph with its bodies laid flat, as it was analysed. */
    private final Graph flat;

    private final Coupling coupling;
    private final List<Group> groups;
    private final Closure closure;
    private final Map<String, Node> nodes = new LinkedHashMap<>();
    /** For each class the number of its group and of its channel there. */
    private final Map<Integer, int[]> channelOf = new LinkedHashMap<>();

    private final Map<Integer, List<Integer>> ties = new LinkedHashMap<>();

    /**
     * An explainer of one graph.
     *
     * @param groups the groups that are offered
     */
    public AxisExplainer(Analysis analysis, List<Group> groups) {
        this.analysis = analysis;
        this.flat = FlatGraph.of(analysis.graph(), analysis.shapes());
        this.coupling = analysis.coupling();
        this.groups = groups;
        this.closure = new Closure(coupling);
        flat.nodes().forEach(node -> nodes.put(node.id(), node));
        for (int number = 0; number < groups.size(); number++) {
            List<CoupledChannel> channels = groups.get(number).channels();
            for (int channel = 0; channel < channels.size(); channel++) {
                for (int each : channels.get(channel).classes()) {
                    channelOf.putIfAbsent(each, new int[] {number, channel});
                }
            }
        }
        for (int each = 0; each < coupling.classes().count(); each++) {
            ties.computeIfAbsent(coupling.classes().tieOf(each), tie -> new ArrayList<>())
                    .add(each);
        }
    }

    /** Names of all values and constants, those of bodies included. */
    public Set<String> names() {
        Set<String> names = new LinkedHashSet<>(flat.constants().keySet());
        names.addAll(flat.inputs().keySet());
        flat.nodes().forEach(node -> names.addAll(node.outputs()));
        names.remove("");
        return names;
    }

    /** The rank of a value or constant, empty when there is none of that name or its shape is not known. */
    public Optional<Integer> rank(String name) {
        return Optional.ofNullable(flat.constants().get(name))
                .map(constant -> constant.shape().size())
                .or(() -> analysis.shapes().shape(name).map(List::size));
    }

    /**
     * Explains one axis; a constant of which readers have copies of their own is explained for each.
     *
     * @param name a value or constant of the graph
     * @param axis an axis it has
     */
    public List<AxisExplanation> explain(String name, int axis) {
        Map<LabelledValue, Layout> starts = new LinkedHashMap<>();
        coupling.graph().parameters().forEach((use, layout) -> {
            if (use.constant().equals(name)) {
                starts.put(LabelledValue.of(use), layout);
            }
        });
        Layout computed = coupling.graph().values().get(name);
        if (computed != null) {
            starts.put(LabelledValue.of(name), computed);
        }
        if (starts.isEmpty()) {
            starts.put(
                    LabelledValue.of(name),
                    Layout.inert(analysis.shapes().shape(name).orElse(List.of())));
        }
        List<AxisExplanation> explanations = new ArrayList<>();
        starts.forEach((start, layout) -> explanations.add(explain(start, layout, axis)));
        return explanations;
    }

    private AxisExplanation explain(LabelledValue start, Layout layout, int axis) {
        AxisPositions positions = new AxisPositions(layout, axis);
        String reader = start.use() == null ? "" : start.use().node();
        String extent = layout.extent(axis).toString();
        if (positions.isInert()) {
            String reason = new InertAxes(flat, coupling).reason(start.name(), axis);
            return new AxisExplanation(start.name(), reader, axis, extent, Optional.of(reason), List.of());
        }
        Map<Object, List<Integer>> alike = new LinkedHashMap<>();
        for (int position = 0; position < positions.count(); position++) {
            alike.computeIfAbsent(kind(positions.at(position)), key -> new ArrayList<>())
                    .add(position);
        }
        List<Question> questions = alike.values().stream()
                .map(each -> question(
                        start,
                        positions,
                        each.stream().mapToInt(position -> position).toArray()))
                .toList();
        return new AxisExplanation(start.name(), reader, axis, extent, Optional.empty(), answer(questions));
    }

    /** What is removed with the first channel of each group, as seen from the first parameter it is cut from. */
    public List<Part> explainGroups() {
        List<Question> questions = new ArrayList<>();
        for (Group group : groups) {
            CoupledChannel channel = group.channels().get(0);
            BitSet classes = bits(channel.classes());
            LabelledAxis labelledAxis = group.labelledAxes().get(0);
            int[] labels = coupling.graph().labels(labelledAxis).labels();
            questions.add(new Question(
                    new int[0],
                    LabelledValue.of(labelledAxis.use()),
                    removed(Arrays.stream(labels).boxed().toList(), classes),
                    classes,
                    Optional.of(group),
                    Optional.of(channel)));
        }
        return answer(questions);
    }

    /**
     * A class of positions to explain.
     *
     * @param positions positions of the axis that the answer holds for
     * @param start where the paths begin
     * @param labels the labels there
     * @param classes the classes that are removed together
     */
    private record Question(
            int[] positions,
            LabelledValue start,
            Set<Integer> labels,
            BitSet classes,
            Optional<Group> group,
            Optional<CoupledChannel> channel) {}

    private Question question(LabelledValue start, AxisPositions axis, int... positions) {
        Set<Integer> asked = axis.at(positions[0]);
        Optional<int[]> number = channel(asked);
        Optional<Group> group = number.map(each -> groups.get(each[0]));
        Optional<CoupledChannel> channel =
                number.map(each -> groups.get(each[0]).channels().get(each[1]));
        BitSet classes = bits(channel.map(CoupledChannel::classes).orElseGet(() -> required(asked)));
        // Of a head, every column.
        Set<Integer> labels = new TreeSet<>();
        for (int position = 0; position < axis.count(); position++) {
            labels.addAll(removed(axis.at(position), classes));
        }
        return new Question(positions, start, labels, classes, group, channel);
    }

    private Set<Integer> removed(Collection<Integer> labels, BitSet classes) {
        Set<Integer> removed = new TreeSet<>(labels);
        removed.removeIf(label ->
                label == LabelMap.FIXED || !classes.get(coupling.classes().of(label)));
        return removed;
    }

    private List<Part> answer(List<Question> questions) {
        BitSet followed = new BitSet();
        questions.forEach(question -> followed.or(question.classes()));
        RecordingLabels labels = new RecordingLabels(coupling, followed);
        new Propagation(
                        flat,
                        analysis.shapes(),
                        coupling.operators(),
                        labels,
                        coupling.graph().repetitions(),
                        OutputLayouts.AS_FOUND)
                .run();
        CouplingPaths paths = new CouplingPaths(flat, coupling, labels);
        return questions.stream().map(question -> answer(question, paths)).toList();
    }

    private Part answer(Question question, CouplingPaths paths) {
        CouplingPaths.Reach reach = paths.from(question.start(), question.labels(), question.classes());
        List<Blocker> blockers = new ArrayList<>();
        if (question.group().isEmpty()) {
            reach.barriers().forEach((barrier, path) -> blockers.add(new Blocker(barrier, steps(path))));
        }
        boolean unexplained = question.group().isEmpty() && blockers.isEmpty();
        return new Part(
                question.positions(),
                question.group(),
                question.channel(),
                members(reach, question),
                blockers,
                unexplained ? reason(question.classes()) : "",
                flows(reach));
    }

    /** Equal for positions that are explained alike. */
    private Object kind(Set<Integer> labels) {
        Optional<int[]> channel = channel(labels);
        return channel.isPresent()
                ? channel.get()[0]
                : List.of(labels.contains(LabelMap.FIXED), firstBarrier(required(labels)));
    }

    private Optional<int[]> channel(Set<Integer> labels) {
        return classes(labels).stream()
                .map(channelOf::get)
                .filter(Objects::nonNull)
                .findFirst();
    }

    private Set<Integer> classes(Collection<Integer> labels) {
        Set<Integer> classes = new TreeSet<>();
        labels.stream()
                .filter(label -> label != LabelMap.FIXED)
                .forEach(label -> classes.add(coupling.classes().of(label)));
        return classes;
    }

    /** The classes that would have to be removed with labels that cannot be removed. */
    private int[] required(Set<Integer> labels) {
        Set<Integer> seeds = new TreeSet<>();
        classes(labels).forEach(each -> seeds.addAll(ties.get(coupling.classes().tieOf(each))));
        return closure.of(numbers(seeds));
    }

    private static int[] numbers(Set<Integer> classes) {
        return classes.stream().mapToInt(Integer::intValue).toArray();
    }

    private Optional<Barrier> firstBarrier(int... classes) {
        return Arrays.stream(classes)
                .mapToObj(coupling.classes()::frozen)
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static BitSet bits(int... classes) {
        BitSet bits = new BitSet();
        Arrays.stream(classes).forEach(bits::set);
        return bits;
    }

    private List<Member> members(CouplingPaths.Reach reach, Question question) {
        List<Member> members = new ArrayList<>();
        for (LabelledAxis labelledAxis :
                question.group().map(Group::labelledAxes).orElseGet(coupling::labelledAxes)) {
            int positions = (int) Arrays.stream(coupling.classesAt(labelledAxis))
                    .filter(each -> each >= 0 && question.classes().get(each))
                    .count();
            if (positions > 0) {
                Optional<List<String>> path = reach.path(LabelledValue.of(labelledAxis.use()));
                members.add(new Member(
                        labelledAxis,
                        positions,
                        steps(path.orElse(List.of())),
                        path.isPresent() ? "" : widthsOf(reach)));
            }
        }
        return members;
    }

    /** The value whose rows would keep unequal widths if only the reached positions were removed. */
    private String widthsOf(CouplingPaths.Reach reach) {
        WidthCheck widths = new WidthCheck(coupling);
        return widths.deficit(numbers(classes(reach.labels())))
                .map(widths::origin)
                .orElse("the others");
    }

    private List<Step> steps(List<String> path) {
        return path.stream().map(this::step).toList();
    }

    private Step step(String node) {
        return new Step(nodes.containsKey(node) ? nodes.get(node).qualifiedOperator() : "output", node);
    }

    /** Along the graph: each value from the operator that computes it to those that read it. */
    private List<Flow> flows(CouplingPaths.Reach reach) {
        Set<String> parameters = new LinkedHashSet<>();
        Set<String> values = new LinkedHashSet<>();
        reach.values().forEach(start -> (start.use() == null ? values : parameters).add(start.name()));
        Map<String, Step> writers = new LinkedHashMap<>();
        List<Flow> flows = new ArrayList<>();
        for (Node node : flat.nodes()) {
            if (!reach.passes(node.id())) {
                continue;
            }
            Step reader = step(node.id());
            for (String value : node.reads()) {
                if (values.contains(value) || parameters.contains(value)) {
                    flows.add(new Flow(value, Optional.ofNullable(writers.get(value)), Optional.of(reader)));
                }
            }
            node.outputs().stream().filter(values::contains).forEach(value -> writers.put(value, reader));
        }
        flat.outputs().stream()
                .filter(writers::containsKey)
                .forEach(output -> flows.add(new Flow(output, Optional.of(writers.get(output)), Optional.empty())));
        return flows;
    }

    private String reason(BitSet classes) {
        if (classes.isEmpty()) {
            return "this position comes from a value of which nothing can be removed";
        }
        int[] all = classes.stream().toArray();
        return firstBarrier(all)
                .map(Barrier::toString)
                .orElse(
                        Arrays.stream(all).anyMatch(coupling.classes()::isBase)
                                ? "no set of channels that contains it leaves all rows equally wide"
                                : "no parameter computes this position");
    }
}
