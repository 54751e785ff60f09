package io.espalier.plugin.text;

import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Elements;
import io.espalier.spi.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/** The tokens of texts, one after the other. Immutable once all are added. */
final class Tokens {

    private static final int FIRST_SIZE = 1 << 12;

    private final Padding padding;
    private final int[] starts;
    private int[] ids = new int[FIRST_SIZE];
    private byte[] types = new byte[FIRST_SIZE];
    private int texts;
    private int longest;
    private int cut;

    /**
     * How short texts are filled up.
     *
     * @param id number of the token that fills
     * @param left whether it stands before the text
     */
    record Padding(int id, boolean left) {}

    Tokens(int size, Padding padding) {
        this.starts = new int[size + 1];
        this.padding = padding;
    }

    /** Adds a text that may have been cut; whether there was room. */
    boolean add(long[] tokens, long[] segments, boolean isCut) {
        int start = starts[texts];
        if (texts + 1 == starts.length || start + (long) tokens.length > Integer.MAX_VALUE / Long.BYTES) {
            return false;
        }
        int end = start + tokens.length;
        if (end > ids.length) {
            int larger = Math.max(end, (int) Math.min(2L * ids.length, Integer.MAX_VALUE / Long.BYTES));
            ids = Arrays.copyOf(ids, larger);
            types = Arrays.copyOf(types, larger);
        }
        for (int i = 0; i < tokens.length; i++) {
            ids[start + i] = (int) tokens[i];
            types[start + i] = (byte) segments[i];
        }
        starts[++texts] = end;
        longest = Math.max(longest, tokens.length);
        cut += isCut ? 1 : 0;
        return true;
    }

    int longest() {
        return longest;
    }

    int size() {
        return texts;
    }

    /** Number of texts of which the end was left out. */
    int cut() {
        return cut;
    }

    /** What an input takes of all texts, padded to a length. */
    Tensor array(TokenInput input, int length) {
        return new Padded(this, input, List.of((long) texts, (long) length), length);
    }

    private int element(TokenInput input, int text, int place, int length) {
        int count = starts[text + 1] - starts[text];
        int at = padding.left() ? place - (length - count) : place;
        boolean inside = at >= 0 && at < count;
        return switch (input) {
            case IDS -> inside ? ids[starts[text] + at] : padding.id();
            case MASK -> inside ? 1 : 0;
            case TYPES -> inside ? types[starts[text] + at] : 0;
            case POSITIONS -> padding.left() ? Math.max(0, at) : place;
        };
    }

    private record Padded(Tokens tokens, TokenInput input, List<Long> shape, int length) implements Tensor {

        @Override
        public DataType type() {
            return DataType.INT64;
        }

        @Override
        public void read(long offset, ByteBuffer target) {
            ByteBuffer elements = target.slice().order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < target.remaining() / Long.BYTES; i++) {
                long at = offset + i;
                int text = Math.toIntExact(at / length);
                Elements.put(type(), elements, i, tokens.element(input, text, (int) (at % length), length));
            }
            target.position(target.limit());
        }
    }
}
