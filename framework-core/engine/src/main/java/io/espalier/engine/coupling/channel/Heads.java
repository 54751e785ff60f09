package io.espalier.engine.coupling.channel;

import io.espalier.spi.InvalidInputException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** How what an operator treats row by row, such as the heads of attention, is made smaller. */
public enum Heads {

    /** Heads go or stay as they are. */
    WHOLE,

    /** Every head stays and loses as many channels as the others. */
    SIZE,

    /** Heads may go, and those that stay may lose channels, all equally many. */
    BOTH;

    /** Names as a user types them, the default first. */
    public static List<String> names() {
        return Arrays.stream(values()).map(Heads::toString).toList();
    }

    /**
     * The offer of a name.
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
