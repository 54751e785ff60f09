package io.espalier.cli;

import io.espalier.api.AxisExplanation.Blocker;
import io.espalier.api.AxisExplanation.Flow;
import io.espalier.api.AxisExplanation.Member;
import io.espalier.api.AxisExplanation.Part;
import io.espalier.api.AxisExplanation.Step;
import io.espalier.api.Barrier;
import io.espalier.cli.text.Clean;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Coupling as a graph for Graphviz: operators are boxes, weights ellipses, barriers red octagons. */
final class CouplingDot {

    private final Set<String> nodes = new LinkedHashSet<>();
    private final Set<String> edges = new LinkedHashSet<>();

    private CouplingDot() {}

    /** The lines of a graph of some parts together. */
    static List<String> lines(List<Part> parts) {
        CouplingDot dot = new CouplingDot();
        parts.forEach(dot::add);
        Set<String> lines = new LinkedHashSet<>();
        lines.add("digraph coupling {");
        lines.add("  node [fontname=\"sans-serif\"];");
        lines.add("  edge [fontname=\"sans-serif\", fontsize=10];");
        lines.addAll(dot.nodes);
        lines.addAll(dot.edges);
        lines.add("}");
        return List.copyOf(lines);
    }

    private void add(Part part) {
        String group = part.removable().map(each -> "group " + each.group()).orElse("cannot be removed");
        Map<String, String> members = part.members().stream()
                .collect(Collectors.toMap(
                        member -> member.axis().parameter(), CouplingDot::word, (one, other) -> one + "; " + other));
        for (Flow flow : part.flows()) {
            String label = members.getOrDefault(flow.value(), flow.value());
            String from = flow.from().map(this::operator).orElseGet(() -> weight(flow.value()));
            String to = flow.to().map(this::operator).orElseGet(() -> output(flow.value()));
            edge(from, to, label + "\n" + group, "");
        }
        for (Blocker blocker : part.blockers()) {
            add(blocker.barrier());
        }
    }

    private static String word(Member member) {
        return "axis " + member.axis().axis() + " " + Json.word(member.axis().role());
    }

    private void add(Barrier barrier) {
        boolean isOutput = barrier.operator().equals("output");
        String at = isOutput ? output(barrier.node()) : operator(new Step(barrier.operator(), barrier.node()));
        String name = quoted("barrier " + barrier);
        nodes.add("  " + name + " [shape=octagon, color=red, label=" + quoted(barrier.reason()) + "];");
        edge(at, name, barrier.axis() < 0 ? "" : "axis " + barrier.axis(), ", color=red");
    }

    private String operator(Step step) {
        String name = quoted("operator " + step.operator() + " " + step.node());
        nodes.add("  " + name + " [shape=box, label=" + quoted(step.operator() + "\n" + step.node()) + "];");
        return name;
    }

    private String weight(String constant) {
        String name = quoted("weight " + constant);
        nodes.add("  " + name + " [shape=ellipse, label=" + quoted(constant) + "];");
        return name;
    }

    private String output(String value) {
        String name = quoted("output " + value);
        nodes.add("  " + name + " [shape=house, label=" + quoted(value) + "];");
        return name;
    }

    private void edge(String from, String to, String label, String more) {
        edges.add("  " + from + " -> " + to + " [label=" + quoted(label) + more + "];");
    }

    /** Names come from the model: nothing of them may end the string or begin an escape of Graphviz. */
    private static String quoted(String text) {
        return '"'
                + Clean.lines(text).replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n")
                + '"';
    }
}
