package io.espalier.engine.coupling.channel;

import io.espalier.spi.InvalidInputException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** How rows that an operator treats one by one, such as the heads of attention, are pruned. */
public enum Heads {

    /** Heads are removed or kept as a whole. */
    WHOLE,

    /** Every head is kept, and all lose the same number of channels. */
    SIZE,

    /** Heads may be removed; those that are kept may lose channels, all the same number. */
    BOTH;

    /** Names as a user types them, the default first. */
    public static List<String> names() {
        return Arrays.stream(values()).map(Heads::toString).toList();
    }

    /**
     * The choice of that name.
     *
     * @throws InvalidInputException for an unknown name
     */
    public static Heads of(String name) {
        return Arrays.stream(values())
                .filter(each -> each.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new InvalidInputException(
                        "Heads cannot be pruned '" + name + "'; available: " + String.join(", ", names()) + "."));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
