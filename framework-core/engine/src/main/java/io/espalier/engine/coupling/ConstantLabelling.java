package io.espalier.engine.coupling;

import io.espalier.engine.operator.IndexLine;
import io.espalier.engine.operator.Letter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Gives a constant its fields when an operator reads it for the first time.
 *
 * <p>Where the constant meets labelled indices of another operand it gets a label for each of their positions, with the
 * same nesting; along a free index, which makes new channels, it gets labels of its own, per batch position where it is
 * applied batch by batch. All other indices are inert.
 */
final class ConstantLabelling {

    private final Labels labels;
    private final IndexLine line;
    private final List<Operand> operands;
    private final Operand constant;

    ConstantLabelling(Labels labels, IndexLine line, List<Operand> operands, Operand constant) {
        this.labels = labels;
        this.line = line;
        this.operands = operands;
        this.constant = constant;
    }

    void run() {
        Set<Factor> own = ownFactors();
        Set<List<Factor>> wanted = new LinkedHashSet<>();
        for (Operand other : operands) {
            if (other == constant) {
                continue;
            }
            for (Field field : other.layout.fields()) {
                List<Factor> met =
                        field.factors().stream().filter(own::contains).toList();
                if (!met.isEmpty() && met.stream().allMatch(Factor::isNumeric)) {
                    wanted.add(met);
                }
            }
        }
        for (Factor free : freeFactors(wanted)) {
            List<Factor> factors = new ArrayList<>(batchFactors());
            factors.remove(free);
            factors.add(free);
            wanted.add(factors);
        }
        wanted.addAll(echoed(wanted));
        List<Field> fields = new ArrayList<>();
        for (List<Factor> factors : wanted) {
            boolean implied = wanted.stream()
                    .anyMatch(other -> other != factors && other.size() > factors.size() && other.containsAll(factors));
            if (!implied) {
                fields.add(new Field(factors, labels.fresh(Relations.size(factors))));
            }
        }
        constant.layout = constant.layout.withFields(fields);
    }

    private Set<Factor> ownFactors() {
        Set<Factor> own = new LinkedHashSet<>();
        constant.letters.forEach((letter, factors) -> {
            if (isOpen(letter)) {
                own.addAll(factors);
            }
        });
        return own;
    }

    private static boolean isOpen(Letter letter) {
        return letter.marker() != Letter.Marker.OPAQUE && letter.marker() != Letter.Marker.BARRIER;
    }

    /** Indices that only constants have: the free axes of a weight. */
    private List<Factor> freeFactors(Set<List<Factor>> wanted) {
        List<Factor> free = new ArrayList<>();
        if (!constant.makesChannels) {
            return free;
        }
        constant.letters.forEach((letter, factors) -> {
            boolean passes =
                    letter.marker() == Letter.Marker.NONE || letter.marker().isStatistic();
            if (!passes || letter.isEcho() || !isInOutput(letter)) {
                return;
            }
            for (Factor factor : factors) {
                boolean met = operands.stream()
                        .anyMatch(other -> other != constant
                                && other.has(factor)
                                && (!other.isConstant || other.layout.isCovered(factor)));
                boolean covered = wanted.stream().anyMatch(list -> list.contains(factor));
                if (factor.isNumeric() && !met && !covered) {
                    free.add(factor);
                }
            }
        });
        return free;
    }

    private boolean isInOutput(Letter letter) {
        return line.outputs().stream()
                .flatMap(List::stream)
                .flatMap(term -> term.letters().stream())
                .anyMatch(each -> each.name().equals(letter.name()));
    }

    /** Indices of the constant that it shares with a computed operand and that survive in the output. */
    private List<Factor> batchFactors() {
        List<Factor> batch = new ArrayList<>();
        boolean contracts = constant.letters.keySet().stream()
                .anyMatch(letter -> letter.marker() == Letter.Marker.NONE && !isInOutput(letter) && !letter.isEcho());
        if (!contracts) {
            return batch;
        }
        constant.letters.forEach((letter, factors) -> {
            boolean always = letter.marker() == Letter.Marker.BATCH;
            if (always || letter.marker() == Letter.Marker.NONE && isInOutput(letter)) {
                for (Factor factor : factors) {
                    boolean shared = always
                            || operands.stream()
                                    .anyMatch(other -> other != constant && other.has(factor) && !other.isConstant);
                    if (shared && factor.isNumeric()) {
                        batch.add(factor);
                    }
                }
            }
        });
        return batch;
    }

    /** For an axis that repeats the labels of another, the same factors with the repeated ones exchanged. */
    private Set<List<Factor>> echoed(Set<List<Factor>> wanted) {
        Map<Factor, Factor> echoes = new LinkedHashMap<>();
        constant.letters.forEach((letter, factors) -> {
            if (letter.isEcho()) {
                constant.letters.forEach((original, originals) -> {
                    if (original.name().equals(letter.echoed()) && originals.size() == factors.size()) {
                        for (int i = 0; i < factors.size(); i++) {
                            echoes.put(originals.get(i), factors.get(i));
                        }
                    }
                });
            }
        });
        Set<List<Factor>> result = new LinkedHashSet<>();
        for (List<Factor> factors : wanted) {
            if (factors.stream().anyMatch(echoes::containsKey)) {
                result.add(factors.stream()
                        .map(factor -> echoes.getOrDefault(factor, factor))
                        .toList());
            }
        }
        return result;
    }
}
