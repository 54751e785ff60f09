package io.espalier.graph.symbol;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A product of terms; a power is a repetition.
 *
 * @param terms factors in ascending order, empty for the number one
 */
record Monomial(List<Term> terms) implements Comparable<Monomial> {

    static final Monomial ONE = new Monomial(List.of());

    Monomial times(Monomial other) {
        if (terms.isEmpty()) {
            return other;
        }
        if (other.terms.isEmpty()) {
            return this;
        }
        List<Term> all = new ArrayList<>(terms);
        all.addAll(other.terms);
        all.sort(Term::compare);
        return new Monomial(List.copyOf(all));
    }

    /** The monomial that gives this one when multiplied by the divisor. */
    Optional<Monomial> dividedBy(Monomial divisor) {
        List<Term> left = new ArrayList<>(terms);
        for (Term term : divisor.terms) {
            if (!left.remove(term)) {
                return Optional.empty();
            }
        }
        return Optional.of(new Monomial(List.copyOf(left)));
    }

    /** The terms both have, with their common power. */
    Monomial common(Monomial other) {
        List<Term> rest = new ArrayList<>(other.terms);
        return new Monomial(terms.stream().filter(rest::remove).toList());
    }

    /** Highest degree first, then the alphabet: an order that multiplication keeps, as polynomial division needs. */
    @Override
    public int compareTo(Monomial other) {
        if (this == other) {
            return 0;
        }
        if (terms.size() != other.terms.size()) {
            return Integer.compare(other.terms.size(), terms.size());
        }
        for (int i = 0; i < terms.size(); i++) {
            int order = Term.compare(terms.get(i), other.terms.get(i));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    @Override
    public String toString() {
        return terms.stream().map(Term::toString).collect(Collectors.joining("*"));
    }
}
