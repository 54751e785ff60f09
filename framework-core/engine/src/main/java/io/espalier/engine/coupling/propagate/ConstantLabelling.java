package io.espalier.engine.coupling.propagate;

import io.espalier.engine.coupling.label.AxisFactor;
import io.espalier.engine.coupling.label.LabelMap;
import io.espalier.engine.coupling.label.Labels;
import io.espalier.graph.operator.IndexNotation;
import io.espalier.graph.operator.Letter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Labels a constant when an operator reads it for the first time.
 *
 * <p>Where the constant is combined with labelled axes of another operand it gets a label for each of their positions, with the
 * same nesting; along a free index, which makes new channels, it gets labels of its own, per batch position where it is
 * applied batch by batch. All other indices are inert.
 */
final class ConstantLabelling {

    private final Labels labels;
    private final Set<String> outputLetters;
    private final List<Operand> operands;
    private final Operand constant;

    ConstantLabelling(Labels labels, IndexNotation notation, List<Operand> operands, Operand constant) {
        this.labels = labels;
        this.outputLetters = notation.outputLetters();
        this.operands = operands;
        this.constant = constant;
    }

    void run() {
        Set<AxisFactor> own = ownFactors();
        Set<List<AxisFactor>> wanted = new LinkedHashSet<>();
        for (Operand other : operands) {
            if (other == constant) {
                continue;
            }
            for (LabelMap map : other.layout.maps()) {
                List<AxisFactor> met =
                        map.factors().stream().filter(own::contains).toList();
                if (!met.isEmpty() && met.stream().allMatch(AxisFactor::isNumeric)) {
                    wanted.add(met);
                }
            }
        }
        for (AxisFactor free : freeFactors(wanted)) {
            List<AxisFactor> factors = new ArrayList<>(batchFactors());
            factors.remove(free);
            factors.add(free);
            wanted.add(factors);
        }
        wanted.addAll(echoed(wanted));
        List<LabelMap> maps = new ArrayList<>();
        for (List<AxisFactor> factors : wanted) {
            boolean implied = wanted.stream()
                    .anyMatch(other -> other != factors && other.size() > factors.size() && other.containsAll(factors));
            if (!implied) {
                maps.add(new LabelMap(factors, labels.fresh(AxisFactor.count(factors))));
            }
        }
        constant.layout = constant.layout.withMaps(maps);
    }

    private Set<AxisFactor> ownFactors() {
        Set<AxisFactor> own = new LinkedHashSet<>();
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
    private List<AxisFactor> freeFactors(Set<List<AxisFactor>> wanted) {
        List<AxisFactor> free = new ArrayList<>();
        if (!constant.makesChannels) {
            return free;
        }
        constant.letters.forEach((letter, factors) -> {
            boolean passes =
                    letter.marker() == Letter.Marker.NONE || letter.marker().isStatistic();
            if (!passes || letter.isEcho() || !isInOutput(letter)) {
                return;
            }
            for (AxisFactor factor : factors) {
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
        return outputLetters.contains(letter.name());
    }

    /** Indices of the constant that it shares with a computed operand and that survive in the output. */
    private List<AxisFactor> batchFactors() {
        List<AxisFactor> batch = new ArrayList<>();
        boolean contracts = constant.letters.keySet().stream()
                .anyMatch(letter -> letter.marker() == Letter.Marker.NONE && !isInOutput(letter) && !letter.isEcho());
        if (!contracts) {
            return batch;
        }
        constant.letters.forEach((letter, factors) -> {
            boolean always = letter.marker() == Letter.Marker.BATCH;
            if (always || letter.marker() == Letter.Marker.NONE && isInOutput(letter)) {
                for (AxisFactor factor : factors) {
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
    private Set<List<AxisFactor>> echoed(Set<List<AxisFactor>> wanted) {
        Map<AxisFactor, AxisFactor> echoes = new LinkedHashMap<>();
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
        Set<List<AxisFactor>> result = new LinkedHashSet<>();
        for (List<AxisFactor> factors : wanted) {
            if (factors.stream().anyMatch(echoes::containsKey)) {
                result.add(factors.stream()
                        .map(factor -> echoes.getOrDefault(factor, factor))
                        .toList());
            }
        }
        return result;
    }
}
