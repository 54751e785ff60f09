package io.espalier.graph.operator;

import io.espalier.graph.operator.IndexNotation.AxisTerm;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The multiply-accumulates that index notation counts: the size of the first output times the extents of the letters
 * that are summed over products of operands.
 *
 * @param output the first output
 * @param summed axes that carry the summed letters and no others
 * @param mixed summed letters that share every axis with others
 */
record ContractionMacs(String output, List<Axis> summed, List<Mixed> mixed) implements MacRule {

    /** One axis of a value. */
    record Axis(String value, int axis) {}

    /** An axis of which a known part is no summed letter. */
    record Mixed(Axis axis, List<Axis> others, long known) {}

    /** The rule of an operator that contracts; it counts nothing where its letters or their extents are not known. */
    static MacRule of(NodeView view, Optional<String> notation) {
        return notation.map(text -> NotationParser.parse(text, view))
                .flatMap(parsed -> of(view, parsed))
                .<MacRule>map(rule -> rule)
                .orElse(extents -> Optional.empty());
    }

    /** The rule of one application; empty when no products are summed. */
    static Optional<ContractionMacs> of(NodeView view, IndexNotation notation) {
        Set<String> letters = notation.summedLetters();
        if (letters.isEmpty()) {
            return Optional.empty();
        }
        Map<String, Axis> single = new HashMap<>();
        List<Axis> pure = new ArrayList<>();
        Map<Axis, AxisTerm> composites = new LinkedHashMap<>();
        Set<String> open = new LinkedHashSet<>(letters);
        for (int slot = 0; slot < notation.inputs().size(); slot++) {
            List<AxisTerm> terms = notation.inputs().get(slot).orElse(List.of());
            for (int i = 0; i < terms.size(); i++) {
                Axis axis = new Axis(view.node().inputs().get(slot), i);
                List<String> names =
                        terms.get(i).letters().stream().map(Letter::name).toList();
                if (names.size() == 1) {
                    single.putIfAbsent(names.get(0), axis);
                }
                if (!names.isEmpty() && open.containsAll(names)) {
                    pure.add(axis);
                    open.removeAll(names);
                } else {
                    composites.put(axis, terms.get(i));
                }
            }
        }
        List<Mixed> mixed = new ArrayList<>();
        composites.forEach((axis, term) ->
                mixed(axis, term, open, single, notation.sizes()).ifPresent(mixed::add));
        return Optional.of(new ContractionMacs(view.node().id(), pure, mixed)).filter(rule -> open.isEmpty());
    }

    private static Optional<Mixed> mixed(
            Axis axis, AxisTerm term, Set<String> open, Map<String, Axis> single, Map<String, Long> sizes) {
        List<String> names = term.letters().stream().map(Letter::name).toList();
        if (names.stream().noneMatch(open::contains)) {
            return Optional.empty();
        }
        List<Axis> others = new ArrayList<>();
        long known = 1;
        for (String name : names) {
            if (open.contains(name)) {
                continue;
            }
            if (single.containsKey(name)) {
                others.add(single.get(name));
            } else if (sizes.containsKey(name)) {
                known *= sizes.get(name);
            } else {
                return Optional.empty();
            }
        }
        open.removeAll(names);
        return Optional.of(new Mixed(axis, others, known));
    }

    @Override
    public Optional<Long> count(Extents extents) {
        Optional<Long> product = extents.size(output);
        for (Axis axis : summed) {
            product = Extents.product(product, extents.extent(axis.value(), axis.axis()));
        }
        for (Mixed part : mixed) {
            Optional<Long> rest =
                    extents.extent(part.axis().value(), part.axis().axis()).map(extent -> extent / part.known());
            for (Axis other : part.others()) {
                rest = rest.flatMap(
                        left -> extents.extent(other.value(), other.axis()).map(known -> left / known));
            }
            product = Extents.product(product, rest);
        }
        return product;
    }
}
