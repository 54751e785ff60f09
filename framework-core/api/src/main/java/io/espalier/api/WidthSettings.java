package io.espalier.api;

import io.espalier.engine.allocate.Widths;
import java.util.Map;
import java.util.OptionalInt;

/**
 * The widths that may remain.
 *
 * @param minKeep the share of every group that remains at least
 * @param roundTo what widths are multiples of; empty where the runtime decides
 */
record WidthSettings(double minKeep, OptionalInt roundTo) {

    static final WidthSettings USUAL = new WidthSettings(0.1, OptionalInt.empty());

    WidthSettings minKeep(double share) {
        return new WidthSettings(share, roundTo);
    }

    WidthSettings roundTo(int multiple) {
        return new WidthSettings(minKeep, OptionalInt.of(multiple));
    }

    /** Widths that are not rounded, unless something else is said. */
    WidthSettings exact() {
        return roundTo.isPresent() ? this : roundTo(1);
    }

    Widths widths() {
        double share = ValidSetting.of("min-keep", minKeep, minKeep >= 0 && minKeep <= 1, "give a share from 0 to 1");
        if (roundTo.isEmpty()) {
            return Widths.auto(share);
        }
        int multiple = roundTo.getAsInt();
        return new Widths(
                share, ValidSetting.of("round-to", multiple, multiple >= 1, "give a whole number of at least 1"));
    }

    /** As settings of a journal. */
    Map<String, String> journal() {
        return Map.of(
                "min-keep",
                Double.toString(minKeep),
                "round-to",
                roundTo.isPresent() ? Integer.toString(roundTo.getAsInt()) : "auto");
    }
}
