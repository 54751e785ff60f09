package io.espalier.engine.coupling.label;

import io.espalier.graph.operator.IndexNotation;
import io.espalier.graph.operator.Letter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Index notation with the operands it was applied to: how a node treats the axes of its operands.
 *
 * @param notation the notation
 * @param operands the operands that took part
 */
public record AppliedNotation(IndexNotation notation, List<AppliedOperand> operands) {

    /**
     * One operand.
     *
     * @param slot input slot
     * @param value value or constant
     * @param use the constant as the coupling sees it, null for a computed value
     * @param layout layout after alignment: one factor list a letter
     * @param letters the factors of each letter
     * @param isFixed whether it is a constant, or made of constants alone
     * @param isFloating whether its elements are floating point, so that a factor of zero takes them out
     */
    public record AppliedOperand(
            int slot,
            String value,
            ParameterUse use,
            Layout layout,
            Map<Letter, List<AxisFactor>> letters,
            boolean isFixed,
            boolean isFloating) {

        /** Whether this operand has all of some letters, which are separated by blanks. */
        public boolean has(String names) {
            return List.of(names.split(" ")).stream()
                    .allMatch(name -> letter(name).isPresent());
        }

        /** The factors of some letters, which are separated by blanks. */
        public List<AxisFactor> factors(String names) {
            List<AxisFactor> factors = new ArrayList<>();
            for (String name : names.split(" ")) {
                factors.addAll(letters.get(letter(name).orElseThrow()));
            }
            return factors;
        }

        private Optional<Letter> letter(String name) {
            return letters.keySet().stream()
                    .filter(letter -> letter.name().equals(name))
                    .findFirst();
        }
    }
}
