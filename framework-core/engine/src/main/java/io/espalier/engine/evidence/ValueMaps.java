package io.espalier.engine.evidence;

import io.espalier.spi.criterion.ActivationMaps;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The elements of each class in a value, for some examples. Not thread-safe. */
final class ValueMaps {

    /** Elements that are held of a value. */
    private static final int MOST_ELEMENTS = 1 << 21;

    private final ValueChannels channels;
    /** For each example and each class, its elements in the order of storage. */
    private final List<float[][]> examples = new ArrayList<>();

    private int columns = 1;
    private int held;

    ValueMaps(ValueChannels channels) {
        this.channels = channels;
    }

    /** Whether another example can be held. */
    boolean hasRoom() {
        return examples.isEmpty() || held + held / examples.size() <= MOST_ELEMENTS;
    }

    /**
     * Takes the elements of some positions of the first axis.
     *
     * @param elements by position, then by class
     */
    void add(Collection<Elements[]> elements, int columnsNow) {
        columns = columnsNow;
        for (Elements[] example : elements) {
            if (hasRoom()) {
                examples.add(Arrays.stream(example).map(Elements::array).toArray(float[][]::new));
                held += Arrays.stream(example).mapToInt(each -> each.size).sum();
            }
        }
    }

    /** The maps of the channels that lie at some places. */
    ActivationMaps of(int... places) {
        return new ActivationMaps(
                channels.value(),
                columns,
                examples.stream()
                        .map(example -> Arrays.stream(places)
                                .mapToObj(place -> example[place])
                                .toArray(float[][]::new))
                        .toList());
    }

    /** A fresh place for the elements of each position of the first axis. */
    static Map<Integer, Elements[]> fresh() {
        return new TreeMap<>();
    }

    /** Elements one behind the other. */
    static final class Elements {

        private float[] values = new float[16];
        private int size;

        void add(double value) {
            if (size == values.length) {
                values = Arrays.copyOf(values, 2 * size);
            }
            values[size++] = (float) value;
        }

        private float[] array() {
            return Arrays.copyOf(values, size);
        }

        static Elements[] of(int count) {
            Elements[] all = new Elements[count];
            Arrays.setAll(all, each -> new Elements());
            return all;
        }
    }
}
