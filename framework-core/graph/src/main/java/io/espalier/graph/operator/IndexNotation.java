package io.espalier.graph.operator;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One application of an operator in index notation, with stars and dots expanded to the ranks at hand.
 *
 * <p>The notation is described at {@link io.espalier.spi.operator.OperatorSemantics}. Immutable.
 *
 * @param inputs axes of each input, empty for an input that takes no part
 * @param outputs axes of each output
 * @param sizes letters whose size the operator fixes
 * @param attributes letters, separated by blanks, whose size is an attribute of the node
 */
public record IndexNotation(
        List<Optional<List<AxisTerm>>> inputs,
        List<List<AxisTerm>> outputs,
        Map<String, Long> sizes,
        Map<String, String> attributes) {

    /**
     * The letters of one axis, outermost first; none for an axis of extent 1.
     *
     * @param letters the letters
     */
    public record AxisTerm(List<Letter> letters) {

        static final AxisTerm ONE = new AxisTerm(List.of());
    }

    /** Letters that are summed over products of operands; empty when nothing is contracted. */
    Set<String> summedLetters() {
        Set<String> kept = outputLetters();
        List<Set<Letter>> operands = inputs.stream()
                .map(axes -> axes.orElse(List.of()).stream()
                        .flatMap(axis -> axis.letters().stream())
                        .filter(letter -> !kept.contains(letter.name()))
                        .collect(Collectors.toCollection(LinkedHashSet::new)))
                .map(letters -> (Set<Letter>) letters)
                .toList();
        Set<String> summed = new LinkedHashSet<>();
        for (Set<Letter> operand : operands) {
            boolean multiplied = operand.stream()
                    .filter(letter -> letter.marker() == Letter.Marker.NONE)
                    .anyMatch(letter -> operands.stream()
                                    .filter(other -> other.contains(letter))
                                    .count()
                            > 1);
            if (multiplied) {
                operand.forEach(letter -> summed.add(letter.name()));
            }
        }
        return summed;
    }

    /** Letters of the outputs. */
    public Set<String> outputLetters() {
        Set<String> letters = new LinkedHashSet<>();
        outputs.forEach(output -> output.forEach(axis -> axis.letters().forEach(letter -> letters.add(letter.name()))));
        return letters;
    }

    /** This notation with only the outputs that a node has: an index that only an absent output would keep is summed. */
    IndexNotation withOutputs(int count) {
        return count >= outputs.size() ? this : new IndexNotation(inputs, outputs.subList(0, count), sizes, attributes);
    }
}
