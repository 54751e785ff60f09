package io.espalier.engine.allocate;

import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.coupling.channel.Group;
import io.espalier.engine.coupling.label.LabelledAxis;
import io.espalier.spi.InvalidInputException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.BitSet;

/**
 * How narrow a group may become.
 *
 * @param minKeep share of the channels of every group that stays, from 0 to 1; one always stays
 * @param roundTo widths that change become multiples of this, at least 1
 * @param isAuto whether the multiple is that of the runtime, and finer where a group is narrow
 */
public record Widths(double minKeep, int roundTo, boolean isAuto) {

    /** A group keeps at least so many multiples to choose from, where the multiple is not asked for. */
    private static final int FEWEST_CHOICES = 4;

    /** A tenth of every group stays; any width is fine. */
    public static final Widths DEFAULT = new Widths(0.1, 1);

    /** Widths that become multiples of a number that is asked for. */
    public Widths(double minKeep, int roundTo) {
        this(minKeep, roundTo, false);
    }

    /** Widths that the runtime computes fast, as far as groups are wide enough for a choice. */
    public static Widths auto(double minKeep) {
        return new Widths(minKeep, 1, true);
    }

    /** These widths, where a runtime is fast at multiples of a number. */
    public Widths at(int multiple) {
        return isAuto ? new Widths(minKeep, multiple, true) : this;
    }

    public Widths {
        if (!(minKeep >= 0 && minKeep <= 1)) {
            throw new InvalidInputException("--min-keep cannot be " + minKeep + "; give a share from 0 to 1.");
        }
        if (roundTo < 1) {
            throw new InvalidInputException("--round-to cannot be " + roundTo + "; give a whole number of at least 1.");
        }
    }

    /**
     * How many channels of a group go together, so that every axis they lie on stays a multiple. A channel that holds
     * several positions of every axis, such as an attention head, needs fewer.
     */
    public int block(Coupling coupling, Group group) {
        if (roundTo == 1) {
            return 1;
        }
        BitSet classes = new BitSet();
        group.channels().forEach(channel -> Arrays.stream(channel.classes()).forEach(classes::set));
        int together = 0;
        for (LabelledAxis labelledAxis : group.labelledAxes()) {
            int positions = (int) Arrays.stream(coupling.classesAt(labelledAxis))
                    .filter(each -> each >= 0 && classes.get(each))
                    .count();
            boolean even = positions % group.channels().size() == 0;
            together = gcd(together, even ? positions / group.channels().size() : 1);
        }
        int block = roundTo / gcd(roundTo, Math.max(together, 1));
        int choices = Math.max(1, group.channels().size() / FEWEST_CHOICES);
        return isAuto ? Math.min(block, Integer.highestOneBit(choices)) : block;
    }

    /** The fewest channels of a group that may stay, when blocks of channels go together. */
    int fewest(int channels, int block) {
        int kept = BigDecimal.valueOf(minKeep)
                .multiply(BigDecimal.valueOf(channels))
                .setScale(0, RoundingMode.CEILING)
                .intValueExact();
        int blocks = (Math.max(kept, 1) + block - 1) / block;
        return Math.min(blocks * block, channels);
    }

    private static int gcd(int one, int other) {
        return other == 0 ? one : gcd(other, one % other);
    }
}
