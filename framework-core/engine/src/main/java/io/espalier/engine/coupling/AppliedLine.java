package io.espalier.engine.coupling;

import io.espalier.engine.operator.IndexLine;
import io.espalier.engine.operator.IndexLine.AxisTerm;
import io.espalier.engine.operator.Letter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An index line with the operands it was applied to: what surgery and verification need to know about a node.
 *
 * @param line the line
 * @param operands the operands that took part
 */
record AppliedLine(IndexLine line, List<AppliedOperand> operands) {

    /**
     * One operand.
     *
     * @param slot input slot
     * @param value value or constant
     * @param use the constant as the coupling sees it, null for a computed value
     * @param layout layout after alignment: one factor list a letter
     * @param letters the factors of each letter
     */
    record AppliedOperand(int slot, String value, ParameterUse use, Layout layout, Map<Letter, List<Factor>> letters) {

        boolean has(String letter) {
            return letters.keySet().stream().anyMatch(each -> each.name().equals(letter));
        }

        /** The number of positions along a letter after a removal. */
        long extent(String letter, Survivors survivors) {
            List<Factor> factors = letters.entrySet().stream()
                    .filter(entry -> entry.getKey().name().equals(letter))
                    .findFirst()
                    .orElseThrow()
                    .getValue();
            return survivors.extent(layout, factors).constant();
        }
    }

    static AppliedLine of(IndexLine line, List<Operand> operands, List<Integer> slots, List<ParameterUse> uses) {
        List<AppliedOperand> applied = new ArrayList<>();
        for (int i = 0; i < operands.size(); i++) {
            Operand operand = operands.get(i);
            applied.add(new AppliedOperand(
                    slots.get(i), operand.value, uses.get(i), operand.layout, new LinkedHashMap<>(operand.letters)));
        }
        return new AppliedLine(line, List.copyOf(applied));
    }

    /** Names of the letters that survive in some output. */
    Set<String> keptLetters() {
        Set<String> kept = new LinkedHashSet<>();
        for (List<AxisTerm> output : line.outputs()) {
            output.forEach(term -> term.letters().forEach(letter -> kept.add(letter.name())));
        }
        return kept;
    }
}
